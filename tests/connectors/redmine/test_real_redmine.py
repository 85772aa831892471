"""The connector's promises, kept against a real Redmine, where Debian's package is installed (`scripts/redmine.sh install`).

With several workers, `--dist loadgroup` makes one of them run all of this; otherwise each that needs it starts a Redmine of its own.
"""

import asyncio
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from redmine_cases import CASES, Case
from redmine_library import EXPECTED, go_through
from redmine_site import Site, connected

SCRIPT = Path(__file__).parents[3] / "scripts" / "redmine.sh"
KEYS = {"agent": "a9" * 20, "ann": "b8" * 20, "bob": "c7" * 20}

pytestmark = [
    pytest.mark.xdist_group("redmine"),
    pytest.mark.skipif(not Path("/usr/share/redmine/config.ru").exists(), reason="no Redmine here: run scripts/redmine.sh install"),
]


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    own = {f"REDMINE_{login.upper()}_KEY": key for login, key in KEYS.items()}
    place = str(tmp_path_factory.mktemp("redmine") / "instance")
    environment = {**os.environ, **own, "REDMINE_DIR": place, "REDMINE_PORT": str(port)}
    try:
        for step in ("init", "start"):
            done = subprocess.run([SCRIPT, step], env=environment, capture_output=True, text=True, timeout=240, check=False)
            assert done.returncode == 0, f"{step}: {done.stdout}{done.stderr}"
        yield Site(f"http://127.0.0.1:{port}", KEYS)
    finally:
        subprocess.run([SCRIPT, "stop"], env=environment, capture_output=True, timeout=60, check=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
async def test_promise(case: Case, real_site: Site) -> None:
    async with connected(real_site) as redmine:
        await case(redmine, real_site)


async def test_a_client_library_sees_what_it_sees_of_the_fake(real_site: Site) -> None:
    assert await asyncio.to_thread(go_through, real_site) == EXPECTED
