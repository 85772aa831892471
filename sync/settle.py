"""What both sides agree on after a plan was carried out, wholly or in part.

The target's base is what it was before, plus what the plan found agreed, plus what the platform acknowledged: never a later read, so that a
person's edit in between still looks new.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeGuard

from pydantic import JsonValue

from model.agreement import Agreed, Base, Trace
from model.item import Fields, Item, ItemRef
from model.links import LINKS
from model.plan import (
    Acknowledgement,
    Conflict,
    CreateItem,
    DeleteAttachment,
    DeleteComment,
    DeleteWorkLog,
    EditComment,
    EditWorkLog,
    Plan,
    RuleCall,
    Step,
    Transition,
    UpdateItem,
)
from model.words import ChildKind, Side
from sync.canonical import same
from sync.folding import fold
from sync.links import links_happened
from sync.merge import snapshot

Acknowledged = tuple[Step, Acknowledgement]


@dataclass(frozen=True)
class Settled:
    """The target side afterwards. `written` names what was written, for the record and the loop breaker.

    `conflicts` are to be recorded: all of a complete plan's, else those whose loser was overwritten. `restored` are those whose loser is
    back: no base has that, so that it travels as the edit of whoever wanted it back.
    """

    item: Item | None
    agreed: Mapping[str, Agreed]
    kept: tuple[Trace, ...]
    dropped: tuple[Trace, ...]
    written: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    ref: ItemRef | None
    restored: tuple[int, ...] = ()


def settle(plan: Plan, base: Base, traces: Iterable[Trace], acknowledged: Iterable[Acknowledged], *, complete: bool) -> Settled:
    """Fold the acknowledgements into the target's base. Where not `complete`, only what was written counts as agreed."""
    done = list(acknowledged)
    written = {subject for step, _ in done for subject in _subjects(step)}
    agreed = {subject: value for subject, value in plan.agreed.items() if complete or subject in written}
    start = Settled(
        item=_less_disputed(_with_agreed(base, plan, agreed, written), plan if complete else None),
        agreed={**base.agreed, **agreed},
        kept=plan.traces if complete else (),
        dropped=plan.dropped if complete else (),
        written=(),
        conflicts=plan.conflicts if complete else overwritten(plan, (step for step, _ in done)),
        ref=None,
        restored=plan.restored if complete else tuple(step.conflict for step, _ in done if restores_loser(step) and step.restores),
    )
    known = {(trace.kind, trace.id_on(plan.source)): trace for trace in traces}
    settled = start
    for step, acknowledgement in done:
        if _is_of_a_former_pair(step, known):
            continue
        settled = _folded(settled, step, acknowledgement, plan.source, known)
    return settled


def _is_of_a_former_pair(step: Step, known: Mapping[tuple[ChildKind, str], Trace]) -> bool:
    """Whether the step changed a copy that is no longer paired, since its original went while the step was in doubt."""
    match step:
        case EditComment() | DeleteComment():
            return (ChildKind.COMMENT, step.source_id) not in known
        case DeleteAttachment():
            return (ChildKind.ATTACHMENT, step.source_id) not in known
        case EditWorkLog() | DeleteWorkLog():
            return (ChildKind.WORK_LOG, step.source_id) not in known
        case _:
            return False


def arrived(before: Base, agreed: Mapping[str, Agreed], now: Item, settled: Settled, source: Side) -> Item | None:
    """The source's base item after only some steps were done: `before`, with what of `now` has arrived.

    `agreed` is the source's base as it becomes. Null where the source has never been in line.
    """
    if before.item is None:
        return None
    fields = {subject: value.got for subject, value in agreed.items() if value != before.agreed.get(subject)}
    paired = {(trace.kind, trace.id_on(source)) for trace in settled.kept}
    lost = {(trace.kind, trace.id_on(source)) for trace in settled.dropped}
    comments = [one for one in before.item.comments if (ChildKind.COMMENT, one.id) not in paired | lost]
    files = [one for one in before.item.attachments if (ChildKind.ATTACHMENT, one.id) not in paired | lost]
    logs = [one for one in before.item.work_logs if (ChildKind.WORK_LOG, one.id) not in paired | lost]
    comments += [one for one in now.comments if (ChildKind.COMMENT, one.id) in paired]
    files += [one for one in now.attachments if (ChildKind.ATTACHMENT, one.id) in paired]
    logs += [one for one in now.work_logs if (ChildKind.WORK_LOG, one.id) in paired]
    children = {"comments": tuple(comments), "attachments": tuple(files), "work_logs": tuple(logs)}
    return before.item.model_copy(update={"fields": {**before.item.fields, **fields}, **children})


