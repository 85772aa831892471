"""Runs a program on values: the outgoing rule fills a replica, the incoming one a working copy."""

from collections.abc import Callable
from typing import TypeVar

from model.errors import Refused, ScriptFailed
from model.item import Fields, Item, work_of
from rules.compile import Program
from rules.diagnostics import call_chain, diagnose
from rules.host.classes import Tuple2
from rules.host.item_view import CHILDREN, ItemView
from rules.host.replica_view import ReplicaView
from rules.host.shapes import sendable
from rules.host.vocabulary import HOST_OBJECTS, ITEM_NAMES
from rules.interface import (
    Answers,
    GoesOn,
    Lookups,
    Outcome,
    Received,
    Sent,
    Surroundings,
    WorkingAttachment,
    WorkingComment,
    WorkingWorkLog,
)
from rules.library.errors import caught
from rules.library.json_text import to_json
from rules.limits import Fault, Limits, Raised
from rules.state import Clock, Run
from rules.values import Record, Value, text_of, truth

DEFAULT_LIMITS = Limits()
T = TypeVar("T")


def run_outgoing(
    program: Program,
    item: Item,
    surroundings: Surroundings,
    previous: Fields,
    lookups: Lookups,
    *,
    limits: Limits = DEFAULT_LIMITS,
    clock: Clock | None = None,
) -> Sent:
    """What the rule sends. Raises ScriptFailed and Needed; `clock` counts seconds, without it time is not limited."""
    run = Run(surroundings, lookups, limits, clock)
    fields, _ = outgoing(program, run, item, previous)
    return Sent(fields=fields, also=tuple(run.effects.also))


def run_incoming(
    program: Program,
    received: Received,
    surroundings: Surroundings,
    lookups: Lookups,
    *,
    limits: Limits = DEFAULT_LIMITS,
    clock: Clock | None = None,
) -> Outcome:
    """What the rule asks for. Raises ScriptFailed and Needed."""
    run = Run(surroundings, lookups, limits, clock)
    return incoming(program, run, received)[0]


def tried(surroundings: Surroundings, answers: Answers, *, limits: Limits = DEFAULT_LIMITS, clock: Clock | None = None) -> Run:
    """A run for which the table of answers stands in for the platform."""
    return Run(surroundings, {}, limits, clock, answers)


def outgoing(program: Program, run: Run, item: Item, previous: Fields) -> tuple[Fields, Fields]:
    """`run_outgoing` for a run of one's own, which knows afterwards what else was asked for; and the replica as the script said it."""
    replica = ReplicaView({})
    _bind(run, ItemView(item), replica, previous)

    def filled() -> tuple[Fields, Fields]:
        _execute(program, run)
        fields = replica.filled()
        return fields, replica.as_said(fields)

    return _reported(program, filled)


def incoming(program: Program, run: Run, received: Received) -> tuple[Outcome, Fields]:
    """`run_incoming` for a run of one's own, and what the script set under the names it used."""
    run.incoming = True
    issue = ItemView(
        received.item,
        {"comments": received.remote_ids, "attachments": received.remote_files, "workLogs": received.remote_logs},
    )
    given = {
        "addedComments": received.added_comments,
        "changedComments": received.changed_comments,
        "removedComments": received.removed_comments,
        "addedAttachments": received.added_attachments,
        "removedAttachments": received.removed_attachments,
        "addedWorklogs": received.added_work_logs,
        "changedWorklogs": received.changed_work_logs,
        "removedWorklogs": received.removed_work_logs,
    }
    _bind(run, issue, ReplicaView(received.replica, given), received.previous)

    def outcome() -> tuple[Outcome, Fields]:
        try:
            _execute(program, run)
        except GoesOn:
            run.effects.goes_on = True
        if run.effects.handled and received.item is None and not run.effects.connect:
            raise Fault("the script returns a Tuple2 that names no item of this side; give it the key of one, or set properties instead")
        if run.effects.handled:
            return _outcome(run, {}, ItemView(None)), {}
        return _outcome(run, issue.changed(), issue), issue.as_said()

    return _reported(program, outcome)


def _outcome(run: Run, fields: Fields, issue: ItemView) -> Outcome:
    comments, attachments, work_logs = (issue.children(name) for name in CHILDREN)
    return Outcome(
        fields=fields,
        comments=None if comments is None else tuple(map(_comment, _maps(comments))),
        attachments=None if attachments is None else tuple(map(_attachment, _maps(attachments))),
        work_logs=None if work_logs is None else tuple(map(_work_log, _maps(work_logs))),
        unlink=run.effects.unlink,
        sync_back=run.effects.sync_back,
        connect=run.effects.connect,
        also=tuple(run.effects.also),
        goes_on=run.effects.goes_on,
    )


