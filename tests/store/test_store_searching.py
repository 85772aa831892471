"""Twins and waiting changes as people look for them."""

from datetime import timedelta

import pytest

from model.item import ItemRef
from model.monitor import QueueSearch, TwinSearch
from model.plan import UpdateItem
from model.twin import Twin
from model.words import ConnectionStatus, Side, Stage, TwinStatus
from store import Act, Store
from tests.store.clock import Clock

pytestmark = pytest.mark.databases


async def _twin(store: Store, number: int, clock: Clock, title: str = "Printer") -> Twin:
    clock.tick()
    ref = ItemRef(id=f"1000{number}", key=f"ACME-{number}", url=f"https://jira.acme.example/browse/ACME-{number}")
    twin = await store.twins.start("support", Side.LEFT, ref, title)
    assert twin
    return twin


async def _found(store: Store, wanted: TwinSearch) -> list[str]:
    return [twin.left.key for twin in await store.searching.twins(wanted, 10) if twin.left]


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (TwinSearch(text="acme-2"), ["ACME-2"]),
        (TwinSearch(text="https://jira.acme.example/browse/ACME-1"), ["ACME-1"]),
        (TwinSearch(text="TONER"), ["ACME-2"]),
        (TwinSearch(text="no option"), ["ACME-3"]),
        (TwinSearch(text="10001"), ["ACME-1"]),
        (TwinSearch(text="1000"), []),
        (TwinSearch(text="%"), []),
        (TwinSearch(statuses=(TwinStatus.ERROR, TwinStatus.HELD)), ["ACME-3", "ACME-2"]),
        (TwinSearch(connection="support", statuses=(TwinStatus.ERROR,)), ["ACME-3"]),
        (TwinSearch(connection="nowhere"), []),
        (TwinSearch(system="acme-jira"), ["ACME-3", "ACME-2", "ACME-1"]),
        (TwinSearch(system="acme-jira", side=Side.LEFT, text="ACME-1"), ["ACME-1"]),
        (TwinSearch(system="acme-jira", side=Side.RIGHT), []),
    ],
)
async def test_twins_are_found_by_what_people_know_of_them(store: Store, clock: Clock, wanted: TwinSearch, keys: list[str]) -> None:
    await _twin(store, 1, clock)
    second = await _twin(store, 2, clock, "Toner is empty")
    third = await _twin(store, 3, clock)
    await store.twins.set_status(second.id, TwinStatus.HELD)
    await store.twins.set_status(third.id, TwinStatus.ERROR, "field 'priority' has no option 'P0'")

    assert await _found(store, wanted) == keys


async def test_what_changed_since_a_moment_is_found(store: Store, clock: Clock) -> None:
    first = await _twin(store, 1, clock)
    await _twin(store, 2, clock)
    moment = clock.tick()
    await store.twins.set_status(first.id, TwinStatus.HELD)

    assert await _found(store, TwinSearch(since=moment)) == ["ACME-1"]


async def test_pages_stay_right_while_twins_change(store: Store, clock: Clock) -> None:
    twins = [await _twin(store, number, clock) for number in range(1, 5)]
    first = await store.searching.twins(TwinSearch(), 2)
    await store.twins.set_status(twins[1].id, TwinStatus.ERROR, "moved")
    await _twin(store, 5, clock)
    second = await store.searching.twins(TwinSearch(), 2, first[-1].id)

    assert [twin.id for twin in (*first, *second)] == [twin.id for twin in reversed(twins)]


async def test_what_waits_comes_oldest_first_in_pages(store: Store, clock: Clock) -> None:
    numbers = [await store.transactions.queue((await _twin(store, number, clock)).id, Side.LEFT) for number in (1, 2, 3)]
    await store.transactions.advance(numbers[1], Stage.APPLIED)
    first = await store.searching.queue(QueueSearch(connection="support"), 1)
    second = await store.searching.queue(QueueSearch(), 5, first[-1].transaction.id)

    assert [one.transaction.id for one in (*first, *second)] == [numbers[0], numbers[2]]
    assert await store.searching.queue(QueueSearch(stages=(Stage.HELD,)), 5) == ()
    assert await store.searching.queue(QueueSearch(connection="nowhere"), 5) == ()


async def test_only_what_is_in_progress_for_long_is_stuck(store: Store, clock: Clock) -> None:
    old, parked = await _twin(store, 1, clock), await _twin(store, 2, clock)
    stuck = await store.transactions.queue(old.id, Side.LEFT)
    await store.transactions.park(await store.transactions.queue(parked.id, Side.LEFT), "refused")
    await store.transactions.queue(parked.id, Side.RIGHT)
    clock.moment += timedelta(minutes=61)
    await store.transactions.queue((await _twin(store, 3, clock)).id, Side.LEFT)
    wanted = QueueSearch(stuck_after=timedelta(hours=1))

    assert [one.transaction.id for one in await store.searching.queue(wanted, 5)] == [stuck]
    await store.configurations.set_status("support", ConnectionStatus.DEACTIVATED)
    assert await store.searching.queue(wanted, 5) == ()


async def test_a_write_in_doubt_shows(store: Store, clock: Clock) -> None:
    twin = await _twin(store, 1, clock)
    await store.transactions.queue(twin.id, Side.LEFT)
    await store.journal.open("op", twin.id, Side.RIGHT, UpdateItem(fields={}))
    assert [one.in_doubt for one in await store.searching.queue(QueueSearch(), 5)] == [False]
    await store.journal.doubt("op", clock())

    assert [one.in_doubt for one in await store.searching.queue(QueueSearch(), 5)] == [True]


async def test_a_caller_sees_what_is_of_his_workspace(store: Store, clock: Clock) -> None:
    own = await _twin(store, 1, clock)
    await store.transactions.begin(own.id, Side.LEFT)
    for workspace, seen in ((None, 1), ("default", 1), ("elsewhere", 0)):
        used = store.used_by(Act(who="ada", address="192.0.2.1", workspace=workspace))
        assert len(await used.searching.twins(TwinSearch(), 10)) == seen
        assert len(await used.searching.twins(TwinSearch(system="acme-jira"), 10)) == seen
        assert len(await used.searching.queue(QueueSearch(), 10)) == seen
