"""One simulated deployment: the real activities and workflows between two simulated platforms, all in one virtual-time loop."""

import asyncio
import contextlib
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from pydantic import BaseModel
from temporalio.common import TypedSearchAttributes

from activities.access import OpenSystem, Systems
from activities.connection import Resuming
from activities.engine import Engine
from activities.feed import SystemFeed
from activities.hooks import HookKeeper
from activities.interface import TwinInput
from activities.routing import Router
from activities.ruling import Ruling
from activities.signals import Signals
from activities.twin import SyncActivities
from connectors.kit.interface import Declaration
from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.errors import TwinlineError, Unavailable
from model.inbox import InboxChange
from model.words import Side
from operations.events import wake
from store import MasterKey, Store
from tests.points import WRITES, pointed_store
from tests.simulation import rules_used, stores
from tests.simulation.account import WAY, Account
from tests.simulation.clock import Clock
from tests.simulation.faults import Faults
from tests.simulation.platform import Platform, Record
from tests.simulation.process import Killed, Process, running
from tests.simulation.profile import Profile
from tests.simulation.server import Away, Server
from workflows.connection import ConnectionWorkflow
from workflows.feed import FeedWorkflow
from workflows.twin import TwinWorkflow

CONNECTION = "pair"
HOOK_WAY = (0.02, 0.5)
LATE_HOOK = 25.0


class DatabaseLost(OSError):
    """The database broke the connection."""


class SimulatedSignals(Signals):
    def __init__(self, server: Server, events_per_run: int) -> None:
        self._server = server
        self._events_per_run = events_per_run

    async def _send(
        self,
        workflow: str,
        workflow_id: str,
        start: object,
        signal: str | None,
        argument: object | None,
        summary: str,
        attributes: TypedSearchAttributes | None,
    ) -> None:
        del summary, attributes
        assert isinstance(start, BaseModel)
        assert signal is not None
        if isinstance(start, TwinInput):
            start = start.model_copy(update={"events_per_run": self._events_per_run})
        try:
            await self._server.signal(workflow, workflow_id, start, signal, argument if isinstance(argument, BaseModel) else None)
        except Away:
            raise Unavailable("Temporal cannot take the message now") from None


class SimulatedSystems(Systems):
    def __init__(self, store: Store, accounts: dict[Side, Account]) -> None:
        super().__init__(store)
        self._accounts = accounts
        self._known: dict[str, OpenSystem] = {}

    async def opened(self, system_id: str) -> OpenSystem:
        """Read once: no step of a case changes a system's own configuration."""
        if system_id not in self._known:
            account = self._accounts[Side(system_id)]
            self._known[system_id] = OpenSystem(await self._store.configurations.system(system_id), declared(account), account)
        return self._known[system_id]


def declared(account: Account) -> Declaration:
    return Declaration(
        kind="simulated",
        title="Simulated",
        capabilities=account.capabilities,
        credentials=BaseModel,
        settings=BaseModel,
        scope=lambda _: "all",
        open=_never,
        parse_webhook=_never,
        outgoing="",
        incoming="",
        fake=_never,
    )


def _never(*_: object) -> NoReturn:
    raise AssertionError("nobody asks for this here")


@dataclass
class Audit:
    """What happened at the edges of the engine, in virtual seconds: facts that no platform's history can tell."""

    gates: list[tuple[float, float, bool]] = field(default_factory=list[tuple[float, float, bool]])
    unlinked: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    complaints: list[str] = field(default_factory=list[str])
    parked: list[str] = field(default_factory=list[str])
    hidden: set[str] = field(default_factory=set[str])


