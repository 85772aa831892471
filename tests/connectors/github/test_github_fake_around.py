"""What client libraries and `gh` ask the fake for around issues: reactions, files, pull requests in GraphQL, members."""

import base64
from typing import Any, cast

import pytest
from github_site import GitHubSite, running

APP = "/repos/acme/app"
Row = dict[str, Any]


async def _good(site: GitHubSite, method: str, path: str, json: object = None, status: int = 200, who: str = "ann") -> Any:
    answer = await site.call(who, method, path, json)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def _graphql(site: GitHubSite, query: str, **variables: object) -> Row:
    return cast("Row", await _good(site, "POST", "/graphql", {"query": query, "variables": variables}))


@pytest.mark.parametrize("target", ["issues/1", "issues/comments"])
async def test_reactions(site: GitHubSite, target: str) -> None:
    if target.endswith("comments"):
        said = await _good(site, "POST", f"{APP}/issues/1/comments", {"body": "Yes."}, 201)
        target += f"/{said['id']}"
    path = f"{APP}/{target}/reactions"
    made = await _good(site, "POST", path, {"content": "heart"}, 201)
    again = await _good(site, "POST", path, {"content": "heart"})
    await _good(site, "POST", path, {"content": "+1"}, 201, who="bob")
    assert (made["id"], made["user"]["login"], made["content"]) == (again["id"], "ann", "heart")
    assert [one["content"] for one in await _good(site, "GET", path)] == ["heart", "+1"]
    assert len(await _good(site, "GET", f"{path}?content=%2B1")) == 1
    summary = (await _good(site, "GET", f"{APP}/{target}"))["reactions"]
    assert (summary["total_count"], summary["heart"], summary["+1"], summary["eyes"]) == (2, 1, 1, 0)
    await _good(site, "DELETE", f"{path}/{made['id']}", status=204)
    await _good(site, "DELETE", f"{path}/{made['id']}", status=404)
    for wrong in ({"content": "love"}, {}):
        await _good(site, "POST", path, wrong, 422)


async def test_reactions_in_graphql(site: GitHubSite) -> None:
    identity = (await _good(site, "GET", f"{APP}/issues/1"))["node_id"]
    add = "mutation($i: AddReactionInput!) { addReaction(input: $i) { clientMutationId reaction { content user { login } } } }"
    told = await _graphql(site, add, i={"subjectId": identity, "content": "ROCKET", "clientMutationId": "once"})
    done = told["data"]["addReaction"]
    assert (done["clientMutationId"], done["reaction"]) == ("once", {"content": "ROCKET", "user": {"login": "ann"}})
    seen = """query($i: ID!) { node(id: $i) { ... on Issue {
        reactions(first: 3) { totalCount } reactionGroups { content viewerHasReacted users { totalCount } } } } }"""
    shown = (await _graphql(site, seen, i=identity))["data"]["node"]
    assert shown["reactions"]["totalCount"] == 1
    assert next(one for one in shown["reactionGroups"] if one["content"] == "ROCKET") == {
        "content": "ROCKET",
        "viewerHasReacted": True,
        "users": {"totalCount": 1},
    }
    remove = "mutation($i: RemoveReactionInput!) { removeReaction(input: $i) { reaction { content } } }"
    assert (await _graphql(site, remove, i={"subjectId": identity, "content": "ROCKET"}))["data"]["removeReaction"]
    assert (await _graphql(site, remove, i={"subjectId": identity, "content": "ROCKET"}))["errors"][0]["type"] == "NOT_FOUND"
    assert "errors" in await _graphql(site, add, i={"subjectId": identity, "content": "love"})


async def test_a_file_from_its_first_text_to_its_end(site: GitHubSite) -> None:
    path = f"{APP}/contents/docs/a%20b.txt"
    await _good(site, "GET", f"{APP}/contents", status=404)
    await _good(site, "GET", f"{APP}/commits", status=409)
    text = base64.b64encode(b"hello").decode()
    made = await _good(site, "PUT", path, {"message": "New", "content": text}, 201)
    assert (made["content"]["sha"], made["content"]["path"]) == ("b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0", "docs/a b.txt")
    read = await _good(site, "GET", path)
    assert (base64.b64decode(read["content"]), read["encoding"], read["size"]) == (b"hello", "base64", 5)
    raw = await site.call("ann", "GET", path, headers={"Accept": "application/vnd.github.raw+json"})
    assert (raw.content, (await site.call("ann", "GET", read["download_url"])).content) == (b"hello", b"hello")
    changed: Row = {"message": "Other", "content": base64.b64encode(b"hello!").decode()}
    assert "sha" in (await _good(site, "PUT", path, changed, 422))["message"]
    await _good(site, "PUT", path, {**changed, "sha": "0" * 40}, 409)
    newer = await _good(site, "PUT", path, {**changed, "sha": made["content"]["sha"]})
    assert newer["commit"]["parents"][0]["sha"] == made["commit"]["sha"]
    assert [(one["path"], one["type"]) for one in await _good(site, "GET", f"{APP}/contents")] == [("docs", "dir")]
    assert [one["name"] for one in await _good(site, "GET", f"{APP}/contents/docs")] == ["a b.txt"]
    assert [one["commit"]["message"] for one in await _good(site, "GET", f"{APP}/commits")] == ["Other", "New"]
    assert (await _good(site, "GET", f"{APP}/branches/main"))["commit"]["sha"] == newer["commit"]["sha"]
    await _good(site, "GET", f"{APP}/branches/other", status=404)
    await _good(site, "GET", f"{path}?ref=other", status=404)
    for wrong in ({"message": "x"}, {"content": text}, {"message": "x", "content": "?"}):
        await _good(site, "PUT", f"{APP}/contents/x", wrong, 422)
    await _good(site, "DELETE", path, {"message": "Gone", "sha": newer["content"]["sha"]})
    await _good(site, "GET", path, status=404)