def overwritten(plan: Plan, steps: Iterable[Step]) -> tuple[Conflict, ...]:
    """The conflicts whose loser `steps` overwrite: they belong on record before a step is sent, whatever becomes of it."""
    subjects = {subject for step in steps for subject in _subjects(step)}
    return tuple(conflict for conflict in plan.conflicts if conflict.subject in subjects)


def outstanding(plan: Plan, target: Item, base: Base, source_base: Base) -> frozenset[str]:
    """The properties in which the target has an edit of its own that `plan` left alone: in a held conflict, or not asked for anew.

    The latter only concerns a source that was in line before: else it cannot have changed the property as well.
    """
    if source_base.item is None:
        return plan.held_subjects
    edited = {subject for subject, known in base.agreed.items() if not same(target.fields.get(subject), known.got)}
    return plan.held_subjects | edited - plan.agreed.keys()


def with_status_to_come(item: Item, plan: Plan, acknowledged: Iterable[Acknowledged]) -> Item:
    """The target's `item` with the status that `plan` asks for, where what was done is only on the way there; else as it is."""
    moves = [step for step, _ in acknowledged if isinstance(step, Transition) and not step.conflict]
    if not moves or not moves[-1].passing or "status" not in plan.agreed:
        return item
    return item.model_copy(update={"fields": {**item.fields, "status": plan.agreed["status"].got}})


def less_edits(item: Item, base: Base, edited: Iterable[str]) -> Item:
    """The target's `item` with what the two sides last agreed on in place of its own edits; `base` is the target's."""
    return item.model_copy(
        update={"fields": {**item.fields, **{subject: _before(base, subject) for subject in edited if subject in item.fields}}}
    )


def restores_loser(step: Step) -> TypeGuard[UpdateItem | Transition]:
    """Whether the step brings back the value that lost a conflict, or leads to it."""
    return isinstance(step, UpdateItem | Transition) and step.conflict != 0


def _subjects(step: Step) -> tuple[str, ...]:
    match step:
        case _ if restores_loser(step):
            return ()
        case CreateItem() | UpdateItem():
            return tuple(sorted(step.fields))
        case Transition():
            return ("status",)
        case EditComment() | EditWorkLog():
            return (step.subject,)
        case _:
            return ()


def _with_agreed(base: Base, plan: Plan, agreed: Mapping[str, Agreed], written: set[str]) -> Item | None:
    item = base.item or plan.target
    if item is None:
        return None
    lost = {conflict.subject for conflict in plan.conflicts if conflict.winner is not plan.source}
    before = {subject: _before(base, subject) for subject in lost & item.fields.keys()}
    found = {subject: value.got for subject, value in agreed.items() if subject not in written}
    filled_in = plan.target.fields if item.unread and plan.target else {}
    return item.model_copy(update={"fields": {**filled_in, **item.fields, **before, **found}, "unread": item.unread and not plan.target})


def _less_disputed(item: Item | None, plan: Plan | None) -> Item | None:
    """`item` less the children in which the target won a conflict: whatever they are when its own turn comes is new then."""
    if item is None or plan is None:
        return item
    texts = {(one.kind, one.id_on(plan.source.other)): one.text_on(plan.source.other) for one in plan.traces}
    comments = tuple(one for one in item.comments if same(texts.get((ChildKind.COMMENT, one.id), one.body), one.body))
    logs = tuple(one for one in item.work_logs if same(texts.get((ChildKind.WORK_LOG, one.id), one.text), one.text))
    return item.model_copy(update={"comments": comments, "work_logs": logs})


def _before(base: Base, subject: str) -> JsonValue:
    known = base.agreed.get(subject)
    return known.got if known else snapshot(base, subject)


def _folded(settled: Settled, step: Step, done: Acknowledgement, source: Side, known: Mapping[tuple[ChildKind, str], Trace]) -> Settled:
    item = settled.item
    match step:
        case CreateItem():
            return _with_written(replace(settled, item=done.item), step.fields, done)
        case UpdateItem() | Transition() if step.conflict:
            return _brought_back(settled, step, done)
        case UpdateItem():
            return _with_written(settled, step.fields, done)
        case Transition():
            moved = _with_written(settled, {"status": {"name": step.status}}, done)
            return replace(moved, written=settled.written) if step.passing else moved
        case RuleCall():
            return settled
        case _:
            folded = fold(item, step, done, source, known)
            return _noted(settled, step, folded.item, folded.kept, folded.dropped)


