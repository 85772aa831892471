import pytest
from acme_world import World, conflicted

from model.errors import BadInput
from model.monitor import TwinSearch
from model.plan import Conflict
from model.twin import Transaction
from model.words import ConflictPolicy, ConnectionStatus, Side, Stage, TwinStatus
from operations import conflicts, connections, deployment, steering, twins


@pytest.fixture
async def live(world: World) -> World:
    await deployment.apply(world.store, world.signals, world.declared())
    world.signals.messages.clear()
    return world


async def test_deactivation_is_recorded_even_if_temporal_is_down(live: World):
    live.signals.down = True
    done = await connections.deactivate(live.store, live.signals, "app-bugs")

    assert (done.status, done.changed, len(done.warnings)) == (ConnectionStatus.DEACTIVATED, True, 1)
    assert (await live.store.configurations.connection("app-bugs")).status is ConnectionStatus.DEACTIVATED


async def test_activation_wakes_the_connection_and_both_feeds(live: World):
    await connections.deactivate(live.store, live.signals, "app-bugs")
    live.signals.messages.clear()
    done = await connections.activate(live.store, live.signals, "app-bugs")

    assert done.changed
    assert sorted(live.signals.messages) == ["connection_changed app-bugs True", "wake_feed acme-github", "wake_feed acme-jira"]


async def test_switching_to_the_status_it_has_changes_nothing(live: World):
    assert not (await connections.activate(live.store, live.signals, "app-bugs")).changed


async def test_an_item_comes_under_sync_once(live: World):
    first = await twins.sync(live.store, live.signals, live.systems, "app-bugs", item="APP-1", side=Side.LEFT)
    second = await twins.sync(live.store, live.signals, live.systems, "app-bugs", item="APP-1")

    assert (first.new, second.new) == (True, False)
    assert first.twin.id == second.twin.id
    assert live.signals.messages == [f"item_changed {first.twin.id} left forced"] * 2
    assert len(await live.store.transactions.waiting("app-bugs", 10)) == 1


async def test_an_item_of_the_right_side_is_found_without_saying_so(live: World):
    done = await twins.sync(live.store, live.signals, live.systems, "app-bugs", item="acme/app#1")

    assert done.side is Side.RIGHT
    assert done.twin.right
    assert done.twin.right.key == "acme/app#1"


async def test_a_twin_is_synced_from_the_side_that_is_named(live: World):
    store, signals = live.store, live.signals
    twin = (await twins.sync(store, signals, live.systems, "app-bugs", item="APP-1", side=Side.LEFT)).twin
    with pytest.raises(BadInput, match="no item on its right side yet; sync it from the left one"):
        await steering.resync(store, signals, twin.id, Side.RIGHT)

    first = await store.transactions.begin(twin.id, Side.LEFT)
    await store.transactions.park(first.id, "no option 'P0'")
    signals.messages.clear()
    done = await steering.resync(store, signals, twin.id, Side.LEFT)
    assert (done.new, done.side, signals.messages) == (False, Side.LEFT, [f"item_changed {twin.id} left forced"])
    assert [one.stage for one in await store.transactions.waiting("app-bugs", 10)] == [Stage.ERROR, Stage.QUEUED]
    assert done.warnings == (
        f"twin {twin.id} is in error (no option 'P0'); the change waits until the cause is corrected and the twin retried",
    )
    await store.twins.set_status(twin.id, TwinStatus.UNLINKED)
    with pytest.raises(BadInput, match="relink it"):
        await steering.resync(store, signals, twin.id, Side.LEFT)


async def test_an_unknown_item_is_told_with_the_systems(live: World):
    with pytest.raises(BadInput, match="no item 'APP-999' in acme-github or acme-jira"):
        await twins.sync(live.store, live.signals, live.systems, "app-bugs", item="APP-999")


async def test_a_sync_on_a_deactivated_connection_waits_and_says_so(live: World):
    await connections.deactivate(live.store, live.signals, "app-bugs")
    done = await twins.sync(live.store, live.signals, live.systems, "app-bugs", item="APP-1", side=Side.LEFT)

    assert done.warnings == ("app-bugs is Deactivated; the change waits until it is activated",)


