"""The contract between the engine and a platform.

A connector makes typed calls and no decisions. It is opened for one system (`SystemAccess`) and used by many twins at once, so it holds
no state of a twin. Every method raises from `model.errors` only; a write whose outcome is unknown raises `Ambiguous`.
"""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, Self

from pydantic import BaseModel, JsonValue

from model.frozen import Frozen
from model.hooks import HookState
from model.item import Attachment, Comment, Fields, Item, ItemRef, Work, WorkLog


class SystemAccess(Frozen):
    """One account of a platform. `calls_per_second` bounds our own pace; `credentials` holds secrets in the clear.

    `quota_share` is the part of the platform's quota that is ours, where its answers tell how much is left.
    """

    name: str
    url: str
    credentials: dict[str, str]
    calls_per_second: float = 20.0
    quota_share: float = 1.0


class Capabilities(Frozen):
    """What a platform can do. What is missing here is never asked of its connector.

    `writable` are the hub names that `create` and `update` take; with `own_fields` they take any other name, too, as that of a field of the
    platform's own, and refuse one that it does not have. `apart` are those of `writable` for which the platform has a call of its own: each
    comes in an `update` by itself, and never in `create`. `status_by` tells whether status is one more field or needs
    `transition`; `created_with_status` whether `create` may set it. `exact_versions` promises that two different states of an item never
    share a version. `search_lag` is the longest time in seconds until `search` and `find_by_marker` see a write.

    `work_logs` says that the platform records time; its connector has `work_logs` then.

    `links` says that items can be linked: `update` then takes `issueLinks` in the form of `model/links.py`, by itself only, and `lookup`
    answers the question `link_types` with the platform's `LinkType`s.

    What protects a write: with `compare_and_set` the platform refuses an update of an item that has moved on, with `create_key` a
    repeated `create` of one marker gives the first one's item, and with `change_history` it tells who changed which property when.

    `images` tells how a text shows a file of its item, as `![ALT](attachment:NAME)` does in neutral text: not at all, by its `name`, or by
    an address that has to be known when the text is `written`. Until the file is there, the connector then writes an address that leads
    nowhere and reads back as the same neutral text. With `once` nobody can write a description a second time.

    `mentions` tells how its texts mention people: not at all, each by an id, as `model/mentions.py` or an annotation of `kit/richtext.py`
    has it, or by `@LOGIN` in Markdown. Where it is not `none`, mentions of `model/mentions.py` can be written.

    `hooks` tells whether the platform lets webhooks be registered by its API; the declaration has `hooks` then.
    """

    writable: frozenset[str]
    status_by: Literal["field", "transition"]
    created_with_status: bool
    comments: frozenset[Literal["internal", "edit", "delete"]]
    attachments: bool
    exact_versions: bool
    search_lag: float
    apart: frozenset[str] = frozenset()
    own_fields: bool = False
    work_logs: bool = False
    links: bool = False
    compare_and_set: bool = False
    create_key: bool = False
    change_history: bool = False
    hooks: bool = False
    images: Literal["none", "name", "once", "written"] = "none"
    mentions: Literal["none", "marked", "login"] = "none"


class Written(Frozen):
    """What a platform made of our write.

    `fields` holds the written properties as the platform now shows them, in hub shapes; a property that the answer did not carry is
    absent. Of a new item it may hold others, which the platform filled in. `version` is empty where the answer carried none.
    """

    ref: ItemRef
    version: str
    fields: Fields


class Change(Frozen):
    """An item that changed. `marker` names the twin that created the item, where the listing shows it."""

    id: str
    key: str
    version: str
    marker: str | None = None
    deleted: bool = False


class ChangePage(Frozen):
    """`cursor` is to be stored once `changes` are; `more` says that another page waits now."""

    changes: tuple[Change, ...]
    cursor: str
    more: bool = False


class FieldChange(Frozen):
    """One change of one property, in hub names and shapes. `ours` says that our own account made it."""

    field: str
    old: JsonValue
    new: JsonValue
    at: datetime
    ours: bool


class Delivery(Frozen):
    """One verified webhook call: `id` is the same when the platform repeats it. Hints only: items are read again before use."""

    id: str
    changes: tuple[Change, ...]


