"""What a fake instance holds: every table as rows of texts, the bytes of files, and a log of writes."""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic

from pydantic import JsonValue

from connectors.kit.fake import Clock, Controls, Record
from connectors.kit.interface import FakeOptions
from connectors.servicenow import fake_schema as schema
from connectors.servicenow.fake_seed import Seed, SeedRecord, SeedUser

Row = dict[str, str]
JOURNALS = ("comments", "work_notes")
SECRET_TABLES = frozenset(
    {
        "sys_audit_delete",
        "sys_dictionary",
        "sys_choice",
        "sys_db_object",
        "sys_journal_field",
        "sys_user_has_role",
        "dl_u_priority",
    }
)
"""Tables that need the role `admin`, or `reader`, which stands for the read rules that an administrator adds for an integration."""


@dataclass
class Stored:
    """A row, and what it was before, each with the moment until which it was so."""

    table: str
    row: Row
    past: list[tuple[float, Row | None]] = field(default_factory=list[tuple[float, Row | None]])

    def seen(self, lag: float) -> Row | None:
        """As a reader sees it whom changes reach `lag` seconds late; None if it was not there yet."""
        horizon = monotonic() - lag
        return next((row for until, row in self.past if until > horizon), self.row)


@dataclass(frozen=True)
class User:
    sys_id: str
    seed: SeedUser

    @property
    def is_admin(self) -> bool:
        return "admin" in self.seed.roles

    @property
    def name(self) -> str:
        return f"{self.seed.first_name} {self.seed.last_name}"


class World:
    """The whole instance. `changed` is called after each write of a task, as an asynchronous business rule is."""

    def __init__(self, options: FakeOptions) -> None:
        self.options = options
        self.seed = Seed.model_validate(options.seed or {})
        self.controls = Controls()
        self.clock = Clock()
        self.log: list[Record] = []
        self.files: dict[str, bytes] = {}
        self.tokens: dict[str, str] = {}
        self.refreshes: dict[str, str] = {}
        self.calls: list[float] = []
        self.imported: dict[str, dict[str, JsonValue]] = {}
        self.changed: Callable[[str, Row, str], None] = lambda _table, _row, _operation: None
        self._rows: dict[str, Stored] = {}
        self._numbers: dict[str, int] = {}
        ours = SeedUser(
            user_name=options.user,
            first_name="Twin",
            last_name="Agent",
            email="agent@acme.test",
            password=options.secret,
            roles=self.seed.roles,
            time_zone=self.seed.time_zone,
        )
        self.users = {one.user_name: User(named_id("sys_user", one.user_name), one) for one in (ours, *self.seed.users)}
        for row in _metadata(self):
            self.put(*row)
        for one in self.seed.records:
            self._plant(one)

    def rows(self, table: str, lag: float = 0.0) -> Iterator[tuple[str, Row]]:
        """Each row with the table that it belongs to."""
        names = schema.family(table)
        for one in [*self._rows.values()]:
            seen = one.seen(lag) if one.table in names else None
            if seen is not None:
                yield one.table, seen

    def row(self, table: str, sys_id: str) -> tuple[str, Row] | None:
        found = self._rows.get(sys_id)
        return (found.table, found.row) if found is not None and found.table in schema.family(table) else None

    def put(self, table: str, row: Row) -> None:
        """A new row, or a new state of one."""
        known = self._rows.get(row["sys_id"])
        if known is None:
            self._rows[row["sys_id"]] = Stored(table, row, [(monotonic(), None)])
        else:
            known.past.append((monotonic(), known.row))
            known.row = row

    def remove(self, sys_id: str) -> None:
        del self._rows[sys_id]

    def new_row(self, table: str, author: str, at: datetime | None = None) -> Row:
        """With the system columns and a number of its own, all others empty."""
        moment = stamp(at or self.clock.now())
        row: Row = dict.fromkeys(schema.columns_of(table), "")
        row |= {"sys_id": uuid.uuid4().hex, "sys_created_on": moment, "sys_created_by": author, "sys_updated_on": moment}
        row |= {"sys_updated_by": author, "sys_mod_count": "0"}
        known = schema.table_named(table)
        if known.prefix:
            self._numbers[table] = self._numbers.get(table, 0) + 1
            row[known.display] = f"{known.prefix}{self._numbers[table]:07d}"
        if "sys_class_name" in row:
            row["sys_class_name"] = table
        return row

    def journal(self, table: str, sys_id: str, element: str, text: str, author: str, at: datetime | None = None) -> Row:
        entry = self.new_row("sys_journal_field", author, at)
        entry |= {"name": table, "element": element, "element_id": sys_id, "value": text}
        self.put("sys_journal_field", entry)
        return entry

    def notes(self, sys_id: str, lag: float = 0.0) -> list[Row]:
        found = [row for _, row in self.rows("sys_journal_field", lag) if row["element_id"] == sys_id]
        return sorted(found, key=lambda row: row["sys_created_on"])

    def attachments(self, sys_id: str) -> list[Row]:
        return [row for _, row in self.rows("sys_attachment") if row["table_sys_id"] == sys_id]

    def record(self, user: User, action: str, table: str, sys_id: str, detail: dict[str, JsonValue]) -> None:
        at = datetime.now(UTC).isoformat()
        self.log.append(Record(at=at, actor=user.seed.user_name, action=action, item=f"{table}/{sys_id}", detail=detail))

    def referenced(self, table: str, name: str) -> str:
        """The sys_id of the row of that display name, or user name."""
        for own, row in self.rows(table):
            if name in {row[schema.table_named(own).display], row.get("user_name")}:
                return row["sys_id"]
        return ""

    def calls_left(self) -> int:
        """Of this hour, the call at hand not counted; -1 where it is one too many."""
        now = monotonic()
        self.calls = [at for at in self.calls if at > now - 3600]
        if len(self.calls) < self.seed.rate_limit:
            self.calls.append(now)
            return self.seed.rate_limit - len(self.calls)
        return -1

    def _plant(self, one: SeedRecord) -> None:
        at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=one.age_days)
        columns = schema.columns_of(one.table)
        row = self.new_row(one.table, one.author, at)
        for element, value in one.values.items():
            column = columns[element]
            row[element] = self.referenced(column.reference, value) if column.type == "reference" else value
        complete(one.table, row, self.users[one.author])
        self.put(one.table, row)
        for note in one.notes:
            self.journal(one.table, row["sys_id"], JOURNALS[note.internal], note.text, note.author, at)


