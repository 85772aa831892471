"""Tickets that are asked for at the same time are read in one call, the comments of each in one of its own."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import cast

import httpx
from pydantic import JsonValue
from starlette.types import ASGIApp, Receive, Scope, Send
from zendesk_ports import ports
from zendesk_site import BOT, FAST, NO_TLS, PEOPLE, SECRET, ZendeskSite, chunks, connected, running

from connectors.kit.interface import FakeOptions
from connectors.zendesk import DECLARATION
from connectors.zendesk.client import PAGE
from connectors.zendesk.connector import ZendeskConnector
from model.errors import Gone, NotFound, Unavailable
from model.item import Attachment, Item

IDS = ("1", "2", "3")


async def _one_by_one(zendesk: ZendeskConnector, ids: Sequence[str]) -> list[Item]:
    return [await zendesk.read(one) for one in ids]


async def _at_once(zendesk: ZendeskConnector, ids: Sequence[str]) -> list[Item]:
    return await asyncio.gather(*map(zendesk.read, ids))


async def test_tickets_that_are_asked_for_at_once_cost_two_calls_and_one_each(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    await site.attached("ann", "1", "smoke.txt", b"smoke")
    await site.attached("ann", "2", "hidden.txt", b"fire", public=False)
    await zendesk.add_comment("2", "From **us**", internal=False, marker="c-1")
    await zendesk.upload("2", Attachment(id="", filename="ours.txt", mimetype="text/plain", size=3), chunks(b"abc"), "f-1")
    expected = await _one_by_one(zendesk, IDS)
    before = await site.calls()
    found = await _at_once(zendesk, IDS)
    assert await site.calls() == before + 2 + 3
    assert found == expected
    assert [one.fields["summary"] for one in found] == ["Anvil arrives bent", "Invoice has no number", "Skates do not brake"]
    assert [[file.filename for file in one.attachments] for one in found] == [["smoke.txt"], ["ours.txt"], []]
    assert [[comment.marker for comment in one.comments] for one in found] == [[None, None, None], [None, "c-1"], []]


async def test_more_than_one_call_takes_are_read_in_several() -> None:
    count = 1 + PAGE + 2
    tickets: list[JsonValue] = [{"subject": f"Ticket {number}"} for number in range(count)]
    async with running({"tickets": tickets}) as site, connected(site) as zendesk:
        await zendesk.read("1")
        before = await site.calls()
        found = await _at_once(zendesk, [str(number + 1) for number in range(count)])
        assert await site.calls() == before + 3 + count
        assert [(one.ref.id, one.fields["summary"]) for one in found] == [(str(one + 1), f"Ticket {one}") for one in range(count)]


async def test_what_is_missing_among_them_is_told_of_that_alone(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    expected = await _one_by_one(zendesk, ["1", "3"])
    await site.call("ann", "DELETE", "/tickets/2")
    before = await site.calls()
    found = await asyncio.gather(*map(zendesk.read, ["1", "999", "2", "seventeen", "3"]), return_exceptions=True)
    assert [found[0], found[4]] == expected
    assert [type(found[number]) for number in (1, 2, 3)] == [NotFound, Gone, NotFound]
    # Each of the two absent ones is asked for by itself, and looked for among the deleted ones.
    assert await site.calls() == before + 2 + 2 + 2 * 2


async def test_an_id_may_begin_with_zeros(zendesk: ZendeskConnector) -> None:
    assert [one.ref.id for one in await _at_once(zendesk, ["1", "002", "3"])] == ["1", "2", "3"]


async def test_a_long_talk_among_them_is_read_to_its_end(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    for number in range(102):
        await site.say("ann", "2", f"Word {number}")
    await zendesk.read("1")
    before = await site.calls()
    found = await _at_once(zendesk, IDS)
    assert await site.calls() == before + 2 + 4
    assert [one.body for one in found[1].comments] == [f"Word {number}" for number in range(102)]
    assert [len(one.comments) for one in found] == [2, 102, 0]


async def test_an_outage_is_told_to_all(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    await zendesk.read("1")
    await site.control(down=True)
    found = await asyncio.gather(*map(zendesk.read, IDS), return_exceptions=True)
    assert {type(one) for one in found} == {Unavailable}


async def test_what_was_edited_before_it_was_asked_for_is_seen(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    for number in range(2):
        await _at_once(zendesk, IDS)
        await site.edit("ann", "2", subject=f"Edit {number}")
        assert (await _at_once(zendesk, IDS))[1].fields["summary"] == f"Edit {number}"


@asynccontextmanager
async def _silent_of_users() -> AsyncGenerator[ZendeskSite]:
    """A fake whose list of tickets by ids comes without the users that they name."""
    app = cast("ASGIApp", DECLARATION.fake(FakeOptions(user=BOT, secret=SECRET, seed={**FAST, **PEOPLE})))

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].endswith("/show_many"):
            scope = {**scope, "query_string": scope["query_string"].replace(b"include=users", b"")}
        await app(scope, receive, send)

    with ports().lease(serve) as url:
        async with httpx.AsyncClient(base_url=url, trust_env=False, verify=NO_TLS) as client:
            yield ZendeskSite(url, client)


async def test_a_ticket_without_its_people_is_read_by_itself() -> None:
    async with _silent_of_users() as site, connected(site) as zendesk:
        expected = await _one_by_one(zendesk, IDS)
        before = await site.calls()
        assert await _at_once(zendesk, IDS) == expected
        assert await site.calls() == before + 2 + 2 + 3
