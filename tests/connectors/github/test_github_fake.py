"""The fake answers as GitHub's documentation says."""

import base64
import json
from pathlib import Path
from typing import cast

import httpx
import pytest
from github_site import SECRET, GitHubSite, running
from pydantic import JsonValue

from connectors.github import DECLARATION
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions

REPO = "/repos/acme/app"


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("Bearer twinline-token", 200),
        ("token twinline-token", 200),
        (f"Basic {base64.b64encode(b'twinline:twinline-token').decode()}", 200),
        (f"Basic {base64.b64encode(b'ann:twinline-token').decode()}", 401),
        ("Bearer wrong", 401),
        ("Basic %%%", 401),
        ("", 401),
    ],
)
async def test_log_in(site: GitHubSite, authorization: str, status: int) -> None:
    answer = await site.client.get("/user", headers={"Authorization": authorization} if authorization else {})
    assert answer.status_code == status
    if status == 401:
        assert answer.json()["message"] == ("Bad credentials" if authorization else "Requires authentication")


async def test_a_call_needs_a_user_agent(site: GitHubSite) -> None:
    assert (await site.call("ann", "GET", "/user", headers={"User-Agent": ""})).status_code == 403


async def test_every_answer_tells_the_limit(site: GitHubSite) -> None:
    answer = await site.call("ann", "GET", REPO)
    assert answer.headers["x-ratelimit-limit"] == "5000"
    again = await site.call("ann", "GET", f"{REPO}/labels")
    assert int(again.headers["x-ratelimit-remaining"]) == int(answer.headers["x-ratelimit-remaining"]) - 1
    assert answer.headers["x-oauth-scopes"].split(", ")[-3] == "repo"
    assert answer.headers["x-github-media-type"] == "github.v3; format=json"
    assert (await site.call("ann", "PATCH", f"{REPO}/issues/1", {"title": "x"})).headers["sunset"] == "Fri, 10 Mar 2028 00:00:00 GMT"


