from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from model.inbox import InboxChange
from model.settlement import Confirmed, Settlement
from model.twin import Transaction
from model.words import Stage, TwinStatus
from store import Store
from tests.store.clock import Clock

CHANGE = InboxChange(item_id="1", key="ACME-1", version="v1", marker="m")
TOMORROW = datetime.now(UTC) + timedelta(days=1)


def settled_with(transaction: Transaction, own: Confirmed) -> Settlement:
    return Settlement(
        twin=transaction.twin,
        transaction=transaction.id,
        revision=0,
        stage=Stage.APPLIED,
        status=TwinStatus.SYNCHRONIZED,
        summary="",
        ledger=(own,),
    )


async def test_a_repeated_delivery_adds_nothing(store: Store) -> None:
    other = CHANGE.model_copy(update={"version": "v2"})
    assert await store.inbox.add("acme-jira", "d1", [CHANGE, CHANGE, other]) == 2
    assert await store.inbox.add("acme-jira", "d1", iter([CHANGE, other])) == 0
    assert await store.inbox.add("acme-jira", "d2", [CHANGE]) == 1
    assert await store.inbox.add("acme-github", "d1", [CHANGE]) == 1
    assert await store.inbox.add("acme-jira", "d3", []) == 0
    first = (await store.inbox.pending("acme-jira", 9))[0]
    assert InboxChange.model_validate(first.model_dump(include=set(InboxChange.model_fields))) == CHANGE
    assert (first.system, first.delivery, first.attempts, first.received.tzinfo) == ("acme-jira", "d1", 0, UTC)


async def test_a_deletion_is_news_even_at_a_known_version(store: Store) -> None:
    assert await store.inbox.add_polled("acme-jira", "all", [CHANGE], "c1") == 1
    assert await store.inbox.add_polled("acme-jira", "all", [CHANGE.model_copy(update={"deleted": True})], "c2") == 1


async def test_routed_rows_no_longer_wait_and_postponed_ones_wait_behind(store: Store) -> None:
    await store.inbox.add("acme-jira", "d1", [InboxChange(item_id=str(number)) for number in range(4)])
    rows = await store.inbox.pending("acme-jira", 9)
    assert [row.item_id for row in rows] == ["0", "1", "2", "3"]
    await store.inbox.routed([rows[2].id])
    await store.inbox.postpone([rows[0].id])
    assert [(row.item_id, row.attempts) for row in await store.inbox.pending("acme-jira", 9)] == [("1", 0), ("3", 0), ("0", 1)]
    assert [row.item_id for row in await store.inbox.pending("acme-jira", 1)] == ["1"]
    assert await store.inbox.pending("acme-github", 9) == ()


async def test_overlapping_polls_find_a_version_once(store: Store) -> None:
    assert await store.inbox.cursor("acme-jira", "all") == ""
    assert await store.inbox.add_polled("acme-jira", "all", [CHANGE], "c1") == 1
    await store.inbox.routed([row.id for row in await store.inbox.pending("acme-jira", 9)])
    changed = CHANGE.model_copy(update={"version": "v2"})
    assert await store.inbox.add_polled("acme-jira", "all", [CHANGE, changed], "c2") == 1
    assert await store.inbox.cursor("acme-jira", "all") == "c2"
    assert await store.inbox.add("acme-jira", "d1", [CHANGE]) == 1


async def test_a_polled_change_without_version_is_always_news(store: Store) -> None:
    bare = InboxChange(item_id="1")
    assert await store.inbox.add_polled("acme-jira", "all", [bare], "c1") == 1
    assert await store.inbox.add_polled("acme-jira", "all", [bare], "c2") == 1


async def test_cursors_are_kept_per_scope(store: Store) -> None:
    await store.inbox.save_cursor("acme-jira", "ACME", "1")
    await store.inbox.save_cursor("acme-jira", "ACME", "2")
    await store.inbox.save_cursor("acme-jira", "OTHER", "9")
    assert [await store.inbox.cursor("acme-jira", scope) for scope in ("ACME", "OTHER")] == ["2", "9"]


async def test_many_changes_at_once(store: Store) -> None:
    changes = [InboxChange(item_id=str(number), version="1") for number in range(1203)]
    assert await store.inbox.add_polled("acme-jira", "all", changes, "c1") == 1203
    assert await store.inbox.add_polled("acme-jira", "all", changes, "c1") == 0
    await store.inbox.routed([row.id for row in await store.inbox.pending("acme-jira", 2000)])
    assert await store.inbox.prune(TOMORROW) == 1203


async def test_pruning_spares_what_waits_and_what_is_new(store: Store, transaction: Transaction) -> None:
    await store.inbox.add("acme-jira", "d1", [CHANGE, InboxChange(item_id="2")])
    rows = await store.inbox.pending("acme-jira", 9)
    await store.inbox.routed([rows[0].id])
    await store.twins.settle(settled_with(transaction, Confirmed(system="acme-jira", item="1", version="v1")))
    assert await store.inbox.prune(TOMORROW - timedelta(days=2)) == 0
    assert await store.inbox.prune(TOMORROW) == 2
    assert await store.inbox.pending("acme-jira", 9) == rows[1:]
    assert not await store.inbox.ledger_has("acme-jira", "1", "v1")


async def test_what_was_pruned_can_be_told_again(store: Store) -> None:
    await store.inbox.add("acme-jira", "d1", [CHANGE])
    await store.inbox.routed([row.id for row in await store.inbox.pending("acme-jira", 9)])
    await store.inbox.prune(TOMORROW)
    assert await store.inbox.add("acme-jira", "d1", [CHANGE]) == 1


async def test_an_entry_of_the_ledger_is_as_old_as_its_first_confirmation(store: Store, clock: Clock, transaction: Transaction) -> None:
    own = Confirmed(system="acme-jira", item="1", version="v1")
    await store.inbox.confirm(own)
    first = clock.moment
    clock.tick()
    await store.inbox.confirm(own)
    await store.twins.settle(settled_with(transaction, own))
    assert await store.inbox.prune(first) == 0
    assert await store.inbox.prune(clock.moment) == 1


async def test_a_row_is_postponed_once_at_a_time_and_its_key_has_no_nul(store: Store) -> None:
    await store.inbox.add("acme-jira", "d1", [CHANGE.model_copy(update={"key": "ACME\0-1"})])
    (row,) = await store.inbox.pending("acme-jira", 9)
    assert row.key == "ACME-1"
    await store.inbox.postpone([row.id, row.id])
    assert [found.attempts for found in await store.inbox.pending("acme-jira", 9)] == [1]


async def test_an_unknown_system_has_no_inbox(store: Store) -> None:
    assert await store.inbox.add("nowhere", "d1", []) == 0
    for refused in (
        store.inbox.add("nowhere", "d1", [CHANGE]),
        store.inbox.add_polled("nowhere", "all", [], "c1"),
        store.inbox.save_cursor("nowhere", "all", "c1"),
        store.inbox.confirm(Confirmed(system="nowhere", item="1", version="1")),
    ):
        with pytest.raises(IntegrityError):
            await refused
    assert await store.inbox.cursor("nowhere", "all") == ""
