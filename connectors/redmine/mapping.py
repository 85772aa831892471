"""Redmine's payloads to items, comments and attachments. Pure."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue

from connectors.redmine.payloads import AttachmentPayload, IssuePayload, JournalPayload, Named, ProjectPayload, StatusPayload
from connectors.redmine.text import marker_of, received
from model.frozen import Frozen
from model.item import Attachment, Comment, Fields, Item, ItemRef
from model.links import LinkType

LINK_TYPES = (
    LinkType(name="relates", outward="relates", inward="relates"),
    LinkType(name="blocks", outward="blocks", inward="blocked"),
    LinkType(name="duplicates", outward="duplicates", inward="duplicated"),
    LinkType(name="precedes", outward="precedes", inward="follows"),
    LinkType(name="copied_to", outward="copied_to", inward="copied_from"),
)
"""As Redmine stores them; the words are those that it takes, too."""
_BY_NAME = {one.name: one for one in LINK_TYPES}


class Person(Frozen):
    """Login and e-mail address of a user, each None where Redmine does not show it to the account."""

    login: str | None = None
    email: str | None = None


class Surroundings(Frozen):
    """What an issue's payload does not carry: the people it names by id, its project's identifier, and which statuses begin or end work."""

    url: str
    project: ProjectPayload
    people: Mapping[int, Person]
    statuses: tuple[StatusPayload, ...]
    first_statuses: frozenset[int]


def to_item(issue: IssuePayload, around: Surroundings) -> Item:
    return Item(
        ref=to_ref(issue, around.url),
        version=version_of(issue),
        updated=issue.updated_on,
        fields=to_fields(issue, around),
        comments=tuple(to_comment(one, around.people) for one in issue.journals if one.notes),
        attachments=tuple(to_attachment(one, around.people) for one in issue.attachments),
        marker=received(issue.description)[1],
    )


def to_ref(issue: IssuePayload, url: str) -> ItemRef:
    return ItemRef(id=str(issue.id), key=f"#{issue.id}", url=f"{url.rstrip('/')}/issues/{issue.id}")


def to_fields(issue: IssuePayload, around: Surroundings) -> Fields:
    author = person(issue.author, around.people)
    fields: Fields = {
        "summary": issue.subject,
        "description": received(issue.description)[0] or None,
        "status": status(issue.status, around),
        "priority": named(issue.priority),
        "type": named(issue.tracker),
        "project": {"key": around.project.identifier, "name": issue.project.name, "id": str(issue.project.id)},
        "assignee": person(issue.assigned_to, around.people),
        "reporter": author,
        "creator": author,
        "created": milliseconds(issue.created_on),
        "updated": milliseconds(issue.updated_on),
        "issueLinks": links(issue),
        "due": issue.due_date.isoformat() if issue.due_date else None,
        "Category": named(issue.category),
        "Target version": named(issue.fixed_version),
        "Parent task": str(issue.parent.id) if issue.parent else None,
        "Start date": issue.start_date.isoformat() if issue.start_date else None,
        "% Done": issue.done_ratio,
        "Estimated time": issue.estimated_hours,
        "Private": issue.is_private,
    }
    own: Fields = {one.name: _plain(one.value) for one in issue.custom_fields}
    return own | fields


def to_comment(journal: JournalPayload, people: Mapping[int, Person]) -> Comment:
    body, marker = received(journal.notes)
    return Comment(
        id=str(journal.id),
        body=body,
        author=person(journal.user, people),
        created=journal.created_on,
        updated=journal.updated_on or journal.created_on,
        internal=journal.private_notes,
        marker=marker,
    )


def to_attachment(payload: AttachmentPayload, people: Mapping[int, Person]) -> Attachment:
    return Attachment(
        id=str(payload.id),
        filename=payload.filename,
        mimetype=payload.content_type or "application/octet-stream",
        size=payload.filesize,
        author=person(payload.author, people),
        created=payload.created_on,
        location=f"/attachments/download/{payload.id}",
        marker=marker_of(payload.description),
    )


def links(issue: IssuePayload) -> list[JsonValue]:
    """Each as seen from this issue."""
    found: list[JsonValue] = []
    for one in sorted(issue.relations, key=lambda each: each.id):
        outward = one.issue_id == issue.id
        kind = _BY_NAME.get(one.relation_type, LinkType(name=one.relation_type, outward=one.relation_type, inward=one.relation_type))
        found.append({"id": str(one.id), **kind.link(str(one.issue_to_id if outward else one.issue_id), outward=outward)})
    return found


def people_of(issue: IssuePayload) -> set[int]:
    """Ids of all users whom the item names."""
    named_ones = [issue.author, issue.assigned_to]
    named_ones += [one.user for one in issue.journals if one.notes]
    named_ones += [one.author for one in issue.attachments]
    return {one.id for one in named_ones if one is not None}


def person(reference: Named | None, people: Mapping[int, Person]) -> dict[str, JsonValue] | None:
    if reference is None:
        return None
    known = people.get(reference.id, Person())
    return {"key": str(reference.id), "username": known.login, "email": known.email, "displayName": reference.name}


def named(reference: Named | None) -> dict[str, JsonValue] | None:
    return {"name": reference.name, "id": str(reference.id)} if reference else None


def status(reference: Named, around: Surroundings) -> dict[str, JsonValue]:
    closed = {one.id for one in around.statuses if one.is_closed}
    category = "done" if reference.id in closed else "new" if reference.id in around.first_statuses else "indeterminate"
    return {"name": reference.name, "id": str(reference.id), "category": category}


def version_of(issue: IssuePayload) -> str:
    """`updated_on` in seconds and a digest of all that was read.

    Redmine moves `updated_on` neither for an edited or removed note nor for a removed attachment, and two edits may share a second.
    """
    said = issue.model_dump_json(exclude={"allowed_statuses"})
    return f"{second(issue.updated_on)}/{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def second(moment: datetime) -> str:
    """As Redmine writes and reads it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _plain(value: JsonValue) -> JsonValue:
    """A custom field without a value comes as an empty text or as null, whichever way it was emptied."""
    return None if value == "" else value
