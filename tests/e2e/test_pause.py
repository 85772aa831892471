"""Nothing is written while a connection is deactivated, and nothing is dropped."""

from model.item import Fields
from model.words import TwinStatus
from operations.connections import activate, deactivate
from tests.e2e.world import World, eventually

PAIRS = 6


async def test_changes_made_while_deactivated_wait_in_the_queue_and_are_all_applied(world: World) -> None:
    keys = [await world.ann.create("APP", f"Crate {number}", labels=("sync",)) for number in range(PAIRS)]
    await world.configure(world.deployment())
    await world.start_worker()
    await world.quiet(PAIRS)
    numbers = [await world.number_of(key) for key in keys]

    await deactivate(world.store, world.signals, world.connection)
    writes = await world.bot_writes()
    for key, number in zip(keys, numbers, strict=True):
        await world.ann.edit(key, summary=f"Crate of {key}")
        await world.bob.edit(number, body=f"Holds {number} anvils.")
        await world.ann.comment(key, "Sealed.")
        await world.bob.comment(number, "Opened.")
        await world.ann.edit(key, summary=f"Big crate of {key}")

    async def held() -> int:
        return sum(twin.status is TwinStatus.HELD for twin in await world.twins())

    async def queued() -> int:
        return len(await world.store.transactions.waiting(world.connection, 100))

    await eventually(held, lambda count: count == PAIRS, "all twins held")
    await eventually(queued, lambda count: count == 2 * PAIRS, "a waiting transaction per side of each twin")
    await world.polled(2)
    assert await world.bot_writes() == writes

    await activate(world.store, world.signals, world.connection)
    for key, number in zip(keys, numbers, strict=True):

        def over_there(issue: Fields, key: str = key) -> bool:
            return (issue["title"], issue["comments"]) == (f"Big crate of {key}", 2)

        def over_here(issue: Fields, number: int = number) -> bool:
            return issue["description"] == f"Holds {number} anvils."

        await world.on_github(number, over_there, f"{key} on GitHub", 60)
        await world.in_jira(key, over_here, f"#{number} in Jira", 60)
        await eventually(lambda key=key: world.ann.comments(key), lambda comments: len(comments) == 2, "both comments in Jira")
    await world.quiet(PAIRS)
