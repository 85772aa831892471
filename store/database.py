"""Opening a database: SQLite for one machine, PostgreSQL by URL; the same tables and the same transactions on both."""

import asyncio
import copy
import fcntl
import os
import secrets
import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, closing, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Self, cast

import aiosqlite
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.engine.interfaces import AdaptedConnection, DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel.ext.asyncio.session import AsyncSession

from model.errors import BadInput, Unavailable
from store.acts import Act
from store.cipher import MasterKey
from store.columns import now
from store.under_way import UnderWay

_BUSY_SECONDS = 15
_POOL = 5
_MIGRATION_LOCK = 0x7477696E


class Database:
    """An open database at the newest migration. Belongs to the event loop that opened it.

    With an `act` it is that of one caller, who sees what is of his workspace.
    """

    act: Act | None = None
    looked_at: AsyncSession | None = None

    def __init__(
        self, engine: AsyncEngine, key: MasterKey, now: Callable[[], datetime] = now, token: Callable[[int], str] = secrets.token_hex
    ) -> None:
        """All times come from `now`, and all random ids from `token`: that many random bytes in hexadecimal digits."""
        self._engine = engine
        self.key, self.now, self.token = key, now, token
        self.dialect = engine.dialect.name
        self._writer = engine.execution_options(twinline_writes=True)
        self._reader = engine
        self._turn = asyncio.Lock()
        self._under_way = UnderWay()
        if self.dialect == "postgresql":
            self._reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._turn = nullcontext()

    @classmethod
    async def open(cls, url: str, key: MasterKey, now: Callable[[], datetime] = now) -> Self:
        """Bring the database at `url` to the newest migration and open it. Several processes may do so at once.

        `sqlite:///file.db` is made where there is none. A PostgreSQL URL is understood as `psql` does, with all its parameters.
        Raises BadInput for a URL of neither, and Unavailable where PostgreSQL cannot be reached or does not let us in.
        """
        address = _address(url)
        engine = _engine(address)
        try:
            if engine.dialect.name == "sqlite":
                await _open_file(Path(str(address.database)), engine)
            else:
                await _require_entry(engine, address)
                await _migrate(engine, "SELECT pg_advisory_xact_lock(:lock)", {"lock": _MIGRATION_LOCK})
        except BaseException:
            await engine.dispose()
            raise
        return cls(engine, key, now)

    async def aclose(self) -> None:
        """Transactions under way end first; whatever comes later raises RuntimeError."""
        await self._under_way.over()
        await self._engine.dispose()

    def used_by(self, act: Act) -> Self:
        """The same database: the first transaction that writes records the act."""
        used = copy.copy(self)
        used.act = act
        return used

    def within(self, session: AsyncSession) -> Self:
        """The same database for looks alone, as the transaction of `session` sees it."""
        inner = copy.copy(self)
        inner.looked_at = session
        return inner

    @property
    def workspace(self) -> str | None:
        """All that may be seen is of it; None is no limit."""
        return self.act.workspace if self.act else None

    async def place(self) -> str:
        """What tells this database from a copy: a copied file is another file, and a restored database another one of its server."""
        if self.dialect == "sqlite":
            return await asyncio.to_thread(_place, Path(str(self._engine.url.database)))
        with self._under_way.one():
            async with self._engine.connect() as connection:
                found = await connection.execute(text("SELECT datname || ' ' || oid FROM pg_database WHERE datname = current_database()"))
                return str(found.scalar_one())

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession]:
        """A transaction that sees one state of the database throughout."""
        if self.looked_at is not None:
            yield self.looked_at
            return
        with self._under_way.one():
            async with AsyncSession(self._reader, expire_on_commit=False, autoflush=False) as session, session.begin():
                yield session

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncSession]:
        """A transaction that commits at the end of the block, or changes nothing. On SQLite writers take turns."""
        with self._under_way.one():
            async with self._turn, AsyncSession(self._writer, expire_on_commit=False, autoflush=False) as session, session.begin():
                if self.act:
                    await self.act.require(session)
                yield session
                if self.act:
                    await self.act.record(session, self.key, self.now)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise BadInput("the database URL cannot be read; write sqlite:///path/to/file.db or postgresql://user:password@host/name") from None
    match address.get_backend_name():
        case "sqlite" if address.database and address.database != ":memory:":
            return address.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres":
            return address.set(drivername="postgresql")
        case "sqlite":
            raise BadInput("SQLite needs a file that outlives the process; write sqlite:///path/to/file.db")
        case other:
            raise BadInput(
                f"{other!r} is no database that Twinline knows; use sqlite:///path/to/file.db or postgresql://user:password@host/name"
            )


