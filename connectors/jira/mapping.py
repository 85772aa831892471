"""Jira's payloads to items and back, pure.

Rich text is as the dialect keeps it there, and neutral text here. Versions are the `updated` time in UTC with milliseconds, so that a
read, a search and a webhook, which write it in different time zones, give the same text.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from pydantic import JsonValue

from connectors.jira.dialect import PROPERTY, Dialect
from connectors.jira.payloads import (
    AttachmentPayload,
    CommentPayload,
    IssuePayload,
    LinkPayload,
    LinkTypePayload,
    NamedPayload,
    PartPayload,
    ProjectPayload,
    StatusPayload,
    UserPayload,
)
from connectors.jira.pictures import Files
from connectors.kit import richtext
from connectors.kit.interface import Change
from model.errors import Refused
from model.item import Attachment, Comment, Fields, Item, ItemRef
from model.links import LinkType

JIRA_NAMES = {"type": "issuetype", "due": "duedate", "parentId": "parent", "affectedVersions": "versions", "issueLinks": "issuelinks"}
PARTS = {"fixVersions": "version", "affectedVersions": "version", "components": "component"}
INTERNAL_PROPERTY = "sd.public.comment"
NOISE = frozenset(
    {
        "aggregateprogress", "aggregatetimeestimate", "aggregatetimeoriginalestimate", "aggregatetimespent",
        "issuerestriction", "lastViewed", "progress", "security", "statusCategory", "statuscategorychangedate", "subtasks", "thumbnail",
        "timetracking", "votes", "watches", "worklog", "workratio",
    }
)  # fmt: skip


def version(updated: datetime) -> str:
    return updated.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def named(value: NamedPayload | None) -> Fields | None:
    return {"name": value.name, "id": value.id} if value else None


def status(value: StatusPayload | None) -> Fields | None:
    return {"name": value.name, "id": value.id, "category": value.status_category.key} if value else None


def user(value: UserPayload | None) -> Fields | None:
    if value is None:
        return None
    return {"key": value.identity, "username": value.username, "email": value.email_address, "displayName": value.display_name}


def project(value: ProjectPayload | None) -> Fields | None:
    return {"key": value.key, "name": value.name, "id": value.id} if value else None


def labels(value: tuple[str, ...]) -> list[JsonValue]:
    return [{"label": label} for label in sorted(value)]


def part(value: PartPayload) -> Fields:
    return {"name": value.name, "id": value.id, "description": value.description}


def parts(values: Iterable[PartPayload]) -> list[JsonValue]:
    return [part(one) for one in sorted(values, key=lambda one: one.name)]


def links(value: Iterable[LinkPayload]) -> list[JsonValue]:
    """Each as seen from this issue: `linkName` is what it is to the other one."""
    return [found for one in sorted(value, key=lambda one: one.id) if (found := _link(one))]


def _link(value: LinkPayload) -> Fields | None:
    other = value.outward_issue or value.inward_issue
    if other is None:
        return None
    found = link_type(value.type).link(other.id, outward=value.outward_issue is not None)
    return {"id": value.id, **found, "otherIssueKey": other.key}


def link_type(value: LinkTypePayload) -> LinkType:
    return LinkType(name=value.name, outward=value.outward, inward=value.inward)


def milliseconds(value: datetime | None) -> int | None:
    return round(value.timestamp() * 1000) if value else None


def hub_fields(issue: IssuePayload, dialect: Dialect) -> Fields:
    """The fields that the payload carries, under their hub names; the platform's own under their display names, unless empty."""
    fields = issue.fields
    known: Fields = {
        "summary": fields.summary,
        "description": dialect.text(fields.description),
        "environment": dialect.text(fields.environment),
        "status": status(fields.status),
        "priority": named(fields.priority),
        "type": named(fields.issuetype),
        "resolution": named(fields.resolution),
        "project": project(fields.project),
        "labels": labels(fields.labels),
        "assignee": user(fields.assignee),
        "reporter": user(fields.reporter),
        "creator": user(fields.creator),
        "created": milliseconds(fields.created),
        "updated": milliseconds(fields.updated),
        "due": fields.duedate,
        "parentId": fields.parent.id if fields.parent else None,
        "issueLinks": links(fields.issuelinks),
        "fixVersions": parts(fields.fix_versions),
        "affectedVersions": parts(fields.versions),
        "components": parts(fields.components),
    }
    told = {*fields.model_fields_set, *({"fixVersions"} if "fix_versions" in fields.model_fields_set else ())}
    carried = {name: value for name, value in known.items() if JIRA_NAMES.get(name, name) in told}
    return {**_own_fields(issue, dialect), **carried}


