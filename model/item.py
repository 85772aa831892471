"""An item as every part of the engine sees it: one neutral form for all platforms.

`fields` holds the properties under the names that sync rules use, with these shapes on every platform:

| name | shape |
|---|---|
| `summary`, `environment` | text |
| `description` | neutral rich text (see `connectors/kit/richtext.py`) or null |
| `status`, `priority`, `type`, `resolution` | `{"name": ..., "id": ...}` or null (status also `category`: `new`, `indeterminate`, `done`) |
| `project` | `{"key": ..., "name": ..., "id": ...}` |
| `labels` | list of `{"label": ...}`, sorted |
| `assignee`, `reporter`, `creator` | `{"key", "username", "email", "displayName"}` or null; e-mail may be null |
| `created`, `updated` | milliseconds since 1970, UTC |
| `due` | `YYYY-MM-DD` or null |
| anything else | the platform's own field under its display name, as JSON |
"""

from datetime import datetime

from pydantic import JsonValue

from model.frozen import Frozen

Fields = dict[str, JsonValue]


class ItemRef(Frozen):
    """`id` never changes; `key` is what people read and may change when the item moves."""

    id: str
    key: str
    url: str


class Comment(Frozen):
    """`body` is neutral rich text. `marker` is set on comments that Twinline wrote."""

    id: str
    body: str
    author: dict[str, JsonValue] | None = None
    created: datetime | None = None
    updated: datetime | None = None
    internal: bool = False
    marker: str | None = None


class Attachment(Frozen):
    """`size` in bytes. `location` is what the connector needs to download it and means nothing to anyone else."""

    id: str
    filename: str
    mimetype: str = "application/octet-stream"
    size: int = 0
    author: dict[str, JsonValue] | None = None
    created: datetime | None = None
    location: str = ""
    marker: str | None = None


class Item(Frozen):
    """A whole item as read. `version` is the platform's own version token; `marker` names the twin that created it.

    `unread` is one that we created and that was hidden from us since: what we asked for.
    """

    ref: ItemRef
    version: str
    updated: datetime
    fields: Fields
    comments: tuple[Comment, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    marker: str | None = None
    unread: bool = False
