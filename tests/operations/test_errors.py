import pytest
from acme_world import Heard, World

from model.configuration import Connection
from model.errors import BadInput
from model.hooks import HookCheck
from model.monitor import TwinSearch
from model.twin import Twin
from model.words import ConnectionStatus, Side, TwinStatus
from operations import deployment, errors, steering, twins
from operations.errors import Ending, Reach


class Retries(Heard):
    async def retry(self, twin: Twin, connection: Connection) -> None:
        self._hear(f"{twin.id} {connection.id}")


@pytest.fixture
async def parked(world: World) -> tuple[World, list[str]]:
    """Three pairs, of which the first two are in error; and their ids."""
    await deployment.apply(world.store, world.signals, world.declared())
    keys = ("APP-1", "APP-2", "APP-3")
    begun = [await twins.sync(world.store, world.signals, world.systems, "app-bugs", item=key, side=Side.LEFT) for key in keys]
    ids = [one.twin.id for one in begun]
    for number, reason in enumerate(("incoming, line 3, column 5: no such label", "refused: no option 'P0'")):
        transaction = await world.store.transactions.begin(ids[number], Side.LEFT)
        await world.store.transactions.park(transaction.id, reason)
    world.signals = Retries()
    return world, ids


async def test_errors_are_told_by_what_they_stop(parked: tuple[World, list[str]]):
    world, ids = parked
    store = world.store
    await store.configurations.set_status("app-bugs", ConnectionStatus.ERROR, "acme-jira rejected the login")
    await store.hooks.save(HookCheck(system="acme-github", scope="acme/app", note="the token may not", checked=store.database.now()))
    first = await errors.listed(store, limit=1)
    second = await errors.listed(store, after=first.after)

    found = (*first.failures, *second.failures)
    assert [(one.impact, one.name) for one in found] == [
        (Reach.SYSTEM, "acme-github"),
        (Reach.CONNECTION, "app-bugs"),
        (Reach.ITEM, ids[1]),
        (Reach.ITEM, ids[0]),
    ]
    assert [one.reason for one in found[:3]] == ["acme/app: the token may not", "acme-jira rejected the login", "refused: no option 'P0'"]
    assert (found[3].left and found[3].left.key, found[3].ends) == ("APP-1", (Ending.RETRY, Ending.VERSION))
    assert second.after == ""


async def test_errors_are_chosen_by_text_and_connection(parked: tuple[World, list[str]]):
    world, ids = parked
    await world.store.configurations.set_status("app-bugs", ConnectionStatus.ERROR, "login rejected")

    assert [one.name for one in (await errors.listed(world.store, text="line 3")).failures] == [ids[0]]
    assert [one.name for one in (await errors.listed(world.store, connection="app-bugs")).failures] == ["app-bugs", ids[1], ids[0]]
    with pytest.raises(BadInput, match="no connection 'nope'"):
        await errors.listed(world.store, connection="nope")


async def test_some_are_retried_and_none_where_one_is_not_there(parked: tuple[World, list[str]]):
    world, ids = parked
    await world.store.twins.set_status(ids[2], TwinStatus.UNLINKED, "unlinked by request")
    with pytest.raises(BadInput, match=r"unlinked already.*relink"):
        await steering.retry_these(world.store, world.signals, [ids[0], ids[2]])
    assert world.signals.messages == []

    done = await steering.retry_these(world.store, world.signals, ids[:1])
    assert (done.told, world.signals.messages) == (1, [f"{ids[0]} app-bugs"])


async def test_all_in_error_are_retried_or_those_that_are_chosen(parked: tuple[World, list[str]], monkeypatch: pytest.MonkeyPatch):
    world, ids = parked
    monkeypatch.setattr(steering, "AT_ONCE", 1)
    assert (await steering.retry_all(world.store, world.signals, TwinSearch(text="P0"))).told == 1
    assert world.signals.messages == [f"{ids[1]} app-bugs"]

    assert (await steering.retry_all(world.store, world.signals, TwinSearch(connection="app-bugs"))).told == 2
    with pytest.raises(BadInput, match="no connection 'nope'"):
        await steering.retry_all(world.store, world.signals, TwinSearch(connection="nope"))
    world.signals.down = True
    assert len((await steering.retry_all(world.store, world.signals, TwinSearch())).warnings) == 1
