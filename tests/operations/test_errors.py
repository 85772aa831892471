from datetime import UTC, datetime, timedelta

import pytest
from acme_world import SECRET, Heard, World
from pydantic import JsonValue
from searching import Searching, triggers
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.engine import Engine
from activities.feed import SystemFeed
from activities.hooks import HookKeeper
from activities.interface import PollRequest
from activities.routing import Router
from activities.ruling import Ruling
from model.configuration import Connection
from model.errors import BadInput
from model.hooks import HookCheck
from model.monitor import TwinSearch
from model.twin import Twin
from model.words import ConnectionStatus, Side, TwinStatus
from operations import deployment, errors, steering, twins
from operations.declared import completed
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
    assert found[1].since is not None
    assert store.database.now() - found[1].since < timedelta(minutes=5)
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


NOW = datetime(2026, 2, 3, 4, 5, tzinfo=UTC)


async def configure(world: World, *changes: tuple[str, JsonValue]) -> None:
    """Without asking the systems, as if they had changed their minds later."""
    now = await world.store.configurations.deployment()
    await world.store.configurations.match(completed(now, world.declared(*changes)).declared)


async def poll(world: World, now: datetime) -> None:
    engine = Engine(world.store, world.systems, Ruling(lambda: now), b"k" * 32, lambda: now)
    feed = SystemFeed(engine, Router(engine, world.signals), HookKeeper(engine, ""))
    await ActivityEnvironment().run(feed.poll, PollRequest(system="acme-jira"))


async def test_a_query_that_is_refused_is_told_until_it_is_taken(world: World):
    await deployment.apply(world.store, world.signals, world.declared(triggers({"name": "tagged"})))
    searching = Searching(world, NOW)
    await searching.drain()
    assert (await errors.listed(world.store)).failures == ()

    await configure(world, triggers({"name": "tagged", "query": "a === b"}))
    await searching.drain()
    searching.now += timedelta(minutes=6)
    await searching.drain()
    [told] = (await errors.listed(world.store, connection="app-bugs")).failures
    assert (told.impact, told.name, told.connection, told.since) == (Reach.TRIGGER, "tagged", "app-bugs", NOW)
    assert "does not accept the query" in told.reason
    assert "twinline trigger test app-bugs left tagged" in told.next_step

    await configure(world, triggers({"name": "tagged", "query": "a === b", "active": False}))
    assert (await errors.listed(world.store)).failures == ()


async def test_a_rejected_login_is_one_error_that_names_its_connections(world: World):
    more = world.content()["connections"]
    assert isinstance(more, dict)
    more["app-tasks"] = {**as_dict(more["app-bugs"]), "triggers": []}
    await deployment.apply(world.store, world.signals, world.declared(("connections", more)))
    await configure(world, ("systems.acme-jira.credentials.token", "wrong"))
    await poll(world, NOW)
    await poll(world, NOW + timedelta(minutes=1))

    [told] = (await errors.listed(world.store)).failures
    assert (told.impact, told.name, told.since, told.ends) == (Reach.SYSTEM, "acme-jira", NOW, (Ending.CREDENTIALS,))
    assert "app-bugs, app-tasks" in told.blocks
    assert "`twinline connection activate app-bugs` and `twinline connection activate app-tasks`" in told.next_step
    assert SECRET not in told.model_dump_json()

    await configure(world)
    await poll(world, NOW + timedelta(minutes=2))
    [left] = (await errors.listed(world.store)).failures
    assert (left.impact, left.name, left.reason) == (Reach.CONNECTION, "app-tasks", told.reason), "one that nobody activated"


async def test_a_system_that_does_not_answer_is_told_until_it_does(world: World):
    await deployment.apply(world.store, world.signals, world.declared())
    await configure(world, ("systems.acme-jira.url", "http://127.0.0.1:1"))
    for minutes in range(2):
        with pytest.raises(ApplicationError):
            await poll(world, NOW + timedelta(minutes=minutes))

    [told] = (await errors.listed(world.store)).failures
    assert (told.impact, told.name, told.since, told.ends) == (Reach.SYSTEM, "acme-jira", NOW, (Ending.ITSELF,))

    await configure(world)
    await poll(world, NOW + timedelta(minutes=2))
    assert (await errors.listed(world.store)).failures == ()


def as_dict(value: JsonValue) -> dict[str, JsonValue]:
    assert isinstance(value, dict)
    return value
