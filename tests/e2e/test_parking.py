"""What cannot go on is parked with its reason, alone, and goes on once the cause is corrected."""

import pytest
from pydantic import SecretStr

from connectors import declaration
from model.configuration import Connection
from model.deployment import Deployment, SideDeclaration
from model.twin import Twin
from model.words import ConnectionStatus, Impact, TwinStatus
from operations.connections import activate
from operations.deployment import apply
from tests.e2e.world import World, eventually

BROKEN = """\
issue.summary = replica.summary
if (replica.summary.contains("Dynamite")) {
    throw new IllegalStateException("too dangerous")
}
"""


async def _twin_of(world: World, key: str) -> Twin:
    return next(twin for twin in await world.twins() if twin.left and twin.left.key == key)


async def test_a_failing_rule_parks_the_items_that_meet_it_until_a_better_one_is_published(world: World) -> None:
    github = declaration("github")
    broken = SideDeclaration(settings={"repository": "acme/app"}, outgoing=github.outgoing, incoming=BROKEN)
    key, number = await world.one_pair("Rope", right=broken)
    parked = await world.ann.create("APP", "Dynamite", labels=("sync",))

    async def status() -> str:
        found = [f"{twin.status}: {twin.reason}" for twin in await world.twins() if twin.left and twin.left.key == parked]
        return found[0] if found else ""

    reason = await eventually(status, lambda seen: seen.startswith(TwinStatus.ERROR), "a parked twin")
    assert "line 3" in reason
    assert "too dangerous" in reason
    await world.ann.edit(key, summary="Long rope")
    await world.on_github(number, lambda issue: issue["title"] == "Long rope", "the other pair goes on")

    await apply(world.store, world.signals, world.deployment())
    await world.quiet(2)
    assert (await world.bob.see(await world.number_of(parked)))["title"] == "Dynamite"


def _with_github_token(deployment: Deployment, system: str, token: str) -> Deployment:
    wrong = deployment.systems[system].model_copy(update={"credentials": {"token": SecretStr(token)}})
    return deployment.model_copy(update={"systems": {**deployment.systems, system: wrong}})


async def test_a_rejected_login_puts_the_connection_in_error_and_holds_its_twins_until_it_is_corrected(world: World) -> None:
    key, number = await world.one_pair("Balloon", poll=2)
    await world.configure(_with_github_token(world.deployment(poll=2), world.github_system, "wrong-token"))
    await world.ann.edit(key, summary="Red balloon")

    async def connection() -> Connection:
        return await world.store.configurations.connection(world.connection)

    failed = await eventually(connection, lambda now: now.status is ConnectionStatus.ERROR, "the connection in Error")
    assert world.github_system in failed.reason
    assert "wrong-token" not in failed.reason
    await eventually(lambda: _twin_of(world, key), lambda twin: twin.status is TwinStatus.HELD, "the twin held")

    await world.configure(world.deployment(poll=2))
    await activate(world.store, world.signals, world.connection)
    await world.on_github(number, lambda issue: issue["title"] == "Red balloon", "title on GitHub")
    await world.bob.edit(number, title="Red balloons")
    await world.in_jira(key, lambda issue: issue["summary"] == "Red balloons", "summary in Jira")
    await world.quiet(1)


@pytest.mark.parametrize(("thrown", "status"), [("IssueTrackerException", ConnectionStatus.ACTIVE), ("Exception", ConnectionStatus.ERROR)])
async def test_an_exception_may_stop_the_whole_connection(world: World, thrown: str, status: ConnectionStatus) -> None:
    incoming = BROKEN.replace("IllegalStateException", thrown)
    side = SideDeclaration(settings={"repository": "acme/app"}, outgoing=declaration("github").outgoing, incoming=incoming)
    wanted = world.deployment(right=side)
    strict = wanted.connections[world.connection].model_copy(update={"script_errors": Impact.CONNECTION})
    key = await world.ann.create("APP", "Dynamite", labels=("sync",))
    await world.configure(wanted.model_copy(update={"connections": {world.connection: strict}}))
    await world.start_worker()
    stopped = TwinStatus.ERROR if status is ConnectionStatus.ACTIVE else TwinStatus.HELD

    async def look() -> TwinStatus:
        return next((twin.status for twin in await world.twins() if twin.left and twin.left.key == key), TwinStatus.SYNCING)

    await eventually(look, lambda now: now is stopped, f"a twin that is {stopped}")
    assert (await world.store.configurations.connection(world.connection)).status is status
    await apply(world.store, world.signals, world.deployment())
    await world.quiet(1)
    assert (await world.bob.see(await world.number_of(key)))["title"] == "Dynamite"
