import pytest
from acme_world import World

from model.deployment import ConnectionDeclaration, SideDeclaration
from model.errors import BadInput
from model.words import ConnectionStatus, Side, TwinStatus
from operations import deployment, lifecycle, twins
from operations.problems import Rejected


@pytest.fixture
async def live(world: World) -> World:
    await deployment.apply(world.store, world.signals, world.declared())
    return world


async def test_a_new_connection_has_the_connectors_rules_and_waits_to_be_accepted(live: World):
    wanted = ConnectionDeclaration(
        integration="jira-github",
        left=SideDeclaration(settings={"project": "APP"}),
        right=SideDeclaration(settings={"repository": "acme/app"}),
    )
    made = await lifecycle.create(live.store, live.signals, "app-tasks", wanted, "ada")
    assert (made.status, made.version) == (ConnectionStatus.PENDING, 1)
    assert "replica" in made.configuration.left.outgoing
    with pytest.raises(BadInput, match="'app-tasks' already; choose another name"):
        await lifecycle.create(live.store, live.signals, "app-tasks", wanted)

    wrong = wanted.model_copy(update={"left": SideDeclaration(settings={"project": "NOPE"}, incoming="issue.summary =")})
    with pytest.raises(Rejected) as refused:
        await lifecycle.create(live.store, live.signals, "more", wrong)
    assert [one.place.split()[0] for one in refused.value.problems] == ["connections.more.left.incoming", "connections.more.left.settings"]
    assert [one.id for one in await live.store.configurations.connections()] == ["app-bugs", "app-tasks"]


async def test_an_export_is_what_is_configured(live: World):
    await lifecycle.rename(live.store, "app-bugs", "bugs")
    for status, active in (
        (ConnectionStatus.ACTIVE, True),
        (ConnectionStatus.DEACTIVATED, False),
        (ConnectionStatus.ERROR, None),
        (ConnectionStatus.PENDING, None),
    ):
        await live.store.configurations.set_status("app-bugs", status)
        told = await lifecycle.exported(live.store, "app-bugs")
        assert (told.connections["bugs"].active, told.systems) == (active, {})
        assert (await deployment.apply(live.store, live.signals, told)).differences == ()
        assert (await live.store.configurations.connection("app-bugs")).status is status


async def test_a_copy_has_the_configuration_and_starts_deactivated(live: World):
    copied = await lifecycle.copy(live.store, live.signals, "app-bugs", to="app-tasks")
    original = await live.store.configurations.connection("app-bugs")
    assert (copied.status, copied.configuration) == (ConnectionStatus.DEACTIVATED, original.configuration)
    for to, integration, message in (("app-tasks", None, "already"), ("more", "nowhere", "no integration 'nowhere'")):
        with pytest.raises(BadInput, match=message):
            await lifecycle.copy(live.store, live.signals, "app-bugs", to=to, integration=integration)


async def test_a_file_may_use_the_new_name(live: World):
    assert (await lifecycle.rename(live.store, "app-bugs", "bugs")).name == "bugs"
    content = live.declared()
    renamed = content.model_copy(update={"connections": {"bugs": content.connections["app-bugs"]}})
    assert (await deployment.apply(live.store, live.signals, renamed)).differences == ()
    assert [one.id for one in await live.store.configurations.connections()] == ["app-bugs"]


async def test_only_a_connection_without_twins_is_deleted(live: World):
    begun = await twins.sync(live.store, live.signals, live.systems, "app-bugs", item="APP-1", side=Side.LEFT)
    live.signals.messages.clear()
    with pytest.raises(BadInput, match="has 1 twins under sync; unlink them first"):
        await lifecycle.delete(live.store, live.signals, "app-bugs")
    assert live.signals.messages == []
    await live.store.twins.set_status(begun.twin.id, TwinStatus.UNLINKED)
    assert (await lifecycle.delete(live.store, live.signals, "app-bugs")).connection == "app-bugs"
    assert live.signals.messages == ["end_connection app-bugs"]
    assert await live.store.configurations.connections() == ()
