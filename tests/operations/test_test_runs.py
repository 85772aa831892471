"""A Test Run writes nothing and predicts what the live run does."""

from typing import cast

import pytest
from acme_world import JIRA_USER, SECRET, World
from pydantic import JsonValue
from sqlalchemy import func, select
from temporalio.testing import ActivityEnvironment

from activities.engine import Engine
from activities.interface import ApplyRequest, FetchRequest, TransformRequest
from activities.routing import Router
from activities.ruling import Ruling
from activities.twin import SyncActivities
from cli.demo.people import JiraPerson
from connectors.kit.http import exchange
from model.errors import BadInput
from model.monitor import TwinSearch
from model.plan import Plan
from model.words import Side, VersionStatus
from operations import deployment, replaying, testing, twins, versions
from operations.predictions import Predictions, PropertyChange, changes
from operations.versions import Edit, Scripts
from store.tables import Table
from tests.e2e.bare_jira import BareJira

CALLS = 'httpClient.post("/rest/api/3/issue/APP-1/watchers", [a: 1])\nissue.summary = replica.summary\n'


@pytest.fixture
async def live(world: World) -> World:
    await deployment.apply(world.store, world.signals, world.declared())
    return world


async def _writes(live: World) -> list[JsonValue]:
    """The records of both fakes that are no readings."""
    logs = [
        cast("dict[str, list[dict[str, JsonValue]]]", (await exchange("GET", f"{url}/_fake/state")).json())["log"]
        for url in (live.jira, live.github)
    ]
    return [one for log in logs for one in log]


async def _rows(live: World) -> dict[str, int]:
    async with live.store.database.reading() as session:
        connection = await session.connection()
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in Table.metadata.sorted_tables
        }


async def _tested(live: World, *items: str, version: int | None = None, side: Side | None = Side.LEFT) -> Predictions:
    """The Test Run, which has written nothing."""
    before = await _writes(live), await _rows(live)
    found = await testing.run(live.store, live.systems, "app-bugs", items=items, side=side, version=version)
    assert (await _writes(live), await _rows(live)) == before
    return found


async def _synced(live: World, item: str, side: Side = Side.LEFT) -> Plan | None:
    """Sync the item as a worker does; the plan that was carried out, None where there was nothing to do."""
    engine = Engine(live.store, live.systems, Ruling(live.store.database.now), b"key", live.store.database.now)
    sync, environment = SyncActivities(engine, Router(engine, live.signals)), ActivityEnvironment()
    twin = (await twins.sync(live.store, live.signals, live.systems, "app-bugs", item=item, side=side)).twin.id
    fetched = await environment.run(sync.fetch, FetchRequest(twin=twin, source=side, force=True))
    planned = await environment.run(sync.transform, TransformRequest(twin=twin, replica=fetched.replica))
    if not planned.plan:
        return None
    await environment.run(sync.apply, ApplyRequest(twin=twin, plan=planned.plan))
    return (await live.store.plans.get(planned.plan)).plan


async def _draft(live: World, **edit: Scripts) -> int:
    drafted = await versions.draft(live.store, "app-bugs", None, who="ann", note="")
    return (await versions.edit(live.store, "app-bugs", drafted.number, Edit.model_validate(edit))).number


async def test_of_a_new_item_all_is_told_that_the_sync_then_does(live: World):
    (item,) = (await _tested(live, "APP-1")).items
    (only,) = item.directions
    done = await _synced(live, "APP-1")

    assert done
    assert (item.item, item.twin, only.source, only.target, only.error) == ("APP-1", "", Side.LEFT, "", None)
    assert only.steps == done.steps
    assert only.changes == changes(done)
    assert {one.name: (one.old, one.new) for one in only.changes}["summary"] == (None, "Checkout shows the wrong total")
    assert only.calls[0].startswith("create item (")
    assert any(line.startswith("add comment ") for line in only.calls)


async def test_of_a_pair_both_ways_are_told_and_an_edit_comes_true(live: World):
    await _synced(live, "APP-1")
    jira = JiraPerson(live.jira, JIRA_USER, SECRET)
    await jira.edit("APP-1", summary="Totals are wrong")
    await jira.aclose()
    (item,) = (await _tested(live, "APP-1")).items
    forth, back = item.directions
    done = await _synced(live, "APP-1")

    assert done
    assert item.twin
    assert (forth.steps, forth.conflicts, forth.news) == (done.steps, done.conflicts, True)
    assert [(one.name, one.old, one.new) for one in forth.changes] == [("summary", "Checkout shows the wrong total", "Totals are wrong")]
    assert (back.source, back.calls, back.news, back.error) == (Side.RIGHT, (), False, None)
    again = (await _tested(live, "APP-1")).items[0].directions[0]
    assert again.calls == ()


