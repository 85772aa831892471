"""Salesforce as the engine sees it."""

import re
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from pydantic import JsonValue

from connectors.kit.interface import Account, Capabilities, Change, ChangePage, FieldChange, SystemAccess, Written
from connectors.salesforce import account, children, mapping, soql, text, triggers
from connectors.salesforce.answers import answer
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.config import Settings, settings_of
from connectors.salesforce.feed import Feed
from connectors.salesforce.metadata import Metadata
from connectors.salesforce.reading import Reading
from connectors.salesforce.records import Records
from connectors.salesforce.refusals import DuplicateValue
from connectors.salesforce.shape import MARKER_FIELD, Shape
from connectors.salesforce.values import Writing
from model.errors import BadInput, Gone, Misconfigured, NotFound, Refused, Unavailable
from model.item import Attachment, Comment, Fields, Item

CAPABILITIES = Capabilities(
    writable=frozenset({"summary", "description", "status", "priority", "type", "assignee", "reporter", "due", "parentId"}),
    own_fields=True,
    status_by="field",
    created_with_status=True,
    comments=frozenset({"internal", "edit", "delete"}),
    attachments=True,
    exact_versions=False,
    search_lag=0.0,
)
_IN_ADDRESS = re.compile(r"https?://\S+?/([A-Za-z0-9]{15,18})(?:/view)?/?(?:[?#]\S*)?")


