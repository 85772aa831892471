from acme_world import World

from model.words import ConnectionStatus
from operations import connections, deployment
from operations.adopting import adopt


async def test_a_moved_database_goes_on_once_it_is_adopted(world: World):
    await deployment.apply(world.store, world.signals, world.declared())
    await world.store.homes.settle("one", "copied")
    await world.store.homes.settle("two", "copied")
    world.signals.messages.clear()

    told = (await connections.shown(world.store, "app-bugs")).standstill
    again = await deployment.apply(world.store, world.signals, world.declared())
    assert told
    assert (told.cause, "twinline deployment adopt" in told.remedy) == ("copied", True)
    assert again.differences == ()
    assert "app-bugs stays deactivated: copied" in again.warnings
    assert "wake_feed acme-jira" not in world.signals.messages

    assert (await adopt(world.store, world.signals)).connections == ("app-bugs",)
    assert (await world.store.configurations.connection("app-bugs")).status is ConnectionStatus.ACTIVE
    assert "wake_feed acme-jira" in world.signals.messages
