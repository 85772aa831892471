"""What the fake site takes for a field, and what it says against it."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue

from connectors.jira import fake_text
from connectors.jira.fake_call import Call, Problem
from connectors.jira.fake_history import Told, log_item
from connectors.jira.fake_state import PARTS, Issue, Option, Part, Site

NOT_SETTABLE = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
OF_PROJECT = frozenset({"issuetype", "parent", *PARTS})
NOT_ADF = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"


class Wrong(Exception):
    """The reason against one value."""


def change(call: Call, issue: Issue, fields: Mapping[str, JsonValue]) -> list[JsonValue]:
    """Set the fields on the issue and give the changelog items; all wrong values are told at once, and then nothing is set."""
    wrong: dict[str, str] = {}
    before = _shown(issue)
    values: dict[str, JsonValue] = {}
    for name, value in fields.items():
        try:
            values[name] = accepted(call, issue.project, name, value)
        except Wrong as reason:
            wrong[name] = str(reason)
    if wrong:
        raise Problem(400, errors=wrong)
    for name, value in values.items():
        _set(issue, name, value)
    after = _shown(issue)
    return [_log_item(call.site, name, before.get(name), after.get(name)) for name in after if before.get(name) != after.get(name)]


def accepted(call: Call, project: str, name: str, value: JsonValue) -> JsonValue:
    """The value as it is stored; Wrong for one that Jira would refuse."""
    site = call.site
    match name:
        case "summary":
            return _summary(value)
        case "description" | "environment":
            return _document(call, value)
        case "priority":
            return None if value is None else _choice(value, site.priorities, "Priority {} '{}' is not valid").name
        case "labels":
            return _labels(value)
        case "assignee" | "reporter":
            return _person(call, name, value)
        case "duedate":
            return _day(value)
        case _ if name in PARTS:
            return _parts(site.parts.get((project, PARTS[name]), []), PARTS[name].title(), value)
        case _ if name in OF_PROJECT:
            return _of_project(call, project, name, value)
        case _ if name in site.fields:
            return _own(call, name, value)
        case _:
            raise Wrong(NOT_SETTABLE.format(name))


def _of_project(call: Call, project: str, name: str, value: JsonValue) -> JsonValue:
    site = call.site
    if name == "parent":
        return _parent(call, project, value)
    if name == "issuetype":
        return _choice(value, {one: site.types[one] for one in site.projects[project].types}, "Specify a valid issue type").name
    return _parts(site.parts.get((project, PARTS[name]), []), PARTS[name].title(), value)


def _summary(value: JsonValue) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Wrong("You must specify a summary of the issue.")
    if "\n" in value or "\r" in value:
        raise Wrong("The summary is invalid because it contains newline characters.")
    if len(value.strip()) > 255:
        raise Wrong("Summary can't exceed 255 characters.")
    return value.strip()


def _document(call: Call, value: JsonValue) -> JsonValue:
    if value is None:
        return None
    if call.view.version == "2":
        if not isinstance(value, str):
            raise Wrong("Operation value must be a string")
        text: JsonValue = value if call.site.server else fake_text.document(value)
        return text if value.strip() else None
    if not fake_text.is_document(value):
        raise Wrong(NOT_ADF)
    return value if isinstance(value, dict) and value.get("content") else None


def _choice(value: JsonValue, options: Mapping[str, Option], message: str) -> Option:
    match value:
        case {"id": str() | int() as wanted}:
            found, told = next((one for one in options.values() if one.id == str(wanted)), None), ("id", str(wanted))
        case {"name": str(wanted)}:
            found, told = next((one for one in options.values() if one.name.casefold() == wanted.casefold()), None), ("name", wanted)
        case _:
            raise Wrong("data was not an object" if "{}" in message else message)
    if found is None:
        raise Wrong(message.format(*told))
    return found


def _parts(known: list[Part], kind: str, value: JsonValue) -> JsonValue:
    if not isinstance(value, list):
        raise Wrong("data was not an array")
    chosen = (_choice(one, {part.id: part for part in known}, kind + " {} '{}' is not valid").id for one in value)
    return list[JsonValue](dict.fromkeys(chosen))


def _labels(value: JsonValue) -> JsonValue:
    if not isinstance(value, list):
        raise Wrong("Operation value must be an array of strings")
    labels: set[str] = set()
    for label in value:
        if not isinstance(label, str):
            raise Wrong("string expected at index 0")
        if any(sign.isspace() for sign in label):
            raise Wrong(f"The label '{label}' contains spaces which is invalid.")
        labels.add(label)
    return list[JsonValue](sorted(labels))


def _person(call: Call, name: str, value: JsonValue) -> JsonValue:
    if call.site.server:
        return _named_person(call, name, value)
    match value:
        case None | {"accountId": None | "-1"}:
            return None
        case {"accountId": str(wanted)} | {"id": str(wanted)} if wanted in call.site.users:
            return wanted
        case {"accountId": str(wanted)} | {"id": str(wanted)}:
            told = "cannot be assigned issues." if name == "assignee" else "is not a valid reporter."
            raise Wrong(f"User '{wanted}' {told}")
        case _:
            raise Wrong("expected Object with property accountId")


def _named_person(call: Call, name: str, value: JsonValue) -> JsonValue:
    match value:
        case None | {"name": None | "" | "-1"}:
            return None
        case {"name": str(wanted)} if user := call.site.user_called(wanted):
            return user.account_id
        case {"name": str(wanted)} if name == "assignee":
            raise Wrong(f"User '{wanted}' does not exist.")
        case {"name": str()}:
            raise Wrong("The reporter specified is not a user.")
        case _:
            raise Wrong("data was not an object")


def _parent(call: Call, project: str, value: JsonValue) -> JsonValue:
    match value:
        case None:
            return None
        case {"id": str(wanted)} | {"key": str(wanted)}:
            found = call.site.issue(wanted)
            if found is not None and found.project == project:
                return found.id
            raise Wrong("Could not find issue by id or key.")
        case _:
            raise Wrong("data was not an object")


def _day(value: JsonValue) -> JsonValue:
    if value is None or value == "":
        return None
    try:
        datetime.strptime(str(value), "%Y-%m-%d")  # noqa: DTZ007
    except ValueError:
        raise Wrong(f"Error parsing date string: {value}") from None
    return value


def _own(call: Call, name: str, value: JsonValue) -> JsonValue:
    options = call.site.fields[name].options
    if not options:
        if value is not None and not isinstance(value, str):
            raise Wrong("Operation value must be a string")
        return value
    match value:
        case None:
            return None
        case {"value": str(wanted)} if wanted in {one.name for one in options}:
            return wanted
        case {"id": str(wanted)} if wanted in {one.id for one in options}:
            return next(one.name for one in options if one.id == wanted)
        case _:
            raise Wrong("Specify a valid value for " + call.site.fields[name].name)


def _set(issue: Issue, name: str, value: JsonValue) -> None:
    if name.startswith("customfield_"):
        issue.own[name] = value
    elif name in PARTS:
        issue.parts[name] = [str(one) for one in value] if isinstance(value, list) else []
    elif name == "labels":
        issue.labels = [str(one) for one in value] if isinstance(value, list) else []
    else:
        setattr(issue, "type" if name == "issuetype" else name, value)


def _shown(issue: Issue) -> dict[str, str | None]:
    rich = {"description": issue.description, "environment": issue.environment}
    return {
        "summary": issue.summary,
        "priority": issue.priority,
        "issuetype": issue.type,
        "labels": " ".join(issue.labels),
        "assignee": issue.assignee,
        "reporter": issue.reporter,
        "duedate": issue.duedate,
        "parent": issue.parent,
        **{name: " ".join(ids) for name, ids in issue.parts.items()},
        **{name: repr(value) if value is not None else None for name, value in rich.items()},
        **{name: str(value) for name, value in issue.own.items() if value is not None},
    }


def _log_item(site: Site, name: str, before: str | None, after: str | None) -> JsonValue:
    kind = "custom" if name.startswith("customfield_") else "jira"
    return log_item(name, _told(site, name, before), _told(site, name, after), kind=kind)


def _told(site: Site, name: str, value: str | None) -> Told:
    """Only people and what is chosen from a list have ids."""
    match name:
        case "assignee" | "reporter" if value is not None:
            return value, site.users[value].display_name
        case "priority" | "issuetype" if value is not None:
            return (site.priorities if name == "priority" else site.types)[value].id, value
        case _:
            return None, value
