"""A platform in memory: items, people who work on them, and a full history. No faults here: those are on the way to it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from model.item import Work
from model.words import Side
from tests.simulation.clock import Clock
from tests.simulation.profile import Habits
from tests.simulation.truth import ENGINE, Entry, Kind, Truth

STATUSES = {"Open": "new", "Doing": "indeterminate", "Done": "done"}
PRIORITIES = ("Low", "Medium", "High")
TEXTS = ("summary", "description")
BLANK = {"summary": "", "description": "", "priority": "Medium", "status": "Open", "label": "", "stamp": "", "parentId": ""}


@dataclass
class Note:
    id: str
    text: str
    author: str
    internal: bool
    created: datetime
    updated: datetime
    marker: str = ""


@dataclass
class File:
    id: str
    name: str
    content: bytes
    author: str
    created: datetime
    marker: str = ""


@dataclass
class Labour:
    """A work log."""

    id: str
    work: Work
    author: str
    created: datetime
    updated: datetime
    marker: str = ""


@dataclass
class Record:
    """`shown` is when the index learns of the last change."""

    id: str
    key: str
    fields: dict[str, str]
    created: datetime
    updated: datetime
    counter: int = 1
    marker: str = ""
    made_by: str = ""
    deleted: bool = False
    hidden: bool = False
    shown: float = 0.0
    born: float = 0.0
    notes: dict[str, Note] = field(default_factory=dict[str, Note])
    files: dict[str, File] = field(default_factory=dict[str, File])
    works: dict[str, Labour] = field(default_factory=dict[str, Labour])


@dataclass(frozen=True)
class Origin:
    """Who makes a change; of the engine, with which of its calls."""

    actor: str
    request: int = 0
    sent: float = 0.0
    seen: dict[str, str] = field(default_factory=dict[str, str])


class Missing(Exception):
    """No such item, comment, file or work log."""


Hook = Callable[[Record], None]


class Platform:
    """`hook` is told of every change."""

    def __init__(self, side: Side, habits: Habits, clock: Clock, hook: Hook) -> None:
        self.side = side
        self.habits = habits
        self.truth = Truth()
        self.records: dict[str, Record] = {}
        self._clock = clock
        self.hook = hook
        self._numbers = 0

    def number(self) -> int:
        self._numbers += 1
        return self._numbers

    def live(self) -> list[Record]:
        return [one for one in self.records.values() if not one.deleted]

    def get(self, item: str) -> Record:
        record = self.records.get(item)
        if record is None or record.deleted:
            raise Missing(item)
        return record

    def version(self, record: Record) -> str:
        if self.habits.clock == "exact":
            return str(record.counter)
        return self.told(record.updated).isoformat()

    def told(self, at: datetime) -> datetime:
        """As the platform tells it: one whose clock tells whole seconds shows no others."""
        return at.replace(microsecond=0) if self.habits.clock == "seconds" else at

    # Changes, by whomever

    def create(self, who: Origin, fields: dict[str, str], marker: str = "") -> Record:
        now, number = self._clock.now(), self.number()
        key = f"{self.side[0].upper()}-{number}"
        full = {
            "summary": "",
            "description": "",
            "priority": "Medium",
            "status": "Open",
            "label": "",
            "secret": f"canary-{key}",
            "stamp": "",
            "parentId": "",
        }
        record = Record(
            f"{self.side}{number}", key, {**full, **fields}, now, now, marker=marker, made_by=who.actor, born=self._clock.elapsed
        )
        self.records[record.id] = record
        self._note(who, record, "create", new=fields.get("summary", ""), marker=marker)
        for name, value in fields.items():
            self._note(who, record, "field", name, None, value)
        self._changed(record)
        return record

    def write(self, who: Origin, item: str, fields: dict[str, str]) -> Record:
        record = self.get(item)
        for name, value in fields.items():
            old = record.fields[name]
            record.fields[name] = value
            self._note(who, record, "field", name, old, value)
        self._changed(record)
        return record

    def way(self, item: str, status: str) -> tuple[str, ...]:
        """The statuses to go through: a platform that goes stepwise leads from one end to the other by what lies between."""
        now, names = self.get(item).fields["status"], list(STATUSES)
        far = self.habits.stepwise and status in names and abs(names.index(now) - names.index(status)) > 1
        return ("Doing", status) if far else (status,)

    def move(self, who: Origin, item: str) -> None:
        record = self.get(item)
        old, record.key = record.key, f"M-{self.number()}"
        self._note(who, record, "move", old=old, new=record.key)
        self._changed(record)

    def delete(self, who: Origin, item: str) -> None:
        record = self.get(item)
        record.deleted = True
        self._note(who, record, "delete")
        self._changed(record)

    def comment(self, who: Origin, item: str, text: str, *, internal: bool, marker: str = "") -> Note:
        record = self.get(item)
        now = self._clock.now()
        note = Note(f"{self.side[0]}c{self.number()}", text, who.actor, internal, now, now, marker)
        record.notes[note.id] = note
        self._note(who, record, "comment", note.id, None, text, marker=marker, internal=internal)
        self._changed(record)
        return note

    def edit_comment(self, who: Origin, item: str, comment: str, text: str) -> Note:
        record = self.get(item)
        note = record.notes.get(comment)
        if note is None:
            raise Missing(comment)
        old, note.text, note.updated = note.text, text, self._clock.now()
        self._note(who, record, "comment_edit", comment, old, text, internal=note.internal)
        self._changed(record)
        return note

    def delete_comment(self, who: Origin, item: str, comment: str) -> None:
        record = self.get(item)
        note = record.notes.pop(comment, None)
        if note is None:
            raise Missing(comment)
        self._note(who, record, "comment_delete", comment, note.text, None, internal=note.internal)
        self._changed(record)

    def attach(self, who: Origin, item: str, name: str, content: bytes, marker: str = "") -> File:
        record = self.get(item)
        file = File(f"{self.side[0]}f{self.number()}", name, content, who.actor, self._clock.now(), marker)
        record.files[file.id] = file
        self._note(who, record, "file", file.id, None, f"{name}:{content.decode()}", marker=marker)
        self._changed(record)
        return file

    def detach(self, who: Origin, item: str, file: str) -> None:
        record = self.get(item)
        gone = record.files.pop(file, None)
        if gone is None:
            raise Missing(file)
        self._note(who, record, "file_delete", file, f"{gone.name}:{gone.content.decode()}", None)
        self._changed(record)

    def labour(self, who: Origin, item: str, work: Work, marker: str = "") -> Labour:
        record = self.get(item)
        now = self._clock.now()
        made = Labour(f"{self.side[0]}w{self.number()}", self.kept(work), who.actor, now, now, marker)
        record.works[made.id] = made
        self._note(who, record, "work", made.id, None, made.work.comment, marker=marker)
        self._changed(record)
        return made

    def edit_labour(self, who: Origin, item: str, log: str, work: Work) -> Labour:
        record = self.get(item)
        found = record.works.get(log)
        if found is None:
            raise Missing(log)
        old, found.work, found.updated = found.work, self.kept(work), self._clock.now()
        self._note(who, record, "work_edit", log, old.comment, found.work.comment)
        self._changed(record)
        return found

    def delete_labour(self, who: Origin, item: str, log: str) -> None:
        record = self.get(item)
        found = record.works.pop(log, None)
        if found is None:
            raise Missing(log)
        self._note(who, record, "work_delete", log, found.work.comment, None)
        self._changed(record)

    def kept(self, work: Work) -> Work:
        """The work as it is kept here: where only days are, at noon, to 36 seconds and on one line."""
        if not self.habits.keeps_days:
            return Work(started=work.started, spent=work.spent, comment=work.comment)
        noon = work.started.replace(hour=12, minute=0, second=0, microsecond=0)
        return Work(started=noon, spent=36 * max(1, round(work.spent / 36)), comment=" ".join(work.comment.split()))

    def _changed(self, record: Record) -> None:
        record.counter += 1
        record.updated = self._clock.now()
        record.shown = self._clock.elapsed + self.habits.lag
        self.hook(replace(record))

    def _note(
        self,
        who: Origin,
        record: Record,
        kind: Kind,
        name: str = "",
        old: str | None = None,
        new: str | None = None,
        marker: str = "",
        *,
        internal: bool = False,
    ) -> None:
        seen = who.seen.get(name) if who.actor == ENGINE else None
        number = len(self.truth.entries) + 1
        at = self._clock.elapsed
        entry = Entry(number, at, who.actor, kind, record.id, name, old, new, marker, internal, who.request, who.sent, seen)
        self.truth.entries.append(entry)
