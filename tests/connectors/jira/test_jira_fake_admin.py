"""What administrators' scripts ask the fake for: single things by id, versions, boards and sprints, filters, richer JQL."""

from typing import Any

import httpx
import pytest
from jira_site import Site
from pydantic import JsonValue


async def _made(site: Site, summary: str = "A lamp", project: str = "APP", **more: JsonValue) -> str:
    fields: JsonValue = {"project": {"key": project}, "issuetype": {"name": "Task"}, "summary": summary, **more}
    answer = await site.call("POST", "/issue", {"fields": fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


async def _read(site: Site, path: str, name: str = "ann") -> Any:
    answer = await site.call("GET", path, name=name)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _keys(site: Site, jql: str) -> list[str]:
    answer = await site.call("POST", "/search/jql", {"jql": jql, "fields": ["summary"]})
    assert answer.status_code == 200, answer.text
    return [one["key"] for one in answer.json()["issues"]]


async def _agile(site: Site, method: str, path: str, json: JsonValue = None) -> httpx.Response:
    return await site.http.request(method, f"/rest/agile/1.0{path}", json=json, auth=httpx.BasicAuth("ann@acme.test", "ann-token"))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/status/3", "In Progress"),
        ("/status/Done", "Done"),
        ("/statuscategory/4", "In Progress"),
        ("/statuscategory/new", "To Do"),
        ("/priority/2", "High"),
        ("/resolution/10000", "Done"),
        ("/issuetype/10001", "Task"),
        ("/issueLinkType/10000", "Blocks"),
    ],
)
async def test_one_thing_by_its_id(site: Site, path: str, name: str) -> None:
    assert (await _read(site, path))["name"] == name
    assert (await site.call("GET", path.rpartition("/")[0] + "/4711")).status_code == 404


async def test_people_their_groups_and_roles(site: Site, center: Site) -> None:
    assert len(await _read(site, "/users/search")) == 3
    ann = (await _read(site, "/myself"))["accountId"]
    assert [one["accountId"] for one in await _read(site, f"/user/search?query={ann}")] == [ann]
    key = await _made(site)
    assert len(await _read(site, f"/user/assignable/search?issueKey={key}&query=ann")) == 1
    assert (await site.call("GET", "/user/assignable/search?issueKey=APP-999")).status_code == 404
    assert (await site.call("GET", "/user/assignable/search")).status_code == 400
    picked = await _read(site, "/user/picker?query=bak")
    assert ([one["displayName"] for one in picked["users"]], picked["total"]) == (["Bob Baker"], 1)
    assert [one["name"] for one in (await _read(site, "/groups/picker?query=admin"))["groups"]] == ["jira-administrators"]
    members = await _read(site, "/group/member?groupname=jira-administrators")
    assert {one["displayName"] for one in members["values"]} == {"Ann Archer", "Twinline"}
    assert (await site.call("GET", "/group/member?groupname=none")).status_code == 404
    roles = await _read(site, "/project/APP/role")
    role = await _read(site, "/project/APP/role/" + roles["Administrators"].rpartition("/")[2])
    assert {one["displayName"] for one in role["actors"]} == {"Ann Archer", "Twinline"}
    assert (await site.call("GET", "/project/APP/role/1")).status_code == 404
    told = (await center.http.get("/rest/api/2/user/assignable/multiProjectSearch?username=bob&projectKeys=APP")).json()
    assert [one["name"] for one in told] == ["bob"]
    assert (await center.http.get("/rest/api/2/group?groupname=jira-users&expand=users")).json()["users"]["size"] == 3


async def test_an_issue_goes_to_its_default_assignee(site: Site) -> None:
    bob = (await _read(site, "/myself", "bob"))["accountId"]
    key = await _made(site, assignee={"accountId": bob})
    assert (await site.call("PUT", f"/issue/{key}/assignee", {"accountId": "-1"})).status_code == 204
    assert (await _read(site, f"/issue/{key}"))["fields"]["assignee"] is None


