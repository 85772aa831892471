"""Webhooks that we register in a repository ourselves."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from github_site import SETTINGS, GitHubSite, access, running
from pydantic import JsonValue

from connectors.github import DECLARATION
from connectors.github.hooks import GitHubHooks
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions
from model.errors import LoginRejected, Refused
from model.hooks import HookState

ADDRESS, MOVED = "http://127.0.0.1:9/webhooks/acme-github", "http://127.0.0.1:9/moved/acme-github"
SECRET = "acme-hook-secret"
HOOKS = "/repos/acme/app/hooks"
REMEDY = (
    r"the role 'Admin' there .*'Webhooks: read and write' \(fine-grained, app\) or the scope 'repo' \(classic\), or add the webhook by hand"
)


@asynccontextmanager
async def _hooks(site: GitHubSite, token: str = "twinline-token") -> AsyncGenerator[GitHubHooks]:
    hooks = GitHubHooks(access(site.url, token))
    try:
        yield hooks
    finally:
        await hooks.aclose()


async def _listed(site: GitHubSite) -> list[dict[str, Any]]:
    return (await site.call("ann", "GET", HOOKS)).json()


async def test_it_is_registered_once_with_what_we_understand(site: GitHubSite) -> None:
    async with _hooks(site) as hooks:
        first = await hooks.ensure(SETTINGS, ADDRESS, SECRET)
        again = await hooks.ensure({"repository": "ACME/App"}, ADDRESS, SECRET)
    [hook] = await _listed(site)
    assert first == (HookState(id=str(hook["id"]), reports="issue_comment, issues, pull_request", done="registered"),)
    assert again == (HookState(id=str(hook["id"]), reports="issue_comment, issues, pull_request"),)
    assert (hook["active"], sorted(hook["events"])) == (True, ["issue_comment", "issues", "pull_request"])
    assert hook["config"] == {"content_type": "json", "insecure_ssl": "0", "url": ADDRESS, "secret": "********"}


async def test_it_is_found_among_others(site: GitHubSite) -> None:
    for number in range(12):
        await site.call("ann", "POST", HOOKS, {"config": {"url": f"http://127.0.0.1:9/{number}"}, "active": False})
    async with _hooks(site) as hooks:
        [first] = await hooks.ensure(SETTINGS, ADDRESS, SECRET)
        assert [one.id for one in await hooks.ensure(SETTINGS, ADDRESS, SECRET)] == [first.id]
    assert len(await _listed(site)) == 13


async def test_what_somebody_changed_is_set_right(site: GitHubSite) -> None:
    async with _hooks(site) as hooks:
        [first] = await hooks.ensure(SETTINGS, ADDRESS, SECRET)
        wrong = {"active": False, "events": ["push"], "config": {"url": ADDRESS, "content_type": "form", "secret": ""}}
        await site.call("ann", "PATCH", f"{HOOKS}/{first.id}", wrong)
        assert [one.done for one in await hooks.ensure(SETTINGS, ADDRESS, SECRET)] == ["switched on"]
        assert [one.done for one in await hooks.ensure(SETTINGS, ADDRESS, SECRET)] == [""]
    [hook] = await _listed(site)
    assert (hook["active"], sorted(hook["events"])) == (True, ["issue_comment", "issues", "pull_request"])
    assert (hook["config"]["content_type"], hook["config"]["secret"]) == ("json", "********")


async def test_what_its_last_call_was_answered_is_told(site: GitHubSite) -> None:
    """The fake's own address answers 401 to a webhook's call."""
    there = f"{site.url}/nowhere"
    async with _hooks(site) as hooks:
        [first] = await hooks.ensure(SETTINGS, there, SECRET)
        deliveries = f"{HOOKS}/{first.id}/deliveries"
        async with asyncio.timeout(10):
            while not any(one["status_code"] for one in (await site.call("ann", "GET", deliveries)).json()):
                pass
        [told] = await hooks.ensure(SETTINGS, there, SECRET)
    assert (first.trouble, told.trouble) == ("", "the last call was answered 401: Invalid HTTP Response: 401")


async def test_the_one_at_an_old_address_goes_and_the_others_stay(site: GitHubSite) -> None:
    async with _hooks(site) as hooks:
        await hooks.ensure(SETTINGS, ADDRESS, SECRET)
        await hooks.ensure(SETTINGS, MOVED, SECRET)
        await hooks.remove(SETTINGS, ADDRESS)
    assert [one["config"]["url"] for one in await _listed(site)] == [MOVED]


@pytest.mark.parametrize(
    ("role", "token"),
    [
        ("write", {"scopes": ["repo"]}),
        ("admin", {"scopes": ["public_repo"]}),
        ("admin", {"scopes": None}),
        ("admin", {"scopes": None, "webhooks": "read"}),
    ],
)
async def test_who_may_not_is_told_what_it_takes(role: str, token: dict[str, Any]) -> None:
    seed: dict[str, JsonValue] = {
        "users": [{"login": "rita", "token": "rita-token", **token}],
        "repositories": [{"name": "acme/app", "private": False, "roles": {"rita": role}}],
    }
    async with running(seed) as site, _hooks(site, "rita-token") as hooks:
        with pytest.raises(Refused, match=REMEDY) as caught:
            await hooks.ensure(SETTINGS, ADDRESS, SECRET)
    assert SECRET not in caught.value.message


async def test_a_wrong_login_is_told_as_such(site: GitHubSite) -> None:
    async with _hooks(site, "stale") as hooks:
        with pytest.raises(LoginRejected):
            await hooks.ensure(SETTINGS, ADDRESS, SECRET)


async def test_one_that_was_added_by_hand_is_taken_over() -> None:
    options = FakeOptions(user="twinline", secret="twinline-token", webhook_url=ADDRESS, webhook_secret="another")
    async with serving(DECLARATION.fake(options)) as url, running() as other, _hooks(GitHubSite(url, other.client)) as hooks:
        assert [one.done for one in await hooks.ensure(SETTINGS, ADDRESS, SECRET)] == [""]
