"""Two metered platforms with a connection between them, and what is waited for."""

import asyncio
import contextlib
import uuid
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from activities.routing import PROMPT_LOOKS
from activities.signals import feed_id
from bench.meter import Metered, metered
from bench.stage import PATIENCE_SECONDS, until
from model.deployment import Deployment
from model.errors import Unavailable
from model.words import Side, TwinStatus
from tests.e2e.stage import opened_stage
from tests.pairs.platform import Platform
from tests.pairs.world import PairWorld

NEVER = 1_000_000.0
LOOK_SECONDS = 0.2
Calls = Mapping[Side, Counter[str]]


@dataclass(frozen=True)
class Pace:
    """How many seconds without a call count as rest; and how many times both sides are polled after work, each after how many seconds.

    A rest is longer than the fakes' search indexes lag, so that what is asked once more after that is seen. Platforms that keep seconds
    tell an item's version as final four seconds after it, and the poll that finds it then may be the second. An idle poll is measured
    `idle` seconds after the one before.
    """

    rest: float = 1.5
    polls: int = 2
    settled: float = 4.0
    idle: float = 31.0


THOROUGH = Pace()
HASTY = Pace(rest=0.5, polls=1, settled=0.0, idle=0.0)
"""Too fast for all that comes of a change to be counted."""


@dataclass
class Polls:
    """Those of one side: what an idle one calls, and what all so far have called by themselves."""

    idle: Counter[str] = field(default_factory=Counter[str])
    own: Counter[str] = field(default_factory=Counter[str])

    def add(self, calls: Counter[str], *, news: bool) -> None:
        """One more. An idle poll may read an item in turn, and one with news reads what is new in its place."""
        usual = Counter({what: count for what, count in self.idle.items() if "{id}" not in what})
        self.own += calls & usual if news else calls


@dataclass(frozen=True)
class Crossing:
    """Polls happen when `poll` is called and not by themselves; `polls` are the calls that they make whether anything changed or not."""

    world: PairWorld[Platform, Platform]
    ends: Mapping[Side, Metered]
    pace: Pace
    polls: dict[Side, Polls]

    async def begin(self) -> None:
        """The systems' first polls are part of it."""
        await self.world.begin(self._deployment())

    def _deployment(self) -> Deployment:
        told = self.world.deployment(NEVER)
        behind = {self._name(side): f"{end.url}{end.platform.path}" for side, end in self.ends.items()}
        return told.model_copy(
            update={"systems": {name: one.model_copy(update={"url": behind[name]}) for name, one in told.systems.items()}}
        )

    def _name(self, side: Side) -> str:
        return self.world.system_name(self.ends[side].platform.kind)

    async def poll(self, side: Side) -> Counter[str]:
        """One that has become due: the calls on that side, with all that comes of it."""
        before = await self._last_transaction()
        calls = (await self._spent(lambda: self._polled(side)))[side]
        self.polls[side].add(calls, news=await self._last_transaction() != before)
        return calls

    async def _last_transaction(self) -> int:
        found = [await self.world.store.transactions.of_twin(twin.id, 1) for twin in await self.world.twins()]
        return max((one.id for some in found for one in some), default=0)

    async def _polled(self, side: Side) -> None:
        system = next(one for one in await self.world.store.configurations.systems() if one.id == self._name(side))
        before = self._made(side)
        await self.world.client.get_workflow_handle(feed_id(system.id)).terminate()
        await self.world.signals.wake_feed(system)

        async def asked() -> bool:
            return self._made(side) > before

        await until(asked, f"a poll of {system.id}")
        await self.rest()

    async def measure_idle(self) -> Calls:
        """What a poll of each side calls while nothing changes, as long after the one before as there is usually between two."""
        await asyncio.sleep(self.pace.idle)
        for side in Side:
            self.polls[side].idle = await self.poll(side)
        return {side: one.idle for side, one in self.polls.items()}

    async def noticed(self) -> None:
        """Wait until what people did on the left is known; where no webhook told of it, it is polled."""
        before = self._all()
        await self.rest()
        if self._all() == before:
            await self.poll(Side.LEFT)

    async def settled(self) -> None:
        """Wait until polls bring nothing more."""
        for _ in range(self.pace.polls):
            await asyncio.sleep(self.pace.settled)
            for side in Side:
                await self.poll(side)

    async def in_line(self, count: int) -> None:
        """Wait until that many twins are in line and nothing is under way; Unavailable where for minutes no more came into line."""
        reached, since = 0, monotonic()
        while reached < count:
            await asyncio.sleep(LOOK_SECONDS)
            now = (await self.world.store.twins.counts(self.world.connection))[TwinStatus.SYNCHRONIZED]
            if now != reached:
                reached, since = now, monotonic()
            if monotonic() - since > PATIENCE_SECONDS:
                raise Unavailable(f"{reached} of {count} twins are in line, and no more for {PATIENCE_SECONDS:.0f} s")
        await self.rest()

    async def rest(self) -> None:
        """Wait until nothing waits and no call was made for a while."""
        made, since = self._all(), monotonic()

        async def resting() -> bool:
            nonlocal made, since
            await asyncio.sleep(LOOK_SECONDS)
            if made != self._all() or await self._busy():
                made, since = self._all(), monotonic()
            return monotonic() - since > self.pace.rest

        await until(resting, "the end of all calls")

    async def spent(self, work: Callable[[], Awaitable[object]]) -> Calls:
        """The calls of Twinline on each side until it has returned, without those that polls make in any case."""
        before = {side: Counter(one.own) for side, one in self.polls.items()}
        calls = await self._spent(work)
        return {side: calls[side] - (one.own - before[side]) for side, one in self.polls.items()}

    async def _spent(self, work: Callable[[], Awaitable[object]]) -> Calls:
        before = {side: Counter(end.meter.calls) for side, end in self.ends.items()}
        await work()
        return {side: end.meter.calls - before[side] for side, end in self.ends.items()}

    async def _busy(self) -> bool:
        """What waits for the next poll only does not count."""
        store = self.world.store
        if await store.transactions.waiting(self.world.connection, 1):
            return True
        first = [row for side in Side for row in await store.inbox.pending(self._name(side), 1)]
        return any(row.attempts < PROMPT_LOOKS for row in first)

    def _made(self, side: Side) -> int:
        return self.ends[side].meter.calls.total()

    def _all(self) -> int:
        return sum(self._made(side) for side in Side)


@contextlib.asynccontextmanager
async def opened_crossing(home: Path, pace: Pace, left: type[Platform], right: type[Platform]) -> AsyncGenerator[Crossing]:
    """A store in a folder of its own in `home`; the Temporal server is that of the environment."""
    suffix = uuid.uuid4().hex[:6]
    async with (
        opened_stage(home / suffix, suffix) as stage,
        metered(left, stage.hooks) as here,
        metered(right, stage.hooks) as there,
    ):
        world = PairWorld[Platform, Platform](**vars(stage), left=here.platform, right=there.platform)
        try:
            yield Crossing(world, {Side.LEFT: here, Side.RIGHT: there}, pace, {side: Polls() for side in Side})
        finally:
            await world.stop_worker()
