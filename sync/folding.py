"""What a step on a comment, file or work log makes of the target's base, and of the pair's trace."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from model.agreement import Trace
from model.item import Attachment, Comment, Item, Work, WorkLog
from model.plan import (
    Acknowledgement,
    AddAttachment,
    AddComment,
    AddWorkLog,
    DeleteAttachment,
    DeleteComment,
    DeleteWorkLog,
    EditComment,
    EditWorkLog,
)
from model.words import ChildKind, Side
from sync.work_parts import worked

ChildStep = AddComment | EditComment | DeleteComment | AddAttachment | DeleteAttachment | AddWorkLog | EditWorkLog | DeleteWorkLog
Known = Mapping[tuple[ChildKind, str], Trace]
OURS = "ours"


@dataclass(frozen=True)
class Folded:
    """`kept` and `dropped` are the trace that is new or other than before, and the one to forget."""

    item: Item | None
    kept: Trace | None = None
    dropped: Trace | None = None


def fold(item: Item | None, step: ChildStep, done: Acknowledgement, source: Side, known: Known) -> Folded:
    """`known` are the traces by kind and id on `source`; an edited or removed child is among them."""
    match step:
        case AddComment() | EditComment() | DeleteComment():
            return _comment(item, step, done, source, known)
        case AddAttachment() | DeleteAttachment():
            return _attachment(item, step, done, source, known)
        case AddWorkLog() | EditWorkLog() | DeleteWorkLog():
            return _work_log(item, step, done, source, known)
        case _:
            assert_never(step)


def _comment(
    item: Item | None, step: AddComment | EditComment | DeleteComment, done: Acknowledgement, source: Side, known: Known
) -> Folded:
    before = item.comments if item else ()
    match step:
        case AddComment():
            comment = Comment(id=done.id, body=done.text, internal=step.internal, marker=OURS)
            pair = Trace.pair(ChildKind.COMMENT, source, step.source_id, done.id, step.source_text, done.text)
            comments = (*(one for one in before if one.id != done.id), comment)
            return Folded(_with(item, comments=comments), pair.model_copy(update={"released": step.of_rule}))
        case EditComment():
            trace = known[ChildKind.COMMENT, step.source_id].with_texts(source, step.source_text, done.text)
            comments = tuple(one.model_copy(update={"body": done.text}) if one.id == step.comment_id else one for one in before)
            return Folded(_with(item, comments=comments), trace)
        case DeleteComment():
            comments = tuple(one for one in before if one.id != step.comment_id)
            return Folded(_with(item, comments=comments), dropped=known[ChildKind.COMMENT, step.source_id])
        case _:
            assert_never(step)


def _attachment(item: Item | None, step: AddAttachment | DeleteAttachment, done: Acknowledgement, source: Side, known: Known) -> Folded:
    before = item.attachments if item else ()
    match step:
        case AddAttachment():
            attachment: Attachment = step.source.model_copy(update={"id": done.id, "location": done.url, "marker": OURS})
            trace = Trace.pair(ChildKind.ATTACHMENT, source, step.source.id, done.id, step.source.filename, done.text)
            return Folded(_with(item, attachments=(*(one for one in before if one.id != done.id), attachment)), trace)
        case DeleteAttachment():
            attachments = tuple(one for one in before if one.id != step.attachment_id)
            return Folded(_with(item, attachments=attachments), dropped=known[ChildKind.ATTACHMENT, step.source_id])
        case _:
            assert_never(step)


def _work_log(
    item: Item | None, step: AddWorkLog | EditWorkLog | DeleteWorkLog, done: Acknowledgement, source: Side, known: Known
) -> Folded:
    before = item.work_logs if item else ()
    match step:
        case AddWorkLog():
            log = WorkLog(id=done.id, marker=OURS, **Work.parsed(done.text).model_dump())
            pair = worked(source, step.source_id, done.id, step.source_text, step.work.text).with_texts(source, step.source_text, done.text)
            logs = (*(one for one in before if one.id != done.id), log)
            return Folded(_with(item, work_logs=logs), pair.model_copy(update={"released": step.of_rule}))
        case EditWorkLog():
            trace = known[ChildKind.WORK_LOG, step.source_id].with_texts(source, step.source_text, done.text)
            logs = tuple(one.saying(done.text) if one.id == step.log_id else one for one in before)
            return Folded(_with(item, work_logs=logs), trace)
        case DeleteWorkLog():
            logs = tuple(one for one in before if one.id != step.log_id)
            return Folded(_with(item, work_logs=logs), dropped=known[ChildKind.WORK_LOG, step.source_id])
        case _:
            assert_never(step)


def _with(item: Item | None, **children: tuple[Comment | Attachment | WorkLog, ...]) -> Item | None:
    return item.model_copy(update=children) if item else None