class SalesforceConnector:
    """One account of one org."""

    capabilities = CAPABILITIES
    work_logs = None

    def __init__(self, access: SystemAccess) -> None:
        self._name = access.name
        self._client = SalesforceClient(access)
        self._metadata = Metadata(self._client)
        self._reading = Reading(access.url, self._client, self._metadata)
        self._records = Records(access.url, self._client, self._metadata, self._reading)
        self._feed = Feed(self._client)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def check(self, settings: Mapping[str, JsonValue] | None) -> None:
        await self._client.limits()
        if settings is None:
            return
        side = settings_of(settings)
        try:
            shape = await self._metadata.shape(side.object)
        except NotFound as error:
            message = f"{self._name} has no object {side.object!r} that Twinline's account may see; use its API name, such as Case"
            raise Misconfigured(message) from error
        if side.record_type:
            await self._metadata.record_type(shape, side.record_type)
        if shape.marker_field:
            field = shape.field(shape.marker_field)
            if not (field.unique and field.external_id and field.updateable):
                message = f"{self._name}: {shape.name}.{field.name} has to be a text field that is External ID, Unique and writable"
                raise Misconfigured(message)

    async def account(self, settings: Mapping[str, JsonValue] | None) -> Account:
        await self.check(settings)
        if settings is None:
            given = await account.everywhere(self._client)
        else:
            given = await account.of_object(self._metadata, await self._metadata.shape(settings_of(settings).object))
        me = await self._metadata.user(await self._client.my_id())
        return Account(name=account.name(me), platform=account.platform(await self._client.versions()), permissions=given)

    async def check_query(self, settings: Mapping[str, JsonValue], query: str) -> None:
        await self._matching(settings, query, None, limit=1)

    async def read(self, item_id: str) -> Item:
        return await self._reading.item(await self._metadata.shape_of(item_id), soql.long_id(item_id))

    async def whereabouts(self, settings: Mapping[str, JsonValue], item: Item) -> str:
        del settings, item
        return ""

    async def find(self, settings: Mapping[str, JsonValue], key: str) -> Change:
        shape, record_type_id = await self._shape(settings)
        in_address = _IN_ADDRESS.fullmatch(key.strip())
        wanted = in_address[1] if in_address else key.strip()
        by = "Id" if soql.is_id(wanted) and wanted.startswith(shape.prefix) else shape.key_field
        asked = soql.select(triggers.columns(shape), shape.name, soql.equal(by, wanted), triggers.scope(record_type_id), limit=2)
        rows = await self._client.rows(asked)
        if len(rows) != 1:
            several = "more than one" if rows else "no"
            message = f"{self._name}: {several} {shape.label} is called {key!r} in this side's scope; use its number, id or address"
            raise NotFound(message)
        return mapping.to_change(shape, rows[0])

    async def create(self, settings: Mapping[str, JsonValue], fields: Fields, marker: str) -> Written:
        """With a field for the marker, Salesforce refuses a second record of one marker, and the first one is given.

        An upsert by that field would write over what people have done to the first one since.
        """
        shape, record_type_id = await self._shape(settings)
        row = await Writing(self._metadata, shape, record_type_id, creating=True).row(fields)
        if record_type_id:
            row["RecordTypeId"] = record_type_id
        if shape.marker_field:
            row[shape.marker_field] = marker
        else:
            row[self._described(shape)] = text.sent(_told(fields), marker)
        try:
            return await self._records.create(shape, row, fields)
        except DuplicateValue:
            first = await self._records.marked(shape, marker) if shape.marker_field else None
            if first is None:
                raise
            return Written(ref=first.ref, version=first.version, fields={one: first.fields[one] for one in fields if one in first.fields})

    async def update(self, item_id: str, fields: Fields, version: str = "") -> Written:
        shape = await self._metadata.shape_of(item_id)
        row = await Writing(self._metadata, shape).row(fields)
        described = shape.roles.get("description")
        if "description" in fields and described and not described.html_formatted:
            mark = await self._records.mark_in(shape, item_id, described.name)
            row[described.name] = text.sent(_told(fields), mark) or None
        return await self._records.update(shape, soql.long_id(item_id), row, fields, version)

    async def transition(self, item_id: str, status: str, version: str = "") -> Written:
        """Not needed by the engine, as status is a field here."""
        return await self.update(item_id, {"status": {"name": status}}, version)

    async def way(self, settings: Mapping[str, JsonValue], item_id: str, status: str) -> tuple[str, ...]:
        del settings, item_id
        return (status,)

    def as_read(self, written: str) -> str:
        return text.received(text.sent(written, None))[0]

    async def history(self, item_id: str, since: datetime) -> tuple[FieldChange, ...]:
        del item_id, since
        return ()

    async def find_by_marker(self, settings: Mapping[str, JsonValue], marker: str, since: datetime) -> Item | None:
        shape, _ = await self._shape(settings)
        if shape.marker_field and (found := await self._records.marked(shape, marker)):
            return found
        return await self._records.described_as(shape, marker, since)

    async def add_comment(self, item_id: str, body: str, *, internal: bool, marker: str) -> Comment:
        talk = await self._talk(item_id)
        if not talk.on:
            raise Refused(f"{self._name} has no Chatter, so only cases have comments; leave 'comments' out of the incoming rules")
        made = await self._client.create(talk.table, talk.new(item_id, body, internal=internal, marker=marker))
        comment = await self._comment(talk, item_id, made.id)
        if comment is None:
            raise Unavailable(f"{self._name} does not show the comment on {item_id!r} yet")
        return comment

    async def find_comment(self, item_id: str, marker: str) -> Comment | None:
        talk = await self._talk(item_id)
        if not talk.on:
            return None
        return next((one for one in talk.read(await self._client.rows(talk.of(item_id))) if one.marker == marker), None)

    async def edit_comment(self, item_id: str, comment_id: str, body: str) -> Comment:
        talk = await self._talk(item_id)
        before = await self._comment(talk, item_id, comment_id)
        if before is None:
            raise NotFound(f"{self._name}: comment {comment_id!r} of {item_id!r} is no longer there")
        await self._client.update(talk.table, comment_id, talk.edited(body, before.marker))
        return before.model_copy(update={"body": self.as_read(body)})

    async def delete_comment(self, item_id: str, comment_id: str) -> None:
        talk = await self._talk(item_id)
        await self._delete(talk.table, comment_id)

    def download(self, attachment: Attachment) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        return self._client.download(attachment.location)

    async def upload(self, item_id: str, attachment: Attachment, content: AsyncIterator[bytes], marker: str) -> Attachment:
        row = children.new_file(item_id, attachment, marker)
        await self._client.upload(row, attachment.filename, attachment.mimetype, attachment.size, content)
        added = await self.find_attachment(item_id, marker, attachment)
        if added is None:
            raise Unavailable(f"{self._name} does not show the file {attachment.filename!r} on {item_id!r} yet")
        return added

    async def find_attachment(self, item_id: str, marker: str, like: Attachment, others: Collection[str] = ()) -> Attachment | None:
        del like, others
        found = children.read_files(await self._client.rows(children.files_of(item_id)))
        return next((one for one in found if one.marker == marker), None)

    async def delete_attachment(self, item_id: str, attachment_id: str) -> None:
        """Where other records have the file, too, it is only taken from this one."""
        asked = soql.select("Id, LinkedEntityId", "ContentDocumentLink", soql.equal("ContentDocumentId", attachment_id))
        links = {str(one["LinkedEntityId"]): str(one["Id"]) for one in await self._client.rows(asked)}
        if item_id not in links:
            return
        shared = any(one != item_id and not one.startswith("005") for one in links)
        await (self._delete("ContentDocumentLink", links[item_id]) if shared else self._delete("ContentDocument", attachment_id))

    async def changes(self, settings: Mapping[str, JsonValue], cursor: str) -> ChangePage:
        shape, _ = await self._shape(settings)
        return await self._feed.changes(shape, cursor, comments=(await self._reading.talk(shape)).on)

    async def search(self, settings: Mapping[str, JsonValue], query: str, since: datetime | None) -> tuple[Change, ...]:
        return await self._matching(settings, query, since, limit=None)

    async def lookup(self, settings: Mapping[str, JsonValue], name: str, arguments: tuple[str | None, ...]) -> JsonValue:
        if name == "http":
            return await self._client.look(arguments)
        return await answer(self._metadata, settings_of(settings), name, arguments)

    async def _shape(self, settings: Mapping[str, JsonValue]) -> tuple[Shape, str]:
        """The side's object, and the id of the record type if the side names one."""
        side: Settings = settings_of(settings)
        shape = await self._metadata.shape(side.object)
        return shape, (await self._metadata.record_type(shape, side.record_type)).record_type_id if side.record_type else ""

    async def _matching(
        self, settings: Mapping[str, JsonValue], query: str, since: datetime | None, *, limit: int | None
    ) -> tuple[Change, ...]:
        shape, record_type_id = await self._shape(settings)
        asked = triggers.listing(shape, record_type_id, query, since, limit)
        try:
            rows = await self._client.rows(asked)
        except Refused as error:
            raise BadInput(f"{self._name} does not accept the query {query!r}: {error}") from error
        return tuple(mapping.to_change(shape, one) for one in rows)

    def _described(self, shape: Shape) -> str:
        """The field whose text is to end with the mark, for want of a field of its own."""
        described = shape.roles.get("description")
        if described is None or described.html_formatted:
            message = (
                f"{self._name}: {shape.name} has no place for Twinline's mark; give it the text field {MARKER_FIELD}, External ID, Unique"
            )
            raise Misconfigured(message)
        return described.name

    async def _talk(self, item_id: str) -> children.Talk:
        return await self._reading.talk(await self._metadata.shape_of(item_id))

    async def _comment(self, talk: children.Talk, item_id: str, comment_id: str) -> Comment | None:
        found = talk.read(await self._client.rows(talk.one(item_id, comment_id)))
        return found[0] if found else None

    async def _delete(self, table: str, record_id: str) -> None:
        try:
            await self._client.delete(table, record_id)
        except (NotFound, Gone):
            return


def _told(fields: Fields) -> str:
    told = fields.get("description")
    return told if isinstance(told, str) else ""
