"""The connector's promises, kept against a real Redmine, where Debian's package is installed (`scripts/redmine.sh install`)."""

import asyncio

import pytest
from redmine_cases import CASES, Case
from redmine_library import EXPECTED, go_through
from redmine_site import Site, connected

from tests.redmine_server import REAL_REDMINE, RedmineServer

pytestmark = REAL_REDMINE


@pytest.fixture
def real_site(redmine_server: RedmineServer) -> Site:
    return Site(redmine_server.url, redmine_server.keys)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
async def test_promise(case: Case, real_site: Site) -> None:
    async with connected(real_site) as redmine:
        await case(redmine, real_site)


async def test_a_client_library_sees_what_it_sees_of_the_fake(real_site: Site) -> None:
    assert await asyncio.to_thread(go_through, real_site) == EXPECTED
