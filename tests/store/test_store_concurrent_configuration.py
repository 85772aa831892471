"""Eight processes at once: declarations, and what befalls connections meanwhile."""

import asyncio
import random
from collections import Counter
from functools import partial

import pytest

from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration
from model.item import ItemRef
from model.words import ConnectionStatus, Side
from store import MasterKey, Store
from store.matching import match
from tests.store.crew import SIZE, Crew

SIDE = SideDeclaration(settings={"project": "ACME"}, outgoing="replica.summary = issue.summary", incoming="")

pytestmark = [pytest.mark.xdist_group("crew"), pytest.mark.databases]


async def declare(store: Store, _: int, deployment: Deployment) -> None:
    await store.configurations.match(deployment)


async def test_what_all_declare_is_configured_once(empty: Store, acme: Deployment, crew: Crew) -> None:
    await crew.work(partial(declare, deployment=acme))
    assert [one.id for one in await empty.configurations.systems()] == ["acme-github", "acme-jira"]
    assert (await empty.configurations.connection("support")).version == 1


async def publish(store: Store, member: int) -> None:
    for number in range(3):
        left = SIDE.model_copy(update={"outgoing": f"replica.key = {member * 10 + number}"})
        connection = ConnectionDeclaration(integration="acme", left=left, right=SIDE)
        await store.configurations.match(Deployment(connections={"support": connection}))


async def test_versions_are_numbered_without_gaps(store: Store, crew: Crew) -> None:
    await crew.work(publish)
    connection = await store.configurations.connection("support")
    assert connection.version == 1 + 3 * SIZE
    versions = [await store.configurations.configuration("support", number + 1) for number in range(connection.version)]
    assert len({version.left.outgoing for version in versions}) == len(versions)
    assert versions[-1] == connection.configuration


def several(count: int) -> Deployment:
    names = [f"support-{number}" for number in range(count)]
    return Deployment(connections={name: ConnectionDeclaration(integration="acme", left=SIDE, right=SIDE) for name in names})


async def fail(store: Store, member: int) -> list[str]:
    """Half of the members fail the system, the others activate its connections again, each in an order of its own."""
    if member % 2:
        connections = list(several(6).connections.items())
        random.Random(member).shuffle(connections)
        await store.configurations.match(Deployment(connections=dict(connections)))
        return []
    failed: list[str] = []
    for _ in range(3):
        failed += await store.configurations.fail_system("acme-jira", f"member {member}")
    return failed


async def test_a_failed_system_and_a_declaration_do_not_block_each_other(store: Store, crew: Crew) -> None:
    for _ in range(4):
        await store.configurations.match(several(6))
        await crew.work(fail)


async def fail_only(store: Store, member: int) -> list[str]:
    return list(await store.configurations.fail_system("acme-jira", f"member {member}"))


async def test_one_of_all_fails_a_connection(store: Store, crew: Crew) -> None:
    names = {"support", *several(6).connections}
    for _ in range(5):
        await store.configurations.match(several(6))
        await store.configurations.set_status("support", ConnectionStatus.ACTIVE)
        failed = await crew.work(fail_only)
        assert Counter(name for those in failed for name in those) == Counter(names)


async def set_active(store: Store, _: int) -> bool:
    return await store.configurations.set_status("support", ConnectionStatus.ACTIVE)


async def test_one_of_all_activates_a_connection(store: Store, crew: Crew) -> None:
    for _ in range(5):
        await store.configurations.set_status("support", ConnectionStatus.DEACTIVATED)
        assert (await crew.work(set_active)).count(True) == 1


async def count_failures(store: Store, member: int) -> list[int]:
    return [await store.configurations.count_script_failure("support", 1, member * 100 + number) for number in range(5)]


async def test_every_script_failure_is_told_apart(store: Store, crew: Crew) -> None:
    counts = await crew.work(count_failures)
    assert sorted(count for those in counts for count in those) == list(range(1, 5 * SIZE + 1))


async def test_a_connection_does_not_move_away_from_a_twin_that_starts(store: Store, key: MasterKey) -> None:
    elsewhere = Deployment(integrations={"acme": IntegrationDeclaration(left="acme-github", right="acme-jira")})
    async with store.database.writing() as session:
        await match(session, key, elsewhere, "", store.database.now())
        starting = asyncio.create_task(store.twins.start("support", Side.LEFT, ItemRef(id="1", key="ACME-1", url="")))
        assert (await asyncio.wait([starting], timeout=0.3))[0] == set()
    assert await starting
