"""Values that a fake Zendesk takes for a ticket's properties, and the events that it tells of them. Faults are gathered by property."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from pydantic import JsonValue

from connectors.zendesk.fake_seed import SeedUser
from connectors.zendesk.fake_state import Object, Ticket, TicketField, User, World

STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
PRIORITIES = ("low", "normal", "high", "urgent")
TYPES = ("problem", "incident", "question", "task")
EVENTS = {
    "subject": "subject_changed",
    "status": "status_changed",
    "custom_status_id": "custom_status_changed",
    "priority": "priority_changed",
    "type": "type_changed",
    "assignee_id": "agent_assignment_changed",
    "group_id": "group_assignment_changed",
    "requester_id": "requester_changed",
    "due_at": "task_due_at_changed",
    "external_id": "external_id_changed",
    "ticket_form_id": "form_changed",
    "tags": "tags_changed",
}

Faults = dict[str, list[str]]


def set_options(draft: Ticket, wanted: Object, faults: Faults) -> None:
    for name, offered in (("priority", PRIORITIES), ("type", TYPES)):
        if name not in wanted:
            continue
        value = wanted[name]
        if value is not None and value not in offered:
            faults.setdefault(name, []).append(f"{name.capitalize()}: {value} is not included in the list")
        setattr(draft, name, value)


def set_people(world: World, draft: Ticket, wanted: Object, faults: Faults) -> None:
    if "requester" in wanted or "requester_id" in wanted:
        found = _requester(world, wanted)
        if found is None:
            faults.setdefault("requester", []).append("Requester: is required")
        else:
            draft.requester = found.id
    submitter = wanted.get("submitter_id")
    if isinstance(submitter, int) and submitter in world.users:
        draft.submitter = submitter
    if "assignee_id" not in wanted and "assignee_email" not in wanted:
        return
    email, number = wanted.get("assignee_email"), wanted.get("assignee_id")
    user = world.user_by_email(str(email)) if email else world.users.get(number) if isinstance(number, int) else None
    if (email or number) and (user is None or user.role == "end-user"):
        faults.setdefault("assignee", []).append("Assignee: is invalid")
        return
    draft.assignee = user.id if user else None
    if user is not None and "group_id" not in wanted:
        draft.group = user.group


def _requester(world: World, wanted: Object) -> User | None:
    """By id, or by e-mail address: somebody unknown becomes an end user."""
    number, person = wanted.get("requester_id"), wanted.get("requester")
    if isinstance(person, dict) and isinstance(email := person.get("email"), str):
        known = world.user_by_email(email)
        name = str(person.get("name") or email)
        return known or world.add_user(SeedUser(name=name, email=email, role="end-user"), world.clock.now())
    return world.users.get(number) if isinstance(number, int) else None


def set_status(world: World, before: Ticket, draft: Ticket, wanted: Object, faults: Faults, *, new: bool) -> None:
    """A custom status stands for its category; an assigned ticket is not new; nothing is ever new again."""
    custom = next((one for one in world.statuses if one.id == wanted.get("custom_status_id")), None)
    given = custom.seed.category if custom and world.seed.custom_statuses else wanted.get("status")
    status = draft.status if given is None else str(given)
    if status not in STATUSES or (status == "hold" and not world.seed.hold):
        faults.setdefault("status", []).append(f"Status: {status} is not included in the list")
        return
    if status == "new" and before.status != "new" and not new:
        if world.seed.new_again == "refused":
            faults.setdefault("status", []).append("Status: cannot be changed back to new")
        return
    if status == "new" and draft.assignee is not None:
        status = "open"
    if status == "solved" and world.seed.solve_needs_assignee and draft.assignee is None:
        faults.setdefault("assignee", []).append("Assignee: is required when solving a ticket")
    if custom is not None and custom.seed.category == status and world.seed.custom_statuses:
        draft.custom_status = custom.id
    elif status not in {before.status, "closed"} or "status" in wanted:
        draft.custom_status = world.default_status(status) if status != "closed" else draft.custom_status
    draft.status = status


def set_places(world: World, draft: Ticket, wanted: Object, faults: Faults) -> None:
    places = {"group_id": ("group", world.groups), "ticket_form_id": ("form", world.forms)}
    for name, (attribute, known) in places.items():
        if name not in wanted:
            continue
        value = wanted[name]
        if value is not None and value not in known:
            faults.setdefault(attribute, []).append(f"{attribute.capitalize()}: is invalid")
        setattr(draft, attribute, value)


def set_fields(world: World, draft: Ticket, wanted: Object, faults: Faults) -> None:
    """Custom fields and tags, which some fields keep their values in: taking the tag away empties the field, adding it fills it."""
    given = wanted.get("custom_fields", wanted.get("fields"))
    written: set[int] = set()
    for one in given if isinstance(given, list) else []:
        known = next((field for field in world.own_fields() if isinstance(one, dict) and field.id == one.get("id")), None)
        if known is None or not isinstance(one, dict):
            continue
        value = _field_value(known, one.get("value"), faults)
        draft.tags = [tag for tag in draft.tags if tag not in _tags(known, draft.custom.get(known.id))]
        draft.custom[known.id] = value
        draft.tags += _tags(known, value)
        written.add(known.id)
    if isinstance(tags := wanted.get("tags"), list | str):
        texts = tags.split() if isinstance(tags, str) else ["_".join(str(tag).split()) for tag in tags]
        draft.tags = [one.lower() for one in texts]
        for field in world.own_fields():
            if field.id in written:
                draft.tags += _tags(field, draft.custom.get(field.id))
            else:
                _follow(field, draft)
    draft.tags = sorted(set(draft.tags))


def _follow(field: TicketField, draft: Ticket) -> None:
    offered = [one.value for one in field.seed.options if one.value in draft.tags]
    match field.type:
        case "tagger":
            draft.custom[field.id] = offered[0] if offered else None
        case "multiselect":
            draft.custom[field.id] = list[JsonValue](offered)
        case "checkbox" if field.seed.tag:
            draft.custom[field.id] = field.seed.tag in draft.tags
        case _:
            pass


def _tags(field: TicketField, value: JsonValue) -> list[str]:
    match field.type, value:
        case "tagger", str(tag):
            return [tag]
        case "multiselect", list(tags):
            return [str(tag) for tag in tags]
        case "checkbox", True if field.seed.tag:
            return [field.seed.tag]
        case _:
            return []


def _field_value(field: TicketField, value: JsonValue, faults: Faults) -> JsonValue:
    if value is None or value == "":
        return None
    offered = {one.value for one in field.seed.options}
    fine = True
    match field.type:
        case "tagger":
            fine = value in offered
        case "multiselect":
            fine = isinstance(value, list) and all(one in offered for one in value)
        case "integer" | "decimal":
            fine = re.fullmatch(r"-?\d+(\.\d+)?" if field.type == "decimal" else r"-?\d+", str(value)) is not None
        case "date":
            fine = _is_date(str(value))
        case "regexp":
            fine = re.search(field.seed.regexp or "", str(value)) is not None
        case "checkbox":
            return value in {True, "true", "1"}
        case _:
            return str(value)
    if not fine:
        faults.setdefault("base", []).append(f"{field.title}: is invalid")
    return value if isinstance(value, list) else str(value)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def moment(value: JsonValue, faults: Faults) -> str | None:
    """A time as Zendesk keeps one; a day alone is midnight."""
    if value is None:
        return None
    try:
        return datetime.fromisoformat(str(value)).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        faults.setdefault("due_at", []).append("Due at: is not a valid date")
        return None


def told(changes: Sequence[Object]) -> list[tuple[str, Object]]:
    """The webhook events of an audit's changes."""
    events: list[tuple[str, Object]] = []
    for one in changes:
        name = str(one["field_name"])
        event = EVENTS.get(name)
        if event:
            events.append((event, {"current": one["value"], "previous": one.get("previous_value")}))
        else:
            events.append(("custom_field_changed", {"field": {"id": name}, "current": one["value"], "previous": one.get("previous_value")}))
    return events
