"""Eight processes at once: what the database promises to all of them together."""

import asyncio
import contextlib
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from model.errors import BadInput, Overtaken
from model.inbox import InboxChange
from model.item import Item, ItemRef
from model.journal import Intent
from model.plan import Conflict, Plan, UpdateItem
from model.settlement import Confirmed, Settlement
from model.twin import Transaction, Twin
from model.words import ConflictPolicy, ConnectionStatus, Side, Stage, TwinStatus
from store import Store, tables
from store.locks import steady_status
from store.upsert import insert_missing, put
from tests.store.crew import SIZE, Crew, shuffled

MOMENT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ITEM = Item(ref=ItemRef(id="1", key="ACME-1", url=""), version="1", updated=MOMENT, fields={"summary": "Fire"})

pytestmark = [pytest.mark.xdist_group("crew"), pytest.mark.databases]


def ref(number: int) -> ItemRef:
    return ItemRef(id=str(number), key=f"ACME-{number}", url="")


async def started(store: Store, count: int, connection: str = "support") -> list[Twin]:
    twins = [await store.twins.start(connection, Side.LEFT, ref(number)) for number in range(count)]
    return [twin for twin in twins if twin]


async def start(store: Store, member: int, count: int) -> list[str]:
    made: list[str] = []
    for number in shuffled(member, count):
        twin = await store.twins.start("support", Side.LEFT, ref(number))
        if twin:
            made.append(str(number))
    return made


async def test_an_item_gets_one_twin(store: Store, crew: Crew) -> None:
    made = await crew.work(partial(start, count=30))
    assert Counter(item for items in made for item in items) == Counter(str(number) for number in range(30))
    assert len(await store.twins.listing("support", None)) == 30


async def take(store: Store, member: int, twins: list[str], item: ItemRef) -> bool:
    """Whether the member's twin got the item."""
    transaction = await store.transactions.begin(twins[member], Side.LEFT)
    settlement = whole(await store.twins.get(twins[member]), transaction.id)
    try:
        await store.twins.settle(settlement.model_copy(update={"refs": {Side.RIGHT: item}}))
    except BadInput:
        return False
    return True


async def test_a_counterpart_belongs_to_one_twin(store: Store, crew: Crew) -> None:
    twins = [twin.id for twin in await started(store, SIZE)]
    for number in range(5):
        taken = await crew.work(partial(take, twins=twins, item=ref(100 + number)))
        assert taken.count(True) == 1
        ((holder, _),) = await store.twins.by_item("acme-github", str(100 + number))
        assert holder.id == twins[taken.index(True)]


async def hold_or_activate(store: Store, member: int, twins: list[str], seed: int) -> list[str]:
    """Member 0 activates amid the work of the others, and returns what it drains; they have their twins held."""
    if member:
        for twin in twins[member::SIZE]:
            await store.twins.hold_unless_active(twin)
        return []
    for twin in twins[: random.Random(seed).randrange(20)]:
        await store.twins.get(twin)
    await store.configurations.set_status("support", ConnectionStatus.ACTIVE)
    return [twin.id for twin in await store.twins.held("support", 100)]


async def test_a_drain_after_activation_misses_no_held_twin(store: Store, crew: Crew) -> None:
    twins = [twin.id for twin in await started(store, 4 * SIZE)]
    for seed in range(16):
        await store.configurations.set_status("support", ConnectionStatus.DEACTIVATED)
        drained = (await crew.work(partial(hold_or_activate, twins=twins, seed=seed)))[0]
        held = {twin.id for twin in await store.twins.held("support", 100)}
        assert held == set(drained)
        for twin in held:
            await store.twins.release(twin)


async def test_an_activation_waits_for_a_look_at_the_connection(store: Store) -> None:
    await store.configurations.set_status("support", ConnectionStatus.DEACTIVATED)
    async with store.database.writing() as session:
        assert await steady_status(session, "support") is ConnectionStatus.DEACTIVATED
        activating = asyncio.create_task(store.configurations.set_status("support", ConnectionStatus.ACTIVE))
        assert (await asyncio.wait([activating], timeout=0.3))[0] == set()
    assert await activating


async def hold(store: Store, member: int, twins: list[str]) -> list[ConnectionStatus | None]:
    return [await store.twins.hold_unless_active(twins[number]) for number in shuffled(member, len(twins))]


