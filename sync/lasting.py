"""Comments on a platform that lets nobody edit or remove them, as in a journal."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from model.agreement import Trace
from model.item import Item
from model.plan import AddComment, DeleteComment, EditComment, Step
from model.words import ChildKind, Side
from sync.children import ChildPlan

MARK = "edited:"


def lasting(plan: ChildPlan, target: Item | None, side: Side, traces: tuple[Trace, ...], *, edits: bool, deletes: bool) -> ChildPlan:
    """The plan without what the platform cannot do: a further comment in place of an edit, and a removed one stays.

    `side` is the target's. A further comment is named by its original, its number and its text, so that a repeated run finds it again.
    """
    known = {trace.id_on(side): trace for trace in traces if trace.kind is ChildKind.COMMENT}
    internal = {comment.id: comment.internal for comment in target.comments} if target else {}
    steps: list[Step] = []
    kept: list[Trace] = []
    notes: list[str] = []
    for step in plan.steps:
        match step:
            case EditComment() if not edits:
                trace = known[step.comment_id]
                further = _further(step, known, side, internal=internal[step.comment_id])
                if further is not None:
                    steps.append(further)
                kept.append(trace.with_texts(side.other, step.source_text, trace.text_on(side)))
            case DeleteComment() if not deletes:
                kept.append(known[step.comment_id].model_copy(update={"released": True}))
                notes.append(f"comment {step.comment_id} stays, since its platform keeps what was said")
            case _:
                steps.append(step)
    return replace(plan, steps=tuple(steps), kept=(*plan.kept, *kept), notes=(*plan.notes, *notes))


def _further(step: EditComment, known: Mapping[str, Trace], side: Side, *, internal: bool) -> AddComment | None:
    """None where the last one says so already: of a plan that came to half of its end, what was added is known."""
    names = [trace.id_on(side.other) for trace in known.values()]
    told = sorted(_number_and_print(name) for name in names if name.startswith(f"{step.source_id}~"))
    now = hashlib.sha256(step.source_text.encode()).hexdigest()[:12]
    number, latest = told[-1] if told else (0, "")
    if latest == now:
        return None
    return AddComment(
        source_id=f"{step.source_id}~{number + 1}~{now}",
        source_text=step.source_text,
        body=f"{MARK}\n\n{step.body}",
        internal=internal,
        of_rule=True,
    )


def _number_and_print(name: str) -> tuple[int, str]:
    _, number, text = name.rsplit("~", 2)
    return int(number), text
