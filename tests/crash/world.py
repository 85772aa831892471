"""One world: people work, parts are killed one after the other and come back, and in the end the oracle judges."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from tests.crash.arming import Arm
from tests.crash.notes import notes
from tests.crash.postgres import Postgres
from tests.crash.rest import come_to_rest, sync_some
from tests.crash.setting import LINKS, REPEATING
from tests.crash.stage import Stage, opened_stage
from tests.crash.targets import KILL, Target, anything
from tests.crash.telling import write_story
from tests.oracle.check import judge
from tests.oracle.records import Side, Story, Verdict

MISSED_SECONDS = 30.0
BEGINNINGS = 2
CUT_RATE = 0.01
PACE = (0.1, 0.6)
CHANGES_PER_KILL = 12
LURE_SECONDS = 0.8
OFTEN = (1, 1, 2, 3)


@dataclass
class Told:
    """What became of a world.

    `kills` counts by point, `missed` points were not passed in time, `parked` twins needed an operator, `ended` workers died by themselves.
    """

    seed: str
    kills: Counter[str] = field(default_factory=Counter[str])
    passages: Counter[str] = field(default_factory=Counter[str])
    missed: list[str] = field(default_factory=list[str])
    parked: list[str] = field(default_factory=list[str])
    cuts: Counter[str] = field(default_factory=Counter[str])
    ended: int = 0
    changes: int = 0
    seconds: float = 0.0
    verdict: Verdict = field(default_factory=Verdict)


class World:
    def __init__(self, stage: Stage, seed: str, postgres: Postgres | None) -> None:
        self._stage = stage
        self._postgres = postgres
        self._chance = random.Random(f"{seed} kills")
        self._struck = 0
        self.told = Told(seed)

    async def begin(self) -> None:
        """Some items on every side, before anything dies."""
        load = self._stage.load
        for where in load.fields:
            for side in Side:
                for _ in range(BEGINNINGS):
                    await where.people[side].create(load.text("summary"), load.prose("description"))

    @contextlib.asynccontextmanager
    async def people_at_work(self) -> AsyncGenerator[None]:
        working = asyncio.create_task(self._work())
        for proxy in self._stage.proxies.values():
            proxy.rate = CUT_RATE
        try:
            yield
        finally:
            await _stopped(working)
            for proxy in self._stage.proxies.values():
                proxy.rate = 0.0
                proxy.next_write = None
                self.told.cuts.update({str(cut): times for cut, times in proxy.cuts.items()})

    async def _work(self) -> None:
        """As much as fits to the number of kills, however long those take."""
        pace = random.Random(self.told.seed)
        while True:
            if self.told.changes < CHANGES_PER_KILL * (1 + self._struck):
                self.told.changes += await self._stage.load.step()
            await asyncio.sleep(pace.uniform(*PACE))

    async def strike(self, number: int, target: Target) -> None:
        """Kill at the target; in the end everything runs again."""
        if target.first is not None:
            await self._meet(-number, target.first)
        await self._meet(number, target)
        await self._revive()
        self._struck += 1

    async def _meet(self, number: int, target: Target) -> None:
        if target.point.startswith(KILL):
            await self._kill(target.point.removeprefix(KILL))
            self.told.kills[target.point] += 1
            return
        arm = Arm(number=number, point=target.point, passage=self._chance.choice(OFTEN) if target.lure is anything else 1)
        self._stage.armory.arm(arm)
        deadline = monotonic() + MISSED_SECONDS
        while not self._stage.armory.fired(arm):
            await self._revive()
            if monotonic() > deadline:
                self._stage.armory.disarm()
                self.told.missed.append(target.point)
                return
            await target.lure(self._stage)
            await self._stage.workers.ended(LURE_SECONDS)
        self.told.kills[target.point] += 1

    async def _kill(self, part: str) -> None:
        await asyncio.sleep(self._chance.uniform(0.1, 1.5))
        match part, self._postgres:
            case "worker", _:
                await self._stage.workers.kill()
            case "temporal", _:
                await self._stage.temporal.kill()
            case "database", Postgres() as postgres:
                await postgres.kill()
                await postgres.start()
            case _:
                await self._stage.api.kill()

    async def _revive(self) -> None:
        if self._stage.workers.gone:
            await self._stage.workers.start()
        for part in (self._stage.temporal, self._stage.api):
            if part.gone:
                await part.start()

    async def keep_alive(self) -> None:
        """Start again what ends by itself, as a supervisor does."""
        while True:
            await self._stage.workers.ended(0.5)
            self.told.ended += self._stage.workers.gone
            await self._revive()

    async def end(self) -> None:
        """Wait for rest, and judge."""
        verdict = self.told.verdict
        supervising = asyncio.create_task(self.keep_alive())
        unrest = await come_to_rest(self._stage, self.told.parked)
        verdict.findings += [f"not at rest: {one}" for one in unrest]
        for link in LINKS:
            noted = await notes(self._stage.store, link.name, two_statuses=link.two_statuses)
            known = await self._stage.eyes[link.name].look()
            story = Story(known, noted.intents, noted.conflicts, REPEATING & link.subjects)
            judged = judge(story)
            write_story(self._stage.home / f"{link.name}.story", story, [*judged.findings, *judged.limits, *judged.alarms])
            verdict.findings += judged.findings
            verdict.limits += judged.limits
            verdict.alarms += judged.alarms
        verdict.findings += await sync_some(self._stage, self._chance)
        await _stopped(supervising)
        self.told.passages = self._stage.armory.passages()


async def _stopped(task: asyncio.Task[None]) -> None:
    """Told once more where it has not heard: `asyncio.wait_for` passes over a cancellation that meets its answer."""
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=1.0)
    if not task.cancelled():
        task.result()


async def play(home: Path, seed: str, targets: Sequence[Target], database: str | None = None, postgres: Postgres | None = None) -> Told:
    """A whole world, from its first process to its verdict."""
    began = monotonic()
    async with opened_stage(home, seed, database) as stage:
        world = World(stage, seed, postgres)
        await world.begin()
        async with world.people_at_work():
            for number, target in enumerate(targets, 1):
                await world.strike(number, target)
        await world.end()
    world.told.seconds = monotonic() - began
    return world.told
