"""A world of processes: Temporal's server, three fakes, the API, a worker that dies where told, and people on both sides.

Everything between worker and fakes goes through proxies that cut. Ports stay the same over a restart.
"""

import asyncio
import contextlib
import random
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr

from cli.client import Api
from cli.demo.people import FakeControl, GitHubPerson, JiraPerson
from config.opening import open_store
from config.server import server_command, server_ready
from config.settings import Settings
from model.errors import Unavailable
from model.item import Fields
from store import Store
from tests.crash.arming import Armory
from tests.crash.fakes import KINDS
from tests.crash.load import Field, Load
from tests.crash.parts import Part, Workers
from tests.crash.people import InGitHub, InJira, Person
from tests.crash.proxy import Proxy, proxied
from tests.crash.reading import Reader
from tests.crash.setting import APP, LINKS, OPS, deployment
from tests.oracle.records import Record, Side
from tests.ports import free_port

EVENTS_PER_RUN = 60
START_SECONDS = 120.0
LATE_INDEX = 0.5


@dataclass
class Watch:
    """A fake's log as far as we know it; `lines` asks for the rest."""

    control: FakeControl
    known: list[Fields] = field(default_factory=list[Fields])
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def lines(self) -> Sequence[Fields]:
        async with self.turn:
            self.known += await self.control.log(len(self.known))
            return self.known


@dataclass
class Eyes:
    """What happened on one connection as far as we know it, in the order in which we learned of it."""

    sides: Sequence[tuple[Reader, Watch]]
    known: list[Record] = field(default_factory=list[Record])
    read: Counter[Side] = field(default_factory=Counter[Side])

    async def look(self) -> Sequence[Record]:
        for reader, watch in self.sides:
            lines, side = await watch.lines(), reader.ground.side
            self.known += reader.records(lines[self.read[side] :])
            self.read[side] = len(lines)
        return self.known


@dataclass(frozen=True)
class Ports:
    temporal: int
    api: int
    fakes: dict[str, int]


@dataclass(frozen=True)
class Stage:
    """Everything that runs, and who works with it."""

    home: Path
    ports: Ports
    temporal: Part
    api: Part
    workers: Workers
    armory: Armory
    proxies: dict[str, Proxy]
    watches: dict[str, Watch]
    product: Api
    store: Store
    eyes: dict[str, Eyes]
    load: Load


@contextlib.asynccontextmanager
async def opened_stage(home: Path, seed: str, database: str | None) -> AsyncGenerator[Stage]:
    """A running world over that folder; the database is the URL, or a SQLite file in the folder. Nothing of it runs in the end."""
    ports = Ports(free_port(), free_port(), {platform: free_port() for platform in KINDS})
    settings = Settings(data=home, database_url=SecretStr(database) if database else None)
    async with contextlib.AsyncExitStack() as stack:
        temporal, api = await _parts(stack, home, ports, _environment(settings, ports))
        workers = Workers(home / "points", _environment(settings, ports), home / "worker.log")
        stack.push_async_callback(workers.close)
        await workers.open()
        proxies = {name: await stack.enter_async_context(proxied(port, f"{seed} {name}")) for name, port in ports.fakes.items()}
        watches = {name: Watch(await _closing(stack, FakeControl(_url(port)))) for name, port in ports.fakes.items()}
        people = await _people(stack, ports)
        store = await _closing(stack, await open_store(settings))
        load = Load([], random.Random(seed))
        product = Api(_url(ports.api))
        eyes = {link.name: Eyes([(Reader(link.ground(side)), watches[link.platform(side)]) for side in Side]) for link in LINKS}
        load.fields += [Field(link.name, people[link.name], eyes[link.name].look) for link in LINKS]
        stage = Stage(home, ports, temporal, api, workers, Armory(home / "points"), proxies, watches, product, store, eyes, load)
        await store.configurations.match(deployment({name: proxy.url for name, proxy in proxies.items()}))
        await _ready(stage)
        await workers.start()
        yield stage


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _environment(settings: Settings, ports: Ports) -> dict[str, str]:
    own = {"TWINLINE_DATA": str(settings.home), "TEMPORAL_ADDRESS": f"127.0.0.1:{ports.temporal}"}
    return own | ({"TWINLINE_DATABASE_URL": settings.database} if settings.database_url else {})


async def _parts(stack: contextlib.AsyncExitStack, home: Path, ports: Ports, environment: dict[str, str]) -> tuple[Part, Part]:
    """Temporal's server and the API; the fakes run besides."""
    suggest = ["--dynamic-config-value", f"limit.historyCount.suggestContinueAsNew={EVENTS_PER_RUN}"]
    server = [*server_command(home / "temporal.db", ports.temporal, free_port()), *suggest]
    python = [sys.executable, "-P", "-m"]
    temporal = Part("temporal", server, {}, home / "temporal.log")
    api = Part("api", [*python, "cli.main", "api", "--port", str(ports.api)], environment, home / "api.log")
    command = [*python, "tests.crash.fakes", f"{_url(ports.api)}/webhooks", *map(str, ports.fakes.values())]
    fakes = Part("fakes", command, {}, home / "fakes.log")
    for part in (temporal, fakes, api):
        stack.push_async_callback(part.stop)
        await part.start()
    return temporal, api


T = TypeVar("T", Store, FakeControl, JiraPerson, GitHubPerson)


async def _closing(stack: contextlib.AsyncExitStack, thing: T) -> T:
    stack.push_async_callback(thing.aclose)
    return thing


async def _people(stack: contextlib.AsyncExitStack, ports: Ports) -> dict[str, dict[Side, Person]]:
    """Who works on the sides of each connection."""
    ann = await _closing(stack, JiraPerson(_url(ports.fakes["jira"]), "ann@acme.test", "ann-token"))
    bob = await _closing(stack, GitHubPerson(_url(ports.fakes["github"]), "bob-token", APP.place(Side.RIGHT)))
    dan = await _closing(stack, JiraPerson(_url(ports.fakes["desk"]), "bob@acme.test", "bob-token"))
    priorities = ("High", "Medium", "Low")
    people: dict[str, dict[Side, Person]] = {
        APP.name: {Side.LEFT: InJira(ann, APP.place(Side.LEFT), files=False), Side.RIGHT: InGitHub(bob, APP.place(Side.RIGHT))},
        OPS.name: {
            Side.LEFT: InJira(ann, OPS.place(Side.LEFT), priorities=priorities),
            Side.RIGHT: InJira(dan, OPS.place(Side.RIGHT), priorities=priorities),
        },
    }
    return people


async def _ready(stage: Stage) -> None:
    async def fakes() -> bool:
        try:
            for watch in stage.watches.values():
                await watch.control.set(lag_s=LATE_INDEX)
        except Unavailable:
            return False
        return True

    async def ready(part: str, waiting: Awaitable[object]) -> None:
        try:
            await asyncio.wait_for(waiting, START_SECONDS)
        except TimeoutError:
            raise AssertionError(f"{part} did not start within {START_SECONDS} s") from None

    await ready("Temporal", server_ready(stage.ports.temporal))
    await ready("a fake", until(fakes))
    await ready("the API", until(stage.product.ready))


async def until(look: Callable[[], Awaitable[bool]], pause: float = 0.05) -> None:
    while not await look():
        await asyncio.sleep(pause)
