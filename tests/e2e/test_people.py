"""A user map: people cross to whom the map names, not to whoever has the same address."""

import pytest
from pydantic import JsonValue

from model.deployment import SideDeclaration
from model.people import UserPair
from model.words import ConflictPolicy
from tests.e2e.world import World, eventually

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


async def test_a_mention_is_one_of_the_mapped_person_and_comes_back_unharmed(world: World) -> None:
    key, number = await world.one_pair("Rocket veers left", users=USERS)
    ann, bob, cat = [await world.left.ann.account(name) for name in ("ann", "bob", "cat")]
    said = f"{_mention(ann, '@Ann Archer')} and {_mention(cat, '@Cat Cole')}, see `@ann`."
    await world.ann.comment(key, said)
    await world.bob.comment(number, "Look, @ann and @bob, at `@ann`.")

    on_github = await eventually(lambda: world.bob.comments(number), lambda found: len(found) == 2, "the comment on GitHub")
    copied = next(body for body in on_github if "see" in body)
    assert "\n@cat and <span" in copied
    assert "@\u2060Cat Cole</span>, see `@ann`." in copied
    in_jira = await eventually(lambda: world.ann.comments(key), lambda found: len(found) == 2, "the comment in Jira")
    assert [body.partition("Look")[2] for body in in_jira if "Look" in body] == [f", {_mention(bob, '@Bob Baker')} and @bob, at `@ann`."]

    await world.quiet(1)
    writes = await world.bot_writes()
    await world.polled(4)
    assert await world.bot_writes() == writes

    await world.bob.edit_comment(await world.comment_id(number, "see"), copied.replace("see", "but see"))
    edited = said.replace("see", "but see")
    await eventually(lambda: world.ann.comments(key), lambda found: edited in found, "the edit in Jira")
    await world.quiet(1)


def _mention(account: str, words: str) -> str:
    return f"""<span adf="mention" params='{{"id":"{account}"}}'>{words}</span>"""


def _adding(more: str, side: SideDeclaration) -> SideDeclaration:
    return side.model_copy(update={"incoming": f"{side.incoming}{more}"})


def _logins(users: JsonValue) -> list[JsonValue]:
    return [user["login"] for user in users if isinstance(user, dict)] if isinstance(users, list) else []


def _name(user: JsonValue) -> JsonValue:
    return user["displayName"] if isinstance(user, dict) else None
