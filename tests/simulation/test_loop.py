"""Two platforms whose own automations undo each other's values: the pair is parked instead of writing for ever."""

from model.words import Side
from tests.simulation.case import Case
from tests.simulation.oracle import LOOP
from tests.simulation.platform import Origin, Platform, Record
from tests.simulation.profile import Habits, Profile
from tests.simulation.simulate import judge
from tests.simulation.steps import CreateItem, Switch
from tests.simulation.world import World

WANTED = {Side.LEFT: "High", Side.RIGHT: "Low"}
REACTION = 1.0


class Automation:
    """Sets the priority to what its side wants, a second after anybody set another."""

    def __init__(self, world: World, platform: Platform) -> None:
        self._world, self._platform = world, platform
        self._told = platform.hook
        platform.hook = self.changed

    def changed(self, record: Record) -> None:
        self._told(record)
        self._world.clock.call_later(REACTION, self._correct, record)

    def _correct(self, record: Record) -> None:
        wanted = WANTED[self._platform.side]
        if record.fields["priority"] != wanted and not self._world.faults.healed:
            self._platform.write(Origin("automation"), record.id, {"priority": wanted})


def test_automations_that_undo_each_other_park_the_pair() -> None:
    worlds: list[World] = []

    def fighting(world: World) -> None:
        worlds.append(world)
        for platform in world.platforms.values():
            Automation(world, platform)

    steps = (CreateItem(at=1.0, text="anvil"), Switch(at=200.0, active=True))
    judge(Case(profile=Profile(left=Habits(), right=Habits(), seed=1), steps=steps), fighting)
    [world] = worlds
    assert any(LOOP in reason for reason in world.audit.parked)
    written = [one for platform in world.platforms.values() for one in platform.truth.entries if one.ours and one.name == "priority"]
    assert 8 <= len(written) <= 12
