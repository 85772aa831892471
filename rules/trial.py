"""Tries a script on an item and a replica given as JSON, with a table of answers in place of a platform."""

from collections.abc import Callable
from datetime import UTC, datetime

from pydantic import JsonValue

from model.errors import ScriptFailed
from model.frozen import Frozen
from model.item import Fields, Item, ItemRef
from rules.compile import Program
from rules.effects import Effects
from rules.interface import Received, Surroundings
from rules.run import incoming, outgoing, tried
from rules.state import Clock, Run
from rules.trial_input import answers as by_call
from rules.trial_input import sent, shaped

CHILDREN = (("Comments", "comments"), ("Attachments", "attachments"), ("Worklogs", "workLogs"))

EDITABLE = ("body", "startDate", "timeSpent", "comment")


class Step(Frozen):
    """What a statement gave. `line` starts at 1."""

    line: int
    source: str
    value: str


class Trial(Frozen):
    """How it went. `result` is the replica, or the properties that the incoming script set; None with a `failure`."""

    result: Fields | None
    effects: Fields
    lines: tuple[str, ...]
    steps: tuple[Step, ...]
    failure: str = ""


class Given(Frozen):
    """What a script is tried on. `answers` is by call and argument; without an item there is none yet."""

    item: Fields = {}
    replica: Fields = {}
    previous: Fields = {}
    answers: Fields = {}
    first_sync: bool = False
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)


def try_outgoing(program: Program, given: Given, clock: Clock | None = None) -> Trial:
    """The replica that the script fills."""
    item = _item(shaped(given.item)) or Item(ref=ItemRef(id="", key="", url=""), version="", updated=given.now, fields={})
    return _tried(program, given, clock, lambda run: outgoing(program, run, item, sent(given.previous))[1])


def try_incoming(program: Program, given: Given, clock: Clock | None = None) -> Trial:
    """The properties that the script sets. What the replica does not say of added and changed children is found by their ids."""
    item, replica, previous = shaped(given.item), sent(given.replica), sent(given.previous)
    whole = with_changes(replica, previous, item, first=given.first_sync)
    received = Received(
        replica=whole,
        previous=previous,
        item=_item(item),
        added_comments=tuple(_list(whole, "addedComments")),
        changed_comments=tuple(_list(whole, "changedComments")),
        removed_comments=tuple(_list(whole, "removedComments")),
        added_attachments=tuple(_list(whole, "addedAttachments")),
        removed_attachments=tuple(_list(whole, "removedAttachments")),
        added_work_logs=tuple(_list(whole, "addedWorklogs")),
        changed_work_logs=tuple(_list(whole, "changedWorklogs")),
        removed_work_logs=tuple(_list(whole, "removedWorklogs")),
    )
    return _tried(program, given, clock, lambda run: incoming(program, run, received)[1])


def _tried(program: Program, given: Given, clock: Clock | None, work: Callable[[Run], Fields]) -> Trial:
    around = Surroundings(connection="connection", local_system="local", remote_system="remote", first_sync=given.first_sync, now=given.now)
    run = tried(around, by_call(given.answers), clock=clock)
    result, failure = None, ""
    try:
        result = work(run)
    except ScriptFailed as error:
        failure = error.message
    steps = tuple(Step(line=line, source=source, value=value) for line, source, value in _steps(program.source, run.effects))
    return Trial(result=result, effects=_effects(run.effects), lines=tuple(run.effects.lines), steps=steps, failure=failure)


def _effects(effects: Effects) -> Fields:
    """What the script asked for beside properties; only what it did ask for."""
    also: list[JsonValue] = [*effects.also]
    found: Fields = {
        "syncBack": effects.sync_back,
        "unlink": effects.unlink,
        "handled": effects.handled,
        "connect": effects.connect,
        "exalate": also,
    }
    return {name: value for name, value in found.items() if value}


def _steps(source: str, effects: Effects) -> list[tuple[int, str, str]]:
    lines = source.splitlines() or [""]
    found: list[tuple[int, str, str]] = []
    for at, value in effects.told:
        line = source.count("\n", 0, at) + 1
        found.append((line, lines[min(line, len(lines)) - 1].strip(), value))
    return found


def _item(fields: Fields) -> Item | None:
    if not fields:
        return None
    ref = ItemRef(id=_text(fields.get("id")), key=_text(fields.get("key")), url=_text(fields.get("url")))
    return Item(ref=ref, version="", updated=datetime(1970, 1, 1, tzinfo=UTC), fields=fields)


def _text(value: JsonValue) -> str:
    return "" if value is None else str(value)


def with_changes(replica: Fields, previous: Fields, item: Fields, *, first: bool) -> Fields:
    """The replica with the lists of added, changed and removed children that it does not bring itself."""
    found = dict(replica)
    for plural, name in CHILDREN:
        now, before = _by_id(replica, name), {} if first else _by_id(previous, name)
        known = set(before) if first or previous else _counterparts(item, name)
        nameless = [one for one in _list(replica, name) if not _text(one.get("id"))]
        lists: dict[str, list[Fields]] = {
            f"added{plural}": [*(one for identity, one in now.items() if identity not in known), *nameless],
            f"changed{plural}": [one for identity, one in now.items() if identity in before and _edited(before[identity], one)],
            f"removed{plural}": [one for identity, one in before.items() if identity not in now],
        }
        found.update({key: list(value) for key, value in lists.items() if key not in replica})
    return found


def _edited(before: Fields, now: Fields) -> bool:
    return any(now.get(name) != before.get(name) for name in EDITABLE)


def _list(fields: Fields, name: str) -> list[Fields]:
    value = fields.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _by_id(fields: Fields, name: str) -> dict[str, Fields]:
    return {_text(one["id"]): one for one in _list(fields, name) if _text(one.get("id"))}


def _counterparts(item: Fields, name: str) -> set[str]:
    return {_text(one.get("remoteId")) for one in _list(item, name)}