class World:
    """Opened within the clock's loop; `platforms`, `store` and `audit` are what is judged in the end."""

    def __init__(self, profile: Profile, clock: Clock) -> None:
        self.profile = profile
        self.clock = clock
        self.chance = random.Random(profile.seed)
        self.faults = Faults(clock)
        self.audit = Audit()
        self.version = 1
        self.broken = False
        self.api = Process("api")
        self.platforms = {side: Platform(side, profile.habits(side), clock, self._hook(side)) for side in Side}
        self.deliveries = 0
        self.travelling = 0
        self.frozen_until = 0.0
        self.under_way: set[asyncio.Task[None]] = set()
        self._tokens = 0
        for owner in (self, *self.platforms.values()):
            clock.outlives(owner)

    async def open(self, folder: Path | None, *, watched: bool) -> None:
        """`folder` holds the database file, where the case is to run on a real one; `watched` says that something may strike at points."""
        key = MasterKey("q0Zr8cV1yNw5pXk3sT7uJ2mB9hLd4fGa6eRiOoPzQxY=")
        self.bare = await stores.opened(key, self.clock.now, self._token, folder)
        self.watched = watched
        self.store = pointed_store(self.bare, self.reach) if watched else self.bare
        self.accounts = {side: Account(self.platforms[side], self.clock, self.faults, self._way, self.reach) for side in Side}
        self.systems = SimulatedSystems(self.store, self.accounts)
        self.engine = Engine(store=self.store, systems=self.systems, ruling=Ruling(self.clock.now), op_key=b"k" * 32, now=self.clock.now)
        workflows = (TwinWorkflow, ConnectionWorkflow, FeedWorkflow)
        self.server = Server(self.clock, workflows, self.chance, self.profile.hop, self.reach, self._complain)
        self.clock.outlives(self.server)
        self.signals = SimulatedSignals(self.server, self.profile.events_per_run)
        router = Router(self.engine, self.signals)
        sync, feed = SyncActivities(self.engine, router), SystemFeed(self.engine, router, HookKeeper(self.engine, ""))
        resuming = Resuming(self.engine, self.signals)
        self.server.register(sync.fetch, sync.transform, sync.apply, sync.unlink, feed.poll, resuming.resume_held)
        await self.bare.configurations.match(self.deployment())

    async def begin(self) -> None:
        for system in await self.bare.configurations.systems():
            await self.signals.wake_feed(system)
        await self.signals.connection_changed(CONNECTION, active=True)

    async def end(self) -> None:
        self.server.end()
        await self.bare.aclose()

    def deployment(self) -> Deployment:
        outgoing = rules_used.outgoing(self.version, self.profile)
        side = SideDeclaration(outgoing=outgoing, incoming=rules_used.incoming(self.version, self.profile, broken=self.broken))
        system = SystemDeclaration(kind="simulated", url="https://acme.example", poll=self.profile.poll, late_writes=self.profile.late)
        triggers = [{"side": one, "query": "sync"} for one in Side]
        return Deployment.model_validate(
            {
                "systems": {str(one): system for one in Side},
                "integrations": {"acme": IntegrationDeclaration(left="left", right="right")},
                "connections": {
                    CONNECTION: ConnectionDeclaration.model_validate(
                        {
                            "integration": "acme",
                            "left": side,
                            "right": side,
                            "triggers": triggers,
                            "conflicts": {"default": self.profile.policy},
                            "active": self.active,
                        }
                    )
                },
            }
        )

    @property
    def active(self) -> bool:
        return not self.audit.gates or max(self.audit.gates)[2]

    # Points

    async def reach(self, point: str) -> None:
        """Where what is armed strikes."""
        process = running()
        if process is None:
            return
        process.require_alive()
        if self.watched and not self.faults.healed:
            await self._strike(process, point, point.partition(" ")[2])

    async def _strike(self, process: Process, point: str, name: str) -> None:
        if self.faults.freezes and (freeze := self.faults.freeze(point)) is not None:
            attempt = self.server.attempt_of(asyncio.current_task())
            if attempt is not None and freeze.seconds > attempt.scheduled.silence:
                self.clock.call_later(attempt.scheduled.silence, self.server.give_up, attempt)
            self.frozen_until = max(self.frozen_until, self.clock.elapsed + freeze.seconds)
            await self.clock.sleep(freeze.seconds)
            process.require_alive()
        if self.faults.crashes and (crash := self.faults.crash(point)) is not None:
            self._kill(process, crash.seconds)
            raise Killed(point)
        if self.faults.stores and name in WRITES and self.faults.store(point):
            raise DatabaseLost(point)

    def _kill(self, process: Process, seconds: float) -> None:
        if process is self.server.worker:
            self.server.kill(seconds)
        elif process is self.api:
            self.api = Process("api")
            process.kill()

    def _complain(self, complaint: str) -> None:
        self.audit.complaints.append(complaint)

    def _way(self) -> float:
        return self.chance.uniform(*WAY)

    def _token(self, size: int) -> str:
        self._tokens += 1
        return f"{self._tokens:0{2 * size}x}"

    # Webhooks

    def _hook(self, side: Side) -> Callable[[Record], None]:
        return lambda record: self._changed(side, record)

    def _changed(self, side: Side, record: Record) -> None:
        platform = self.platforms[side]
        if not platform.habits.hooks:
            return
        fault = self.faults.hook(side)
        how = fault.how if fault else ""
        if how == "lost":
            return
        self.deliveries += 1
        change = InboxChange(
            item_id=record.id,
            key=record.key,
            version=platform.version(record),
            marker=(record.marker or None) if platform.habits.shows_marker else None,
            deleted=record.deleted,
        )
        times = 2 if how == "doubled" else 1
        late = {"late": fault.seconds if fault else 0.0, "after": LATE_HOOK}.get(how, 0.0)
        for _ in range(times):
            self.travelling += 1
            pause = self.chance.uniform(*HOOK_WAY) + late
            self.clock.call_later(pause, self._deliver, side, f"delivery-{self.deliveries}", change)

    def _deliver(self, side: Side, delivery: str, change: InboxChange) -> None:
        self.travelling -= 1
        self.within(self._intake(side, delivery, change))

    async def _intake(self, side: Side, delivery: str, change: InboxChange) -> None:
        await self.store.inbox.add(str(side), delivery, [change])
        await wake(self.store, self.signals, str(side))

    def within(self, work: Coroutine[object, object, None]) -> None:
        """Run `work` in the process of API and webhooks. What it raises is told to its caller, who does nothing about it."""
        task = self.api.run(_quietly(work))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)


async def _quietly(work: Coroutine[object, object, None]) -> None:
    with contextlib.suppress(DatabaseLost, TwinlineError):
        await work
