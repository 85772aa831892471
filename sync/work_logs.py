"""Work logs: time that somebody spent, paired and kept alike as comments are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from model.agreement import Trace
from model.item import Item, Work, work_of
from model.plan import AddWorkLog, Conflict, DeleteWorkLog, EditWorkLog, Step
from model.words import ChildKind, Side
from sync.canonical import same
from sync.children import ChildPlan, Delta, joined, removed_children
from sync.merge import Judge


@dataclass(frozen=True)
class WorkWish:
    """A work log as the incoming rule leaves it: `id` on the target or empty, `source_id` on the source or empty."""

    id: str
    source_id: str
    work: Work


def plan_work_logs(
    wishes: Iterable[WorkWish],
    found: Delta,
    target: Item | None,
    side: Side,
    traces: Iterable[Trace],
    judge: Judge,
    *,
    rule_prefix: str,
) -> ChildPlan:
    """Steps that make the target's work logs what the rule left, within what the source's changes justify.

    A rule's own new ones are named `rule_prefix` and a number, so that a repeated run finds them again.
    """
    known = {trace.id_on(side): trace for trace in traces if trace.kind is ChildKind.WORK_LOG}
    texts = {log.id: log.text for log in target.work_logs} if target else {}
    listed = list(wishes)
    return joined(
        _added(listed, found, rule_prefix),
        _edited(listed, found, texts, side, known, judge),
        removed_children("work log", {wish.id for wish in listed}, found, texts, side, known, judge, _delete),
        ChildPlan(kept=found.released),
    )


def staying(plan: ChildPlan, name: str) -> ChildPlan:
    """What becomes of the plan on a platform that keeps no work logs: nothing, and a note that says so."""
    subjects = sorted(step.subject for step in plan.steps)
    note = f"{name} keeps no work logs: {', '.join(subjects)} stays on its own side; leave issue.workLogs alone in the incoming rule"
    return ChildPlan(notes=(note,) if subjects else ())


def _added(wishes: list[WorkWish], found: Delta, rule_prefix: str) -> ChildPlan:
    sources = {str(child["id"]): work_of(child).text for child in found.added}
    steps: list[Step] = []
    for number, wish in enumerate(wish for wish in wishes if not wish.id):
        if wish.source_id and wish.source_id not in sources:
            continue
        steps.append(
            AddWorkLog(
                source_id=wish.source_id or f"{rule_prefix}:{number}",
                source_text=sources.get(wish.source_id, wish.work.text),
                work=wish.work,
                of_rule=not wish.source_id,
            )
        )
    return ChildPlan(steps=tuple(steps))


def _edited(
    wishes: list[WorkWish], found: Delta, texts: Mapping[str, str], side: Side, known: Mapping[str, Trace], judge: Judge
) -> ChildPlan:
    steps: list[Step] = []
    kept: list[Trace] = []
    conflicts: list[Conflict] = []
    for wish in wishes:
        trace = known.get(wish.id)
        source_id = trace.id_on(side.other) if trace else ""
        if trace is None or wish.id not in texts or source_id not in found.texts:
            continue
        there, here = found.texts[source_id], texts[wish.id]
        if same(here, wish.work.text):
            kept.append(trace.with_texts(side.other, there, here))
            continue
        edit = EditWorkLog(source_id=source_id, source_text=there, log_id=wish.id, work=wish.work, pair=trace.left_id)
        if same(here, trace.text_on(side)):
            steps.append(edit)
            continue
        conflict = judge.conflict(edit.subject, wish.work.text, here)
        conflicts.append(conflict)
        if conflict.winner is judge.source:
            steps.append(edit)
        elif conflict.winner is side:
            kept.append(trace.with_texts(side.other, there, wish.work.text))
    return ChildPlan(steps=tuple(steps), kept=tuple(kept), conflicts=tuple(conflicts))


def _delete(source_id: str, log_id: str) -> Step:
    return DeleteWorkLog(source_id=source_id, log_id=log_id)
