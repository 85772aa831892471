"""What a connector has to keep whose platform lets webhooks be registered."""

from asyncio import sleep
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from time import monotonic

from connectors.kit.conformance.expect import Broken, expect, same
from connectors.kit.conformance.live import HOOK_SECRET, PATIENCE, Live
from connectors.kit.interface import Hooks


async def a_webhook_is_registered_once(live: Live) -> None:
    """However often it is asked for; and it calls with the secret, which nobody is shown."""
    address = f"{live.hook}/registered"
    async with _opened(live) as hooks:
        first = await hooks.ensure(live.settings, address, HOOK_SECRET)
        again = await hooks.ensure(live.settings, address, HOOK_SECRET)
    same("what is done at first", {one.done for one in first}, {"registered"})
    same("what is done the second time", {one.done for one in again}, {""})
    same("the webhooks of the second time", {one.id for one in again}, {one.id for one in first})
    expect(HOOK_SECRET not in f"{first}{again}", "the states of webhooks have no secret")
    item = await live.made()
    await live.retitle(item.ref, "Printer still on fire")
    await _called(live, "/registered", item.ref.id)


async def a_webhook_is_taken_away(live: Live) -> None:
    old, new = f"{live.hook}/old", f"{live.hook}/new"
    async with _opened(live) as hooks:
        await hooks.ensure(live.settings, old, HOOK_SECRET)
        await hooks.ensure(live.settings, new, HOOK_SECRET)
        await hooks.remove(live.settings, old)
        await hooks.remove(live.settings, old)
        same("what is done where it was not taken away", {one.done for one in await hooks.ensure(live.settings, new, HOOK_SECRET)}, {""})
        same("what is done where it was", {one.done for one in await hooks.ensure(live.settings, old, HOOK_SECRET)}, {"registered"})


@asynccontextmanager
async def _opened(live: Live) -> AsyncGenerator[Hooks]:
    opening = live.known.declaration.hooks
    if opening is None:
        raise Broken("the capabilities have hooks, and the declaration does not")
    hooks = opening(live.access(live.subject.credentials))
    try:
        yield hooks
    finally:
        await hooks.aclose()


async def _called(live: Live, path: str, item: str) -> None:
    """A genuine call at that path tells of the item."""
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        for call in live.inbox.calls:
            told = live.known.declaration.parse_webhook(call.headers, call.body, HOOK_SECRET) if call.path == path else None
            if told and item in {one.id for one in told.changes}:
                return
        await sleep(0.01)
    raise Broken(f"the webhook that was registered at {path!r} tells nothing of item {item!r}")
