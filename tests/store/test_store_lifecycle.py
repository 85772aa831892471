"""Connections are switched at both ends, accepted, renamed and deleted."""

import pytest
from sqlalchemy import func
from sqlmodel import select

from model.deployment import Deployment
from model.errors import BadInput
from model.item import Item, ItemRef
from model.trigger import Trigger
from model.twin import Transaction, Twin
from model.words import ConnectionStatus, Side, TwinStatus
from store import Store, tables

ACTIVE, DEACTIVATED, ERROR, PENDING = (
    ConnectionStatus.ACTIVE,
    ConnectionStatus.DEACTIVATED,
    ConnectionStatus.ERROR,
    ConnectionStatus.PENDING,
)
BOTH = tuple(Side)


async def ends(store: Store) -> tuple[ConnectionStatus, bool, bool]:
    one = await store.configurations.connection("support")
    return one.status, one.left_active, one.right_active


async def test_it_is_active_with_both_ends_only(store: Store) -> None:
    assert await ends(store) == (ACTIVE, True, True)
    assert await store.lifecycles.switch("support", [Side.LEFT], active=False)
    assert await ends(store) == (DEACTIVATED, False, True)
    assert await store.lifecycles.switch("support", [Side.RIGHT], active=False)
    assert await store.lifecycles.switch("support", [Side.LEFT], active=True)
    assert await ends(store) == (DEACTIVATED, True, False)
    assert await store.lifecycles.switch("support", BOTH, active=True)
    assert await ends(store) == (ACTIVE, True, True)
    assert not await store.lifecycles.switch("support", BOTH, active=True)


async def test_one_end_ends_an_error_and_its_reason(store: Store) -> None:
    await store.configurations.set_status("support", ERROR, "login rejected")
    assert await ends(store) == (ERROR, True, True)
    assert await store.lifecycles.switch("support", [Side.RIGHT], active=True)
    assert await ends(store) == (ACTIVE, True, True)
    assert (await store.configurations.connection("support")).reason == ""


async def test_pending_is_accepted_before_it_is_switched(store: Store) -> None:
    await store.configurations.set_status("support", PENDING)
    with pytest.raises(BadInput, match="twinline connection accept support"):
        await store.lifecycles.switch("support", BOTH, active=True)
    assert await ends(store) == (PENDING, False, False)
    await store.lifecycles.accept("support")
    assert await ends(store) == (ACTIVE, True, True)
    with pytest.raises(BadInput, match="is Active and was accepted"):
        await store.lifecycles.accept("support")


async def test_a_name_changes_and_the_id_stays(store: Store, acme: Deployment, twin: Twin) -> None:
    await store.lifecycles.rename("support", "help-desk")
    assert await store.lifecycles.known_as("help-desk") == "support"
    assert await store.lifecycles.known_as("support") == "support"
    assert (await store.configurations.connection("support")).name == "help-desk"
    assert (await store.twins.get(twin.id)).connection == "support"
    with pytest.raises(BadInput, match="connections: 'help-desk'"):
        await store.lifecycles.known_as("desk")
    await store.configurations.match(acme.model_copy(update={"connections": {"sales": acme.connections["support"]}}))
    for taken in ("sales", "support"):
        with pytest.raises(BadInput, match="choose another name"):
            await store.lifecycles.rename("sales" if taken == "support" else "support", taken)
    with pytest.raises(BadInput, match="choose another name"):
        await store.configurations.match(acme.model_copy(update={"connections": {"help-desk": acme.connections["support"]}}))


async def test_a_connection_with_live_twins_stays(store: Store, twin: Twin) -> None:
    with pytest.raises(BadInput, match="1 twins under sync; unlink them first"):
        await store.lifecycles.delete("support")
    assert (await store.twins.get(twin.id)).connection == "support"


async def test_all_that_hangs_on_a_connection_goes_with_it(store: Store, acme: Deployment, transaction: Transaction) -> None:
    trigger = Trigger(side=Side.LEFT, query="project = ACME")
    selecting = acme.connections["support"].model_copy(update={"triggers": (trigger,)})
    await store.configurations.match(acme.model_copy(update={"connections": {"support": selecting, "sales": acme.connections["support"]}}))
    await store.inbox.save_cursor("acme-jira", trigger.scope("support"), "seen")
    await store.inbox.save_cursor("acme-jira", trigger.scope("sales"), "seen")
    other = await store.twins.start("sales", Side.LEFT, ItemRef(id="10001", key="ACME-1", url=""))
    item = Item(ref=ItemRef(id="10001", key="ACME-1", url=""), version="1", fields={}, updated=store.database.now())
    replica = await store.replicas.add(transaction.twin, Side.LEFT, transaction.id, 1, {}, item, None)
    assert other
    await store.configurations.count_script_failure("support", 1, transaction.id)
    await store.twins.set_status(transaction.twin, TwinStatus.UNLINKED)

    await store.lifecycles.delete("support")

    assert [one.id for one in await store.configurations.connections()] == ["sales"]
    assert [one.id for one in await store.twins.listing(None, None)] == [other.id]
    assert await store.inbox.cursor("acme-jira", trigger.scope("support")) == ""
    assert await store.inbox.cursor("acme-jira", trigger.scope("sales")) == "seen"
    with pytest.raises(BadInput):
        await store.transactions.get(transaction.id)
    with pytest.raises(BadInput):
        await store.replicas.get(replica.id)


@pytest.mark.databases
async def test_nothing_of_a_deleted_connection_is_left_in_any_table(store: Store, transaction: Transaction) -> None:
    await store.twins.set_status(transaction.twin, TwinStatus.UNLINKED)
    await store.lifecycles.delete("support")
    kept = {"workspace", "system", "integration"}
    async with store.database.reading() as session:
        for table in tables.Table.metadata.sorted_tables:
            rows = (await session.exec(select(func.count()).select_from(table))).one()
            assert bool(rows) == (table.name in kept), table.name
