"""Hub values to what Redmine takes in a create or update, and whether it took them. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from pydantic import JsonValue

from connectors.kit.richtext import tidy
from connectors.redmine.metadata import Member
from connectors.redmine.payloads import IssuePayload, Named
from connectors.redmine.text import sent
from model.errors import Refused
from model.frozen import Frozen

ATTRIBUTES = {
    "summary": "subject",
    "description": "description",
    "status": "status_id",
    "priority": "priority_id",
    "type": "tracker_id",
    "assignee": "assigned_to_id",
    "due": "due_date",
}


class Comparison(Frozen):
    """Hub names of written fields: those that Redmine kept as they were, and those that somebody changed right after us."""

    left_aside: tuple[str, ...]
    superseded: tuple[str, ...]


class Options(Frozen):
    """What a project offers; a part that the fields at hand do not need may be empty."""

    system: str
    statuses: tuple[Named, ...] = ()
    priorities: tuple[Named, ...] = ()
    trackers: tuple[Named, ...] = ()
    members: tuple[Member, ...] = ()
    custom_fields: Mapping[str, int] = {}


def to_payload(fields: Mapping[str, JsonValue], options: Options, marker: str | None) -> dict[str, JsonValue]:
    """The `issue` object for `fields`. Refused naming field, value and options where one does not fit."""
    payload: dict[str, JsonValue] = {}
    custom: list[JsonValue] = []
    for name, value in fields.items():
        if name in ATTRIBUTES:
            payload[ATTRIBUTES[name]] = _attribute(name, value, options, marker)
        elif name in options.custom_fields:
            custom.append({"id": options.custom_fields[name], "value": "" if value is None else value})
        else:
            raise Refused(f"{options.system}: field {name!r} cannot be written to a Redmine issue; take it out of the incoming rules", name)
    if custom:
        payload["custom_fields"] = custom
    return payload


def compare(fields: Mapping[str, JsonValue], payload: Mapping[str, JsonValue], issue: IssuePayload, account: int) -> Comparison:
    """The issue as read after `payload` was written, against what was asked.

    Redmine leaves aside what the workflow or the role does not allow, and says so nowhere but in the values themselves.
    """
    allowed = {str(one.id) for one in issue.allowed_statuses}
    latest = _latest_changes(issue)
    left_aside: list[str] = []
    superseded: list[str] = []
    for name in fields:
        if name not in ATTRIBUTES or _has(issue, name) == (wanted := _text(payload[ATTRIBUTES[name]])):
            continue
        user, before = latest.get(ATTRIBUTES[name], (account, ""))
        by_another = user != account and before == wanted
        if by_another and (name != "status" or wanted in allowed):
            superseded.append(name)
        else:
            left_aside.append(name)
    return Comparison(left_aside=tuple(left_aside), superseded=tuple(superseded))


def chosen(system: str, field: str, value: JsonValue, offered: Iterable[Named]) -> Named:
    """The option of that name, or of that id where no name is given; upper and lower case do not matter."""
    options = list(offered)
    name, identity = part(value, "name"), part(value, "id")
    wanted = value if isinstance(value, str) else name
    for one in options:
        if (wanted is not None and one.name.casefold() == wanted.casefold()) or (wanted is None and str(one.id) == identity):
            return one
    names = ", ".join(repr(one.name) for one in options) or "none"
    raise Refused(f"{system}: field {field!r} has no option {wanted or identity!r} (options: {names}); map it in the incoming rules", field)


def member_like(value: JsonValue, members: Sequence[Member]) -> Member | None:
    """By e-mail address, login, id or name: the first of them that the value has and Redmine shows decides.

    An id alone never decides where the value says more: it may be another platform's.
    """
    asks: tuple[tuple[str, Callable[[Member], str | None]], ...] = (
        ("email", lambda one: one.person.email),
        ("username", lambda one: one.person.login),
        ("key", lambda one: str(one.id)),
        ("displayName", lambda one: one.name),
    )
    for key, has in asks:
        wanted = part(value, key)
        if wanted and any(has(one) for one in members):
            return next((one for one in members if (has(one) or "").casefold() == wanted.casefold()), None)
    return None


def part(value: JsonValue, key: str) -> str | None:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) and found else None


def _attribute(name: str, value: JsonValue, options: Options, marker: str | None) -> JsonValue:
    match name:
        case "status":
            return chosen(options.system, name, value, options.statuses).id
        case "priority":
            return chosen(options.system, name, value, options.priorities).id
        case "type":
            return chosen(options.system, name, value, options.trackers).id
        case "assignee":
            return "" if value is None else _assignee(value, options)
        case "description":
            return sent(value, marker) if isinstance(value, str) else sent("", marker)
        case _:
            return "" if value is None else value


def _assignee(value: JsonValue, options: Options) -> int:
    found = member_like(value, options.members)
    if found is not None:
        return found.id
    said = part(value, "email") or part(value, "username") or part(value, "displayName") or part(value, "key")
    names = ", ".join(repr(one.name) for one in options.members) or "none"
    message = f"{options.system}: field 'assignee': no member of the project is {said!r} (members: {names}); add them to it"
    raise Refused(message, "assignee")


def _latest_changes(issue: IssuePayload) -> dict[str, tuple[int, str]]:
    """Of each attribute in the history, who changed it last and what it was before."""
    latest: dict[str, tuple[int, str]] = {}
    for journal in sorted(issue.journals, key=lambda one: one.id):
        for detail in journal.details:
            if detail.property == "attr":
                latest[detail.name] = (journal.user.id if journal.user else 0, _text(detail.old_value))
    return latest


def _has(issue: IssuePayload, name: str) -> str:
    references = {"status": issue.status, "priority": issue.priority, "type": issue.tracker, "assignee": issue.assigned_to}
    if name in references:
        reference = references[name]
        return str(reference.id) if reference else ""
    texts = {"summary": issue.subject, "description": issue.description, "due": issue.due_date.isoformat() if issue.due_date else ""}
    return _text(texts[name])


def _text(value: JsonValue) -> str:
    return "" if value is None else tidy(str(value))
