"""Records: found by their marks, and written with a look at what became of it."""

from datetime import datetime

from connectors.kit.interface import Written
from connectors.salesforce import mapping, soql, text, values
from connectors.salesforce.client import SalesforceClient, query_call, row_call
from connectors.salesforce.metadata import Metadata
from connectors.salesforce.payloads import Row
from connectors.salesforce.reading import Reading, people_of
from connectors.salesforce.shape import Shape
from model.errors import Gone, NotFound, RateLimited, Stale, Unavailable
from model.item import Fields, Item


class Records:
    """The records of one org, of whatever object."""

    def __init__(self, url: str, client: SalesforceClient, metadata: Metadata, reading: Reading) -> None:
        self._url = url
        self._client = client
        self._metadata = metadata
        self._reading = reading

    async def marked(self, shape: Shape, marker: str) -> Item | None:
        """By the field that is kept for the marker."""
        asked = soql.select("Id", shape.name, soql.equal(shape.marker_field, marker), limit=1)
        rows = await self._client.rows(asked)
        return await self._reading.item(shape, str(rows[0]["Id"])) if rows else None

    async def described_as(self, shape: Shape, marker: str, since: datetime) -> Item | None:
        """By the end of the description, which no condition can look into: all that our account made since is looked at."""
        described = shape.roles.get("description")
        if described is None or described.html_formatted:
            return None
        mine = soql.equal("CreatedById", await self._client.my_id())
        recent = f"CreatedDate >= {soql.moment(since)}"
        asked = soql.select(f"Id, {described.name}", shape.name, mine, recent, order="CreatedDate DESC")
        for one in await self._client.rows(asked):
            if text.received(str(one[described.name] or ""))[1] == marker:
                return await self._reading.item(shape, str(one["Id"]))
        return None

    async def mark_in(self, shape: Shape, record_id: str, field: str) -> str | None:
        """The marker at the end of a text as it is now."""
        rows = await self._client.rows(soql.select(field, shape.name, soql.equal("Id", record_id)))
        return text.received(str(rows[0][field] or ""))[1] if rows else None

    async def create(self, shape: Shape, row: Row, fields: Fields) -> Written:
        made = await self._client.create(shape.name, row)
        return await self._written(shape, made.id, row, fields)

    async def update(self, shape: Shape, record_id: str, row: Row, fields: Fields, version: str) -> Written:
        since = mapping.moment(version.partition("/")[0]) if version else None
        try:
            await self._client.update(shape.name, record_id, row, since)
        except Stale as stale:
            raise Stale(stale.message, (await self._reading.item(shape, record_id)).version) from stale
        except NotFound:
            await self._reading.prove_gone(shape, record_id)
            raise
        return await self._written(shape, record_id, row, fields)

    async def _written(self, shape: Shape, record_id: str, sent: Row, fields: Fields) -> Written:
        """What was asked for, as Salesforce now shows it; its answer to a write says nothing, so it is read.

        Nothing where it cannot be read now: what was written stays written. A property that somebody else changed in the moment between is
        left out; the record says who changed it last.
        """
        try:
            calls = [row_call("row", shape.name, record_id), query_call("people", people_of(shape, record_id))]
            answers = await self._client.reading(calls)
            row, named = self._client.row(answers["row"]), self._client.page(answers["people"]).records
            statuses, me = await self._metadata.statuses(shape), await self._client.my_id()
        except (NotFound, Gone, RateLimited, Unavailable):
            return Written(ref=mapping.to_ref(shape, {"Id": record_id}, self._url), version="", fields={})
        shown = mapping.to_fields(shape, mapping.Whole(row=row, people=mapping.to_people(named[0] if named else {})), statuses)
        kept: Fields = {}
        for name in fields:
            columns = values.columns(shape, name)
            if row.get("LastModifiedById") == me or all(row.get(one) == sent.get(one) for one in columns):
                kept[name] = shown.get(name if name in shape.roles or name == "reporter" else shape.shown_as(shape.own(name)))
        version = mapping.stamp(mapping.moment(row["SystemModstamp"]))
        return Written(ref=mapping.to_ref(shape, row, self._url), version=version, fields=kept)
