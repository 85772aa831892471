"""A deactivation in the middle of a change: what the sync queue shows meanwhile, and that the change arrives afterwards."""

from model.words import Side, Stage
from tests.simulation.case import Case
from tests.simulation.profile import Habits, Profile
from tests.simulation.simulate import judge
from tests.simulation.steps import CreateItem, Edit, Freeze, Switch
from tests.simulation.world import World


def test_a_change_that_is_stopped_before_it_is_written_is_held_until_the_connection_is_active() -> None:
    worlds: list[World] = []
    shown: list[tuple[Stage, str]] = []

    def alter(world: World) -> None:
        worlds.append(world)
        transactions = world.engine.store.transactions
        advance = transactions.advance

        async def noting(id: int, stage: Stage, summary: str = "", reason: str = "") -> bool:  # noqa: A002
            shown.append((stage, reason))
            return await advance(id, stage, summary, reason)

        transactions.advance = noting

    steps = (
        CreateItem(at=1.0, text="anvil"),
        Freeze(at=9.0, point="before journal.open", seconds=10.0),
        Edit(at=10.0, side=Side.LEFT, item=0, field="summary", value="rake"),
        Switch(at=15.0, active=False),
        Switch(at=60.0, active=True),
    )
    assert judge(Case(profile=Profile(left=Habits(), right=Habits(), seed=1), steps=steps), alter).findings == []
    assert shown == [(Stage.HELD, "held: the connection is not active")]
    arrived = [one.at for one in worlds[0].platforms[Side.RIGHT].truth.entries if one.ours and one.new == "rake"]
    assert [60.0 < at < 70.0 for at in arrived] == [True]
