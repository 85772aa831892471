"""Comments and work notes: written as columns of the record, kept as entries of `sys_journal_field`, never edited or removed."""

from collections.abc import Sequence

from connectors.servicenow.client import ServiceNowClient
from connectors.servicenow.mapping import to_comment
from connectors.servicenow.metadata import Metadata
from connectors.servicenow.payloads import Row
from connectors.servicenow.tables import JOURNALS, Table
from connectors.servicenow.text import entry
from model.errors import Refused
from model.item import Comment

_ENTRY = ("sys_id", "element", "element_id", "value", "sys_created_on", "sys_created_by")
_READ_RULE = "give Twinline's account a read rule on sys_journal_field"


class Journal:
    """The entries of any records."""

    def __init__(self, client: ServiceNowClient, metadata: Metadata) -> None:
        self._client = client
        self._metadata = metadata

    async def entries(self, sys_ids: Sequence[str]) -> tuple[Row, ...]:
        """All of those records, oldest first."""
        query = f"element_idIN{','.join(sys_ids)}^elementIN{','.join(JOURNALS.values())}"
        found = await self._client.texts("sys_journal_field", query, _ENTRY)
        theirs = (one for one in found if one.raw("element_id") in sys_ids)
        return tuple(sorted(theirs, key=lambda one: (one.raw("sys_created_on"), one.sys_id)))

    async def add(self, table: Table, sys_id: str, body: str, *, internal: bool, marker: str) -> Comment:
        column = JOURNALS[internal]
        if column not in table.columns:
            raise Refused(
                f"{self._client.name}: table {table.name!r} has no journal {column!r}; take comments out of the rules", "comments"
            )
        await self._client.update(table.name, sys_id, {column: entry(body, marker)}, ("sys_id",))
        comment = await self.find(sys_id, marker)
        if comment is None:
            message = f"{self._client.name} does not show the entry that was added to {column!r} of {table.name} {sys_id!r}"
            raise Refused(f"{message}; {_READ_RULE}, and write access to {column!r}", "comments")
        return comment

    async def find(self, sys_id: str, marker: str) -> Comment | None:
        rows = await self.entries([sys_id])
        found = next((one for one in rows if to_comment(one, {}).marker == marker), None)
        return to_comment(found, await self._metadata.authors([found.raw("sys_created_by")])) if found else None
