"""What is told when a platform does not do what was asked, and what is never told."""

import asyncio
from collections.abc import Awaitable, Callable

from pydantic import JsonValue

from connectors.kit.conformance.expect import expect, same, told
from connectors.kit.conformance.live import HOOK_SECRET, Live, new_marker
from connectors.kit.http import exchange, retry_after
from model.errors import Ambiguous, LoginRejected, NotFound, RateLimited, TwinlineError, Unavailable

WRONG = "wrong-acme-secret"
LENIENCE = 2.0
OUTAGES: tuple[dict[str, JsonValue], ...] = ({}, {"down": True}, {"reject_next": 50}, {"lose_response": 50})
"""Switches of the fake under which each error is looked at."""


async def a_good_login_is_accepted(live: Live) -> None:
    await live.connector.check(None)
    await live.connector.check(live.settings)


async def a_wrong_login_is_rejected(live: Live) -> None:
    stranger = live.opened(wrong(live))
    calls: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: stranger.check(None),
        lambda: stranger.read(live.subject.absent),
        lambda: stranger.create(live.settings, {"summary": "x"}, new_marker()),
    )
    try:
        for call in calls:
            with told(LoginRejected, "a wrong secret is used") as caught:
                await call()
            expect(WRONG not in caught.message, f"an error has no secret in it: {caught.message!r}")
    finally:
        await stranger.aclose()


def wrong(live: Live) -> dict[str, str]:
    """The account's credentials with another secret."""
    return {name: WRONG if value == live.subject.secret else value for name, value in live.subject.credentials.items()}


async def a_limit_is_waited_for(live: Live) -> None:
    item = await live.made()
    await live.control(reject_next=1)
    answer = await exchange("GET", f"{live.url}{live.subject.root}/")
    await live.control(reject_next=1)
    with told(RateLimited, "the platform asks to wait") as caught:
        await live.connector.read(item.ref.id)
    wait = caught.error.retry_after if caught.error else 0.0
    expect(wait > 0, f"a limit says for how long to wait, not {wait}")
    asked = "retry-after" in answer.headers
    if asked:
        wanted = retry_after(answer)
        expect(abs(wait - wanted) <= LENIENCE, f"the platform said to wait {wanted} s, and {wait} s are waited")
    await live.control(reject_next=1)
    with told(RateLimited, "a write is to wait"):
        await live.connector.update(item.ref.id, {"summary": "Later"})
    await live.control(reject_next=0)
    await asyncio.sleep(wait if asked else 0)
    same("the item that was not written", (await live.connector.read(item.ref.id)).fields["summary"], item.fields["summary"])


async def what_fails_is_told_apart(live: Live) -> None:
    item = await live.made()
    await live.control(down=True)
    with told(Unavailable, "a platform that is down is read"):
        await live.connector.read(item.ref.id)
    await live.control(down=False, lose_response=1)
    with told(Ambiguous, "the answer to a write is lost"):
        await live.connector.update(item.ref.id, {"summary": "Written in the dark"})
    await live.control(lose_response=0)
    same("the item that was written", (await live.connector.read(item.ref.id)).fields["summary"], "Written in the dark")
    with told(NotFound, "an item is updated that is not there"):
        await live.connector.update(live.subject.absent, {"summary": "x"})


async def no_error_has_a_secret(live: Live) -> None:
    item_id = (await live.made()).ref.id
    secrets = {live.subject.secret, HOOK_SECRET, WRONG}
    calls: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: live.connector.read(live.subject.absent),
        lambda: live.connector.find(live.settings, "no such item"),
        lambda: live.connector.update(item_id, {"status": {"name": "Nowhere"}}),
        lambda: live.connector.check_query(live.settings, live.subject.bad_query),
    )
    for switches in OUTAGES:
        await live.control(**{"down": False, "reject_next": 0, "lose_response": 0, **switches})
        for call in calls:
            for text in await _texts(call):
                expect(not any(one in text for one in secrets), f"an error has no secret in it: {text!r}")


async def _texts(call: Callable[[], Awaitable[object]]) -> list[str]:
    """The message of the error, and those of what caused it."""
    try:
        await call()
    except TwinlineError as error:
        causes: list[BaseException] = [error]
        while causes[-1].__cause__ is not None:
            causes.append(causes[-1].__cause__)
        return [f"{one}" for one in causes]
    return []
