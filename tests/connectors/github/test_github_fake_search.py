"""The fake's search takes what GitHub's takes, and refuses it in GitHub's words."""

import pytest
from github_site import GitHubSite, running


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("is:issue", [1, 2, 4]),
        ("is:pr", [3]),
        ("is:issue is:open author:@me", [1]),
        ("is:issue author:ann", [1, 4]),
        ("is:issue assignee:bob", [1]),
        ("is:issue assignee:*", [1]),
        ("is:issue no:assignee", [2, 4]),
        ("is:issue has:type", [1]),
        ("is:issue -label:bug", [2, 4]),
        ("is:issue reproduce", [1]),
        ("is:issue reproduce in:title", []),
        ("is:issue reproduce in:comments", [1]),
        ("is:issue comments:>0", [1]),
        ("is:issue comments:0..1 state:closed", [4]),
        ("is:issue commenter:bob", [1]),
        ("is:issue involves:ann OR is:issue label:enhancement", [1, 2, 4]),
        ("is:issue archived:true", []),
        ("is:issue reason:completed", [4]),
        ('is:issue "expired card"', [1]),
        ("is:pr is:unmerged", [3]),
        ("is:issue created:>2020-01-01T00:00:00+02:00", [1, 2, 4]),
    ],
)
async def test_qualifiers(site: GitHubSite, query: str, numbers: list[int]) -> None:
    answer = await site.client.get("/search/issues", params={"q": f"repo:acme/app ({query})"}, headers={"Authorization": "token ann-token"})
    assert sorted(one["number"] for one in answer.json()["items"]) == numbers


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("is:issue author:nobody", "The listed users cannot be searched"),
        ("is:issue repo:acme/none", "The listed users and repositories cannot be searched"),
        ("is:issue comments:many", "is not a number"),
        ("is:issue created:yesterday", "is not a recognized date/time format"),
        ("is:issue a OR b OR c OR d OR e OR f OR g", "More than five AND / OR / NOT operators"),
        (f"is:issue {'x' * 257}", "longer than 256 characters"),
    ],
)
async def test_bad_queries(site: GitHubSite, query: str, words: str) -> None:
    answer = await site.client.get("/search/issues", params={"q": query}, headers={"Authorization": "token ann-token"})
    assert (answer.status_code, answer.json()["message"]) == (422, "Validation Failed")
    assert words in answer.json()["errors"][0]["message"]


async def test_issues_and_pull_requests_come_together_where_neither_is_asked_for(site: GitHubSite) -> None:
    both = [
        (await site.call("ann", "GET", f"/search/issues?q=repo:acme/app+{kind}")).json()["total_count"] for kind in ("is:issue", "is:pr")
    ]
    assert (await site.call("ann", "GET", "/search/issues?q=repo:acme/app")).json()["total_count"] == sum(both)


async def test_results_end_after_a_thousand(site: GitHubSite) -> None:
    path = "/search/issues?q=is:issue+repo:acme/app&per_page=100"
    assert (await site.call("ann", "GET", f"{path}&page=10")).status_code == 200
    beyond = await site.call("ann", "GET", f"{path}&page=11")
    assert (beyond.status_code, beyond.json()["message"]) == (422, "Only the first 1000 search results are available")


async def test_results_are_sorted_by_a_qualifier_too(site: GitHubSite) -> None:
    found = await site.call("ann", "GET", "/search/issues?q=is:issue+repo:acme/app+sort:comments-desc")
    assert found.json()["items"][0]["number"] == 1


async def test_limits_of_the_seed_are_enforced() -> None:
    async with running({"repositories": [{"name": "acme/app"}], "limits": {"search": 1}}) as site:
        first = await site.call("ann", "GET", "/search/issues?q=is:issue+repo:acme/app")
        assert (first.status_code, first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == (200, "1", "0")
        second = await site.call("ann", "GET", "/search/issues?q=is:issue+repo:acme/app")
        assert (second.status_code, second.headers["x-ratelimit-remaining"]) == (403, "0")
        assert second.json()["message"].startswith("API rate limit exceeded for user ID")
        assert (await site.call("bob", "GET", "/search/issues?q=is:issue+repo:acme/app")).status_code == 200
        assert (await site.call("ann", "GET", "/repos/acme/app")).status_code == 200
