"""What changed: against listings made by hand, and against the fake while records move."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from servicenow_site import SETTINGS, Site, chunks, connected, created, new_marker, running

from connectors.kit.interface import Change
from connectors.servicenow import feed
from connectors.servicenow.client import PAGE, Page
from connectors.servicenow.connector import ServiceNowConnector
from connectors.servicenow.fake_world import stamp
from connectors.servicenow.feed import Place
from connectors.servicenow.payloads import Row
from model.errors import BadInput, Misconfigured
from model.item import Attachment

NOON = datetime(2031, 1, 2, 12, tzinfo=UTC)
TIME = "sys_updated_on"


def row(number: int, seconds: int) -> Row:
    return Row.model_validate({"sys_id": f"{number:032x}", TIME: stamp(NOON + timedelta(seconds=seconds))})


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def at(seconds: int) -> str:
    return stamp(after(seconds))


def page(*rows: Row, more: bool = False) -> Page:
    return Page(rows=rows, more=more)


def test_a_newest_row_is_asked_for_until_its_second_is_long_over() -> None:
    first = feed.advance(Place(floor=at(-100), since=at(-100)), TIME, page(row(1, 0), row(2, 4)), after(1000))
    assert first == Place(floor=at(-56), since=at(-56), newest=at(4), sighted=after(1000).timestamp())
    early = feed.advance(first, TIME, page(row(1, 0), row(2, 4)), after(1059))
    assert (early.since, early.sighted) == (at(-56), first.sighted)
    settled = feed.advance(early, TIME, page(row(1, 0), row(2, 4)), after(1060))
    assert settled == Place(floor=at(5), since=at(5))
    assert feed.advance(settled, TIME, page(), after(2000)) == settled


def test_our_clock_may_be_wrong_by_hours() -> None:
    for clock in (after(-7200), after(7200)):
        first = feed.advance(Place(floor=at(0), since=at(0)), TIME, page(row(1, 0)), clock)
        assert feed.advance(first, TIME, page(row(1, 0)), clock + timedelta(seconds=60)).since == at(1)


def test_a_row_that_vanished_settles_what_is_left() -> None:
    place = Place(floor=at(-60), since=at(-60), newest=at(0), sighted=after(0).timestamp())
    assert feed.advance(place, TIME, page(), after(61)) == Place(floor=at(1), since=at(1))


def test_a_backlog_goes_on_behind_the_last_row_and_comes_back_for_the_overlap() -> None:
    first = feed.advance(Place(floor=at(0), since=at(0)), TIME, page(row(1, 0), row(7, 30), more=True), after(900))
    assert (first.floor, first.since, first.after) == (at(0), at(30), f"{7:032x}")
    listing = feed.Listing(table="incident", column=TIME, fields=(), parts=("active=true", "state=6"))
    assert feed.asked(listing, first) == (
        f"active=true^{TIME}>{at(30)}^NQactive=true^{TIME}={at(30)}^sys_id>{7:032x}"
        f"^NQstate=6^{TIME}>{at(30)}^NQstate=6^{TIME}={at(30)}^sys_id>{7:032x}^ORDERBY{TIME}^ORDERBYsys_id"
    )
    last = feed.advance(first, TIME, page(row(8, 100)), after(901))
    assert (last.since, last.after) == (at(40), "")


def test_a_page_of_rows_that_the_account_may_not_see_is_passed() -> None:
    place = Place(floor=at(0), since=at(0), after="a")
    passed = feed.advance(place, TIME, page(more=True), after(0))
    assert (passed.offset, passed.after) == (PAGE, "a")
    assert feed.advance(passed, TIME, page(row(1, 5), more=True), after(0)).offset == 0


def test_an_empty_table_is_read_from_its_beginning() -> None:
    place = feed.start((), TIME, after(0))
    assert place.since == feed.BEGINNING
    assert feed.advance(place, TIME, page(), after(0)) == place


def test_it_starts_behind_what_is_long_past_and_before_what_is_fresh() -> None:
    assert feed.start((row(1, 0),), TIME, after(3600)).since == at(1)
    assert feed.start((row(1, 0),), TIME, after(10)).since == at(-60)


def test_a_cursor_that_is_not_ours_is_bad_input() -> None:
    with pytest.raises(BadInput, match="start again"):
        feed.parse("2031-01-02")


async def _ids(snow: ServiceNowConnector, cursor: str) -> tuple[set[str], str]:
    found, cursor = await _all(snow, cursor)
    return {one.id for one in found}, cursor


async def _all(snow: ServiceNowConnector, cursor: str) -> tuple[list[Change], str]:
    found: list[Change] = []
    for _ in range(20):
        page = await snow.changes(SETTINGS, cursor)
        found += page.changes
        cursor = page.cursor
        if not page.more:
            return found, cursor
    raise AssertionError("the feed does not end")


async def test_it_starts_now_and_tells_edits_notes_files_and_deletions(snow: ServiceNowConnector, site: Site) -> None:
    start = await snow.changes(SETTINGS, "")
    assert start.changes == ()
    marker = new_marker()
    fresh = (await snow.create(SETTINGS, {"summary": "Fresh"}, marker)).ref
    page = await snow.changes(SETTINGS, start.cursor)
    assert [(one.id, one.key, one.marker, one.version.partition("/")[0]) for one in page.changes] == [(fresh.id, fresh.key, marker, "0")]
    old = site.named("Printer on fire")
    await site.edit("bob", old, work_notes="Only a note")
    other = site.named("Scanner sleeps")
    file = await site.attach("ann", other, "a.txt", b"abc")
    noted = await snow.changes(SETTINGS, page.cursor)
    assert {(one.id, one.version.partition("/")[0]) for one in noted.changes} == {(fresh.id, "0"), (old, "1"), (other, "file")}
    assert f"file/{file}" in {one.version for one in noted.changes}
    await site.call("root", "DELETE", f"/api/now/table/{fresh.id}")
    gone = await snow.changes(SETTINGS, noted.cursor)
    assert [(one.id, one.key) for one in gone.changes if one.deleted] == [(fresh.id, fresh.key)]


async def test_a_side_of_a_table_that_others_extend_has_their_records(snow: ServiceNowConnector, site: Site) -> None:
    tasks = {"table": "task"}
    await snow.check(tasks)
    start = (await snow.changes(tasks, "")).cursor
    printer, problem = (site.world.referenced("task", number) for number in ("INC0000001", "PRB0000001"))
    await site.edit("ann", f"problem/{problem}", description="x")
    await snow.upload(f"task/{printer}", Attachment(id="", filename="a.txt", size=3), chunks(b"abc"), "m-1")
    told = (await snow.changes(tasks, start)).changes
    assert {(one.id, one.version.partition("/")[0]) for one in told} == {(f"task/{problem}", "1"), (f"task/{printer}", "file")}
    item = await snow.read(f"task/{printer}")
    assert (item.ref.key, [one.filename for one in item.attachments], len(item.comments)) == ("INC0000001", ["a.txt"], 2)
    assert site.world.attachments(printer)[0]["table_name"] == "incident"
    await site.call("root", "DELETE", f"/api/now/table/problem/{problem}")
    assert [one.id for one in (await snow.changes(tasks, start)).changes if one.deleted] == [f"task/{problem}"]


async def test_a_record_that_leaves_the_sides_query_is_still_told(snow: ServiceNowConnector, site: Site) -> None:
    side = {"table": "incident", "query": "short_descriptionLIKEfire"}
    start = (await snow.changes(side, "")).cursor
    incident = site.named("Printer on fire")
    await site.edit("ann", incident, short_description="Printer is out")
    assert [one.id for one in (await snow.changes(side, start)).changes] == [incident]
    assert incident not in {one.id for one in await snow.search(side, "active=true", None)}
    with pytest.raises(Misconfigured, match="the side's query"):
        await snow.changes({"table": "incident", "query": "colour=red"}, start)


async def test_more_rows_of_one_second_than_fit_a_page_are_all_told_while_rows_move(snow: ServiceNowConnector, site: Site) -> None:
    start = (await snow.changes(SETTINGS, "")).cursor
    moment = datetime.now(UTC)
    rows = [site.world.new_row("incident", "ann", moment) for _ in range(PAGE * 2 + 10)]
    for one in rows:
        site.world.put("incident", one)
    wanted = {f"incident/{one['sys_id']}" for one in rows}
    first = await snow.changes(SETTINGS, start)
    assert first.more
    moved = min(one["sys_id"] for one in rows)
    await site.edit("ann", f"incident/{moved}", description="moved to the end")
    rest, cursor = await _ids(snow, first.cursor)
    assert {one.id for one in first.changes} | rest >= wanted
    again, _ = await _all(snow, cursor)
    assert "1" in {one.version.partition("/")[0] for one in again if one.id == f"incident/{moved}"}


async def test_what_is_committed_late_is_told(snow: ServiceNowConnector, site: Site) -> None:
    cursor = (await snow.changes(SETTINGS, "")).cursor
    await site.control(lag_s=300)
    hidden = await created(snow)
    site.world.put("incident", {**site.world.new_row("incident", "ann"), "sys_id": "f" * 32})
    seen, cursor = await _ids(snow, cursor)
    assert seen == set()
    await site.control(lag_s=0)
    seen, _ = await _ids(snow, cursor)
    assert seen == {hidden, f"incident/{'f' * 32}"}


async def test_rows_behind_hidden_ones_are_told() -> None:
    """The limit counts rows before access rules take some away, so that a page may be empty and yet not the last."""
    async with running({"roles": ["reader"]}) as site, connected(site) as snow:
        cursor = (await snow.changes(SETTINGS, "")).cursor
        for _ in range(PAGE + 1):
            site.world.put("incident", site.world.new_row("incident", "ann"))
        own = {**site.world.new_row("incident", "ann"), "sys_id": "f" * 32, "caller_id": site.world.users["twinline"].sys_id}
        site.world.put("incident", own)
        seen, _ = await _ids(snow, cursor)
        assert seen == {f"incident/{'f' * 32}"}


async def test_deletions_are_left_out_where_they_cannot_be_read() -> None:
    async with running({"unreadable": ["sys_audit_delete"]}) as site, connected(site) as snow:
        cursor = (await snow.changes(SETTINGS, "")).cursor
        item_id = site.named("Scanner sleeps")
        await site.call("root", "DELETE", f"/api/now/table/{item_id}")
        assert (await snow.changes(SETTINGS, cursor)).changes == ()


async def test_a_time_zone_that_changes_later_is_noticed(snow: ServiceNowConnector, site: Site) -> None:
    cursor = (await snow.changes(SETTINGS, "")).cursor
    ours = site.world.users["twinline"]
    site.world.users["twinline"] = replace(ours, seed=ours.seed.model_copy(update={"time_zone": "US/Pacific"}))
    await site.edit("ann", site.named("Scanner sleeps"), description="x")
    with pytest.raises(Misconfigured, match="set time zone GMT"):
        await _ids(snow, cursor)


async def test_a_quiet_poll_costs_three_reads(snow: ServiceNowConnector, site: Site) -> None:
    cursor = (await snow.changes(SETTINGS, "")).cursor
    before = await site.calls()
    await snow.changes(SETTINGS, cursor)
    assert {name: count - before.get(name, 0) for name, count in (await site.calls()).items()} == {"GET": 3}


async def test_queries_select_records(snow: ServiceNowConnector, site: Site) -> None:
    printer, scanner = site.named("Printer on fire"), site.named("Scanner sleeps")
    found = {
        query: {one.id for one in await snow.search(SETTINGS, query, None)}
        for query in (
            "short_descriptionLIKEprinter",
            "state=1^ORstate=2",
            "assigned_to.user_name=bob^NQcaller_id.email=ann@acme.test",
            "active=true^assigned_toISEMPTY",
            "number>=INC0000002",
            "sys_created_on<javascript:gs.dateGenerate('2031-01-01','00:00:00')^assigned_toISNOTEMPTY^EQ",
            "impactBETWEEN3@4^numberNOT INx,y^short_descriptionNOT LIKEfire^numberENDSWITH2^short_description!=x",
            "caller_id=javascript:gs.getUserID()",
            "",
        )
    }
    assert list(found.values()) == [
        {printer}, {printer, scanner}, {printer, scanner}, {scanner}, {scanner}, {printer}, {scanner}, set(), {printer, scanner}
    ]  # fmt: skip
    narrowed = await snow.search({"table": "incident", "query": "state=2^NQstate=6"}, "active=true^NQstate=1", None)
    assert {one.id for one in narrowed} == {printer}
    assert await snow.search(SETTINGS, "active=true", datetime.now(UTC) - timedelta(hours=1)) == ()
    await site.edit("ann", scanner, description="x")
    assert {one.id for one in await snow.search(SETTINGS, "active=true", datetime.now(UTC) - timedelta(hours=1))} == {scanner}


async def test_a_search_reads_all_pages(snow: ServiceNowConnector, site: Site) -> None:
    for _ in range(PAGE + 3):
        site.world.put("incident", site.world.new_row("incident", "ann"))
    assert len(await snow.search(SETTINGS, "numberSTARTSWITHINC", None)) == PAGE + 5


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("actve=true", "no column 'actve'; ServiceNow would leave the condition aside and find too much"),
        ("active=true^ORcolour=red", "no column 'colour'"),
        ("caller_id.emial=x", "table 'sys_user' has no column 'emial'"),
        ("state.name=x", "refers to nothing"),
        ("all my incidents", "is no condition"),
        ("active=true^^state=1", "'' is no condition"),
        ("active=true^ORDERBYnumber", "leave the order out"),
        ("stateIN", "needs a value"),
        ("^NQ".join(["state=1"] * 21), "21 alternatives"),
        ("sys_created_on>javascript:gs.weather()", "Invalid query detected"),
    ],
)
async def test_bad_queries_are_told(snow: ServiceNowConnector, query: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        await snow.check_query(SETTINGS, query)


async def test_the_fake_itself_leaves_aside_what_it_does_not_understand(site: Site) -> None:
    answer = await site.call("ann", "GET", "/api/now/table/incident", sysparm_query="colour=red")
    assert len(cast("list[object]", answer.json()["result"])) == 2
