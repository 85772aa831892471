"""A twin's past, as the engine writes it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import func, update
from sqlmodel import select

from model.item import Attachment, Item, ItemRef
from model.plan import Acknowledgement, AddAttachment, AddComment, Conflict, CreateItem, Plan, Step, Transition, UpdateItem
from model.settlement import Confirmed, Settlement
from model.twin import Transaction
from model.words import ConflictPolicy, Side, Stage, TwinStatus
from store import Store
from store.columns import Moment
from store.tables import Table

ITEM = Item(ref=ItemRef(id="1", key="ACME-1", url=""), version="1", updated=datetime(2026, 1, 1, tzinfo=UTC), fields={"summary": "Fire"})
UPDATE = UpdateItem(fields={"summary": "Fire"})
CREATE = CreateItem(fields={"summary": "Fire"})
COMMENT = AddComment(source_id="c1", source_text="Hot", body="Hot", internal=False)
FILE = AddAttachment(source=Attachment(id="a1", filename="fire.png"))
ADDITIONS = (CREATE, COMMENT, FILE)
CHANGES = (UPDATE, Transition(status="Done"))


def conflict(winner: Side | None) -> Conflict:
    return Conflict(target=Side.RIGHT, subject="summary", left="Fire", right="Smoke", policy=ConflictPolicy.HOLD, winner=winner)


async def planned(store: Store, twin: str, source: Side, steps: Sequence[Step] = (UPDATE,)) -> tuple[Transaction, int]:
    """A change that is about to be applied: its transaction, and the number of its plan."""
    transaction = await store.transactions.begin(twin, source)
    replica = await store.replicas.add(twin, source, transaction.id, 1, {"summary": "Fire"}, ITEM)
    plan = Plan(source=source, target=ITEM, steps=tuple(steps))
    return transaction, await store.plans.add(twin, transaction.id, replica.id, plan)


async def applied(
    store: Store, twin: str, source: Side, steps: Sequence[Step] = (UPDATE,), conflicts: tuple[Conflict, ...] = ()
) -> Transaction:
    """A change that was carried out, with everything that it leaves."""
    transaction, plan = await planned(store, twin, source, steps)
    for number, step in enumerate(steps):
        op = f"{twin} {step.subject}" if step in ADDITIONS else f"{plan} {number}"
        await store.journal.open(op, twin, source.other, step)
        await store.journal.sent(op, 0)
        await store.journal.acknowledge(op, Acknowledgement(id="1", item_id="1"))
    await store.twins.settle(
        Settlement(
            twin=twin,
            transaction=transaction.id,
            revision=(await store.twins.get(twin)).revision,
            stage=Stage.APPLIED,
            status=TwinStatus.SYNCHRONIZED,
            summary="update summary",
            written=("summary",),
            conflicts=conflicts,
            ledger=(Confirmed(system="acme-github", item="1", version=f"v{transaction.id}"),),
            all_ops=source.other,
        )
    )
    return await store.transactions.get(transaction.id)


async def unchanged(store: Store, twin: str, source: Side) -> None:
    """A change that needed no plan."""
    transaction = await store.transactions.begin(twin, source)
    await store.replicas.add(twin, source, transaction.id, 1, {"summary": "Fire"}, ITEM)
    await store.transactions.advance(transaction.id, Stage.UNCHANGED)


async def age(store: Store, moment: datetime, until: datetime) -> None:
    """Let whatever was stamped before `until` be from `moment`: the store stamps rows with the present."""
    async with store.database.writing() as session:
        connection = await session.connection()
        for table in Table.metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, Moment):
                    await connection.execute(update(table).where(column < until).values({column: moment}))


async def sizes(store: Store) -> dict[str, int]:
    """How many rows each table has."""
    async with store.database.reading() as session:
        return {table.name: (await session.exec(select(func.count()).select_from(table))).one() for table in Table.metadata.sorted_tables}
