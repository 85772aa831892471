"""The fake answers as GitHub's documentation says."""

import base64
import json
from pathlib import Path

import httpx
import pytest
from github_site import GitHubSite, running
from pydantic import JsonValue

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


async def test_the_limit_answer(site: GitHubSite) -> None:
    await site.control(reject_next=1)
    answer = await site.call("ann", "GET", "/user")
    assert (answer.status_code, answer.headers["retry-after"]) == (403, "1")
    assert "secondary rate limit" in answer.json()["message"]


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
        ("GET", "/search/issues?q=label:bug", None, 422, "Validation Failed"),
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
