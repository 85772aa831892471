"""Answers to the questions of the rule language."""

from pydantic import JsonValue

from connectors.salesforce import mapping
from connectors.salesforce.config import Settings
from connectors.salesforce.metadata import Metadata
from connectors.salesforce.payloads import UserRow
from connectors.salesforce.shape import Shape
from model.errors import NotFound, Refused


async def answer(metadata: Metadata, side: Settings, name: str, arguments: tuple[str | None, ...]) -> JsonValue:
    """In hub shape; None for "no such thing"."""
    first, second = (*arguments, None, None)[:2]
    if not first:
        return None
    shape = await metadata.shape(side.object)
    match name:
        case "issue_type":
            return await _option(metadata, shape, side, "type", first)
        case "priority" | "status":
            return await _option(metadata, shape, side, name, first)
        case "option":
            return await _own_option(metadata, shape, side, first, second)
        case "project":
            return await _object(metadata, first)
        case "custom_field":
            return _field(shape, first)
        case "user":
            return _person(await metadata.user(first))
        case "user_by_email":
            return _person(await metadata.user_by_email(first))
        case "user_by_username":
            return _person(await metadata.user_by_username(first))
        case _:
            return None


async def _record_type_id(metadata: Metadata, shape: Shape, side: Settings) -> str:
    return (await metadata.record_type(shape, side.record_type)).record_type_id if side.record_type else ""


async def _option(metadata: Metadata, shape: Shape, side: Settings, role: str, wanted: str) -> JsonValue:
    field = shape.roles.get(role)
    if field is None:
        return None
    options = await metadata.options(shape, field.name, await _record_type_id(metadata, shape, side))
    found = next((one for one in options if wanted.casefold() in {one.name.casefold(), one.value.casefold()}), None)
    if found is None:
        return None
    if role == "status":
        return mapping.status(found.value, field.picklist_values, await metadata.statuses(shape))
    return mapping.named(found.value, options)


async def _own_option(metadata: Metadata, shape: Shape, side: Settings, name: str, wanted: str | None) -> JsonValue:
    """The option `wanted` of the field `name`."""
    try:
        field = shape.own(name)
    except Refused:
        return None
    options = await metadata.options(shape, field.name, await _record_type_id(metadata, shape, side))
    found = next((one for one in options if (wanted or "").casefold() in {one.name.casefold(), one.value.casefold()}), None)
    return {"value": found.value, "id": found.value} if found else None


async def _object(metadata: Metadata, name: str) -> JsonValue:
    try:
        shape = await metadata.shape(name)
    except NotFound:
        return None
    return {"key": shape.name, "name": shape.label, "id": shape.name}


def _field(shape: Shape, name: str) -> JsonValue:
    try:
        field = shape.own(name)
    except Refused:
        return None
    return {"id": field.name, "name": field.label, "key": field.name}


def _person(row: UserRow | None) -> JsonValue:
    return mapping.person(row.id, row) if row else None