async def test_twins_come_in_pages(live: World):
    for key in ("APP-1", "APP-2", "APP-3"):
        await twins.sync(live.store, live.signals, live.systems, "app-bugs", item=key, side=Side.LEFT)
    first = await twins.listed(live.store, TwinSearch(connection="app-bugs"), limit=2)
    second = await twins.listed(live.store, TwinSearch(connection="app-bugs"), limit=2, after=first.after)

    assert [twin.left.key for twin in (*first.twins, *second.twins) if twin.left] == ["APP-3", "APP-2", "APP-1"]
    assert second.after == ""
    with pytest.raises(BadInput, match="no connection 'nope'"):
        await twins.listed(live.store, TwinSearch(connection="nope"))


async def _conflict(live: World) -> tuple[str, int]:
    held = Conflict(subject="status", target=Side.RIGHT, left="Done", right="open", policy=ConflictPolicy.HOLD, winner=None)
    return await conflicted(live, held, TwinStatus.CONFLICT, {})


async def test_a_decided_conflict_syncs_from_the_side_opposite_to_its_target(live: World):
    twin, conflict = await _conflict(live)
    live.signals.messages.clear()
    done = await conflicts.resolve(live.store, live.signals, conflict, Side.RIGHT, "ann")

    assert (done.conflict.winner, done.conflict.who) == (Side.RIGHT, "ann")
    assert live.signals.messages == [f"item_changed {twin} left forced"]
    assert (await conflicts.listed(live.store, None)).conflicts == ()
    assert [one.source for one in await live.store.transactions.waiting(None, 10)] == [Side.LEFT]


async def test_a_conflict_of_an_unlinked_twin_is_not_decided(live: World):
    twin, conflict = await _conflict(live)
    await live.store.twins.set_status(twin, TwinStatus.UNLINKED)

    with pytest.raises(BadInput, match="unlinked"):
        await conflicts.resolve(live.store, live.signals, conflict, Side.RIGHT, "ann")


async def test_a_twin_shows_where_it_is_in_temporal(live: World):
    started = await twins.sync(live.store, live.signals, live.systems, "app-bugs", item="APP-1", side=Side.LEFT)
    detail = await twins.shown(live.store, started.twin.id)

    assert started.twin.left
    assert detail.workflow == f"twin/app-bugs/left/{started.twin.left.id}"
    assert [one.stage for one in detail.transactions] == [Stage.QUEUED]


async def test_a_twin_that_is_parked_while_it_is_looked_at_is_never_shown_as_synchronized(live: World, monkeypatch: pytest.MonkeyPatch):
    twin = (await twins.sync(live.store, live.signals, live.systems, "app-bugs", item="APP-1", side=Side.LEFT)).twin.id
    await live.store.twins.set_status(twin, TwinStatus.SYNCHRONIZED)
    begun = await live.store.transactions.begin(twin, Side.LEFT)
    transactions_of = live.store.transactions.of_twin

    async def parked_just_before(twin: str) -> tuple[Transaction, ...]:
        await live.store.transactions.park(begun.id, "no option 'P0'")
        return await transactions_of(twin)

    monkeypatch.setattr(live.store.transactions, "of_twin", parked_just_before)
    detail = await twins.shown(live.store, twin)
    assert ([one.stage for one in detail.transactions], detail.twin.status) == ([Stage.ERROR], TwinStatus.ERROR)


async def test_a_connection_counts_its_twins_and_queue(live: World):
    await twins.sync(live.store, live.signals, live.systems, "app-bugs", item="APP-1", side=Side.LEFT)
    (view,) = await connections.listed(live.store)

    assert (view.twins[TwinStatus.SYNCING], view.queue) == (1, 1)
    assert (await connections.shown(live.store, "app-bugs")).configuration.triggers[0].query == "project = APP AND labels = sync"
