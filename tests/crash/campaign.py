"""Many kills, in worlds of a few each, until every point was hit and as many kills were made as are asked for."""

import contextlib
import random
import shutil
import tempfile
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from pydantic import BaseModel

from tests.crash.postgres import Postgres, postgres
from tests.crash.targets import DATABASE, POINTS, Target
from tests.crash.world import Told, play

KILLS_PER_WORLD = 10
TRIES = 3


class Counts(BaseModel):
    """What documentation is made of."""

    database: str
    seed: str
    kills: int
    failed: int
    worlds: int
    changes: int
    seconds: float
    points: dict[str, int]
    cuts: dict[str, int]
    parked: int
    limits: int
    alarms: int


@dataclass
class Campaign:
    """`told` is called with each world when it has ended. What was found, and what happened, of failed worlds is kept in `kept`."""

    database: str
    seed: str
    kept: Path
    told: Callable[[Told], None]
    worlds: list[Told] = field(default_factory=list[Told], init=False)

    async def run(self, kills: int) -> Counts:
        began = monotonic()
        order = random.Random(f"{self.seed} order")
        known = [*POINTS, DATABASE] if self.database == "postgresql" else list(POINTS)
        waiting = deque(order.sample(known, len(known)))
        tries: Counter[str] = Counter()
        async with self._server() as server:
            while (left := kills - sum(world.kills.total() for world in self.worlds)) > 0:
                wanted = [waiting.popleft() if waiting else order.choice(known) for _ in range(min(left, KILLS_PER_WORLD))]
                ended = await self._world(wanted, server)
                waiting.extend(self._again(wanted, ended, tries))
        return self._counts(known, monotonic() - began)

    @staticmethod
    def _again(wanted: list[Target], ended: Told, tries: Counter[str]) -> list[Target]:
        """Targets that were not met, while there is hope."""
        missed = [one for one in wanted if not ended.kills[one.point]]
        tries.update(one.point for one in missed)
        return [one for one in missed if tries[one.point] < TRIES]

    @contextlib.asynccontextmanager
    async def _server(self) -> AsyncGenerator[Postgres | None]:
        if self.database != "postgresql":
            yield None
            return
        async with postgres() as server:
            yield server

    async def _world(self, targets: list[Target], server: Postgres | None) -> Told:
        number = len(self.worlds) + 1
        seed = f"{self.seed}.{number}"
        home = Path(tempfile.mkdtemp(prefix="twinline-crash-"))
        try:
            url = await server.new_database(f"world{number}") if server else None
            ended = await play(home, seed, targets, url, server)
            if ended.verdict.findings:
                shutil.copytree(home, self.kept / f"{self.database}-{seed}", dirs_exist_ok=True)
        finally:
            shutil.rmtree(home)
        self.worlds.append(ended)
        self.told(ended)
        return ended

    def _counts(self, known: list[Target], seconds: float) -> Counts:
        hits: Counter[str] = sum((world.kills for world in self.worlds), Counter[str]())
        return Counts(
            database=self.database,
            seed=self.seed,
            kills=hits.total(),
            failed=sum(len(world.verdict.findings) for world in self.worlds),
            worlds=len(self.worlds),
            changes=sum(world.changes for world in self.worlds),
            seconds=round(seconds, 1),
            points={one.point: hits[one.point] for one in known},
            cuts=dict(sum((world.cuts for world in self.worlds), Counter[str]())),
            parked=sum(len(world.parked) for world in self.worlds),
            limits=sum(len(world.verdict.limits) for world in self.worlds),
            alarms=sum(len(world.verdict.alarms) for world in self.worlds),
        )
