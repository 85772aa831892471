"""What client libraries ask the fake for besides issues: https://developer.atlassian.com/cloud/jira/platform/rest/v3/."""

from typing import Any

import httpx
import pytest
from jira_site import Site
from pydantic import JsonValue


def _fields(**more: JsonValue) -> dict[str, JsonValue]:
    return {"fields": {"project": {"key": "APP"}, "issuetype": {"name": "Task"}, **more}}


async def _made(site: Site, summary: str = "A lamp") -> str:
    return str((await site.call("POST", "/issue", _fields(summary=summary))).json()["key"])


async def _read(site: Site, path: str, name: str = "ann") -> Any:
    answer = await site.call("GET", path, name=name)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_history_of_an_issue(site: Site, center: Site) -> None:
    key = await _made(site)
    await site.call("PUT", f"/issue/{key}", {"fields": {"summary": "Two lamps"}}, name="bob")
    await site.call("POST", f"/issue/{key}/transitions", {"transition": {"id": "31"}})
    page = await _read(site, f"/issue/{key}/changelog?maxResults=1")
    assert (page["total"], page["isLast"], page["values"][0]["author"]["displayName"]) == (2, False, "Bob Baker")
    item = page["values"][0]["items"][0]
    assert (item["field"], item["fromString"], item["toString"]) == ("summary", "A lamp", "Two lamps")
    whole = (await _read(site, f"/issue/{key}?expand=changelog"))["changelog"]
    assert (whole["total"], [one["items"][0]["toString"] for one in whole["histories"]]) == (2, ["Done", "Two lamps"])
    assert "changelog" not in await _read(site, f"/issue/{key}")
    bob = (await _read(site, "/myself", name="bob"))["accountId"]
    await site.call("PUT", f"/issue/{key}", {"fields": {"assignee": {"accountId": bob}, "priority": {"name": "High"}}})
    told = (await _read(site, f"/issue/{key}?expand=changelog"))["changelog"]["histories"][0]["items"]
    assert [(one["field"], one["from"], one["fromString"], one["to"], one["toString"]) for one in told] == [
        ("priority", "3", "Medium", "2", "High"),
        ("assignee", None, None, bob, "Bob Baker"),
    ]
    other = (await center.http.post("/rest/api/2/issue", json=_fields(summary="x"))).json()["key"]
    for number in range(2):
        await center.http.put(f"/rest/api/2/issue/{other}", json={"fields": {"summary": f"x{number}"}})
    told = (await center.http.get(f"/rest/api/2/issue/{other}?expand=changelog")).json()["changelog"]["histories"]
    assert [one["items"][0]["toString"] for one in told] == ["x0", "x1"]
    assert (await center.http.get(f"/rest/api/2/issue/{other}/changelog")).status_code == 404


async def test_many_issues_at_once(site: Site) -> None:
    wrong: JsonValue = {"fields": {"project": {"key": "APP"}, "issuetype": {"name": "Nothing"}, "summary": "x"}}
    answer = await site.call("POST", "/issue/bulk", {"issueUpdates": [_fields(summary="One"), wrong, _fields(summary="Two")]})
    told = answer.json()
    assert (answer.status_code, len(told["issues"]), told["errors"][0]["failedElementNumber"]) == (201, 2, 1)
    assert told["errors"][0]["elementErrors"]["errors"] == {"issuetype": "Specify a valid issue type"}
    assert (await _read(site, f"/issue/{told['issues'][1]['key']}"))["fields"]["summary"] == "Two"
    assert (await site.call("POST", "/issue/bulk", {"issueUpdates": [wrong]})).status_code == 400
    assert (await site.call("POST", "/issue/bulk", {"issueUpdates": []})).status_code == 400


