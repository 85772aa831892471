"""Work items to items, pure.

The version of an item without comments is its `rev`. Where there are any, `/` follows and how often one was edited or deleted, as that need
not raise the rev. `rev_of` gives the rev back, which a write is guarded by.
"""

import mimetypes
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from pydantic import JsonValue, ValidationError

from connectors.azure_devops.payloads import (
    CommentPayload,
    FieldPayload,
    IdentityPayload,
    IdentityRef,
    RelationPayload,
    StatePayload,
    TypePayload,
    WorkItemPayload,
)
from connectors.azure_devops.pictures import Files
from connectors.azure_devops.text import NO_FILES, labelled, marker_of, received
from connectors.kit.interface import Change
from model.item import Attachment, Comment, Fields, Item, ItemRef

TITLE, DESCRIPTION, REPRO_STEPS = "System.Title", "System.Description", "Microsoft.VSTS.TCM.ReproSteps"
STATE, TYPE, PROJECT, TAGS = "System.State", "System.WorkItemType", "System.TeamProject", "System.Tags"
PRIORITY, DUE = "Microsoft.VSTS.Common.Priority", "Microsoft.VSTS.Scheduling.DueDate"
ASSIGNED_TO, CREATED_BY, CREATED, CHANGED = "System.AssignedTo", "System.CreatedBy", "System.CreatedDate", "System.ChangedDate"
AREA, ITERATION = "System.AreaPath", "System.IterationPath"
LINK, FILE, HYPERLINK = "System.LinkTypes.", "AttachedFile", "Hyperlink"
PARENT = f"{LINK}Hierarchy-Reverse"

CATEGORIES = {"Proposed": "new", "InProgress": "indeterminate", "Resolved": "indeterminate", "Completed": "done", "Removed": "done"}
KNOWN = frozenset(
    {TITLE, STATE, TYPE, PROJECT, TAGS, PRIORITY, DUE, ASSIGNED_TO, CREATED_BY, CREATED, CHANGED, AREA, ITERATION}
)  # fmt: skip
NOISE = frozenset(
    {
        "System.Id", "System.Rev", "System.AreaId", "System.IterationId", "System.NodeName", "System.AuthorizedDate", "System.AuthorizedAs",
        "System.RevisedDate", "System.PersonId", "System.Watermark", "System.CommentCount", "System.History", "System.BoardColumn",
        "System.BoardColumnDone", "System.BoardLane", "System.ExternalLinkCount", "System.HyperLinkCount", "System.AttachedFileCount",
        "System.RelatedLinkCount", "System.RemoteLinkCount", "System.Parent", "System.IsDeleted", "System.ChangedBy",
        "Microsoft.VSTS.Common.StackRank", "Microsoft.VSTS.Common.BacklogPriority",
    }
)  # fmt: skip
PLAIN = {TITLE: "summary", PROJECT: "project", TYPE: "type", AREA: "areaPath", ITERATION: "iterationPath"}
HALF_A_DAY = timedelta(hours=12)

_LAST_NUMBER = re.compile(r"/(\d+)/?$")
_ATTACHMENT = re.compile(r"/attachments/([0-9A-Fa-f-]+)")


@dataclass(frozen=True)
class Kind:
    """What has to be known of a work item's type: its states, where its description is, and the fields by reference name."""

    states: tuple[StatePayload, ...] = ()
    description: str = DESCRIPTION
    fields: Mapping[str, FieldPayload] | None = None

    def field(self, reference: str) -> FieldPayload:
        found = (self.fields or {}).get(reference)
        return found or FieldPayload(name=reference, reference_name=reference)


def kind_of(found: TypePayload | None, fields: Mapping[str, FieldPayload]) -> Kind:
    """A bug is described by its repro steps, where the type has them."""
    if found is None:
        return Kind(fields=fields)
    repro = any(one.reference_name == REPRO_STEPS for one in found.fields)
    return Kind(found.states, REPRO_STEPS if repro else DESCRIPTION, fields)


def version(item: WorkItemPayload, comments: Iterable[CommentPayload] = ()) -> str:
    """With all comments, deleted ones too; without them that of an item whose comments nobody edited."""
    return str(item.rev) if item.has_no_comments else f"{item.rev}/{sum(one.version - 1 for one in comments)}"


def rev_of(version_text: str) -> int | None:
    """None for a version that is not ours."""
    rev = version_text.partition("/")[0]
    return int(rev) if rev.isdigit() else None


