"""What an org offers: its objects, their fields and options, users and queues. Kept for a few minutes."""

import re
from typing import TypeVar

from pydantic import ValidationError

from connectors.kit.fresh import Fresh
from connectors.salesforce import soql
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.payloads import DescribePayload, PicklistValue, RecordTypePayload, Row, StatusRow, UserRow
from connectors.salesforce.shape import Shape
from model.errors import Misconfigured, NotFound, Refused

STATUS_TABLES = {"Case": "CaseStatus", "Task": "TaskStatus"}
QUEUE_PREFIX = "00G"
USER_PREFIX = "005"
CONTACT_PREFIX = "003"

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")

Value = TypeVar("Value")


class Metadata:
    """The choices of one org, under the names that people use."""

    def __init__(self, client: SalesforceClient) -> None:
        self._client = client
        self._prefixes = Fresh[dict[str, str]]()
        self._shapes = Fresh[Shape]()
        self._described: dict[str, tuple[DescribePayload, str]] = {}
        self._posts = Fresh[Shape | None]()
        self._closed = Fresh[tuple[StatusRow, ...]]()
        self._picklists = Fresh[dict[str, tuple[PicklistValue, ...]]]()
        self._people = Fresh[UserRow | None]()

    async def shape(self, sobject: str) -> Shape:
        """The object's fields, asked for again only where they changed."""
        return await self._shapes.get(sobject.casefold(), lambda: self._shape(sobject))

    async def posts(self) -> Shape | None:
        """Of FeedItem; None in an org without Chatter."""
        return await self._posts.get("", self._ask_posts)

    async def shape_of(self, record_id: str) -> Shape:
        """The object that a record is one of, by the first three characters of its id; NotFound if there is no such object."""
        prefixes = await self._prefixes.get("", self._ask_prefixes)
        if not soql.is_id(record_id) or record_id[:3] not in prefixes:
            raise NotFound(f"{self._client.name}: {record_id!r} is the id of no record")
        return await self.shape(prefixes[record_id[:3]])

    async def record_type(self, shape: Shape, name: str) -> RecordTypePayload:
        """The record type of that API name; Misconfigured with those there are."""
        offered = [one for one in shape.record_types if not one.master]
        for one in offered:
            if one.developer_name.casefold() == name.casefold():
                return one
        names = ", ".join(repr(one.developer_name) for one in offered) or "none"
        raise Misconfigured(f"{self._client.name}: {shape.name} has no record type {name!r} (record types: {names})")

    async def options(self, shape: Shape, field: str, record_type_id: str = "") -> tuple[PicklistValue, ...]:
        """The values that a picklist offers, those of a record type where given."""
        declared = tuple(one for one in shape.field(field).picklist_values if one.active)
        if not record_type_id:
            return declared
        left = await self._picklists.get(f"{shape.name}/{record_type_id}", lambda: self._left(shape, record_type_id))
        return left.get(field, declared)

    async def statuses(self, shape: Shape) -> tuple[StatusRow, ...]:
        """Which statuses close a record and which one begins it; empty where Salesforce has no table of it."""
        table = STATUS_TABLES.get(shape.name)
        return await self._closed.get(table, lambda: self._ask_statuses(table)) if table else ()

    async def id_by_key(self, shape: Shape, key: str) -> str | None:
        """The id of the record that people call `key`; None if there is none, or several."""
        rows = await self._client.rows(soql.select("Id", shape.name, soql.equal(shape.key_field, key), limit=2))
        return str(rows[0]["Id"]) if len(rows) == 1 else None

    async def user(self, key: str) -> UserRow | None:
        """By id, whether a user or a queue."""
        table = "Group" if key.startswith(QUEUE_PREFIX) else "User"
        if not soql.is_id(key) or not key.startswith((USER_PREFIX, QUEUE_PREFIX)):
            return None
        fields = "Id, Name, Email" if table == "Group" else "Id, Name, Email, Username"
        return await self._person(soql.select(fields, table, soql.equal("Id", key)))

    async def user_by_email(self, email: str) -> UserRow | None:
        """The active user with that address; None where several have it and none has it as username."""
        if not _EMAIL.fullmatch(email):
            return None
        return await self._person(_users(soql.equal("Email", email)), email)

    async def user_by_username(self, username: str) -> UserRow | None:
        return await self._person(_users(soql.equal("Username", username)))

    async def user_by_name(self, name: str) -> UserRow | None:
        return await self._person(_users(soql.equal("Name", name)))

    async def queue(self, name: str) -> UserRow | None:
        """The queue of that label."""
        return await self._person(soql.select("Id, Name, Email", "Group", "Type = 'Queue'", soql.equal("Name", name)))

    async def contact_by_email(self, email: str) -> UserRow | None:
        """The contact with that address, if there is only one."""
        if not _EMAIL.fullmatch(email):
            return None
        return await self._person(soql.select("Id, Name, Email", "Contact", soql.equal("Email", email), limit=2))

    async def _person(self, query: str, username: str = "") -> UserRow | None:
        return await self._people.get(query, lambda: self._ask_person(query, username))

    async def _ask_person(self, query: str, username: str) -> UserRow | None:
        rows = [_user(one) for one in await self._client.rows(query)]
        preferred = [one for one in rows if username and (one.username or "").casefold() == username.casefold()]
        return (preferred or [None])[0] if len(rows) > 1 else rows[0] if rows else None

    async def _ask_prefixes(self) -> dict[str, str]:
        return {one.key_prefix: one.name for one in (await self._client.objects()).sobjects if one.key_prefix}

    async def _shape(self, sobject: str) -> Shape:
        known, since = self._described.get(sobject, (None, ""))
        described, changed = await self._client.describe(sobject, since)
        whole = described or known
        if whole is None:
            raise NotFound(f"{self._client.name} does not describe {sobject!r}")
        self._described[sobject] = (whole, changed)
        return Shape(whole)

    async def _ask_posts(self) -> Shape | None:
        try:
            return await self.shape("FeedItem")
        except NotFound:
            return None

    async def _left(self, shape: Shape, record_type_id: str) -> dict[str, tuple[PicklistValue, ...]]:
        try:
            left = await self._client.picklists(shape.name, record_type_id)
        except (NotFound, Refused, Misconfigured):
            # The User Interface API does not know every object; its own refusal of a value then tells.
            return {}
        return {
            name: tuple(PicklistValue(value=one.value, label=one.label) for one in found.values)
            for name, found in left.picklist_field_values.items()
            if found.values
        }

    async def _ask_statuses(self, table: str) -> tuple[StatusRow, ...]:
        rows = await self._client.rows(soql.select("ApiName, IsClosed, IsDefault", table, order="SortOrder"))
        return tuple(StatusRow.model_validate(one) for one in rows)


def _users(condition: str) -> str:
    return soql.select("Id, Name, Email, Username", "User", "IsActive = true", condition, limit=20)


def _user(row: Row) -> UserRow:
    try:
        return UserRow.model_validate(row)
    except ValidationError as error:
        raise Misconfigured("Salesforce hides who its users are; give Twinline's account the permission View All Users") from error
