"""What is refused when a trigger is saved, and what a change of one does to where its search stands."""

from datetime import UTC, datetime, timedelta

import pytest
from acme_world import World
from pydantic import JsonValue, SecretStr
from searching import QUERY, Searching, triggers

from connectors import declarations
from connectors.kit.conformance.live import running
from connectors.kit.conformance.suite import known
from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.trigger import Trigger
from model.words import Side
from operations.deployment import apply, preview
from operations.problems import Rejected

HOUR = timedelta(hours=1)


@pytest.fixture
def searching(world: World) -> Searching:
    return Searching(world, datetime.now(UTC))


@pytest.mark.parametrize("kind", list(declarations()))
async def test_each_platform_refuses_a_bad_query_with_its_place_and_nothing_is_done(world: World, kind: str) -> None:
    subject = known(kind).subject
    async with running(known(kind)) as live:
        credentials = {name: SecretStr(value) for name, value in subject.credentials.items()}
        side = SideDeclaration(settings=dict(subject.settings))
        both = (Trigger(side=Side.LEFT, query=subject.query("fire")), Trigger(side=Side.LEFT, query=subject.bad_query))
        wanted = Deployment(
            systems={"acme": SystemDeclaration(kind=kind, url=f"{live.url}{subject.root}", credentials=credentials)},
            integrations={"inner": IntegrationDeclaration(left="acme", right="acme")},
            connections={"desk": ConnectionDeclaration(integration="inner", left=side, right=side, triggers=both)},
        )
        with pytest.raises(Rejected) as refused:
            await apply(world.store, world.signals, wanted)
    assert [one.place for one in refused.value.problems] == ["connections.desk.triggers.1.query"]
    assert len(refused.value.problems[0].message) > 20
    assert await world.store.configurations.systems() == ()
    assert world.signals.messages == []


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (
            [{"name": "urgent"}, {"name": "urgent", "query": "project = APP"}],
            "connections.app-bugs.triggers.1.name: another trigger of the left side is called 'urgent'",
        ),
        (
            [{}, {"name": "trigger-1", "query": "project = APP"}],
            "connections.app-bugs.triggers.1.name: another trigger of the left side is called 'trigger-1'",
        ),
        ([{"entity": "sprint"}], "connections.app-bugs.triggers.0.entity: the query finds 'issue' and not 'sprint'"),
        (
            [{"side": "right", "query": "label:sync", "entity": "pull request"}],
            "connections.app-bugs.triggers.0.entity: the query finds 'issue' and not 'pull request'",
        ),
        ([{"active": False, "query": "a === b"}], "connections.app-bugs.triggers.0.query: "),
    ],
)
async def test_what_does_not_fit_is_told_with_its_place(world: World, wanted: list[dict[str, JsonValue]], problem: str) -> None:
    with pytest.raises(Rejected) as refused:
        await apply(world.store, world.signals, world.declared(triggers(*wanted)))
    assert [str(one) for one in refused.value.problems if str(one).startswith(problem)], refused.value.problems
    assert await world.store.configurations.systems() == ()


async def test_what_fits_is_taken(world: World) -> None:
    pulls: dict[str, JsonValue] = {"side": "right", "query": "is:pr label:sync", "entity": "pull request", "schedule": {"every": "24h"}}
    done = await apply(world.store, world.signals, world.declared(triggers({"name": "urgent", "entity": "issue"}, pulls)))
    again = await preview(world.store, world.declared(triggers({"name": "urgent", "entity": "issue"}, pulls)))
    off = await preview(world.store, world.declared(triggers({"name": "urgent", "active": False, "entity": "issue"}, pulls)))
    assert (done.applied, again.differences) == (True, ())
    assert off.differences[0].details == (f"trigger - left urgent: {QUERY}", f"trigger + left urgent (off): {QUERY}")


async def test_schedules_follow_what_is_applied(world: World) -> None:
    nightly: dict[str, JsonValue] = {"name": "nightly", "schedule": "0 3 * * *"}
    for wanted in (nightly, {**nightly, "name": "daily"}, {**nightly, "name": "daily", "active": False}):
        await apply(world.store, world.signals, world.declared(triggers(wanted)))
    told = [one for one in world.signals.messages if one.startswith("schedule")]
    assert told == ["schedule app-bugs nightly after", "schedule app-bugs daily after nightly", "schedule app-bugs  after daily"]


async def test_a_trigger_whose_platform_is_away_can_be_switched_off_and_not_changed(world: World) -> None:
    await apply(world.store, world.signals, world.declared(triggers({})))
    now = await world.store.configurations.deployment()
    away = now.systems["acme-jira"].model_copy(update={"url": "http://127.0.0.1:1"})
    await world.store.configurations.match(now.model_copy(update={"systems": {"acme-jira": away}}))
    off, changed = (
        world.declared(triggers(one)).model_copy(update={"systems": {}}) for one in ({"active": False}, {"query": "project = X"})
    )
    with pytest.raises(Rejected, match="cannot be reached"):
        await apply(world.store, world.signals, changed)
    await apply(world.store, world.signals, off)
    assert not (await world.store.configurations.connection("app-bugs")).configuration.triggers[0].active


async def test_a_switched_off_trigger_brings_nothing_and_then_takes_up_where_it_was(searching: Searching) -> None:
    world = searching.world
    await apply(world.store, world.signals, world.declared(triggers({})))
    await searching.create("Before")
    first = await searching.drain()
    stood = await searching.look()
    await apply(world.store, world.signals, world.declared(triggers({"active": False, "notes": "not at night"})))
    await searching.create("While it is off")
    searching.now += HOUR
    off = await searching.drain()
    assert await searching.look() == stood
    await apply(world.store, world.signals, world.declared(triggers({"name": "urgent", "notes": "again"})))
    assert await searching.look() == stood
    assert (first, off, await searching.drain()) == (1, 0, 1)


async def test_a_query_that_is_no_longer_taken_stops_nothing_else_and_misses_nothing(searching: Searching) -> None:
    world = searching.world
    await apply(world.store, world.signals, world.declared(triggers({}, {"query": "project = APP AND summary ~ Fine"})))
    configurations = world.store.configurations
    now = await configurations.deployment()
    broken = now.connections["app-bugs"].model_copy(
        update={"triggers": (Trigger(side=Side.LEFT, query="sprint = 4"), now.connections["app-bugs"].triggers[1])}
    )
    await configurations.match(now.model_copy(update={"connections": {"app-bugs": broken}}))
    await searching.create("Fine")
    assert await searching.drain() == 1
    at, problem = await searching.look()
    assert at is not None
    assert at.year == 1
    assert "sprint" in problem