def key(item_id: int) -> str:
    return f"#{item_id}"


def ref(item: WorkItemPayload, address: str) -> ItemRef:
    url = f"{address}/{quote(item.text(PROJECT), safe='')}/_workitems/edit/{item.id}"
    return ItemRef(id=str(item.id), key=key(item.id), url=url)


def person(value: IdentityRef | None) -> Fields | None:
    """Microsoft's sign-in addresses are e-mail addresses; a server's are not."""
    if value is None or not (value.id or value.unique_name or value.display_name):
        return None
    email = value.unique_name if "@" in value.unique_name else None
    return {"key": value.id, "username": value.unique_name, "email": email, "displayName": value.display_name}


def identity(value: IdentityPayload | None) -> Fields | None:
    if value is None:
        return None
    found = person(value.ref) or {}
    mail = value.text("Mail")
    return {**found, "email": mail or found.get("email")}


def person_in(value: JsonValue) -> Fields | None:
    """The person of an identity field, which is an object, or `Name <address>` where the API is an old one."""
    if isinstance(value, str):
        name, _, rest = value.partition(" <")
        return person(IdentityRef(display_name=name, unique_name=rest.removesuffix(">")))
    try:
        return person(IdentityRef.model_validate(value))
    except ValidationError:
        return None


def named(name: str, identity_text: str = "") -> Fields:
    return {"name": name, "id": identity_text or name}


def state(value: str, states: Iterable[StatePayload]) -> Fields:
    category = next((one.category for one in states if one.name.casefold() == value.casefold()), "")
    return {"name": value, "id": value, "category": CATEGORIES.get(category, "indeterminate")}


def tags(value: str) -> list[str]:
    return sorted(one.strip() for one in value.split(";") if one.strip())


def moment(value: JsonValue) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def milliseconds(value: datetime | None) -> int | None:
    return round(value.timestamp() * 1000) if value else None


def day(value: JsonValue) -> str | None:
    """The day that a person chose: midnight of it in their own time zone is kept."""
    at = moment(value)
    return (at.astimezone(UTC) + HALF_A_DAY).date().isoformat() if at else None


def hub_field(reference: str, value: JsonValue, kind: Kind, files: Files = NO_FILES, *, markdown: bool = False) -> tuple[str, JsonValue]:
    """A field's hub name and its value in hub shape."""
    text = value if isinstance(value, str) else ""
    match reference:
        case "System.State":
            return "status", state(text, kind.states) if text else None
        case "System.Tags":
            return "labels", [{"label": one} for one in tags(text)]
        case "Microsoft.VSTS.Common.Priority":
            return "priority", None if value is None else named(str(value))
        case "Microsoft.VSTS.Scheduling.DueDate":
            return "due", day(value)
        case "System.AssignedTo" | "System.CreatedBy":
            return "assignee" if reference == ASSIGNED_TO else "reporter", person_in(value) if value else None
        case "System.CreatedDate" | "System.ChangedDate":
            return "created" if reference == CREATED else "updated", milliseconds(moment(value))
        case _ if reference in PLAIN:
            return _plain(reference, text)
        case _ if reference == kind.description:
            return "description", received(text, files, markdown=markdown)[0] or None
        case _:
            return _own(kind.field(reference), value, files, markdown=markdown)


def _plain(reference: str, text: str) -> tuple[str, JsonValue]:
    name = PLAIN[reference]
    match name:
        case "summary":
            return name, text
        case "project":
            return name, {"key": text, "name": text, "id": text}
        case "type":
            return name, named(text) if text else None
        case _:
            return name, text or None


def _own(field: FieldPayload, value: JsonValue, files: Files, *, markdown: bool) -> tuple[str, JsonValue]:
    match field.type:
        case "html" if isinstance(value, str):
            return field.name, received(value, files, markdown=markdown)[0]
        case _ if field.is_identity or field.type == "identity":
            return field.name, person_in(value) if value else None
        case _:
            return field.name, value


def is_text(item: WorkItemPayload, kind: Kind) -> bool:
    """Whether a field is rich text, which is HTML or Markdown."""
    return any(kind.field(name).type == "html" for name in item.fields)


