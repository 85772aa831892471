"""A client that checks every answer against GitHub's published description, in its newest version, works against the fake."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from github_app import APP_ID, app_site, keys
from github_site import GitHubSite
from githubkit import AppAuthStrategy, AppInstallationAuthStrategy, GitHub, TokenAuthStrategy
from githubkit.exception import PrimaryRateLimitExceeded, RequestFailed, SecondaryRateLimitExceeded
from githubkit.webhooks import parse


def _client(url: str, token: str = "ann-token") -> GitHub[TokenAuthStrategy]:
    return GitHub(token, base_url=url, auto_retry=False, trust_env=False)


def _issues(url: str) -> None:
    with _client(url) as client:
        rest = client.rest
        made = rest.issues.create(
            "acme", "sync", title="Anvil", body="Bent", labels=["bug", "heavy"], assignees=["bob"], type="Bug"
        ).parsed_data
        assert (made.state, made.user and made.user.login, [one.login for one in made.assignees or []]) == ("open", "ann", ["bob"])
        closed = rest.issues.update("acme", "sync", issue_number=made.number, state="closed", state_reason="not_planned").parsed_data
        assert (closed.state, closed.state_reason, closed.closed_at is not None) == ("closed", "not_planned", True)
        assert rest.issues.update("acme", "sync", issue_number=made.number, state="open").parsed_data.state_reason == "reopened"
        comment = rest.issues.create_comment("acme", "sync", issue_number=made.number, body="Really").parsed_data
        rest.issues.update_comment("acme", "sync", comment_id=comment.id, body="Really bent")
        assert [one.body for one in rest.issues.list_comments("acme", "sync", issue_number=made.number).parsed_data] == ["Really bent"]
        assert rest.issues.delete_comment("acme", "sync", comment_id=comment.id).status_code == 204
        assert [one.name for one in rest.issues.set_labels("acme", "sync", issue_number=made.number, labels=["sync"]).parsed_data] == [
            "sync"
        ]
        assert rest.issues.check_user_can_be_assigned_to_issue("acme", "sync", issue_number=made.number, assignee="ann").status_code == 204
        rest.issues.lock("acme", "sync", issue_number=made.number, lock_reason="spam")
        assert rest.issues.get("acme", "sync", issue_number=made.number).parsed_data.active_lock_reason == "spam"
        found = rest.search.issues_and_pull_requests(q="repo:acme/sync is:issue label:sync author:@me anvil in:title").parsed_data
        assert [one.number for one in found.items] == [made.number]
        timeline = rest.issues.list_events_for_timeline("acme", "sync", issue_number=made.number).parsed_data
        assert {"labeled", "assigned", "closed", "reopened"} <= {getattr(one, "event", None) for one in timeline}
        assert rest.issues.list_events_for_repo("acme", "sync").parsed_data[0].event == "locked"


def _links(url: str) -> None:
    with _client(url) as client:
        issues = client.rest.issues
        milestone = issues.create_milestone("acme", "sync", title="Spring", due_on=datetime(2031, 3, 1, 10, tzinfo=UTC)).parsed_data
        above = issues.create("acme", "sync", title="Above", milestone=milestone.number).parsed_data
        below = issues.create("acme", "sync", title="Below").parsed_data
        assert (above.milestone and above.milestone.title) == "Spring"
        assert [one.number for one in issues.list_for_repo("acme", "sync", milestone="1").parsed_data] == [above.number]
        assert issues.update_milestone("acme", "sync", milestone_number=1, state="closed").parsed_data.closed_at is not None
        issues.add_sub_issue("acme", "sync", issue_number=above.number, sub_issue_id=below.id)
        assert issues.get_parent("acme", "sync", issue_number=below.number).parsed_data.number == above.number
        assert [one.number for one in issues.list_sub_issues("acme", "sync", issue_number=above.number).parsed_data] == [below.number]
        issues.remove_sub_issue("acme", "sync", issue_number=above.number, sub_issue_id=below.id)
        issues.add_blocked_by_dependency("acme", "sync", issue_number=above.number, issue_id=below.id)
        assert [one.number for one in issues.list_dependencies_blocking("acme", "sync", issue_number=below.number).parsed_data] == [
            above.number
        ]
        issues.delete_milestone("acme", "sync", milestone_number=1)
        assert issues.get("acme", "sync", issue_number=above.number).parsed_data.milestone is None


def _surroundings(url: str) -> None:
    with _client(url) as client:
        rest = client.rest
        assert rest.meta.root().parsed_data.issues_url == f"{url}/issues"
        assert rest.users.get_authenticated().parsed_data.login == "ann"
        assert rest.orgs.get(org="acme").parsed_data.login == "acme"
        assert [one.name for one in rest.repos.list_for_org(org="acme").parsed_data] == ["app", "tools", "sync"]
        assert {one.login for one in rest.repos.list_collaborators("acme", "sync").parsed_data} == {"twinline", "ann", "bob"}
        assert rest.repos.get_collaborator_permission_level("acme", "sync", username="bob").parsed_data.permission == "write"
        pulls = rest.pulls.list(owner="acme", repo="app").parsed_data
        assert [one.number for one in pulls] == [3]
        rest.pulls.merge(owner="acme", repo="app", pull_number=3)
        assert rest.pulls.get(owner="acme", repo="app", pull_number=3).parsed_data.merged is True
        label = rest.issues.create_label("acme", "sync", name="urgent", color="ff0000").parsed_data
        found = rest.search.labels(repository_id=rest.repos.get("acme", "sync").parsed_data.id, q="urgent").parsed_data
        assert [one.id for one in found.items] == [label.id]
        assert client.graphql("query { viewer { login } }") == {"viewer": {"login": "ann"}}
        used = rest.rate_limit.get().parsed_data.resources
        assert used.core.used > 5 > used.search.used > 0


def _pulls(url: str) -> None:
    with _client(url) as client:
        pulls = client.rest.pulls
        made = pulls.create("acme", "app", title="Scales", head="scales", base="main", draft=True, body="Weigh").parsed_data
        assert (made.draft, made.head.ref, made.base.ref, made.merged) == (True, "scales", "main", False)
        edited = pulls.update("acme", "app", pull_number=made.number, base="next", state="closed").parsed_data
        assert (edited.base.ref, edited.state) == ("next", "closed")
        listed = client.rest.issues.list_for_repo("acme", "app", state="all").parsed_data
        assert [one.draft for one in listed if one.number == made.number] == [True]
        hook = client.rest.repos.create_webhook("acme", "app", config={"url": "http://127.0.0.1:9/"}, events=["pull_request"]).parsed_data
        pulls.update("acme", "app", pull_number=3, title="Fonts", base="next")
        client.rest.issues.update("acme", "app", issue_number=3, labels=["bug"], assignees=["ann"])
        pulls.merge("acme", "app", pull_number=3)
        sent = client.rest.repos.list_webhook_deliveries("acme", "app", hook_id=hook.id).parsed_data
        for one in sent:
            whole = client.rest.repos.get_webhook_delivery("acme", "app", hook_id=hook.id, delivery_id=one.id).json()
            parse(one.event, json.dumps(whole["request"]["payload"]))
        assert {one.action for one in sent} == {None, "edited", "labeled", "assigned", "closed"}


def _app(url: str) -> None:
    with GitHub(AppAuthStrategy(APP_ID, keys()[0]), base_url=url, auto_retry=False, trust_env=False) as client:
        assert client.rest.apps.get_authenticated().parsed_data
        places = {getattr(one.account, "login", ""): one.id for one in client.rest.apps.list_installations().parsed_data}
    strategy = AppInstallationAuthStrategy(APP_ID, keys()[0], places["acme"])
    with GitHub(strategy, base_url=url, auto_retry=False, trust_env=False) as client:
        made = client.rest.issues.create("acme", "app", title="Anvil").parsed_data
        assert made.user is not None
        assert (made.user.login, made.user.type) == ("twinline-app[bot]", "Bot")
        seen = client.rest.apps.list_repos_accessible_to_installation().parsed_data
        assert [one.full_name for one in seen.repositories] == ["acme/app"]


def _refusals(url: str) -> list[int]:
    found: list[int] = []
    with _client(url) as client, _client(url, "wrong-token") as stranger:
        for call in (
            stranger.rest.users.get_authenticated,
            lambda: client.rest.issues.get("acme", "sync", issue_number=99),
            lambda: client.rest.issues.create("acme", "sync", title="x", assignees=["nobody"]),
            lambda: client.rest.search.issues_and_pull_requests(q="is:issue author:nobody"),
            lambda: client.rest.issues.create_label("acme", "sync", name="x", color="red"),
        ):
            with pytest.raises(RequestFailed) as refused:
                call()
            found.append(refused.value.response.status_code)
    return found


def _limits(url: str, expected: type[Exception]) -> None:
    with _client(url) as client, pytest.raises(expected):
        client.rest.users.get_authenticated()


def _asked_again(url: str) -> tuple[int, int]:
    """Reads, edits and reads again with one client, which keeps answers with their ETags."""
    with _client(url) as client:
        client.rest.issues.create("acme", "sync", title="Anvil")
        titles = [client.rest.issues.list_for_repo("acme", "sync").parsed_data[0].title for _ in range(2)]
        client.rest.issues.update("acme", "sync", issue_number=1, title="Bent anvil")
        titles.append(client.rest.issues.list_for_repo("acme", "sync").parsed_data[0].title)
        assert titles == ["Anvil", "Anvil", "Bent anvil"]
        core = client.rest.rate_limit.get().parsed_data.resources.core
        return core.used, core.remaining


@pytest.mark.parametrize("base", ["", "/api/v3"])
async def test_issues_and_comments(site: GitHubSite, base: str) -> None:
    await asyncio.to_thread(_issues, site.url + base)


async def test_milestones_sub_issues_and_dependencies(site: GitHubSite) -> None:
    await asyncio.to_thread(_links, site.url)


async def test_people_repositories_and_pull_requests(site: GitHubSite) -> None:
    await asyncio.to_thread(_surroundings, site.url)


async def test_pull_requests_and_their_webhooks(site: GitHubSite) -> None:
    await asyncio.to_thread(_pulls, site.url)


async def test_an_app_signs_in_by_its_key() -> None:
    async with app_site() as site:
        await asyncio.to_thread(_app, site.url)


async def test_refusals_are_understood(site: GitHubSite) -> None:
    assert await asyncio.to_thread(_refusals, site.url) == [401, 404, 422, 422, 422]


@pytest.mark.parametrize(
    ("kind", "expected"), [("", SecondaryRateLimitExceeded), ("429", SecondaryRateLimitExceeded), ("primary", PrimaryRateLimitExceeded)]
)
async def test_limits_are_told_apart(site: GitHubSite, kind: str, expected: type[Exception]) -> None:
    await site.control(reject_next=1, reject_as=kind)
    await asyncio.to_thread(_limits, site.url, expected)


async def test_a_cache_asks_again_and_an_unchanged_answer_is_free(site: GitHubSite) -> None:
    assert await asyncio.to_thread(_asked_again, site.url) == (4, 4996)
