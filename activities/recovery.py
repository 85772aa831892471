"""Recovery: what an attempt left behind that did not come to its end is found out, and made part of the bases, before anything new is decided.

Without it a write of ours that nobody acknowledged would look like a person's edit.
"""

from itertools import groupby

from activities.effects import Effects
from activities.engine import Engine, places
from activities.settling import finish_partly
from model.errors import Stale
from model.journal import Intent
from model.plan import CreateItem, UpdateItem
from model.twin import StoredPlan, Twin
from model.words import Side
from sync.settle import Acknowledged


async def recover(engine: Engine, twin: Twin, side: Side) -> Twin:
    """The twin, once it is known what became of all our writes to `side`. Raises InDoubt while it is not."""
    intents = await engine.store.journal.unsettled(twin.id, side)
    if not intents:
        return twin
    for number, group in groupby(intents, key=lambda intent: intent.plan):
        await _recover_plan(engine, twin, await engine.store.plans.get(number), list(group))
        twin = await engine.store.twins.get(twin.id)
    return twin


async def _recover_plan(engine: Engine, twin: Twin, plan: StoredPlan, intents: list[Intent]) -> None:
    stored = await engine.store.replicas.get(plan.replica)
    source, target = await places(engine, twin, stored.version, stored.source)
    effects = Effects(engine, twin, plan, source, target)
    ref = twin.item(target.side)
    item_id = ref.id if ref else ""
    done: list[Acknowledged] = []
    for intent in intents:
        found = intent.acknowledgement
        if found is None:
            try:
                _, found = await effects.find_out(intent, item_id)
            except Stale:
                continue
        if isinstance(intent.step, UpdateItem) and intent.step.restores:
            await engine.store.journal.settle(intent.op)
            continue
        if found is None:
            await engine.store.journal.reject(intent.op, "it did not happen")
            continue
        if isinstance(intent.step, CreateItem):
            found = await effects.read_back(found)
            item_id = found.id
        done.append((intent.step, found))
    ops = tuple(intent.op for intent in intents)
    await finish_partly(engine, twin, stored, plan.plan, source, target, done, ops=ops, recovering=True)
