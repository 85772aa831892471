"""Zendesk's payloads to items, comments and attachments. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pydantic import JsonValue

from connectors.kit.interface import Change
from connectors.zendesk.links import links
from connectors.zendesk.payloads import (
    AttachmentPayload,
    CommentPayload,
    FieldPayload,
    FormPayload,
    GroupPayload,
    StatusPayload,
    TicketPayload,
    UserPayload,
)
from connectors.zendesk.pictures import Files
from connectors.zendesk.text import NO_FILES, Mark, marker_of, received
from model.frozen import Frozen
from model.item import Attachment, Comment, Fields, Item, ItemRef
from model.links import LINKS

STATUSES = {"new": "New", "open": "Open", "pending": "Pending", "hold": "On-hold", "solved": "Solved", "closed": "Closed"}
CATEGORIES = {"new": "new", "solved": "done", "closed": "done"}
PRIORITIES = {"low": "Low", "normal": "Normal", "high": "High", "urgent": "Urgent"}
TYPES = {"question": "Question", "incident": "Incident", "problem": "Problem", "task": "Task"}
MERGED: JsonValue = {"label": "closed_by_merge"}
REDACTED = "redacted.txt"
UNREADABLE = ("partialcreditcard",)


class Catalogue(Frozen):
    """What an account offers: fields, statuses, groups and forms."""

    fields: tuple[FieldPayload, ...] = ()
    statuses: tuple[StatusPayload, ...] = ()
    groups: tuple[GroupPayload, ...] = ()
    forms: tuple[FormPayload, ...] = ()

    @property
    def own_fields(self) -> tuple[FieldPayload, ...]:
        """The account's own fields that are in use."""
        return tuple(one for one in self.fields if one.removable and one.active and one.type not in UNREADABLE)


class Around(Frozen):
    """What a ticket's payload does not carry: the account's address and catalogue, and the people it names by id."""

    root: str
    catalogue: Catalogue
    people: Mapping[int, UserPayload]


def to_item(ticket: TicketPayload, comments: Sequence[CommentPayload], marks: Mapping[int, Mark | None], around: Around) -> Item:
    """The first comment is the description; comments that only hold a file of ours are none."""
    first = comments[0] if comments else None
    said = [one for one in comments[1:] if not _holds_file(marks.get(one.id))]
    files = files_of(comments, marks, around.root)
    return Item(
        ref=to_ref(ticket, around.root),
        version=version(ticket),
        updated=ticket.updated_at,
        fields=to_fields(ticket, around) | {"description": description(first, files)},
        comments=tuple(to_comment(one, marks.get(one.id), around.people, files) for one in said),
        attachments=to_attachments(comments, marks, around.people),
        marker=marker_of(ticket.external_id),
    )


def to_ref(ticket: TicketPayload, root: str) -> ItemRef:
    return ItemRef(id=str(ticket.id), key=f"#{ticket.id}", url=f"{root}/agent/tickets/{ticket.id}")


def to_fields(ticket: TicketPayload, around: Around) -> Fields:
    """Without the description, which is a comment."""
    known = around.catalogue
    group = next((one.name for one in known.groups if one.id == ticket.group_id), None)
    form = next((one.name for one in known.forms if one.id == ticket.ticket_form_id), None)
    values = {one.id: one.value for one in ticket.custom_fields}
    own: Fields = {one.title: own_value(one, values.get(one.id)) for one in reversed(known.own_fields)}
    common: Fields = {
        "summary": ticket.subject or "",
        "status": status(ticket.status, ticket.custom_status_id, known.statuses),
        "priority": option(PRIORITIES, ticket.priority),
        "type": option(TYPES, ticket.type),
        "labels": labels(set(ticket.tags) - field_tags(known, values)),
        "assignee": person(ticket.assignee_id, around.people),
        "reporter": person(ticket.requester_id, around.people),
        "creator": person(ticket.submitter_id, around.people),
        "created": milliseconds(ticket.created_at),
        "updated": milliseconds(ticket.updated_at),
        "due": ticket.due_at.astimezone(UTC).date().isoformat() if ticket.due_at else None,
        LINKS: links(ticket),
        "Group": group,
        "Form": form,
    }
    return own | common


def files_of(comments: Sequence[CommentPayload], marks: Mapping[int, Mark | None], root: str) -> Files:
    """Where the ticket's files are; of one name the first."""
    found = to_attachments(comments, marks, {})
    return Files(root, {one.filename: one.location for one in reversed(found)})


def description(first: CommentPayload | None, files: Files) -> JsonValue:
    return (received(first.html_body, first.body, files) or None) if first else None