async def test_who_may_not_push_writes_no_file() -> None:
    async with running({"repositories": [{"name": "acme/app", "roles": {"bob": "triage"}}]}) as site:
        text = base64.b64encode(b"x").decode()
        await _good(site, "PUT", f"{APP}/contents/x", {"message": "x", "content": text}, 404, who="bob")
        await _good(site, "PUT", f"{APP}/contents/x", {"message": "x", "content": text}, 201)


async def test_pull_requests_as_gh_asks_for_them(site: GitHubSite) -> None:
    made = await _good(site, "POST", f"{APP}/pulls", {"title": "Fix", "head": "fix", "base": "main"}, 201)
    await _good(site, "PUT", f"{APP}/pulls/{made['number']}/merge", {})
    query = """{ repository(owner: "acme", name: "app") { pullRequests(states: [MERGED], first: 5) { totalCount nodes {
        headRefName baseRefName isCrossRepository headRepositoryOwner { login } headRepository { name } mergeStateStatus mergedBy { login }
        mergedAt state isDraft reviewDecision commits(last: 1) { nodes { commit { oid statusCheckRollup { state } } } }
        reviews { totalCount }
        baseRef { name branchProtectionRule { requiredApprovingReviewCount } } } } } }"""
    [shown] = (await _graphql(site, query))["data"]["repository"]["pullRequests"]["nodes"]
    assert (shown["headRefName"], shown["baseRefName"], shown["state"], shown["mergedBy"]) == ("fix", "main", "MERGED", {"login": "ann"})
    assert (shown["headRepositoryOwner"], shown["isCrossRepository"], shown["mergeStateStatus"]) == ({"login": "acme"}, False, "UNKNOWN")
    assert (shown["commits"]["nodes"][0]["commit"]["statusCheckRollup"], shown["reviews"]["totalCount"]) == (None, 0)
    for name in ("files", "commits", "reviews", "comments"):
        assert await _good(site, "GET", f"{APP}/pulls/{made['number']}/{name}") == []
        await _good(site, "GET", f"{APP}/pulls/1/{name}", status=404)


async def test_a_total_needs_no_page(site: GitHubSite) -> None:
    told = await _graphql(site, '{ repository(owner: "acme", name: "app") { issues(states: OPEN) { totalCount } } }')
    assert told["data"]["repository"]["issues"]["totalCount"] > 0


async def test_pinned_issues(site: GitHubSite) -> None:
    pin, query = (
        "mutation($i: ID!) { pinIssue(input: {issueId: $i}) { issue { isPinned } } }",
        "pinnedIssues(first: 3) { nodes { issue { number } } }",
    )
    numbers = [(await _good(site, "POST", f"{APP}/issues", {"title": "x"}, 201))["node_id"] for _ in range(4)]
    told = [await _graphql(site, pin, i=one) for one in numbers]
    assert [one["data"]["pinIssue"] is not None for one in told] == [True, True, True, False]
    unpin = "mutation($i: ID!) { unpinIssue(input: {issueId: $i}) { issue { isPinned } } }"
    assert (await _graphql(site, unpin, i=numbers[0]))["data"]["unpinIssue"]["issue"] == {"isPinned": False}
    shown = await _graphql(site, f'{{ repository(owner: "acme", name: "app") {{ {query} }} }}')
    assert len(shown["data"]["repository"]["pinnedIssues"]["nodes"]) == 2


async def test_members_and_repositories(site: GitHubSite) -> None:
    assert {"ann", "bob"} <= {one["login"] for one in await _good(site, "GET", "/orgs/acme/members")}
    await _good(site, "GET", "/orgs/acme/members/ann", status=204)
    for path in ("/orgs/acme/members/nobody", "/orgs/nobody/members", "/repos/acme/nothing/topics"):
        await _good(site, "GET", path, status=404)
    found = await _good(site, "GET", "/search/repositories?q=app+org:acme")
    assert (found["total_count"], found["items"][0]["full_name"]) == (1, "acme/app")
    await _good(site, "GET", "/search/repositories?q=", status=422)
    assert await _good(site, "GET", f"{APP}/topics") == {"names": []}
    assert await _good(site, "GET", f"{APP}/releases") == [] == await _good(site, "GET", "/notifications")
    rendered = await site.client.post(
        "/markdown/raw", content=b"a < b", headers={"Authorization": "Bearer ann-token", "Content-Type": "text/plain"}
    )
    assert rendered.text == "<p>a &lt; b</p>"


async def test_graphql_tells_its_limit_as_an_error() -> None:
    async with running({"limits": {"graphql": 1}, "repositories": [{"name": "acme/app"}]}) as site:
        assert "data" in await _graphql(site, "{ viewer { login } }")
        told = await _graphql(site, "{ viewer { login } }")
        assert told["errors"][0]["type"] == "RATE_LIMITED"
