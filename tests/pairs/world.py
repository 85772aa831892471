"""Two platforms and a connection between them, with the rules that are used where none are given."""

import contextlib
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration
from model.people import UserMap
from model.trigger import Trigger
from model.words import ConflictPolicy, Side
from tests.e2e.stage import Stage, eventually, opened_stage
from tests.pairs.platform import Platform

L_co = TypeVar("L_co", bound=Platform, covariant=True)
R_co = TypeVar("R_co", bound=Platform, covariant=True)
T = TypeVar("T")


@dataclass
class PairWorld(Stage, Generic[L_co, R_co]):
    left: L_co
    right: R_co

    @property
    def integration(self) -> str:
        return f"left-right-{self.suffix}"

    def deployment(
        self,
        poll: float = 0.5,
        conflicts: dict[str, ConflictPolicy] | None = None,
        left: SideDeclaration | None = None,
        right: SideDeclaration | None = None,
        users: UserMap = (),
    ) -> Deployment:
        names = {Side.LEFT: self.system_name(self.left.kind), Side.RIGHT: self.system_name(self.right.kind)}
        connection = ConnectionDeclaration(
            integration=self.integration,
            left=left or self.left.side(),
            right=right or self.right.side(),
            triggers=(Trigger(side=Side.LEFT, query=self.left.trigger), Trigger(side=Side.RIGHT, query=self.right.trigger)),
            conflicts=conflicts or {"default": ConflictPolicy.LATEST},
            users=users,
        )
        return Deployment(
            workspace="acme",
            systems={names[Side.LEFT]: self.left.system(poll), names[Side.RIGHT]: self.right.system(poll)},
            integrations={self.integration: IntegrationDeclaration(left=names[Side.LEFT], right=names[Side.RIGHT])},
            connections={self.connection: connection},
        )

    async def begin(self, deployment: Deployment | None = None) -> None:
        await self.configure(deployment or self.deployment())
        await self.start_worker()

    async def begin_with(self, item: str) -> str:
        """Begin with one item on the left; what people call its twin on the right, once the pair is in line."""
        await self.begin()
        await self.quiet(1)
        return await self.right_of(item)

    async def right_of(self, item: str) -> str:
        """What people call the twin of an item on the left, once there is one."""
        return await eventually(lambda: self._twin(item, self.left, self.right), bool, f"a twin of {item}")

    async def left_of(self, item: str) -> str:
        """What people call the twin of an item on the right, once there is one."""
        return await eventually(lambda: self._twin(item, self.right, self.left), bool, f"a twin of {item}")

    async def _twin(self, item: str, here: Platform, there: Platform) -> str:
        for twin in await self.twins():
            ends = (twin.left, twin.right) if here is self.left else (twin.right, twin.left)
            if ends[0] and ends[1] and here.address(ends[0]) == item:
                return there.address(ends[1])
        return ""

    async def polled(self, times: int) -> None:
        """Wait until each platform was asked that many times more."""
        left, right = await self.left.calls(), await self.right.calls()

        async def look() -> int:
            return min(await self.left.calls() - left, await self.right.calls() - right)

        await eventually(look, lambda asked: asked >= times, f"{times} more calls of each platform")

    async def writes(self) -> tuple[int, int]:
        """How many writes Twinline has made on the left and on the right."""
        return await self.left.writes(), await self.right.writes()

    async def still(self, times: int = 6) -> tuple[int, int]:
        """Our writes on the left and on the right, after all is in line and some polls of both have found nothing to do."""
        await self.quiet(len(await self.twins()))
        await self.polled(times)
        await self.quiet(len(await self.twins()))
        return await self.writes()


W = TypeVar("W", bound=PairWorld[Platform, Platform])
Opener = Callable[[str], AbstractAsyncContextManager[Platform]]


@contextlib.asynccontextmanager
async def opened_pair(make: type[W], home: Path, suffix: str, left: Opener, right: Opener) -> AsyncGenerator[W]:
    """A world of the class `make`; `left` and `right` open a platform, given the webhook address."""
    async with opened_stage(home, suffix) as stage, left(stage.hooks) as here, right(stage.hooks) as there:
        world = make(**vars(stage), left=here, right=there)
        try:
            yield world
        finally:
            await world.stop_worker()
