"""What goes on record as a conflict while a case is played."""

from collections.abc import Sequence

from model.plan import Conflict
from tests.simulation.world import World


def disputes_of(world: World) -> list[str]:
    """The properties of which a value is put on record before it is overwritten; the list grows as the case goes on."""
    disputed: list[str] = []
    log = world.engine.store.conflicts
    record = log.record

    async def noting(twin: str, transaction: int, conflicts: Sequence[Conflict]) -> None:
        disputed.extend(one.subject for one in conflicts)
        await record(twin, transaction, conflicts)

    log.record = noting
    return disputed
