"""Apply: carry out a plan step by step, then settle."""

from datetime import timedelta

from activities.effects import Deactivated, Effects
from activities.engine import Engine, Place, places
from activities.failures import PASSING
from activities.interface import ApplyResult, Outcome
from activities.overwriting import make_good
from activities.settling import finish, finish_partly
from model.errors import Refused, Stale, TwinlineError
from model.item import Item
from model.plan import Acknowledgement, CreateItem, Step, Transition
from model.twin import StoredPlan, StoredReplica, Twin
from model.words import Restoration, Stage
from sync.settle import Acknowledged, holds_already, overwritten, restores_loser

FRESH = timedelta(seconds=5)


async def apply(engine: Engine, twin: Twin, stored: StoredReplica, plan: StoredPlan) -> ApplyResult:
    """Errors of `model.errors`; what was done before one is settled."""
    source, target = await places(engine, twin, stored.version, stored.source)
    effects = Effects(engine, twin, plan, source, target)
    done: list[Acknowledged] = []
    restored = False
    try:
        restored = await _carry_out(engine, twin, stored, plan, target, effects, done)
    except PASSING:
        raise
    except (Stale, Deactivated) as stopped:
        await finish_partly(engine, twin, stored, plan.plan, source, target, done, effects.done)
        return await _stopped(engine, twin, stored, stopped)
    except TwinlineError:
        await finish_partly(engine, twin, stored, plan.plan, source, target, done, effects.done)
        raise
    finished = await finish(engine, twin, stored, plan.plan, source, target, done)
    return ApplyResult(
        outcome=Outcome.UNLINKED if plan.plan.unlink else Outcome.APPLIED,
        summary=plan.plan.summary,
        status=finished.status,
        target_key=finished.target_key,
        send_back=plan.plan.send_back or restored,
        goes_on=plan.plan.goes_on,
    )


async def _carry_out(
    engine: Engine, twin: Twin, stored: StoredReplica, plan: StoredPlan, target: Place, effects: Effects, done: list[Acknowledged]
) -> bool:
    """All steps in order; `done` grows as they are acknowledged. True if a person's value was hit and given back."""
    ref, version = twin.item(target.side), plan.plan.target.version if plan.plan.target else ""
    item_id = ref.id if ref else ""
    created: Item | None = None
    edited = restored = False
    if ref and engine.now() - plan.created > FRESH:
        await _require_unmoved(engine, twin, plan, target, item_id)
    for number, step in enumerate(plan.plan.steps):
        if created is not None and (as_created := holds_already(step, created)) is not None:
            done.append((step, as_created))
            continue
        await engine.store.conflicts.record(twin.id, plan.transaction, overwritten(plan.plan, (step,)))
        try:
            passing = await _passing(engine, twin, target, item_id, step)
            for one in passing:
                acknowledged = await effects.carry_out(number, one, item_id, version)
                version = acknowledged.version
                done.append((one, acknowledged))
            acknowledged = await effects.carry_out(number, step, item_id, version)
        except Refused:
            if restores_loser(step):
                await engine.store.conflicts.end_restoring(step.conflict, Restoration.REFUSED)
            raise
        if isinstance(step, CreateItem):
            acknowledged, edited = await effects.read_back(acknowledged, step)
            item_id, created = acknowledged.id, acknowledged.item
        version = acknowledged.version
        done.append((step, acknowledged))
        _require_unedited(acknowledged, edited=edited)
        if not passing and await make_good(engine, twin, stored, plan, target, effects, number, step, item_id):
            restored, version = True, ""
    return restored


def _require_unedited(made: Acknowledgement, *, edited: bool) -> None:
    if edited:
        raise Stale(f"people edited {made.key} while it was made")


async def _passing(engine: Engine, twin: Twin, target: Place, item_id: str, step: Step) -> tuple[Transition, ...]:
    """What leads to the status that the step asks for. Stale where an earlier attempt went a part of the way."""
    if not isinstance(step, Transition):
        return ()
    for intent in await engine.store.journal.unsettled(twin.id, target.side):
        if isinstance(intent.step, Transition) and intent.step.passing:
            raise Stale("an earlier attempt at the transition did not come to its end")
    way = await target.connector.way(target.settings, item_id, step.status)
    return tuple(Transition(status=status, passing=True, conflict=step.conflict) for status in way[:-1])


async def _stopped(engine: Engine, twin: Twin, stored: StoredReplica, stopped: Stale | Deactivated) -> ApplyResult:
    if isinstance(stopped, Stale) or await engine.store.twins.hold_unless_active(twin.id) is None:
        return ApplyResult(outcome=Outcome.STALE, summary=stopped.message)
    await engine.store.transactions.advance(stored.transaction, Stage.HELD, reason=stopped.message)
    return ApplyResult(outcome=Outcome.HELD, summary=stopped.message)


async def _require_unmoved(engine: Engine, twin: Twin, plan: StoredPlan, target: Place, item_id: str) -> None:
    """Stale if the plan is no longer one for the item as it is. What an earlier attempt did to it is found out by the next transform."""
    known = plan.plan.target
    if await engine.store.journal.unsettled(twin.id, target.side):
        raise Stale("an earlier attempt at the plan did not come to its end")
    now = await target.connector.read(item_id)
    if known is not None and known.version != now.version:
        raise Stale(f"{now.ref.key} changed since the plan was made", now.version)
