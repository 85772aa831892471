"""A case: how the world is set up and what happens in it; and how one is played to its end."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from temporalio.testing import ActivityEnvironment

from model.frozen import Frozen
from model.twin import Transaction
from model.words import ConnectionStatus, Stage, TwinStatus
from tests.simulation import people, steps
from tests.simulation.clock import Clock
from tests.simulation.profile import Profile
from tests.simulation.steps import Step
from tests.simulation.world import CONNECTION, World

T = TypeVar("T")
LOOK = 30.0
PATIENCE = 7200.0
PARKED = frozenset({TwinStatus.ERROR, TwinStatus.CONFLICT, TwinStatus.UNLINKED, TwinStatus.SYNCHRONIZED})
WAITING = (Stage.QUEUED, Stage.FETCHED, Stage.TRANSFORMED, Stage.HELD)


class Case(Frozen):
    profile: Profile = Profile()
    steps: tuple[Step, ...] = ()

    @property
    def calm(self) -> bool:
        """Nothing goes wrong and nobody operates: only people work."""
        trouble = (*steps.FAULTS, steps.Evict, steps.Switch, steps.Operate, steps.Publish, steps.Hide)
        return not any(isinstance(one, trouble) for one in self.steps)


@dataclass
class Played:
    """`quiet_at` is when nothing was left to do, None where that never came; `writes_after` came later than that."""

    world: World
    case: Case
    ended_at: float
    quiet_at: float | None
    writes_after: int
    unquiet: list[str]


async def play(case: Case, clock: Clock, folder: Path | None, judge: Callable[["Played"], Awaitable[T]]) -> T:
    """Play the case to its end, and have it judged there."""
    world = World(case.profile, clock)
    await world.open(folder)
    try:
        played = await ActivityEnvironment().run(_whole, world, case)
        return await judge(played)
    finally:
        await world.end()


async def _whole(world: World, case: Case) -> Played:
    await world.begin()
    for step in case.steps:
        people.arrange(world, step)
    last = max((step.at for step in case.steps), default=0.0)
    await asyncio.sleep(last + 5.0)
    await _heal(world, case)
    ended = world.clock.elapsed
    left = await _settle(world, ended + PATIENCE)
    quiet = None if left else world.clock.elapsed
    before = _writes(world)
    await _full_poll(world)
    return Played(world, case, ended, quiet, _writes(world) - before, left)


async def _heal(world: World, case: Case) -> None:
    """Faults end; operators do what is theirs: they activate what failed, publish rules that work, and retry what is parked."""
    world.faults.heal()
    world.server.away = False
    for platform in world.platforms.values():
        for record in platform.records.values():
            record.hidden = False
    if case.calm:
        return
    for _ in range(3):
        with contextlib.suppress(OSError):
            connection = await world.bare.configurations.connection(CONNECTION)
            if world.broken:
                await people.publish(world, broken=False)
            if connection.status is not ConnectionStatus.ACTIVE or not world.active:
                await people.switch(world, active=True)
            await people.retry_all(world)
            await asyncio.sleep(100.0)


async def _settle(world: World, until: float) -> list[str]:
    """Wait for quiet: what is still left to do, empty once there is nothing."""
    calm = 0
    left = ["nothing looked at"]
    while world.clock.elapsed < until:
        await asyncio.sleep(LOOK)
        left = await _left(world)
        calm = 0 if left else calm + 1
        if calm > (world.profile.poll * 2 + world.profile.late) / LOOK:
            return []
        if not left and calm == 1:
            await _resolve(world)
    return left


async def _resolve(world: World) -> None:
    """Held conflicts are for people to decide."""
    for _ in range(20):
        if not await world.bare.conflicts.open_ones(CONNECTION):
            return
        await people.resolve_one(world, people.Side.LEFT)


async def _left(world: World) -> list[str]:
    left = [one for one in world.server.busy if not one.startswith("feed/")]
    left += [f"webhook {task}" for task in world.under_way]
    waiting = await world.bare.transactions.waiting(CONNECTION, 100)
    left += [f"transaction {one.id} of {one.twin} is {one.stage}: {one.reason}" for one in waiting if await _moves(world, one)]
    for side in world.platforms:
        left += [f"inbox {side}: {row.item_id}" for row in await world.bare.inbox.pending(str(side), 10)]
    return left


async def _moves(world: World, transaction: Transaction) -> bool:
    if transaction.stage not in WAITING:
        return False
    twin = await world.bare.twins.get(transaction.twin)
    return twin.status not in {TwinStatus.ERROR, TwinStatus.UNLINKED}


async def _full_poll(world: World) -> None:
    await asyncio.sleep(world.profile.poll * 2 + 5.0)


def _writes(world: World) -> int:
    return sum(len(platform.truth.requests) for platform in world.platforms.values())
