"""A connector at work on its own fake over HTTP, and a person who works beside it."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from pydantic import BaseModel, JsonValue
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from connectors.kit.conformance.quality import Quality
from connectors.kit.conformance.subject import Call, Subject
from connectors.kit.fake import serving
from connectors.kit.http import Answer, Body, Http
from connectors.kit.interface import Change, ChangePage, Connector, Declaration, FakeOptions, SystemAccess
from model.errors import Refused, TwinlineError
from model.item import Fields, Item, ItemRef

SYSTEM = "acme-subject"
HOOK_SECRET = "acme-hook-secret"  # noqa: S105
FAST = 1000.0
PATIENCE = 10.0
"""Seconds within which a webhook call comes, or a clock goes on."""


@dataclass(frozen=True)
class Known:
    """A connector, what it says of itself, and how it is worked with."""

    declaration: Declaration
    quality: Quality
    subject: Subject


@dataclass(frozen=True)
class Received:
    """One webhook call as it came in, with lower-case header names."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class Shown(BaseModel):
    """What the suite needs of `/_fake/state`."""

    calls: dict[str, int]


class Inbox:
    """Where the fake's webhook calls go."""

    def __init__(self) -> None:
        self.calls: list[Received] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.calls.append(Received(request.url.path, dict(request.headers), await request.body()))
        await Response(status_code=202)(scope, receive, send)


class Live:
    """`connector` is the one under test; `url` is the fake's address and `inbox` has the calls that it made to paths below `hook`."""

    def __init__(self, known: Known, url: str, inbox: Inbox, hook: str) -> None:
        self.known = known
        self.subject = known.subject
        self.settings = known.subject.settings
        self.url = url
        self.inbox = inbox
        self.hook = hook
        self.connector = self.opened(known.subject.credentials)
        self._hand = Http("the fake", url, known.subject.person.headers, _told, calls_per_second=FAST)

    def opened(self, credentials: Mapping[str, str]) -> Connector:
        """The connector with other credentials, which the caller closes."""
        return self.known.declaration.open(self.access(credentials))

    def access(self, credentials: Mapping[str, str]) -> SystemAccess:
        address = f"{self.url}{self.subject.root}"
        return SystemAccess(name=SYSTEM, url=address, credentials=dict(credentials), calls_per_second=FAST)

    async def aclose(self) -> None:
        await self.connector.aclose()
        await self._hand.aclose()

    async def control(self, **switches: JsonValue) -> None:
        """Sets switches of the fake; see `connectors.kit.fake.Controls`."""
        await self._hand.write("POST", "/_fake/control", Body(json=dict(switches)))

    async def calls(self) -> int:
        """How many calls the fake had so far."""
        return sum(Shown.model_validate((await self._hand.get("/_fake/state")).json()).calls.values())

    async def written(self) -> int:
        """How many of them could have written: those that are no GET."""
        calls = Shown.model_validate((await self._hand.get("/_fake/state")).json()).calls
        return sum(number for method, number in calls.items() if method != "GET")

    async def by_hand(self, call: Call) -> JsonValue:
        """What a person's call is answered; it must succeed."""
        body = None if call.body is None else Body(json=call.body, content_type=call.content_type)
        answer = await self._hand.write(call.method, call.path, body)
        return answer.json() if "json" in answer.headers.get("content-type", "") else None

    async def retitle(self, item: ItemRef, summary: str) -> None:
        await self.subject.person.retitle(self.by_hand, item, summary)

    async def say(self, item: ItemRef, text: str) -> None:
        await self.subject.person.say(self.by_hand, item, text)

    async def delete(self, item: ItemRef) -> None:
        await self.subject.person.delete(self.by_hand, item)

    async def made(self, summary: str = "Printer on fire", /, **fields: JsonValue) -> Item:
        """A new item that the connector made."""
        own: Fields = {"summary": summary, **fields}
        written = await self.connector.create(self.settings, own, new_marker())
        return await self.connector.read(written.ref.id)

    async def since(self, cursor: str) -> tuple[tuple[Change, ...], str, int]:
        """All that changed since then, where to go on, and in how many pages it came."""
        found: list[Change] = []
        pages = 0
        page = ChangePage(changes=(), cursor=cursor, more=True)
        while page.more:
            page = await self.connector.changes(self.settings, page.cursor)
            found += page.changes
            pages += 1
        return tuple(found), page.cursor, pages


@asynccontextmanager
async def running(known: Known) -> AsyncGenerator[Live]:
    """A fresh fake of that connector on a socket of its own."""
    inbox = Inbox()
    async with serving(inbox) as hook:
        subject = known.subject
        fake = known.declaration.fake(
            FakeOptions(user=subject.user, secret=subject.secret, seed=subject.seed, webhook_url=f"{hook}/hook", webhook_secret=HOOK_SECRET)
        )
        async with serving(fake) as url:
            live = Live(known, url, inbox, hook)
            try:
                for call in subject.before:
                    await live.by_hand(call)
                yield live
            finally:
                await live.aclose()


def new_marker() -> str:
    return f"acme-to-sync:{uuid4().hex}"


def new_word() -> str:
    """A word that no item has yet."""
    return f"w{uuid4().hex[:12]}"


def an_hour_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


async def pieces(content: bytes, size: int = 64 * 1024) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


def _told(answer: Answer) -> TwinlineError:
    shown = answer.body[:300].decode("utf-8", "replace")
    return Refused(f"a person's call was answered {answer.status}: {shown}")
