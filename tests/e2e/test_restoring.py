"""The value that lost a settled conflict is brought back, on both sides, as the edit of whoever wants it."""

import pytest

from model.errors import BadInput
from model.twin import StoredConflict
from model.words import ConflictPolicy, Restoration, Side
from operations.conflicts import restore
from operations.connections import activate, deactivate
from tests.e2e.world import World, eventually


async def _settled(world: World, policy: ConflictPolicy) -> tuple[str, int, StoredConflict]:
    """Ann wrote `Left seed` and Bob `Right seed`, and the policy has decided."""
    key, number = await world.one_pair("Bird seed", conflicts={"default": policy})
    await deactivate(world.store, world.signals, world.connection)
    await world.ann.edit(key, summary="Left seed")
    await world.bob.edit(number, title="Right seed")

    async def waiting() -> set[Side]:
        return {one.source for one in await world.store.transactions.waiting(world.connection, 10)}

    await eventually(waiting, lambda sides: sides == set(Side), "both changes in the queue")
    await activate(world.store, world.signals, world.connection)
    won = "Left seed" if policy is ConflictPolicy.LEFT else "Right seed"
    await world.in_jira(key, lambda issue: issue["summary"] == won, "the winner in Jira")
    await world.on_github(number, lambda issue: issue["title"] == won, "the winner on GitHub")
    [twin] = await world.quiet(1)
    [recorded] = await world.store.conflicts.of_twin(twin.id)
    return key, number, recorded


async def _is_back(world: World, key: str, number: int, lost: str) -> None:
    await world.in_jira(key, lambda issue: issue["summary"] == lost, "the loser in Jira")
    await world.on_github(number, lambda issue: issue["title"] == lost, "the loser on GitHub")
    await world.polled(3)
    await world.quiet(1)
    assert (await world.ann.see(key))["summary"] == lost
    assert (await world.bob.see(number))["title"] == lost


@pytest.mark.parametrize("policy", [ConflictPolicy.LEFT, ConflictPolicy.RIGHT])
async def test_the_loser_comes_back_with_one_write_on_each_side(world: World, policy: ConflictPolicy) -> None:
    key, number, recorded = await _settled(world, policy)
    lost = "Right seed" if policy is ConflictPolicy.LEFT else "Left seed"
    before = await world.writes()
    done = await restore(world.store, world.signals, recorded.id, "ann")
    assert (done.conflict.restoration, done.conflict.winner) == (Restoration.WANTED, recorded.winner and recorded.winner.other)
    await _is_back(world, key, number, lost)
    assert [now - then for now, then in zip(await world.writes(), before, strict=True)] == [1, 1]
    [kept] = await world.store.conflicts.of_twin(recorded.twin)
    assert (kept.restoration, kept.who, kept.state) == (Restoration.DONE, "ann", "restored by ann")
    with pytest.raises(BadInput, match="restored by ann"):
        await restore(world.store, world.signals, recorded.id, "bob")


@pytest.mark.parametrize("policy", [ConflictPolicy.LEFT, ConflictPolicy.RIGHT])
async def test_the_loser_comes_back_once_also_where_the_answers_are_lost(world: World, policy: ConflictPolicy) -> None:
    key, number, recorded = await _settled(world, policy)
    before = await world.writes()
    await world.jira.set(lose_response=1)
    await world.github.set(lose_response=1)
    await restore(world.store, world.signals, recorded.id, "ann")
    await _is_back(world, key, number, "Right seed" if policy is ConflictPolicy.LEFT else "Left seed")
    for control in (world.jira, world.github):
        controls = (await control.state())["controls"]
        assert isinstance(controls, dict)
        assert controls["lose_response"] == 0
    assert [now - then for now, then in zip(await world.writes(), before, strict=True)] == [1, 1]
    assert [one.restoration for one in await world.store.conflicts.of_twin(recorded.twin)] == [Restoration.DONE]


async def test_an_edit_made_since_the_conflict_stands(world: World) -> None:
    """Jira does not tell of our write: while that is on its way, the sync finds out instead."""
    key, number, recorded = await _settled(world, ConflictPolicy.LEFT)
    await world.github.set(webhooks=False)
    await world.jira.set(webhooks=False, lag_s=3600)
    await world.bob.edit(number, title="Later seed")
    await world.in_jira(key, lambda issue: issue["summary"] == "Later seed", "the later edit in Jira")
    await world.quiet(1)
    with pytest.raises(BadInput, match="summary was edited after"):
        await restore(world.store, world.signals, recorded.id, "ann")


async def test_an_edit_that_the_sync_meets_first_stands(world: World) -> None:
    key, number, recorded = await _settled(world, ConflictPolicy.LEFT)
    await deactivate(world.store, world.signals, world.connection)
    await restore(world.store, world.signals, recorded.id, "ann")
    if recorded.conflict.target is Side.LEFT:
        await world.ann.edit(key, summary="Later seed")
    else:
        await world.bob.edit(number, title="Later seed")
    await activate(world.store, world.signals, world.connection)
    await _is_back(world, key, number, "Later seed")
    [kept, *_] = await world.store.conflicts.of_twin(recorded.twin)
    assert (kept.id, kept.restoration) == (recorded.id, Restoration.OVERTAKEN)
    transactions = await world.store.transactions.of_twin(recorded.twin)
    assert any("what ann wanted back is not written over it" in one.reason for one in transactions)
