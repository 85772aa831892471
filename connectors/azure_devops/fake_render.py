"""What the fake organization shows of its items, people and comments."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from urllib.parse import quote

from pydantic import JsonValue

from connectors.azure_devops.fake_links import INVERSE, links
from connectors.azure_devops.fake_process import FIELDS, RELATIONS
from connectors.azure_devops.fake_state import Comment, Object, Organization, Relation, Revision, User, WorkItem
from connectors.kit.fake import writes

FOREVER = "9999-01-01T00:00:00Z"
ALWAYS = ("System.Id", "System.Rev")


def when(at: datetime) -> str:
    """Without the zeros at the end of the fraction, as the vendor writes it."""
    text = at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3].rstrip("0").rstrip(".")
    return f"{text}Z"


def person(user: User, base: str) -> Object:
    digest = hashlib.sha256(user.id.encode()).hexdigest()[:32]
    return {
        "displayName": user.display_name,
        "url": f"{base}/_apis/Identities/{user.id}",
        "_links": {"avatar": {"href": f"{base}/_apis/GraphProfile/MemberAvatars/aad.{digest}"}},
        "id": user.id,
        "uniqueName": user.email,
        "imageUrl": f"{base}/_apis/GraphProfile/MemberAvatars/aad.{digest}",
        "descriptor": f"aad.{digest}",
    }


class View:
    """What is shown at an address; `combined` people are `Name <mail>`, as in service hooks and reports."""

    def __init__(self, organization: Organization, base: str) -> None:
        self.organization = organization
        self.base = base

    def project_base(self, item: WorkItem) -> str:
        found = self.organization.project(item.project)
        return f"{self.base}/{found.id}" if found else self.base

    def item_url(self, item: WorkItem) -> str:
        return f"{self.project_base(item)}/_apis/wit/workItems/{item.id}"

    def fields(self, item: WorkItem, revision: Revision, *, combined: bool = False) -> Object:
        first = item.revisions[0]
        links = [one.rel for one in revision.relations]
        computed: Object = {
            "System.Id": item.id,
            "System.Rev": revision.rev,
            "System.CreatedDate": revision.fields.get("System.CreatedDate", when(first.at)),
            "System.CreatedBy": revision.fields.get("System.CreatedBy", first.by.name),
            "System.ChangedDate": when(revision.at),
            "System.ChangedBy": revision.by.name,
            "System.CommentCount": sum(not one.deleted and one.created <= revision.at for one in item.comments),
            "System.Watermark": revision.watermark,
        }
        if count := links.count("Hyperlink"):
            computed["System.HyperLinkCount"] = count
        if parent := next((one.target for one in revision.relations if one.rel.endswith("Hierarchy-Reverse")), None):
            computed["System.Parent"] = int(parent)
        if revision.deleted:
            computed["System.IsDeleted"] = True
        shown = {**revision.fields, **computed}
        return {name: self._value(name, value, combined=combined) for name, value in shown.items()}

    def _value(self, name: str, value: JsonValue, *, combined: bool) -> JsonValue:
        if not FIELDS[name].identity:
            return value
        user = self.organization.user_named(str(value))
        if user is None:
            return value
        return user.combined if combined else person(user, self.base)

    def relations(self, item: WorkItem, revision: Revision) -> list[JsonValue]:
        """The item's own, and behind them those that were made at their other end."""
        lost = {one for one in revision.relations if one.rel in INVERSE and self.organization.item(int(one.target)) is None}
        own: list[JsonValue] = [self.relation(one) for one in revision.relations if one not in lost]
        known = {(one.rel, one.target) for one in revision.relations}
        for one in links(self.organization):
            if one.source == item.id and (one.rel, str(one.target)) not in known:
                url = f"{self.base}/_apis/wit/workItems/{one.target}"
                own.append({"rel": one.rel, "url": url, "attributes": {"isLocked": False, "name": RELATIONS[one.rel][0]}})
        return own

    def relation(self, one: Relation) -> Object:
        if one.rel == "AttachedFile":
            file = self.organization.files[one.target]
            attributes: Object = {
                "authorizedDate": when(one.at),
                "id": one.id,
                "resourceCreatedDate": when(one.at),
                "resourceModifiedDate": when(one.at),
                "revisedDate": FOREVER,
                "resourceSize": len(file.content),
                "name": file.name,
            }
            shown: Object = {"rel": one.rel, "url": f"{self.base}/_apis/wit/attachments/{one.target}", "attributes": attributes}
        elif one.target:
            attributes = {"isLocked": False, "name": RELATIONS[one.rel][0]}
            shown = {"rel": one.rel, "url": f"{self.base}/_apis/wit/workItems/{one.target}", "attributes": attributes}
        else:
            attributes = {"authorizedDate": when(one.at), "id": one.id, "resourceCreatedDate": when(one.at), "revisedDate": FOREVER}
            shown = {"rel": one.rel, "url": one.url, "attributes": attributes}
        if one.comment:
            attributes["comment"] = one.comment
        return shown

    def item(self, item: WorkItem, revision: Revision, expand: str = "none", fields: Collection[str] = ()) -> Object:
        """A work item as the API answers; `fields` picks some."""
        shown = self.fields(item, revision)
        if fields:
            wanted = {name.casefold() for name in fields}
            shown = {name: value for name, value in shown.items() if name.casefold() in wanted}
        else:
            shown = {name: value for name, value in shown.items() if name not in ALWAYS}
        whole: Object = {"id": item.id, "rev": revision.rev, "fields": shown}
        if expand in {"all", "relations"} and (links := self.relations(item, revision)):
            whole["relations"] = links
        formats: Object = {name: item.formats.get(name, "html") for name in shown if FIELDS[name].type == "html"}
        if formats and not fields:
            whole["multilineFieldsFormat"] = formats
        if revision.comment is not None:
            whole["commentVersionRef"] = self.comment_ref(item, revision)
        if expand in {"all", "links"}:
            whole["_links"] = self.links(item)
        return {**whole, "url": self.item_url(item)}

    def comment_ref(self, item: WorkItem, revision: Revision) -> Object:
        about = revision.comment
        if about is None:
            return {}
        url = f"{self.item_url(item)}/comments/{about.id}/versions/{about.version}"
        return {"commentId": about.id, "version": about.version, "url": url, **({"isDeleted": True} if about.deleted else {})}

    def links(self, item: WorkItem) -> Object:
        url = self.item_url(item)
        kind = f"{self.project_base(item)}/_apis/wit/workItemTypes/{quote(item.type)}"
        targets = {
            "self": url,
            "workItemUpdates": f"{url}/updates",
            "workItemRevisions": f"{url}/revisions",
            "workItemComments": f"{url}/comments",
            "html": f"{self.base}/{quote(item.project)}/_workitems/edit/{item.id}",
            "workItemType": kind,
            "fields": f"{self.project_base(item)}/_apis/wit/fields",
        }
        return {name: {"href": target} for name, target in targets.items()}

    def comment(self, item: WorkItem, one: Comment) -> Object:
        shown: Object = {
            "workItemId": item.id,
            "id": one.id,
            "version": one.version,
            "text": one.text,
            "format": one.format,
            "createdBy": person(one.author, self.base),
            "createdDate": when(one.created),
            "modifiedBy": person(one.editor, self.base),
            "modifiedDate": when(one.modified),
            "mentions": [],
            "url": f"{self.item_url(item)}/comments/{one.id}",
        }
        return {**shown, "isDeleted": True} if one.deleted else shown

    def deleted(self, item: WorkItem) -> Object:
        """As the recycle bin tells, whose dates are texts without a zone."""
        at = item.now.at
        return {
            "id": item.id,
            "type": item.type,
            "name": item.now.fields["System.Title"],
            "project": item.project,
            "deletedDate": at.strftime("%-m/%-d/%Y %-I:%M:%S %p"),
            "deletedBy": item.now.by.combined,
            "code": 200,
            "url": f"{self.project_base(item)}/_apis/wit/recycleBin/{item.id}",
            "resource": self.item(item, item.now),
        }

    def update(self, item: WorkItem, number: int) -> Object:
        """A step of the history: what this revision has that the one before had not."""
        now = item.revisions[number]
        before = item.revisions[number - 1] if number else None
        new, old = self.fields(item, now), self.fields(item, before) if before else {}
        changed: Object = {}
        for name in [*new, *(name for name in old if name not in new)]:
            if new.get(name) != old.get(name):
                values = {"oldValue": old.get(name), "newValue": new.get(name)}
                changed[name] = {key: value for key, value in values.items() if value is not None}
        later = item.revisions[number + 1] if number + 1 < len(item.revisions) else None
        shown: Object = {
            "id": number + 1,
            "workItemId": item.id,
            "rev": now.rev,
            "revisedBy": {**person(now.by, self.base), "name": now.by.combined},
            "revisedDate": when(later.at) if later else FOREVER,
            "fields": changed,
            "url": f"{self.item_url(item)}/updates/{number + 1}",
        }
        added = [self.relation(one) for one in now.relations if before is None or one not in before.relations]
        removed = [self.relation(one) for one in (before.relations if before else ()) if one not in now.relations]
        links: Object = {
            **({"added": list[JsonValue](added)} if added else {}),
            **({"removed": list[JsonValue](removed)} if removed else {}),
        }
        return {**shown, "relations": links} if links else shown