def _own_fields(issue: IssuePayload, dialect: Dialect) -> Fields:
    extra: dict[str, JsonValue] = issue.fields.model_extra or {}
    found = {key: value for key, value in extra.items() if key not in NOISE and value not in (None, [])}
    rich = {key for key, schema in issue.schemas.items() if schema.rich}
    return {issue.names.get(key, key): dialect.text(value) if key in rich else _own_value(value) for key, value in found.items()}


def _own_value(value: JsonValue) -> JsonValue:
    """Rich text as neutral text, an option without its address."""
    if isinstance(value, list):
        return [_own_value(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "doc":
        return richtext.from_adf(value)
    return {name: _own_value(one) if name == "child" else one for name, one in value.items() if name != "self"}


def ref(issue_id: str, key: str, site: str) -> ItemRef:
    return ItemRef(id=issue_id, key=key, url=f"{site.rstrip('/')}/browse/{key}")


def marker(properties: Mapping[str, JsonValue]) -> str | None:
    match properties.get(PROPERTY):
        case {"marker": str(found)}:
            return found
        case _:
            return None


def comment(payload: CommentPayload, dialect: Dialect, known_marker: str | None = None) -> Comment:
    """`known_marker` stands in for the payload's own properties where it came without them."""
    properties = {one.key: one.value for one in payload.properties}
    hidden = properties.get(INTERNAL_PROPERTY) in ({"internal": True}, {"internal": "true"})
    return Comment(
        id=payload.id,
        body=dialect.text(payload.body) or "",
        author=user(payload.author),
        created=payload.created,
        updated=payload.updated,
        internal=hidden or not payload.jsd_public or payload.visibility is not None,
        marker=marker(properties) or known_marker,
    )


def attachment(payload: AttachmentPayload, dialect: Dialect) -> Attachment:
    return Attachment(
        id=payload.id,
        filename=payload.filename,
        mimetype=payload.mime_type,
        size=payload.size,
        author=user(payload.author),
        created=payload.created,
        location=dialect.place(payload),
    )


def files(issue: IssuePayload, site: str) -> Files:
    """What texts may show of the issue, and how they do."""
    names = {one.id: one.filename for one in issue.fields.attachment}
    return Files(site.rstrip("/"), names).shown_in(issue.fields.description, issue.fields.environment)


def item(issue: IssuePayload, comments: tuple[Comment, ...], site: str, dialect: Dialect) -> Item:
    """The whole item; Jira always gives `updated`."""
    updated = issue.fields.updated or datetime.fromtimestamp(0, UTC)
    return Item(
        ref=ref(issue.id, issue.key, site),
        version=version(updated),
        updated=updated,
        fields=hub_fields(issue, dialect),
        comments=comments,
        attachments=tuple(attachment(one, dialect) for one in issue.fields.attachment),
        marker=marker(issue.properties),
    )


def change(issue: IssuePayload) -> Change:
    updated = issue.fields.updated
    return Change(id=issue.id, key=issue.key, version=version(updated) if updated else "", marker=marker(issue.properties))


def sent_text(name: str, value: JsonValue) -> str | None:
    """A text that goes to Jira; Refused if it is not one."""
    if value is None or isinstance(value, str):
        return value
    raise Refused(f"field {name!r} takes text, not {value!r}", name)


def sent_labels(value: JsonValue) -> list[str]:
    """The labels of `[{"label": ...}]` or of plain texts; Refused for anything else."""
    found: set[str] = set()
    for one in value if isinstance(value, list) else []:
        match one:
            case {"label": str(label)} | str(label):
                found.add(label)
            case _:
                raise Refused(f"field 'labels' takes labels, not {one!r}", "labels")
    return sorted(found)


def sent_names(name: str, value: JsonValue) -> list[str]:
    """The names of `[{"name": ...}]` or of plain texts; Refused for anything else."""
    found = [sent_name(name, one) for one in (value if isinstance(value, list) else [] if value is None else [value])]
    return list(dict.fromkeys(one for one in found if one))


def sent_name(name: str, value: JsonValue) -> str | None:
    """The option's name of `{"name": ...}` or of a plain text; None for none."""
    match value:
        case {"name": str(option)} | str(option):
            return option
        case None:
            return None
        case _:
            raise Refused(f"field {name!r} takes an option's name, not {value!r}", name)
