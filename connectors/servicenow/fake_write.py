"""Inserts, updates and deletions: what the instance makes of values, and what its rules compute or refuse."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from connectors.kit.fake import moved
from connectors.servicenow import fake_schema as schema
from connectors.servicenow.fake_call import Call, Problem
from connectors.servicenow.fake_schema import Column
from connectors.servicenow.fake_world import JOURNALS, Row, User, World, complete, compute, stamp

ENDED = {"incident": {"7", "8"}, "problem": {"107"}, "change_request": {"3", "4"}, "task": {"3", "4", "7"}}
SYSTEM = frozenset(element for element, *_ in schema.SYSTEM_COLUMNS)


async def insert(call: Call) -> tuple[str, Row]:
    return call.table, made(call, call.table, await call.body())


async def update(call: Call) -> tuple[str, Row]:
    table, before = call.row()
    return table, changed(call, table, before, await call.body())


def made(call: Call, table: str, wanted: Mapping[str, JsonValue]) -> Row:
    world = call.world
    _allowed(call, table)
    row = world.new_row(table, call.user.seed.user_name)
    given = wanted.get("sys_id")
    if isinstance(given, str) and len(given) == 32 and world.row(table, given) is None:
        row["sys_id"] = given
    notes = _assign(call, table, row, wanted)
    complete(table, row, call.user)
    _settle(table, {}, row, call.user)
    _data_policy(world, table, row, notes)
    world.put(table, row)
    shown: dict[str, JsonValue] = {name: row[name] for name in wanted if name in row and name not in JOURNALS}
    world.record(call.user, "insert", table, row["sys_id"], {"after": shown, "correlation_id": row.get("correlation_id", "")})
    _journal(world, call.user, table, row, notes)
    world.changed(table, row, "insert")
    return row


def changed(call: Call, table: str, before: Row, wanted: Mapping[str, JsonValue]) -> Row:
    """The row's new state; the very same one where nothing is another than before."""
    world, user = call.world, call.user
    _allowed(call, table)
    row = dict(before)
    notes = _assign(call, table, row, wanted)
    if "task" in schema.lineage(table):
        compute(table, row)
    _settle(table, before, row, user)
    if row == before and not notes:
        return before
    _data_policy(world, table, row, notes)
    row["sys_mod_count"] = str(int(row["sys_mod_count"]) + 1)
    row["sys_updated_on"], row["sys_updated_by"] = stamp(world.clock.now()), user.seed.user_name
    world.put(table, row)
    difference = moved(dict(before), {name: value for name, value in row.items() if name not in SYSTEM})
    if difference["after"]:
        world.record(user, "update", table, row["sys_id"], difference)
    _journal(world, user, table, row, notes)
    world.changed(table, row, "update")
    return row


def delete(call: Call) -> None:
    table, row = call.row()
    world, user = call.world, call.user
    _allowed(call, table)
    for file in world.attachments(row["sys_id"]):
        del world.files[file["sys_id"]]
        world.remove(file["sys_id"])
    world.remove(row["sys_id"])
    world.record(user, "delete", table, row["sys_id"], {})
    if "task" in schema.lineage(table):
        proof = world.new_row("sys_audit_delete", user.seed.user_name)
        name = row[schema.table_named(table).display]
        world.put("sys_audit_delete", {**proof, "tablename": table, "documentkey": row["sys_id"], "display_value": name})
    world.changed(table, row, "delete")


def _allowed(call: Call, table: str) -> None:
    if call.user.is_admin or ("itil" in call.user.seed.roles and ("task" in schema.lineage(table) or table.startswith("u_"))):
        return
    raise Problem(403, "Operation Failed", "ACL Exception Insert Failed due to security constraints")


def _assign(call: Call, table: str, row: Row, wanted: Mapping[str, JsonValue]) -> dict[str, str]:
    """Set the values; what does not exist, is read only or may not be written is left aside. The new journal entries are given back."""
    notes: dict[str, str] = {}
    for name, column in schema.columns_of(table).items():
        if name not in wanted or name in SYSTEM or column.read_only or name in call.world.seed.unwritable:
            continue
        value = wanted[name]
        text = _text(value)
        if column.type == "journal_input":
            notes |= {name: text} if text.strip() else {}
            continue
        if call.is_set("sysparm_input_display_value"):
            text = _from_display(call, table, column, text)
        row[name] = _stored(column, text, row[name])[: column.length]
    return notes


def _stored(column: Column, text: str, before: str) -> str:
    match column.type:
        case "boolean":
            return "true" if text.lower() in {"true", "1"} else "false"
        case "integer" | "decimal" if text:
            return text if _is_number(text) else before
        case "glide_date_time" | "glide_date" | "glide_duration" if text:
            return _time(text, before, whole=column.type != "glide_date")
        case _:
            return text


def _time(text: str, before: str, *, whole: bool) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return before
    return moment.strftime("%Y-%m-%d %H:%M:%S" if whole else "%Y-%m-%d")


def _from_display(call: Call, table: str, column: Column, text: str) -> str:
    if column.type == "reference":
        return call.world.referenced(column.reference, text) or text
    if column.type == "glide_date_time" and text:
        moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(call.user.seed.time_zone))
        return stamp(moment.astimezone(UTC))
    labels = schema.choices_of(table, column.element)
    return next((value for value, label in labels.items() if label == text), text)


def _settle(table: str, before: Mapping[str, str], row: Row, user: User) -> None:
    """Times and people of resolving and closing, by the state."""
    state = row.get("state", "")
    if "task" not in schema.lineage(table) or state == before.get("state", ""):
        return
    now = stamp(datetime.now(UTC))
    if table == "incident":
        is_resolved = state in {"6", "7"}
        row["resolved_at"] = (row["resolved_at"] or now) if is_resolved else ""
        row["resolved_by"] = (row["resolved_by"] or user.sys_id) if is_resolved else ""
    has_ended = state in ENDED.get(table, ENDED["task"])
    row["active"] = "false" if has_ended else "true"
    row["closed_at"] = now if has_ended else ""
    row["closed_by"] = user.sys_id if has_ended else ""


def _data_policy(world: World, table: str, row: Row, notes: Mapping[str, str]) -> None:
    """What an incident needs when it is resolved, closed or waits for its caller."""
    if table != "incident" or not world.seed.data_policy:
        return
    columns = schema.columns_of(table)
    needed = ["close_code", "close_notes"] if row["state"] in {"6", "7"} else []
    missing = [columns[name].label for name in needed if not row[name]]
    if row["state"] == "3" and row["hold_reason"] == "1" and "comments" not in notes and not world.notes(row["sys_id"]):
        missing.append(columns["comments"].label)
    if missing:
        detail = f"Data Policy Exception: The following mandatory fields are not filled in: {', '.join(missing)}"
        raise Problem(403, "Operation Failed", detail)


def _journal(world: World, user: User, table: str, row: Row, notes: Mapping[str, str]) -> None:
    for element, text in notes.items():
        entry = world.journal(table, row["sys_id"], element, text, user.seed.user_name)
        detail: dict[str, JsonValue] = {"comment": entry["sys_id"], "element": element, "text": text}
        world.record(user, "comment", table, row["sys_id"], detail)


def _text(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return str(value.get("value") or "")
    return "" if value is None else str(value)


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).removeprefix("-").isdecimal()