def _bind(run: Run, issue: ItemView, replica: ReplicaView, previous: Fields) -> None:
    around, item = run.surroundings, issue.item
    connection: Value = {
        "name": around.connection,
        "localInstance": {"name": around.local_system, "url": around.local_url},
        "remoteInstance": {"name": around.remote_system, "url": around.remote_url},
        "fieldValues": {"localInstanceName": around.local_system, "remoteInstanceName": around.remote_system},
    }
    run.binding.update(HOST_OBJECTS)
    run.binding.update(dict.fromkeys(ITEM_NAMES, issue))
    run.binding.update(
        {
            "replica": replica,
            "previous": ReplicaView(previous) if previous else None,
            "issueBeforeScript": ItemView(item, issue.remote),
            "firstSync": around.first_sync,
            "issueKey": _key(issue),
            "issueUrl": (item.ref.url or None) if item else None,
            "remoteIssueUrl": replica.get("url") if run.incoming else None,
            "connection": connection,
            "relation": connection,
            "entityType": text_of(issue.get("entityType") or "issue"),
            "traces": [],
            "blobMetadataList": [],
            "syncRequest": {"remoteSyncEventNumber": None, "traces": []},
        }
    )


def _key(issue: ItemView) -> Value:
    """What names the item; null before it has an id or key."""
    identity, key = issue.get("id"), issue.get("key")
    if identity is None and key is None:
        return None
    return {"id": identity, "idStr": None if identity is None else text_of(identity), "key": key, "urn": key, "URN": key}


def _execute(program: Program, run: Run) -> None:
    result = program.main.call(run, None, [])
    if isinstance(result, Tuple2):
        _handled(run, result.first)


def _handled(run: Run, key: Value) -> None:
    """The script has dealt with the item itself: nothing of it is set, and on the first sync the key names the item to pair with."""
    run.effects.handled = True
    named = next((key[one] for one in ("id", "key", "urn") if key.get(one)), None) if isinstance(key, dict) else key
    if run.incoming and run.surroundings.first_sync and named is not None:
        run.effects.connect = text_of(named)


def _reported(program: Program, work: Callable[[], T]) -> T:
    try:
        return work()
    except Raised as raised:
        found, known = diagnose(program.source, raised.at or 0, raised.message[:400]), raised.at is not None
        message = found.render(program.name) if known else f"{program.name}: {found.message}"
        message += call_chain(program.source, raised.chain)
        of_item = isinstance(raised, Fault) and caught(raised).is_a("IssueTrackerException")
        raise ScriptFailed(message, found.line if known else 0, found.column if known else 0, of_item=of_item) from None
    except RecursionError:
        message = f"{program.name}: calls are nested too deeply; look for a function that calls itself, or a list that contains itself"
        raise ScriptFailed(message) from None


def _maps(records: list[Value]) -> list[dict[Value, Value]]:
    return [one for one in sendable(records, "comments") if isinstance(one, dict)]


def _identity(one: dict[Value, Value]) -> tuple[str, str]:
    """The id here, empty for a new one, and the id on the other side."""
    if isinstance(one, Record) and one.remote:
        return "", text_of(one.get("id") or "")
    return text_of(one.get("id") or ""), text_of(one.get("remoteId") or "")


def _comment(one: dict[Value, Value]) -> WorkingComment:
    own, remote = _identity(one)
    author, executor = to_json(one.get("author"), "author"), to_json(one.get("executor"), "executor")
    return WorkingComment(
        id=own,
        remote_id=remote,
        body=text_of(one.get("body") or ""),
        internal=truth(one.get("internal")),
        author=author if isinstance(author, dict) else None,
        executor=executor if isinstance(executor, dict) else None,
    )


def _attachment(one: dict[Value, Value]) -> WorkingAttachment:
    own, remote = _identity(one)
    return WorkingAttachment(id=own, remote_id=remote, filename=text_of(one.get("filename") or ""))


def _work_log(one: dict[Value, Value]) -> WorkingWorkLog:
    own, remote = _identity(one)
    shown = {name: to_json(one.get(name), f"the work log's {name}") for name in ("id", "startDate", "timeSpent", "comment")}
    try:
        return WorkingWorkLog(id=own, remote_id=remote, work=work_of(shown))
    except Refused as error:
        raise Fault(error.message) from None