def state(organization: Organization) -> JsonValue:
    """All that the organization holds, tokens and secrets apart."""
    view = View(organization, "")
    users: list[JsonValue] = [
        {"name": one.name, "id": one.id, "displayName": one.display_name, "email": one.email} for one in organization.users
    ]
    hooks: list[JsonValue] = [
        {"id": one.id, "eventType": one.event, "url": one.consumer.get("url"), "status": one.status}
        for one in organization.subscriptions.values()
    ]
    return {
        "users": users,
        "projects": [{"id": one.id, "name": one.name, "process": one.process} for one in organization.projects],
        "items": [_item(view, one) for one in organization.items.values()],
        "webhooks": hooks,
        "log": writes(organization.log),
    }


def _item(view: View, item: WorkItem) -> Object:
    files = [view.organization.files[one.target] for one in item.now.relations if one.rel == "AttachedFile"]
    attachments: list[JsonValue] = [
        {"id": one.id, "filename": one.name, "size": len(one.content), "sha256": hashlib.sha256(one.content).hexdigest()} for one in files
    ]
    comments: list[JsonValue] = [
        {"id": one.id, "author": one.author.name, "text": one.text, "version": one.version} for one in item.comments if not one.deleted
    ]
    return {
        "id": item.id,
        "rev": item.now.rev,
        "project": item.project,
        "deleted": item.deleted,
        "marker": item.marker,
        "fields": item.now.fields,
        "comments": comments,
        "attachments": attachments,
    }
