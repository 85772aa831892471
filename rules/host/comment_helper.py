"""`commentHelper`, `attachmentHelper` and `workLogHelper`: merging what came with the replica into the item's own lists."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import ClassVar

from rules.host.helper import Args, HelperTable
from rules.host.item_view import ItemView
from rules.host.replica_view import ReplicaView
from rules.host.shapes import milliseconds, sendable
from rules.library.table import Method
from rules.limits import Fault
from rules.state import Run
from rules.values import Host, Record, Value, text_of, truth

COMMENTS = HelperTable("commentHelper")
ATTACHMENTS = HelperTable("attachmentHelper")
WORK_LOGS = HelperTable("workLogHelper")
_HIDDEN = ("internal", "groupLevel", "roleLevel")
_SPENT = re.compile(r"(\d+(?:\.\d+)?)\s*([wdhms])")
_SECONDS = {"w": 5 * 8 * 3600, "d": 8 * 3600, "h": 3600, "m": 60, "s": 1}
_LINE, _PARAGRAPH = "\n", "\n\n"
Prepare = Callable[[dict[Value, Value]], Record]


class CommentHelper(Host):
    kind = "commentHelper"
    methods: ClassVar[Mapping[str, Method]] = COMMENTS


class AttachmentHelper(Host):
    kind = "attachmentHelper"
    methods: ClassVar[Mapping[str, Method]] = ATTACHMENTS


class WorkLogHelper(Host):
    kind = "workLogHelper"
    methods: ClassVar[Mapping[str, Method]] = WORK_LOGS


def _sides(arguments: Args, method: str) -> tuple[ItemView, ReplicaView]:
    issue, replica = arguments[:2]
    if not isinstance(issue, ItemView) or not isinstance(replica, ReplicaView):
        raise Fault(f"{method}() takes the issue and the replica: {method}(issue, replica)")
    return issue, replica


def _records(values: Value, what: str) -> list[dict[Value, Value]]:
    return [one for one in sendable(values, what) if isinstance(one, dict)]


def _ids(records: list[dict[Value, Value]]) -> set[str]:
    return {text_of(one.get("id")) for one in records}


def _prefixed(comment: dict[Value, Value]) -> Value:
    body, name = comment.get("body"), _author(comment)
    return body if name is None else f"{name} commented: \n{text_of(body)}"


def _author(child: dict[Value, Value]) -> str | None:
    """Who is to be named as the author of a copy: nobody where it is the copy of what is ours here."""
    author = child.get("author")
    if truth(child.get("ours")) or not isinstance(author, dict):
        return None
    return next((text_of(author[one]) for one in ("displayName", "username", "email", "key") if author.get(one)), None)


def _signed(log: dict[Value, Value]) -> Value:
    """The words of a work log behind the name of who worked: on the same line if they are one."""
    comment, name = log.get("comment"), _author(log)
    if name is None:
        return comment
    said = "" if comment is None else text_of(comment)
    return f"{name} logged:{_PARAGRAPH if _LINE in said else ' '}{said}".rstrip()


def _prepared(run: Run, comment: dict[Value, Value], closure: Value) -> Record:
    """A copy of a remote comment as it is to appear here."""
    found = Record(comment)
    found.remote = True
    if closure is None:
        found["body"] = _prefixed(comment)
    else:
        run.call(closure, [found])
    return found


def _merged(local: list[dict[Value, Value]], replica: ReplicaView, plural: str, prepare: Prepare, replaced: tuple[str, ...]) -> list[Value]:
    """The local records without what was removed, with what was changed, and with what was added."""
    removed = _ids(_records(replica.get(f"removed{plural}"), f"removed{plural}"))
    changed = {text_of(one.get("id")): prepare(one) for one in _records(replica.get(f"changed{plural}"), f"changed{plural}")}
    merged: list[Value] = []
    for one in local:
        counterpart = text_of(one.get("remoteId") or "")
        if counterpart not in removed:
            merged.append(_replaced(one, changed[counterpart], replaced) if counterpart in changed else one)
    return [*merged, *(prepare(one) for one in _records(replica.get(f"added{plural}"), f"added{plural}"))]


def _replaced(local: dict[Value, Value], changed: Record, names: tuple[str, ...]) -> Record:
    found = Record(local)
    for name in names:
        if name in changed:
            found[name] = changed[name]
    return found


@COMMENTS.gives("mergeComments", "mergeCommentsIntoCommentsArea")
def merge_comments(run: Run, _self: Host, arguments: Args) -> Value:
    issue, replica = _sides(arguments, "mergeComments")
    closure = arguments[2] if len(arguments) == 3 else None
    local = _records(issue.get("comments"), "comments")
    return _merged(local, replica, "Comments", lambda one: _prepared(run, one, closure), ("body",))


@COMMENTS.gives("addComment")
def add_comment(_run: Run, _self: Host, arguments: Args) -> Value:
    added: Value = Record({"id": None, "remoteId": None, "body": text_of(arguments[0]), "internal": False, "author": None})
    return [*sendable(arguments[-1], "comments"), added]


@COMMENTS.gives("filterLocal")
def filter_comments(_run: Run, _self: Host, arguments: Args) -> Value:
    return [one for one in _records(arguments[0], "comments") if not any(truth(one.get(name)) for name in _HIDDEN)]


@ATTACHMENTS.gives("mergeAttachments")
def merge_attachments(run: Run, _self: Host, arguments: Args) -> Value:
    issue, replica = _sides(arguments, "mergeAttachments")
    removed = _ids(_records(replica.get("removedAttachments"), "removedAttachments"))
    kept = [one for one in _records(issue.get("attachments"), "attachments") if text_of(one.get("remoteId") or "") not in removed]
    added = _records(replica.get("addedAttachments"), "addedAttachments")
    for one in added if len(arguments) == 3 else []:
        run.call(arguments[2], [one])
    return [*kept, *added]


@ATTACHMENTS.gives("filterLocal")
def filter_attachments(_run: Run, _self: Host, arguments: Args) -> Value:
    return [one for one in _records(arguments[0], "attachments") if not truth(one.get("internal"))]


@WORK_LOGS.gives("mergeWorkLogs")
def merge_work_logs(run: Run, _self: Host, arguments: Args) -> Value:
    issue, replica = _sides(arguments, "mergeWorkLogs")
    closure = arguments[2] if len(arguments) == 3 else None

    def prepared(log: dict[Value, Value]) -> Record:
        found = Record(log)
        found.remote = True
        if closure is None:
            found["comment"] = _signed(log)
        else:
            run.call(closure, [found])
        return found

    local = _records(issue.get("workLogs"), "workLogs")
    return _merged(local, replica, "Worklogs", prepared, ("timeSpent", "comment", "startDate", "author", "updateAuthor"))


@WORK_LOGS.gives("mergeNewWorkLogs")
def merge_new_work_logs(_run: Run, _self: Host, arguments: Args) -> Value:
    previous, remote, local = (_records(one, "workLogs") for one in arguments)
    known = _ids(previous)
    return [*local, *(one for one in remote if text_of(one.get("id")) not in known)]


@WORK_LOGS.gives("addWorkLog")
def add_work_log(_run: Run, _self: Host, arguments: Args) -> Value:
    start, spent, *rest = arguments
    logs = rest.pop() if rest and isinstance(rest[-1], list) else []
    comment = rest[0] if rest else None
    added: Value = Record({
        "id": None, "remoteId": None, "startDate": _day(text_of(start)), "timeSpent": _seconds(text_of(spent)), "comment": comment,
        "author": None,
    })  # fmt: skip
    return [*sendable(logs, "workLogs"), added]


def _day(text: str) -> Value:
    try:
        return milliseconds(datetime.strptime(text, "%Y/%m/%d").replace(tzinfo=UTC))
    except ValueError:
        raise Fault(f"addWorkLog() takes the start as yyyy/MM/dd, not {text!r}") from None


def _seconds(text: str) -> int:
    found = _SPENT.findall(text)
    if not found or _SPENT.sub("", text).strip():
        raise Fault(f"addWorkLog() takes the time as 1w 2d 3h 4m, not {text!r}")
    return int(sum(float(count) * _SECONDS[unit] for count, unit in found))


@WORK_LOGS.gives("filterLocal")
def filter_work_logs(_run: Run, _self: Host, arguments: Args) -> Value:
    return [one for one in _records(arguments[0], "workLogs") if not any(truth(one.get(name)) for name in _HIDDEN)]