async def test_what_can_be_made_in_the_old_form(site: Site, center: Site) -> None:
    answer = await site.call("GET", "/issue/createmeta?projectKeys=app&issuetypeNames=Bug&expand=projects.issuetypes.fields")
    [project] = answer.json()["projects"]
    [kind] = project["issuetypes"]
    assert (project["key"], kind["name"], kind["fields"]["summary"]["required"]) == ("APP", "Bug", True)
    assert "deprecated" in answer.headers["warning"]
    everything = (await _read(site, "/issue/createmeta"))["projects"]
    assert len(everything) == 4
    assert "fields" not in everything[0]["issuetypes"][0]
    assert len((await _read(site, f"/issue/createmeta?projectIds={everything[1]['id']}&issuetypeIds=10001"))["projects"]) == 1
    assert (await center.http.get("/rest/api/2/issue/createmeta")).status_code == 404


async def test_lists_to_choose_from(site: Site, center: Site) -> None:
    key = await _made(site)
    await site.call("PUT", f"/issue/{key}", {"fields": {"labels": ["zoo", "ape"]}})
    assert [one for one in (await _read(site, "/label"))["values"] if one in {"zoo", "ape"}] == ["ape", "zoo"]
    priorities = await _read(site, "/priority/search?startAt=1&maxResults=2")
    assert ([one["name"] for one in priorities["values"]], priorities["isLast"]) == (["High", "Medium"], False)
    assert (await _read(site, "/resolution/search"))["values"][0]["name"] == "Done"
    told = (await _read(site, "/mypermissions?permissions=browse_projects,ADMINISTER"))["permissions"]
    assert {name: one["havePermission"] for name, one in told.items()} == {"BROWSE_PROJECTS": True, "ADMINISTER": True}
    for query in ("", "?permissions=FLY"):
        assert (await site.call("GET", f"/mypermissions{query}")).status_code == 400
    assert "EDIT_ISSUES" in (await center.http.get("/rest/api/2/mypermissions")).json()["permissions"]
    [section] = (await _read(site, f"/issue/picker?query=lamp&currentJQL=key={key}"))["sections"]
    assert [one["key"] for one in section["issues"]] == [key]
    assert (await _read(site, "/issue/picker?query="))["sections"][0]["issues"] == []
    assert (await _read(site, f"/issue/picker?query={key}"))["sections"][0]["issues"][0]["summaryText"] == "A lamp"


async def test_links_between_issues(site: Site) -> None:
    """The inward issue blocks the outward one."""
    first, second = await _made(site, "Blocker"), await _made(site, "Blocked")
    body: dict[str, JsonValue] = {"type": {"name": "blocks"}, "inwardIssue": {"key": first}, "outwardIssue": {"key": second}}
    for _ in range(2):
        assert (await site.call("POST", "/issueLink", body)).status_code == 201
    [shown] = (await _read(site, f"/issue/{first}"))["fields"]["issuelinks"]
    assert (shown["type"]["outward"], shown["outwardIssue"]["key"]) == ("blocks", second)
    [other] = (await _read(site, f"/issue/{second}"))["fields"]["issuelinks"]
    assert (other["id"], other["inwardIssue"]["fields"]["summary"]) == (shown["id"], "Blocker")
    whole = await _read(site, f"/issueLink/{shown['id']}")
    assert (whole["inwardIssue"]["key"], whole["outwardIssue"]["key"]) == (first, second)
    assert (await site.call("DELETE", f"/issueLink/{shown['id']}")).status_code == 204
    assert (await _read(site, f"/issue/{second}"))["fields"]["issuelinks"] == []
    assert (await site.call("GET", f"/issueLink/{shown['id']}")).status_code == 404
    wrong: tuple[dict[str, JsonValue], ...] = ({"type": {"name": "Likes"}}, {"inwardIssue": {"key": "APP-99"}}, {"outwardIssue": None})
    for part in wrong:
        assert (await site.call("POST", "/issueLink", {**body, **part})).status_code == 404
    assert (await site.call("POST", "/issueLink", {**body, "type": {"id": "10003"}})).status_code == 201
    third = await _made(site, "Another")
    assert (
        await site.call("POST", "/issueLink", {**body, "inwardIssue": {"key": third}, "outwardIssue": {"key": first}})
    ).status_code == 201
    assert len((await _read(site, f"/issue/{first}"))["fields"]["issuelinks"]) == 2
    for key in (second, third):
        await site.call("DELETE", f"/issue/{key}")
    assert (await _read(site, f"/issue/{first}"))["fields"]["issuelinks"] == []


