"""GitHub's issues and comments as items, and hub values as what GitHub takes."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from pydantic import JsonValue, TypeAdapter, ValidationError

from connectors.github import payloads, text
from connectors.github.config import REPOSITORY
from connectors.kit.interface import Change
from model.errors import NotFound, Refused
from model.item import Comment, Fields, Item, ItemRef
from model.links import LINKS

CATEGORIES = {"open": "new", "closed": "done"}
RESOLUTIONS = ("completed", "not_planned", "duplicate")
PULL_REQUEST: Fields = {"name": "Pull request", "id": "pull_request"}
PARENT = "parentId"
MERGED: Fields = {"name": "merged", "id": "merged"}
_ID = re.compile(rf"^({REPOSITORY})#([0-9]+)$")
_PLACE = re.compile(rf"/({REPOSITORY})/(?:issues|pulls?)/([0-9]+)")
_NAMED = TypeAdapter(dict[str, JsonValue] | None)
_LABELS = TypeAdapter(list[dict[str, JsonValue]])

Payload = dict[str, JsonValue]


def item_id(repository: str, number: int) -> str:
    """The id of an issue: lower case, because GitHub's names have no case and its answers may have another one than settings."""
    return f"{repository.lower()}#{number}"


def address(item: str) -> tuple[str, int]:
    """Repository and number of an item id; NotFound if it is none."""
    found = _ID.match(item)
    if found is None:
        raise NotFound(f"{item!r} is no GitHub issue; use the form 'owner/name#number'")
    return found[1], int(found[2])


def place(url: str) -> tuple[str, int] | None:
    """Repository and number in the web or API address of an issue or pull request."""
    found = _PLACE.search(url)
    return (found[1], int(found[2])) if found else None


def key(issue: payloads.Issue) -> str:
    """What people call the issue, in GitHub's own letters."""
    where = place(issue.html_url)
    return f"{where[0]}#{issue.number}" if where else f"#{issue.number}"


