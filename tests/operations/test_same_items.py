"""Lines that name the same items: by their own words, and as a whole file that is connected."""

from collections.abc import Sequence

import pytest
from acme_world import Heard, World
from temporalio.testing import ActivityEnvironment

from activities.bulk import Bulk
from activities.engine import Engine
from activities.interface import BulkRequest
from activities.ruling import Ruling
from model.operation import Operation, OperationItem
from model.words import ItemState, OperationStatus, Side
from operations import bulk, deployment
from operations.bulk_items import AT_ONCE
from operations.bulk_views import Begun
from operations.bulk_works import works
from operations.same_items import Line, Verdict, verdicts
from store import operation_tables as tables

FAILED, SKIPPED, DONE = ItemState.FAILED, ItemState.SKIPPED, ItemState.DONE


def lines(*pairs: str) -> list[Line]:
    return [Line(number, number + 1, ("jira", pair[0]), ("github", pair[1])) for number, pair in enumerate(pairs, 1)]


def contradicts(number: int, others: str) -> Verdict:
    return Verdict(
        number, FAILED, f"connects an item to another one than {others}; neither is connected: leave only one of them in the file"
    )


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (["A1", "B2"], []),
        (["A1", "B2", "A1", "A1"], [Verdict(number, SKIPPED, "names the same two items as line 2, which counts") for number in (3, 4)]),
        (["A1", "A2"], [contradicts(1, "line 3"), contradicts(2, "line 2")]),
        (["A1", "B1", "C3"], [contradicts(1, "line 3"), contradicts(2, "line 2")]),
        (["A1", "A2", "B2"], [contradicts(1, "line 3"), contradicts(2, "lines 2, 4"), contradicts(3, "line 3")]),
        (["A1", "A1", "A2"], [contradicts(1, "line 4"), contradicts(2, "line 4"), contradicts(3, "line 2")]),
    ],
    ids=["apart", "again", "left twice", "right twice", "both twice", "again and otherwise"],
)
def test_a_pair_counts_once_and_one_item_has_one_partner(pairs: list[str], expected: list[Verdict]):
    assert list(verdicts(lines(*pairs))) == expected


def test_of_many_rivals_the_first_five_are_told():
    assert next(iter(verdicts(lines(*(f"A{digit}" for digit in "12345678"))))) == contradicts(1, "lines 3, 4, 5, 6, 7 and more")


def test_an_item_of_one_system_may_stand_on_one_side_only():
    both = [Line(1, 1, ("jira", "A"), ("jira", "B")), Line(2, 2, ("jira", "B"), ("jira", "C"))]
    assert list(verdicts(both)) == [contradicts(1, "line 2"), contradicts(2, "line 1")]


class Quiet(Heard):
    async def operation_changed(self, operation: Operation) -> None:
        del operation


@pytest.fixture
async def live(world: World) -> World:
    world.signals = Quiet()
    fast = [(f"systems.{system}.calls_per_second", 1000) for system in ("acme-jira", "acme-github")]
    await deployment.apply(world.store, world.signals, world.declared(*fast))
    return world


class File:
    """A file that is connected, in steps."""

    def __init__(self, live: World, text: str, *, dry_run: bool = False) -> None:
        self._live, self._text, self._dry_run = live, text, dry_run
        engine = Engine(live.store, live.systems, Ruling(live.store.database.now), b"key", live.store.database.now)
        self._bulk = Bulk(engine, works(live.store, live.signals, live.systems))

    async def begin(self) -> Begun:
        given = (self._live.store, self._live.signals, "app-bugs", "ann")
        self.begun = await bulk.connect(*given, text=self._text, source=Side.LEFT, dry_run=self._dry_run)
        return self.begun

    async def collect(self) -> OperationStatus:
        return (await ActivityEnvironment().run(self._bulk.collect, self._request)).status

    async def work(self) -> None:
        await ActivityEnvironment().run(self._bulk.work, self._request)

    async def items(self) -> Sequence[OperationItem]:
        return await self._live.store.operation_items.listing(self.begun.operation.id, None, 2000)

    @property
    def _request(self) -> BulkRequest:
        return BulkRequest(operation=self.begun.operation.id, limit=100)


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_pair_named_by_key_and_by_address_is_connected_once(live: World, dry_run: bool):
    file = File(live, f"APP-1,acme/app#1\n{live.jira}/browse/APP-1,{live.github}/acme/app/issues/1\nAPP-1,acme/app#1\n", dry_run=dry_run)
    await file.begin()
    await file.collect()
    await file.work()
    first, *again = await file.items()
    assert (first.state, first.reason) == ((DONE, "will be paired") if dry_run else (ItemState.QUEUED, ""))
    assert [(one.state, one.reason) for one in again] == [(SKIPPED, "names the same two items as line 1, which counts")] * 2
    assert len(await live.store.twins.listing("app-bugs", None)) == (0 if dry_run else 1)


@pytest.mark.parametrize("dry_run", [True, False])
async def test_one_item_with_two_partners_gets_neither(live: World, dry_run: bool):
    file = File(live, f"APP-1,acme/app#1\nAPP-2,acme/app#2\n{live.jira}/browse/APP-1,acme/app#3\n", dry_run=dry_run)
    await file.begin()
    await file.collect()
    await file.work()
    first, second, third = await file.items()
    refused = "connects an item to another one than line {}; neither is connected: leave only one of them in the file"
    assert [(one.state, one.reason) for one in (first, third)] == [(FAILED, refused.format(3)), (FAILED, refused.format(1))]
    assert second.state is (DONE if dry_run else ItemState.QUEUED)


async def test_what_contradicts_stays_refused_where_the_look_up_breaks_off(live: World):
    file = File(live, f"APP-1,acme/app#1\n{live.jira}/browse/APP-1,acme/app#3\nAPP-4711,acme/app#2\n")
    begun = await file.begin()
    await file.collect()
    async with live.store.database.writing() as session:
        operation = await session.get_one(tables.Operation, begun.operation.id)
        operation.collected = False
        item = await session.get_one(tables.OperationItem, (begun.operation.id, 2))
        item.state = ItemState.WAITING
    await file.collect()
    assert [one.state for one in await file.items()] == [FAILED, FAILED, FAILED]


async def test_the_rest_of_a_long_file_is_recorded_by_the_worker_also_where_that_broke_off(live: World):
    count = AT_ONCE + 30
    file = File(live, "".join(f"APP-{9000 + number},{number}\n" for number in range(count)))
    begun = await file.begin()
    assert (begun.operation.total, begun.operation.collected, len(await file.items())) == (AT_ONCE, False, AT_ONCE)
    assert begun.notes[0].startswith(f"{count} pairs of items")
    connecting = works(live.store, live.signals, live.systems)[begun.operation.kind]
    operation = await live.store.operations.get(begun.operation.id)
    pages = connecting.entries(operation)
    for _ in range(2):
        await live.store.operation_items.add(operation.id, await anext(pages))
    assert [one.target.line for one in await file.items()] == list(range(1, count + 1))
    await file.collect()
    assert [one.target.line for one in await file.items()] == list(range(1, count + 1))
    assert {one.state for one in await file.items()} == {FAILED}
    assert (await live.store.operations.get(operation.id)).collected
    assert await live.store.operations.source(operation.id) == ""