class Permission(Frozen):
    """One thing that Twinline does on a platform. `given` is None where only writing could tell; `remedy` says how to get it.

    What is `optional` only some connections need.
    """

    name: str
    given: bool | None
    remedy: str = ""
    optional: bool = False

    @classmethod
    def found(cls, name: str, given: bool | None, remedy: str, *, optional: bool = False) -> Self:
        """With the remedy only where it is not given."""
        return cls(name=name, given=given, remedy="" if given else remedy, optional=optional)


class Account(Frozen):
    """Who we are on a platform, and what we may do there. `name` and `platform` are for people, such as `Jira Cloud 1001.0.0`."""

    name: str
    platform: str
    permissions: tuple[Permission, ...] = ()


class WorkLogs(Protocol):
    """The time that people record on items. They raise what a connector's methods raise."""

    def as_read(self, work: Work) -> Work:
        """The work as `read` shows it once it is recorded, without what this platform cannot express."""
        ...

    async def add(self, item_id: str, work: Work, marker: str) -> WorkLog: ...

    async def find(self, item_id: str, marker: str, like: Work, others: Collection[str] = ()) -> WorkLog | None:
        """What `add` made under `marker`; by content where the platform cannot carry a marker. `others` are known to be something else."""
        ...

    async def edit(self, item_id: str, log_id: str, work: Work) -> WorkLog:
        """NotFound if it is no longer there."""
        ...

    async def delete(self, item_id: str, log_id: str) -> None:
        """One that is already absent counts as deleted."""
        ...


class Connector(Protocol):
    """An open account. `settings` is a side's validated settings (project, repository, ...) as JSON."""

    capabilities: Capabilities

    @property
    def work_logs(self) -> WorkLogs | None:
        """What records time on items; None where the platform keeps none."""
        ...

    async def check(self, settings: Mapping[str, JsonValue] | None) -> None:
        """Prove URL and credentials, and the side's settings where given; LoginRejected, Misconfigured or Unavailable otherwise."""
        ...

    async def account(self, settings: Mapping[str, JsonValue] | None) -> Account:
        """The account with what it may do in the side's scope, or without settings everywhere; raises what `check` does.

        Nothing is written to find that out.
        """
        ...

    async def check_query(self, settings: Mapping[str, JsonValue], query: str) -> None:
        """BadInput with the platform's own words if it does not accept the trigger query."""
        ...

    async def read(self, item_id: str) -> Item:
        """The whole item with all comments, attachments and work logs. NotFound if hidden or absent, Gone on proof of deletion."""
        ...

    async def whereabouts(self, settings: Mapping[str, JsonValue], item: Item) -> str:
        """Where the item went, for people, such as `was moved to project 'SHOP'`, on proof that it left the side's scope; else empty."""
        ...

    async def find(self, settings: Mapping[str, JsonValue], key: str) -> Change:
        """The item that people call `key` (an id or URL works too); NotFound if there is none."""
        ...

    async def create(self, settings: Mapping[str, JsonValue], fields: Fields, marker: str) -> Written:
        """Create an item that carries `marker` from its first moment."""
        ...

    async def update(self, item_id: str, fields: Fields, version: str = "") -> Written:
        """Stale if `version` is given, is no longer the item's, and the platform can compare and set."""
        ...

    async def transition(self, item_id: str, status: str, version: str = "") -> Written:
        """Bring the item to the status of that name; Refused with the reachable ones if there is no way. `version` as in `update`."""
        ...

    async def way(self, settings: Mapping[str, JsonValue], item_id: str, status: str) -> tuple[str, ...]:
        """The statuses to bring the item to one after the other, the last being that one; only that where no longer way is known."""
        ...

    def as_read(self, written: str) -> str:
        """Rich text (a description, a comment) as `read` shows it once it is `written`, without what this platform cannot express."""
        ...

    async def history(self, item_id: str, since: datetime) -> tuple[FieldChange, ...]:
        """What changed at or after `since`, oldest first. Empty where the platform keeps no history."""
        ...

    async def find_by_marker(self, settings: Mapping[str, JsonValue], marker: str, since: datetime) -> Item | None:
        """The item created with `marker` at or after `since` (already widened for clock differences)."""
        ...

    async def add_comment(self, item_id: str, body: str, *, internal: bool, marker: str) -> Comment: ...

    async def find_comment(self, item_id: str, marker: str) -> Comment | None:
        """By direct read, never by a search index."""
        ...

    async def edit_comment(self, item_id: str, comment_id: str, body: str) -> Comment:
        """The marker stays. NotFound if the comment is no longer there."""
        ...

    async def delete_comment(self, item_id: str, comment_id: str) -> None:
        """A comment that is already absent counts as deleted."""
        ...

    def download(self, attachment: Attachment) -> AbstractAsyncContextManager[AsyncIterator[bytes]]: ...

    async def upload(self, item_id: str, attachment: Attachment, content: AsyncIterator[bytes], marker: str) -> Attachment:
        """Add a file with the name, type and size of `attachment`."""
        ...

    async def find_attachment(self, item_id: str, marker: str, like: Attachment, others: Collection[str] = ()) -> Attachment | None:
        """The file that `upload` added under `marker`; by name and size where the platform cannot carry a marker.

        `others` are ids of files that are known to be something else.
        """
        ...

    async def delete_attachment(self, item_id: str, attachment_id: str) -> None:
        """An attachment that is already absent counts as deleted."""
        ...

    async def changes(self, settings: Mapping[str, JsonValue], cursor: str) -> ChangePage:
        """Items of the side's scope that changed since `cursor`; an empty cursor means from now on.

        Overlaps what was handed out before rather than missing anything.
        """
        ...

    async def search(self, settings: Mapping[str, JsonValue], query: str, since: datetime | None) -> tuple[Change, ...]:
        """Items that match a trigger query, changed at or after `since` where given."""
        ...

    async def lookup(self, settings: Mapping[str, JsonValue], name: str, arguments: tuple[str | None, ...]) -> JsonValue:
        """The answer to a question of the rule language, None for "no such thing" and for a name it does not know; kept for a few minutes.

        Names: `issue_type`, `default_issue_type`, `priority`, `status`, `resolution`, `project`, `version`, `component`, `user`,
        `user_by_email`, `user_by_username`, `option`, `custom_field`, `user_assignable`. `create_version`, `create_component` and
        `create_option` make one, given what `version` and so on are given and then its description; None where that is not possible.
        `http` calls the platform's REST API, see `kit.rest`; it is not kept. A method other than GET writes.
        """
        ...

    async def aclose(self) -> None: ...


