import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from model.agreement import Agreed, Base
from model.deployment import Deployment, IntegrationDeclaration
from model.errors import BadInput
from model.item import Comment, Item, ItemRef
from model.twin import Twin
from model.words import ConnectionStatus, Side, TwinStatus
from store import Store
from tests.store.clock import Clock


def ref(number: int) -> ItemRef:
    return ItemRef(id=str(number), key=f"ACME-{number}", url="")


async def start(store: Store, number: int, connection: str = "support", side: Side = Side.LEFT) -> Twin:
    twin = await store.twins.start(connection, side, ref(number), f"Printer {number} prints 100%")
    assert twin
    return twin


async def test_a_started_twin_is_found_by_id_and_item(store: Store) -> None:
    twin = await start(store, 7)
    assert (twin.status, twin.left, twin.right, twin.origin) == (TwinStatus.SYNCING, ref(7), None, Side.LEFT)
    assert twin.updated.tzinfo is UTC
    assert await store.twins.get(twin.id) == twin == await store.twins.find(twin.id)
    assert await store.twins.by_item("acme-jira", "7") == ((twin, Side.LEFT),)
    assert await store.twins.by_item("acme-github", "7") == ()
    assert await store.twins.find("none") is None
    with pytest.raises(BadInput, match="no twin 'none'"):
        await store.twins.get("none")


async def test_ten_starts_of_one_item_make_one_twin(store: Store) -> None:
    started = await asyncio.gather(*(store.twins.start("support", Side.RIGHT, ref(7)) for _ in range(10)))
    assert len([twin for twin in started if twin]) == 1


async def test_a_live_twin_is_found_by_the_whole_key_of_its_item(store: Store) -> None:
    one, longer = await start(store, 1), await start(store, 12)
    assert one.left
    assert longer.left
    assert await store.twins.by_key("support", Side.LEFT, one.left.key) == (one,)
    assert await store.twins.by_key("support", Side.RIGHT, one.left.key) == ()
    assert await store.twins.by_key("other", Side.LEFT, one.left.key) == ()
    await store.twins.set_status(one.id, TwinStatus.UNLINKED)
    assert await store.twins.by_key("support", Side.LEFT, one.left.key) == ()


async def test_an_unlinked_twin_makes_room_and_cannot_come_back(store: Store) -> None:
    former = await start(store, 7)
    await store.twins.set_status(former.id, TwinStatus.UNLINKED)
    assert await store.twins.start("support", Side.LEFT, ref(7), anew=False) is None
    assert await store.twins.start("support", Side.RIGHT, ref(7), anew=False)
    assert await store.twins.by_item("acme-jira", "7") == ()
    [(ended, side)] = await store.twins.ended_with("acme-jira", "7")
    assert (ended.id, side) == (former.id, Side.LEFT)
    assert await store.twins.ended_with("acme-github", "7") == ()
    latter = await start(store, 7)
    assert await store.twins.by_item("acme-jira", "7") == ((latter, Side.LEFT),)
    await store.twins.set_status(former.id, TwinStatus.ERROR, "too late")
    assert (await store.twins.get(former.id)).status is TwinStatus.UNLINKED
    assert await store.twins.by_item("acme-jira", "7") == ((latter, Side.LEFT),)


async def test_a_system_connected_with_itself_gives_both_sides(store: Store, clock: Clock, acme: Deployment) -> None:
    inner = acme.connections["support"].model_copy(update={"integration": "inner"})
    itself = IntegrationDeclaration(left="acme-jira", right="acme-jira")
    await store.configurations.match(Deployment(integrations={"inner": itself}, connections={"inner": inner}))
    left, right = await start(store, 7, "inner"), await start(store, 7, "inner", Side.RIGHT)
    assert await store.twins.by_item("acme-jira", "7") == ((left, Side.LEFT), (right, Side.RIGHT))
    clock.tick()
    later = await start(store, 7)
    assert await store.twins.by_item("acme-jira", "7") == ((left, Side.LEFT), (later, Side.LEFT), (right, Side.RIGHT))


async def test_listing_pages_newest_first(store: Store) -> None:
    twins = [await start(store, number) for number in range(3)]
    ids = sorted((twin.id for twin in twins), reverse=True)
    first = await store.twins.listing("support", None, limit=2)
    assert [twin.id for twin in first] == ids[:2]
    assert [twin.id for twin in await store.twins.listing("support", None, limit=2, after=first[-1].id)] == ids[2:]


async def test_listing_searches_keys_and_titles(store: Store) -> None:
    one, two = await start(store, 1), await start(store, 2)
    assert await store.twins.listing(None, None, "acme-1") == (one,)
    assert await store.twins.listing(None, TwinStatus.SYNCING, "printer 2 prints 100%") == (two,)
    assert await store.twins.listing(None, None, "100_") == ()
    assert await store.twins.listing(None, TwinStatus.ERROR) == ()
    assert await store.twins.listing("other", None) == ()


