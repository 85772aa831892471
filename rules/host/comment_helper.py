"""`commentHelper`, `attachmentHelper` and `workLogHelper`: merging what came with the replica into the item's own lists."""

from collections.abc import Mapping
from typing import ClassVar

from rules.host.item_view import ItemView
from rules.host.replica_view import ReplicaView
from rules.host.shapes import sendable
from rules.library.table import Method, Table
from rules.limits import Fault
from rules.state import Run
from rules.values import Host, Record, Value, text_of, truth

COMMENTS: Table[Host] = Table("commentHelper")
ATTACHMENTS: Table[Host] = Table("attachmentHelper")
WORK_LOGS: Table[Host] = Table("workLogHelper")
Args = list[Value]


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
    author = comment.get("author")
    body = comment.get("body")
    if truth(comment.get("ours")) or not isinstance(author, dict):
        return body
    name = next((author[one] for one in ("displayName", "username", "email", "key") if author.get(one)), None)
    return body if name is None else f"{text_of(name)} commented: \n{text_of(body)}"


def _prepared(run: Run, comment: dict[Value, Value], closure: Value) -> Record:
    """A copy of a remote comment as it is to appear here."""
    found = Record(comment)
    found.remote = True
    if closure is None:
        found["body"] = _prefixed(comment)
    else:
        run.call(closure, [found])
    return found


@COMMENTS.method("mergeComments", takes=2, most=3)
def merge_comments(run: Run, _self: Host, arguments: Args) -> Value:
    issue, replica = _sides(arguments, "mergeComments")
    closure = arguments[2] if len(arguments) == 3 else None
    removed = _ids(_records(replica.get("removedComments"), "removedComments"))
    changed = {text_of(one.get("id")): _prepared(run, one, closure) for one in _records(replica.get("changedComments"), "changedComments")}
    merged: list[Value] = []
    for one in _records(issue.get("comments"), "comments"):
        counterpart = text_of(one.get("remoteId") or "")
        if counterpart not in removed:
            merged.append(_replaced(one, changed[counterpart]) if counterpart in changed else one)
    merged += [_prepared(run, one, closure) for one in _records(replica.get("addedComments"), "addedComments")]
    return merged


def _replaced(local: dict[Value, Value], changed: Record) -> Record:
    found = Record(local)
    found["body"] = changed.get("body")
    return found


@COMMENTS.method("addComment", takes=2, most=3)
def add_comment(_run: Run, _self: Host, arguments: Args) -> Value:
    added: Value = Record({"id": "", "remoteId": "", "body": text_of(arguments[0]), "internal": False, "author": None})
    return [*sendable(arguments[-1], "comments"), added]


@COMMENTS.method("filterLocal", takes=1)
def filter_local(_run: Run, _self: Host, arguments: Args) -> Value:
    hidden = ("internal", "groupLevel", "roleLevel")
    return [one for one in _records(arguments[0], "comments") if not any(truth(one.get(name)) for name in hidden)]


@ATTACHMENTS.method("mergeAttachments", takes=2)
def merge_attachments(_run: Run, _self: Host, arguments: Args) -> Value:
    issue, replica = _sides(arguments, "mergeAttachments")
    removed = _ids(_records(replica.get("removedAttachments"), "removedAttachments"))
    kept = [one for one in _records(issue.get("attachments"), "attachments") if text_of(one.get("remoteId") or "") not in removed]
    return [*kept, *_records(replica.get("addedAttachments"), "addedAttachments")]


@WORK_LOGS.method("mergeWorkLogs", takes=2, most=3)
def merge_work_logs(_run: Run, _self: Host, arguments: Args) -> Value:
    return _sides(arguments, "mergeWorkLogs")[0].get("workLogs")
