"""Rows as the Table API shows them, by `sysparm_display_value`, `sysparm_exclude_reference_link` and `sysparm_fields`."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from connectors.kit.fake import writes
from connectors.kit.fake_page import Entry, Note
from connectors.servicenow import fake_schema as schema
from connectors.servicenow.fake_query import walked
from connectors.servicenow.fake_world import JOURNALS, Row, User, World

Json = dict[str, JsonValue]
LABELS = {"comments": "Additional comments", "work_notes": "Work notes"}


@dataclass(frozen=True)
class View:
    """How a caller wants rows shown. `base` is the instance's address."""

    world: World
    user: User
    base: str
    display: str
    links: bool
    fields: tuple[str, ...]

    def is_whole(self, table: str) -> bool:
        """Whether all columns are shown but the journals, which the API shows empty."""
        columns = {name for name, column in schema.columns_of(table).items() if column.type not in {"journal_input", "journal_list"}}
        return columns <= {*self.fields} or not self.fields

    def shown(self, table: str, row: Row) -> Json:
        paths = self.fields or tuple(name for name in schema.columns_of(table) if name in row)
        found: Json = {}
        for path in paths:
            head = path.partition(".")[0]
            if head in schema.columns_of(table) and head in row and (head not in self.world.seed.unseen or self.user.is_admin):
                found[path] = self._value(table, row, path)
        return found

    def _value(self, table: str, row: Row, path: str) -> JsonValue:
        kind, raw = walked(self.world, table, row, path)
        value = "" if kind in {"journal_input", "journal_list"} else raw
        reference = _reference(self.world, table, row, path) if kind == "reference" else ""
        link = f"{self.base}/api/now/table/{reference}/{raw}" if reference and raw else ""
        if self.display == "false":
            return {"link": link, "value": value} if link and self.links else value
        text = display_value(self.world, self.user, table, row, path)
        if self.display == "all":
            both: Json = {"display_value": text, "value": value}
            return both | ({"link": link} if link and self.links else {})
        return {"display_value": text, "link": link} if link and self.links else text


def display_value(world: World, user: User, table: str, row: Row, path: str) -> str:
    """As people see it: names of what is referenced, labels of choices, times in their own zone, a journal with all its entries."""
    kind, value = walked(world, table, row, path)
    element = path.rpartition(".")[2]
    match kind:
        case "reference":
            return named(world, _reference(world, table, row, path), value)
        case "glide_list":
            reference = schema.columns_of(table)[element].reference
            return ", ".join(named(world, reference, one) for one in value.split(",") if one)
        case "glide_date_time" if value:
            moment = datetime.fromisoformat(value).replace(tzinfo=UTC).astimezone(ZoneInfo(user.seed.time_zone))
            return moment.strftime("%Y-%m-%d %H:%M:%S")
        case "journal_input" | "journal_list":
            wanted = JOURNALS if kind == "journal_list" else (element,)
            return "".join(_entry(world, user, one) for one in reversed(world.notes(row["sys_id"])) if one["element"] in wanted)
        case "glide_duration" if value:
            return _duration(value)
        case "sys_class_name":
            return schema.table_named(value).label if value else ""
        case _:
            return schema.choices_of(table, element).get(value, value)


def named(world: World, table: str, sys_id: str) -> str:
    """The display name of what a reference leads to; empty where that is gone."""
    found = world.row(table, sys_id) if table and sys_id else None
    return found[1][schema.table_named(found[0]).display] if found else ""


def attachment(base: str, row: Row) -> Json:
    """As the Attachment API shows it."""
    shown: Json = {**row}
    extra: Json = {
        "download_link": f"{base}/api/now/attachment/{row['sys_id']}/file",
        "compressed": "true",
        "size_compressed": row["size_bytes"],
    }
    return shown | extra | {"image_height": "", "image_width": "", "average_image_color": "", "sys_tags": ""}


def state(world: World) -> JsonValue:
    """All tasks and orders with their journals and files, and the log."""
    items: list[JsonValue] = []
    for table in ("task", "u_order"):
        for own, row in world.rows(table):
            notes: list[JsonValue] = [dict(one) for one in world.notes(row["sys_id"])]
            files: list[JsonValue] = [
                {**one, "sha256": hashlib.sha256(world.files[one["sys_id"]]).hexdigest()} for one in world.attachments(row["sys_id"])
            ]
            items.append({**_journalless(row), "id": f"{own}/{row['sys_id']}", "table": own, "notes": notes, "attachments": files})
    return {"items": items, "log": writes(world.log)}


def entries(world: World) -> list[Entry]:
    """For the page: tasks and orders as their form shows them to Twinline's account."""
    user = world.users[world.options.user]
    return [_entry_of(world, user, own, row) for table in ("task", "u_order") for own, row in world.rows(table)]


def _entry_of(world: World, user: User, table: str, row: Row) -> Entry:
    facts = tuple(
        (column.label, display_value(world, user, table, row, name))
        for name, column in schema.columns_of(table).items()
        if column.type not in {"journal_input", "journal_list", "html", "GUID"} and name not in {"short_description", "description"}
    )
    notes = tuple(
        Note(_author(world, one), display_value(world, user, "sys_journal_field", one, "sys_created_on"), one["value"],
             one["element"] == "work_notes")
        for one in world.notes(row["sys_id"])
    )  # fmt: skip
    title, text = (row.get(name) or row.get(f"u_{name}", "") for name in ("short_description", "description"))
    files = tuple(one["file_name"] for one in world.attachments(row["sys_id"]))
    return Entry(row[schema.table_named(table).display], title, facts, text, notes, files)


def _journalless(row: Mapping[str, str]) -> dict[str, JsonValue]:
    return {name: value for name, value in row.items() if name not in {*JOURNALS, "comments_and_work_notes"}}


def _reference(world: World, table: str, row: Row, path: str) -> str:
    """The table that the last column of a path refers to."""
    head, _, rest = path.partition(".")
    column = schema.columns_of(table)[head]
    if not rest:
        return column.reference
    found = world.row(column.reference, row[head])
    return _reference(world, found[0], found[1], rest) if found else ""


def _entry(world: World, user: User, note: Row) -> str:
    at = display_value(world, user, "sys_journal_field", note, "sys_created_on")
    return f"{at} - {_author(world, note)} ({LABELS[note['element']]})\n{note['value']}\n\n"


def _author(world: World, note: Row) -> str:
    return world.users[note["sys_created_by"]].name if note["sys_created_by"] in world.users else note["sys_created_by"]


def _duration(value: str) -> str:
    seconds = int((datetime.fromisoformat(value) - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    return f"{hours} Hours {minutes} Minutes" if minutes else f"{hours} Hours"
