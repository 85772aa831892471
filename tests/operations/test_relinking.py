import asyncio

import pytest
from acme_world import World
from pydantic import JsonValue

from model.agreement import Base, Trace
from model.errors import BadInput
from model.monitor import TwinSearch
from model.settlement import Settlement
from model.words import ChildKind, Side, Stage, TwinStatus
from operations import connections, deployment, steering, twins
from operations.relinking import relink, relink_twin
from operations.views import Relinked
from tests.e2e.bare_jira import BareJira


@pytest.fixture
async def live(world: World) -> World:
    await deployment.apply(world.store, world.signals, world.declared())
    world.signals.messages.clear()
    return world


async def _paired(live: World, left: str = "APP-1", right: str = "acme/app#1", source: Side = Side.LEFT) -> Relinked:
    return await relink(live.store, live.signals, live.systems, "app-bugs", left=left, right=right, source=source)


async def test_two_items_become_a_pair_whose_first_sync_comes_from_the_source(live: World):
    done = await _paired(live, right=f"{live.github}/acme/app/issues/1".replace("http://", "https://"), source=Side.RIGHT)

    state = await live.store.twins.state(done.twin.id)
    assert (done.twin.origin, done.twin.title, done.warnings) == (Side.RIGHT, "Checkout fails with an expired card", ())
    assert [ref.key for ref in (done.twin.left, done.twin.right) if ref] == ["APP-1", "acme/app#1"]
    assert state.right == Base()
    assert state.left.item
    assert (state.left.item.fields["summary"], state.left.agreed) == ("Checkout shows the wrong total", {})
    assert sorted(live.signals.messages) == [f"item_changed {done.twin.id} left", f"item_changed {done.twin.id} right"]
    assert {one.source for one in await live.store.transactions.waiting("app-bugs", 10)} == set(Side)


async def _unlinked(live: World, *traces: Trace) -> str:
    """A pair that is a pair no more."""
    former = (await _paired(live)).twin.id
    begun = await live.store.transactions.begin(former, Side.LEFT)
    await live.store.twins.settle(
        Settlement(
            twin=former,
            transaction=begun.id,
            revision=(await live.store.twins.get(former)).revision,
            stage=Stage.APPLIED,
            status=TwinStatus.UNLINKED,
            summary="",
            kept=traces,
        )
    )
    live.signals.messages.clear()
    return former


async def _comments(live: World) -> tuple[str, str]:
    """The ids of the comments that the two items begin with."""
    found: list[str] = []
    for system, key, side in (("acme-jira", "APP-1", Side.LEFT), ("acme-github", "acme/app#1", Side.RIGHT)):
        connection = await live.store.configurations.connection("app-bugs")
        connector = (await live.systems.opened(system)).connector
        change = await connector.find(connection.configuration.side(side).settings, key)
        (comment,) = (await connector.read(change.id)).comments
        found.append(comment.id)
    return found[0], found[1]


async def test_an_unlinked_pair_is_taken_up_as_a_new_twin_with_its_comments_paired(live: World):
    left, right = await _comments(live)
    trace = Trace(kind=ChildKind.COMMENT, left_id=left, right_id=right, origin=Side.LEFT, left="Hello", right="Ann commented: Hello")
    former = await _unlinked(live, trace)
    done = await relink_twin(live.store, live.signals, live.systems, former, Side.LEFT)

    state = await live.store.twins.state(done.twin.id)
    assert (done.matched, state.traces) == (1, (trace,))
    assert state.right.item
    assert [one.body for one in state.right.item.comments] == ["Ann commented: Hello"]
    assert (await live.store.twins.get(former)).status is TwinStatus.UNLINKED
    assert done.twin.id != former


async def test_comments_without_a_counterpart_are_left_to_travel(live: World):
    done = await _paired(live)

    base = (await live.store.twins.state(done.twin.id)).right.item
    assert base
    assert (done.matched, base.comments) == (0, ())


@pytest.mark.parametrize(
    ("left", "right", "message"),
    [
        ("APP-999", "acme/app#1", "no item 'APP-999' in acme-jira; check the key"),
        ("APP-1", "acme/app#999", "no item 'acme/app#999' in acme-github; check the key"),
        ("acme/app#1", "APP-1", "no item 'acme/app#1' in acme-jira"),
        ("APP-1", "acme/app#2", r"'APP-1' is in sync with 'acme/app#1' on app-bugs already \(twin [0-9a-f]+\); sync it, or unlink"),
        ("APP-2", "acme/app#1", "'acme/app#1' is in sync with 'APP-1' on app-bugs already"),
        ("APP-1", "acme/app#1", "'APP-1' is in sync with 'acme/app#1' on app-bugs already"),
    ],
)
async def test_what_cannot_be_paired_is_told_with_the_next_step(live: World, left: str, right: str, message: str):
    await _paired(live)
    before = await twins.listed(live.store, TwinSearch(connection="app-bugs"))

    with pytest.raises(BadInput, match=message):
        await _paired(live, left, right)
    assert await twins.listed(live.store, TwinSearch(connection="app-bugs")) == before


