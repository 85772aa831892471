"""The audit log as a chain of hashes under a key: whoever goes behind the database's triggers is found out."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from alembic import command
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from model.audit import AuditEntry, AuditFilter, Chain, ChainEnds, Outcome, digest
from model.words import ConnectionStatus
from store import Act, MasterKey, Store
from store.database import migrations
from tests.store.clock import Clock
from tests.store.crew import SIZE, Crew
from tests.store.test_store_released import DRIVERS

pytestmark = [pytest.mark.xdist_group("crew"), pytest.mark.databases]

EACH = 20
MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
OTHER = "bXk3o9Qw2rT5yU8iPzL4kJ7hG1fD6sAaZxC0vBnMqE4="
CUT = "DELETE FROM audit WHERE id = 5; UPDATE audit_chain SET entries = 4, head = (SELECT hash FROM audit WHERE id = 4)"
FAULTS = {
    "UPDATE audit SET who = 'eve' WHERE id = 3": (3, 2, "it is not as it was recorded"),
    "UPDATE audit SET hash = 'eve' WHERE id = 3": (3, 2, "it is not as it was recorded"),
    "DELETE FROM audit WHERE id = 3": (4, 2, "it does not follow on the entry before it"),
    "DELETE FROM audit WHERE id = 1": (2, 0, "it does not follow on the entry before it"),
    "DELETE FROM audit WHERE id = 5": (4, 4, "entries after it are missing"),
    "DELETE FROM audit": (None, 0, "all entries are missing"),
    "DELETE FROM audit_chain": (None, 0, "where the entries begin and end is not recorded any more"),
    "UPDATE audit SET id = 9 WHERE id = 3": (4, 2, "it does not follow on the entry before it"),
    "UPDATE audit SET hash = '' WHERE id = 3": (3, 2, "it has no hash"),
    "UPDATE audit SET hash = '', previous = '' WHERE id < 6": (5, 5, "entries after it are missing"),
    "UPDATE audit SET key_id = 'eve' WHERE id = 5": (None, 5, "entries were recorded under another key (eve)"),
    "UPDATE audit_chain SET key_id = 'eve'": (None, 5, "where the entries begin and end was recorded under another key (eve)"),
    "UPDATE audit_chain SET entries = 4": (None, 5, "there are 5 entries where 4 were recorded"),
    CUT: (None, 4, "where the entries begin and end is not as it was recorded"),
}


def acting(store: Store, workspace: str | None = None, who: str = "ada") -> Store:
    return store.used_by(Act(who=who, address="192.0.2.1", workspace=workspace, operation="check_system", subject="acme-jira"))


async def recorded(store: Store, count: int, workspace: str | None = None) -> None:
    for _ in range(count):
        await acting(store, workspace).audit.record()


async def tampered(store: Store, statement: str) -> None:
    """What somebody can do who owns the database."""
    freed = ["DROP TRIGGER audit_unchanged", "DROP TRIGGER audit_undeleted"]
    if store.database.dialect == "postgresql":
        freed = ["ALTER TABLE audit DISABLE TRIGGER USER"]
    async with store.database.writing() as session:
        for one in (*freed, *statement.split(";")):
            await (await session.connection()).execute(text(one))


async def only(store: Store) -> Chain:
    (chain,) = (await store.audit.verify()).chains
    return chain


@pytest.mark.parametrize("statement", FAULTS)
async def test_the_first_entry_is_named_at_which_the_chain_breaks(store: Store, statement: str) -> None:
    broken, entries, reason = FAULTS[statement]
    await recorded(store, 5)
    assert (await only(store)).reason == ""
    await tampered(store, statement)
    found = await only(store)
    assert not (await store.audit.verify()).intact
    assert (found.broken, found.entries) == (broken, entries)
    assert found.reason.startswith(reason)


@pytest.mark.parametrize("statement", [*FAULTS, CUT + ", key_id = 'eve'"])
async def test_neither_a_later_entry_nor_pruning_makes_good_what_was_broken(store: Store, clock: Clock, statement: str) -> None:
    await recorded(store, 5)
    await tampered(store, statement)
    clock.moment += timedelta(seconds=1)
    await store.audit.prune(datetime.now(UTC) - timedelta(days=31))
    await recorded(store, 2)
    await store.audit.prune(datetime.now(UTC) - timedelta(days=31))
    assert not (await store.audit.verify()).intact


async def test_who_has_no_key_cannot_compute_the_chain_anew(store: Store) -> None:
    await recorded(store, 3)
    forger = MasterKey(OTHER).subkey("audit")
    statements: list[str] = []
    last, key_id = "", ""
    for one in reversed(await store.audit.page(AuditFilter(), 9)):
        forged = one.model_copy(update={"who": "eve", "previous": last})
        last, key_id = digest(forged, forger), one.key_id
        statements.append(f"UPDATE audit SET who = 'eve', previous = '{forged.previous}', hash = '{last}' WHERE id = {one.id}")  # noqa: S608
    ends = digest(ChainEnds(workspace="", begin="", head=last, entries=3, key_id=key_id), forger)
    statements.append(f"UPDATE audit_chain SET head = '{last}', hash = '{ends}'")  # noqa: S608
    await tampered(store, ";".join(statements))
    found = await only(store)
    assert (found.broken, found.entries, found.reason) == (1, 0, "it is not as it was recorded")


@pytest.fixture
async def with_other_key(store: Store, url: str) -> AsyncGenerator[Store]:
    """The database of `store`, whose key was replaced."""
    assert store
    opened = await Store.open(url, MasterKey(OTHER))
    yield opened
    await opened.aclose()


async def test_a_replaced_key_is_told_and_what_comes_after_is_verified(store: Store, with_other_key: Store, key: MasterKey) -> None:
    await recorded(store, 3)
    before = await only(with_other_key)
    await recorded(with_other_key, 2)
    after = await only(with_other_key)
    told = f"entries were recorded under another key ({key.id}) and cannot be verified with this one ({MasterKey(OTHER).id})"
    assert (before.entries, before.other_key, before.broken, before.reason) == (3, 3, None, told)
    assert (after.entries, after.other_key, after.broken, after.reason) == (5, 3, None, told)
    assert not (await with_other_key.audit.verify()).intact
    await tampered(store, "UPDATE audit SET who = 'eve' WHERE id = 4")
    found = await only(with_other_key)
    assert (found.entries, found.broken, found.reason) == (3, 4, "it is not as it was recorded")


async def test_entries_under_a_former_key_cannot_be_taken_away_unnoticed(store: Store, with_other_key: Store) -> None:
    await recorded(store, 3)
    await recorded(with_other_key, 2)
    await tampered(store, "DELETE FROM audit WHERE id = 2; UPDATE audit SET previous = (SELECT hash FROM audit WHERE id = 1) WHERE id = 3")
    assert (await only(with_other_key)).reason.startswith("there are 4 entries where 5 were recorded")


async def test_a_key_that_is_put_back_verifies_its_own_entries(store: Store, with_other_key: Store) -> None:
    await recorded(store, 2)
    assert await with_other_key.audit.prune(datetime.now(UTC)) == 0
    assert (await store.audit.verify()).intact
    await recorded(with_other_key, 1)
    await recorded(store, 1)
    found = await only(store)
    assert (found.entries, found.other_key, found.broken) == (4, 1, None)
    await tampered(store, "UPDATE audit SET who = 'eve' WHERE id = 4")
    assert (await only(store)).broken == 4


async def test_once_the_entries_under_the_former_key_are_pruned_the_rest_is_intact(
    store: Store, with_other_key: Store, clock: Clock
) -> None:
    clock.moment = datetime.now(UTC) - timedelta(days=40)
    await recorded(store, 2)
    await recorded(with_other_key, 2)
    assert await with_other_key.audit.prune(datetime.now(UTC) - timedelta(days=31)) == 2
    found = await only(with_other_key)
    assert (found.entries, found.other_key, found.reason) == (2, 0, "")
    assert (await with_other_key.audit.verify()).intact


async def test_an_entry_that_does_not_hold_is_not_pruned(store: Store, clock: Clock) -> None:
    clock.moment = datetime.now(UTC) - timedelta(days=40)
    await recorded(store, 3)
    await tampered(store, "UPDATE audit SET who = 'eve' WHERE id = 2")
    assert await store.audit.prune(datetime.now(UTC)) == 1
    found = await only(store)
    assert (found.broken, found.entries) == (2, 0)


async def test_an_entry_tells_its_hash_and_that_of_the_one_before(store: Store, key: MasterKey) -> None:
    await recorded(store, 3)
    third, second, first = await store.audit.page(AuditFilter(), 9)
    assert (first.previous, second.previous, third.previous) == ("", first.hash, second.hash)
    assert (await only(store)).last == third.hash
    assert [digest(one, key.subkey("audit")) for one in (first, second, third)] == [first.hash, second.hash, third.hash]
    assert third.key_id == key.id


def test_a_hash_stays_what_it_is() -> None:
    entry = AuditEntry(
        id=7,
        workspace="acme",
        moment=MOMENT,
        who="ada",
        address="192.0.2.1",
        operation="apply_deployment",
        subject="Büro",
        before={"poll": 30.0, "a": [1, None]},
        after=None,
        outcome=Outcome.DONE,
        previous="ab",
        key_id="5e1f09ab",
        hash="",
    )
    assert digest(entry, bytes(32)) == "b4dc49c4f4a7fff494b966c566728e8220da20e9156d662ce7acc98b89bfc8f2"


async def test_an_operation_that_failed_is_in_the_chain_too(store: Store) -> None:
    used = acting(store)
    used.audit.note("one\0", before=1.5)
    used.audit.note("other", after={"ä": "\0"})
    await used.audit.record_failure(Outcome.FAILED, "it\0")
    assert (await only(store)).entries == 2
    assert (await store.audit.verify()).intact


async def test_each_workspace_has_a_chain_and_sees_no_other(store: Store) -> None:
    await recorded(store, 1)
    await recorded(store, 2, "acme")
    await recorded(store, 3, "beta")
    assert [(one.workspace, one.entries) for one in (await store.audit.verify()).chains] == [("", 1), ("acme", 2), ("beta", 3)]
    assert [one.workspace for one in (await acting(store, "beta").audit.verify()).chains] == ["", "beta"]


async def test_what_is_pruned_is_not_missed_and_the_rest_goes_on(store: Store, clock: Clock) -> None:
    clock.moment = datetime.now(UTC) - timedelta(days=40)
    await recorded(store, 2)
    clock.moment = datetime.now(UTC)
    await recorded(store, 1)
    clock.moment = datetime.now(UTC) - timedelta(days=35)
    await recorded(store, 1)
    clock.moment = datetime.now(UTC)
    assert await store.audit.prune(clock.moment - timedelta(days=31)) == 2
    assert (await only(store)).entries == 2
    assert (await store.audit.verify()).intact
    await recorded(store, 1)
    await tampered(store, "DELETE FROM audit WHERE id = 3")
    assert (await only(store)).broken == 4


async def test_a_chain_of_which_nothing_is_left_goes_on(store: Store, clock: Clock) -> None:
    clock.moment = datetime.now(UTC) - timedelta(days=40)
    await recorded(store, 2)
    clock.moment = datetime.now(UTC)
    assert await store.audit.prune(clock.moment) == 2
    assert (await only(store)).entries == 0
    await recorded(store, 1)
    assert (await only(store)).entries == 1
    assert (await store.audit.verify()).intact


async def act(store: Store, member: int) -> None:
    """Half of the members change something with the entry, and the same row."""
    for _ in range(EACH):
        used = acting(store, who=str(member))
        if member % 2:
            await used.configurations.set_status("support", ConnectionStatus.ERROR, "busy")
            await used.configurations.set_status("support", ConnectionStatus.ACTIVE)
        else:
            await used.audit.record()


async def test_eight_processes_write_one_chain(store: Store, crew: Crew) -> None:
    await crew.work(partial(act))
    found = await only(store)
    assert (found.entries, found.reason) == (SIZE * EACH, "")
    assert {one.who for one in await store.audit.page(AuditFilter(), 1000)} == {str(number) for number in range(SIZE)}


def three_entries(connection: Connection) -> None:
    command.upgrade(migrations(connection), "0013")
    insert = """
        INSERT INTO audit (workspace, moment, who, address, operation, subject, before, after, outcome, reason)
        VALUES (:workspace, '2026-01-03 04:06:07', 'ada', '127.0.0.1', 'apply', 'Büro', '{"poll": 30.0, "a": null}', 'null', 'done', '')
    """
    for workspace in ("acme", "", "acme"):
        connection.execute(text(insert), {"workspace": workspace})


async def test_entries_from_before_there_was_a_chain_are_counted(new_url: str, key: MasterKey) -> None:
    address = make_url(new_url)
    engine = create_async_engine(address.set(drivername=DRIVERS[address.get_backend_name()]))
    async with engine.begin() as connection:
        await connection.run_sync(three_entries)
    await engine.dispose()
    store = await Store.open(new_url, key)
    old = await store.audit.verify()
    await recorded(store, 1, "acme")
    found = await store.audit.verify()
    await tampered(store, "DELETE FROM audit WHERE id = 1")
    fewer = await store.audit.verify()
    await store.aclose()
    assert (old.intact, found.intact, fewer.intact) == (True, True, False)
    assert [(one.workspace, one.entries, one.before_chain) for one in old.chains] == [("", 1, 1), ("acme", 2, 2)]
    assert [(one.workspace, one.entries, one.before_chain) for one in found.chains] == [("", 1, 1), ("acme", 3, 2)]
    assert [one.reason for one in fewer.chains] == ["", "there are 2 entries where 3 were recorded"]
