"""Storing a settlement in memory: all that could refuse it is looked at before anything changes."""

from collections.abc import Collection, Sequence

from sqlalchemy.exc import NoResultFound

from model.agreement import Base, Trace
from model.item import ItemRef
from model.plan import Conflict
from model.settlement import Settlement
from model.twin import StoredConflict, Transaction, Twin
from model.words import IntentStatus, Restoration, Stage, TwinStatus
from store.columns import prose
from store.conflicting import agreed_anew, overtaken, settled_subjects, unrecorded
from store.fencing import is_repeated
from tests.memory_store.rows import MemoryDatabase, Outcome, through_json


def settle(rows: MemoryDatabase, settlement: Settlement) -> None:
    twin = rows.twin(settlement.twin)
    transaction = rows.transactions.get(settlement.transaction)
    if transaction is None:
        raise NoResultFound
    if is_repeated(settlement, transaction.stage, twin.revision):
        return
    settled = _settled_twin(rows, twin, settlement)
    rows.refuse_taken(settled)
    for own in settlement.ledger:
        rows.refer(system=own.system)
    rows.replace_twin(settled)
    _settle_transaction(rows, transaction, settlement)
    agreed = _move_bases(rows, settlement)
    _pair(rows, settlement)
    _settle_conflicts(rows, settlement, settled_subjects(settlement, agreed))
    for name in settlement.written:
        rows.outcomes.setdefault((transaction.id, name), Outcome(twin.id, transaction.source, rows.now()))
    for own in settlement.ledger:
        rows.enter(own)
    _settle_intents(rows, settlement)
    end_restoring(rows, twin.id, settlement.restored, Restoration.DONE)
    end_restoring(rows, twin.id, settlement.overtaken, Restoration.OVERTAKEN)
    if settlement.status is TwinStatus.UNLINKED and settlement.stage is not None:
        rows.discard_queue(twin.id)


def end_restoring(rows: MemoryDatabase, twin: str, conflicts: Collection[int], restoration: Restoration) -> None:
    for found in [rows.conflicts[id] for id in sorted(rows.conflicts.keys() & set(conflicts))]:  # noqa: A001
        if found.twin == twin and found.restoration is Restoration.WANTED:
            rows.conflicts[found.id] = found.model_copy(update={"restoration": restoration})
            if restoration is Restoration.DONE:
                rows.queued(twin, found.conflict.target, forced=True)


def _settle_intents(rows: MemoryDatabase, settlement: Settlement) -> None:
    for op, intent in rows.intents.items():
        done = op in settlement.ops or intent.target is settlement.all_ops
        if done and intent.twin == settlement.twin and intent.status is IntentStatus.APPLIED:
            rows.intents[op] = intent.model_copy(update={"settled": True})


def clean(ref: ItemRef) -> ItemRef:
    return ItemRef(id=ref.id, key=prose(ref.key), url=prose(ref.url))


def record(rows: MemoryDatabase, twin: str, transaction: int, conflicts: Sequence[Conflict]) -> None:
    for conflict in conflicts:
        id = len(rows.conflicts) + 1  # noqa: A001
        moment, winner = rows.now(), conflict.winner
        rows.conflicts[id] = StoredConflict(
            id=id,
            twin=twin,
            transaction=transaction,
            conflict=through_json(conflict),
            winner=winner,
            created=moment,
            resolved=moment if winner else None,
        )


def _settled_twin(rows: MemoryDatabase, twin: Twin, settlement: Settlement) -> Twin:
    changes: dict[str, object] = {side.value: clean(ref) for side, ref in settlement.refs.items()}
    changes |= {"title": prose(settlement.title) if settlement.title else twin.title, "updated": rows.now(), "revision": twin.revision + 1}
    if twin.status is not TwinStatus.UNLINKED:
        changes |= {"status": settlement.status, "reason": prose(settlement.reason)}
    return twin.model_copy(update=changes)


def _settle_transaction(rows: MemoryDatabase, transaction: Transaction, settlement: Settlement) -> None:
    if settlement.stage is None:
        return
    changes: dict[str, object] = {"summary": prose(settlement.summary), "updated": rows.now()}
    if transaction.stage is not Stage.DISCARDED:
        changes |= {"stage": settlement.stage, "reason": prose(settlement.reason)}
    rows.transactions[transaction.id] = transaction.model_copy(update=changes)


def _move_bases(rows: MemoryDatabase, settlement: Settlement) -> set[str]:
    agreed: set[str] = set()
    for side, base in settlement.bases.items():
        agreed |= agreed_anew(rows.bases.get((settlement.twin, side), Base()), base)
        rows.bases[settlement.twin, side] = through_json(base)
    return agreed


def _pair(rows: MemoryDatabase, settlement: Settlement) -> None:
    def gone(trace: Trace) -> bool:
        dropped = any(_meets(trace, other) == (True, True) for other in settlement.dropped)
        return dropped or any(any(_meets(trace, other)) for other in settlement.kept)

    traces = [trace for trace in rows.traces.get(settlement.twin, ()) if not gone(trace)]
    for trace in settlement.kept:
        if not any(any(_meets(trace, other)) for other in traces):
            traces.append(trace)
    rows.traces[settlement.twin] = tuple(traces)


def _meets(one: Trace, other: Trace) -> tuple[bool, bool]:
    """Whether both pair the same child on the left, and on the right."""
    same = one.kind is other.kind
    return same and one.left_id == other.left_id, same and one.right_id == other.right_id


def _settle_conflicts(rows: MemoryDatabase, settlement: Settlement, settled: set[str]) -> None:
    of_twin = [found for found in rows.conflicts.values() if found.twin == settlement.twin]
    still_open: list[Conflict] = []
    for found in of_twin:
        if found.resolved is not None:
            continue
        if overtaken(found.conflict, settlement, settled):
            rows.conflicts[found.id] = found.model_copy(update={"resolved": rows.now()})
        else:
            still_open.append(found.conflict)
    decided = {
        found.conflict.model_dump_json() for found in of_twin if found.transaction == settlement.transaction and found.winner is not None
    }
    record(rows, settlement.twin, settlement.transaction, unrecorded(settlement, still_open, decided))