async def test_one_twin_is_held_by_all_who_ask(store: Store, crew: Crew) -> None:
    twins = [twin.id for twin in await started(store, 5)]
    await store.configurations.set_status("support", ConnectionStatus.ERROR)
    statuses = await crew.work(partial(hold, twins=twins))
    assert {status for those in statuses for status in those} == {ConnectionStatus.ERROR}
    assert [twin.id for twin in await store.twins.held("support", 9)] == sorted(twins)


async def run_queue(store: Store, member: int, twin: str) -> tuple[int, set[int]]:
    """How often the member began a transaction, and those that were to carry its changes."""
    chance, begun, queued = random.Random(member), 0, set[int]()
    for _ in range(10):
        side = chance.choice(list(Side))
        queued.add(await store.transactions.queue(twin, side))
        if chance.random() < 0.6:
            transaction = await store.transactions.begin(twin, side)
            begun += 1
            await store.transactions.advance(transaction.id, chance.choice([Stage.FETCHED, Stage.ERROR, Stage.APPLIED]))
    return begun, queued


async def test_a_queue_loses_and_doubles_nothing(store: Store, twin: Twin, crew: Crew) -> None:
    done = await crew.work(partial(run_queue, twin=twin.id))
    known = {one.id: one for one in await store.transactions.of_twin(twin.id, 1000)}
    assert sum(one.attempts for one in known.values()) == sum(begun for begun, _ in done)
    assert set().union(*(queued for _, queued in done)) <= known.keys()
    waiting = Counter(one.source for one in known.values() if one.stage is Stage.QUEUED)
    assert all(count == 1 for count in waiting.values())
    last = {(await store.transactions.begin(twin.id, side)).id for side in Side}
    assert {one.id for one in await store.transactions.waiting("support", 1000)} == last


async def work_or_unlink(store: Store, member: int, twin: str, replica: int, seed: int) -> None:
    """Member 0 ends the twin while the others go through all that changes it."""
    chance = random.Random(seed * SIZE + member)
    if member == 0:
        for _ in range(chance.randrange(60)):
            await asyncio.sleep(0)
        await store.twins.set_status(twin, TwinStatus.UNLINKED, "asked for")
        await store.transactions.discard(twin)
        return
    side = chance.choice(list(Side))
    await store.transactions.queue(twin, side)
    transaction = await store.transactions.begin(twin, side)
    await store.replicas.add(twin, side, transaction.id, 1, {"summary": member}, ITEM)
    await store.plans.add(twin, transaction.id, replica, Plan(source=side, target=ITEM, steps=(UpdateItem(fields={"summary": "Fire"}),)))
    await store.conflicts.record(twin, transaction.id, [conflict(member)])
    with contextlib.suppress(Overtaken):
        await store.twins.settle(whole(await store.twins.get(twin), transaction.id))


def conflict(member: int, winner: Side | None = Side.LEFT) -> Conflict:
    return Conflict(target=Side.RIGHT, subject="summary", left=member, right="b", policy=ConflictPolicy.LATEST, winner=winner)


def whole(twin: Twin, transaction: int) -> Settlement:
    return Settlement(
        twin=twin.id,
        transaction=transaction,
        revision=twin.revision,
        stage=Stage.APPLIED,
        status=TwinStatus.SYNCHRONIZED,
        summary="update summary",
        written=("summary", "labels"),
        conflicts=(conflict(0),),
        ledger=(Confirmed(system="acme-github", item="34", version="v2"),),
    )


async def test_an_end_amid_all_kinds_of_work_stays(store: Store, crew: Crew) -> None:
    for seed, twin in enumerate(await started(store, 8)):
        first = await store.transactions.begin(twin.id, Side.LEFT)
        replica = await store.replicas.add(twin.id, Side.LEFT, first.id, 1, {}, ITEM)
        await crew.work(partial(work_or_unlink, twin=twin.id, replica=replica.id, seed=seed))
        ended = await store.twins.get(twin.id)
        assert (ended.status, ended.reason) == (TwinStatus.UNLINKED, "asked for")
        newest = await store.replicas.latest(twin.id, Side.LEFT)
        assert newest


async def settle(store: Store, _: int, settlement: Settlement) -> None:
    await store.twins.settle(settlement)