async def test_an_unchanged_list_is_304(site: GitHubSite) -> None:
    first = await site.call("ann", "GET", f"{REPO}/issues")
    again = await site.call("ann", "GET", f"{REPO}/issues", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await site.call("ann", "PATCH", f"{REPO}/issues/1", {"title": "x"})
    assert (await site.call("ann", "GET", f"{REPO}/issues", headers={"If-None-Match": first.headers["etag"]})).status_code == 200


async def test_pages(site: GitHubSite) -> None:
    first = await site.call("ann", "GET", f"{REPO}/issues?state=all&per_page=3")
    assert len(first.json()) == 3
    assert set(first.links) == {"next", "last"}
    second = await site.call("ann", "GET", first.links["next"]["url"])
    assert [one["number"] for one in second.json()] == [1]
    assert set(second.links) == {"prev", "first"}


async def test_a_browser_gets_a_page_and_a_program_the_addresses(site: GitHubSite) -> None:
    await site.call("ann", "PATCH", f"{REPO}/issues/2", {"title": "CSV <b>export</b>"})
    for path in ("/", "/api/v3", "/acme/app/issues/2"):
        page = await site.client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8"), path
        assert "acme/app#2: CSV &lt;b&gt;export&lt;/b&gt;" in page.text
        assert "I can reproduce it." in page.text
    for path, base in (("/", site.url), ("/api/v3", f"{site.url}/api/v3")):
        shown = await site.call("ann", "GET", path)
        assert shown.json()["issue_search_url"] == f"{base}/search/issues?q={{query}}{{&page,per_page,sort,order}}"
    assert (await site.client.get("/")).status_code == 401
    assert (await site.call("ann", "GET", "/acme/app/issues/2")).status_code == 404


async def test_links_to_pages_name_the_repository_by_its_id(site: GitHubSite) -> None:
    identity = (await site.call("ann", "GET", REPO)).json()["id"]
    first = await site.call("ann", "GET", f"/api/v3{REPO}/issues?per_page=1")
    assert first.links["next"]["url"] == f"{site.url}/api/v3/repositories/{identity}/issues?per_page=1&page=2"
    assert (await site.call("ann", "GET", first.links["next"]["url"])).json()[0]["number"] == 2


async def test_a_new_version_leaves_out_what_it_dropped(site: GitHubSite) -> None:
    new = {"X-GitHub-Api-Version": "2026-03-10"}
    assert "assignee" in (await site.call("ann", "GET", f"{REPO}/issues/1")).json()
    assert "assignee" not in (await site.call("ann", "GET", f"{REPO}/issues/1", headers=new)).json()
    unheard = await site.call("ann", "PATCH", f"{REPO}/issues/2", {"assignee": "ann"}, headers=new)
    assert unheard.json()["assignees"] == []
    assert "rate" not in (await site.call("ann", "GET", "/rate_limit", headers=new)).json()


async def test_an_empty_repository_and_two_people_to_begin_with(site: GitHubSite) -> None:
    assert (await site.call("ann", "GET", "/repos/acme/sync/issues?state=all")).json() == []
    state = await site.state()
    assert [one["login"] for one in cast("list[dict[str, str]]", state["users"])] == ["twinline", "ann", "bob"]


@pytest.mark.parametrize(
    ("kind", "status", "header"), [("", 403, "retry-after"), ("429", 429, "retry-after"), ("primary", 403, "x-ratelimit-reset")]
)
async def test_the_limit_answers(site: GitHubSite, kind: str, status: int, header: str) -> None:
    await site.control(reject_next=1, reject_as=kind)
    answer = await site.call("ann", "GET", "/user")
    assert answer.status_code == status
    assert header in answer.headers
    assert (answer.headers["x-ratelimit-remaining"] == "0") == (kind == "primary")


async def test_a_milestone_of_the_same_name_and_a_parent_of_its_own_are_refused(site: GitHubSite) -> None:
    await site.call("ann", "POST", f"{REPO}/milestones", {"title": "Spring"})
    again = await site.call("ann", "POST", f"{REPO}/milestones", {"title": "Spring"})
    assert (again.status_code, again.json()["errors"][0]["code"]) == (422, "already_exists")
    first = (await site.call("ann", "GET", f"{REPO}/issues/1")).json()
    own = await site.call("ann", "POST", f"{REPO}/issues/1/sub_issues", {"sub_issue_id": first["id"]})
    assert own.status_code == 422
    await site.call("ann", "POST", f"{REPO}/issues/2/sub_issues", {"sub_issue_id": first["id"]})
    second = await site.call("ann", "POST", f"{REPO}/issues/4/sub_issues", {"sub_issue_id": first["id"]})
    assert "only have one parent" in second.json()["message"]
    moved = await site.call("ann", "POST", f"{REPO}/issues/4/sub_issues", {"sub_issue_id": first["id"], "replace_parent": True})
    assert moved.json()["sub_issues_summary"]["total"] == 1
    assert (await site.call("ann", "GET", f"{REPO}/issues/1")).json()["parent_issue_url"] == f"{site.url}{REPO}/issues/4"
    assert (await site.call("ann", "GET", f"{REPO}/issues/2/sub_issues")).json() == []


async def test_a_lost_answer_was_done(site: GitHubSite) -> None:
    await site.control(lose_response=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await site.call("ann", "POST", f"{REPO}/issues", {"title": "Lost"})
    assert (await site.raw("acme/app#5"))["title"] == "Lost"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("POST", f"{REPO}/issues", {}, 422, '"title" wasn\'t supplied'),
        ("POST", f"{REPO}/issues", {"title": " "}, 422, "Validation Failed"),
        ("PATCH", f"{REPO}/issues/1", {"state": "doing"}, 422, "Validation Failed"),
        ("POST", f"{REPO}/issues/1/comments", {"body": ""}, 422, "Validation Failed"),
        ("GET", f"{REPO}/issues/99", None, 404, "Not Found"),
        ("GET", "/nowhere", None, 404, "Not Found"),
        ("GET", "/search/issues?q=", None, 422, "Validation Failed"),
        ("GET", "/search/issues?q=is:issue+repo:acme/none", None, 422, "Validation Failed"),
        ("GET", "/search/issues?q=is:issue+(label:a", None, 422, "Validation Failed"),
        ("DELETE", f"{REPO}/issues/1/labels/none", None, 404, "Label does not exist"),
    ],
)
async def test_refusals(site: GitHubSite, method: str, path: str, body: object, status: int, message: str) -> None:
    answer = await site.call("ann", method, path, body)
    assert answer.status_code == status
    assert message in answer.json()["message"]
    assert answer.json()["status"] == str(status)


