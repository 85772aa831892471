"""Settling: after a plan was carried out, move base, traces, transaction and twin in one database transaction.

The rules of both sides run once more, without effect: the target's outgoing rule tells which replica is now expected
from there, so that the
echo is known when it comes; the source's incoming rule tells what it would ask for then, which is the source's own base.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from activities.engine import Engine, Place
from activities.knowledge import ask_of, pretended
from activities.people import incoming
from activities.seeking import as_last_asked
from model.agreement import Base, counterparts
from model.errors import ScriptFailed
from model.item import Fields, Item
from model.plan import CreateItem, Plan, Transition, UpdateItem
from model.settlement import Confirmed, Settlement
from model.twin import StoredReplica, Twin, TwinState
from model.words import ChildKind, Side, Stage, TwinStatus
from rules.interface import Received
from sync.merge import changed, partly_reversed, reverse_agreed
from sync.settle import Acknowledged, Settled, arrived, less_edits, outstanding, restores_loser, settle, with_status_to_come


@dataclass(frozen=True)
class Finished:
    status: TwinStatus
    target_key: str


async def finish(
    engine: Engine, twin: Twin, stored: StoredReplica, plan: Plan, source: Place, target: Place, acknowledged: Sequence[Acknowledged]
) -> Finished:
    """Record that the whole plan is done. Raises Overtaken where another attempt has moved the twin on meanwhile."""
    state = await engine.store.twins.state(twin.id)
    settled = settle(plan, state.base(target.side), state.traces, acknowledged, complete=True)
    bases = await _bases(engine, state, stored, plan, source, target, settled)
    status = await _status(engine, twin, plan)
    await engine.store.twins.settle(
        Settlement(
            twin=twin.id,
            transaction=stored.transaction,
            revision=state.twin.revision,
            stage=Stage.APPLIED if plan.steps else Stage.UNCHANGED,
            status=status,
            summary=plan.summary,
            reason="; ".join(plan.notes),
            written=settled.written,
            refs={target.side: settled.ref, source.side: stored.item.ref} if settled.ref else {source.side: stored.item.ref},
            title=str(stored.item.fields.get("summary") or "")[:200],
            bases=bases,
            kept=settled.kept,
            dropped=settled.dropped,
            conflicts=settled.conflicts,
            ledger=(*await _confirmed(engine, target, plan, acknowledged), *_read(source, stored)),
            all_ops=target.side,
            restored=settled.restored,
            overtaken=plan.overtaken,
        )
    )
    return Finished(status, settled.ref.key if settled.ref else "")


async def finish_partly(
    engine: Engine,
    twin: Twin,
    stored: StoredReplica,
    plan: Plan,
    source: Place,
    target: Place,
    acknowledged: Sequence[Acknowledged],
    ops: Sequence[str],
    *,
    recovering: bool = False,
) -> None:
    """Record the steps that were done before one failed, whose operations are `ops`; the rest of the source's change stays unsettled.

    So do steps that an earlier attempt at the plan did and this one did not come to: recovery makes them part of the bases.

    `recovering` leaves the transaction alone, which may long be over. Raises as `finish` does.
    """
    if not acknowledged:
        return
    state = await engine.store.twins.state(twin.id)
    settled = settle(plan, state.base(target.side), state.traces, acknowledged, complete=False)
    await engine.store.twins.settle(
        Settlement(
            twin=twin.id,
            transaction=stored.transaction,
            revision=state.twin.revision,
            stage=None if recovering else Stage.TRANSFORMED,
            status=TwinStatus.SYNCING,
            summary=plan.summary,
            written=settled.written,
            refs={target.side: settled.ref} if settled.ref else {},
            title=twin.title,
            bases=await _partial_bases(engine, state, stored, plan, source, target, settled, acknowledged),
            kept=settled.kept,
            dropped=settled.dropped,
            conflicts=settled.conflicts,
            ledger=await _confirmed(engine, target, plan, acknowledged),
            ops=tuple(ops),
            restored=settled.restored,
        )
    )


async def _partial_bases(
    engine: Engine,
    state: TwinState,
    stored: StoredReplica,
    plan: Plan,
    source: Place,
    target: Place,
    settled: Settled,
    acknowledged: Sequence[Acknowledged],
) -> dict[Side, Base]:
    """What has arrived is agreed on both sides, as if the source had sent no more than that.

    While a first rule goes on, the source has no base.
    """
    before, there = state.base(source.side), state.base(target.side)
    if settled.item is None:
        return {}
    try:
        expected = await _expected(engine, target, settled.item, there.replica)
        if plan.goes_on:
            return {target.side: Base(agreed=dict(settled.agreed), item=settled.item, replica=expected, goes_on=True)}
        edited = outstanding(plan, plan.target, there, before) if plan.target else ()
        unedited = less_edits(settled.item, there, edited)
        wished = await _asked_for(engine, state, stored, source, target, unedited)
        coming = with_status_to_come(unedited, plan, acknowledged)
        wished_finally = wished if coming is unedited else await _asked_for(engine, state, stored, source, target, coming)
        agreed = partly_reversed(before, wished, wished_finally, stored.item.fields)
        known = arrived(before, agreed, stored.item, settled, source.side)
        sent = await _expected(engine, source, known, before.replica) if known else Fields()
    except ScriptFailed:
        return {target.side: Base(agreed=dict(settled.agreed), item=settled.item, replica=there.replica)}
    return {
        target.side: Base(agreed=dict(settled.agreed), item=settled.item, replica=expected),
        source.side: Base(agreed=agreed, item=known, replica=sent),
    }


async def _confirmed(engine: Engine, target: Place, plan: Plan, acknowledged: Sequence[Acknowledged]) -> tuple[Confirmed, ...]:
    """The versions that our writes made. They are certain where the one before was, and the platform let nothing come in between.

    From a value on that was brought back the versions tell of an edit, which is to travel.
    """
    can = target.declared.capabilities
    if not can.exact_versions:
        return ()
    certain = plan.target is None
    if can.compare_and_set and plan.target is not None:
        certain = await engine.store.inbox.ledger_has(target.system.id, plan.target.ref.id, plan.target.version, certain=True)
    made: list[Confirmed] = []
    for step, done in takewhile(lambda one: not restores_loser(one[0]), acknowledged):
        unbroken = isinstance(step, CreateItem) or (can.compare_and_set and isinstance(step, UpdateItem | Transition))
        certain = certain and bool(done.version) and unbroken
        if done.version:
            made.append(Confirmed(system=target.system.id, item=done.item_id, version=done.version, certain=certain))
    return tuple(made)


def _read(source: Place, stored: StoredReplica) -> tuple[Confirmed, ...]:
    if not source.declared.capabilities.exact_versions:
        return ()
    return (Confirmed(system=source.system.id, item=stored.item.ref.id, version=stored.item.version, certain=True),)


async def _bases(
    engine: Engine, state: TwinState, stored: StoredReplica, plan: Plan, source: Place, target: Place, settled: Settled
) -> dict[Side, Base]:
    before = state.base(target.side)
    item = settled.item
    old_agreed = state.base(source.side)
    if item is None:
        return {source.side: old_agreed.model_copy(update={"item": stored.item, "replica": stored.payload})}
    try:
        expected = await _expected(engine, target, item, before.replica)
        if plan.goes_on:
            return {target.side: Base(agreed=dict(settled.agreed), item=item, replica=expected, goes_on=True)}
        wished = await _wished(engine, source, target, stored, state, expected)
        edited = outstanding(plan, plan.target, before, old_agreed) if plan.target else frozenset[str]()
        wished_now = wished_then = wished
        if plan.target and edited:
            now = item.model_copy(update={"fields": {**item.fields, **{subject: plan.target.fields.get(subject) for subject in edited}}})
            then = less_edits(item, before, edited)
            wished_now = await _asked_for(engine, state, stored, source, target, now)
            wished_then = await _asked_for(engine, state, stored, source, target, then)
        lost = {conflict.subject for conflict in plan.conflicts if conflict.winner is target.side}
        of_target = changed(wished_then, wished_now)
        agreed = reverse_agreed(old_agreed, wished, wished_now, stored.item.fields, lost, of_target, plan.held_subjects)
    except ScriptFailed:
        expected, agreed = before.replica, {}
    return {
        target.side: Base(agreed=dict(settled.agreed), item=item, replica=expected),
        source.side: Base(agreed=agreed, item=stored.item, replica=stored.payload),
    }


async def _asked_for(engine: Engine, state: TwinState, stored: StoredReplica, source: Place, target: Place, item: Item) -> Fields:
    """What the source's incoming rule would ask for if the target's item were `item`."""
    return await _wished(engine, source, target, stored, state, await _expected(engine, target, item, state.base(target.side).replica))


async def _expected(engine: Engine, target: Place, item: Item, previous: Fields) -> Fields:
    return await engine.ruling.outgoing(
        target.connection, target.configuration, target.side, item, previous, ask_of(engine, target), first=False
    )


async def _wished(engine: Engine, source: Place, target: Place, stored: StoredReplica, state: TwinState, expected: Fields) -> Fields:
    received = Received(
        replica=expected,
        previous=expected,
        item=stored.item,
        remote_ids=counterparts(state.traces, ChildKind.COMMENT, source.side),
        remote_files=counterparts(state.traces, ChildKind.ATTACHMENT, source.side),
    )
    ask = as_last_asked(ask_of(engine, source, pretended, stored.twin), lambda: engine.store.awaited.of(stored.twin, target.side))
    return (await incoming(engine, target, source, received, ask, first=False)).fields


async def _status(engine: Engine, twin: Twin, plan: Plan) -> TwinStatus:
    if plan.unlink:
        return TwinStatus.UNLINKED
    settled = set(plan.agreed)
    waiting = await engine.store.conflicts.of_twin(twin.id)
    open_still = any(one.resolved is None and one.conflict.subject not in settled for one in waiting)
    return TwinStatus.CONFLICT if plan.held or open_still else TwinStatus.SYNCHRONIZED
