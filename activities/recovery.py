"""Recovery: what became of writes that an attempt left behind is found out, and made part of the bases, before anything new is decided.

Without it a write of ours that nobody acknowledged would look like a person's edit.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import TypeGuard

from activities.effects import Effects
from activities.engine import Engine, places
from activities.overwriting import make_good
from activities.settling import finish_partly
from model.errors import Stale
from model.journal import Intent
from model.plan import Acknowledgement, CreateItem, RuleCall, Step, Transition, UpdateItem
from model.twin import StoredPlan, Twin
from model.words import Restoration, Side
from sync.settle import Acknowledged


@dataclass(frozen=True)
class Recovered:
    """`given_back` tells that a person's value, hit unseen by a write that was in doubt, is on the item again.

    `calls` tells that calls of rules are left, of which `Calls.find_out` finds out what became.
    """

    twin: Twin
    given_back: bool = False
    calls: bool = False


async def recover(engine: Engine, twin: Twin, side: Side) -> Recovered:
    """The twin, once it is known what became of all our writes to `side`, but for calls of rules. Raises InDoubt while it is not."""
    given_back = False
    unsettled = await engine.store.journal.unsettled(twin.id, side)
    writes = [one for one in unsettled if not isinstance(one.step, RuleCall)]
    for number, group in groupby(writes, key=lambda intent: intent.plan):
        given_back |= await _recover_plan(engine, twin, await engine.store.plans.get(number), list(group))
        twin = await engine.store.twins.get(twin.id)
    return Recovered(twin, given_back, calls=len(writes) < len(unsettled))


async def _recover_plan(engine: Engine, twin: Twin, plan: StoredPlan, intents: list[Intent]) -> bool:
    stored = await engine.store.replicas.get(plan.replica)
    source, target = await places(engine, twin, stored.version, stored.source)
    effects = Effects(engine, twin, plan, source, target)
    ref = twin.item(target.side)
    item_id = ref.id if ref else ""
    done: list[Acknowledged] = []
    given_back = False
    for intent in intents:
        found = await _outcome(engine, effects, intent, item_id)
        if _restores(intent.step):
            if found is not None and intent.step.conflict:
                number = plan.plan.steps.index(intent.step)
                await make_good(engine, twin, stored, plan, target, effects, number, intent.step, item_id)
                await engine.store.conflicts.end_restoring(intent.step.conflict, Restoration.DONE)
                given_back = True
            await engine.store.journal.settle(intent.op)
            continue
        if found is None:
            continue
        if isinstance(intent.step, CreateItem):
            found, _ = await effects.read_back(found, intent.step)
            item_id = found.id
        elif intent.step in plan.plan.steps:
            number = plan.plan.steps.index(intent.step)
            given_back |= await make_good(engine, twin, stored, plan, target, effects, number, intent.step, item_id)
        done.append((intent.step, found))
    if done:
        await engine.store.transactions.queue(twin.id, stored.source)
    ops = tuple(intent.op for intent in intents)
    await finish_partly(engine, twin, stored, plan.plan, source, target, done, ops, recovering=True)
    return given_back


async def _outcome(engine: Engine, effects: Effects, intent: Intent, item_id: str) -> Acknowledgement | None:
    """What is to become part of a base; None where there is nothing. Raises InDoubt."""
    found = intent.acknowledgement
    if found is None:
        try:
            _, found = await effects.find_out(intent, item_id)
        except Stale as overtaken:
            await engine.store.journal.reject(intent.op, overtaken.message)
            return None
    if found is None and not (isinstance(intent.step, UpdateItem) and intent.step.gives_back):
        await engine.store.journal.reject(intent.op, "it did not happen")
    return found


def _restores(step: Step) -> TypeGuard[UpdateItem | Transition]:
    return isinstance(step, UpdateItem | Transition) and step.restores
