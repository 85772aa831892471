"""Items for whose copies rules asked in vain."""

import pytest

from model.item import ItemRef
from model.twin import Twin
from model.words import Side, Stage, TwinStatus
from store import Store
from tests.store.test_store_settling import settle

pytestmark = pytest.mark.databases


@pytest.fixture
async def parent(store: Store, twin: Twin) -> Twin:
    """An item without a copy, for which `twin` waits."""
    started = await store.twins.start(twin.connection, Side.LEFT, ItemRef(id="100", key="ACME-100", url=""))
    assert started
    await store.awaited.note(twin.id, Side.LEFT, {"100", "101"})
    return started


async def _copied(store: Store, parent: Twin) -> None:
    transaction = await store.transactions.begin(parent.id, Side.LEFT)
    await settle(store, transaction, stage=Stage.APPLIED, refs={Side.RIGHT: ItemRef(id="7", key="7", url="")})


async def test_nothing_has_arrived_before_there_is_a_copy(store: Store, twin: Twin, parent: Twin) -> None:
    assert await store.awaited.arrived("support", 9) == ()
    assert not (await store.twins.neglected("support", parent.updated)).arrived
    await _copied(store, parent)
    assert await store.awaited.arrived("support", 9) == ((twin.id, Side.LEFT, "100"),)
    assert (await store.twins.neglected("support", parent.updated)).arrived
    assert await store.awaited.arrived("other", 9) == ()


async def test_what_is_forgotten_is_waited_for_no_longer(store: Store, twin: Twin, parent: Twin) -> None:
    await _copied(store, parent)
    await store.awaited.note(twin.id, Side.LEFT, ["100"])
    await store.awaited.forget(twin.id, Side.LEFT, ["100"])
    assert await store.awaited.arrived("support", 9) == ()
    assert await store.awaited.of(twin.id, Side.LEFT) == {"101"}


async def test_who_was_told_is_not_told_again_but_where_it_asks_in_vain_once_more(store: Store, twin: Twin, parent: Twin) -> None:
    await _copied(store, parent)
    await store.awaited.tell(twin.id, Side.LEFT, "100")
    assert await store.awaited.arrived("support", 9) == ()
    assert await store.awaited.of(twin.id, Side.LEFT) == {"100", "101"}
    assert await store.awaited.of(twin.id, Side.RIGHT) == frozenset()
    await store.awaited.note(twin.id, Side.LEFT, ["100"])
    assert await store.awaited.arrived("support", 9) == ((twin.id, Side.LEFT, "100"),)


@pytest.mark.parametrize("ended", ["waiting", "parent"])
async def test_an_unlinked_twin_neither_waits_nor_arrives(store: Store, twin: Twin, parent: Twin, ended: str) -> None:
    await _copied(store, parent)
    await store.twins.set_status(twin.id if ended == "waiting" else parent.id, TwinStatus.UNLINKED)
    assert await store.awaited.arrived("support", 9) == ()
