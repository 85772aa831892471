"""The filters and orders of a fake Redmine's issue list; a filter that Redmine does not know is left aside, as there."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta

from connectors.redmine.fake_world import CLOSED, Issue, User, World

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:?\d{2}(:?\d{2})?(Z|\d{2}:?\d{2})?)?")
_TITLES = {"updated_on": "Updated", "created_on": "Created", "closed_on": "Closed", "start_date": "Start date", "due_date": "Due date"}
_LISTS: Mapping[str, Callable[[Issue], int | None]] = {
    "status_id": lambda one: one.status,
    "tracker_id": lambda one: one.tracker,
    "priority_id": lambda one: one.priority,
    "author_id": lambda one: one.author,
    "assigned_to_id": lambda one: one.assigned_to,
    "issue_id": lambda one: one.id,
    "done_ratio": lambda one: one.done_ratio,
}
_DATES: Mapping[str, Callable[[Issue], datetime | None]] = {
    "updated_on": lambda one: one.updated,
    "created_on": lambda one: one.created,
    "closed_on": lambda one: one.closed,
    "start_date": lambda one: _day(one.start_date),
    "due_date": lambda one: _day(one.due_date),
}
_SORTS: Mapping[str, Callable[[Issue], tuple[int, float]]] = {
    "id": lambda one: (0, one.id),
    "updated_on": lambda one: (0, one.updated.timestamp()),
    "created_on": lambda one: (0, one.created.timestamp()),
    "status": lambda one: (0, one.status),
    "priority": lambda one: (0, one.priority),
    "tracker": lambda one: (0, one.tracker),
    "due_date": lambda one: (1, day.timestamp()) if (day := _day(one.due_date)) else (0, 0.0),
}


class Invalid(Exception):
    """Redmine's words for a filter value that it does not take."""


def matching(world: World, parameters: Mapping[str, str], viewer: User | None) -> list[Issue]:
    """In the asked order; without a status filter only open ones, by id descending, as Redmine's default query has it."""
    filters = {"status_id": "o", **parameters}
    if filters["status_id"] in {"open", "closed"}:
        filters["status_id"] = filters["status_id"][0]
    found = [one for one in world.issues.values() if all(_passes(world, one, name, value, viewer) for name, value in filters.items())]
    found.sort(key=lambda one: -one.id)
    for key in reversed([part for part in parameters.get("sort", "").split(",") if part]):
        name, _, direction = key.partition(":")
        if name in _SORTS:
            found.sort(key=_SORTS[name], reverse=direction == "desc")
    return found


def _passes(world: World, one: Issue, name: str, value: str, viewer: User | None) -> bool:
    if name in _LISTS:
        return _list(name, _LISTS[name](one), value, viewer)
    if name in _DATES:
        return _dates(name, _DATES[name](one), value)
    if name == "project_id":
        project = world.project(value)
        return project is not None and one.project == project.id
    custom = re.fullmatch(r"cf_(\d+)", name)
    if custom and int(custom[1]) in world.custom_fields:
        return _texts(name, [str(one.custom.get(int(custom[1])) or "")], value, exact=True)
    texts = _text_values(world, one, name)
    return True if texts is None else _texts(name, texts, value, exact=False)


def _text_values(world: World, one: Issue, name: str) -> list[str] | None:
    match name:
        case "subject":
            return [one.subject]
        case "description":
            return [one.description]
        case "notes":
            return [entry.notes for entry in one.journals if entry.notes]
        case "attachment":
            return [file.filename for file in world.attached(one)]
        case "attachment_description":
            return [file.description for file in world.attached(one)]
        case _:
            return None


def _list(name: str, has: int | None, value: str, viewer: User | None) -> bool:
    match value:
        case "*":
            return name == "status_id" or has is not None
        case "!*":
            return has is None
        case "o" | "c" if name == "status_id":
            return (has in CLOSED) == (value == "c")
        case _:
            negated = value.startswith("!")
            if value.startswith((">=", "<=")):
                return has is not None and (has >= int(value[2:]) if value[0] == ">" else has <= int(value[2:]))
            wanted = value.removeprefix("!").removeprefix("=").replace(",", "|").split("|")
            own = {str(has), "me"} if viewer and has == viewer.id else {str(has)}
            return own.isdisjoint(wanted) if negated else not own.isdisjoint(wanted)


def _dates(name: str, has: datetime | None, value: str) -> bool:
    if value in {"*", "!*"}:
        return (has is None) == (value == "!*")
    operator = next((known for known in ("><", ">=", "<=", "=") if value.startswith(known)), "")
    bounds = value.removeprefix(operator).split("|")
    if any(_DATE.fullmatch(bound) is None for bound in bounds):
        raise Invalid(f"{_TITLES[name]} is invalid")
    if has is None:
        return False
    match operator:
        case ">=":
            return has >= _moment(bounds[0])
        case "<=":
            return has <= _end(bounds[0])
        case _:
            return _moment(bounds[0]) <= has <= _end(bounds[-1])


def _texts(name: str, texts: list[str], value: str, *, exact: bool) -> bool:
    operator = next((known for known in ("!~", "~", "^", "$") if value.startswith(known)), "=" if exact else "~")
    wanted = value.removeprefix(operator).casefold()
    if value in {"*", "!*"}:
        return any(texts) == (value == "*")
    if not wanted:
        raise Invalid(f"{name.capitalize()} cannot be blank")
    lowered = [text.casefold() for text in texts]
    match operator:
        case "!~":
            return all(wanted not in text for text in lowered)
        case "^":
            return any(text.startswith(wanted) for text in lowered)
        case "$":
            return any(text.endswith(wanted) for text in lowered)
        case "=":
            return any(text in wanted.split("|") for text in lowered)
        case _:
            return any(all(word in text for word in wanted.split()) for text in lowered)


def _moment(text: str) -> datetime:
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _end(text: str) -> datetime:
    """A day without a time counts to its end."""
    return _moment(text) + (timedelta(0) if "T" in text else timedelta(days=1, microseconds=-1))


def _day(text: str | None) -> datetime | None:
    return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC) if text else None
