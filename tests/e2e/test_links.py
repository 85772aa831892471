"""Links between issues of a fake Jira, and between their copies in a fake Redmine, which tells nobody of its changes."""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator

import pytest_asyncio

from connectors import declaration
from model.deployment import SideDeclaration
from model.words import Side, TwinStatus
from operations.steering import unlink
from tests.e2e.jira_world import JiraWorld
from tests.e2e.places import Place
from tests.e2e.stage import eventually
from tests.pairs.jira_platform import JiraApp
from tests.pairs.redmine_platform import RedminePlatform
from tests.pairs.world import opened_pair

RedmineWorld = JiraWorld[RedminePlatform]

NOBODY = "http://127.0.0.1:9"
NEVER = 3600.0
OUTGOING = "replica.issueLinks = issue.issueLinks\n"
INCOMING = "issue.issueLinks = nodeHelper.mergeLinks(issue, replica)\n"


@contextlib.asynccontextmanager
async def _without_webhooks(hooks: str) -> AsyncGenerator[RedminePlatform]:
    del hooks
    async with RedminePlatform.opened(NOBODY) as redmine:
        yield redmine


@pytest_asyncio.fixture
async def redmine(place: Place) -> AsyncIterator[RedmineWorld]:
    async with opened_pair(RedmineWorld, *place, JiraApp.opened, _without_webhooks) as running:
        yield running


def _with_links(side: SideDeclaration, kind: str) -> SideDeclaration:
    known = declaration(kind)
    return side.model_copy(update={"outgoing": known.outgoing + OUTGOING, "incoming": known.incoming + INCOMING})


async def _begin(world: RedmineWorld, poll: float) -> None:
    left, right = _with_links(world.left.side(), "jira"), _with_links(world.right.side(), "redmine")
    await world.begin(world.deployment(poll, left=left, right=right))


async def test_a_link_comes_with_the_later_copy_and_not_with_a_later_poll(redmine: RedmineWorld) -> None:
    first = await redmine.bob.create("APP", "The press", labels=("sync",))
    second = await redmine.bob.create("APP", "Its handle")
    await redmine.bob.block(first, second)
    await _begin(redmine, NEVER)
    copy = await redmine.right_of(first)
    await redmine.quiet(1)
    assert await redmine.right.ann.blocked(copy) == []
    await redmine.bob.edit(second, labels=["sync"])
    other = await redmine.right_of(second)
    await eventually(lambda: redmine.right.ann.blocked(copy), lambda found: found == [other], f"{copy} blocks {other}")
    assert {twin.status for twin in await redmine.quiet(2)} == {TwinStatus.SYNCHRONIZED}


async def test_links_travel_both_ways_and_go_where_they_came_from(redmine: RedmineWorld) -> None:
    keys = [await redmine.bob.create("APP", f"Part {number}", labels=("sync",)) for number in range(3)]
    await _begin(redmine, 1.0)
    copies = [await redmine.right_of(key) for key in keys]
    await redmine.bob.block(keys[0], keys[1])
    await redmine.right.ann.block(copies[0], copies[2])
    await eventually(lambda: redmine.right.ann.blocked(copies[0]), lambda found: found == [copies[2], copies[1]], "both in Redmine")
    await eventually(lambda: redmine.bob.blocked(keys[0]), lambda found: sorted(found) == keys[1:], "both in Jira")
    await redmine.right.ann.unblock(copies[0])
    await eventually(lambda: redmine.bob.blocked(keys[0]), lambda found: found == [], "none in Jira")
    await redmine.bob.block(keys[1], keys[2])
    await eventually(lambda: redmine.right.ann.blocked(copies[1]), lambda found: found == [copies[2]], "another in Redmine")
    await redmine.bob.unblock(keys[2])
    await eventually(lambda: redmine.right.ann.blocked(copies[1]), lambda found: found == [], "none in Redmine")
    await redmine.quiet(3)
    await redmine.polled(3)
    assert [await redmine.bob.blocked(key) for key in keys] == [[], [], []]
    assert {twin.status for twin in await redmine.quiet(3)} == {TwinStatus.SYNCHRONIZED}


async def test_a_pair_that_ended_leaves_its_links_as_they_are(redmine: RedmineWorld) -> None:
    keys = [await redmine.bob.create("APP", f"Part {number}", labels=("sync",)) for number in range(2)]
    await redmine.bob.block(keys[0], keys[1])
    await _begin(redmine, 1.0)
    copies = [await redmine.right_of(key) for key in keys]
    await eventually(lambda: redmine.right.ann.blocked(copies[0]), lambda found: found == copies[1:], "the relation in Redmine")
    kept, ended = sorted(await redmine.quiet(2), key=lambda twin: str(twin.left and twin.left.key))
    await unlink(redmine.store, redmine.signals, ended.id, force=False)
    await eventually(lambda: redmine.store.twins.get(ended.id), lambda twin: twin.status is TwinStatus.UNLINKED, "an unlinked twin")
    await redmine.sync(kept, Side.LEFT)
    await redmine.bob.edit(keys[0], summary="Another part")
    await eventually(lambda: redmine.right.ann.see(int(copies[0])), lambda seen: seen["subject"] == "Another part", "the edit in Redmine")
    await redmine.polled(3)
    assert await redmine.right.ann.blocked(copies[0]) == copies[1:]
    assert await redmine.bob.blocked(keys[0]) == keys[1:]