def complete(table: str, row: Row, author: User) -> None:
    """The defaults of a new task, and what its business rules make of it; the whole name of a user."""
    if table == "sys_user":
        row["name"] = f"{row['first_name']} {row['last_name']}".strip()
    if "task" not in schema.lineage(table):
        return
    first = next(iter(schema.choices_of(table, "state")))
    for element, value in (("state", first), ("impact", "3"), ("urgency", "3"), ("active", "true"), ("priority", "4")):
        row[element] = row[element] or value
    row["opened_by"] = row["opened_by"] or author.sys_id
    row["opened_at"] = row["opened_at"] or row["sys_created_on"]
    compute(table, row)


def compute(table: str, row: Row) -> None:
    """Priority by impact and urgency where data look-up rules say so, and the mirror of the state."""
    if {"incident", "problem"} & set(schema.lineage(table)):
        row["priority"] = schema.PRIORITY.get((row["impact"], row["urgency"]), row["priority"])
    if "incident_state" in row:
        row["incident_state"] = row["state"]


def named_id(table: str, name: str) -> str:
    return hashlib.md5(f"{table}:{name}".encode(), usedforsecurity=False).hexdigest()


def stamp(moment: datetime) -> str:
    """As ServiceNow keeps times: UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _metadata(world: World) -> Iterator[tuple[str, Row]]:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)

    def made(table: str, key: str, **values: str) -> tuple[str, Row]:
        return table, {**world.new_row(table, "system", long_ago), "sys_id": named_id(table, key), **values}

    for user in world.users.values():
        own = user.seed
        names = {"user_name": own.user_name, "name": user.name, "first_name": own.first_name, "last_name": own.last_name}
        active = "true" if own.active else "false"
        yield made("sys_user", own.user_name, **names, email=own.email, active=active, time_zone=own.time_zone)
        yield from (
            made("sys_user_has_role", f"{own.user_name}.{role}", user=user.sys_id, role=named_id("sys_user_role", role), state="active")
            for role in own.roles
        )
    roles = sorted({role for user in world.users.values() for role in user.seed.roles})
    yield from (made("sys_user_role", name, name=name) for name in roles)
    for name in world.seed.groups:
        yield made("sys_user_group", name, name=name, active="true")
    for table in schema.TABLES:
        parent = named_id("sys_db_object", table.parent) if table.parent else ""
        yield made("sys_db_object", table.name, name=table.name, label=table.label, super_class=parent)
        own_columns = [one for one in schema.COLUMNS if one.table == table.name]
        if not table.parent:
            own_columns += [schema.columns_of(table.name)[element] for element, *_ in schema.SYSTEM_COLUMNS]
        for one in own_columns:
            yield made(
                "sys_dictionary",
                f"{table.name}.{one.element}",
                name=table.name,
                element=one.element,
                column_label=one.label,
                internal_type=one.type,
                reference=one.reference,
                max_length=str(one.length),
                choice=str(one.choice),
                read_only="true" if one.read_only else "false",
                mandatory="false",
                display="true" if one.element == table.display else "false",
                active="true",
            )
    for (table_name, element), choices in schema.CHOICES.items():
        for place, (value, label) in enumerate(choices):
            own_id = f"{table_name}.{element}.{value}"
            common = {"name": table_name, "element": element, "value": value, "sequence": str(place), "inactive": "false"}
            yield made("sys_choice", own_id, **common, label=label, language="en")
            yield made("sys_choice", f"{own_id}.fr", **common, label=f"{label} (fr)", language="fr")
    for (impact, urgency), priority in schema.PRIORITY.items():
        yield made("dl_u_priority", f"{impact}{urgency}", impact=impact, urgency=urgency, priority=priority)