async def test_versions_and_components_are_kept(site: Site) -> None:
    version = (await site.call("POST", "/version", {"name": "1.0", "project": "APP", "releaseDate": "2026-12-01"})).json()
    part = (await site.call("POST", "/component", {"name": "Shop", "project": "APP"})).json()
    key = await _made(site, fixVersions=[{"name": "1.0"}], components=[{"name": "Shop"}])
    changed = (await site.call("PUT", f"/version/{version['id']}", {"name": "1.1", "released": True})).json()
    assert (changed["name"], changed["released"], changed["releaseDate"]) == ("1.1", True, "2026-12-01")
    assert await _keys(site, 'fixVersion = "1.1" AND component = Shop') == [key]
    assert (await _read(site, f"/version/{version['id']}/unresolvedIssueCount"))["issuesUnresolvedCount"] == 1
    assert (await _read(site, f"/version/{version['id']}/relatedIssueCounts"))["issuesFixedCount"] == 1
    assert (await _read(site, f"/component/{part['id']}/relatedIssueCounts"))["issueCount"] == 1
    assert (await _read(site, "/project/APP/version"))["values"][0]["id"] == version["id"]
    operations: JsonValue = {"update": {"fixVersions": [{"remove": {"name": "1.1"}}], "components": [{"add": {"id": part["id"]}}]}}
    assert (await site.call("PUT", f"/issue/{key}", operations)).status_code == 204
    fields = (await _read(site, f"/issue/{key}"))["fields"]
    assert (fields["fixVersions"], [one["name"] for one in fields["components"]]) == ([], ["Shop"])
    assert (await site.call("DELETE", f"/component/{part['id']}")).status_code == 204
    assert (await _read(site, f"/issue/{key}"))["fields"]["components"] == []
    assert (await site.call("GET", f"/component/{part['id']}")).status_code == 404


async def test_votes_are_not_for_the_reporter(site: Site) -> None:
    key = await _made(site)
    path = f"/issue/{key}/votes"
    assert [(await site.call("POST", path, name=name)).status_code for name in ("ann", "bob", "bob")] == [404, 204, 204]
    assert ((await _read(site, path))["votes"], (await _read(site, f"/issue/{key}"))["fields"]["votes"]["votes"]) == (1, 1)
    assert (await site.call("DELETE", path, name="bob")).status_code == 204
    assert (await _read(site, path))["voters"] == []


async def test_sub_tasks_go_only_if_that_is_asked_for(site: Site) -> None:
    parent = await _made(site, project="SYNC")
    child = await _made(site, project="SYNC", issuetype={"name": "Sub-task"}, parent={"key": parent})
    refused = await site.call("DELETE", f"/issue/{parent}")
    assert (refused.status_code, "deleteSubtasks" in refused.text) == (400, True)
    assert await _keys(site, f"parent = {parent}") == [child]
    assert (await site.call("DELETE", f"/issue/{parent}?deleteSubtasks=true")).status_code == 204
    assert (await site.call("GET", f"/issue/{child}")).status_code == 404


async def test_texts_are_rendered(site: Site, center: Site) -> None:
    made = await center.http.post(
        "/rest/api/2/issue",
        json={"fields": {"project": {"key": "APP"}, "issuetype": {"name": "Task"}, "summary": "x", "description": "a < b\nc\n\nd"}},
    )
    shown = (await center.http.get(f"/rest/api/2/issue/{made.json()['key']}?expand=renderedFields,operations,editmeta")).json()
    assert shown["renderedFields"]["description"] == "<p>a &lt; b<br/>\nc</p>\n<p>d</p>"
    assert (shown["renderedFields"]["summary"], "summary" in shown["editmeta"]["fields"]) == (None, True)
    told = await _read(site, "/issue/APP-1?expand=renderedFields")
    assert told["renderedFields"]["comment"]["comments"][0]["body"] == "<p>Reproduced with coupon ACME-10.</p>"