def stamp(when: datetime) -> str:
    """A time as GitHub writes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def second(version: str) -> str:
    """When a version came about, in an order as text."""
    return version.removeprefix("c")[: len("2026-01-02T03:04:05Z")]


def version(issue: payloads.Issue | None, comments: Sequence[payloads.Comment] = ()) -> str:
    """Changes with every edit of the issue and of its comments, also with a second one in the same second."""
    newest = max((one.updated_at for one in comments), default=None)
    parts: list[str] = []
    if issue is not None and (newest is None or issue.updated_at >= newest):
        parts.append(f"{stamp(issue.updated_at)}-{_digest(_content(issue))}")
    if newest is not None and (issue is None or issue.updated_at <= newest):
        last = [[one.id, one.body] for one in sorted(comments, key=_comment_id) if one.updated_at == newest]
        parts.append(f"c{stamp(newest)}-{_digest(last)}")
    return "/".join(parts)


def change(repository: str, issue: payloads.Issue, comments: Sequence[payloads.Comment] = (), *, deleted: bool = False) -> Change:
    return Change(
        id=item_id(repository, issue.number),
        key=key(issue),
        version=version(issue, comments),
        marker=marker(issue),
        deleted=deleted,
    )


def marker(issue: payloads.Issue) -> str | None:
    """Of the twin that made the issue. No twin makes pull requests; what looks like a marker there was copied."""
    return None if issue.pull_request is not None else text.received(issue.body)[1]


def ref(item: str, issue: payloads.Issue) -> ItemRef:
    return ItemRef(id=item, key=key(issue), url=issue.html_url)


def item(
    identity: str,
    issue: payloads.Issue,
    comments: Sequence[payloads.Comment],
    addresses: Mapping[str, str],
    pull: payloads.Pull | None = None,
    links: Sequence[JsonValue] = (),
) -> Item:
    """`addresses` are the public e-mail addresses by login, which an issue does not name, as it names neither its `links` nor the
    branches of `pull`."""
    times = [issue.updated_at, *(one.updated_at for one in comments)]
    return Item(
        ref=ref(identity, issue),
        version=version(issue, comments),
        updated=max(times),
        fields=with_addresses({**fields(issue), LINKS: [*links], **(_branches(pull) if pull else {})}, addresses),
        comments=tuple(comment(one) for one in comments),
        marker=marker(issue),
    )


def with_addresses(found: Fields, addresses: Mapping[str, str]) -> Fields:
    for name in ("assignee", "reporter", "creator"):
        found[name] = _with_address(found[name], addresses)
    assignees = found["assignees"]
    if isinstance(assignees, list):
        found["assignees"] = [_with_address(one, addresses) for one in assignees]
    return found


def _with_address(person: JsonValue, addresses: Mapping[str, str]) -> JsonValue:
    address = addresses.get(str(person["username"])) if isinstance(person, dict) else None
    return {**person, "email": address} if isinstance(person, dict) and address else person


def fields(issue: payloads.Issue) -> Fields:
    repository = key(issue).partition("#")[0]
    assignee = issue.assignees[0] if issue.assignees else None
    assignees: list[JsonValue] = [user(one) for one in issue.assignees]
    pull = issue.pull_request
    own: Fields = {} if pull is None else {"type": PULL_REQUEST, "draft": issue.draft, "merged": pull.merged_at is not None}
    labels: list[JsonValue] = [{"label": name} for name in sorted(one.name for one in issue.labels)]
    return {
        "summary": issue.title,
        "description": text.received(issue.body)[0] or None,
        "status": {"name": issue.state, "id": issue.state, "category": CATEGORIES.get(issue.state, "new")},
        "resolution": _resolution(issue),
        "type": _named(issue.type),
        "priority": None,
        "project": {"key": repository, "name": repository.partition("/")[2], "id": repository.lower()},
        "labels": labels,
        "assignee": user(assignee),
        "assignees": assignees,
        "reporter": user(issue.user),
        "creator": user(issue.user),
        "created": _milliseconds(issue.created_at),
        "updated": _milliseconds(issue.updated_at),
        "due": None,
        "milestone": issue.milestone.title if issue.milestone else None,
        "parentId": parent(issue),
        **own,
    }


def parent(issue: payloads.Issue) -> str | None:
    """The id of the issue that it is a sub-issue of."""
    found = place(issue.parent_issue_url or "")
    return item_id(*found) if found else None


def _dependencies(issue: payloads.Issue) -> payloads.DependencyCounts | None:
    """None where there are none: not all answers count them."""
    counts = issue.issue_dependencies_summary
    return counts if counts and (counts.total_blocking or counts.total_blocked_by) else None


def _branches(pull: payloads.Pull) -> Fields:
    return {"headBranch": pull.head.ref, "baseBranch": pull.base.ref}


def comment(one: payloads.Comment) -> Comment:
    body, marker = text.received(one.body)
    return Comment(id=str(one.id), body=body, author=user(one.user), created=one.created_at, updated=one.updated_at, marker=marker)


def user(one: payloads.User | None) -> dict[str, JsonValue] | None:
    return None if one is None else {"key": str(one.id), "username": one.login, "email": one.email, "displayName": one.login}


def milestone(one: payloads.Milestone) -> dict[str, JsonValue]:
    return {"name": one.title, "id": str(one.number), "description": one.description}


def to_payload(wanted: Fields, marker: str | None, logins: Sequence[str]) -> Payload:
    """The body of a create or update, with names of type and milestone; `logins` are all who are to be assigned.

    Refused for a value that GitHub has no place for.
    """
    body: Payload = {}
    for name, value in wanted.items():
        match name:
            case "description":
                body["body"] = text.sent(_text(name, value or ""), marker)
            case _ if name == PARENT:
                raise Refused("field 'parentId' is written by itself", name)
            case "assignee" | "assignees":
                body["assignees"] = [*logins]
            case _ if name in _WRITERS:
                body |= _WRITERS[name](value)
            case _:
                raise Refused(f"GitHub issues have no field {name!r} that can be written; they take: {', '.join(sorted(WRITABLE))}", name)
    return body


def name_of(field: str, value: JsonValue) -> str | None:
    """The name in a hub value such as `{"name": "Bug"}`."""
    try:
        named = _NAMED.validate_python(value)
    except ValidationError as error:
        raise Refused(f"field {field!r} takes an object with a name, not {value!r}", field) from error
    return None if named is None else _text(field, named.get("name"))


def _summary(value: JsonValue) -> Payload:
    return {"title": _text("summary", value)}


def _labels(value: JsonValue) -> Payload:
    try:
        labels = _LABELS.validate_python(value or [])
    except ValidationError as error:
        raise Refused(f"field 'labels' takes a list of labels, not {value!r}", "labels") from error
    names: list[JsonValue] = [*sorted({_text("labels", one.get("label")) for one in labels})]
    return {"labels": names}


def _status(value: JsonValue) -> Payload:
    name = (name_of("status", value) or "").lower()
    if name not in CATEGORIES:
        raise Refused(f"field 'status' has no option {name!r} (options: 'closed', 'open')", "status")
    return {"state": name}


def _to_resolution(value: JsonValue) -> Payload:
    name = name_of("resolution", value)
    if name is None:
        return {}
    wanted = name.lower().replace(" ", "_")
    if wanted not in RESOLUTIONS:
        raise Refused(f"field 'resolution' has no option {name!r} (options: {', '.join(map(repr, RESOLUTIONS))})", "resolution")
    return {"state_reason": wanted}


def _type(value: JsonValue) -> Payload:
    return {"type": name_of("type", value)}


def _milestone(value: JsonValue) -> Payload:
    return {"milestone": value if isinstance(value, str) else name_of("milestone", value)}


_WRITERS: dict[str, Callable[[JsonValue], Payload]] = {
    "summary": _summary,
    "labels": _labels,
    "status": _status,
    "resolution": _to_resolution,
    "type": _type,
    "milestone": _milestone,
}
WRITABLE = frozenset({"description", "assignee", "assignees", PARENT, *_WRITERS})


def _text(field: str, value: JsonValue) -> str:
    if not isinstance(value, str):
        raise Refused(f"field {field!r} takes text, not {value!r}", field)
    return value


def _resolution(issue: payloads.Issue) -> JsonValue:
    if issue.pull_request is not None:
        return MERGED if issue.pull_request.merged_at else None
    reason = issue.state_reason
    return {"name": reason, "id": reason} if issue.state == "closed" and reason in RESOLUTIONS else None


def _named(one: payloads.Named | None) -> JsonValue:
    return None if one is None else {"name": one.name, "id": str(one.id)}


def _milliseconds(when: datetime) -> int:
    return round(when.timestamp() * 1000)


def _content(issue: payloads.Issue) -> list[object]:
    pull = issue.pull_request
    own = [issue.state_reason] if pull is None else [issue.draft, pull.merged_at is not None]
    return [
        issue.title,
        issue.body or "",
        issue.state,
        *own,
        sorted(one.name for one in issue.labels),
        [one.id for one in issue.assignees],
        issue.milestone.title if issue.milestone else None,
        issue.type.name if issue.type else None,
        issue.comments,
        *([above] if (above := parent(issue)) else []),
        *([[counts.total_blocking, counts.total_blocked_by]] if (counts := _dependencies(issue)) else []),
    ]


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:10]


def _comment_id(one: payloads.Comment) -> int:
    return one.id
