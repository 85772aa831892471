"""An item as every part of the engine sees it: one neutral form for all platforms.

`fields` holds the properties under the names that sync rules use, with these shapes on every platform:

| name | shape |
|---|---|
| `summary`, `environment` | text |
| `description` | neutral rich text (see `connectors/kit/richtext.py`, and for pictures `model/pictures.py`) or null |
| `status`, `priority`, `type`, `resolution` | `{"name": ..., "id": ...}` or null (status also `category`: `new`, `indeterminate`, `done`) |
| `project` | `{"key": ..., "name": ..., "id": ...}` |
| `labels` | list of `{"label": ...}`, sorted |
| `assignee`, `reporter`, `creator` | `{"key", "username", "email", "displayName"}` or null; e-mail may be null |
| `created`, `updated` | milliseconds since 1970, UTC |
| `due` | `YYYY-MM-DD` or null |
| `issueLinks` | list of links, see `model/links.py` |
| anything else | the platform's own field under its display name, as JSON |
"""

from datetime import UTC, datetime
from typing import Self

from pydantic import JsonValue

from model.errors import Refused
from model.frozen import Frozen
from model.text import tidy

Fields = dict[str, JsonValue]
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


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


class Work(Frozen):
    """What somebody did for an item: from `started` on for `spent` seconds. `comment` is neutral rich text."""

    started: datetime
    spent: int
    comment: str = ""

    @property
    def text(self) -> str:
        """All of it as one text: two pieces of work are equal where these are."""
        return f"{self.started.astimezone(UTC):{_MOMENT}} {self.spent} s\n{tidy(self.comment)}"

    @staticmethod
    def parsed(text: str) -> "Work":
        """The work of which that is the `text`."""
        head, _, comment = text.partition("\n")
        moment, spent, _ = head.split(" ")
        return Work(started=datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC), spent=int(spent), comment=comment)


class WorkLog(Work):
    """Work that is on record. `marker` is set on what Twinline wrote."""

    id: str
    author: dict[str, JsonValue] | None = None
    created: datetime | None = None
    updated: datetime | None = None
    marker: str | None = None

    def saying(self, text: str) -> Self:
        """The same with the work of which that is the `text`."""
        return self.model_copy(update=Work.parsed(text).model_dump())


def work_of(record: Fields) -> Work:
    """The work of a replica's work log; Refused for a record without a start or a time."""
    started, spent = record.get("startDate"), record.get("timeSpent")
    if not isinstance(started, int) or not isinstance(spent, int):
        what = f"work log {record.get('id')!r} of the replica has no start or no time spent"
        raise Refused(f"{what}; leave startDate and timeSpent as they are", "workLogs")
    comment = record.get("comment")
    return Work(started=datetime.fromtimestamp(started / 1000, UTC), spent=spent, comment="" if comment is None else str(comment))


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
    work_logs: tuple[WorkLog, ...] = ()
    marker: str | None = None
    unread: bool = False
