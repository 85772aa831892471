"""Converged means quiet."""

from activities.interface import Hint
from model.words import Side, Stage
from tests.e2e.world import World, eventually


async def test_a_converged_pair_causes_no_write_and_no_transaction_however_often_it_is_polled(world: World) -> None:
    key, number = await world.one_pair("Magnet attracts birds", "- [ ] weigh\n- [x] paint\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    await world.ann.comment(key, "Seen twice.")
    await world.on_github(number, lambda issue: issue["comments"] == 1, "a comment on GitHub")
    await world.bob.edit(number, title="Magnet attracts all birds", labels=["sync", "bug"])
    await world.in_jira(key, lambda issue: issue["labels"] == ["bug", "sync"], "labels in Jira")
    [twin] = await world.quiet(1)
    await world.polled(5)

    [twin] = await world.quiet(1)
    writes, transactions = await world.bot_writes(), await world.store.transactions.of_twin(twin.id)
    await world.polled(6)
    assert await world.bot_writes() == writes
    assert await world.store.transactions.of_twin(twin.id) == transactions

    connection = await world.store.configurations.connection(world.connection)
    for side in Side:
        await world.signals.item_changed(twin, connection, Hint(side=side))

    async def later() -> list[Stage]:
        return [one.stage for one in await world.store.transactions.of_twin(twin.id)][: -len(transactions)]

    await eventually(later, lambda stages: stages == [Stage.UNCHANGED] * 2, "two transactions that find nothing new")
    assert await world.bot_writes() == writes
