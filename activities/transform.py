"""Transform: from a replica and the target as it is now to a plan. Writes nothing to any platform."""

from datetime import timedelta

from activities.absence import ends_the_twin, read_there
from activities.bringing import bring
from activities.calling import Calls
from activities.connecting import connect
from activities.engine import Engine, Place, places
from activities.interface import Outcome, TransformResult
from activities.judging import judge_by, wanted_back
from activities.knowledge import ask_of
from activities.people import incoming
from activities.recovery import recover
from activities.routing import Router
from activities.seeking import Seeking
from activities.settling import finish
from connectors.kit.interface import Capabilities
from model.agreement import counterparts
from model.errors import Gone, Refused
from model.item import Fields, Item
from model.plan import Plan
from model.twin import StoredReplica, Twin, TwinState
from model.words import ChildKind, Stage, TwinStatus
from rules.interface import Outcome as RuleOutcome
from rules.interface import Received
from sync.children import Delta, Wish, delta
from sync.echo import alternations
from sync.plan import Abilities, Situation, Wishes, children_of, make_plan
from sync.settle import outstanding
from sync.work_logs import WorkWish

LOOP_WINDOW = timedelta(minutes=2)
LOOP_TURNS = 8


async def transform(engine: Engine, router: Router, twin: Twin, stored: StoredReplica) -> TransformResult:
    """Errors of `model.errors` where the rule, the platform or the item stands in the way."""
    source, target = await places(engine, twin, stored.version, stored.source)
    recovered = await recover(engine, twin, target.side)
    twin = recovered.twin
    state = await engine.store.twins.state(twin.id)
    ref = twin.item(target.side)
    try:
        target_item = await read_there(target, ref.id) if ref else None
    except Gone as gone:
        if not ends_the_twin(target, gone):
            raise
        return await _gone(engine, twin, stored, gone)
    situation = await situation_of(engine, target, state, stored, target_item)
    calls = Calls(engine, twin, stored, target)
    if recovered.calls:
        await calls.find_out()
    outcome = await _incoming(engine, source, target, situation, stored, calls)
    await calls.close()
    if calls.sent:
        return await transform(engine, router, twin, stored)
    if outcome.connect and target_item is None:
        return await transform(engine, router, await connect(engine, twin, stored, target, outcome.connect), stored)
    await bring(engine.store, router, target, outcome.also)
    await engine.store.configurations.clear_script_failures(twin.connection)
    plan = planned(situation, outcome)
    if recovered.given_back or await _waits_for_target(engine, situation, plan):
        plan = plan.model_copy(update={"send_back": True})
    await require_no_loop(engine, twin, plan)
    return await _store(engine, twin, stored, plan, source, target)


async def situation_of(engine: Engine, target: Place, state: TwinState, stored: StoredReplica, target_item: Item | None) -> Situation:
    """All that a plan is made of, but for what the rule asks for."""
    item = stored.item
    recorded = await engine.store.conflicts.of_twin(state.twin.id)
    judge = judge_by(recorded, stored, target.configuration, target_item.updated if target_item else item.updated)
    return Situation(
        state=state,
        source=stored.source,
        source_item=item,
        target_item=target_item,
        comments=_delta(ChildKind.COMMENT, stored, state),
        attachments=_delta(ChildKind.ATTACHMENT, stored, state),
        work_logs=_delta(ChildKind.WORK_LOG, stored, state),
        judge=judge,
        abilities=abilities(target.system.id, target.declared.capabilities),
        rule_prefix=f"rule:{stored.transaction}",
        wanted=wanted_back(recorded, target.side),
    )


def _delta(kind: ChildKind, stored: StoredReplica, state: TwinState) -> Delta:
    return delta(kind, children_of(stored.payload, kind), stored.item, stored.source, state.traces)


def abilities(name: str, can: Capabilities) -> Abilities:
    return Abilities(
        name=name,
        writable=can.writable,
        apart=can.apart,
        status_is_transition=can.status_by == "transition",
        created_with_status=can.created_with_status,
        internal_comments="internal" in can.comments,
        edits_comments="edit" in can.comments,
        deletes_comments="delete" in can.comments,
        attachments=can.attachments,
        work_logs=can.work_logs,
        links=can.links,
        own_fields=can.own_fields,
        images=can.images,
    )


async def _incoming(engine: Engine, source: Place, target: Place, situation: Situation, stored: StoredReplica, calls: Calls) -> RuleOutcome:
    received = received_from(stored.payload, situation, situation.target_item)
    first = is_first(situation)
    seeking = Seeking(ask_of(engine, target, calls.write, stored.twin), own={stored.item.ref.id})
    try:
        outcome = await incoming(engine, source, target, received, seeking.ask, first=first)
    finally:
        if seeking.missed:
            await engine.store.awaited.note(stored.twin, stored.source, seeking.missed)
    if seeking.found:
        known = await engine.store.awaited.of(stored.twin, stored.source)
        if found := known & seeking.found:
            await engine.store.awaited.forget(stored.twin, stored.source, found)
    return outcome


