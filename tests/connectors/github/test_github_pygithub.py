"""An independent client of GitHub's API works against the fake."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from github import Auth, BadCredentialsException, Github, GithubException, UnknownObjectException
from github_site import GitHubSite


def _client(url: str, token: str = "ann-token") -> Github:
    return Github(base_url=url, auth=Auth.Token(token), retry=None, seconds_between_requests=None, seconds_between_writes=None)


def _work(url: str) -> None:
    with _client(url) as client:
        assert (client.get_user().login, client.get_user("bob").email) == ("ann", "bob@acme.test")
        repository = client.get_repo("acme/app")
        assert {one.number for one in repository.get_issues(state="open")} == {1, 2, 3}
        issue = repository.create_issue("Anvil", "Bent", assignees=["bob"], labels=["bug", "heavy"])
        assert ([one.name for one in issue.labels], issue.assignees[0].login) == (["bug", "heavy"], "bob")
        comment = issue.create_comment("Really")
        comment.edit("Really bent")
        assert [one.body for one in issue.get_comments()] == ["Really bent"]
        comment.delete()
        issue.add_to_labels("sync")
        issue.remove_from_labels("heavy")
        issue.edit(title="Bent anvil", state="closed", state_reason="not_planned")
        again = repository.get_issue(issue.number)
        assert (again.title, again.state, again.state_reason) == ("Bent anvil", "closed", "not_planned")
        assert {one.name for one in again.labels} == {"bug", "sync"}
        assert [one.event for one in again.get_events()][-1] == "closed"
        since = datetime.now(UTC) - timedelta(minutes=1)
        assert [one.number for one in repository.get_issues(state="all", since=since)] == [issue.number]
        assert [one.number for one in client.search_issues("repo:acme/app is:issue label:sync")] == [issue.number]
        assert [one.login for one in client.search_users("ann@acme.test in:email")] == ["ann"]
        label = repository.create_label("urgent", "ff0000")
        assert repository.get_label("urgent").color == label.color == "ff0000"
        assert {one.login for one in repository.get_assignees()} == {"twinline", "ann", "bob"}


def _paging(url: str) -> list[str]:
    with _client(url) as client:
        repository = client.get_repo("acme/tools")
        for number in range(7):
            repository.create_issue(f"Tool {number}")
        client.per_page = 3
        return [one.title for one in repository.get_issues(sort="created", direction="asc")]


def _refusals(url: str) -> None:
    with _client(url, "wrong-token") as stranger, pytest.raises(BadCredentialsException):
        _ = stranger.get_user().login
    with _client(url) as client:
        with pytest.raises(UnknownObjectException):
            client.get_repo("acme/none")
        with pytest.raises(GithubException) as refused:
            client.get_repo("acme/app").create_issue("Anvil", assignees=["nobody"])
        assert refused.value.status == 422


@pytest.mark.parametrize("base", ["", "/api/v3"])
async def test_a_day_of_work(site: GitHubSite, base: str) -> None:
    await asyncio.to_thread(_work, site.url + base)


async def test_pages_are_followed(site: GitHubSite) -> None:
    assert await asyncio.to_thread(_paging, site.url) == [f"Tool {number}" for number in range(7)]


async def test_refusals_have_githubs_form(site: GitHubSite) -> None:
    await asyncio.to_thread(_refusals, site.url)
