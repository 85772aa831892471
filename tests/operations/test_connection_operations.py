import pytest
from acme_world import World

from model.errors import BadInput
from model.words import ConnectionStatus, Side
from operations import connections, deployment


@pytest.fixture
async def live(world: World) -> World:
    await deployment.apply(world.store, world.signals, world.declared())
    world.signals.messages.clear()
    return world


async def test_one_end_is_enough_to_stop_and_both_are_needed_to_go_on(live: World):
    stopped = await connections.deactivate(live.store, live.signals, "app-bugs", [Side.LEFT])
    assert (stopped.status, stopped.left_active, stopped.right_active) == (ConnectionStatus.DEACTIVATED, False, True)
    told = (await connections.shown(live.store, "app-bugs")).standstill
    assert told
    assert told.cause == "its left end (acme-jira) is deactivated"

    live.signals.messages.clear()
    other = await connections.activate(live.store, live.signals, "app-bugs", [Side.RIGHT])
    assert (other.status, other.changed) == (ConnectionStatus.DEACTIVATED, False)
    assert live.signals.messages == ["connection_changed app-bugs False"]
    assert (await connections.activate(live.store, live.signals, "app-bugs", [Side.LEFT])).status is ConnectionStatus.ACTIVE
    assert "wake_feed acme-jira" in live.signals.messages
    assert (await connections.shown(live.store, "app-bugs")).standstill is None


async def test_an_error_tells_cause_impact_and_remedy(live: World):
    await live.store.configurations.set_status("app-bugs", ConnectionStatus.ERROR, "acme-jira rejected the login.")
    told = (await connections.shown(live.store, "app-bugs")).standstill
    assert told
    assert told.cause == "acme-jira rejected the login."
    assert told.impact.startswith("0 twins are held, 0 changes queued")
    assert told.remedy == "correct the cause, then run `twinline connection activate app-bugs`"


async def test_a_pending_connection_is_accepted_and_not_activated(live: World):
    await live.store.configurations.set_status("app-bugs", ConnectionStatus.PENDING)
    live.signals.messages.clear()
    with pytest.raises(BadInput, match="twinline connection accept app-bugs"):
        await connections.activate(live.store, live.signals, "app-bugs")
    assert live.signals.messages == []
    assert (await connections.accept(live.store, live.signals, "app-bugs")).status is ConnectionStatus.ACTIVE
    assert "connection_changed app-bugs True" in live.signals.messages