def is_first(situation: Situation) -> bool:
    """Whether the incoming rule runs as while the pair is being made."""
    return situation.target_item is None or situation.state.base(situation.source.other).goes_on


def received_from(payload: Fields, situation: Situation, item: Item | None) -> Received:
    """What the incoming rule of the target works on."""
    source = situation.source
    return Received(
        replica=payload,
        previous=situation.state.base(source).replica,
        item=item,
        added_comments=situation.comments.added,
        changed_comments=situation.comments.changed,
        removed_comments=situation.comments.removed,
        added_attachments=situation.attachments.added,
        removed_attachments=situation.attachments.removed,
        added_work_logs=situation.work_logs.added,
        changed_work_logs=situation.work_logs.changed,
        removed_work_logs=situation.work_logs.removed,
        remote_ids=counterparts(situation.state.traces, ChildKind.COMMENT, source.other),
        remote_files=counterparts(situation.state.traces, ChildKind.ATTACHMENT, source.other),
        remote_logs=counterparts(situation.state.traces, ChildKind.WORK_LOG, source.other),
    )


def planned(situation: Situation, outcome: RuleOutcome) -> Plan:
    """The plan for what the incoming rule asks for; raises what `make_plan` does."""
    return make_plan(situation, _wishes(outcome)).model_copy(update={"goes_on": outcome.goes_on})


def _wishes(outcome: RuleOutcome) -> Wishes:
    comments = outcome.comments
    files = outcome.attachments
    logs = outcome.work_logs
    return Wishes(
        fields=outcome.fields,
        comments=None if comments is None else tuple(Wish(one.id, one.remote_id, one.body, one.internal) for one in comments),
        attachments=None if files is None else tuple(Wish(one.id, one.remote_id, one.filename) for one in files),
        work_logs=None if logs is None else tuple(WorkWish(one.id, one.remote_id, one.work) for one in logs),
        unlink=outcome.unlink and not outcome.goes_on,
        sync_back=outcome.sync_back,
    )


async def _waits_for_target(engine: Engine, situation: Situation, plan: Plan) -> bool:
    """Whether a held conflict has gone because the source went back to what it had: then the target's value is to travel after all.

    That is so also where a person decided it meanwhile.
    """
    if plan.target is None:
        return False
    bases = (situation.state.base(situation.source.other), situation.state.base(situation.source))
    edited = outstanding(plan, plan.target, *bases) - {conflict.subject for conflict in plan.conflicts}
    if not edited:
        return False
    conflicts = await engine.store.conflicts.of_twin(situation.state.twin.id)
    return any((one.resolved is None or one.who) and one.conflict.subject in edited for one in conflicts)


async def require_no_loop(engine: Engine, twin: Twin, plan: Plan) -> None:
    """Refused where the two sides' rules undo each other's writes."""
    subjects = {part for step in plan.steps for part in step.subject.split(", ")}
    writes = await engine.store.twins.recent_writes(twin.id, engine.now() - LOOP_WINDOW)
    for subject in sorted(subjects):
        if alternations(writes, subject) >= LOOP_TURNS:
            raise Refused(
                f"{subject!r} was written back and forth {LOOP_TURNS} times within {LOOP_WINDOW}: the two sides' rules undo each other; "
                "correct a rule, then retry",
                subject,
            )


async def _store(engine: Engine, twin: Twin, stored: StoredReplica, plan: Plan, source: Place, target: Place) -> TransformResult:
    if not plan.steps:
        result = await finish(engine, twin, stored, plan, source, target, ())
        return TransformResult(
            outcome=Outcome.UNLINKED if plan.unlink else Outcome.NOTHING,
            summary=plan.summary,
            status=result.status,
            send_back=plan.send_back,
        )
    plan_id = await engine.store.plans.add(twin.id, stored.transaction, stored.id, plan)
    return TransformResult(outcome=Outcome.PLANNED, plan=plan_id, summary=plan.summary, send_back=plan.send_back)


async def _gone(engine: Engine, twin: Twin, stored: StoredReplica, gone: Gone) -> TransformResult:
    reason = f"{gone.message}; it is not created again, and the other item stays as it is"
    await engine.store.transactions.advance(stored.transaction, Stage.APPLIED, summary="unlinked", reason=reason)
    await engine.store.twins.set_status(twin.id, TwinStatus.UNLINKED, reason)
    return TransformResult(outcome=Outcome.GONE, summary=reason, status=TwinStatus.UNLINKED)
