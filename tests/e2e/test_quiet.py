"""Converged means quiet."""

from tests.e2e.world import World


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
