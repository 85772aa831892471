"""Webhooks that we register on a site ourselves, in Cloud and in Data Center."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from jira_site import APP, BOT, TOKEN, Site, pat
from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.jira.fake import FakeJira
from connectors.jira.hooks import EVENTS, JiraHooks
from connectors.jira.webhook import parse_webhook
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions, SystemAccess
from model.errors import LoginRejected, Refused
from model.hooks import HookState

ADDRESS, MOVED = "http://127.0.0.1:9/webhooks/acme-jira", "http://127.0.0.1:9/moved/acme-jira"
SECRET = "acme-hook-secret"
CLOUD, SERVER = "/rest/webhooks/1.0/webhook", "/rest/jira-webhook/1.0/webhooks"
ANN = httpx.BasicAuth("ann@acme.test", "ann-token")
OPS: dict[str, JsonValue] = {"project": "OPS"}
REMEDY = r"the global permission 'Administer Jira' \(System, Global permissions\), or add the webhook by hand"


@asynccontextmanager
async def _hooks(access: SystemAccess) -> AsyncGenerator[JiraHooks]:
    hooks = JiraHooks(access)
    try:
        yield hooks
    finally:
        await hooks.aclose()


async def _listed(site: Site, path: str = CLOUD) -> list[dict[str, Any]]:
    return (await site.http.get(path, auth=ANN)).json()


async def test_each_project_has_one_with_a_filter_of_its_own(site: Site) -> None:
    async with _hooks(site.access()) as hooks:
        first = [await hooks.ensure(settings, ADDRESS, SECRET) for settings in (APP, OPS)]
        again = [await hooks.ensure(settings, ADDRESS, SECRET) for settings in ({"project": "app"}, OPS)]
    listed = await _listed(site)
    assert [one.done for [one] in first] == ["registered"] * 2
    assert [one.done for [one] in again] == [""] * 2
    assert [one.id for [one] in again] == [one.id for [one] in first] == [hook["self"].rpartition("/")[2] for hook in listed]
    assert [hook["name"] for hook in listed] == ["Twinline acme-jira APP", "Twinline acme-jira OPS"]
    assert [hook["filters"]["issue-related-events-section"] for hook in listed] == ['project = "APP"', 'project = "OPS"']
    assert {(hook["url"], tuple(hook["events"]), hook["enabled"], hook["isSigned"]) for hook in listed} == {(ADDRESS, EVENTS, True, True)}


async def test_data_center_has_them_at_a_place_of_its_own(center: Site) -> None:
    async with _hooks(pat(center.url)) as hooks:
        [first] = await hooks.ensure(APP, ADDRESS, SECRET)
        off = {"name": "Twinline acme-jira APP", "url": ADDRESS, "events": ["comment_created"], "active": False}
        assert (await center.http.put(f"{SERVER}/{first.id}", json=off)).status_code == 200
        again = [await hooks.ensure(APP, ADDRESS, SECRET) for _ in range(2)]
    [hook] = (await center.http.get(SERVER)).json()
    assert first == HookState(id=str(hook["id"]), reports=f"APP: {', '.join(EVENTS)}", done="registered")
    assert [one.done for [one] in again] == ["switched on", ""]
    assert (hook["active"], hook["events"]) == (True, list(EVENTS))


@pytest.mark.parametrize("deployment", ["Cloud", "Server"])
async def test_it_is_called_with_the_secret_of_now(deployment: str) -> None:
    calls: list[tuple[dict[str, str], bytes]] = []

    async def take(request: Request) -> Response:
        calls.append((dict(request.headers), await request.body()))
        return Response(status_code=202)

    options = FakeOptions(user=BOT, secret=TOKEN, seed={"deployment": deployment})
    async with serving(Starlette(routes=[Route("/hook", take, methods=["POST"])])) as hook, serving(FakeJira(options)) as url:
        access = SystemAccess(name="acme-jira", url=url, credentials={"user": BOT, "token": TOKEN})
        async with _hooks(access) as hooks, httpx.AsyncClient(base_url=url, trust_env=False, auth=ANN) as ann:
            await hooks.ensure(APP, f"{hook}/hook", "of-yesterday")
            await hooks.ensure(APP, f"{hook}/hook", SECRET)
            for project in ("OPS", "APP"):
                fields = {"summary": "Printer on fire", "project": {"key": project}, "issuetype": {"name": "Task"}}
                assert (await ann.post("/rest/api/2/issue", json={"fields": fields})).status_code == 201
            async with asyncio.timeout(10):
                while not calls:
                    await ann.get("/_fake/state")
    [(headers, body)] = calls
    assert parse_webhook(headers, body, SECRET).changes[0].key.startswith("APP-")


async def test_one_that_was_switched_off_is_switched_on(site: Site) -> None:
    async with _hooks(site.access()) as hooks:
        [first] = await hooks.ensure(APP, ADDRESS, SECRET)
        off = {"name": "Twinline acme-jira APP", "url": ADDRESS, "events": ["jira:issue_created"], "enabled": False}
        await site.http.put(f"{CLOUD}/{first.id}", json=off, auth=ANN)
        again = [await hooks.ensure(APP, ADDRESS, SECRET) for _ in range(2)]
    [hook] = await _listed(site)
    assert [one.done for [one] in again] == ["switched on", ""]
    assert (hook["enabled"], tuple(hook["events"])) == (True, EVENTS)


async def test_those_at_an_old_address_go_and_the_others_stay(site: Site) -> None:
    async with _hooks(site.access()) as hooks:
        await hooks.ensure(APP, ADDRESS, SECRET)
        await hooks.ensure(APP, MOVED, SECRET)
        for _ in range(2):
            await hooks.remove(APP, ADDRESS)
    assert [one["url"] for one in await _listed(site)] == [MOVED]


async def test_one_that_was_added_by_hand_is_taken_over_once(site: Site) -> None:
    await site.http.post(CLOUD, json={"name": "Sync", "url": ADDRESS, "events": ["jira:issue_created"]}, auth=ANN)
    async with _hooks(site.access()) as hooks:
        done = [(await hooks.ensure(settings, ADDRESS, SECRET))[0].done for settings in (APP, OPS)]
    assert done == ["", "registered"]
    assert [one["name"] for one in await _listed(site)] == ["Twinline acme-jira APP", "Twinline acme-jira OPS"]


@pytest.mark.parametrize("deployment", ["Cloud", "Server"])
async def test_who_does_not_administer_jira_is_told_what_it_takes(deployment: str) -> None:
    seed: dict[str, JsonValue] = {"deployment": deployment, "users": [{"name": "ann", "lacks": ["ADMINISTER"]}, {"name": "bob"}]}
    async with serving(FakeJira(FakeOptions(user=BOT, secret=TOKEN, seed=seed))) as url:
        credentials = {"user": "ann@acme.test", "token": "ann-token"}
        async with _hooks(SystemAccess(name="acme-jira", url=url, credentials=credentials)) as hooks:
            with pytest.raises(Refused, match=REMEDY) as caught:
                await hooks.ensure(APP, ADDRESS, SECRET)
    assert SECRET not in caught.value.message


async def test_a_data_center_without_the_interface_is_told_so() -> None:
    async def old(request: Request) -> Response:
        if request.url.path == "/rest/api/2/serverInfo":
            return Response('{"deploymentType": "Server", "version": "9.12.0"}', media_type="application/json")
        return Response("<html>Not here</html>", 404)

    async with serving(Starlette(routes=[Route("/{path:path}", old)])) as url, _hooks(pat(url)) as hooks:
        with pytest.raises(Refused, match="has no interface for webhooks that are signed, which Data Center has from version 10 on"):
            await hooks.ensure(APP, ADDRESS, SECRET)


async def test_a_wrong_login_is_told_as_such(site: Site) -> None:
    async with _hooks(site.access(token="stale")) as hooks:
        with pytest.raises(LoginRejected):
            await hooks.ensure(APP, ADDRESS, SECRET)
