"""Answers to the questions of the rule language."""

from collections.abc import Sequence

from pydantic import JsonValue

from connectors.servicenow.client import is_sys_id
from connectors.servicenow.mapping import Person
from connectors.servicenow.metadata import Metadata
from connectors.servicenow.tables import HUB, Choice, Column, Table
from model.errors import Misconfigured

_USER_BY = {"user": "user_name", "user_by_email": "email", "user_by_username": "user_name"}


async def answer(metadata: Metadata, table: Table, name: str, arguments: Sequence[str | None]) -> JsonValue:
    """In hub shape; None for "no such thing"."""
    first, second = ((*arguments, None, None)[0] or ""), ((*arguments, None, None)[1] or "")
    if not first:
        return None
    match name:
        case "status" | "priority" | "resolution":
            return _choice(table, name, first)
        case "issue_type" | "project":
            return await _table(metadata, table, name, first)
        case "user" | "user_by_email" | "user_by_username":
            column = "sys_id" if name == "user" and is_sys_id(first) else _USER_BY[name]
            return _user(await metadata.person_by(column, first))
        case "option":
            return _option(table, first, second)
        case "custom_field":
            column = _column(table, first)
            return {"id": column.element, "name": column.label, "type": column.kind} if column else None
        case _:
            return None


def _choice(table: Table, name: str, wanted: str) -> JsonValue:
    column = table.standing_for(name)
    found = table.choice(column.element, wanted) if column else None
    if found is None:
        return None
    category = {"category": table.category(found.value, found.label)} if name == "status" else {}
    return {"name": found.label, "id": found.value, **category}


async def _table(metadata: Metadata, table: Table, name: str, wanted: str) -> JsonValue:
    """The side's own table by name or label, or another by name."""
    if wanted.casefold() not in {table.name, table.label.casefold()}:
        try:
            table = await metadata.table(wanted.lower())
        except Misconfigured:
            return None
    key = {"key": table.name} if name == "project" else {}
    return {**key, "name": table.label, "id": table.name}


def _option(table: Table, field: str, value: str) -> JsonValue:
    column = _column(table, field)
    found: Choice | None = table.choice(column.element, value) if column and value else None
    return {"value": found.label, "id": found.value} if found else None


def _column(table: Table, name: str) -> Column | None:
    return table.standing_for(name) if name in HUB else table.named(name)


def _user(found: Person | None) -> JsonValue:
    if found is None:
        return None
    return {"key": found.sys_id, "username": found.user_name, "email": found.email, "displayName": found.name}
