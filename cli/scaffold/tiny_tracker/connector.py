"""Tiny Tracker as the engine sees it."""

import re
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import NoReturn

from pydantic import JsonValue

from cli.scaffold.tiny_tracker import feed, mapping
from cli.scaffold.tiny_tracker.client import TinyTrackerClient
from cli.scaffold.tiny_tracker.config import settings_of
from cli.scaffold.tiny_tracker.payloads import CardPayload
from connectors.kit.interface import Account, Capabilities, Change, ChangePage, FieldChange, SystemAccess, Written
from connectors.kit.richtext import tidy
from model.errors import Misconfigured, NotFound, Refused
from model.item import Attachment, Comment, Fields, Item

CAPABILITIES = Capabilities(
    writable=frozenset(mapping.NAMES),
    status_by="field",
    created_with_status=True,
    comments=frozenset(),
    attachments=False,
    exact_versions=True,
    search_lag=0.0,
)
_KEY = re.compile(r"(?:[a-z][a-z0-9-]*-|https?://\S+/cards/)?(\d+)")


class TinyTrackerConnector:
    """An open account. Everything that `CAPABILITIES` leaves out is never asked for."""

    capabilities = CAPABILITIES
    work_logs = None

    def __init__(self, access: SystemAccess) -> None:
        self._client = TinyTrackerClient(access)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def check(self, settings: Mapping[str, JsonValue] | None) -> None:
        await self._client.me()
        if settings is None:
            return
        board = settings_of(settings).board
        try:
            await self._client.cards(board, {"newest": "true"})
        except NotFound as error:
            raise Misconfigured(f"{self._client.name}: no board {board!r} that Twinline's account may see") from error

    async def account(self, settings: Mapping[str, JsonValue] | None) -> Account:
        """Where the platform tells what the account may do, add it as permissions: what is missing, and what to do about that."""
        await self.check(settings)
        return Account(name=(await self._client.me()).login, platform="Tiny Tracker")

    async def check_query(self, settings: Mapping[str, JsonValue], query: str) -> None:
        await feed.matching(self._client, settings_of(settings).board, query)

    async def read(self, item_id: str) -> Item:
        return mapping.to_item(await self._client.card(item_id), self._client.url)

    async def whereabouts(self, settings: Mapping[str, JsonValue], item: Item) -> str:
        del settings, item
        return ""

    async def find(self, settings: Mapping[str, JsonValue], key: str) -> Change:
        found = _KEY.fullmatch(key.strip())
        card = await self._client.card(found[1]) if found else None
        if card is None or card.board != settings_of(settings).board:
            raise NotFound(f"{self._client.name}: the board has no card {key!r}; use its number, key or address")
        return mapping.to_change(card)

    async def create(self, settings: Mapping[str, JsonValue], fields: Fields, marker: str) -> Written:
        card = await self._client.create(settings_of(settings).board, {**mapping.to_payload(fields), "reference": marker})
        return self._written(card, fields)

    async def update(self, item_id: str, fields: Fields, version: str = "") -> Written:
        del version
        return self._written(await self._client.update(item_id, mapping.to_payload(fields)), fields)

    async def transition(self, item_id: str, status: str, version: str = "") -> Written:
        return await self.update(item_id, {"status": {"name": status}}, version)

    async def way(self, settings: Mapping[str, JsonValue], item_id: str, status: str) -> tuple[str, ...]:
        del settings, item_id
        return (status,)

    def as_read(self, written: str) -> str:
        return tidy(written)

    async def history(self, item_id: str, since: datetime) -> tuple[FieldChange, ...]:
        del item_id, since
        return ()

    async def find_by_marker(self, settings: Mapping[str, JsonValue], marker: str, since: datetime) -> Item | None:
        del since
        page = await self._client.cards(settings_of(settings).board, {"reference": marker})
        return mapping.to_item(page.cards[0], self._client.url) if page.cards else None

    async def add_comment(self, item_id: str, body: str, *, internal: bool, marker: str) -> Comment:
        if internal:
            raise Refused("Tiny Tracker has no internal comments; leave them out of the rules of this side", "comments")
        return mapping.to_comment(await self._client.comment(item_id, body, marker))

    async def find_comment(self, item_id: str, marker: str) -> Comment | None:
        item = await self.read(item_id)
        return next((one for one in item.comments if one.marker == marker), None)

    async def edit_comment(self, item_id: str, comment_id: str, body: str) -> Comment:
        del item_id, body
        _refuse(comment_id, "comments cannot be edited", "comments")

    async def delete_comment(self, item_id: str, comment_id: str) -> None:
        del item_id
        _refuse(comment_id, "comments cannot be deleted", "comments")

    def download(self, attachment: Attachment) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        _refuse(attachment.filename, "there are no files", "attachments")

    async def upload(self, item_id: str, attachment: Attachment, content: AsyncIterator[bytes], marker: str) -> Attachment:
        del item_id, content, marker
        _refuse(attachment.filename, "there are no files", "attachments")

    async def find_attachment(self, item_id: str, marker: str, like: Attachment, others: Collection[str] = ()) -> Attachment | None:
        del item_id, marker, others
        _refuse(like.filename, "there are no files", "attachments")

    async def delete_attachment(self, item_id: str, attachment_id: str) -> None:
        del item_id
        _refuse(attachment_id, "there are no files", "attachments")

    async def changes(self, settings: Mapping[str, JsonValue], cursor: str) -> ChangePage:
        return await feed.changes(self._client, settings_of(settings).board, cursor)

    async def search(self, settings: Mapping[str, JsonValue], query: str, since: datetime | None) -> tuple[Change, ...]:
        found = await feed.matching(self._client, settings_of(settings).board, query)
        return tuple(one for one, changed in found if since is None or changed >= since.timestamp())

    async def lookup(self, settings: Mapping[str, JsonValue], name: str, arguments: tuple[str | None, ...]) -> JsonValue:
        """Answers what can be answered; None is an answer to everything else."""
        del settings
        match name, arguments:
            case "http", _:
                return await self._client.look(arguments)
            case "status", (str(state), *_) if state in mapping.STATES:
                return {"name": state, "id": state}
            case _:
                return None

    def _written(self, card: CardPayload, fields: Fields) -> Written:
        shown = mapping.to_fields(card)
        ref = mapping.to_ref(card, self._client.url)
        return Written(ref=ref, version=str(card.revision), fields={name: shown[name] for name in fields})


def _refuse(name: str, why: str, field: str) -> NoReturn:
    raise Refused(f"{name!r}: {why} in Tiny Tracker; take them out of the rules of this side", field)