async def test_remote_links_are_written_over_by_their_global_id(site: Site) -> None:
    key = await _made(site)
    path, target = f"/issue/{key}/remotelink", {"url": "https://acme.test/1", "title": "One"}
    made = await site.call("POST", path, {"globalId": "acme=1", "object": {**target}})
    again = await site.call("POST", path, {"globalId": "acme=1", "object": {**target, "title": "Uno"}})
    assert (made.status_code, again.status_code, made.json()["id"]) == (201, 200, again.json()["id"])
    assert (await site.call("POST", path, {"object": {**target}})).status_code == 201
    assert len(await _read(site, path)) == 2
    assert (await _read(site, f"{path}?globalId=acme%3D1"))["object"]["title"] == "Uno"
    assert (await site.call("GET", f"{path}?globalId=other")).status_code == 404
    assert (await _read(site, f"{path}/{made.json()['id']}"))["globalId"] == "acme=1"
    assert (await site.call("DELETE", f"{path}/{made.json()['id']}")).status_code == 204
    assert (await site.call("DELETE", f"{path}/{made.json()['id']}")).status_code == 404
    assert (await site.call("POST", path, {"object": {"url": "https://acme.test/1"}})).status_code == 400


async def test_work_that_was_done(site: Site) -> None:
    key = await _made(site)
    path = f"/issue/{key}/worklog"
    made = await site.call("POST", path, {"timeSpent": "1d 30m", "started": "2026-01-02T03:04:05.000+0000"}, name="bob")
    assert (made.status_code, made.json()["timeSpentSeconds"], made.json()["author"]["displayName"]) == (201, 30_600, "Bob Baker")
    assert made.json()["started"] == "2026-01-01T22:04:05.000-0500"
    one = f"{path}/{made.json()['id']}"
    changed = (await site.call("PUT", one, {"timeSpentSeconds": 60, "comment": "typed"})).json()
    assert (changed["timeSpent"], changed["comment"]["type"]) == ("0h 1m", "doc")
    assert (await _read(site, one))["started"].startswith("2026-01-02T04:04:05")
    assert (await _read(site, path))["total"] == 1
    wrong: list[JsonValue] = [{}, {"timeSpent": "long"}, {"timeSpentSeconds": 60, "started": "yesterday"}]
    assert [(await site.call("POST", path, body)).status_code for body in wrong] == [400, 400, 400]
    assert (await site.call("DELETE", one)).status_code == 204
    assert (await site.call("GET", one)).status_code == 404


async def test_watchers_and_votes(site: Site) -> None:
    key = await _made(site)
    path = f"/issue/{key}/watchers"
    bob = str((await _read(site, "/myself", name="bob"))["accountId"])
    assert [(await site.call("POST", path, body)).status_code for body in (bob, None, "nobody")] == [204, 204, 400]
    told = await _read(site, path)
    assert (told["watchCount"], told["isWatching"], told["watchers"][0]["displayName"]) == (2, True, "Bob Baker")
    statuses = [(await site.call("DELETE", f"{path}?accountId={one}")).status_code for one in (bob, "nobody")]
    assert (statuses, (await _read(site, path))["watchCount"]) == ([204, 404], 1)
    assert (await _read(site, f"/issue/{key}/votes"))["votes"] == 0


@pytest.mark.parametrize("deployment", ["site", "center"])
async def test_a_file_by_its_name(deployment: str, site: Site, center: Site) -> None:
    """Older libraries read files from there in Cloud, too."""
    chosen = {"site": site, "center": center}[deployment]
    auth = httpx.BasicAuth("ann@acme.test", "ann-token")
    key = (await chosen.http.post("/rest/api/2/issue", json=_fields(summary="x"), auth=auth)).json()["key"]
    files = {"file": ("a b.txt", b"hello", "text/plain")}
    headers = {"X-Atlassian-Token": "no-check"}
    [made] = (await chosen.http.post(f"/rest/api/2/issue/{key}/attachments", files=files, headers=headers, auth=auth)).json()
    assert (await chosen.http.get(f"/secure/attachment/{made['id']}/a%20b.txt", auth=auth)).content == b"hello"