class Hooks(Protocol):
    """The webhooks of one account, kept by the platform's own API. A webhook is ours if it calls the address that is asked for."""

    async def ensure(self, settings: Mapping[str, JsonValue], address: str, secret: str) -> tuple[HookState, ...]:
        """Have the events of the side's scope sent to `address`, with `secret`, once, however often this is called.

        What is missing is registered, what is switched off is switched on, and what differs is set right. Refused with what to do about it
        where the account may not; otherwise raises what a write does.
        """
        ...

    async def remove(self, settings: Mapping[str, JsonValue], address: str) -> None:
        """Take away what the side's scope sends to `address`; nothing there is fine."""
        ...

    async def aclose(self) -> None: ...


@dataclass(frozen=True)
class FakeOptions:
    """How a fake starts. `user` and `secret` are the account that Twinline uses; `seed` is a JSON document of the fake's own form."""

    user: str
    secret: str
    seed: Mapping[str, JsonValue] | None = None
    webhook_url: str = ""
    webhook_secret: str = ""


def an_item(settings: Mapping[str, JsonValue], query: str) -> str:
    """The entity type of platforms that have but one."""
    del settings, query
    return "item"


class Fake(Protocol):
    """A platform's API as a stateful ASGI app."""

    async def __call__(self, scope: object, receive: object, send: object) -> None: ...


@dataclass(frozen=True)
class Declaration:
    """All that the product knows of a connector.

    `parse_webhook(headers, body, secret)` is pure; header names are lower-case; it raises `webhooks.Forged` when the signature is
    missing or wrong. `scope(settings)` names the part of the system that a side's settings select: sides with equal scopes share one feed.
    `entity(settings, query)` is the platform's own name for what a trigger query of that side finds, such as `incident`; it is pure.
    `open` makes no call, nor does `hooks`.
    """

    kind: str
    title: str
    capabilities: Capabilities
    credentials: type[BaseModel]
    settings: type[BaseModel]
    scope: Callable[[Mapping[str, JsonValue]], str]
    open: Callable[[SystemAccess], Connector]
    parse_webhook: Callable[[Mapping[str, str], bytes, str], Delivery]
    outgoing: str
    incoming: str
    fake: Callable[[FakeOptions], Fake]
    hooks: Callable[[SystemAccess], Hooks] | None = None
    entity: Callable[[Mapping[str, JsonValue], str], str] = an_item