async def test_an_item_that_waits_for_its_counterpart_is_in_sync_too(live: World):
    await twins.sync(live.store, live.signals, live.systems, "app-bugs", item="APP-1", side=Side.LEFT)

    with pytest.raises(BadInput, match="'APP-1' is in sync on app-bugs already"):
        await _paired(live)


async def test_an_unknown_connection_is_told_with_the_known_ones(live: World):
    with pytest.raises(BadInput, match=r"no connection 'nope'.*app-bugs"):
        await relink(live.store, live.signals, live.systems, "nope", left="APP-1", right="acme/app#1", source=Side.LEFT)


async def test_an_item_is_not_paired_with_itself(live: World):
    inner: JsonValue = {"integration": "inner", "left": {"settings": {"project": "APP"}}, "right": {"settings": {"project": "APP"}}}
    itself = live.declared(("integrations.inner", {"left": "acme-jira", "right": "acme-jira"}), ("connections.inner", inner))
    await deployment.apply(live.store, live.signals, itself)

    with pytest.raises(BadInput, match="cannot be paired with itself"):
        await relink(live.store, live.signals, live.systems, "inner", left="APP-1", right="APP-1", source=Side.LEFT)


async def test_only_unlinked_twins_are_taken_up(live: World):
    done = await _paired(live)

    with pytest.raises(BadInput, match=f"twin {done.twin.id} is syncing and not unlinked"):
        await relink_twin(live.store, live.signals, live.systems, done.twin.id, Side.LEFT)
    with pytest.raises(BadInput, match="no twin 'nope'"):
        await relink_twin(live.store, live.signals, live.systems, "nope", Side.LEFT)


async def test_a_twin_that_never_had_two_items_is_not_taken_up(live: World):
    begun = await twins.sync(live.store, live.signals, live.systems, "app-bugs", item="APP-1", side=Side.LEFT)
    await live.store.twins.set_status(begun.twin.id, TwinStatus.UNLINKED)

    with pytest.raises(BadInput, match="before it had an item on both sides"):
        await relink_twin(live.store, live.signals, live.systems, begun.twin.id, Side.LEFT)


async def test_a_pair_of_which_one_is_gone_is_not_taken_up(live: World):
    former = await _unlinked(live)
    jira = BareJira(live.jira)
    await jira.delete("APP-1")
    await jira.aclose()

    with pytest.raises(BadInput, match="a pair needs both items: sync the right one to begin anew"):
        await relink_twin(live.store, live.signals, live.systems, former, Side.LEFT)


async def test_an_unlinked_twin_is_steered_to_its_relink(live: World):
    former = await _unlinked(live)

    with pytest.raises(BadInput, match="relink it to take it up again"):
        await steering.retry(live.store, live.signals, former)


@pytest.mark.parametrize(("left", "right"), [("APP-1", "acme/app#2"), ("APP-2", "acme/app#1"), ("APP-1", "acme/app#1")])
async def test_of_two_relinks_of_one_item_at_once_one_wins_and_the_other_is_told(live: World, left: str, right: str):
    outcomes = await asyncio.gather(_paired(live), _paired(live, left, right), return_exceptions=True)

    refusals = [one for one in outcomes if isinstance(one, BadInput)]
    assert len(refusals) == 1
    assert "app-bugs" in refusals[0].message
    made = [one.twin for one in outcomes if isinstance(one, Relinked)]
    assert (await twins.listed(live.store, TwinSearch(connection="app-bugs"))).twins == tuple(made)
    assert len(await live.store.transactions.waiting("app-bugs", 10)) == 2


async def test_a_relink_on_a_deactivated_connection_waits_and_says_so(live: World):
    await connections.deactivate(live.store, live.signals, "app-bugs")

    assert (await _paired(live)).warnings == ("app-bugs is Deactivated; the change waits until it is activated",)


async def test_a_relink_is_recorded_even_if_temporal_is_down(live: World):
    live.signals.down = True
    done = await _paired(live)

    assert len(done.warnings) == 1
    assert (await live.store.twins.get(done.twin.id)).status is TwinStatus.SYNCING
