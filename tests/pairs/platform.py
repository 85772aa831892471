"""A platform as the people see it who work in it, over its own API: every platform in the same few words.

What only one platform has is done and seen through its own people (`GitHubColleague.edit` and so on), who are of the same account.
"""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping
from typing import ClassVar, Self

from pydantic import JsonValue, SecretStr

from cli.demo.people import FakeControl
from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.interface import Capabilities, Fake, FakeOptions, SystemAccess
from model.deployment import SideDeclaration, SystemDeclaration
from model.frozen import Frozen
from model.item import ItemRef

SECRET = "bot-secret"
HOOK_SECRET = "hook-secret"
PEOPLE: Mapping[str, str] = {"ann": "Ann Archer", "bob": "Bob Baker", "cat": "Cat Cole"}
COLLEAGUE = "@Bob Baker"


class Report(Frozen):
    """An item as somebody reports it. `description` is neutral text, in which `COLLEAGUE` becomes a mention where there are any."""

    summary: str
    description: str = ""
    high: bool = False
    assignee: str = ""


class Said(Frozen):
    """A comment: who is shown as its author, its neutral text, and whether customers are kept from it."""

    author: str
    text: str
    internal: bool


class Seen(Frozen):
    """`description` is neutral text, `assignee` one of `PEOPLE` or empty; `high` tells a high priority from all others."""

    summary: str
    description: str
    done: bool
    high: bool
    assignee: str
    labels: frozenset[str] = frozenset()
    comments: tuple[Said, ...] = ()


class Worked(Frozen):
    """Time on record: whose it is shown as, how long, and for what."""

    author: str
    minutes: int
    words: str


class Person(ABC):
    """Somebody who works with items; `item` is what people call one, see `Platform.address`."""

    @abstractmethod
    async def report(self, report: Report) -> str:
        """A new item that is to come under sync."""

    @abstractmethod
    async def reword(self, item: str, *, summary: str | None = None, description: str | None = None) -> None: ...

    @abstractmethod
    async def finish(self, item: str) -> None: ...

    @abstractmethod
    async def say(self, item: str, text: str, *, internal: bool = False) -> None: ...

    @abstractmethod
    async def enclose(self, item: str, filename: str, content: bytes) -> None: ...

    @abstractmethod
    async def look(self, item: str) -> Seen: ...

    @abstractmethod
    async def enclosures(self, item: str) -> dict[str, bytes]:
        """The files by name."""

    @abstractmethod
    async def aclose(self) -> None: ...


class Painter(ABC):
    """Somebody who works where texts show files of their item."""

    @abstractmethod
    async def paste(self, item: str, filename: str, content: bytes) -> None:
        """Show a new picture in a comment, and at the end of the description where people can edit that, as its editors do."""

    @abstractmethod
    async def pictures(self, item: str) -> list[bytes]:
        """What the pictures in the description and in the comments lead to: nothing where there is no file."""


class Timekeeper(ABC):
    """Somebody who records time on items. A work log is named by its words."""

    @abstractmethod
    async def log(self, item: str, minutes: int, words: str) -> None: ...

    @abstractmethod
    async def correct(self, item: str, words: str, *, minutes: int | None = None, new: str | None = None) -> None: ...

    @abstractmethod
    async def unlog(self, item: str, words: str) -> None: ...

    @abstractmethod
    async def worked(self, item: str) -> tuple[Worked, ...]: ...


class Platform(ABC):
    """A running platform: `bot` is our account there, as the log of its fake has it, `trigger` finds what is to come under sync.

    `rewords` says whether people can edit a description.
    """

    kind: ClassVar[str]
    bot: ClassVar[str]
    settings: ClassVar[Mapping[str, JsonValue]]
    trigger: str
    seed: ClassVar[Mapping[str, JsonValue] | None]
    credentials: Mapping[str, str]
    path: ClassVar[str] = ""
    search_lag: ClassVar[float] = 0
    rewords: ClassVar[bool] = True

    def __init__(self, url: str) -> None:
        self.url = url
        self.control = FakeControl(url)
        access = SystemAccess(name=self.kind, url=url, credentials=dict(self.credentials))
        self._connector = declaration(self.kind).open(access)

    @property
    @abstractmethod
    def people(self) -> Mapping[str, Person]: ...

    @property
    def timekeepers(self) -> Mapping[str, Timekeeper]:
        """The people who record time, where the platform keeps any."""
        return {}

    @abstractmethod
    def address(self, ref: ItemRef) -> str:
        """What people use to reach an item."""

    @property
    def capabilities(self) -> Capabilities:
        return declaration(self.kind).capabilities

    async def connect(self) -> None:
        await self._connector.check(None)

    def as_read(self, text: str) -> str:
        """Neutral text as it comes back from here, once it is connected to."""
        return self._connector.as_read(text)

    def system(self, poll: float = 0.5) -> SystemDeclaration:
        return SystemDeclaration(
            kind=self.kind,
            url=f"{self.url}{self.path}",
            credentials={name: SecretStr(value) for name, value in self.credentials.items()},
            webhook_secret=SecretStr(HOOK_SECRET),
            poll=poll,
            late_writes=1,
            search_lag=self.search_lag or None,
            calls_per_second=500,
        )

    def side(self) -> SideDeclaration:
        """With the rules that are used where none are given."""
        own = declaration(self.kind)
        return SideDeclaration(settings=dict(self.settings), outgoing=own.outgoing, incoming=own.incoming)

    async def writes(self) -> int:
        """How many writes Twinline has made here."""
        return await self.control.writes(self.bot)

    async def calls(self) -> int:
        return await self.control.calls()

    async def aclose(self) -> None:
        for person in self.people.values():
            await person.aclose()
        await self.control.aclose()
        await self._connector.aclose()

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls, hooks: str) -> AsyncGenerator[Self]:
        """Its fake, served."""
        async with serving(cls.fake(hooks)) as url, contextlib.AsyncExitStack() as stack:
            platform = cls(url)
            stack.push_async_callback(platform.aclose)
            await platform.connect()
            yield platform

    @classmethod
    def fake(cls, hooks: str) -> Fake:
        """It calls the webhook address `hooks` followed by its kind."""
        return declaration(cls.kind).fake(FakeOptions(cls.bot, SECRET, cls.seed, f"{hooks}/{cls.kind}", HOOK_SECRET))


def first_name(shown: object) -> str:
    """One of `PEOPLE` by a name, a login or an address; empty for nobody and anybody else."""
    name = str(shown or "").replace("@", " ").partition(" ")[0].lower()
    return name if name in PEOPLE else ""