def _place(file: Path) -> str:
    return f"file {file.stat().st_ino} in folder {file.parent.stat().st_ino}"


def _engine(address: URL) -> AsyncEngine:
    if address.get_backend_name() == "postgresql":
        whole = {"dsn": address.render_as_string(hide_password=False)}
        engine = create_async_engine("postgresql+asyncpg://", connect_args=whole, pool_size=_POOL, max_overflow=_POOL, pool_pre_ping=True)
        event.listen(engine.sync_engine, "before_cursor_execute", _leave_out_nul, retval=True)
        return engine
    options = {"timeout": _BUSY_SECONDS, "isolation_level": None}
    return _on_sqlite(create_async_engine(address, pool_size=_POOL, max_overflow=0, connect_args=options))


def _on_sqlite(engine: AsyncEngine) -> AsyncEngine:
    """The engine with what all transactions on SQLite rely on; its driver must begin none by itself."""
    event.listen(engine.sync_engine, "connect", configure)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


async def _require_entry(engine: AsyncEngine, address: URL) -> None:
    try:
        async with engine.connect():
            pass
    except (OSError, DBAPIError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        place = address.host or address.query.get("host", "this machine")
        what = f"database {address.database!r} at {place!r}"
        raise Unavailable(f"cannot open {what}: {reason}; check the database URL and the server") from error


Values = tuple[object, ...]


def _leave_out_nul(
    _connection: Connection, _cursor: DBAPICursor, statement: str, values: Values | list[Values], *_: object
) -> tuple[str, Values | list[Values]]:
    """PostgreSQL refuses the character NUL in any text."""
    return statement, [_clean(row) for row in values] if isinstance(values, list) else _clean(values)


def _clean(values: Values) -> Values:
    return tuple(value.replace("\0", "") if isinstance(value, str) and "\0" in value else value for value in values)


def configure(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """What each new connection to SQLite is told."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def opening(connection: Connection) -> str:
    """How a transaction begins on SQLite: one that means to write takes the write lock first; after reading it could not wait for it."""
    return "BEGIN IMMEDIATE" if connection.get_execution_options().get("twinline_writes", False) else "BEGIN"


def _begin(connection: Connection) -> None:
    """Asked of the driver itself, which is one change of threads instead of four."""
    statement = opening(connection)
    adapted = cast("AdaptedConnection", connection.connection.dbapi_connection)
    adapted.run_async(lambda driver: cast("aiosqlite.Connection", driver).execute(statement))


async def _open_file(path: Path, engine: AsyncEngine) -> None:
    lock = await asyncio.to_thread(_prepare, path)
    try:
        await _migrate(engine.execution_options(twinline_writes=True), "SELECT 1", {})
    finally:
        os.close(lock)


def _prepare(path: Path) -> int:
    """Make the file if need be and switch it to write-ahead logging; the descriptor returned locks its folder until it is closed.

    The switch does not wait for other processes as transactions do, hence the lock.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    lock = os.open(path.parent, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with closing(sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    return lock


async def _migrate(engine: AsyncEngine, lock: str, values: dict[str, int]) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(lock), values)
        await connection.run_sync(upgrade)


def migrations(connection: Connection) -> Config:
    """Alembic's configuration for the migrations of this package, run on `connection`."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(connection: Connection) -> None:
    command.upgrade(migrations(connection), "head")
