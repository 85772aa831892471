"""Twinline as a GitHub App: tokens of an hour, for each owner who installed it, made with a key that never shows."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from github_app import APP_ID, access, app_site, installed, keys, made, proof, revoke
from github_site import SETTINGS, GitHubSite
from pydantic import JsonValue, ValidationError

from connectors.github.app import App
from connectors.github.config import Credentials
from connectors.github.hooks import GitHubHooks
from connectors.github.payloads import AppToken
from connectors.github.session import HEADERS
from model.errors import LoginRejected, Misconfigured, RateLimited, Refused, Unavailable

TRAPS: dict[str, JsonValue] = {"repository": "wile/traps"}
BOT = "twinline-app[bot]"
ISSUES_READ = [{"owner": "acme", "permissions": {"issues": "read", "metadata": "read"}}]


async def _tokens(site: GitHubSite) -> list[str]:
    """Those that GitHub takes now."""
    app: Any = (await site.state())["app"]
    return [one["value"] for one in app["tokens"]]


async def test_it_works_as_the_apps_own_account() -> None:
    async with app_site() as site, installed(site) as github:
        await github.check(None)
        await github.check(SETTINGS)
        written = await github.create(SETTINGS, {"summary": "x", "assignee": {"username": "ann"}}, "acme-1:left:1")
        item = await github.read(written.ref.id)
        author = item.fields["reporter"]
        assert isinstance(author, dict)
        assert author["username"] == BOT
        await github.add_comment(written.ref.id, "Hello", internal=False, marker="c-1")
        assert (await github.search(SETTINGS, "is:open", None))[0].id == "acme/app#1"
        assert await site.writes(BOT) == ["token.created", "issue.created", "comment.created"]


async def test_one_token_serves_all_calls_that_come_together() -> None:
    async with app_site() as site, installed(site) as github:
        await asyncio.gather(*(github.read("acme/app#1") for _ in range(10)))
        await github.read("acme/app#1")
        assert await made(site) == ["acme"]


async def test_a_token_is_renewed_before_it_ends() -> None:
    """Within the last five minutes it is not used any more."""
    async with app_site(token_seconds=240) as site, installed(site) as github:
        await github.read("acme/app#1")
        await github.read("acme/app#1")
        assert len(await made(site)) > 1
    async with app_site(token_seconds=400) as site, installed(site) as github:
        await github.read("acme/app#1")
        await github.read("acme/app#1")
        assert await made(site) == ["acme"]


async def test_a_token_that_is_taken_no_more_is_renewed_once() -> None:
    async with app_site() as site, installed(site) as github:
        await github.read("acme/app#1")
        await revoke(site, (await _tokens(site))[0])
        await asyncio.gather(*(github.read("acme/app#1") for _ in range(5)), github.update("acme/app#1", {"summary": "New"}))
        assert await made(site) == ["acme", "acme"]
        assert (await site.writes(BOT)).count("issue.updated") == 1


async def test_each_owner_has_a_token_of_their_own() -> None:
    async with app_site() as site, installed(site) as github:
        await github.check(TRAPS)
        assert await made(site) == ["wile"]
        assert (await github.find(SETTINGS, "1")).id == "acme/app#1"
        assert (await github.search(TRAPS, "is:open", None))[0].id == "wile/traps#1"
        assert await github.lookup(TRAPS, "user_by_username", ("ann",)) is not None
        answer = await github.lookup(TRAPS, "http", ("GET", "/repos/wile/traps/issues/1", None, None, None))
        assert isinstance(answer, dict)
        assert answer["code"] == 200
        await github.add_comment("wile/traps#1", "Beep", internal=False, marker="c-1")
        assert await made(site) == ["wile", "acme"]


async def test_the_installation_may_be_named() -> None:
    async with app_site() as site:
        state: Any = (await site.state())["app"]
        acme, wile = (str(one["id"]) for one in state["installations"])
        async with installed(site, installation_id=wile) as github:
            await github.check(TRAPS)
            with pytest.raises(Misconfigured, match="'acme/app' does not exist, or the token may not see it; it sees: wile/traps"):
                await github.check(SETTINGS)
            assert set(await made(site)) == {"wile"}
        async with installed(site, installation_id=acme) as github:
            await github.check(SETTINGS)
        async with installed(site, installation_id="7") as github:
            with pytest.raises(LoginRejected, match="no such installation; check installation_id"):
                await github.check(None)


async def test_where_it_is_not_installed_is_told() -> None:
    only_acme = [{"owner": "Acme"}]
    async with app_site(installations=only_acme) as site, installed(site) as github:
        await github.check(SETTINGS)
        with pytest.raises(Misconfigured, match=r"not installed for 'wile' \(installed for: acme\); install it there"):
            await github.check(TRAPS)
    async with app_site(installations=[]) as site, installed(site) as github:
        with pytest.raises(Misconfigured, match=r"not installed for 'anybody' \(installed for: nobody\)"):
            await github.check(None)


async def test_a_suspended_installation_is_a_rejected_login() -> None:
    async with app_site(installations=[{"owner": "acme", "suspended": True}]) as site, installed(site) as github:
        with pytest.raises(LoginRejected, match="has been suspended"):
            await github.read("acme/app#1")


@pytest.mark.parametrize(
    ("credentials", "words"),
    [
        ({"private_key": keys("other")[0]}, "check app_id and private_key"),
        ({"app_id": "7"}, "Integration not found.*check app_id and private_key"),
        ({"private_key": "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"}, "no RSA key; give the one that GitHub made"),
        ({"private_key": "c2VjcmV0"}, "no RSA key"),
    ],
)
async def test_an_app_that_github_does_not_know_is_a_rejected_login(credentials: dict[str, str], words: str) -> None:
    async with app_site() as site, installed(site, **credentials) as github:
        with pytest.raises(LoginRejected, match=words) as rejected:
            await github.check(SETTINGS)
    chain = f"{rejected.value!r} {rejected.value.__cause__!r}"
    assert "c2VjcmV0" not in chain
    assert "PRIVATE KEY" not in chain


async def test_enterprise_server() -> None:
    async with app_site() as site, installed(site, "/api/v3") as github:
        assert (await github.account(None)).platform == "GitHub Enterprise Server 3.19.0"
        assert (await github.read("acme/app#1")).ref.key == "acme/app#1"


async def test_outages_and_limits_are_no_rejected_logins() -> None:
    async with app_site() as site, installed(site) as github:
        await site.control(down=True)
        with pytest.raises(Unavailable):
            await github.read("acme/app#1")
        await site.control(down=False, reject_next=1)
        with pytest.raises(RateLimited):
            await github.read("acme/app#1")
    async with app_site() as site, installed(site, installation_id="1") as github:
        await site.control(down=True)
        with pytest.raises(Unavailable):
            await github.read("acme/app#1")


async def test_what_it_may_do_is_told_by_its_permissions() -> None:
    async with app_site() as site, installed(site) as github:
        me = await github.account(SETTINGS)
        assert (me.name, me.platform, [one.name for one in me.permissions if not one.given]) == (BOT, "GitHub", [])
    async with app_site(installations=ISSUES_READ) as site, installed(site) as github:
        missing = [one for one in (await github.account(SETTINGS)).permissions if not one.given]
        assert len(missing) == 5
        assert {one.given for one in missing} == {False}
        assert all("give the app the repository permission 'Issues: Read and write'" in one.remedy for one in missing)
        with pytest.raises(Refused, match="Resource not accessible by integration"):
            await github.add_comment("acme/app#1", "x", internal=False, marker="c-1")


async def test_it_registers_webhooks() -> None:
    granted = {"issues": "write", "repository_hooks": "write"}
    async with app_site(installations=[{"owner": "acme", "permissions": granted}]) as site:
        hooks = GitHubHooks(access(site.url))
        try:
            assert [one.done for one in await hooks.ensure(SETTINGS, "http://127.0.0.1:9/hook", "s")] == ["registered"]
        finally:
            await hooks.aclose()


def _encoded(**claims: object) -> str:
    return proof(**claims)["Authorization"].removeprefix("Bearer ")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (lambda: _encoded(exp=int(time.time()) + 700), "too far in the future"),
        (lambda: _encoded(exp=int(time.time()) - 1), "must be a numeric value"),
        (lambda: _encoded(iat=int(time.time()) + 100), "'Issued at' claim"),
        (lambda: _encoded(iss="7"), "Integration not found"),
        (lambda: jwt.encode({"iat": 1, "exp": 2, "iss": APP_ID}, "x" * 40, algorithm="HS256"), "could not be decoded"),
        (lambda: jwt.encode({"iss": APP_ID}, keys()[0], algorithm="RS256"), "could not be decoded"),
        (lambda: "ann-token", "could not be decoded"),
    ],
)
@pytest.mark.parametrize("known", [True, False])
async def test_the_fake_takes_only_what_github_takes(given: Callable[[], str], message: str, known: bool) -> None:
    async with app_site(**({} if known else {"public_key": ""})) as site:
        answer = await site.client.get("/app", headers={"Authorization": f"Bearer {given()}"})
        assert (answer.status_code, message in answer.json()["message"]) == (401, True)
        assert (await site.client.get("/app", headers=proof())).status_code == 200
        assert (await site.client.get("/user", headers=proof())).status_code == 401


async def test_a_token_ends_and_sees_only_its_owners_repositories() -> None:
    async with app_site(token_seconds=0) as site:
        state: Any = (await site.state())["app"]
        path = f"/app/installations/{state['installations'][0]['id']}"
        assert (await site.client.get(path, headers=proof())).json()["account"]["login"] == "acme"
        token = (await site.client.post(f"{path}/access_tokens", headers=proof())).json()["token"]
        assert token.startswith("ghs_")
        assert (await site.client.get("/repos/acme/app", headers={"Authorization": f"Bearer {token}"})).status_code == 401
    async with app_site() as site, installed(site) as github:
        await github.read("acme/app#1")
        headers = {"Authorization": f"Bearer {(await _tokens(site))[0]}"}
        assert (await site.client.get("/repos/wile/traps", headers=headers)).status_code == 404
        assert (await site.client.get("/user", headers=headers)).status_code == 403
        assert (await site.call("ann", "GET", "/installation/repositories")).status_code == 403
        mixed = await site.client.get("/search/issues?q=repo:acme/app", headers=headers)
        assert "Query must include 'is:issue' or 'is:pull-request'" in mixed.text


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"app_id": APP_ID},
        {"private_key": "c2VjcmV0"},
        {"token": "c2VjcmV0", "user": "ann"},
        {"token": "t", "app_id": APP_ID, "private_key": "k"},
        {"token": "t", "installation_id": "7"},
        {"app_id": APP_ID, "private_key": "k", "installation_id": "acme"},
    ],
)
def test_it_is_one_way_or_the_other(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        Credentials.model_validate(given)
    assert "c2VjcmV0" not in str(refused.value)


async def test_no_secret_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with app_site() as site, installed(site) as github:
        await github.read("acme/app#1")
        token, key = (await _tokens(site))[0], keys()[0]
        credentials = Credentials(app_id=APP_ID, private_key=key)
        app = App(access(site.url), credentials, HEADERS)
        places: Any = (await site.state())["app"]
        new = await app.token(str(places["installations"][0]["id"]))
        await app.aclose()
        shown = f"{credentials!r} {new!r} {github!r} {caplog.text}"
        assert not [one for one in (token, new.value, key, *key.split("\n")[1:4]) if one in shown]


def test_the_private_key_and_the_token_are_not_in_the_repr() -> None:
    assert "ghp_1" not in repr(Credentials(token="ghp_1"))
    assert "ghs_1" not in repr(AppToken(token="ghs_1", expires_at=datetime.now(UTC)))
