"""Hand-made cases of which a test asks when, and how often, something was written."""

from collections.abc import Callable

from model.words import Side
from tests.simulation.case import Case
from tests.simulation.profile import Habits, Profile
from tests.simulation.simulate import judge
from tests.simulation.steps import Edit, Step
from tests.simulation.world import World

PROFILE = Profile(left=Habits(), right=Habits(), seed=1)
SILENT = Profile(left=Habits(hooks=False), right=Habits(hooks=False), poll=60.0, seed=1)


def summary(at: float, value: str, side: Side = Side.LEFT, field: str = "summary") -> Step:
    return Edit(at=at, side=side, item=0, field=field, value=value)


def writes(profile: Profile, *steps: Step, alter: Callable[[World], None] | None = None) -> list[tuple[str, float]]:
    """What the engine wrote, and when, on either side; no promise may be broken meanwhile. `alter` may change the opened world."""
    worlds: list[World] = []

    def opened(world: World) -> None:
        worlds.append(world)
        if alter is not None:
            alter(world)

    assert judge(Case(profile=profile, steps=steps), opened).findings == []
    [world] = worlds
    return [(one.new or "", one.at) for platform in world.platforms.values() for one in platform.truth.entries if one.ours]


def arrivals(profile: Profile, *steps: Step) -> dict[str, float]:
    """When each value was first written by the engine."""
    return dict(reversed(writes(profile, *steps)))
