"""What a fake org holds: people, records with their stamps, files, sessions, and a log of writes."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from pydantic import JsonValue

from connectors.kit.fake import READ, Clock, Controls, Record, Webhooks
from connectors.kit.interface import FakeOptions
from connectors.salesforce.fake_schema import CASE, CASE_STATUS, ITEMS, MARKER, STATUSES, TABLES, Column, Object, Table
from connectors.salesforce.fake_schema import table as named_table
from connectors.salesforce.fake_seed import Seed, SeedCase, long_ago

ORG, ORG_NUMBER = "00D000000000062EAA", 6 * 62 + 2
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
DAILY_LIMIT = 15000


@dataclass
class Stored:
    """A record; `values` has times as Salesforce shows them."""

    id: str
    table: Table
    values: Object

    @property
    def deleted(self) -> bool:
        return self.values["IsDeleted"] is True


@dataclass
class Job:
    """A bulk job. `text` is what was sent: rows, or a query; `done` and `failed` are rows of its results."""

    id: str
    kind: str
    table: str
    operation: str
    by: str
    at: str
    line_ending: str
    delimiter: str
    text: str = ""
    external: str = ""
    state: str = "Open"
    content: str = "CSV"
    concurrency: str = "Parallel"
    columns: list[str] = field(default_factory=list[str])
    done: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    failed: list[dict[str, str]] = field(default_factory=list[dict[str, str]])


@dataclass
class Batch:
    """Rows of a job of the first Bulk API, as they were sent, with one result each; a query has its records as results."""

    id: str
    job: str
    at: str
    text: str
    results: list[Object] = field(default_factory=list[Object])
    failed: int = 0
    error: str = ""


@dataclass
class Login:
    """A user; `token` is an access token that always works, `client` the client app that signs in as them."""

    id: str
    name: str
    token: str
    username: str


@dataclass
class World:
    seed: Seed
    options: FakeOptions
    controls: Controls = field(default_factory=Controls)
    clock: Clock = field(default_factory=Clock)
    log: list[Record] = field(default_factory=list[Record])
    records: dict[str, Stored] = field(default_factory=dict[str, Stored])
    contents: dict[str, bytes] = field(default_factory=dict[str, bytes])
    logins: dict[str, Login] = field(default_factory=dict[str, Login])
    sessions: dict[str, str] = field(default_factory=dict[str, str])
    locators: dict[str, tuple[list[Object], int]] = field(default_factory=dict[str, tuple[list[Object], int]])
    jobs: dict[str, Job] = field(default_factory=dict[str, Job])
    batches: dict[str, Batch] = field(default_factory=dict[str, Batch])
    used: int = 0
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    last: dict[str, int] = field(default_factory=dict[str, int])

    def __post_init__(self) -> None:
        self.webhooks = Webhooks(self.controls)

    def count(self, kind: str, start: int = 0) -> int:
        self.last[kind] = self.last.get(kind, start) + 1
        return self.last[kind]

    def new_id(self, table: Table) -> str:
        number, text = self.count(f"id/{table.prefix}"), ""
        for _ in range(12):
            number, digit = divmod(number, 62)
            text = DIGITS[digit] + text
        return checked(table.prefix + text)

    def table(self, name: str) -> Table | None:
        """The object as this org has it, and shows it."""
        found = named_table(name)
        if found is None or (found is TABLES["FeedItem"] and not self.seed.chatter) or not self.may(found, "Read"):
            return None
        return found

    def may(self, table: Table, permission: Literal["Read", "Create", "Edit"]) -> bool:
        return permission in self.seed.permissions.get(table.name, [permission])

    def may_write(self, table: Table, column: Column) -> bool:
        return f"{table.name}.{column.name}" not in self.seed.unwritable

    def column(self, table: Table, name: str) -> Column | None:
        """The field as this org has it."""
        found = table.column(name)
        return found if found in self.columns(table) else None

    def columns(self, table: Table) -> tuple[Column, ...]:
        hidden = {MARKER.name} if table.name in self.seed.without_marker else set[str]()
        hidden |= {"Visibility"} if table.name == "FeedItem" and not self.seed.sites else set[str]()
        hidden |= {one.removeprefix(f"{table.name}.") for one in self.seed.unseen}
        return tuple(one for one in table.columns if one.name not in hidden)

    def get(self, record_id: str) -> Stored | None:
        return self.records.get(checked(record_id) if len(record_id) == 15 else record_id)

    def rows(self, table: Table, *, deleted: bool = False) -> list[Stored]:
        return [one for one in self.records.values() if one.table is table and (deleted or not one.deleted)]

    def insert(self, table: Table, values: Mapping[str, JsonValue], user: str, at: datetime | None = None) -> Stored:
        """A new record with the defaults of its object; the caller has checked the values."""
        now = shown(at or self.clock.now())
        whole: Object = {one.name: False if one.type == "boolean" else None for one in self.columns(table)}
        whole |= {one.name: one.picklist.default for one in self.columns(table) if one.picklist and one.picklist.default}
        if table.column("OwnerId"):
            whole["OwnerId"] = user
        whole |= values
        if table.column("LastName"):
            whole |= _names(whole)
        identity = self.new_id(table)
        whole |= {"Id": identity, "CreatedDate": now, "LastModifiedDate": now, "SystemModstamp": now}
        whole |= {"CreatedById": user, "LastModifiedById": user}
        if table is CASE:
            whole["CaseNumber"] = f"{self.count('case', 1000):08}"
            whole["RecordTypeId"] = whole["RecordTypeId"] or self.record_type("Support").id
            close(whole, now)
        self.records[identity] = stored = Stored(identity, table, whole)
        return stored

    def touch(self, stored: Stored, user: str) -> None:
        now = shown(self.clock.now())
        stored.values |= {"LastModifiedDate": now, "SystemModstamp": now, "LastModifiedById": user}
        if stored.table.column("LastName"):
            stored.values |= _names(stored.values)
        if stored.table is CASE:
            close(stored.values, now)

    def delete(self, stored: Stored) -> None:
        stored.values |= {"IsDeleted": True, "SystemModstamp": shown(self.clock.now())}

    def kept(self) -> Callable[[], None]:
        """Puts records, files and the log back to where they are now."""
        records = {key: (one, dict(one.values)) for key, one in self.records.items()}
        contents, written = dict(self.contents), len(self.log)

        def restore() -> None:
            for one, values in records.values():
                one.values = values
            self.records = {key: one for key, (one, _) in records.items()}
            self.contents = contents
            del self.log[written:]

        return restore

    def record_type(self, name: str) -> Stored:
        return next(one for one in self.rows(TABLES["RecordType"]) if one.values["DeveloperName"] == name)

    def note(self, user: str, action: str, item: str, detail: Object | None = None) -> None:
        login = next((one.name for one in self.logins.values() if one.id == user), user)
        self.log.append(Record(at=datetime.now(UTC).isoformat(), actor=login, action=action, item=item, detail=detail or {}))

    def note_reading(self, user: str, stored: Stored) -> None:
        if stored.table.name in ITEMS:
            self.note(user, READ, stored.id)


def opened(options: FakeOptions) -> World:
    """An org with `options.user` and `options.secret` as Twinline's client app, which runs as a user of the same name."""
    world = World(Seed.model_validate(options.seed or {}), options)
    at, users = long_ago(30), TABLES["User"]
    twin = {"Name": "Twin Agent", "Email": "agent@acme.test", "Username": options.user, "IsActive": True}
    bot = world.insert(users, twin, "", at)
    world.logins[options.user] = Login(bot.id, options.user, options.secret, options.user)
    world.last["id/00D"] = ORG_NUMBER - 1
    own: Object = {"Name": "Acme", "InstanceName": "EU62", "OrganizationType": "Developer Edition"}
    world.insert(TABLES["Organization"], own, bot.id, at)
    for one in world.seed.users:
        values: Object = {"Name": one.full_name, "Email": one.email, "Username": one.email, "IsActive": one.active}
        world.logins[one.name] = Login(world.insert(users, values, bot.id, at).id, one.name, one.token, one.email)
    for name in world.seed.queues:
        world.insert(TABLES["Group"], {"Name": name, "Type": "Queue"}, bot.id, at)
    account = world.insert(TABLES["Account"], {"Name": "Acme"}, bot.id, at)
    for contact in world.seed.contacts:
        world.insert(TABLES["Contact"], {"Name": contact.name, "Email": contact.email}, bot.id, at)
    for number, status in enumerate(STATUSES, 1):
        kind: Object = {"ApiName": status, "MasterLabel": status, "IsClosed": status == "Closed", "IsDefault": number == 1}
        world.insert(CASE_STATUS, {**kind, "SortOrder": number}, bot.id, at)
    for api_name, label in CASE.record_types:
        world.insert(TABLES["RecordType"], {"Name": label, "DeveloperName": api_name, "SobjectType": "Case"}, bot.id, at)
    for case in world.seed.cases:
        _plant(world, case, account.id)
    return world


