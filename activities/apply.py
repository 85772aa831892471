"""Apply: carry out a plan step by step, then settle."""

from datetime import timedelta

from activities.effects import Effects
from activities.engine import Engine, Place, places
from activities.failures import PASSING
from activities.interface import ApplyResult, Outcome
from activities.settling import finish, finish_partly
from model.errors import Stale, TwinlineError
from model.item import Item
from model.plan import CreateItem
from model.twin import StoredPlan, StoredReplica, Twin
from model.words import Stage
from sync.settle import Acknowledged, holds_already, overwritten

FRESH = timedelta(seconds=5)


class Deactivated(TwinlineError):
    """The connection was deactivated between two steps."""


async def apply(engine: Engine, twin: Twin, stored: StoredReplica, plan: StoredPlan) -> ApplyResult:
    """Errors of `model.errors`; what was done before one is settled."""
    source, target = await places(engine, twin, stored.version, stored.source)
    done: list[Acknowledged] = []
    try:
        await _carry_out(engine, twin, plan, source, target, done)
    except PASSING:
        raise
    except (Stale, Deactivated) as stopped:
        await finish_partly(engine, twin, stored, plan.plan, source, target, done)
        return await _stopped(engine, twin, stored, stopped)
    except TwinlineError:
        await finish_partly(engine, twin, stored, plan.plan, source, target, done)
        raise
    finished = await finish(engine, twin, stored, plan.plan, source, target, done)
    return ApplyResult(
        outcome=Outcome.UNLINKED if plan.plan.unlink else Outcome.APPLIED,
        summary=plan.plan.summary,
        status=finished.status,
        target_key=finished.target_key,
        send_back=plan.plan.send_back,
    )


async def _carry_out(engine: Engine, twin: Twin, plan: StoredPlan, source: Place, target: Place, done: list[Acknowledged]) -> None:
    """All steps in order; `done` grows as they are acknowledged."""
    effects = Effects(engine, twin, plan, source, target)
    ref = twin.item(target.side)
    item_id = ref.id if ref else ""
    created: Item | None = None
    if ref and engine.now() - plan.created > FRESH:
        _require_unmoved(plan, await target.connector.read(item_id))
    for number, step in enumerate(plan.plan.steps):
        if number > 0 and await engine.store.twins.hold_unless_active(twin.id) is not None:
            raise Deactivated("held: the connection is not active")
        if created is not None and (as_created := holds_already(step, created)) is not None:
            done.append((step, as_created))
            continue
        await engine.store.conflicts.record(twin.id, plan.transaction, overwritten(plan.plan, (step,)))
        acknowledged = await effects.carry_out(number, step, item_id)
        if isinstance(step, CreateItem):
            acknowledged = await effects.read_back(acknowledged)
            item_id, created = acknowledged.id, acknowledged.item
        done.append((step, acknowledged))


async def _stopped(engine: Engine, twin: Twin, stored: StoredReplica, stopped: Stale | Deactivated) -> ApplyResult:
    if isinstance(stopped, Stale):
        return ApplyResult(outcome=Outcome.STALE, summary=stopped.message)
    await engine.store.twins.hold_unless_active(twin.id)
    await engine.store.transactions.advance(stored.transaction, Stage.HELD, reason=stopped.message)
    return ApplyResult(outcome=Outcome.HELD, summary=stopped.message)


def _require_unmoved(plan: StoredPlan, now: Item) -> None:
    planned_for = plan.plan.target
    if planned_for is not None and planned_for.version != now.version:
        raise Stale(f"{now.ref.key} changed since the plan was made", now.version)
