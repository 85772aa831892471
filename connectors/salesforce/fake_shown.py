"""What the fake org tells of itself: its state for tests, its page for people, and what an account reads about itself."""

from pydantic import JsonValue

from connectors.kit.fake import writes
from connectors.kit.fake_page import Entry, Note
from connectors.salesforce import fake_files
from connectors.salesforce.fake_schema import ATTACHMENT, COMMENT, ITEMS, POST, TABLES, Object
from connectors.salesforce.fake_world import ORG, Login, Stored, World, sha256


def state(world: World) -> JsonValue:
    """`items` with comments and files, and the log of writes."""
    items: list[JsonValue] = [_item(world, one) for table in ITEMS for one in world.rows(TABLES[table])]
    return {"items": items, "log": writes(world.log)}


def entries(world: World) -> list[Entry]:
    """For the page, in labels and names."""
    return [_entry(world, one) for table in ITEMS for one in world.rows(TABLES[table])]


def identity(world: World, login: Login, base: str) -> Object:
    """https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_openid.htm"""
    values = world.records[login.id].values
    urls: Object = {
        "rest": f"{base}/services/data/v{{version}}/",
        "sobjects": f"{base}/services/data/v{{version}}/sobjects/",
        "query": f"{base}/services/data/v{{version}}/query/",
        "profile": f"{base}/{login.id}",
    }
    whole = {"name": values["Name"], "display_name": values["Name"], "nick_name": login.name, "username": login.username}
    ids = {"user_id": login.id, "organization_id": ORG, "sub": f"{base}/id/{ORG}/{login.id}", "id": f"{base}/id/{ORG}/{login.id}"}
    place = {"language": "en_US", "locale": "en_US", "utcOffset": 0, "zoneinfo": "GMT", "user_type": "STANDARD"}
    about = {"preferred_username": login.username, "email": values["Email"], "email_verified": True, "active": values["IsActive"]}
    return {**ids, **whole, **about, **place, "asserted_user": True, "urls": urls}


def _item(world: World, stored: Stored) -> Object:
    comments: list[JsonValue] = [{**one.values, "public": _is_public(one)} for one in _comments(world, stored)]
    attachments: list[JsonValue] = [
        {**document.values, "filename": version.values["PathOnClient"], "sha256": sha256(world.contents[version.id])}
        for document, version in fake_files.files_of(world, stored.id)
    ]
    attachments += [
        {**one.values, "filename": one.values["Name"], "sha256": sha256(world.contents[one.id])}
        for one in world.rows(ATTACHMENT)
        if one.values["ParentId"] == stored.id
    ]
    return {"id": stored.id, "object": stored.table.name, **stored.values, "comments": comments, "attachments": attachments}


def _entry(world: World, stored: Stored) -> Entry:
    values = stored.values
    title = str(values.get("Subject") or values.get("Name") or "")
    text = str(values.get("Description") or values.get("Description__c") or "")
    hidden = {"Subject", "Name", "Description", "Description__c", "Id", "IsDeleted"}
    facts = tuple(
        (one.label, _named(world, values.get(one.name))) for one in world.columns(stored.table) if one.name not in hidden and not one.html
    )
    notes = tuple(
        Note(
            author=_named(world, one.values["CreatedById"]),
            at=str(one.values["CreatedDate"]),
            text=str(one.values.get("CommentBody") or one.values.get("Body") or ""),
            internal=not _is_public(one),
        )
        for one in _comments(world, stored)
    )
    files = tuple(str(version.values["PathOnClient"]) for _, version in fake_files.files_of(world, stored.id))
    return Entry(str(values.get("CaseNumber") or stored.id), title, facts, text, notes, files)


def _comments(world: World, stored: Stored) -> list[Stored]:
    return [one for one in world.rows(COMMENT) + world.rows(POST) if one.values["ParentId"] == stored.id]


def _is_public(one: Stored) -> bool:
    return one.values["IsPublished"] is True if one.table is COMMENT else one.values.get("Visibility") == "AllUsers"


def _named(world: World, value: JsonValue) -> str:
    """A reference by the name of what it leads to; nothing for what is empty."""
    related = world.get(value) if isinstance(value, str) else None
    if related is not None:
        return str(related.values.get("Name") or related.values.get("CaseNumber") or related.id)
    return "" if value is None else str(value)