async def test_twins_are_counted_by_status(store: Store) -> None:
    await start(store, 1)
    await store.twins.set_status((await start(store, 2)).id, TwinStatus.ERROR, "refused")
    counts = await store.twins.counts("support")
    assert counts == dict.fromkeys(TwinStatus, 0) | {TwinStatus.SYNCING: 1, TwinStatus.ERROR: 1}
    assert await store.twins.counts(None) == counts


async def test_a_base_reads_back_whole(store: Store) -> None:
    twin = await start(store, 1)
    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    item = Item(ref=ref(1), version="3", updated=moment, fields={"summary": "ä\0", "due": None}, comments=(Comment(id="1", body="hi"),))
    base = Base(agreed={"summary": Agreed(asked="a", got=["b"])}, item=item, replica={"summary": {"x": 1.5}})
    await store.twins.set_base(twin.id, Side.RIGHT, Base())
    await store.twins.set_base(twin.id, Side.RIGHT, base)
    state = await store.twins.state(twin.id)
    assert (state.left, state.right, state.traces) == (Base(), base, ())


async def test_text_with_nul_is_stored_without_it(store: Store) -> None:
    twin = await store.twins.start("support", Side.LEFT, ItemRef(id="1", key="ACME\0-1", url="\0"), "Prin\0ter")
    assert twin
    assert (twin.title, twin.left) == ("Printer", ref(1))
    assert await store.twins.get(twin.id) == twin


async def test_a_twin_is_held_while_its_connection_is_not_active(store: Store) -> None:
    twin = await start(store, 1)
    assert await store.twins.hold_unless_active(twin.id) is None
    assert await store.twins.get(twin.id) == twin
    await store.configurations.set_status("support", ConnectionStatus.DEACTIVATED)
    assert await store.twins.hold_unless_active(twin.id) is ConnectionStatus.DEACTIVATED
    held = await store.twins.get(twin.id)
    assert (held.held, held.status) == (True, TwinStatus.HELD)
    await store.configurations.set_status("support", ConnectionStatus.ACTIVE)
    assert await store.twins.hold_unless_active(twin.id) is None
    released = await store.twins.get(twin.id)
    assert (released.held, released.status) == (False, TwinStatus.SYNCING)


async def test_an_unlinked_twin_is_not_held(store: Store) -> None:
    twin = await start(store, 1)
    await store.twins.set_status(twin.id, TwinStatus.UNLINKED)
    await store.configurations.set_status("support", ConnectionStatus.ERROR)
    assert await store.twins.hold_unless_active(twin.id) is ConnectionStatus.ERROR
    assert (await store.twins.get(twin.id)).status is TwinStatus.UNLINKED


async def test_held_twins_are_drained_in_order(store: Store) -> None:
    ids = sorted([(await start(store, number)).id for number in range(3)])
    await store.configurations.set_status("support", ConnectionStatus.DEACTIVATED)
    for id in ids:  # noqa: A001
        await store.twins.hold_unless_active(id)
    assert [twin.id for twin in await store.twins.held("support", 2)] == ids[:2]
    assert [twin.id for twin in await store.twins.held("support", 2, after=ids[1])] == ids[2:]
    await store.twins.release(ids[0])
    assert [twin.id for twin in await store.twins.held("support", 9)] == ids[1:]
    assert (await store.twins.get(ids[0])).status is TwinStatus.SYNCING


async def test_an_activation_waits_for_a_twin_that_is_being_held(store: Store) -> None:
    twin = await start(store, 1)

    async def hold() -> None:
        await store.twins.hold_unless_active(twin.id)

    async def activate() -> tuple[Twin, ...]:
        await store.configurations.set_status("support", ConnectionStatus.ACTIVE)
        return await store.twins.held("support", 9)

    for _ in range(10):
        await store.configurations.set_status("support", ConnectionStatus.DEACTIVATED)
        await store.twins.release(twin.id)
        drained = (await asyncio.gather(hold(), activate()))[1]
        assert (await store.twins.get(twin.id)).held == bool(drained)


async def test_a_held_twin_that_is_unlinked_is_let_go(store: Store) -> None:
    twin = await start(store, 1)
    await store.configurations.set_status("support", ConnectionStatus.DEACTIVATED)
    await store.twins.hold_unless_active(twin.id)
    await store.twins.set_status(twin.id, TwinStatus.UNLINKED)
    assert await store.twins.held("support", 9) == ()


async def test_a_released_twin_keeps_a_status_that_it_got_meanwhile(store: Store) -> None:
    twin = await start(store, 1)
    await store.configurations.set_status("support", ConnectionStatus.DEACTIVATED)
    await store.twins.hold_unless_active(twin.id)
    await store.twins.set_status(twin.id, TwinStatus.ERROR, "re\0fused")
    await store.twins.release(twin.id)
    released = await store.twins.get(twin.id)
    assert (released.held, released.status, released.reason) == (False, TwinStatus.ERROR, "refused")


async def test_a_twin_needs_a_connection(store: Store) -> None:
    with pytest.raises(IntegrityError):
        await store.twins.start("nowhere", Side.LEFT, ref(1))
    assert await store.twins.listing(None, None) == ()
