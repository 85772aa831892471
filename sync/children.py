"""Comments, attachments and work logs: sets paired by traces. What changed on the source, and what to do about it on the target."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from model.agreement import Trace
from model.item import Attachment, Comment, Fields, Item, WorkLog, work_of
from model.plan import AddAttachment, AddComment, Conflict, DeleteAttachment, DeleteComment, EditComment, Step
from model.text import tidy
from model.words import ChildKind, Side
from sync.canonical import same
from sync.merge import Judge
from sync.work_parts import changed_parts


@dataclass(frozen=True)
class Delta:
    """What happened to one kind of children on the source since last agreement, in the replica's own shape.

    `changed` children that are copies of the target's own carry `ours` and the text without the author's line that the copy has; changed
    work logs have what did not change as the target has it. `texts` has the whole text of every changed child by id. `released` are pairs
    whose copy a person removed.
    """

    added: tuple[Fields, ...] = ()
    changed: tuple[Fields, ...] = ()
    removed: tuple[Fields, ...] = ()
    released: tuple[Trace, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Wish:
    """A child as the incoming rule leaves it: `id` on the target or empty, `source_id` on the source or empty."""

    id: str
    source_id: str
    text: str
    internal: bool = False


@dataclass(frozen=True)
class ChildPlan:
    steps: tuple[Step, ...] = ()
    kept: tuple[Trace, ...] = ()
    dropped: tuple[Trace, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()


def delta(kind: ChildKind, sent: Iterable[Fields], source: Item, side: Side, traces: Iterable[Trace]) -> Delta:
    """Compare the children that the outgoing rule sent with the traces of that kind.

    Only what is gone from the item itself counts as removed; what the rule stopped sending is left alone. Our own copies (they carry a
    marker) never count as added.
    """
    known = {trace.id_on(side): trace for trace in traces if trace.kind is kind}
    marked, present = _on_item(kind, source)
    added: list[Fields] = []
    changed: list[Fields] = []
    texts: dict[str, str] = {}
    for child in sent:
        child_id = str(child.get("id"))
        trace = known.get(child_id)
        if trace is None and child_id not in marked:
            added.append(child)
        elif trace is not None and not trace.released and not same(text := _text(kind, child, trace.text_on(side)), trace.text_on(side)):
            changed.append(_as_change(child, trace, side))
            texts[child_id] = text
    gone = [trace for child_id, trace in sorted(known.items()) if child_id not in present and not trace.released]
    return Delta(
        added=tuple(added),
        changed=tuple(changed),
        removed=tuple(Fields(id=trace.id_on(side)) for trace in gone if trace.origin is side),
        released=tuple(trace.model_copy(update={"released": True}) for trace in gone if trace.origin is not side),
        texts=texts,
    )


def _text(kind: ChildKind, child: Fields, known: str) -> str:
    """What of a child can change: nothing of a file."""
    match kind:
        case ChildKind.COMMENT:
            return str(child.get("body") or "")
        case ChildKind.ATTACHMENT:
            return known
        case ChildKind.WORK_LOG:
            return work_of(child).text
        case _:
            assert_never(kind)


def children_on(kind: ChildKind, item: Item) -> tuple[Comment | Attachment | WorkLog, ...]:
    match kind:
        case ChildKind.COMMENT:
            return item.comments
        case ChildKind.ATTACHMENT:
            return item.attachments
        case ChildKind.WORK_LOG:
            return item.work_logs
        case _:
            assert_never(kind)


def _on_item(kind: ChildKind, item: Item) -> tuple[frozenset[str], frozenset[str]]:
    children = children_on(kind, item)
    return frozenset(child.id for child in children if child.marker), frozenset(child.id for child in children)


def _as_change(child: Fields, trace: Trace, side: Side) -> Fields:
    if trace.kind is ChildKind.WORK_LOG:
        return changed_parts(child, trace, side)
    if trace.origin is side:
        return child
    return {**child, "ours": True, "body": tidy(tidy(str(child.get("body") or "")).removeprefix(trace.line))}


def plan_comments(
    wishes: Iterable[Wish],
    found: Delta,
    target: Item | None,
    side: Side,
    traces: Iterable[Trace],
    judge: Judge,
    internal_sources: frozenset[str],
    *,
    carries_internal: bool,
    rule_prefix: str,
) -> ChildPlan:
    """Steps that make the target's comments what the rule left, within what the source's changes justify.

    A comment that is internal on the source stays internal, or does not cross where the target cannot keep it so. A rule's own new
    comments are named `rule_prefix` and a number, so that a repeated run finds them again.
    """
    known = {trace.id_on(side): trace for trace in traces if trace.kind is ChildKind.COMMENT}
    listed = list(wishes)
    added = _added_comments(listed, found, internal_sources, carries_internal=carries_internal, rule_prefix=rule_prefix)
    edited = _edited_comments(listed, found, target, side, known, judge, internal_sources)
    texts = {comment.id: comment.body for comment in target.comments} if target else {}
    removed = removed_children("comment", {wish.id for wish in listed}, found, texts, side, known, judge, _delete_comment)
    return joined(added, edited, removed, ChildPlan(kept=found.released))


def _delete_comment(source_id: str, comment_id: str) -> Step:
    return DeleteComment(source_id=source_id, comment_id=comment_id)


def joined(*parts: ChildPlan) -> ChildPlan:
    return ChildPlan(
        steps=tuple(step for part in parts for step in part.steps),
        kept=tuple(trace for part in parts for trace in part.kept),
        dropped=tuple(trace for part in parts for trace in part.dropped),
        conflicts=tuple(conflict for part in parts for conflict in part.conflicts),
        notes=tuple(note for part in parts for note in part.notes),
    )


def _added_comments(
    wishes: list[Wish],
    found: Delta,
    internal_sources: frozenset[str],
    *,
    carries_internal: bool,
    rule_prefix: str,
) -> ChildPlan:
    sources = {str(child["id"]): str(child.get("body") or "") for child in found.added}
    steps: list[Step] = []
    notes: list[str] = []
    for number, wish in enumerate(wish for wish in wishes if not wish.id):
        if wish.source_id and wish.source_id not in sources:
            continue
        internal = wish.internal or wish.source_id in internal_sources
        if internal and not carries_internal:
            notes.append(f"comment {wish.source_id} is internal and stays on its own side")
            continue
        source_id = wish.source_id or f"{rule_prefix}:{number}"
        source_text = sources.get(wish.source_id, wish.text)
        of_rule = not wish.source_id
        steps.append(AddComment(source_id=source_id, source_text=source_text, body=wish.text, internal=internal, of_rule=of_rule))
    return ChildPlan(steps=tuple(steps), notes=tuple(notes))


def _edited_comments(
    wishes: list[Wish],
    found: Delta,
    target: Item | None,
    side: Side,
    known: Mapping[str, Trace],
    judge: Judge,
    internal_sources: frozenset[str],
) -> ChildPlan:
    here = {comment.id: comment for comment in target.comments} if target else {}
    steps: list[Step] = []
    kept: list[Trace] = []
    conflicts: list[Conflict] = []
    notes: list[str] = []
    for wish in wishes:
        trace, comment = known.get(wish.id), here.get(wish.id)
        source_id = trace.id_on(side.other) if trace else ""
        if trace is None or comment is None or source_id not in found.texts:
            continue
        if source_id in internal_sources and not comment.internal:
            notes.append(f"comment {source_id} is internal now and its new text stays on its own side")
            continue
        text = found.texts[source_id]
        if same(comment.body, wish.text):
            kept.append(trace.with_texts(side.other, text, comment.body))
            continue
        edit = EditComment(source_id=source_id, source_text=text, comment_id=comment.id, body=wish.text, pair=trace.left_id)
        if same(comment.body, trace.text_on(side)):
            steps.append(edit)
            continue
        conflict = judge.conflict(f"comment {trace.left_id}", wish.text, comment.body)
        conflicts.append(conflict)
        if conflict.winner is judge.source:
            steps.append(edit)
        elif conflict.winner is side:
            kept.append(trace.with_texts(side.other, text, wish.text))
    return ChildPlan(steps=tuple(steps), kept=tuple(kept), conflicts=tuple(conflicts), notes=tuple(notes))


def removed_children(
    noun: str,
    left: set[str],
    found: Delta,
    texts: Mapping[str, str],
    side: Side,
    known: Mapping[str, Trace],
    judge: Judge,
    delete: Callable[[str, str], Step],
) -> ChildPlan:
    """What becomes of copies whose original went. The rule has `left` those on the target; `texts` are what they are there by now."""
    by_source = {trace.id_on(side.other): trace for trace in known.values()}
    steps: list[Step] = []
    dropped: list[Trace] = []
    kept: list[Trace] = []
    conflicts: list[Conflict] = []
    for source_id in (str(child["id"]) for child in found.removed):
        trace = by_source[source_id]
        copy = trace.id_on(side)
        if copy not in texts:
            dropped.append(trace)
        elif copy in left:
            kept.append(trace.model_copy(update={"released": True}))
        elif same(texts[copy], trace.text_on(side)):
            steps.append(delete(source_id, copy))
        else:
            conflict = judge.conflict(f"{noun} {trace.left_id}", None, texts[copy])
            conflicts.append(conflict.model_copy(update={"winner": conflict.target}))
            kept.append(trace.model_copy(update={"released": True}))
    return ChildPlan(steps=tuple(steps), kept=tuple(kept), dropped=tuple(dropped), conflicts=tuple(conflicts))


def plan_attachments(
    wishes: Iterable[Wish], found: Delta, source: Item, target: Item | None, side: Side, traces: Iterable[Trace]
) -> ChildPlan:
    """Files are added and removed, never changed."""
    known = {trace.id_on(side.other): trace for trace in traces if trace.kind is ChildKind.ATTACHMENT}
    listed = list(wishes)
    wanted = {wish.source_id for wish in listed if not wish.id}
    left = {wish.id for wish in listed}
    here = {attachment.id for attachment in target.attachments} if target else set[str]()
    added = {str(child["id"]) for child in found.added} & wanted
    steps: list[Step] = [AddAttachment(source=one) for one in source.attachments if one.id in added]
    dropped: list[Trace] = []
    kept: list[Trace] = list(found.released)
    for source_id in (str(child["id"]) for child in found.removed):
        trace = known[source_id]
        attachment_id = trace.id_on(side)
        if attachment_id not in here:
            dropped.append(trace)
        elif attachment_id in left:
            kept.append(trace.model_copy(update={"released": True}))
        else:
            steps.append(DeleteAttachment(source_id=source_id, attachment_id=attachment_id))
    return ChildPlan(steps=tuple(steps), kept=tuple(kept), dropped=tuple(dropped))
