"""Asking for the value back that lost a conflict."""

import pytest

from model.agreement import Agreed, Base
from model.errors import BadInput
from model.plan import Conflict
from model.words import ConflictPolicy, Restoration, Side, TwinStatus
from operations import conflicts, deployment
from tests.operations.acme_world import World, conflicted


@pytest.fixture
async def live(world: World) -> World:
    await deployment.apply(world.store, world.signals, world.declared())
    return world


async def settled(live: World, subject: str = "status", winner: Side | None = Side.LEFT, agreed: str = "Done") -> tuple[str, int]:
    """A twin at rest that agreed on a value after a conflict of `Done` on the left with `open` on the right."""
    conflict = Conflict(subject=subject, target=Side.RIGHT, left="Done", right="open", policy=ConflictPolicy.LEFT, winner=winner)
    base = Base(agreed={"status": Agreed(asked=agreed, got=agreed)})
    return await conflicted(live, conflict, TwinStatus.SYNCHRONIZED, {Side.RIGHT: base})


@pytest.mark.parametrize("agreed", ["Done", "open"])
async def test_the_loser_is_asked_back_by_a_sync_towards_the_target(live: World, agreed: str):
    twin, conflict = await settled(live, agreed=agreed)
    done = await conflicts.restore(live.store, live.signals, conflict, "ann")

    assert (done.conflict.winner, done.conflict.who, done.conflict.restoration) == (Side.RIGHT, "ann", Restoration.WANTED)
    assert live.signals.messages == [f"item_changed {twin} left forced"]
    assert [one.source for one in await live.store.transactions.waiting(None, 10)] == [Side.LEFT]
    with pytest.raises(BadInput, match="being restored by ann already"):
        await conflicts.restore(live.store, live.signals, conflict, "ben")
    with pytest.raises(BadInput, match="is settled"):
        await conflicts.resolve(live.store, live.signals, conflict, Side.LEFT, "ben")


async def test_an_edit_that_the_bases_tell_of_stands(live: World):
    twin, conflict = await settled(live, agreed="Review")
    with pytest.raises(BadInput, match=r"status was edited after conflict \d+ was settled.*; edit the item itself"):
        await conflicts.restore(live.store, live.signals, conflict, "ann")

    assert (await live.store.conflicts.get(conflict)).winner is Side.LEFT
    assert live.signals.messages == []
    await live.store.transactions.queue(twin, Side.RIGHT)
    under_way = await conflicts.restore(live.store, live.signals, conflict, "ann")
    assert under_way.conflict.restoration is Restoration.WANTED


@pytest.mark.parametrize(("subject", "noun"), [("comment 17", "comment"), ("work log 3", "work log"), ("attachment 4", "attachment")])
async def test_what_people_wrote_is_edited_where_it_stands(live: World, subject: str, noun: str):
    _, conflict = await settled(live, subject)
    with pytest.raises(BadInput, match=f"is of {subject}; both texts are on record.*edit the {noun}"):
        await conflicts.restore(live.store, live.signals, conflict, "ann")


async def test_an_open_conflict_is_resolved_instead(live: World):
    _, conflict = await settled(live, winner=None)
    with pytest.raises(BadInput, match="is open"):
        await conflicts.restore(live.store, live.signals, conflict, "ann")


async def test_a_conflict_of_an_unlinked_twin_is_not_restored(live: World):
    twin, conflict = await settled(live)
    await live.store.twins.set_status(twin, TwinStatus.UNLINKED)
    with pytest.raises(BadInput, match="unlinked"):
        await conflicts.restore(live.store, live.signals, conflict, "ann")


async def test_there_is_no_such_conflict(live: World):
    with pytest.raises(BadInput, match="no conflict 99"):
        await conflicts.restore(live.store, live.signals, 99, "ann")
