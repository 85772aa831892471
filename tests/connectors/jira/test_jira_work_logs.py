"""Work logs of Cloud and of Data Center, over real HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

import pytest
from jira_site import APP, Site, document, pat
from pydantic import JsonValue

from connectors.jira.connector import JiraConnector
from connectors.jira.refusals import parse_error
from connectors.kit.interface import SystemAccess
from model.errors import NotFound
from model.item import Fields, Work, WorkLog

TOKYO = timezone(timedelta(hours=9))
WORK = Work(started=datetime(2026, 3, 2, 8, 30, 15, 250_000, TOKYO), spent=5400, comment="Repair of the **pump**\n\n- valve\n- seal")
Open = Callable[[SystemAccess], JiraConnector]


@pytest.fixture(params=["Cloud", "Data Center"])
def there(request: pytest.FixtureRequest, site: Site, center: Site) -> tuple[Site, SystemAccess]:
    return (site, site.access()) if request.param == "Cloud" else (center, pat(center.url))


async def logged(jira: JiraConnector, item_id: str) -> tuple[WorkLog, ...]:
    return (await jira.read(item_id)).work_logs


async def worklogs(site: Site, key: str) -> list[Fields]:
    return cast("list[Fields]", (await site.item(key))["worklogs"])


async def test_time_is_exact_and_the_marker_is_seen_by_nobody(there: tuple[Site, SystemAccess], opened: Open) -> None:
    site, access = there
    jira = opened(access)
    item_id = (await jira.find(APP, "APP-2")).id
    assert await logged(jira, item_id) == ()
    added = await jira.work_logs.add(item_id, WORK, "op1")
    [read] = await logged(opened(access), item_id)
    assert read == added
    assert (read.started, read.spent, read.comment, read.marker) == (WORK.started, 5400, WORK.comment, "op1")
    assert read.text == jira.work_logs.as_read(WORK).text
    [raw] = await worklogs(site, "APP-2")
    assert raw["started"] == "2026-03-01T23:30:15.250000+00:00"


async def test_data_center_keeps_the_marker_in_an_anchor(center: Site, opened: Open) -> None:
    jira = opened(pat(center.url))
    item_id = (await jira.find(APP, "APP-2")).id
    added = await jira.work_logs.add(item_id, WORK.model_copy(update={"comment": "See {anchor:twinline-op0} *there*"}), "op1")
    [raw] = await worklogs(center, "APP-2")
    assert str(raw["text"]).endswith("\n\n{anchor:twinline-op1}")
    assert str(raw["text"]).count("anchor") == 1
    assert added.marker == "op1"
    assert "anchor" not in added.comment


async def test_an_edit_leaves_the_marker_and_takes_the_words_away(there: tuple[Site, SystemAccess], opened: Open) -> None:
    _, access = there
    jira = opened(access)
    item_id = (await jira.find(APP, "APP-2")).id
    added = await jira.work_logs.add(item_id, WORK, "op1")
    edited = await jira.work_logs.edit(item_id, added.id, WORK.model_copy(update={"spent": 20, "comment": ""}))
    [read] = await logged(opened(access), item_id)
    assert (edited.text, read.text) == (read.text, jira.work_logs.as_read(WORK.model_copy(update={"spent": 20, "comment": ""})).text)
    assert (read.spent, read.comment, read.marker, edited.marker) == (60, "", "op1", "op1")
    found = await jira.work_logs.find(item_id, "op1", WORK)
    assert found is not None
    assert found.id == added.id
    for _ in range(2):
        await jira.work_logs.delete(item_id, added.id)
    with pytest.raises(NotFound):
        await jira.work_logs.edit(item_id, added.id, WORK)


async def test_what_people_log_is_read_with_who_they_are(site: Site, jira: JiraConnector) -> None:
    item_id = (await jira.find(APP, "APP-2")).id
    before = (await jira.read(item_id)).version
    body: JsonValue = {"timeSpent": "1h 30m", "started": "2026-01-02T03:04:05.000+0200", "comment": document("Typed")}
    assert (await site.call("POST", "/issue/APP-2/worklog", body)).status_code == 201
    item = await jira.read(item_id)
    [log] = item.work_logs
    assert (log.started, log.spent, log.comment, log.marker) == (datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC), 5400, "Typed", None)
    assert (log.author or {})["displayName"] == "Ann Archer"
    assert item.version > before
    assert "worklog" not in item.fields


async def test_one_that_is_not_for_everybody_stays_where_it_is(site: Site, jira: JiraConnector) -> None:
    item_id = (await jira.find(APP, "APP-2")).id
    for visibility in ("role", "group", ""):
        body: Fields = {"timeSpentSeconds": 60, "comment": document("x")}
        body |= {"visibility": {"type": visibility, "value": "Administrators"}} if visibility else {}
        assert (await site.call("POST", "/issue/APP-2/worklog", body)).status_code == 201
    assert [one.comment for one in await logged(jira, item_id)] == ["x"]


async def test_jira_takes_no_less_than_a_minute(site: Site) -> None:
    short = await site.call("POST", "/issue/APP-2/worklog", {"timeSpentSeconds": 59})
    assert short.json()["errors"] == {"timeLogged": "You must indicate the time spent working."}
    odd = await site.call("POST", "/issue/APP-2/worklog?adjustEstimate=maybe", {"timeSpentSeconds": 60})
    assert odd.status_code == 400


def test_what_is_refused_is_told_of_work_logs() -> None:
    error = parse_error(b'{"errorMessages":[],"errors":{"timeLogged":"You must indicate the time spent working."}}')
    assert (error.field, error.words) == ("workLogs", "field 'workLogs': You must indicate the time spent working.")
