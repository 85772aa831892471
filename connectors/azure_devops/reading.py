"""Whole work items, with comments and files, as they are now."""

import re
from collections.abc import Mapping, Sequence

from connectors.azure_devops import mapping
from connectors.azure_devops.client import WHOLE_BATCH, AzureDevOpsClient
from connectors.azure_devops.homes import Homes
from connectors.azure_devops.metadata import Metadata
from connectors.azure_devops.payloads import WorkItemPayload
from connectors.kit.together import Together
from model.errors import Gone, NotFound
from model.item import Item

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


class Reading:
    """Reads work items, those that are asked for together in one call, and notes in which project each is."""

    def __init__(self, client: AzureDevOpsClient, metadata: Metadata, homes: Homes) -> None:
        self._client = client
        self._metadata = metadata
        self._homes = homes
        self._items = Together(self._one, self._several, WHOLE_BATCH)
        self._tells_formats = True

    async def whole(self, item_id: str) -> Item:
        """With all comments, which are asked for only where the item has any; raises what `item` does."""
        item = await self._items.get(item_id)
        comments = () if item.has_no_comments else await self._client.comments(item.text(mapping.PROJECT), item_id)
        return mapping.to_item(item, comments, await self.kind(item), self._client.address)

    async def item(self, item_id: str) -> WorkItemPayload:
        """Without comments, by a call of its own. NotFound, or Gone where it lies in the recycle bin."""
        try:
            item = await self._client.work_item(item_id)
        except NotFound:
            if await self._client.is_in_recycle_bin(item_id):
                message = f"{self._client.name}: work item {item_id} was deleted; restore it from the recycle bin to go on"
                raise Gone(message) from None
            raise
        self._homes.note(item_id, item.text(mapping.PROJECT))
        return item

    async def kind(self, item: WorkItemPayload) -> mapping.Kind:
        return await self._metadata.kind(item.text(mapping.PROJECT), item.text(mapping.TYPE))

    async def _one(self, item_id: str) -> WorkItemPayload:
        item = await self.item(item_id)
        if mapping.is_text(item, await self.kind(item)):
            self._tells_formats = bool(item.multiline_fields_format)
        return item

    async def _several(self, ids: Sequence[str]) -> Mapping[str, WorkItemPayload]:
        found = await self._client.work_items([int(one) for one in ids if _NUMBER.fullmatch(one)], "all")
        whole = {str(one.id): one for one in found if await self._is_whole(one)}
        for item_id, item in whole.items():
            self._homes.note(item_id, item.text(mapping.PROJECT))
        return {item_id: whole[item_id] for item_id in ids if item_id in whole}

    async def _is_whole(self, item: WorkItemPayload) -> bool:
        """Whether it tells which texts are Markdown, unless items that are read alone do not tell either, as on a server.

        That answers of several items tell is not documented, and where only some fields are asked for they do not.
        """
        return bool(item.multiline_fields_format) or not self._tells_formats or not mapping.is_text(item, await self.kind(item))
