"""The store on SQLite without threads: each statement runs where it is asked for, so that nothing ever waits for anything outside."""

import secrets
import sqlite3
from collections.abc import Callable, Generator
from contextlib import closing
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ParamSpec, TypeVar

import aiosqlite
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from store import MasterKey, Store
from store.columns import now
from store.database import Database, on_sqlite, upgrade

P = ParamSpec("P")
T = TypeVar("T")

_MEMORY = Path("/dev/shm")
_ROWS_AT_ONCE = 64


class _Connection(aiosqlite.Connection):
    """Its thread is never started."""

    def __await__(self) -> Generator[None, None, "_Connection"]:
        return self._connect().__await__()

    async def _connect(self) -> "_Connection":
        self._connection = self._connector()
        return self

    async def _execute(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return fn(*args, **kwargs)

    def stop(self) -> None:
        """Nothing runs."""


def scratch() -> TemporaryDirectory[str]:
    """A new folder, in memory where the machine has a place for that."""
    return TemporaryDirectory(prefix="twinline-", dir=_MEMORY if _MEMORY.is_dir() else None)


async def opened(path: Path, key: MasterKey, now: Callable[[], datetime] = now, token: Callable[[int], str] = secrets.token_hex) -> Store:
    """An empty store in a new file at `path`; `now` and `token` are those of `store.database.Database`."""
    path.write_bytes(_migrated())

    async def connect() -> aiosqlite.Connection:
        return await _Connection(lambda: sqlite3.connect(path, isolation_level=None), _ROWS_AT_ONCE)

    engine = on_sqlite(create_async_engine(f"sqlite+aiosqlite:///{path}", async_creator=connect))
    return Store.on(Database(engine, key, now, token))


@cache
def _migrated() -> bytes:
    """A database at the newest migration that keeps a log, as the product's own do."""
    with scratch() as folder:
        path = Path(folder) / "twinline.db"
        engine = create_engine(f"sqlite:///{path}")
        with engine.begin() as connection:
            upgrade(connection)
        engine.dispose()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        return path.read_bytes()