def created_item(item: Item, asked: Fields, answered: Fields) -> Item:
    """The base of a new item that was read back: what we made of it, over what the platform filled in by itself.

    What the platform `answered` is as it was made, also what we did not ask for. What we asked for and it did not answer is as read if
    nobody touched the item since, else as we `asked`.
    Where a platform tells time in whole seconds, an edit of the same second shows in neither time, so that without any answer we rely on
    nothing that was read. Comments and files are never ours, whatever the times say.
    """
    created = item.fields.get("created")
    untouched = created == item.fields.get("updated") and (bool(answered) or not isinstance(created, int) or created % 1000 != 0)
    ours = answered if untouched else {**asked, **answered}
    made = {subject: value for subject, value in ours.items() if subject != "project"}
    return item.model_copy(update={"fields": {**item.fields, **made}, "comments": (), "attachments": (), "work_logs": ()})


def ahead(plan: Plan, read: Item) -> Fields:
    """What the plan is still to make of its new item, as far as the item has something else already."""
    asked = {name: value for name, value in pending_values(plan.steps).items() if name != LINKS}
    return {name: value for name, value in asked.items() if not same(read.fields.get(name), value)}


def _with_written(settled: Settled, asked: Fields, done: Acknowledgement) -> Settled:
    agreed = dict(settled.agreed)
    fields = dict(settled.item.fields) if settled.item else Fields()
    for subject, value in asked.items():
        if subject == LINKS:
            fields[subject] = agreed[subject].got
            continue
        got = done.fields.get(subject, fields.get(subject, value) if done.item else value)
        agreed[subject] = Agreed(asked=value, got=got)
        fields[subject] = got
    item = settled.item.model_copy(update={"fields": fields, "version": done.version or settled.item.version}) if settled.item else None
    ref = ItemRef(id=done.id, key=done.key, url=done.url) if done.id else settled.ref
    return replace(settled, item=item, agreed=agreed, ref=ref, written=(*settled.written, *sorted(asked)))


def _brought_back(settled: Settled, step: UpdateItem | Transition, done: Acknowledgement) -> Settled:
    """Nothing is agreed by it. Only a status on the way to the one that is brought back is ours, to go on from."""
    if not isinstance(step, Transition) or not step.passing:
        return replace(settled, written=(*settled.written, step.subject))
    known, there = settled.agreed.get("status"), done.fields.get("status", {"name": step.status})
    return replace(settled, agreed={**settled.agreed, "status": Agreed(asked=known.asked if known else there, got=there)})


def _noted(settled: Settled, step: Step, item: Item | None, keep: Trace | None, drop: Trace | None = None) -> Settled:
    return replace(
        settled,
        item=item,
        kept=(*settled.kept, keep) if keep else settled.kept,
        dropped=(*settled.dropped, drop) if drop else settled.dropped,
        written=(*settled.written, step.subject),
    )


def pending_values(open_steps: Iterable[Step]) -> Fields:
    """What our unconfirmed writes would have left on the target, by property."""
    values: Fields = {}
    for step in open_steps:
        match step:
            case UpdateItem():
                values.update(step.fields)
            case Transition():
                values["status"] = {"name": step.status}
            case _:
                continue
    return values


def holds_already(step: Step, created: Item) -> Acknowledgement | None:
    """The answer to an update of a new item that has the values from its creation, so that nothing need be sent; None otherwise."""
    match step:
        case UpdateItem(shows=True):
            return None
        case UpdateItem() | Transition() if outcome_of_update(step, None, created):
            ref, fields = created.ref, {subject: created.fields.get(subject) for subject in pending_values((step,))}
            return Acknowledgement(id=ref.id, item_id=ref.id, key=ref.key, url=ref.url, fields=fields)
        case _:
            return None


def outcome_of_update(step: UpdateItem | Transition, before: Item | None, now: Item) -> bool | None:
    """Whether an unconfirmed update happened, seen from the item now: True, False, or None if a person's edit hides it.

    An update is made as a whole. So it happened where one of its values is there that was not before, and none is as it was before:
    the others were edited since.
    """
    asked = pending_values((step,))
    if LINKS in asked:
        return links_happened(asked[LINKS], now)
    there = {subject for subject, value in asked.items() if same(now.fields.get(subject), value)}
    if len(there) == len(asked):
        return True
    if before is None:
        return None
    as_before = {subject for subject in asked if same(now.fields.get(subject), before.fields.get(subject))}
    if len(as_before) == len(asked):
        return False
    return True if there - as_before and not as_before - there else None


def values_of_ours(step: UpdateItem | Transition, now: Item) -> Fields:
    """The values of an update that happened, as the platform shows them; as we asked for them where somebody edited them since."""
    shown = {subject: (now.fields.get(subject), value) for subject, value in pending_values((step,)).items()}
    return {subject: there if same(there, asked) else asked for subject, (there, asked) in shown.items()}
