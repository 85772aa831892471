"""What the suite has to know of a connector beyond its declaration: a connector's `conformance.py` says it as data, in `SUBJECT`."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from model.item import Attachment, Fields, ItemRef


@dataclass(frozen=True)
class Call:
    """One call of a platform's API; `path` begins with `/` and is below the fake's own address."""

    method: str
    path: str
    body: JsonValue = None
    content_type: str = "application/json"


Hand = Callable[[Call], Awaitable[JsonValue]]
"""Makes a person's call, which must succeed, and gives the answer."""


@dataclass(frozen=True)
class Person:
    """Somebody who works in the platform by hand: by its API, with a login of their own, and never through the connector.

    `headers` sign their calls in. `retitle` sets the summary, `say` adds a public comment, `delete` deletes the item.
    """

    headers: Mapping[str, str]
    retitle: Callable[[Hand, ItemRef, str], Awaitable[object]]
    say: Callable[[Hand, ItemRef, str], Awaitable[object]]
    delete: Callable[[Hand, ItemRef], Awaitable[object]]


@dataclass(frozen=True)
class Sample:
    """Properties that can be written at once, in the form in which they are then read.

    `on_creation` and `on_update` tell when the platform takes them; `moves` are properties that it changes along with them. `settings` are
    others than the subject's, where only another part of the system has them.
    """

    fields: Fields
    on_creation: bool = True
    on_update: bool = True
    moves: frozenset[str] = frozenset()
    settings: Mapping[str, JsonValue] | None = None


Shows = Callable[[Hand, ItemRef, Attachment], Awaitable[bool]]
"""Whether the platform itself has the file shown in the last comment, and in the description where that can be written again."""


@dataclass(frozen=True)
class Subject:
    """How the suite works with a connector and its fake.

    `user` and `secret` are given to the fake, `credentials` with the same secret to the connector, which reaches the fake below `root`.
    `settings` are a side's. The `samples` cover every property that the declaration calls writable; `statuses` lead from a new item's to
    the first and on to the second. `absent` is the id of no item. `query` is a trigger query for the items with that word, which the
    suite puts into their summaries; `bad_query` is one that the platform refuses. `feed_page` is how many changes the feed hands out at
    once. The person makes the calls `before` all else. `signed` gives the headers of a genuine webhook call with that body and secret.
    `shows` is needed where texts show files.
    """

    user: str
    secret: str
    credentials: Mapping[str, str]
    settings: Mapping[str, JsonValue]
    person: Person
    samples: tuple[Sample, ...]
    statuses: tuple[str, str]
    absent: str
    query: Callable[[str], str]
    bad_query: str
    feed_page: int
    signed: Callable[[bytes, str], Mapping[str, str]]
    root: str = ""
    seed: Mapping[str, JsonValue] | None = None
    before: tuple[Call, ...] = ()
    custom_field: tuple[str, JsonValue] | None = None
    mail: str = "ann@acme.test"
    shows: Shows | None = None
    noise: frozenset[str] = field(default=frozenset({"updated"}))
    """Properties that every edit changes by itself."""
