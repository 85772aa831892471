import asyncio

from model.agreement import Base, Trace
from model.item import ItemRef
from model.pairing import Pairing
from model.words import ChildKind, Side, TwinStatus
from store import Store
from tests.store.clock import Clock

TRACE = Trace(kind=ChildKind.COMMENT, left_id="c1", right_id="d1", origin=Side.LEFT, left="Hello", right="Hello")


def pairing(left: int = 7, right: int = 34, source: Side = Side.LEFT) -> Pairing:
    return Pairing(
        connection="support",
        source=source,
        left=ItemRef(id=str(left), key=f"ACME-{left}", url=""),
        right=ItemRef(id=str(right), key=f"acme/app#{right}", url=""),
        title="Printer",
        base=Base(replica={"summary": "Printer"}),
        traces=(TRACE,),
    )


async def test_a_pair_is_a_live_twin_with_the_base_of_one_side_and_traces(store: Store) -> None:
    twin = await store.twins.pair(pairing(source=Side.RIGHT))
    assert twin
    state = await store.twins.state(twin.id)
    assert (state.twin, state.twin.origin, state.twin.title) == (twin, Side.RIGHT, "Printer")
    assert (state.left, state.right, state.traces) == (pairing().base, Base(), (TRACE,))
    assert await store.twins.by_item("acme-jira", "7") == ((twin, Side.LEFT),)
    assert await store.twins.by_item("acme-github", "34") == ((twin, Side.RIGHT),)


async def test_of_ten_pairs_with_one_item_in_common_one_is_made(store: Store) -> None:
    wanted = [pairing(left=7, right=number) for number in range(5)] + [pairing(left=number, right=0) for number in range(5)]
    made = [twin for twin in await asyncio.gather(*(store.twins.pair(one) for one in wanted)) if twin]
    taken = [(twin.left.id, twin.right.id) for twin in made if twin.left and twin.right]
    assert len({left for left, _ in taken}) == len({right for _, right in taken}) == len(taken)
    assert len([left for left, _ in taken if left == "7"]) == 1
    assert [len((await store.twins.state(twin.id)).traces) for twin in made] == [1] * len(made)


async def test_the_earlier_twin_of_a_pair_is_the_last_that_was_unlinked(store: Store, clock: Clock) -> None:
    for _ in range(2):
        clock.tick()
        former = await store.twins.pair(pairing())
        assert former
        assert await store.twins.earlier("support", "7", "34") != former
        await store.twins.set_status(former.id, TwinStatus.UNLINKED)
        found = await store.twins.earlier("support", "7", "34")
        assert found
        assert found.id == former.id
    assert await store.twins.earlier("support", "34", "7") is None
    assert await store.twins.earlier("support", "7", "35") is None
