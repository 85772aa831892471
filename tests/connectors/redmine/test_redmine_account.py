"""What an account lacks in a project, and how it gets it."""

import pytest
from pydantic import JsonValue
from redmine_site import connected, running

from connectors.redmine.account import RIGHTS, permissions

READER: dict[str, JsonValue] = {
    "login": "rita",
    "firstname": "Rita",
    "lastname": "Reader",
    "mail": "rita@acme.test",
    "key": "rita-token",
    "role": "Reporter",
}


async def test_a_role_that_lacks_something_is_named() -> None:
    async with running({"users": [READER], "issues": []}) as site, connected(site, "rita-token") as redmine:
        found = {one.name: one for one in (await redmine.account({"project": "sync"})).permissions}
    assert found["add comments"].given
    lacking = found["see private comments"]
    assert lacking.given is False
    assert lacking.remedy == "give role 'Reporter' the permission 'View private notes' (Administration, Roles and permissions)"


async def test_who_may_log_time_need_not_be_let_edit_it() -> None:
    async with running() as site, connected(site, "bob") as redmine:
        found = {one.name: one for one in (await redmine.account({"project": "sync"})).permissions if one.optional}
    assert [(name, one.given) for name, one in found.items()] == [
        ("link issues", True),
        ("see spent time", True),
        ("log spent time", True),
        ("edit its own spent time", False),
    ]


def test_who_is_no_member_is_told_to_become_one() -> None:
    [first, *_] = permissions(set(), set(), "sync")
    assert first.given is None
    assert first.remedy == "make the account a member of project 'sync', with a role that has 'View issues'"


@pytest.mark.parametrize("held", [None, {symbol for one in RIGHTS for symbol in one.symbols}])
def test_nothing_is_lacking(held: set[str] | None) -> None:
    assert all(one.given for one in permissions(held, {"Manager"}, "sync"))