def hub_fields(item: WorkItemPayload, kind: Kind, files: Files = NO_FILES) -> Fields:
    """All fields under their hub names; the platform's own under their display names, unless they are empty."""
    wanted = [*KNOWN, kind.description]
    others = [name for name in item.fields if name not in {*wanted, *NOISE} and not name.startswith(("WEF_", "System.AreaLevel"))]
    shown = [name for name in others if not name.startswith("System.IterationLevel")]
    given = {name: item.fields.get(name) for name in [*shown, *wanted]}
    found = dict(hub_field(name, value, kind, files, markdown=item.is_markdown(name)) for name, value in given.items())
    return {**found, "creator": found.get("reporter"), "parentId": parent_of(item), "issueLinks": links(item)}


def parent_of(item: WorkItemPayload) -> str | None:
    found = next((_LAST_NUMBER.search(one.url) for one in item.relations if one.rel == PARENT), None)
    return found[1] if found else None


def links(item: WorkItemPayload) -> list[JsonValue]:
    """Those to other work items, less the one to the parent; `linkName` is what the other item is to this one, such as `Child`."""
    return [found for one in sorted(item.relations, key=lambda each: (each.rel, each.url)) if (found := link(one))]


def link(relation: RelationPayload) -> Fields | None:
    """None for what leads to no other work item, or to the parent."""
    number = _LAST_NUMBER.search(relation.url)
    if number is None or not relation.rel.startswith(LINK) or relation.rel == PARENT:
        return None
    name = relation.rel.removesuffix("-Forward").removesuffix("-Reverse")
    outward = not relation.rel.endswith("-Reverse")
    return {"linkName": relation.attributes.name, "linkTypeName": name, "isOutward": outward, "otherIssueId": number[1]}


def marker(item: WorkItemPayload) -> str | None:
    """The first of its links that is ours: who copies an item copies its links."""
    return next((found for one in item.relations if one.rel == HYPERLINK and (found := marker_of(one.url))), None)


def comment(payload: CommentPayload, files: Files = NO_FILES) -> Comment:
    body, own = received(payload.text, files, markdown=is_markdown(payload))
    return Comment(
        id=str(payload.id),
        body=body,
        author=person(payload.created_by),
        created=payload.created_date,
        updated=payload.modified_date,
        marker=own,
    )


def is_markdown(payload: CommentPayload) -> bool:
    return payload.format.casefold() == "markdown"


def attachment_id(url: str) -> str:
    found = _ATTACHMENT.search(url)
    return found[1].lower() if found else ""


def attachment(relation: RelationPayload) -> Attachment:
    """The link of a file tells neither its type, which its name does, nor who added it."""
    told = relation.attributes
    return Attachment(
        id=attachment_id(relation.url),
        filename=told.name,
        mimetype=mimetypes.guess_type(told.name)[0] or "application/octet-stream",
        size=told.resource_size,
        created=told.resource_created_date,
        location=attachment_id(relation.url),
        marker=labelled(told.comment),
    )


def attachments(item: WorkItemPayload) -> tuple[Attachment, ...]:
    return tuple(attachment(one) for one in item.relations if one.rel == FILE and attachment_id(one.url))


def files_of(item: WorkItemPayload, address: str, comments: Iterable[CommentPayload] = ()) -> Files:
    """The files that the item links, and those that its texts show."""
    linked = Files(address, {one.id: one.filename for one in attachments(item)})
    texts = [(value, item.is_markdown(name)) for name, value in item.fields.items() if isinstance(value, str)]
    texts += [(one.text, is_markdown(one)) for one in comments if not one.is_deleted]
    return Files(address, {**linked.names, **dict(found for text, plain in texts for found in linked.pasted(text, markdown=plain))})


def pasted(files: Files, linked: Iterable[Attachment]) -> Iterable[Attachment]:
    """The files that only texts show, of which nothing but the name is known."""
    known = {one.id for one in linked}
    for identity, name in files.names.items():
        if identity not in known:
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            yield Attachment(id=identity, filename=name, mimetype=kind, location=identity)


def to_item(item: WorkItemPayload, comments: tuple[CommentPayload, ...], kind: Kind, address: str) -> Item:
    files, linked = files_of(item, address, comments), attachments(item)
    return Item(
        ref=ref(item, address),
        version=version(item, comments),
        updated=moment(item.fields.get(CHANGED)) or datetime.fromtimestamp(0, UTC),
        fields=hub_fields(item, kind, files),
        comments=tuple(comment(one, files) for one in comments if not one.is_deleted),
        attachments=(*linked, *pasted(files, linked)),
        marker=marker(item),
    )


def change(item: WorkItemPayload) -> Change:
    return Change(id=str(item.id), key=key(item.id), version=version(item), marker=marker(item))
