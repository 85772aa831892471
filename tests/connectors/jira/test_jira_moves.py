"""Issues that move to another project: of the fake, and as the connector tells it."""

import pytest
from jira_site import APP, Site
from pydantic import JsonValue

from connectors.jira.connector import JiraConnector
from model.errors import NotFound


async def _made(site: Site) -> str:
    fields: dict[str, JsonValue] = {"project": {"key": "APP"}, "issuetype": {"name": "Task"}, "summary": "A lamp"}
    return str((await site.call("POST", "/issue", {"fields": fields})).json()["key"])


async def _moved(site: Site, key: str, target: str) -> str:
    """The task's id."""
    answer = await site.call("POST", "/bulk/issues/move", {"targetToSourcesMapping": {target: {"issueIdsOrKeys": [key]}}})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["taskId"])


async def _task_type(site: Site) -> str:
    return str(next(one["id"] for one in (await site.call("GET", "/issuetype")).json() if one["name"] == "Task"))


async def test_a_moved_issue_has_another_key_and_is_found_by_the_old_one(site: Site) -> None:
    key, kind = await _made(site), await _task_type(site)
    task = (await site.call("GET", f"/bulk/queue/{await _moved(site, key, f'OPS,{kind}')}")).json()
    issue = (await site.call("GET", f"/issue/{key}?expand=changelog")).json()
    assert (task["status"], task["processedAccessibleIssues"]) == ("COMPLETE", [int(issue["id"])])
    assert (issue["key"], issue["fields"]["project"]["key"]) == ("OPS-2", "OPS")
    assert [(one["field"], one["toString"]) for one in issue["changelog"]["histories"][0]["items"]] == [
        ("project", "Acme Operations"),
        ("Key", "OPS-2"),
    ]


async def test_a_move_that_leads_nowhere_is_refused(site: Site) -> None:
    key, kind = await _made(site), await _task_type(site)
    for target, keys, status in (
        (f"NOPE,{kind}", [key], 404),
        ("OPS,1", [key], 400),
        (f"OPS,{kind}", ["APP-99"], 400),
        (f"OPS,{kind}", [], 400),
    ):
        body: JsonValue = {"targetToSourcesMapping": {target: {"issueIdsOrKeys": [*keys]}}}
        assert (await site.call("POST", "/bulk/issues/move", body)).status_code == status
    assert (await site.call("GET", "/bulk/queue/1")).status_code == 404
    assert (await site.call("GET", f"/issue/{key}")).json()["key"] == key


async def test_what_a_moved_issue_was_before_is_still_known(site: Site) -> None:
    key, kind = await _made(site), await _task_type(site)
    await _moved(site, key, f"OPS,{kind}")
    await site.call("PUT", f"/issue/{key}", {"fields": {"priority": {"name": "Low"}}})
    found = await site.call("POST", "/search/jql", {"jql": f"key = {key} AND priority was Medium", "fields": ["summary"]})
    assert [one["key"] for one in found.json()["issues"]] == ["OPS-2"]


async def test_where_an_issue_went(site: Site, jira: JiraConnector) -> None:
    key, kind = await _made(site), await _task_type(site)
    item = await jira.read((await jira.find(APP, key)).id)
    assert await jira.whereabouts(APP, item) == ""
    await _moved(site, key, f"OPS,{kind}")
    there = await jira.read(item.ref.id)
    assert there.ref.key == "OPS-2"
    assert await jira.whereabouts(APP, there) == "was moved to project 'OPS'"
    assert await jira.whereabouts({"project": "ops"}, there) == ""
    assert await jira.whereabouts({"project": "OLD"}, there) == ""


async def test_an_issue_is_found_whatever_the_side_calls_its_project(site: Site, jira: JiraConnector) -> None:
    key = await _made(site)
    known = await jira.find({"project": "app"}, key)
    assert (await site.call("PUT", "/project/APP", {"key": "LAMPS"})).json()["key"] == "LAMPS"
    renamed = known.model_copy(update={"key": key.replace("APP", "LAMPS")})
    for project in ("APP", "lamps"):
        assert await jira.find({"project": project}, key) == renamed
    for project in ("OPS", "OLD"):
        with pytest.raises(NotFound, match=f"is in project 'LAMPS', but this side's project is '{project}'"):
            await jira.find({"project": project}, key)


async def test_a_project_with_another_key_goes_on_under_the_old_one(site: Site, jira: JiraConnector) -> None:
    cursor = (await jira.changes(APP, "")).cursor
    await site.call("PUT", "/project/APP", {"key": "LAMPS", "name": "Lamps"})
    made = await jira.create(APP, {"summary": "A bulb"}, "m-1")
    assert made.ref.key.startswith("LAMPS-")
    await site.control(lag_s=0)
    assert made.ref.id in {one.id for one in (await jira.changes(APP, cursor)).changes}
    assert [one.id for one in await jira.search(APP, "summary ~ bulb", None)] == [made.ref.id]
    assert await jira.whereabouts(APP, await jira.read(made.ref.id)) == ""
    await jira.check(APP)


async def test_a_key_is_refused_that_another_project_has_or_had(site: Site) -> None:
    await site.call("PUT", "/project/APP", {"key": "LAMPS"})
    for key, message in (("LAMPS", "Project 'LAMPS' uses"), ("APP", "Project 'APP' uses"), ("o p s", "must start with")):
        answer = await site.call("PUT", "/project/OPS", {"key": key})
        assert (answer.status_code, message in answer.json()["errors"]["projectKey"]) == (400, True)
    assert (await site.call("PUT", "/project/LAMPS", {"key": "APP"})).json()["key"] == "APP"