async def test_queries_of_many_fields(site: Site) -> None:
    key = await _made(site, customfield_10031="Acme 7", customfield_10032={"value": "Major"})
    bob = (await _read(site, "/myself", "bob"))["accountId"]
    await site.call("POST", f"/issue/{key}/watchers", bob)
    await site.call("PUT", f"/issue/{key}", {"fields": {"labels": ["seen"]}})
    for jql in ('cf[10031] ~ "acme"', '"Customer reference" ~ 7', "Severity = Major", f'watcher = "{bob}"'):
        assert await _keys(site, f"project = APP AND {jql}") == [key], jql
    assert key in await _keys(site, "project = APP AND resolution = Unresolved AND created >= startOfDay(-1d)")
    assert await _keys(site, "project = APP AND updated < startOfYear(-1)") == []
    assert await _keys(site, "project = APP AND updated > endOfMonth(1M)") == []
    for jql in ("updated > startOfDay(soon)", "updated > startOfAge()", "fixVersion = 77", "sprint = 77"):
        assert (await site.call("POST", "/search/jql", {"jql": jql})).status_code == 400, jql


async def test_a_sprint_from_its_plan_to_its_end(site: Site) -> None:
    key = await _made(site)
    page = (await _agile(site, "GET", "/board?projectKeyOrId=APP")).json()
    [board] = page["values"]
    assert (page["total"], board["type"], board["location"]["projectKey"]) == (1, "scrum", "APP")
    made = await _agile(site, "POST", "/sprint", {"name": "Sprint 1", "originBoardId": board["id"], "goal": "Light"})
    sprint = made.json()
    assert (made.status_code, sprint["state"], sprint["goal"]) == (201, "future", "Light")
    assert (await _agile(site, "POST", f"/sprint/{sprint['id']}/issue", {"issues": [key]})).status_code == 204
    found = (await _agile(site, "GET", f"/board/{board['id']}/sprint/{sprint['id']}/issue")).json()
    assert ([one["key"] for one in found["issues"]], found["issues"][0]["fields"]["sprint"]["name"]) == ([key], "Sprint 1")
    backlog = (await _agile(site, "GET", f"/board/{board['id']}/backlog")).json()
    assert (key in {one["key"] for one in backlog["issues"]}, backlog["total"]) == (False, 2)
    path = f"/sprint/{sprint['id']}"
    assert (await _agile(site, "POST", path, {"state": "active"})).status_code == 400
    dates: dict[str, JsonValue] = {"startDate": "2026-11-01T08:00:00.000Z", "endDate": "2026-11-14T08:00:00.000Z"}
    assert (await _agile(site, "POST", path, {"state": "active", **dates})).json()["state"] == "active"
    assert await _keys(site, "sprint in openSprints()") == [key] == await _keys(site, 'sprint = "Sprint 1"')
    assert "completeDate" in (await _agile(site, "POST", path, {"state": "closed"})).json()
    assert (await _agile(site, "POST", path, {"state": "active"})).status_code == 400
    shown = (await _agile(site, "GET", f"/issue/{key}")).json()["fields"]
    assert (shown["sprint"], shown["closedSprints"][0]["id"]) == (None, sprint["id"])
    assert (await _agile(site, "POST", f"{path}/issue", {"issues": [key]})).status_code == 400
    assert (await _agile(site, "GET", f"/board/{board['id']}/sprint?state=active")).json()["values"] == []
    assert (await _agile(site, "DELETE", path)).status_code == 204
    assert [(await _agile(site, "GET", one)).status_code for one in (path, "/board/99")] == [404, 404]
    assert (await _agile(site, "GET", f"/board/{board['id']}/issue?jql=nothing")).status_code == 400