async def test_a_reader_cannot_label() -> None:
    seed: dict[str, JsonValue] = {
        "repositories": [{"name": "acme/app", "roles": {"bob": "read"}, "issues": [{"title": "Anvil", "user": "ann"}]}]
    }
    async with running(seed) as site:
        created = await site.call("bob", "POST", f"{REPO}/issues", {"title": "x", "labels": ["bug"]})
        assert (created.status_code, created.json()["labels"]) == (201, [])
        assert (await site.call("bob", "PATCH", f"{REPO}/issues/1", {"title": "x"})).status_code == 403


async def test_line_ends_stay_as_sent(site: GitHubSite) -> None:
    made = await site.call("ann", "POST", f"{REPO}/issues", {"title": "x", "body": "a\r\nb"})
    assert made.json()["body"] == "a\r\nb"


async def test_an_edit_that_changes_nothing_changes_no_time(site: GitHubSite) -> None:
    before = (await site.call("ann", "GET", f"{REPO}/issues/1")).json()
    after = (await site.call("ann", "PATCH", f"{REPO}/issues/1", {"title": before["title"]})).json()
    assert after["updated_at"] == before["updated_at"]
    assert await site.writes("ann") == ["issue.updated"]


async def test_the_state_shows_everything(site: GitHubSite) -> None:
    await site.call("ann", "POST", f"{REPO}/issues", {"title": "x", "body": "Text\n\n<!-- twinline:m-1 -->"})
    item = await site.raw("acme/app#5")
    assert (item["key"], item["marker"], item["user"], item["comments"], item["attachments"]) == ("acme/app#5", "m-1", "ann", [], [])
    assert "token" not in str((await site.state())["users"])


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("application/vnd.github+json", {"body"}),
        ("application/vnd.github.v3.raw+json", {"body"}),
        ("application/vnd.github.text+json", {"body_text"}),
        ("application/vnd.github.v3.html+json", {"body_html"}),
        ("application/vnd.github.v3.full+json; charset=utf-8", {"body", "body_text", "body_html"}),
    ],
)
async def test_bodies_have_the_form_that_is_asked_for(site: GitHubSite, accept: str, given: set[str]) -> None:
    forms = {"body": "Fish **&** chips", "body_text": "Fish & chips", "body_html": "<p>Fish <strong>&amp;</strong> chips</p>"}
    headers = {"Authorization": f"Bearer {SECRET}", "Accept": accept}
    made = (await site.client.post(f"{REPO}/issues", json={"title": "Anvil", "body": forms["body"]}, headers=headers)).json()
    said = (await site.client.post(f"{REPO}/issues/{made['number']}/comments", json={"body": forms["body"]}, headers=headers)).json()
    for told in (made, said):
        assert {name: told[name] for name in forms if name in told} == {name: forms[name] for name in given}


async def test_without_a_seed_the_account_administers_every_repository() -> None:
    options = FakeOptions(user="robot", secret="robot-token")
    async with serving(DECLARATION.fake(options)) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        for repository in ("acme/app", "acme/sync"):
            answer = await client.get(f"/repos/{repository}", headers={"Authorization": "Bearer robot-token"})
            assert answer.json()["permissions"]["admin"] is True


async def test_the_seed_of_the_readme() -> None:
    text = (Path(__file__).parents[3] / "connectors" / "github" / "README.md").read_text()
    seed = json.loads(text.partition("```json\n")[2].partition("```")[0])
    async with running(seed) as site:
        issue = await site.raw("acme/app#1")
        assert (issue["state"], issue["type"], issue["assignees"]) == ("closed", "Bug", ["bob"])
        assert (await site.client.get("/user", headers={"Authorization": "Bearer carol-token"})).json()["login"] == "carol"


async def test_the_log_tells_values_before_and_after_and_who_read(site: GitHubSite) -> None:
    await site.call("ann", "PATCH", f"{REPO}/issues/1", {"title": "Cards", "state": "closed"})
    await site.call("bob", "GET", f"{REPO}/issues/1")
    edit, read = (await site.client.get("/_fake/log")).json()
    assert edit["detail"]["before"] == {"title": "Checkout fails with an expired card", "state": "open", "state_reason": None}
    assert edit["detail"]["after"] == {"title": "Cards", "state": "closed", "state_reason": "completed"}
    assert (read["actor"], read["action"], read["item"]) == ("bob", "read", "acme/app#1")
    assert (await site.client.get("/_fake/log?after=1")).json() == [read]
    assert await site.writes("bob") == []
