"""A person's edit that one of our writes hit unseen, on a platform that could not refuse the write but tells of it afterwards."""

from activities.effects import Effects
from activities.engine import Engine, Place
from activities.history import after, hit_unseen
from activities.judging import judge_of
from model.item import Fields
from model.plan import Conflict, Step, Transition, UpdateItem
from model.twin import StoredPlan, StoredReplica, Twin
from model.words import Restoration
from sync.canonical import same
from sync.settle import pending_values


async def make_good(
    engine: Engine,
    twin: Twin,
    stored: StoredReplica,
    plan: StoredPlan,
    target: Place,
    effects: Effects,
    number: int,
    step: Step,
    item_id: str,
) -> bool:
    """Put what the step hit on record as a conflict, and give it back where the policy is not for the source: True if so.

    A value that is given back then travels as the edit that it is. One that was to bring back a conflict's loser gives way to any edit.
    """
    if not isinstance(step, UpdateItem | Transition) or plan.plan.target is None:
        return False
    hit = await hit_unseen(target, item_id, step, plan.plan.target.fields, plan.plan.target.updated)
    if not hit:
        return False
    conflicts: list[Conflict] = []
    back: Fields = {}
    for name, change in sorted(hit.items()):
        judge = await judge_of(engine, twin, stored, target.configuration, change.at)
        conflict = judge.conflict(name, change.new, change.old)
        if conflict.winner is not stored.source or step.conflict:
            back[name] = change.old
            conflict = conflict.model_copy(update={"winner": conflict.target})
        conflicts.append(conflict)
    await engine.store.conflicts.record(twin.id, plan.transaction, conflicts)
    if not back:
        return False
    if step.conflict:
        await engine.store.conflicts.end_restoring(step.conflict, Restoration.OVERTAKEN)
    judge = await judge_of(engine, twin, stored, target.configuration, plan.plan.target.updated)
    ours, given = pending_values((step,)), back
    while given:
        newer = await _give_back(target, plan, effects, number, ours, given, item_id)
        disputes = [judge.conflict(name, given[name], value).model_copy(update={"winner": target.side}) for name, value in newer.items()]
        await engine.store.conflicts.record(twin.id, plan.transaction, disputes)
        ours, given = given, newer
    return True


async def _give_back(target: Place, plan: StoredPlan, effects: Effects, number: int, ours: Fields, back: Fields, item_id: str) -> Fields:
    """Write the values `back` over `ours`. What that hit unseen is newer still, and is to be given back in its turn."""
    await effects.restore(number, back, item_id)
    hit = await hit_unseen(target, item_id, UpdateItem(fields=back), ours, after(plan.plan.target, plan.created))
    return {name: change.old for name, change in sorted(hit.items()) if not same(change.old, ours.get(name))}
