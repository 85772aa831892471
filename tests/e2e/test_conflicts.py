"""Both sides changed the same field: the policy decides, or a person does; both values are on record."""

from datetime import UTC, datetime

import pytest

from model.words import ConflictPolicy, Side, TwinStatus
from operations.conflicts import resolve
from operations.connections import activate, deactivate
from tests.e2e.world import World, eventually


async def _second() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


async def _edited_on_both_sides(world: World, policy: ConflictPolicy) -> tuple[str, int]:
    """Bob's edit is the later one."""
    key, number = await world.one_pair("Bird seed", conflicts={"default": policy})
    await world.polled(4)
    await world.quiet(1)
    await deactivate(world.store, world.signals, world.connection)
    await world.ann.edit(key, summary="Left seed")
    second = await _second()
    await eventually(_second, lambda now: now > second, "the next second")
    await world.bob.edit(number, title="Right seed")

    async def waiting() -> set[Side]:
        return {one.source for one in await world.store.transactions.waiting(world.connection, 10)}

    await eventually(waiting, lambda sides: sides == set(Side), "both changes in the queue")
    await activate(world.store, world.signals, world.connection)
    return key, number


@pytest.mark.parametrize(
    ("policy", "title"), [(ConflictPolicy.LATEST, "Right seed"), (ConflictPolicy.LEFT, "Left seed"), (ConflictPolicy.RIGHT, "Right seed")]
)
async def test_the_policy_decides_and_both_values_are_on_record(world: World, policy: ConflictPolicy, title: str) -> None:
    key, number = await _edited_on_both_sides(world, policy)
    await world.in_jira(key, lambda issue: issue["summary"] == title, "summary in Jira")
    await world.on_github(number, lambda issue: issue["title"] == title, "title on GitHub")
    [twin] = await world.quiet(1)
    [recorded] = await world.store.conflicts.of_twin(twin.id)
    assert (recorded.conflict.left, recorded.conflict.right) == ("Left seed", "Right seed")
    assert recorded.conflict.policy is policy
    assert recorded.winner is (Side.LEFT if title == "Left seed" else Side.RIGHT)


async def test_a_held_conflict_leaves_both_values_until_a_person_decides(world: World) -> None:
    key, number = await _edited_on_both_sides(world, ConflictPolicy.HOLD)

    async def status() -> list[TwinStatus]:
        return [twin.status for twin in await world.twins()]

    async def queue() -> int:
        return len(await world.store.transactions.waiting(world.connection, 10))

    await eventually(status, lambda seen: seen == [TwinStatus.CONFLICT], "a conflict")
    await eventually(queue, lambda count: count == 0, "nothing waiting")
    await world.bob.comment(number, "Which one?")
    await eventually(lambda: world.ann.comments(key), lambda comments: len(comments) == 1, "the comment crosses all the same")
    assert (await world.ann.see(key))["summary"] == "Left seed"
    assert (await world.bob.see(number))["title"] == "Right seed"
    await eventually(status, lambda seen: seen == [TwinStatus.CONFLICT], "still a conflict")

    [recorded] = await world.store.conflicts.open_ones(world.connection)
    await resolve(world.store, world.signals, recorded.id, Side.LEFT, "ann")
    await world.on_github(number, lambda issue: issue["title"] == "Left seed", "Ann's choice on GitHub")
    await world.quiet(1)
    assert (await world.ann.see(key))["summary"] == "Left seed"
    assert await world.store.conflicts.open_ones(world.connection) == ()


async def test_the_winner_is_written_also_where_the_other_side_cannot_tell_its_values_apart(world: World) -> None:
    """GitHub knows In Progress only as open, which it was before."""
    key, number = await world.one_pair("Anvil falls", conflicts={"default": ConflictPolicy.LEFT})
    await deactivate(world.store, world.signals, world.connection)
    await world.ann.move(key, "In Progress")
    await world.bob.edit(number, state="closed")

    async def waiting() -> set[Side]:
        return {one.source for one in await world.store.transactions.waiting(world.connection, 10)}

    await eventually(waiting, lambda sides: sides == set(Side), "both changes in the queue")
    await activate(world.store, world.signals, world.connection)
    await world.on_github(number, lambda issue: issue["state"] == "open", "reopened on GitHub")
    [twin] = await world.quiet(1)
    status = (await world.ann.see(key))["status"]
    assert isinstance(status, dict)
    assert status["name"] == "In Progress"
    [recorded] = await world.store.conflicts.of_twin(twin.id)
    assert (recorded.conflict.subject, recorded.winner) == ("status", Side.LEFT)
