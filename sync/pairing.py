"""Two items that are there already become a pair: which of their comments, attachments and work logs belong together, and what the base is.

First come the traces of the pair's earlier twin, then the markers of copies whose trace was never stored, then content:
equal texts, where a copy may begin with the line that names the author, files of equal name and size, and equal work of one day. Each
child is paired once; the first that fits is taken.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from model.agreement import Trace
from model.item import Attachment, Comment, Fields, Item, WorkLog
from model.journal import Intent
from model.plan import AddAttachment, AddComment, AddWorkLog, Step
from model.text import tidy
from model.words import ChildKind, Side
from sync.work_parts import worked


@dataclass(frozen=True)
class _Child:
    """A comment, file or work log. `content` is what equals it on another platform, `copied` the forms that our rules give its copies."""

    id: str
    text: str
    content: str
    marker: str | None
    created: datetime | None
    copied: frozenset[str] = frozenset()


@dataclass
class _Unpaired:
    """The children of one kind that have no counterpart yet, by id, and the traces of those that have."""

    kind: ChildKind
    left: dict[str, _Child]
    right: dict[str, _Child]
    traces: list[Trace] = field(default_factory=list[Trace])

    def on(self, side: Side) -> dict[str, _Child]:
        return self.left if side is Side.LEFT else self.right

    def keep(self, trace: Trace) -> None:
        self.left.pop(trace.left_id, None)
        self.right.pop(trace.right_id, None)
        self.traces.append(trace)

    def take_over(self, trace: Trace) -> None:
        """Nothing is deleted for what was removed meanwhile: a copy without its original stands alone.

        An original without its copy is released, as it would have been while the pair was linked.
        """
        original = trace.id_on(trace.origin) in self.on(trace.origin)
        copy = trace.id_on(trace.origin.other) in self.on(trace.origin.other)
        if trace.released and (original or copy):
            self.keep(trace)
        elif original:
            self.keep(trace.model_copy(update={"released": not copy}))

    def match_markers(self, sent: Mapping[str, Step]) -> None:
        for side in Side:
            for child in tuple(self.on(side).values()):
                source_id, text = _original(sent.get(child.marker or ""))
                if source_id in self.on(side.other):
                    self.keep(self._pair(side.other, source_id, child.id, text, child.text))

    def match_copies(self) -> None:
        for side in Side:
            for original in tuple(self.on(side).values()):
                copy = next((one for one in self.on(side.other).values() if one.content in original.copied), None)
                if copy:
                    self.keep(self._pair(side, original.id, copy.id, original.text, copy.text))

    def match_equals(self) -> None:
        for left in tuple(self.left.values()):
            right = next((one for one in self.right.values() if one.content == left.content), None)
            if right:
                trace = self._pair(Side.LEFT, left.id, right.id, left.text, right.text)
                self.keep(trace.model_copy(update={"origin": _origin(left, right)}))

    def _pair(self, source: Side, source_id: str, target_id: str, source_text: str, target_text: str) -> Trace:
        if self.kind is ChildKind.WORK_LOG:
            return worked(source, source_id, target_id, source_text, target_text)
        return Trace.pair(self.kind, source, source_id, target_id, source_text, target_text)


def pair_children(left: Item, right: Item, earlier: Iterable[Trace], sent: Iterable[Intent]) -> tuple[Trace, ...]:
    """The traces of the new pair. `earlier` are those of the same items' earlier twin, `sent` is its journal."""
    known, steps = tuple(earlier), {intent.op: intent.step for intent in sent}
    comments = _Unpaired(ChildKind.COMMENT, _comments(left), _comments(right))
    files = _Unpaired(ChildKind.ATTACHMENT, _files(left), _files(right))
    logs = _Unpaired(ChildKind.WORK_LOG, _work_logs(left), _work_logs(right))
    for children in (comments, files, logs):
        for trace in known:
            if trace.kind is children.kind:
                children.take_over(trace)
        children.match_markers(steps)
        children.match_copies()
        children.match_equals()
    return (*comments.traces, *files.traces, *logs.traces)


def agreed_item(item: Item, side: Side, traces: Iterable[Trace]) -> Item:
    """The item as base of its side: with the children that are paired, in the texts of their last agreement.

    What else the item has looks new, so that it travels.
    """
    pairs = {(trace.kind, trace.id_on(side)): trace for trace in traces}
    comments = [_as_agreed(one, side, pairs[ChildKind.COMMENT, one.id]) for one in item.comments if (ChildKind.COMMENT, one.id) in pairs]
    files = [one for one in item.attachments if (ChildKind.ATTACHMENT, one.id) in pairs]
    logs = [_as_worked(one, side, pairs[ChildKind.WORK_LOG, one.id]) for one in item.work_logs if (ChildKind.WORK_LOG, one.id) in pairs]
    return item.model_copy(update={"comments": tuple(comments), "attachments": tuple(files), "work_logs": tuple(logs)})


def _as_agreed(comment: Comment, side: Side, trace: Trace) -> Comment:
    return comment if trace.released else comment.model_copy(update={"body": trace.text_on(side)})


def _as_worked(log: WorkLog, side: Side, trace: Trace) -> WorkLog:
    return log if trace.released else log.saying(trace.text_on(side))


def _comments(item: Item) -> dict[str, _Child]:
    return {one.id: _Child(one.id, one.body, _words(one.body), one.marker, one.created, _copied(one)) for one in item.comments}


def _files(item: Item) -> dict[str, _Child]:
    return {one.id: _Child(one.id, one.filename, _content_of(one), one.marker, one.created) for one in item.attachments}


def _work_logs(item: Item) -> dict[str, _Child]:
    return {one.id: _Child(one.id, one.text, _work(one, one.comment), one.marker, one.created, _named(one)) for one in item.work_logs}


def _work(log: WorkLog, comment: str) -> str:
    """What equals it where days and hundredths of hours are kept."""
    return f"{log.started.astimezone(UTC):%Y-%m-%d} {round(log.spent / 36)} {_words(comment)}".rstrip()


def _named(log: WorkLog) -> frozenset[str]:
    return frozenset(_work(log, f"{name} logged: {log.comment}") for name in _names(log.author))


def _content_of(file: Attachment) -> str:
    return f"{file.size} {file.filename}"


def _copied(comment: Comment) -> frozenset[str]:
    return frozenset(_words(f"{name} commented: {comment.body}") for name in _names(comment.author))


def _names(author: Fields | None) -> list[str]:
    known = author or {}
    return [str(name) for one in ("displayName", "username", "email", "key") if (name := known.get(one))]


def _words(text: str) -> str:
    """The text without its line breaks, which platforms turn into blanks and back, or mark."""
    return " ".join(tidy(text).replace("\\\n", "\n").replace("<br>", "\n").split())


def _original(step: Step | None) -> tuple[str, str]:
    """The id and the text of what an addition copied; empty for anything else."""
    match step:
        case AddComment():
            return step.source_id, step.source_text
        case AddAttachment():
            return step.source.id, step.source.filename
        case AddWorkLog():
            return step.source_id, step.source_text
        case _:
            return "", ""


def _origin(left: _Child, right: _Child) -> Side:
    """Where a person made it: not where it has our marker; else where it is older."""
    if (left.marker is None) is not (right.marker is None):
        return Side.LEFT if left.marker is None else Side.RIGHT
    younger = left.created is not None and right.created is not None and right.created < left.created
    return Side.RIGHT if younger else Side.LEFT
