"""A real Redmine for tests, where Debian's package is installed (`scripts/redmine.sh install`).

With several workers, `--dist loadgroup` makes one of them run all tests marked with `REAL_REDMINE`; otherwise each that needs it starts a
Redmine of its own.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ports import free_port

SCRIPT = Path(__file__).parents[1] / "scripts" / "redmine.sh"
KEYS = {"agent": "a9" * 20, "ann": "b8" * 20, "bob": "c7" * 20}
REAL_REDMINE = [
    pytest.mark.xdist_group("redmine"),
    pytest.mark.skipif(not Path("/usr/share/redmine/config.ru").exists(), reason="no Redmine here: run scripts/redmine.sh install"),
]


@dataclass(frozen=True)
class RedmineServer:
    """`keys` by login: `agent`, `ann` and `bob`. `log` is where Redmine notes every request."""

    url: str
    keys: Mapping[str, str]
    log: Path

    def asked(self, path: str) -> int:
        """How many reads of that path it has answered."""
        return len(re.findall(rf'Started GET "{re.escape(path)}\b', self.log.read_text()))

    def written(self) -> int:
        """How many requests were to change anything."""
        return len(re.findall(r'Started (?:POST|PUT|PATCH|DELETE) "', self.log.read_text()))


@pytest.fixture(scope="session")
def redmine_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedmineServer]:
    port = free_port()
    own = {f"REDMINE_{login.upper()}_KEY": key for login, key in KEYS.items()}
    place = tmp_path_factory.mktemp("redmine") / "instance"
    environment = {**os.environ, **own, "REDMINE_DIR": str(place), "REDMINE_PORT": str(port)}
    try:
        for step in ("init", "start"):
            done = subprocess.run([SCRIPT, step], env=environment, capture_output=True, text=True, timeout=240, check=False)
            assert done.returncode == 0, f"{step}: {done.stdout}{done.stderr}"
        yield RedmineServer(f"http://127.0.0.1:{port}", KEYS, place / "log" / "production.log")
    finally:
        subprocess.run([SCRIPT, "stop"], env=environment, capture_output=True, timeout=60, check=True)