def to_comment(comment: CommentPayload, mark: Mark | None, people: Mapping[int, UserPayload], files: Files = NO_FILES) -> Comment:
    return Comment(
        id=str(comment.id),
        body=received(comment.html_body, comment.body, files),
        author=person(comment.author_id, people),
        created=comment.created_at,
        updated=comment.created_at,
        internal=not comment.public,
        marker=mark.marker if mark else None,
    )


def to_attachments(
    comments: Sequence[CommentPayload], marks: Mapping[int, Mark | None], people: Mapping[int, UserPayload]
) -> tuple[Attachment, ...]:
    """The files of public comments, and those that we added; other files of internal comments stay as internal as these."""
    found: list[Attachment] = []
    for comment in comments:
        mark = marks.get(comment.id)
        if comment.public or _holds_file(mark):
            found += [to_attachment(one, comment, mark, people) for one in comment.attachments if not is_redacted(one)]
    return tuple(found)


def to_attachment(file: AttachmentPayload, comment: CommentPayload, mark: Mark | None, people: Mapping[int, UserPayload]) -> Attachment:
    return Attachment(
        id=str(file.id),
        filename=file.file_name,
        mimetype=file.content_type or "application/octet-stream",
        size=file.size,
        author=person(comment.author_id, people),
        created=comment.created_at,
        location=file.content_url,
        marker=mark.marker if mark and _holds_file(mark) else None,
    )


def is_redacted(file: AttachmentPayload) -> bool:
    return file.deleted or file.file_name == REDACTED


def change(ticket: TicketPayload) -> Change:
    """A ticket in a list. The export tells of more than `updated_at` does; what tells those apart is behind the slash."""
    moved = ticket.generated_timestamp
    said = version(ticket) if moved is None else f"{version(ticket)}/{moved}"
    return Change(
        id=str(ticket.id),
        key=f"#{ticket.id}",
        version=said,
        marker=marker_of(ticket.external_id),
        deleted=ticket.status == "deleted",
    )


def version(ticket: TicketPayload) -> str:
    return stamp(ticket.updated_at)


def stamp(moment: datetime) -> str:
    """A time as Zendesk writes it, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def person(user_id: int | None, people: Mapping[int, UserPayload]) -> dict[str, JsonValue] | None:
    if user_id is None:
        return None
    return user(people.get(user_id) or UserPayload(id=user_id))


def user(one: UserPayload | None) -> dict[str, JsonValue] | None:
    return None if one is None else {"key": str(one.id), "username": one.email, "email": one.email, "displayName": one.name}


def status(status: str, custom: int | None, statuses: Sequence[StatusPayload]) -> Fields:
    """By the name that agents see. A closed ticket keeps the custom status it had when it was solved."""
    known = next((one for one in statuses if one.id == custom), None) if status != "closed" else None
    name, identity = (known.agent_label, str(known.id)) if known else (STATUSES.get(status, status), status)
    return {"name": name, "id": identity, "category": CATEGORIES.get(known.status_category if known else status, "indeterminate")}


def option(offered: Mapping[str, str], value: str | None) -> JsonValue:
    return {"name": offered.get(value, value), "id": value} if value else None


def labels(tags: set[str]) -> list[JsonValue]:
    return [{"label": tag} for tag in sorted(tags)]


def field_tags(catalogue: Catalogue, values: Mapping[int, JsonValue]) -> set[str]:
    """The tags that are there because a field has the value it has; taking one away would empty the field."""
    found: set[str] = set()
    for field in catalogue.fields:
        match field.type, values.get(field.id):
            case "tagger", str(tag):
                found.add(tag)
            case "multiselect", list(tags):
                found |= {tag for tag in tags if isinstance(tag, str)}
            case "checkbox", True if field.tag:
                found.add(field.tag)
            case _:
                pass
    return found


def own_value(field: FieldPayload, value: JsonValue) -> JsonValue:
    """A custom field's value in hub shape: an option as `{"value", "id"}`, a number as one, nothing as null.

    Audits have texts where tickets have truth values and lists.
    """
    match field.type, value:
        case _, None | "" | []:
            return False if field.type == "checkbox" else None
        case "tagger", str(tag):
            return _choice(field, tag)
        case "multiselect", list(tags):
            return [_choice(field, str(tag)) for tag in tags]
        case "multiselect", str(tags):
            return [_choice(field, tag) for tag in tags.split()]
        case "integer" | "decimal", str(number):
            return _number(number)
        case "checkbox", str(said):
            return said == "true"
        case _:
            return value


def _choice(field: FieldPayload, tag: str) -> Fields:
    known = next((one.name for one in field.custom_field_options if one.value == tag), tag)
    return {"value": known, "id": tag}


def _number(text: str) -> JsonValue:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def _holds_file(mark: Mark | None) -> bool:
    return mark is not None and mark.kind == "file"
