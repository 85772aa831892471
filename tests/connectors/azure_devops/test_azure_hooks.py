"""Service hook subscriptions that we make ourselves."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from azure_site import HOOK_SECRET, SCRUM, SECRET, SETTINGS, AzureSite, House, a_fake, opened, running
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.azure_devops.hooks import AzureDevOpsHooks
from connectors.azure_devops.webhook import EVENTS, parse_webhook
from connectors.kit.fake import serving
from connectors.kit.interface import Delivery, SystemAccess
from model.errors import LoginRejected, Misconfigured, Refused

ADDRESS, MOVED = "http://127.0.0.1:9/webhooks/acme-azure", "http://127.0.0.1:9/moved/acme-azure"
SUBSCRIPTIONS = "/_apis/hooks/subscriptions"
REMEDY = r"of project 'Acme Shop': make it a project administrator .*, or give it 'View' and 'Edit subscriptions' of service hooks, or add"


@asynccontextmanager
async def _hooks(site: AzureSite, token: str = SECRET) -> AsyncGenerator[AzureDevOpsHooks]:
    hooks = AzureDevOpsHooks(SystemAccess(name="acme-azure", url=site.url, credentials={"token": token}, calls_per_second=1000))
    try:
        yield hooks
    finally:
        await hooks.aclose()


async def _listed(site: AzureSite) -> list[dict[str, Any]]:
    return site.good(await site.call("ann", "GET", SUBSCRIPTIONS))["value"]


async def _set(site: AzureSite, identity: str, **changed: object) -> None:
    whole = site.good(await site.call("ann", "GET", f"{SUBSCRIPTIONS}/{identity}"))
    site.good(await site.call("ann", "PUT", f"{SUBSCRIPTIONS}/{identity}", {**whole, **changed}))


async def test_each_project_has_one_for_each_event(site: AzureSite) -> None:
    async with _hooks(site) as hooks:
        first = [one for settings in (SETTINGS, SCRUM) for one in await hooks.ensure(settings, ADDRESS, HOOK_SECRET)]
        again = [one for settings in (SETTINGS, SCRUM) for one in await hooks.ensure(settings, ADDRESS, HOOK_SECRET)]
    listed = await _listed(site)
    assert ([one.reports for one in first], {one.done for one in first}) == ([*EVENTS, *EVENTS], {"registered"})
    assert ([one.id for one in again], {one.done for one in again}) == ([one.id for one in first], {""})
    assert [one["eventType"] for one in listed] == [*EVENTS, *EVENTS]
    assert len({one["publisherInputs"]["projectId"] for one in listed}) == 2
    assert {(one["status"], one["consumerInputs"]["url"], one["consumerInputs"]["basicAuthPassword"]) for one in listed} == {
        ("enabled", ADDRESS, "********")
    }


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        ("onProbation", "was on probation, since its calls failed"),
        ("disabledBySystem", "was switched off by Azure DevOps, since its calls failed for long"),
        ("disabledByUser", "was switched off by a person"),
        ("disabledByInactiveIdentity", "was switched off, since the account that made it is inactive or lacks permissions"),
    ],
)
async def test_one_that_was_switched_off_is_switched_on_and_told_why(site: AzureSite, status: str, trouble: str) -> None:
    async with _hooks(site) as hooks:
        first = await hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET)
        await _set(site, first[1].id, status=status)
        again = [await hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET) for _ in range(2)]
    assert [(one.done, one.trouble) for one in again[0]] == [("", ""), ("switched on", trouble), ("", ""), ("", ""), ("", "")]
    assert {(one.done, one.trouble) for one in again[1]} == {("", "")}
    assert {one["status"] for one in await _listed(site)} == {"enabled"}


async def test_the_mask_of_the_secret_is_never_sent_back() -> None:
    calls: asyncio.Queue[Delivery] = asyncio.Queue()

    async def take(request: Request) -> Response:
        calls.put_nowait(parse_webhook(dict(request.headers), await request.body(), HOOK_SECRET))
        return Response(status_code=202)

    async with serving(Starlette(routes=[Route("/hook", take, methods=["POST"])])) as hook, running() as site, _hooks(site) as hooks:
        await hooks.ensure(SETTINGS, f"{hook}/hook", "of-yesterday")
        await hooks.ensure(SETTINGS, f"{hook}/hook", HOOK_SECRET)
        await site.edit("ann", 1, Title="Edited")
        delivery = await asyncio.wait_for(calls.get(), 10)
    assert [one.id for one in delivery.changes] == ["1"]


async def test_those_at_an_old_address_go_and_the_others_stay(site: AzureSite) -> None:
    async with _hooks(site) as hooks:
        await hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET)
        await hooks.ensure(SETTINGS, MOVED, HOOK_SECRET)
        for _ in range(2):
            await hooks.remove(SETTINGS, ADDRESS)
    assert [one["consumerInputs"]["url"] for one in await _listed(site)] == [MOVED] * len(EVENTS)


async def test_those_of_all_projects_are_taken_over_and_stay_so() -> None:
    async with running(hook=ADDRESS) as site, _hooks(site) as hooks:
        done = {one.done for one in await hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET)}
        listed = await _listed(site)
    assert done == {""}
    assert [one["publisherInputs"] for one in listed] == [{"projectId": ""}] * len(EVENTS)


async def test_who_may_not_is_told_what_it_takes(house: House) -> None:
    people = [{"name": "ann"}, {"name": "bob"}, {"name": "rita", "lacks": ["EditSubscriptions"]}]
    async with opened(house, a_fake({"users": people})) as site, _hooks(site, "rita-token") as hooks:
        with pytest.raises(Refused, match=REMEDY) as caught:
            await hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET)
    assert HOOK_SECRET not in caught.value.message


async def test_a_wrong_login_or_project_is_told_as_such(site: AzureSite) -> None:
    async with _hooks(site, "stale") as hooks:
        with pytest.raises(LoginRejected):
            await hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET)
    async with _hooks(site) as hooks:
        with pytest.raises(Misconfigured):
            await hooks.ensure({"project": "Nowhere"}, ADDRESS, HOOK_SECRET)
