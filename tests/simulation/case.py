"""A case: how the world is set up and what happens in it; and how one is played to its end."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from temporalio.testing import ActivityEnvironment

from model.frozen import Frozen
from model.twin import Transaction
from model.words import ConnectionStatus, Side, Stage, TwinStatus
from tests.simulation import people, steps
from tests.simulation.clock import Clock
from tests.simulation.profile import Profile
from tests.simulation.steps import Crash, Freeze, Step, StoreFault
from tests.simulation.world import CONNECTION, World

T = TypeVar("T")
LOOK = 30.0
PATIENCE = 7200.0
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
    """`quiet_at` is when nothing was left to do, None where that never came; `writes_after` came when nothing was left any more."""

    world: World
    case: Case
    ended_at: float
    quiet_at: float | None
    writes_after: int
    unquiet: list[str]


async def play(
    case: Case,
    clock: Clock,
    folder: Path | None,
    judge: Callable[["Played"], Awaitable[T]],
    alter: Callable[[World], None] | None = None,
) -> T:
    """Play the case to its end, and have it judged there. `alter` may change the world once it is open."""
    world = World(case.profile, clock)
    await world.open(folder, watched=any(isinstance(step, Crash | Freeze | StoreFault) for step in case.steps))
    if alter is not None:
        alter(world)
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
    await world.clock.sleep(last + 5.0)
    await _heal(world, case)
    ended = world.clock.elapsed
    left, written = await _settle(world, ended + PATIENCE)
    return Played(world, case, ended, None if left else world.clock.elapsed, written, left)


async def _heal(world: World, case: Case) -> None:
    """Faults end, also for what is frozen; operators do what is theirs: they activate what failed, publish rules that work, and retry."""
    world.faults.heal()
    world.server.away = False
    for platform in world.platforms.values():
        for record in platform.records.values():
            record.hidden = False
    await world.clock.sleep(max(0.0, world.frozen_until - world.clock.elapsed))
    for _ in range(0 if case.calm else 4):
        await world.clock.sleep(LOOK)
        while world.under_way:
            await world.clock.sleep(LOOK)
        if world.broken:
            await people.publish(world, broken=False)
        if not await _needs_people(world):
            return
        await people.switch(world, active=True)
        await people.retry_all(world)


async def _needs_people(world: World) -> bool:
    connection = await world.bare.configurations.connection(CONNECTION)
    parked = await world.bare.twins.listing(CONNECTION, TwinStatus.ERROR)
    return connection.status is not ConnectionStatus.ACTIVE or not world.active or bool(parked)


async def _settle(world: World, until: float) -> tuple[list[str], int]:
    """Wait for quiet that lasts: what is still left to do, and the writes in the second of two full polls that both left nothing."""
    left, before = ["nothing was looked at"], False
    while world.clock.elapsed < until:
        await world.clock.sleep(LOOK)
        await _resolve(world)
        left = await _left(world)
        if left:
            continue
        written = -_writes(world)
        await world.clock.sleep(world.profile.poll + world.profile.late)
        written += _writes(world)
        left = await _left(world)
        if not left and (before or not written):
            return [], written
        before = not left
    return left, 0


async def _resolve(world: World) -> None:
    """Held conflicts are for people to decide."""
    for _ in await world.bare.conflicts.open_ones(CONNECTION):
        await people.resolve_one(world, Side.LEFT)


async def _left(world: World) -> list[str]:
    """What is still to be done, as far as the first look that finds anything."""
    left = [one for one in world.server.busy if not one.startswith("feed/")]
    left += [f"webhook {task}" for task in world.under_way]
    left += ["a webhook that is on its way"] * bool(world.travelling)
    if left:
        return left
    waiting = await world.bare.transactions.waiting(CONNECTION, 100)
    left += [f"transaction {one.id} of {one.twin} is {one.stage}: {one.reason}" for one in waiting if await _moves(world, one)]
    left += [f"conflict {one.id}" for one in await world.bare.conflicts.open_ones(CONNECTION) if await _live(world, one.twin)]
    left += [f"the copy of {item}, which {twin} waits for" for twin, _, item in await world.bare.awaited.arrived(CONNECTION, 10)]
    for side in world.platforms:
        left += [f"inbox {side}: {row.item_id}" for row in await world.bare.inbox.pending(str(side), 10)]
    return left


async def _live(world: World, twin: str) -> bool:
    return (await world.bare.twins.get(twin)).status is not TwinStatus.UNLINKED


async def _moves(world: World, transaction: Transaction) -> bool:
    if transaction.stage not in WAITING:
        return False
    twin = await world.bare.twins.get(transaction.twin)
    return twin.status not in {TwinStatus.ERROR, TwinStatus.UNLINKED}


def _writes(world: World) -> int:
    return sum(len(platform.truth.requests) for platform in world.platforms.values())