async def test_an_issue_goes_back_to_the_backlog(site: Site) -> None:
    key = await _made(site)
    sprint = (await _agile(site, "POST", "/sprint", {"name": "S", "originBoardId": 1})).json()["id"]
    await _agile(site, "POST", f"/sprint/{sprint}/issue", {"issues": [key]})
    assert (await _agile(site, "POST", "/backlog/issue", {"issues": [key]})).status_code == 204
    assert (await _agile(site, "GET", f"/sprint/{sprint}/issue")).json()["total"] == 0
    assert (await _agile(site, "PUT", "/issue/rank", {"issues": [key], "rankBeforeIssue": "APP-1"})).status_code == 204
    assert (await _agile(site, "PUT", "/issue/rank", {"issues": ["APP-99"], "rankBeforeIssue": "APP-1"})).status_code == 400
    assert (await _agile(site, "POST", "/sprint", {"name": "S", "originBoardId": 77})).status_code == 404


async def test_a_saved_filter(site: Site) -> None:
    made = await site.call("POST", "/filter", {"name": "Mine", "jql": "project = APP", "favourite": True})
    path = f"/filter/{made.json()['id']}"
    assert (made.status_code, made.json()["favourite"]) == (200, True)
    assert [one["name"] for one in await _read(site, "/filter/favourite")] == ["Mine"]
    assert (await _read(site, "/filter/favourite", "bob")) == []
    wrong: list[JsonValue] = [{"name": "mine", "jql": ""}, {"name": "", "jql": ""}, {"name": "x", "jql": "planet = Mars"}]
    assert [(await site.call("POST", "/filter", body)).status_code for body in wrong] == [400, 400, 400]
    assert (await site.call("PUT", path, {"jql": "project = OPS"})).json()["jql"] == "project = OPS"
    assert "jql" not in (await _read(site, "/filter/search?filterName=min"))["values"][0]
    assert (await _read(site, "/filter/search?expand=jql"))["values"][0]["jql"] == "project = OPS"
    assert (await site.call("DELETE", f"{path}/favourite")).json()["favouritedCount"] == 0
    assert (await site.call("DELETE", path)).status_code == 204
    assert (await site.call("GET", path)).status_code == 400


async def test_work_logs_of_the_last_minute_are_not_told_yet(site: Site) -> None:
    key = await _made(site)
    made = (await site.call("POST", f"/issue/{key}/worklog", {"timeSpent": "1h"})).json()
    told = await _read(site, "/worklog/updated?since=0")
    assert (told["values"], told["lastPage"]) == ([], True)
    assert [one["id"] for one in (await site.call("POST", "/worklog/list", {"ids": [int(made["id"])]})).json()] == [made["id"]]


async def test_comments_by_their_ids_and_their_properties(site: Site) -> None:
    [first, *_] = (await _read(site, "/issue/APP-1/comment"))["comments"]
    found = (await site.call("POST", "/comment/list", {"ids": [int(first["id"]), 4711]})).json()
    assert [one["id"] for one in found["values"]] == [first["id"]]
    path = f"/comment/{first['id']}/properties/mark"
    assert [(await site.call("PUT", path, {"a": 1})).status_code for _ in range(2)] == [201, 200]
    assert (await _read(site, path))["value"] == {"a": 1}
    assert [(await site.call("DELETE", path)).status_code for _ in range(2)] == [204, 404]


async def test_a_link_with_a_comment(site: Site) -> None:
    body: dict[str, JsonValue] = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "APP-1"}, "outwardIssue": {"key": "APP-2"}}
    said: JsonValue = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Wait."}]}]}
    assert (await site.call("POST", "/issueLink", {**body, "comment": {"body": said}})).status_code == 201
    assert (await _read(site, "/issue/APP-2/comment"))["comments"][-1]["body"]["content"][0]["content"][0]["text"] == "Wait."
    assert (await site.call("POST", "/issue/APP-2/notify", {"subject": "x", "to": {"reporter": True}})).status_code == 204
    assert (await site.call("POST", "/issue/APP-2/notify", {"subject": "x"})).status_code == 400
