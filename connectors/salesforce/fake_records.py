"""Reading, creating, changing and deleting records in the fake org, with the checks that Salesforce makes."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime

from pydantic import JsonValue

from connectors.kit.fake import moved
from connectors.kit.html import clean
from connectors.salesforce import fake_files
from connectors.salesforce.fake_call import Call, Problem, Reply, not_found
from connectors.salesforce.fake_query import by_external_id, shown_row
from connectors.salesforce.fake_schema import (
    ACCOUNT,
    ATTACHMENT,
    CASE,
    COMMENT,
    POST,
    TABLES,
    Column,
    Object,
    Table,
)
from connectors.salesforce.fake_world import Stored, World, sha256, shown

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ACTIONS = {"CaseComment": "comment", "FeedItem": "comment", "ContentVersion": "attach", "ContentDocumentLink": "link"}


async def read(call: Call) -> Reply:
    stored = call.record(call.path[2])
    modified = datetime.fromisoformat(str(stored.values["LastModifiedDate"]))
    since = call.headers.get("if-modified-since")
    if since and parsedate_to_datetime(since) >= modified:
        return Reply(304)
    tag = _tag(stored)
    if tag and call.headers.get("if-none-match") == tag:
        return Reply(304, headers={"ETag": tag})
    _require_match(call, stored)
    names = [one for one in call.query.get("fields", "").split(",") if one]
    for name in names:
        if call.column(name) is None:
            raise Problem(400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {stored.table.name}")
    if not names:
        call.world.note_reading(call.user, stored)
    told = {"Last-Modified": format_datetime(modified, usegmt=True), **({"ETag": tag} if tag else {})}
    return Reply(200, shown_row(call, stored, names), told)


async def create(call: Call) -> Reply:
    stored = made(call, call.body)
    return Reply(
        201, {"id": stored.id, "success": True, "errors": []}, {"Location": f"{call.base}/sobjects/{stored.table.name}/{stored.id}"}
    )


async def update(call: Call) -> Reply:
    stored = call.record(call.path[2])
    _require_unmodified(call, stored)
    _require_match(call, stored)
    changed(call, stored, call.body)
    return Reply(204)


async def delete(call: Call) -> Reply:
    removed(call, call.record(call.path[2]))
    return Reply(204)


async def read_by(call: Call) -> Reply:
    found = by_external_id(call, call.path[2], call.path[3])
    if found is None:
        raise not_found()
    return Reply(200, shown_row(call, found))


async def upsert(call: Call) -> Reply:
    """https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_upsert.htm."""
    name, value = call.path[2], call.path[3]
    found = by_external_id(call, name, value)
    if name in call.body:
        raise Problem(400, "INVALID_FIELD", f"The {name} field should not be specified in the sobject data.")
    if found is not None:
        changed(call, found, call.body)
        return Reply(200, {"id": found.id, "success": True, "errors": [], "created": False})
    if call.query.get("updateOnly") == "true":
        raise not_found()
    stored = made(call, {**call.body, name: value})
    return Reply(201, {"id": stored.id, "success": True, "errors": [], "created": True})


def made(call: Call, body: Object) -> Stored:
    whole, world = call.table(), call.world
    values = _checked(call, whole, body, None)
    missing = [one.name for one in world.columns(whole) if one.required and values.get(one.name) is None]
    if missing:
        raise Problem(400, "REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(missing)}]", tuple(missing))
    if whole.name in {"ContentVersion", "ContentDocumentLink", "Attachment"}:
        return fake_files.added(call, whole, values)
    if whole is CASE:
        _require_no_duplicate(call, values)
        values |= _assigned(call)
    stored = world.insert(whole, values, call.user)
    world.note(call.user, ACTIONS.get(whole.name, "create"), str(values.get("ParentId") if whole in {COMMENT, POST} else stored.id),
               {"object": whole.name, "id": stored.id, "after": values})  # fmt: skip
    hint(world, stored)
    return stored


def changed(call: Call, stored: Stored, body: Object) -> None:
    world = call.world
    values = _checked(call, stored.table, body, stored)
    if stored.table is CASE:
        values |= _assigned(call)
    before = dict(stored.values)
    stored.values |= values
    world.touch(stored, call.user)
    if stored.table is POST:
        stored.values["LastEditDate"] = stored.values["SystemModstamp"]
    action = "edit_comment" if stored.table in {COMMENT, POST} else "update"
    world.note(call.user, action, str(stored.values.get("ParentId") if stored.table in {COMMENT, POST} else stored.id),
               {"object": stored.table.name, "id": stored.id, **moved(before, values)})  # fmt: skip
    hint(world, stored)


def removed(call: Call, stored: Stored) -> None:
    world = call.world
    for child in [one for one in world.rows(COMMENT) + world.rows(POST) if one.values["ParentId"] == stored.id]:
        world.delete(child)
    fake_files.unlink(world, stored)
    world.delete(stored)
    action = {"CaseComment": "delete_comment", "FeedItem": "delete_comment", "ContentDocument": "delete_attachment",
              "Attachment": "delete_attachment"}  # fmt: skip
    item = str(stored.values.get("ParentId") if stored.table in {COMMENT, POST, ATTACHMENT} else stored.id)
    world.note(call.user, action.get(stored.table.name, "delete"), item, {"object": stored.table.name, "id": stored.id})
    hint(world, stored)


def hint(world: World, stored: Stored) -> None:
    """What a flow of the administrator would call for a case or its comment; Salesforce itself calls nobody."""
    item = stored.values.get("ParentId") if stored.table is COMMENT else stored.id
    if world.options.webhook_url and stored.table in {CASE, COMMENT}:
        body = f'{{"id": "{item}", "at": "{stored.values["SystemModstamp"]}/{len(world.log)}"}}'.encode()
        headers = {"Content-Type": "application/json", "X-Twinline-Token": world.options.webhook_secret}
        world.webhooks.send(world.options.webhook_url, body, headers, retried=False)


def _assigned(call: Call) -> Object:
    """The rule runs unless it is told not to.

    https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_autoassign.htm
    """
    queue = call.world.seed.assignment
    if not queue or call.headers.get("sforce-auto-assign", "").upper() == "FALSE":
        return {}
    return {"OwnerId": next(one.id for one in call.world.rows(TABLES["Group"]) if one.values["Name"] == queue)}


def _require_no_duplicate(call: Call, values: Object) -> None:
    """https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_duplicaterules.htm."""
    allowed = "allowsave=true" in call.headers.get("sforce-duplicate-rule-header", "").lower()
    same = any(one.values["Subject"] == values.get("Subject") for one in call.world.rows(CASE))
    if call.world.seed.duplicates and same and not allowed:
        raise Problem(400, "DUPLICATES_DETECTED", "Use one of these records?", ())


def _require_unmodified(call: Call, stored: Stored) -> None:
    since = call.headers.get("if-unmodified-since")
    if not since:
        return
    try:
        limit = parsedate_to_datetime(since)
    except ValueError:
        raise Problem(400, "INVALID_HEADER", "The If-Unmodified-Since header has no valid date") from None
    if datetime.fromisoformat(str(stored.values["LastModifiedDate"])) > limit:
        raise Problem(412, "PRECONDITION_FAILED", "The record was modified since the date in If-Unmodified-Since")


def _tag(stored: Stored) -> str:
    """Accounts alone have one: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_conditional_requests.htm"""
    if stored.table is not ACCOUNT:
        return ""
    return f'"{sha256(json.dumps(stored.values, sort_keys=True).encode())[:32]}--gzip"'


def _require_match(call: Call, stored: Stored) -> None:
    wanted = call.headers.get("if-match")
    if wanted and _tag(stored) and _tag(stored) not in {one.strip() for one in wanted.split(",")}:
        raise Problem(412, "PRECONDITION_FAILED", "The record has another ETag than those in If-Match")


def _checked(call: Call, whole: Table, body: Object, stored: Stored | None) -> Object:
    """The values as they are stored."""
    values: Object = {}
    for name, value in body.items():
        if name == "attributes":
            continue
        column = call.world.column(whole, name)
        if column is None:
            raise Problem(400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {whole.name}")
        if not column.writable or (stored is not None and not column.updateable):
            message = (
                f"Unable to create/update fields: {column.name}. Please check the security settings of this field and verify that it is "
                "read/write for your profile or permission set."
            )
            raise Problem(400, "INVALID_FIELD_FOR_INSERT_UPDATE", message, (column.name,))
        values[column.name] = _stored(call, column, value)
        if column.external:
            _require_unique(call, whole, column, values[column.name], stored)
    for rule in call.world.seed.rules:
        if rule.object == whole.name and values.get(rule.field) == rule.value:
            raise Problem(400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message, (rule.field,))
    return values


def _require_unique(call: Call, whole: Table, column: Column, value: JsonValue, stored: Stored | None) -> None:
    for one in call.world.rows(whole):
        if value is not None and one is not stored and one.values[column.name] == value:
            message = f"duplicate value found: {column.name} duplicates value on record with id: {one.id[:15]}"
            raise Problem(400, "DUPLICATE_VALUE", message, ())


def _stored(call: Call, column: Column, value: JsonValue) -> JsonValue:
    if column.type == "boolean":
        if not isinstance(value, bool):
            raise _wrong_type(column, value)
        return value
    if value is None or value == "":
        if column.required or column.name in {"OwnerId", "Status"}:
            raise Problem(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST" if column.picklist else "REQUIRED_FIELD_MISSING",
                          f"Required fields are missing: [{column.name}]", (column.name,))  # fmt: skip
        return None
    keep: dict[str, Callable[[], JsonValue]] = {
        "double": lambda: _number(column, value),
        "int": lambda: _number(column, value),
        "date": lambda: _date(column, value),
        "datetime": lambda: _datetime(column, value),
        "reference": lambda: _reference(call, column, value),
        "email": lambda: _email(column, value),
        "picklist": lambda: _picked(column, value, (_text(column, value),)),
        "multipicklist": lambda: _picked(column, value, tuple(_text(column, value).split(";"))),
        "base64": lambda: value,
    }
    return keep.get(column.type, lambda: _text(column, value))()


def _wrong_type(column: Column, value: JsonValue) -> Problem:
    message = f"Cannot deserialize instance of {column.type} from VALUE value {value} or request may be missing a required field"
    return Problem(400, "JSON_PARSER_ERROR", message)


def _text(column: Column, value: JsonValue) -> str:
    if not isinstance(value, str):
        raise _wrong_type(column, value)
    text = (clean(value) if column.html else value).strip()
    size = len(text.encode()) if column.name == "CommentBody" else len(text)
    if size > column.max:
        message = f"{column.label}: data value too large: {text[:80]} (max length={column.max})"
        raise Problem(400, "STRING_TOO_LONG", message, (column.name,))
    return text


def _number(column: Column, value: JsonValue) -> JsonValue:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong_type(column, value)
    return float(value)


def _date(column: Column, value: JsonValue) -> str:
    try:
        return date.fromisoformat(_text(column, value)[:10]).isoformat()
    except ValueError:
        raise _wrong_type(column, value) from None


def _datetime(column: Column, value: JsonValue) -> str:
    try:
        moment = datetime.fromisoformat(_text(column, value))
    except ValueError:
        raise _wrong_type(column, value) from None
    return shown(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _email(column: Column, value: JsonValue) -> str:
    text = _text(column, value)
    if not EMAIL.fullmatch(text):
        raise Problem(400, "INVALID_EMAIL_ADDRESS", f"{column.label}: invalid email address: {text}", (column.name,))
    return text


def _picked(column: Column, value: JsonValue, values: tuple[str, ...]) -> JsonValue:
    if column.picklist and column.picklist.restricted:
        for one in values:
            if one not in column.picklist.values:
                message = f"{column.label}: bad value for restricted picklist field: {one}"
                raise Problem(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, (column.name,))
    return value


def _reference(call: Call, column: Column, value: JsonValue) -> str:
    text = _text(column, value)
    if not re.fullmatch(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?", text):
        raise Problem(400, "MALFORMED_ID", f"{column.label}: id value of incorrect type: {text}", (column.name,))
    found = call.world.get(text)
    if found is None or found.table.name not in column.to or found.deleted:
        raise Problem(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", ())
    return found.id
