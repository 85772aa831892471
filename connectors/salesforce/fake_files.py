"""Files of the fake org: ContentVersion, its ContentDocument, and the links to records; and attachments, as old integrations make them."""

import base64
import binascii
from pathlib import PurePosixPath

from connectors.salesforce.fake_call import Call, Problem, Reply, not_found
from connectors.salesforce.fake_schema import ATTACHMENT, DOCUMENT, LINK, VERSION, Object, Table
from connectors.salesforce.fake_world import Stored, World


def added(call: Call, whole: Table, values: Object) -> Stored:
    """A new version with its document and links, or a further link of a document."""
    if whole is LINK:
        stored = call.world.insert(LINK, values, call.user)
        call.world.note(call.user, "link", str(values.get("LinkedEntityId")), {"id": stored.id})
        return stored
    return _attachment(call, values) if whole is ATTACHMENT else _version(call, values)


def unlink(world: World, stored: Stored) -> None:
    """The links of a record or document that goes, its attachments, and the versions of a document."""
    for one in world.rows(ATTACHMENT):
        if one.values["ParentId"] == stored.id:
            world.delete(one)
    for link in world.rows(LINK):
        if stored.id in (link.values["ContentDocumentId"], link.values["LinkedEntityId"]):
            world.delete(link)
    for version in world.rows(VERSION):
        if version.values["ContentDocumentId"] == stored.id:
            world.delete(version)


def files_of(world: World, record_id: str) -> list[tuple[Stored, Stored]]:
    """Documents of a record with their latest versions."""
    found: list[tuple[Stored, Stored]] = []
    for link in world.rows(LINK):
        document = world.get(str(link.values["ContentDocumentId"])) if link.values["LinkedEntityId"] == record_id else None
        version = world.get(str(document.values["LatestPublishedVersionId"])) if document else None
        if document and version:
            found.append((document, version))
    return found


async def content(call: Call) -> Reply:
    """`/sobjects/ContentVersion/{id}/VersionData` and `/sobjects/Attachment/{id}/Body`."""
    stored = call.record(call.path[2])
    if (stored.table, call.path[3]) not in ((VERSION, "VersionData"), (ATTACHMENT, "Body")):
        raise not_found()
    return Reply(200, content=call.world.contents[stored.id], headers={"Content-Type": "application/octetstream"})


def _attachment(call: Call, values: Object) -> Stored:
    raw = _bytes(call, values, "Body")
    stored = call.world.insert(ATTACHMENT, {**values, "Body": None, "BodyLength": len(raw)}, call.user)
    call.world.contents[stored.id] = raw
    call.world.note(call.user, "attach", str(values["ParentId"]), {"id": stored.id, "filename": values["Name"], "size": len(raw)})
    return stored


def _version(call: Call, values: Object) -> Stored:
    world = call.world
    path = str(values.get("PathOnClient") or "")
    if not path:
        raise Problem(400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [PathOnClient]", ("PathOnClient",))
    raw = _bytes(call, values, "VersionData")
    ending = PurePosixPath(path).suffix.lstrip(".").lower() or None
    title = str(values.get("Title") or PurePosixPath(path).stem)
    facts: Object = {"Title": title, "Description": values.get("Description"), "FileExtension": ending, "ContentSize": len(raw)}
    document = world.insert(DOCUMENT, facts, call.user)
    own: Object = {name: value for name, value in values.items() if name != "VersionData"}
    version = world.insert(VERSION, {**own, **facts, "ContentDocumentId": document.id, "IsLatest": True}, call.user)
    document.values["LatestPublishedVersionId"] = version.id
    world.contents[version.id] = raw
    place = values.get("FirstPublishLocationId")
    for target in dict.fromkeys([call.user, str(place or call.user)]):
        kind: Object = {"ContentDocumentId": document.id, "LinkedEntityId": target, "ShareType": "I" if target == call.user else "V"}
        world.insert(LINK, kind, call.user)
    world.note(call.user, "attach", str(place or ""), {"id": document.id, "filename": path, "size": len(raw)})
    return version


def _bytes(call: Call, values: Object, name: str) -> bytes:
    if call.file is not None:
        return call.file[1]
    try:
        return base64.b64decode(str(values.get(name) or ""), validate=True)
    except binascii.Error:
        raise Problem(400, "JSON_PARSER_ERROR", "Cannot deserialize instance of base64 from VALUE value") from None
