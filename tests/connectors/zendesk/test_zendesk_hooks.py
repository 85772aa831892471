"""The webhook that we register in an account ourselves."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from zendesk_site import HOOK_SECRET, SETTINGS, ZendeskSite, access, running

from connectors.zendesk.hooks import EVENTS, ZendeskHooks
from model.errors import LoginRejected, Refused
from model.hooks import HookState

ADDRESS, MOVED = "https://twinline.acme.test/webhooks/acme-zendesk", "https://sync.acme.test/webhooks/acme-zendesk"
REMEDY = r"make Twinline's account one \(Admin Center, People, Team members\), or add the webhook by hand"


@asynccontextmanager
async def _hooks(site: ZendeskSite, **credentials: str) -> AsyncGenerator[ZendeskHooks]:
    hooks = ZendeskHooks(access(site.url, **credentials))
    try:
        yield hooks
    finally:
        await hooks.aclose()


async def _listed(site: ZendeskSite) -> list[dict[str, Any]]:
    return (await site.call("ann", "GET", "/webhooks")).json()["webhooks"]


async def test_it_is_registered_once_for_ticket_events_with_a_token(site: ZendeskSite) -> None:
    async with _hooks(site) as hooks:
        first = await hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET)
        again = await hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET)
    [hook] = await _listed(site)
    assert first == (HookState(id=hook["id"], reports="ticket events", done="registered"),)
    assert again == (HookState(id=hook["id"], reports="ticket events"),)
    assert (hook["status"], hook["http_method"], hook["request_format"]) == ("active", "POST", "json")
    assert hook["subscriptions"] == [f"zen:event-type:ticket.{one}" for one in EVENTS]
    assert hook["authentication"] == {"type": "bearer_token", "add_position": "header"}


async def test_one_that_was_switched_off_is_switched_on(site: ZendeskSite) -> None:
    async with _hooks(site) as hooks:
        [first] = await hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET)
        wrong = {"status": "inactive", "subscriptions": ["zen:event-type:ticket.created"]}
        await site.call("ann", "PATCH", f"/webhooks/{first.id}", {"webhook": wrong})
        again = [await hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET) for _ in range(2)]
    [hook] = await _listed(site)
    assert [one.done for [one] in again] == ["switched on", ""]
    assert (hook["status"], len(hook["subscriptions"])) == ("active", len(EVENTS))


async def test_the_one_at_an_old_address_goes_and_the_others_stay(site: ZendeskSite) -> None:
    async with _hooks(site) as hooks:
        await hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET)
        await hooks.ensure(SETTINGS, MOVED, HOOK_SECRET)
        for _ in range(2):
            await hooks.remove(SETTINGS, ADDRESS)
    assert [one["endpoint"] for one in await _listed(site)] == [MOVED]


async def test_one_that_was_added_by_hand_is_taken_over() -> None:
    async with running(webhook_url=ADDRESS) as site, _hooks(site) as hooks:
        assert [one.done for one in await hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET)] == [""]
        assert [one["name"] for one in await _listed(site)] == ["Twinline acme-zendesk"]


async def test_one_that_triggers_call_stays_with_them(site: ZendeskSite) -> None:
    hook = {"name": "Sync", "endpoint": ADDRESS, "http_method": "POST", "request_format": "json", "status": "inactive"}
    await site.call("ann", "POST", "/webhooks", {"webhook": {**hook, "subscriptions": ["conditional_ticket_events"]}})
    async with _hooks(site) as hooks:
        assert [one.done for one in await hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET)] == ["switched on"]
    [shown] = await _listed(site)
    assert (shown["status"], shown["subscriptions"]) == ("active", ["conditional_ticket_events"])


async def test_who_is_no_administrator_is_told_what_it_takes(site: ZendeskSite) -> None:
    async with _hooks(site, email="bob@acme.test", token="bob-token") as hooks:
        for call in (hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET), hooks.remove(SETTINGS, ADDRESS)):
            with pytest.raises(Refused, match=REMEDY) as caught:
                await call
            assert HOOK_SECRET not in caught.value.message


async def test_a_wrong_login_is_told_as_such(site: ZendeskSite) -> None:
    async with _hooks(site, email="ann@acme.test", token="stale") as hooks:
        with pytest.raises(LoginRejected):
            await hooks.ensure(SETTINGS, ADDRESS, HOOK_SECRET)
