"""The connector's promises, kept against the fake."""

import pytest
from redmine_cases import CASES, Case
from redmine_site import Site

from connectors.redmine.connector import RedmineConnector


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
async def test_promise(case: Case, redmine: RedmineConnector, site: Site) -> None:
    await case(redmine, site)
