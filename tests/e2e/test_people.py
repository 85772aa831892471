"""A user map: people cross to whom the map names, not to whoever has the same address."""

import pytest
from pydantic import JsonValue

from model.deployment import SideDeclaration
from model.people import UserPair
from model.words import ConflictPolicy
from tests.e2e.world import World

USERS = (UserPair(left=("ann@acme.test",), right=("cat",)), UserPair(left=("Bob Baker",), right=("ann",)))
ASSIGN_WHOM_IT_TELLS = """
issue.assignee = replica.assignee
"""


@pytest.mark.parametrize("more", ["", ASSIGN_WHOM_IT_TELLS], ids=["asked for by address", "as it arrives"])
async def test_an_assignee_crosses_to_the_mapped_person_and_back(world: World, more: str) -> None:
    left, right = (_adding(more, one.side()) for one in (world.left, world.right))
    key, number = await world.one_pair("Rocket veers left", left=left, right=right, users=USERS)

    await world.ann.edit(key, assignee={"accountId": await world.left.ann.account("ann")})
    await world.on_github(number, lambda issue: _logins(issue["assignees"]) == ["cat"], "the mapped assignee on GitHub")
    await world.bob.edit(number, assignees=["ann"])
    await world.in_jira(key, lambda issue: _name(issue["assignee"]) == "Bob Baker", "the mapped assignee in Jira")

    await world.quiet(1)
    writes = await world.bot_writes()
    await world.polled(4)
    assert await world.bot_writes() == writes
    assert _logins((await world.bob.see(number))["assignees"]) == ["ann"]
    assert _name((await world.ann.see(key))["assignee"]) == "Bob Baker"


async def test_an_assignee_that_only_one_side_changed_is_no_conflict(world: World) -> None:
    key, number = await world.one_pair("Rocket veers right", users=USERS, conflicts={"default": ConflictPolicy.RIGHT})
    await world.ann.edit(key, assignee={"accountId": await world.left.ann.account("ann")})
    await world.on_github(number, lambda issue: _logins(issue["assignees"]) == ["cat"], "the mapped assignee on GitHub")
    await world.quiet(1)

    await world.stop_worker()
    await world.ann.edit(key, assignee={"accountId": await world.left.ann.account("bob")})
    await world.bob.edit(number, title="Rocket veers up")
    await world.start_worker()

    await world.in_jira(key, lambda issue: issue["summary"] == "Rocket veers up", "the title in Jira")
    await world.on_github(number, lambda issue: _logins(issue["assignees"]) == ["ann"], "the new mapped assignee on GitHub", 30)


def _adding(more: str, side: SideDeclaration) -> SideDeclaration:
    return side.model_copy(update={"incoming": f"{side.incoming}{more}"})


def _logins(users: JsonValue) -> list[JsonValue]:
    return [user["login"] for user in users if isinstance(user, dict)] if isinstance(users, list) else []


def _name(user: JsonValue) -> JsonValue:
    return user["displayName"] if isinstance(user, dict) else None