def _plant(world: World, case: SeedCase, account: str) -> None:
    user, at = world.logins[case.owner].id, long_ago(case.age_days)
    fields: Object = {"Subject": case.subject, "Description": case.description, "Status": case.status, "Priority": case.priority}
    stored = world.insert(CASE, {"AccountId": account, **fields, **case.fields}, user, at)
    for comment in case.comments:
        values: Object = {"ParentId": stored.id, "CommentBody": comment.body, "IsPublished": comment.public}
        world.insert(TABLES["CaseComment"], values, world.logins[comment.author].id, at)


def _names(values: Object) -> Object:
    """A person's whole name from its parts, and the parts where only the whole is known."""
    first, last, name = (str(values.get(one) or "") for one in ("FirstName", "LastName", "Name"))
    if not last:
        first, _, last = name.rpartition(" ")
    return {"FirstName": first or None, "LastName": last, "Name": f"{first} {last}".strip()}


def close(values: Object, now: str) -> None:
    """What follows from a case's status."""
    closed = values["Status"] == "Closed"
    values["ClosedDate"] = (values["ClosedDate"] or now) if closed else None
    values["IsClosed"] = closed


def shown(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def checked(record_id: str) -> str:
    """With the three characters that tell upper from lower case."""
    groups = (record_id[start : start + 5] for start in (0, 5, 10))
    return record_id + "".join(CHECKSUM[sum(1 << place for place, one in enumerate(part) if one.isupper())] for part in groups)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