async def test_a_settlement_that_all_store_is_stored_once(store: Store, twin: Twin, transaction: Transaction, crew: Crew) -> None:
    settlement = whole(twin, transaction.id)
    await crew.work(partial(settle, settlement=settlement))
    assert len(await store.conflicts.of_twin(transaction.twin)) == 1
    assert await store.twins.recent_writes(transaction.twin, MOMENT) == ((Side.LEFT, "summary"), (Side.LEFT, "labels"))
    assert (await store.transactions.get(transaction.id)).stage is Stage.APPLIED


async def record(store: Store, _: int, transaction: Transaction) -> None:
    for number in range(5):
        await store.conflicts.record(transaction.twin, transaction.id, [conflict(number)])


async def test_a_conflict_that_all_record_is_kept_once(store: Store, transaction: Transaction, crew: Crew) -> None:
    await crew.work(partial(record, transaction=transaction))
    kept = Counter(str(one.conflict.left) for one in await store.conflicts.of_twin(transaction.twin))
    assert kept == Counter("01234")


Told = tuple[str, datetime | None, bool]


async def journal(store: Store, member: int, twin: str) -> dict[str, Told]:
    """Per write what the member was told: the step, since when its outcome is in doubt, and whether the member may send it."""
    told: dict[str, Told] = {}
    for number in shuffled(member, 10):
        op = f"op{number}"
        intent = await store.journal.open(op, twin, Side.RIGHT, UpdateItem(fields={"summary": member}))
        may_send = await sent(store, intent)
        doubted = await store.journal.doubt(op, MOMENT + timedelta(seconds=member))
        told[op] = (str(intent.step), doubted.recovering_since, may_send)
    return told


async def sent(store: Store, intent: Intent) -> bool:
    try:
        return await store.journal.sent(intent.op, intent.sends) is None
    except Overtaken:
        return False


async def test_all_carry_out_the_write_that_was_journalled_first(store: Store, twin: Twin, crew: Crew) -> None:
    told = await crew.work(partial(journal, twin=twin.id))
    for intent in await store.journal.of_twin(twin.id):
        assert {those[intent.op][0] for those in told} == {str(intent.step)}
        assert intent.recovering_since in {those[intent.op][1] for those in told}
        assert intent.sends == [those[intent.op][2] for those in told].count(True) > 0


async def test_a_refused_write_is_opened_anew_by_one(store: Store, twin: Twin, crew: Crew) -> None:
    for number in range(10):
        await store.journal.open(f"op{number}", twin.id, Side.RIGHT, UpdateItem(fields={}))
        await store.journal.reject(f"op{number}", "no such option")
    told = await crew.work(partial(journal, twin=twin.id))
    for intent in await store.journal.of_twin(twin.id):
        assert {those[intent.op][0] for those in told} == {str(intent.step)}
        assert intent.recovering_since in {those[intent.op][1] for those in told}
        assert intent.sends == [those[intent.op][2] for those in told].count(True) > 0


async def deliver(store: Store, member: int) -> int:
    """How many rows were new of deliveries that all members bring."""
    changes = [InboxChange(item_id=str(number), version="1") for number in range(3)]
    return sum([await store.inbox.add("acme-jira", f"d{number}", changes) for number in shuffled(member, 20)])


async def test_what_all_deliver_is_stored_once(store: Store, crew: Crew) -> None:
    new = await crew.work(deliver)
    rows = await store.inbox.pending("acme-jira", 1000)
    assert sum(new) == len(rows)
    assert Counter(row.delivery for row in rows) == Counter({f"d{number}": 3 for number in range(20)})


async def poll(store: Store, member: int) -> int:
    """How many rows were new of versions that all members find, each in an order of its own."""
    found = [InboxChange(item_id=str(number), version="1") for number in shuffled(member, 60)]
    return await store.inbox.add_polled("acme-jira", "all", found, str(member))


async def test_what_all_polls_find_is_stored_once(store: Store, crew: Crew) -> None:
    new = await crew.work(poll)
    assert sum(new) == len(await store.inbox.pending("acme-jira", 1000)) == 60


async def test_polls_of_one_scope_take_turns(store: Store) -> None:
    async with store.database.writing() as session:
        await put(session, tables.Cursor(system="acme-jira", scope="all", cursor="c1", updated=MOMENT))
        polling = asyncio.create_task(store.inbox.add_polled("acme-jira", "all", [InboxChange(item_id="1", version="1")], "c2"))
        assert (await asyncio.wait([polling], timeout=0.3))[0] == set()
        await insert_missing(session, [tables.Inbox(system="acme-jira", delivery="poll", item_id="1", version="1", received=MOMENT)])
    assert await polling == 0
