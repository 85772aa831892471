"""ServiceNow as the engine sees it."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import NoReturn
from urllib.parse import unquote

from pydantic import JsonValue

from connectors.kit.interface import Account, Capabilities, Change, ChangePage, FieldChange, SystemAccess, Written
from connectors.servicenow import account, feed, files, mapping, query, text, values
from connectors.servicenow.answers import answer
from connectors.servicenow.client import PAGE, ServiceNowClient, is_sys_id
from connectors.servicenow.config import Settings, settings_of
from connectors.servicenow.journal import Journal
from connectors.servicenow.metadata import Metadata
from connectors.servicenow.payloads import Row
from connectors.servicenow.reading import Reading
from connectors.servicenow.refusals import Forbidden
from connectors.servicenow.tables import HUB, Table
from model.errors import BadInput, Misconfigured, NotFound, Refused, Stale
from model.item import Attachment, Comment, Fields, Item

CAPABILITIES = Capabilities(
    writable=frozenset(HUB),
    own_fields=True,
    status_by="field",
    created_with_status=True,
    comments=frozenset({"internal"}),
    attachments=True,
    exact_versions=False,
    search_lag=0.0,
)
IMMUTABLE = "ServiceNow keeps journal entries as they are; take edits and removals out of the rules of this side"
_ITEM = re.compile(r"([a-z][a-z0-9_]{0,79})/([0-9a-f]{32})")
_ID_IN_URL = re.compile(r"(?:sys_id=|/)([0-9a-f]{32})(?![0-9a-f])")
_NUMBER_IN_URL = re.compile(r"number=([A-Za-z0-9_-]+)")
_NUMBER = re.compile(r"[A-Za-z0-9_.-]{1,40}")


class ServiceNowConnector:
    """One account of one instance. Items are named `table/sys_id`, by the table of the side's settings."""

    capabilities = CAPABILITIES
    work_logs = None

    def __init__(self, access: SystemAccess) -> None:
        self._name = access.name
        self._url = access.url
        self._user = access.credentials.get("user", "")
        self._client = ServiceNowClient(access)
        self._metadata = Metadata(self._client)
        self._journal = Journal(self._client, self._metadata)
        self._reading = Reading(self._client, self._metadata, self._journal, access.url)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def check(self, settings: Mapping[str, JsonValue] | None) -> None:
        if settings is None:
            await self._client.page("sys_user", "", ("sys_id",), limit=1)
            return
        side = settings_of(settings)
        table = await self._metadata.table(side.table)
        self._marker_column(table)
        if table.standing_for("summary") is None:
            raise Misconfigured(f"{self._name}: table {side.table!r} has no column for a summary, such as 'u_short_description'; add one")
        await query.check_scope(self._metadata, self._name, table, side.query)
        try:
            await self._metadata.zone(side.table)
        except Forbidden as error:
            raise Misconfigured(f"{error.message}; without that table {side.table!r} cannot be synchronised") from error

    async def account(self, settings: Mapping[str, JsonValue] | None) -> Account:
        await self.check(settings)
        me = await account.myself(self._client, self._user)
        found = Account(name=account.name(me, self._user), platform="ServiceNow")
        if settings is None:
            return found
        table = await self._metadata.table(settings_of(settings).table)
        given = await account.permissions(self._client, table, await account.roles(self._client, me))
        return found.model_copy(update={"permissions": given})

    async def check_query(self, settings: Mapping[str, JsonValue], query: str) -> None:
        await self._matching(settings, query, None, limit=1)

    async def read(self, item_id: str) -> Item:
        table, sys_id = await self._address(item_id)
        return await self._reading.item(table, sys_id)

    async def whereabouts(self, settings: Mapping[str, JsonValue], item: Item) -> str:
        del settings, item
        return ""

    async def find(self, settings: Mapping[str, JsonValue], key: str) -> Change:
        side = settings_of(settings)
        table = await self._metadata.table(side.table)
        said = unquote(key.strip())
        by_id, by_number = _ID_IN_URL.search(said), _NUMBER_IN_URL.search(said)
        if is_sys_id(said) or by_id:
            condition = f"sys_id={by_id[1] if by_id else said}"
        elif by_number or _NUMBER.fullmatch(said):
            condition = f"{table.key}={by_number[1] if by_number else said.upper()}"
        else:
            raise NotFound(f"{self._name}: {key!r} names no record; use its number, such as INC0010001, its sys_id or its address")
        found = await self._client.page(table.name, query.together(query.alternatives(side.query), (condition,), ""), mapping.LISTED, 2)
        column, _, value = condition.partition("=")
        rows = [one for one in found.rows if one.raw(column).casefold() == value.casefold()]
        if not rows:
            raise NotFound(f"{self._name}: no record {key!r} in table {table.name!r} of this side that Twinline's account may see")
        return mapping.change(table, rows[0])

    async def create(self, settings: Mapping[str, JsonValue], fields: Fields, marker: str) -> Written:
        table = await self._metadata.table(settings_of(settings).table)
        payload = values.to_payload(fields, await self._facts(table, fields, None))
        column = self._marker_column(table)
        marked = {column: marker} | ({"correlation_display": mapping.PRODUCT} if column == "correlation_id" else {})
        row = await self._client.insert(table.name, {**payload, **marked}, table.elements)
        if row.raw(column) != marker:
            message = f"{self._name} made {mapping.key_of(row)} without its mark: give Twinline's account write access to {column!r}"
            raise Refused(f"{message}, and remove the record", column)
        return await self._written(table, row, fields)

    async def update(self, item_id: str, fields: Fields, version: str = "") -> Written:
        """Stale is found by reading before writing: ServiceNow cannot compare and set, so an edit in between the two is not seen."""
        table, sys_id = await self._address(item_id)
        before = await self._reading.row(table, sys_id)
        if version and mapping.version_of(before) != "/".join(version.split("/")[:2]):
            raise Stale(f"{self._name}: {mapping.key_of(before)} has moved on", mapping.version_of(before))
        facts = await self._facts(table, fields, before)
        payload = values.to_payload(fields, facts)
        after = await self._client.update(table.name, sys_id, payload, table.elements)
        for element in values.left_aside(payload, before, after):
            raise self._left_aside(table, element, fields, after)
        return await self._written(table, after, fields)

    async def transition(self, item_id: str, status: str, version: str = "") -> Written:
        """Not needed by the engine, as the state is a field here."""
        return await self.update(item_id, {"status": {"name": status}}, version)

    async def way(self, settings: Mapping[str, JsonValue], item_id: str, status: str) -> tuple[str, ...]:
        del settings, item_id
        return (status,)

    def as_read(self, written: str) -> str:
        return text.column_text("string", text.column_value("string", written))

    async def history(self, item_id: str, since: datetime) -> tuple[FieldChange, ...]:
        del item_id, since
        return ()

    async def find_by_marker(self, settings: Mapping[str, JsonValue], marker: str, since: datetime) -> Item | None:
        table = await self._metadata.table(settings_of(settings).table)
        found = await self._client.page(
            table.name, f"{self._marker_column(table)}={marker}^ORDERBYsys_created_on", (*mapping.LISTED, "sys_created_on")
        )
        from_then = mapping.stamp(since)
        for row in found.rows:
            if mapping.marker_of(table, row) == marker and row.raw("sys_created_on") >= from_then:
                return await self.read(mapping.item_id(table.name, row.sys_id))
        return None

    async def add_comment(self, item_id: str, body: str, *, internal: bool, marker: str) -> Comment:
        table, sys_id = await self._address(item_id)
        return await self._journal.add(table, sys_id, body, internal=internal, marker=marker)

    async def find_comment(self, item_id: str, marker: str) -> Comment | None:
        _, sys_id = await self._address(item_id)
        return await self._journal.find(sys_id, marker)

    async def edit_comment(self, item_id: str, comment_id: str, body: str) -> Comment:
        del body
        _immutable(item_id, comment_id)

    async def delete_comment(self, item_id: str, comment_id: str) -> None:
        _immutable(item_id, comment_id)

    @asynccontextmanager
    async def _download(self, attachment: Attachment) -> AsyncGenerator[AsyncIterator[bytes]]:
        async with self._client.download(attachment.location) as content:
            yield files.whole(self._name, attachment, content)

    def download(self, attachment: Attachment) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        return self._download(attachment)

    async def upload(self, item_id: str, attachment: Attachment, content: AsyncIterator[bytes], marker: str) -> Attachment:
        del marker
        table, sys_id = await self._address(item_id)
        kind = (await self._client.row(table.name, sys_id, ("sys_class_name",))).raw("sys_class_name")
        added = await files.upload(self._client, kind or table.name, sys_id, attachment, content)
        return mapping.to_attachment(added, await self._metadata.authors([added.sys_created_by]))

    async def find_attachment(self, item_id: str, marker: str, like: Attachment, others: Collection[str] = ()) -> Attachment | None:
        """By name and size, as ServiceNow's files carry no mark; the oldest that is nothing else."""
        del marker
        _, sys_id = await self._address(item_id)
        attached = await self._client.attachments([sys_id])
        found = [one for one in attached if one.sys_id not in others and files.is_like(one, like)]
        return mapping.to_attachment(found[0], await self._metadata.authors([found[0].sys_created_by])) if found else None

    async def delete_attachment(self, item_id: str, attachment_id: str) -> None:
        del item_id
        try:
            await self._client.delete_attachment(attachment_id)
        except NotFound:
            return

    async def changes(self, settings: Mapping[str, JsonValue], cursor: str) -> ChangePage:
        side = settings_of(settings)
        table = await self._metadata.table(side.table)
        await query.check_scope(self._metadata, self._name, table, side.query)
        return await feed.changes(self._client, self._metadata, table, cursor)

    async def search(self, settings: Mapping[str, JsonValue], query: str, since: datetime | None) -> tuple[Change, ...]:
        return await self._matching(settings, query, since, limit=None)

    async def lookup(self, settings: Mapping[str, JsonValue], name: str, arguments: tuple[str | None, ...]) -> JsonValue:
        if name == "http":
            return await self._client.look(arguments)
        table = await self._metadata.table(settings_of(settings).table)
        return await answer(self._metadata, table, name, arguments)

    async def _matching(
        self, settings: Mapping[str, JsonValue], wanted: str, since: datetime | None, *, limit: int | None
    ) -> tuple[Change, ...]:
        """The records that match, page by page in the order of sys_id, which no edit changes."""
        side: Settings = settings_of(settings)
        table = await self._metadata.table(side.table)
        await query.check(self._metadata, table, wanted)
        await query.check_scope(self._metadata, self._name, table, side.query)
        await self._metadata.zone(table.name)
        bound = "" if since is None else f"sys_updated_on>={mapping.stamp(since)}"
        parts = query.both(side.query, wanted)
        found: dict[str, Row] = {}
        last, offset = "", 0
        while True:
            condition = "^".join(one for one in (bound, f"sys_id>{last}" if last else "") if one)
            try:
                page = await self._client.page(
                    table.name, query.together(parts, (condition,), "^ORDERBYsys_id"), mapping.LISTED, limit or PAGE, offset
                )
            except Refused as error:
                raise BadInput(error.message) from error
            found |= {one.sys_id: one for one in page.rows}
            last, offset = (page.rows[-1].sys_id, 0) if page.rows else (last, offset + PAGE)
            if limit is not None or not page.more:
                kept = (one for one in found.values() if since is None or one.raw("sys_updated_on") >= mapping.stamp(since))
                return tuple(mapping.change(table, one) for one in kept)

    async def _address(self, item_id: str) -> tuple[Table, str]:
        found = _ITEM.fullmatch(item_id)
        if found is None:
            raise NotFound(f"{self._name}: {item_id!r} is no id of a record; it has the form 'incident/<sys_id>'")
        return await self._metadata.table(found[1]), found[2]

    def _marker_column(self, table: Table) -> str:
        if not table.marker:
            needs = "add a column 'u_twinline_id' of type String with 100 characters to it"
            raise Misconfigured(f"{self._name}: table {table.name!r} has no column for the mark of what Twinline creates; {needs}")
        return table.marker

    def _place(self, table: Table) -> mapping.Place:
        return mapping.Place(url=self._url, table=table)

    async def _facts(self, table: Table, fields: Fields, before: Row | None) -> values.Facts:
        """What the fields at hand need, and no call for the rest."""
        wanted = values.asks(fields, self._name, table)
        found = {(reference, asked): await self._metadata.reference(reference, asked) for reference, asked in sorted(wanted)}
        facts = values.Facts(system=self._name, table=table, found=found, before=before)
        if "priority" in fields and table.computes_priority:
            return facts.model_copy(update={"priorities": await self._metadata.priorities()})
        return facts

    async def _written(self, table: Table, row: Row, fields: Fields) -> Written:
        around = mapping.Around(people=await self._metadata.people(mapping.people_of(table, [row])), authors={})
        shown = mapping.to_fields(table, row, around)
        labels = {name: column.label for name in fields if name not in HUB and (column := table.named(name)) is not None}
        return Written(
            ref=mapping.to_ref(self._place(table), row),
            version=mapping.version_of(row),
            fields={name: shown[labels.get(name, name)] for name in fields if labels.get(name, name) in shown},
        )

    def _left_aside(self, table: Table, element: str, fields: Fields, row: Row) -> Refused:
        name = values.hub_name(table, element, fields)
        kept = f"{self._name} left field {name!r} of {mapping.key_of(row)} as it was ({row.shown(element)!r})"
        return Refused(f"{kept}: a write rule or a business rule does not allow it; adapt them or the rules", name)


def _immutable(item_id: str, comment_id: str) -> NoReturn:
    raise Refused(f"comment {comment_id!r} of {item_id!r}: {IMMUTABLE}", "comments")
