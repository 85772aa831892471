"""The fakes' logs and the engine's own notes, as the oracle takes them. Every value is a plain text here, the same on both platforms."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from pydantic import JsonValue

from model.item import Fields
from tests.oracle.records import COMMENT, ENGINE, FILE, Kind, Record, Side

TOKEN = re.compile(r"\bt\d+\b")
_MARKER = re.compile(r"<!-- twinline:.*?-->")
_NAMES = {"title": "summary", "body": "description", "state": "status"}
_CHILDREN = {
    "comment": (Kind.ADD, COMMENT),
    "edit_comment": (Kind.EDIT, COMMENT),
    "delete_comment": (Kind.REMOVE, COMMENT),
    "attach": (Kind.ADD, FILE),
    "delete_attachment": (Kind.REMOVE, FILE),
    "comment.created": (Kind.ADD, COMMENT),
    "comment.updated": (Kind.EDIT, COMMENT),
    "comment.deleted": (Kind.REMOVE, COMMENT),
}
_CREATIONS = ("create", "issue.created")
_UPDATES = ("update", "transition", "issue.updated")


@dataclass(frozen=True)
class Ground:
    """One side of a connection: how its items' keys begin, under whose account the engine writes there, and what is mapped."""

    side: Side
    items: str
    bot: str
    subjects: frozenset[str]
    two_statuses: bool
    files: bool


@dataclass
class Reader:
    """Turns one platform's log into records, line by line: a write that changes nothing is told with the value that stayed."""

    ground: Ground
    _now: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def records(self, log: Iterable[Fields]) -> list[Record]:
        return [record for line in log if str(line["item"]).startswith(self.ground.items) for record in self._read(line)]

    def _read(self, line: Fields) -> list[Record]:
        action, detail = str(line["action"]), cast("Fields", line["detail"])
        if action == "read":
            return [self._record(line, Kind.READ)]
        if action in _CREATIONS:
            values = {subject: self._value(subject, value) for subject, value in self._named(detail, "after").items()}
            self._now[str(line["item"])] = dict(values)
            return [self._record(line, Kind.CREATE, values=values, marker=str(detail.get("marker") or ""))]
        if action in _UPDATES:
            return self._update(line, detail)
        if action not in _CHILDREN:
            return []
        kind, subject = _CHILDREN[action]
        return [self._child(line, detail, kind, subject)] if subject == COMMENT or self.ground.files else []

    def _update(self, line: Fields, detail: Fields) -> list[Record]:
        now = self._now.setdefault(str(line["item"]), {})
        after = self._named(detail, "after")
        given = cast("list[str]", detail.get("fields") or detail.get("given") or (["status"] if "status" in detail else []))
        told: list[Record] = []
        for subject in dict.fromkeys([*after, *(_NAMES.get(name, name) for name in given)]):
            if subject in self.ground.subjects:
                old = now.get(subject, "")
                now[subject] = self._value(subject, after[subject]) if subject in after else old
                told.append(self._record(line, Kind.SET, subject=subject, old=old, new=now[subject]))
        return told

    def _child(self, line: Fields, detail: Fields, kind: Kind, subject: str) -> Record:
        before, after = cast("Fields", detail.get("before") or {}), cast("Fields", detail.get("after") or {})
        child, marker = str(detail.get("comment") or detail.get("attachment")), str(detail.get("marker") or "")
        new = str(detail.get("sha256") or "") if subject == FILE else token(after.get("body"))
        return self._record(line, kind, subject=subject, child=child, old=token(before.get("body")), new=new, marker=marker)

    def _record(self, line: Fields, kind: Kind, **rest: object) -> Record:
        actor = ENGINE if line["actor"] == self.ground.bot else str(line["actor"])
        at = datetime.fromisoformat(str(line["at"])).timestamp()
        return Record(at, self.ground.side, str(line["item"]), actor, kind, **rest)  # pyright: ignore[reportArgumentType]

    def _named(self, detail: Fields, when: str) -> dict[str, JsonValue]:
        values = cast("Fields", detail.get(when) or {})
        named = {_NAMES.get(name, name): value for name, value in values.items()}
        return {subject: value for subject, value in named.items() if subject in self.ground.subjects}

    def _value(self, subject: str, value: JsonValue) -> str:
        return neutral(subject, value, two_statuses=self.ground.two_statuses)


def neutral(subject: str, value: JsonValue, *, two_statuses: bool) -> str:
    """A value in the words of either platform, or of the engine, as one text."""
    match subject:
        case "labels":
            return " ".join(sorted(_label(one) for one in value)) if isinstance(value, list) else ""
        case "status" | "priority":
            name = str(value.get("name") if isinstance(value, dict) else value)
            return ("done" if name in {"Done", "closed"} else "open") if two_statuses and subject == "status" else name
        case _ if subject.startswith(COMMENT):
            return token(value)
        case _:
            return " ".join(_MARKER.sub("", plain(value)).split())


def token(value: JsonValue) -> str:
    """The word by which a comment is known, whatever the rules put around it; none for no text."""
    found: list[str] = TOKEN.findall(plain(value))
    return found[-1] if found else ""


def plain(value: JsonValue) -> str:
    """The text of a string or of a document of text nodes."""
    match value:
        case str():
            return value
        case list():
            return " ".join(map(plain, value))
        case dict():
            return plain(value.get("text") or value.get("content"))
        case _:
            return ""


def _label(value: JsonValue) -> str:
    return str(value.get("label") or value.get("name") if isinstance(value, dict) else value)


def current(records: Iterable[Record]) -> Mapping[tuple[Side, str], dict[str, Record]]:
    """For each item the comments and files that are there, by id, with the record that added them."""
    found: dict[tuple[Side, str], dict[str, Record]] = {}
    for one in records:
        children = found.setdefault(one.place, {})
        if one.kind is Kind.ADD:
            children[f"{one.subject} {one.child}"] = one
        elif one.kind is Kind.REMOVE:
            children.pop(f"{one.subject} {one.child}", None)
    return found
