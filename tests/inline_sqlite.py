"""The store on SQLite without threads: each statement runs where it is asked for, so that nothing ever waits for anything outside.

The statements, the tables and the transactions are the product's own; only the way to the driver is a straight one.
"""

import secrets
import sqlite3
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Engine, Executable, QueuePool, Result, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from store import MasterKey, Store
from store.columns import now
from store.database import Database, configure, opening, upgrade

Row = TypeVar("Row")

_MEMORY = Path("/dev/shm")


class _Statements:
    """What the store uses of an `AsyncConnection`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    async def execute(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> CursorResult[Any]:
        return self._connection.execute(statement, parameters)


class _Session:
    """What the store uses of an `AsyncSession`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.add, self.add_all = session.add, session.add_all

    async def exec(self, statement: Any, params: Mapping[str, Any] | None = None) -> Result[Any]:
        return cast("Result[Any]", self._session.exec(statement, params=params))

    async def get(self, entity: type[Row], key: object, **options: Any) -> Row | None:
        return self._session.get(entity, key, **options)

    async def get_one(self, entity: type[Row], key: object, **options: Any) -> Row:
        return self._session.get_one(entity, key, **options)

    async def flush(self) -> None:
        self._session.flush()

    async def connection(self) -> _Statements:
        return _Statements(self._session.connection())


def scratch() -> TemporaryDirectory[str]:
    """A new folder, in memory where the machine has a place for that."""
    return TemporaryDirectory(prefix="twinline-", dir=_MEMORY if _MEMORY.is_dir() else None)


class _Engine:
    """An engine with the statements that it has compiled, lent to one store after the other."""

    idle: ClassVar[list["_Engine"]] = []

    def __init__(self) -> None:
        self.path = Path()
        self.reader = create_engine("sqlite://", creator=self._connect, poolclass=QueuePool)
        self.writer = self.reader.execution_options(twinline_writes=True)
        event.listen(self.reader, "connect", configure)
        event.listen(self.reader, "begin", _begin)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, isolation_level=None)


def _begin(connection: Connection) -> None:
    cast("sqlite3.Connection", connection.connection.dbapi_connection).execute(opening(connection))


class _Database(Database):
    """Keeps a session each for reading and for writing, as nothing else ever runs while one is open; gives its engine back in the end.

    What is read between two writes is read in one transaction: nobody else writes that could change it.
    """

    def __init__(self, lent: _Engine, key: MasterKey, now: Callable[[], datetime], token: Callable[[int], str]) -> None:
        super().__init__(cast("AsyncEngine", lent.reader), key, now, token)
        self._lent = lent
        self._reader, self._writer = _session(lent.reader), _session(lent.writer)

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession]:
        if not self._reader.in_transaction():
            self._reader.begin()
        try:
            yield cast("AsyncSession", _Session(self._reader))
        finally:
            self._reader.expunge_all()

    @asynccontextmanager
    async def writing(self) -> AsyncGenerator[AsyncSession]:
        self._reader.rollback()
        try:
            with self._writer.begin():
                yield cast("AsyncSession", _Session(self._writer))
        finally:
            self._writer.expunge_all()

    async def aclose(self) -> None:
        for session in (self._reader, self._writer):
            cast("Connection", session.bind).close()
        self._lent.reader.dispose()
        _Engine.idle.append(self._lent)


def _session(engine: Engine) -> Session:
    return Session(engine.connect(), expire_on_commit=False, autoflush=False)


async def opened(path: Path, key: MasterKey, now: Callable[[], datetime] = now, token: Callable[[int], str] = secrets.token_hex) -> Store:
    """An empty store in a new file at `path`; `now` and `token` are those of `store.database.Database`."""
    path.write_bytes(migrated())
    lent = _Engine.idle.pop() if _Engine.idle else _Engine()
    lent.path = path
    return Store.on(_Database(lent, key, now, token))


@cache
def migrated() -> bytes:
    """The file of an empty database at the newest migration that keeps a log, as the product's own do."""
    with scratch() as folder:
        path = Path(folder) / "twinline.db"
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as connection:
            upgrade(connection)
        engine.dispose()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        return path.read_bytes()
