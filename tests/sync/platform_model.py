"""A platform in memory, with people who edit on it. It trims, upper-cases and decorates what it stores, as real ones do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from model.item import Comment, Fields, Item, ItemRef, Work, WorkLog
from model.plan import (
    Acknowledgement,
    AddComment,
    AddWorkLog,
    DeleteComment,
    DeleteWorkLog,
    EditComment,
    EditWorkLog,
    Step,
    Transition,
    UpdateItem,
)
from model.words import Side

START = datetime(2026, 1, 1, tzinfo=UTC)
SUBJECTS = ("summary", "priority", "labels")
Seen = frozenset[int]


def as_written(subject: str, text: str) -> JsonValue:
    """A value of that subject, in the shape that items have."""
    match subject:
        case "priority":
            return {"name": text}
        case "labels":
            return [{"label": text}]
        case _:
            return f"{text} \r\n"


def trimming(subject: str, value: JsonValue) -> JsonValue:
    return value.strip() if isinstance(value, str) and subject == "summary" else value


def shouting(subject: str, value: JsonValue) -> JsonValue:
    """Trims, writes every summary in capitals and puts an id beside every name."""
    match value:
        case str():
            return value.strip().upper()
        case dict() if subject == "priority":
            return {**value, "id": f"id of {value['name']}"}
        case _:
            return value


@dataclass
class Clock:
    """`saw` has per edit the earlier ones that its author had in sight."""

    seconds: int = 0
    edits: int = 0
    saw: dict[int, Seen] = field(default_factory=dict[int, Seen])

    def now(self) -> datetime:
        self.seconds += 1
        return START + timedelta(seconds=self.seconds)

    def edit(self, seen: Seen) -> int:
        self.edits += 1
        self.saw[self.edits] = seen
        return self.edits


@dataclass
class Platform:
    """`seen` has per subject the numbers of the edits that the present value is made of or was made in sight of.

    `deleted` has those whose comment or work log a person deleted in sight of them. `former` is what was there before a person's last edit.
    The right one keeps of work days, hours to two places
    and one line.
    """

    side: Side
    clock: Clock
    stores: Callable[[str, JsonValue], JsonValue]
    fields: Fields = field(default_factory=dict[str, JsonValue])
    comments: dict[str, Comment] = field(default_factory=dict[str, Comment])
    logs: dict[str, WorkLog] = field(default_factory=dict[str, WorkLog])
    seen: dict[str, Seen] = field(default_factory=dict[str, Seen])
    deleted: set[int] = field(default_factory=set[int])
    former: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    updated: datetime = START
    writes: int = 0

    def read(self) -> Item:
        ref = ItemRef(id=f"{self.side}-1", key=f"{self.side}-1", url="")
        children = {"comments": tuple(self.comments.values()), "work_logs": tuple(self.logs.values())}
        return Item(ref=ref, version=str(self.updated), updated=self.updated, fields=dict(self.fields)).model_copy(update=children)

    def person_sets(self, subject: str) -> None:
        number = self.clock.edit(self.seen.get(subject, frozenset()))
        self._set(subject, self.stores(subject, as_written(subject, f"edit <{number}>")), number)

    def person_takes_back(self, subject: str) -> None:
        """Sets what was there before the last edit, whoever wrote since."""
        if subject in self.former:
            number = self.clock.edit(self.seen.get(subject, frozenset()))
            self._set(subject, self.former[subject], number)

    def _set(self, subject: str, value: JsonValue, number: int) -> None:
        self.former[subject] = self.fields.get(subject)
        self.fields[subject] = value
        self.seen[subject] = self.seen.get(subject, frozenset()) | {number}
        self.updated = self.clock.now()

    def person_comments(self) -> None:
        number = self.clock.edit(Seen())
        self._put(Comment(id=f"{self.side}-c{number}", body=f"edit <{number}>", author={"displayName": "Ann Acme"}), Seen({number}))

    def person_edits_comment(self, place: int, *, keeps_beginning: bool) -> None:
        """Replaces the text, or only what comes after the first line."""
        if not self.comments:
            return
        comment = list(self.comments.values())[place % len(self.comments)]
        number = self.clock.edit(self.seen[comment.id])
        first, line, _ = comment.body.partition("\n")
        body = f"{first}\nedit <{number}>" if keeps_beginning and line else f"edit <{number}>"
        self.former[comment.id] = comment.body
        self._put(comment.model_copy(update={"body": body}), self.seen[comment.id] | {number})

    def person_takes_comment_back(self, place: int) -> None:
        """Gives it the text that it had before the last edit."""
        edited = [one for one in self.comments.values() if one.id in self.former]
        if edited:
            comment = edited[place % len(edited)]
            number = self.clock.edit(self.seen[comment.id])
            self._put(comment.model_copy(update={"body": str(self.former[comment.id])}), self.seen[comment.id] | {number})

    def person_deletes_comment(self, place: int) -> None:
        if not self.comments:
            return
        gone = list(self.comments.values())[place % len(self.comments)].id
        del self.comments[gone]
        self.deleted |= self.seen.pop(gone)
        self.updated = self.clock.now()

    def _put(self, comment: Comment, seen: Seen) -> None:
        self.comments[comment.id] = comment
        self.seen[comment.id] = seen
        self.updated = self.clock.now()

    def person_works(self) -> None:
        number = self.clock.edit(Seen())
        work = Work(started=START + timedelta(hours=9, seconds=number), spent=3600 + number, comment=f"edit <{number}>\n\nof Ann")
        self._put_log(f"{self.side}-w{number}", work, Seen({number}), author={"displayName": "Ann Acme"})

    def person_edits_log(self, place: int, *, keeps_beginning: bool) -> None:
        """Replaces the words, or the time as well and only the words behind the author's name."""
        if not self.logs:
            return
        log = list(self.logs.values())[place % len(self.logs)]
        number = self.clock.edit(self.seen[log.id])
        first, name, _ = log.comment.partition("logged:")
        words = f"{first}{name} edit <{number}>" if keeps_beginning and name else f"edit <{number}>"
        work = Work(started=log.started, spent=log.spent + 3600 * keeps_beginning, comment=words)
        self._put_log(log.id, work, self.seen[log.id] | {number}, log.marker, log.author)

    def person_deletes_log(self, place: int) -> None:
        if not self.logs:
            return
        gone = list(self.logs)[place % len(self.logs)]
        del self.logs[gone]
        self.deleted |= self.seen.pop(gone)
        self.updated = self.clock.now()

    def _put_log(
        self, log_id: str, work: Work, seen: Seen, marker: str | None = None, author: dict[str, JsonValue] | None = None
    ) -> WorkLog:
        kept = self._kept(work)
        log = WorkLog(id=log_id, started=kept.started, spent=kept.spent, comment=kept.comment, marker=marker, author=author)
        self.logs[log_id], self.seen[log_id], self.updated = log, seen, self.clock.now()
        return log

    def _kept(self, work: Work) -> Work:
        if self.side is Side.LEFT:
            return work
        noon = work.started.replace(hour=12, minute=0, second=0, microsecond=0)
        return Work(started=noon, spent=36 * max(1, round(work.spent / 36)), comment=" ".join(work.comment.split()))

    def write(self, step: Step, source: "dict[str, Seen]") -> Acknowledgement:
        """Carry out a step of ours; `source` is what the other side's values were made of when they were read."""
        self.writes += 1
        self.updated = self.clock.now()
        item = f"{self.side}-1"
        match step:
            case UpdateItem():
                return self._update(step.fields, source)
            case Transition():
                return self._update({"status": {"name": step.status}}, source)
            case AddComment():
                new = f"{self.side}-c{self.clock.now().timestamp():.0f}"
                self._put(Comment(id=new, body=self._text(step.body), internal=step.internal, marker="ours"), source[step.source_id])
                return Acknowledgement(id=new, item_id=item, text=self.comments[new].body)
            case EditComment():
                edited = self.comments[step.comment_id].model_copy(update={"body": self._text(step.body)})
                self._put(edited, source[step.source_id])
                return Acknowledgement(id=edited.id, item_id=item, text=edited.body)
            case DeleteComment():
                del self.comments[step.comment_id]
                del self.seen[step.comment_id]
                return Acknowledgement(id=step.comment_id, item_id=item)
            case _:
                return self._write_log(step, source)

    def _write_log(self, step: Step, source: "dict[str, Seen]") -> Acknowledgement:
        match step:
            case AddWorkLog():
                log = self._put_log(f"{self.side}-w{self.clock.now().timestamp():.0f}", step.work, source[step.source_id], "ours")
            case EditWorkLog():
                before = self.logs[step.log_id]
                log = self._put_log(step.log_id, step.work, source[step.source_id], before.marker, before.author)
            case DeleteWorkLog():
                del self.seen[step.log_id]
                log = self.logs.pop(step.log_id)
            case _:
                raise AssertionError(step)
        return Acknowledgement(id=log.id, item_id=f"{self.side}-1", text=log.text)

    def _text(self, body: str) -> str:
        return body.strip().replace("\n", "\r\n") if self.side is Side.RIGHT else body.strip()

    def _update(self, fields: Fields, source: "dict[str, Seen]") -> Acknowledgement:
        for subject, value in fields.items():
            self.fields[subject] = self.stores(subject, value)
            self.seen[subject] = source.get(subject, frozenset())
        item = f"{self.side}-1"
        return Acknowledgement(id=item, item_id=item, version=str(self.updated), fields={name: self.fields[name] for name in fields})
