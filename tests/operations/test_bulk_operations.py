"""Beginning and steering operations, and what becomes of one item, with Temporal's part left out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from acme_world import Heard, World
from temporalio.testing import ActivityEnvironment

from activities.bulk import Bulk
from activities.engine import Engine
from activities.interface import BulkRequest
from activities.ruling import Ruling
from model.configuration import Connection
from model.errors import BadInput, Refused, Unavailable
from model.item import ItemRef
from model.operation import Operation, OperationItem
from model.trigger import Trigger
from model.twin import Twin
from model.words import ItemState, OperationKind, OperationStatus, Side, Stage, TwinStatus
from operations import bulk, bulk_steering, connections, deployment, twins
from operations.bulk_steering import RECENTLY
from operations.bulk_views import Begun
from operations.bulk_works import works
from operations.problems import Rejected
from operations.relinking import relink

ALL = Trigger(side=Side.LEFT, query="project = APP")


class Attentive(Heard):
    """Hears of operations and of twins that are to end, too."""

    async def operation_changed(self, operation: Operation) -> None:
        self._hear(f"operation_changed {operation.kind} {operation.status}")

    async def retry(self, twin: Twin, connection: Connection) -> None:
        self._hear(f"retry {twin.id}")

    async def unlink(self, twin: Twin, connection: Connection, *, force: bool) -> None:
        self._hear(f"{'force_' if force else ''}unlink {twin.id}")


@pytest.fixture
async def live(world: World) -> World:
    world.signals = Attentive()
    await deployment.apply(world.store, world.signals, world.declared())
    world.signals.messages.clear()
    return world


async def _exalate(live: World, query: Trigger | None = ALL) -> Begun:
    return await bulk.exalate(live.store, live.signals, live.systems, "app-bugs", "ann", query=query)


async def _worked(live: World, begun: Begun) -> Sequence[OperationItem]:
    """Find the items and begin each; all of them."""
    operation = await live.store.operations.get(begun.operation.id)
    work = works(live.store, live.signals, live.systems)[operation.kind]
    if not operation.collected:
        async for entries in work.entries(operation):
            await live.store.operation_items.add(operation.id, entries)
    for item in await live.store.operation_items.listing(operation.id, ItemState.WAITING, 100):
        await work.carry_out(operation, item)
    return await live.store.operation_items.listing(operation.id, None, 100)


async def _begin(live: World, key: str = "APP-1") -> Twin:
    return (await twins.sync(live.store, live.signals, live.systems, "app-bugs", item=key, side=Side.LEFT)).twin


async def test_what_will_happen_is_told_and_recorded_before_the_workflow_starts(live: World):
    begun = await _exalate(live, None)
    assert begun.notes == (
        "searches acme-jira for 'project = APP AND labels = sync'",
        "what is not under sync begins; what is, is compared with what was sent last",
        "at most 150 items begin per minute",
    )
    assert (begun.operation.status, begun.operation.who, begun.operation.total) == (OperationStatus.RUNNING, "ann", 0)
    assert live.signals.messages == ["operation_changed exalate running"]
    assert (await bulk_steering.listed(live.store, "app-bugs", None)).operations[0].id == begun.operation.id


async def test_a_query_that_its_platform_refuses_begins_nothing(live: World):
    with pytest.raises((BadInput, Refused)):
        await _exalate(live, Trigger(side=Side.LEFT, query="project === APP"))
    assert (await bulk_steering.listed(live.store, None, None)).operations == ()
    assert live.signals.messages == []


async def test_without_a_trigger_somebody_has_to_say_what_is_meant(live: World):
    await deployment.apply(live.store, live.signals, live.declared(("connections.app-bugs.triggers", [])))
    with pytest.raises(BadInput, match="app-bugs has no active trigger; say with a query"):
        await _exalate(live, None)


async def test_what_is_recorded_while_temporal_is_down_can_be_resumed(live: World):
    live.signals.down = True
    begun = await _exalate(live)
    assert begun.warnings == ("the operation is recorded; resume it when Temporal runs again",)
    live.signals.down = False
    turned = await bulk_steering.resume(live.store, live.signals, begun.operation.id)
    assert (turned.warnings, live.signals.messages) == ((), ["operation_changed exalate running"])


async def test_an_inactive_connection_is_warned_of(live: World):
    await connections.deactivate(live.store, live.signals, "app-bugs")
    assert (await _exalate(live)).warnings == ("app-bugs is Deactivated; the change waits until it is activated",)


async def test_a_bulk_exalate_begins_what_is_new_compares_what_is_known_and_leaves_the_rest(live: World):
    known, unlinked = await _begin(live, "APP-1"), await _begin(live, "APP-2")
    await live.store.twins.set_status(unlinked.id, TwinStatus.UNLINKED)
    live.signals.messages.clear()
    items = {one.subject: one for one in await _worked(live, await _exalate(live))}

    assert items["APP-1"].twin == known.id
    assert f"item_changed {known.id} left" in live.signals.messages
    assert (items["APP-2"].state, items["APP-2"].twin) == (ItemState.SKIPPED, "")
    new = {one.subject: one.twin for one in items.values() if one.state is ItemState.QUEUED and one.subject != "APP-1"}
    assert new
    for key, twin in new.items():
        begun = await live.store.twins.get(twin)
        assert (begun.left.key if begun.left else "", begun.status) == (key, TwinStatus.SYNCING)
    assert {one.twin for one in await live.store.transactions.waiting("app-bugs", 100)} >= {known.id, *new.values()}


async def test_a_bulk_sync_forces_every_live_twin_once(live: World):
    first, second = await _begin(live, "APP-1"), await _begin(live, "APP-2")
    await live.store.twins.set_status(second.id, TwinStatus.UNLINKED)
    live.signals.messages.clear()
    begun = await bulk.sync(live.store, live.signals, "app-bugs", "ann", side=Side.RIGHT)
    (item,) = await _worked(live, begun)
    await _worked(live, begun)
    assert (item.state, item.twin) == (ItemState.QUEUED, first.id)
    assert live.signals.messages == ["operation_changed sync running", f"item_changed {first.id} left forced"]


async def test_a_bulk_retry_tries_those_in_error_only(live: World):
    failed, _ = await _begin(live, "APP-1"), await _begin(live, "APP-2")
    transaction = await live.store.transactions.begin(failed.id, Side.LEFT)
    await live.store.transactions.park(transaction.id, "no")
    live.signals.messages.clear()
    (item,) = await _worked(live, await bulk.retry(live.store, live.signals, "app-bugs", "ann"))
    assert (item.subject, item.state) == ("APP-1 ⇄ -", ItemState.QUEUED)
    assert live.signals.messages[1:] == [f"retry {failed.id}"]


async def test_a_bulk_unlink_waits_for_the_queue(live: World):
    twin = await _begin(live)
    live.signals.messages.clear()
    begun = await bulk.unlink(live.store, live.signals, live.systems, "app-bugs", "ann", query=ALL)
    (item,) = await _worked(live, begun)
    assert (item.state, live.signals.messages[1:]) == (ItemState.QUEUED, [f"unlink {twin.id}"])
    await live.store.twins.set_status(twin.id, TwinStatus.UNLINKED)
    await live.store.operation_items.settle(begun.operation.id, OperationKind.UNLINK)
    assert (await bulk_steering.shown(live.store, begun.operation.id)).items[ItemState.DONE] == 1


async def test_a_clean_up_ends_twins_at_once_and_keeps_their_pairs(live: World):
    linked = await relink(live.store, live.signals, live.systems, "app-bugs", left="APP-1", right="acme/app#1", source=Side.LEFT)
    alone = await _begin(live, "APP-2")
    (begun,) = await bulk.clean_up_system(live.store, live.signals, live.systems, "acme-github", "ann")
    with pytest.raises(BadInput, match="still being looked for"):
        await bulk_steering.pairs(live.store, begun.operation.id)
    assert {one.state for one in await _worked(live, begun)} == {ItemState.DONE}
    await live.store.operations.collected(begun.operation.id)

    assert {(await live.store.twins.get(one)).status for one in (linked.twin.id, alone.id)} == {TwinStatus.UNLINKED}
    assert {one.stage for one in await live.store.transactions.of_twin(alone.id)} == {Stage.DISCARDED}
    assert await bulk_steering.pairs(live.store, begun.operation.id) == "left,right\nAPP-1,acme/app#1\n"


async def test_a_clean_up_of_one_item_ends_only_its_twin(live: World):
    first, second = await _begin(live, "APP-1"), await _begin(live, "APP-2")
    begun = await bulk.clean_up(live.store, live.signals, live.systems, "app-bugs", "ann", item="APP-1")
    await _worked(live, begun)
    assert (await live.store.twins.get(first.id)).status is TwinStatus.UNLINKED
    assert (await live.store.twins.get(second.id)).status is TwinStatus.SYNCING
    with pytest.raises(BadInput, match="'APP-1' is not under sync on app-bugs"):
        await bulk.clean_up(live.store, live.signals, live.systems, "app-bugs", "ann", item="APP-1")


async def _connect(live: World, text: str, *, dry_run: bool = False) -> Begun:
    return await bulk.connect(live.store, live.signals, "app-bugs", "ann", text=text, source=Side.LEFT, dry_run=dry_run)


async def test_a_dry_run_tells_of_every_line_and_links_nothing(live: World):
    begun = await _connect(live, "APP-1,acme/app#1\n", dry_run=True)
    (item,) = await _worked(live, begun)
    assert (item.subject, item.state, item.reason) == ("line 1: APP-1 ⇄ acme/app#1", ItemState.DONE, "will be paired")
    assert begun.notes[0] == "looks up 1 pairs; nothing is linked"
    assert await live.store.twins.listing("app-bugs", None) == ()


async def test_a_line_links_its_items_once_and_never_one_that_another_pair_has(live: World):
    (item,) = await _worked(live, await _connect(live, "left;right\nAPP-1;acme/app#1\n"))
    assert (item.state, item.subject) == (ItemState.QUEUED, "line 2: APP-1 ⇄ acme/app#1")
    (again,) = await _worked(live, await _connect(live, "APP-1,acme/app#1\n"))
    assert (again.state, again.reason, again.twin) == (ItemState.DONE, "is a pair already", item.twin)
    with pytest.raises(BadInput, match=rf"acme/app#1 is in sync with APP-1 \(twin {item.twin}\)"):
        await _worked(live, await _connect(live, "APP-2,acme/app#1\n"))
    assert len(await live.store.twins.listing("app-bugs", None)) == 1


async def test_a_bad_line_refuses_the_whole_file(live: World):
    with pytest.raises(Rejected, match="line 2: there must be two items"):
        await _connect(live, "APP-1,acme/app#1\nAPP-2\n")
    assert (await bulk_steering.listed(live.store, None, None)).operations == ()


async def test_the_forecast_follows_the_pace_that_is_seen(live: World):
    begun = await _connect(live, "APP-1,1\nAPP-2,2\nAPP-3,3\nAPP-4,4\n")
    assert begun.operation.ends is None
    await live.store.operations.collected(begun.operation.id)
    first = await bulk_steering.shown(live.store, begun.operation.id)
    assert first.ends is not None
    assert timedelta(seconds=1.5) < first.ends - first.started < timedelta(seconds=30)
    for number in (1, 2, 3):
        await live.store.operation_items.conclude(first.id, number, ItemState.DONE)
    later = await bulk_steering.shown(live.store, first.id)
    assert later.finished == 3
    assert later.ends is not None
    assert later.ends > first.started
    paused = await bulk_steering.pause(live.store, live.signals, first.id)
    assert paused.operation.ends is None


async def test_there_is_no_forecast_while_nothing_comes_to_its_end(live: World):
    begun = await _connect(live, "APP-1,1\nAPP-2,2\n")
    await live.store.operations.collected(begun.operation.id)
    await live.store.operation_items.conclude(begun.operation.id, 1, ItemState.DONE)
    later = live.store.database.now() + RECENTLY + timedelta(minutes=1)
    live.store.database.now = lambda: later
    assert (await bulk_steering.shown(live.store, begun.operation.id)).ends is None


async def test_items_are_shown_page_by_page(live: World):
    begun = await _connect(live, "APP-1,1\nAPP-2,2\nAPP-3,3\n")
    page = await bulk_steering.items(live.store, begun.operation.id, ItemState.WAITING, limit=2)
    rest = await bulk_steering.items(live.store, begun.operation.id, ItemState.WAITING, limit=2, after=int(page.after))
    assert ([one.number for one in page.items], [one.number for one in rest.items], rest.after) == ([1, 2], [3], "")


async def test_the_copy_of_an_item_begins_no_twin(live: World):
    maker = await _begin(live)
    operation = await live.store.operations.get((await _exalate(live)).operation.id)
    work = works(live.store, live.signals, live.systems)[OperationKind.EXALATE]
    async for entries in work.entries(operation):
        copies = [one.model_copy(update={"target": one.target.model_copy(update={"marker": maker.id})}) for one in entries]
        await live.store.operation_items.add(operation.id, [one for one in copies if one.target.key == "APP-2"])
    (item,) = await live.store.operation_items.listing(operation.id, None, 9)
    await work.carry_out(operation, item)
    (item,) = await live.store.operation_items.listing(operation.id, None, 9)
    assert (item.state, item.reason) == (ItemState.SKIPPED, f"is the copy that twin {maker.id} made")
    assert await live.store.twins.by_item("acme-jira", ItemRef(id=item.target.id, key="", url="").id) == ()


async def test_a_twin_is_told_again_where_whoever_queued_its_item_died_before(live: World):
    engine = Engine(live.store, live.systems, Ruling(live.store.database.now), b"key", live.store.database.now)
    work, environment = Bulk(engine, works(live.store, live.signals, live.systems)).work, ActivityEnvironment()
    known = await _begin(live)
    for begun, hint in (
        (await _exalate(live), ""),
        (await bulk.sync(live.store, live.signals, "app-bugs", "ann"), " forced"),
    ):
        live.signals.down = True
        with pytest.raises(Unavailable):
            await _worked(live, begun)
        live.signals.down = False
        live.signals.messages.clear()
        (item,) = await live.store.operation_items.listing(begun.operation.id, ItemState.QUEUED, 10)
        for attempt, told in ((1, 0), (2, 1)):
            environment.info = replace(environment.info, attempt=attempt)
            await environment.run(work, BulkRequest(operation=begun.operation.id, limit=0))
            assert live.signals.messages.count(f"item_changed {item.twin} left{hint}") == told
    assert known.id == item.twin


async def test_a_retry_is_told_again_where_whoever_queued_it_died_before(live: World):
    twin = await _begin(live)
    await live.store.twins.set_status(twin.id, TwinStatus.ERROR, "no option 'P0'")
    begun = await bulk.retry(live.store, live.signals, "app-bugs", "ann")
    live.signals.down = True
    with pytest.raises(Unavailable):
        await _worked(live, begun)
    live.signals.down = False
    live.signals.messages.clear()
    (item,) = await live.store.operation_items.listing(begun.operation.id, ItemState.QUEUED, 10)
    operation = await live.store.operations.get(begun.operation.id)
    await works(live.store, live.signals, live.systems)[operation.kind].carry_out(operation, item)
    assert live.signals.messages == [f"retry {twin.id}"]