async def test_of_an_item_that_moved_away_is_told_that_it_did(live: World):
    await _synced(live, "APP-1")
    bare = BareJira(live.jira)
    await bare.move("APP-1", "OPS")
    await bare.aclose()
    await deployment.apply(live.store, live.signals, live.declared(("connections.app-bugs.on_moved", "unlink")))
    (twin,) = (await twins.listed(live.store, TwinSearch())).twins
    assert twin.right
    (item,) = (await _tested(live, twin.right.key, side=Side.RIGHT)).items

    assert item.error
    assert (item.error.kind, "was moved to project 'OPS'" in item.error.message) == ("absent", True)


async def test_a_draft_is_tried_before_it_is_published_and_then_does_the_same(live: World):
    await _synced(live, "APP-1")
    number = await _draft(live, right=Scripts(incoming="issue.summary = replica.summary + ' (ours)'"))
    told = await _tested(live, "APP-1", version=number)
    assert (told.version, told.status) == (number, VersionStatus.DRAFT)
    await versions.publish(live.store, live.signals, "app-bugs", number, who="ann", why="")
    done = await _synced(live, "APP-1")

    assert done
    assert told.items[0].directions[0].steps == done.steps
    assert told.items[0].directions[0].calls == ("update summary",)


async def test_an_error_is_told_with_the_line_of_the_script(live: World):
    number = await _draft(live, left=Scripts(outgoing="replica.summary = issue.summary\nthrow new Exception('no')"))
    (item,) = (await _tested(live, "APP-1", version=number)).items

    error = item.directions[0].error
    assert error
    assert (error.kind, error.line) == ("script", 2)


async def test_what_a_rule_would_call_is_told_and_not_called(live: World):
    number = await _draft(live, right=Scripts(incoming=CALLS))
    (item,) = (await _tested(live, "APP-1", version=number)).items

    (only,) = item.directions
    assert [one.arguments[0] for one in only.rule_calls] == ["POST"]
    assert only.calls[0] == "call POST /rest/api/3/issue/APP-1/watchers"
    assert "the answers to the rule's own calls were made up" in only.notes


async def test_a_query_picks_items_and_what_is_not_there_is_told_item_by_item(live: World):
    found = await testing.run(
        live.store, live.systems, "app-bugs", items=("APP-1", "APP-999"), query="project = APP", side=Side.LEFT, version=None
    )

    assert [one.item for one in found.items[:2]] == ["APP-1", "APP-999"]
    assert found.items[1].error
    assert "APP-999" in found.items[1].error.message
    assert len(found.items) > 2
    assert found.more == 0
    assert len({(one.side, one.item) for one in found.items}) == len(found.items)


async def test_an_item_that_is_named_twice_counts_once(live: World):
    twice = ("APP-1", f"{live.jira}/browse/APP-1", "APP-1")
    found = await testing.run(live.store, live.systems, "app-bugs", items=twice, side=Side.LEFT, version=None)
    assert [one.item for one in found.items] == ["APP-1"]


@pytest.mark.parametrize(
    ("picked", "message"),
    [
        ({}, "no item is picked"),
        ({"query": "project = APP"}, "say which with side"),
        ({"items": ("APP-1",) * 51}, "51 items are picked"),
        ({"items": ("APP-1",), "version": 9}, "no version 9"),
    ],
)
async def test_what_cannot_be_tested_is_told(live: World, picked: dict[str, object], message: str):
    with pytest.raises(BadInput, match=message):
        await testing.run(live.store, live.systems, "app-bugs", **cast("dict[str, JsonValue]", {"version": None, **picked}))  # pyright: ignore[reportArgumentType]


async def test_a_draft_is_run_over_the_past(live: World):
    await _synced(live, "APP-1")
    await _synced(live, "APP-1")
    same = await replaying.run(live.store, live.systems, "app-bugs", version=1, last=100)
    number = await _draft(
        live,
        left=Scripts(outgoing="replica.summary = issue.summary + '!'\nreplica.description = issue.description"),
        right=Scripts(incoming="issue.summary = replica.summary"),
    )
    before = await _writes(live), await _rows(live)
    other = await replaying.run(live.store, live.systems, "app-bugs", version=number, last=100)

    assert (await _writes(live), await _rows(live)) == before
    assert [one.differs for one in same.transactions] == [False, False]
    unwritten, made = other.transactions
    summary = PropertyChange(name="summary", old="Checkout shows the wrong total", new="Checkout shows the wrong total!")
    assert (made.item, made.version, made.error, made.notes) == ("APP-1", 1, None, ())
    assert summary in made.replica
    assert summary in made.properties
    assert "description" not in {one.name for one in made.replica}
    assert (unwritten.properties, unwritten.notes) == ((), (replaying.ONLY_SENT,))
    assert len((await replaying.run(live.store, live.systems, "app-bugs", version=number, last=1)).transactions) == 1


async def test_a_draft_that_would_have_parked_the_past_is_told(live: World):
    await _synced(live, "APP-1")
    number = await _draft(live, right=Scripts(incoming="issue.summary = replica.nothing.name"))
    (only,) = (await replaying.run(live.store, live.systems, "app-bugs", version=number, last=100)).transactions

    assert only.error
    assert (only.error.kind, only.error.line) == ("script", 1)
