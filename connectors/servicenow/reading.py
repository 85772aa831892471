"""Whole records, with entries of their journals and files, as they are now."""

from collections.abc import Mapping, Sequence
from functools import partial

from connectors.kit.together import Together
from connectors.servicenow import mapping
from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.journal import Journal
from connectors.servicenow.metadata import Metadata
from connectors.servicenow.payloads import Row
from connectors.servicenow.refusals import Forbidden
from connectors.servicenow.tables import Table
from model.errors import Gone, NotFound
from model.item import Item

MOST = 100
"""How many records are read at once, whose ids together have to fit into one address."""


class Reading:
    """Reads records, those of one table together that are asked for together."""

    def __init__(self, client: ServiceNowClient, metadata: Metadata, journal: Journal, url: str) -> None:
        self._client = client
        self._metadata = metadata
        self._journal = journal
        self._url = url
        self._tables: dict[str, Together[Item]] = {}

    async def item(self, table: Table, sys_id: str) -> Item:
        """Raises what `row` does."""
        if table.name not in self._tables:
            self._tables[table.name] = Together(partial(self._one, table.name), partial(self._several, table.name), MOST)
        return await self._tables[table.name].get(sys_id)

    async def row(self, table: Table, sys_id: str) -> Row:
        """Gone where the list of deleted records has it; that list is for administrators, unless a role shows it to others."""
        try:
            return await self._client.row(table.name, sys_id, table.elements)
        except Forbidden as error:
            message = f"{self._client.name}: {table.name} {sys_id!r} is hidden from Twinline's account; extend its roles"
            raise NotFound(message) from error
        except NotFound:
            if await self._is_deleted(sys_id):
                raise Gone(f"{self._client.name}: {table.name} {sys_id!r} was deleted") from None
            raise

    async def _is_deleted(self, sys_id: str) -> bool:
        try:
            page = await self._client.page("sys_audit_delete", f"documentkey={sys_id}", ("sys_id", "documentkey"), limit=1)
        except Forbidden:
            return False
        return any(one.raw("documentkey") == sys_id for one in page.rows)

    async def _one(self, name: str, sys_id: str) -> Item:
        table = await self._metadata.table(name)
        [item] = await self._whole(table, [await self.row(table, sys_id)])
        return item

    async def _several(self, name: str, sys_ids: Sequence[str]) -> Mapping[str, Item]:
        table = await self._metadata.table(name)
        rows = await self._client.rows(name, sys_ids, table.elements)
        items = await self._whole(table, rows) if rows else []
        return {row.sys_id: item for row, item in zip(rows, items, strict=True)}

    async def _whole(self, table: Table, rows: Sequence[Row]) -> list[Item]:
        """The records with all that belongs to them, each list asked for once."""
        ids = [one.sys_id for one in rows]
        entries = await self._journal.entries(ids)
        attached = await self._client.attachments(ids)
        names = [one.raw("sys_created_by") for one in (*rows, *entries)] + [one.sys_created_by for one in attached]
        around = mapping.Around(
            people=await self._metadata.people(mapping.people_of(table, rows)), authors=await self._metadata.authors(names)
        )
        place = mapping.Place(url=self._url, table=table)
        items: list[Item] = []
        for one in rows:
            own = [entry for entry in entries if entry.raw("element_id") == one.sys_id]
            files = [file for file in attached if file.table_sys_id == one.sys_id]
            items.append(mapping.to_item(place, one, own, files, around))
        return items
