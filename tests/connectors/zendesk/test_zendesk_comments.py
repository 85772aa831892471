"""Comments and files, which Zendesk keeps in updates of their ticket."""

import tracemalloc
from collections.abc import AsyncIterator
from typing import cast

import pytest
from pydantic import JsonValue
from starlette.types import Receive, Scope, Send
from zendesk_ports import ports
from zendesk_site import BOT, Object, ZendeskSite, chunks, connected, running

from connectors.zendesk.connector import ZendeskConnector
from model.errors import Ambiguous, LoginRejected, Refused, Unavailable
from model.item import Attachment

TEXT_FILE = Attachment(id="", filename="notes é.txt", mimetype="text/plain", size=11)


async def test_public_and_internal_comments(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    public = await zendesk.add_comment("1", "See *this*:\n\n1. one\n2. two", internal=False, marker="c-1")
    private = await zendesk.add_comment("1", "For us <b>only</b>", internal=True, marker="c-2")
    await site.say("ann", "1", "Line one\nline two")
    item = await zendesk.read("1")
    assert [(one.body, one.internal, one.marker) for one in item.comments] == [
        ("We are looking into it.", False, None),
        ("Third bent one this week.", True, None),
        ("See *this*:\n\n1. one\n2. two", False, "c-1"),
        ("For us **only**", True, "c-2"),
        ("Line one\\\nline two", False, None),
    ]
    assert item.comments[2:4] == (public, private)
    assert public.author is not None
    assert (public.author["email"], public.created, public.updated) == (BOT, public.created, public.created)
    assert await zendesk.find_comment("1", "c-2") == private
    assert await zendesk.find_comment("1", "c-3") is None
    assert await site.writes() == ["add comment", "add comment"]


@pytest.mark.parametrize("shown", [False, True])
async def test_a_connector_that_did_not_write_the_comment_knows_its_marker(*, shown: bool) -> None:
    """Whether comments show their custom metadata or only audits do."""
    async with running({"comment_metadata": shown}) as site, connected(site) as zendesk, connected(site) as other:
        await zendesk.add_comment("1", "Ours", internal=False, marker="c-1")
        before = await site.calls()
        assert (await other.read("1")).comments[-1].marker == "c-1"
        first = await site.calls() - before
        assert (await other.read("1")).comments[-1].marker == "c-1"
        assert await site.calls() - before - first == 2
        assert first == (7 if shown else 8)


async def test_a_lost_answer_is_ambiguous_and_the_marker_tells(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    await site.control(lose_response=1)
    with pytest.raises(Ambiguous):
        await zendesk.add_comment("1", "Once", internal=False, marker="c-1")
    found = await zendesk.find_comment("1", "c-1")
    assert found is not None
    assert found.body == "Once"


async def test_comments_are_for_ever(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    comment = (await zendesk.read("1")).comments[0]
    with pytest.raises(Refused, match="cannot be edited"):
        await zendesk.edit_comment("1", comment.id, "Another")
    with pytest.raises(Refused, match="cannot be deleted"):
        await zendesk.delete_comment("1", comment.id)
    assert {"edit", "delete"} & zendesk.capabilities.comments == set()
    assert await site.writes() == []


async def test_a_comment_that_was_made_private_is_internal(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    comment = (await zendesk.read("1")).comments[0]
    assert not comment.internal
    await site.call("ann", "PUT", f"/tickets/1/comments/{comment.id}/make_private")
    assert (await zendesk.read("1")).comments[0] == comment.model_copy(update={"internal": True})


async def test_a_long_talk_is_read_to_its_end(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    for number in range(102):
        await site.say("ann", "2", f"Word {number}")
    bodies = [one.body for one in (await zendesk.read("2")).comments]
    assert bodies == [f"Word {number}" for number in range(102)]


async def test_files_keep_name_type_and_bytes(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    added = await zendesk.upload("1", TEXT_FILE, chunks(b"hello ", b"world"), "f-1")
    assert (added.filename, added.mimetype, added.size, added.marker) == ("notes é.txt", "text/plain", 11, "f-1")
    item = await zendesk.read("1")
    assert item.attachments == (added,)
    assert len(item.comments) == 2
    raw = cast("list[Object]", (await site.raw("1"))["comments"])[-1]
    assert raw["public"] is False
    assert await zendesk.find_attachment("1", "f-1", TEXT_FILE) == added
    assert await zendesk.find_attachment("1", "f-2", TEXT_FILE) is None
    async with zendesk.download(added) as content:
        assert b"".join([part async for part in content]) == b"hello world"
    await zendesk.delete_attachment("1", added.id)
    await zendesk.delete_attachment("1", added.id)
    assert (await zendesk.read("1")).attachments == ()
    assert (await site.writes()).count("redact attachment") == 1


async def test_a_file_whose_answer_is_lost_is_found_by_its_marker(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield b"hello world"
        await site.control(lose_response=1)

    await site.control(lose_response=1)
    with pytest.raises(Ambiguous):
        await zendesk.upload("1", TEXT_FILE, chunks(b"hello world"), "f-0")
    assert await zendesk.find_attachment("1", "f-0", TEXT_FILE) is None
    with pytest.raises(Ambiguous):
        await zendesk.upload("1", TEXT_FILE, content(), "f-1")
    async with connected(site) as other:
        found = await other.find_attachment("1", "f-1", TEXT_FILE)
        assert found is not None
        assert [one.id for one in (await other.read("1")).attachments] == [found.id]


async def test_files_of_internal_comments_stay_there(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    await site.attached("ann", "1", "public.txt", b"seen")
    await site.attached("ann", "1", "internal.txt", b"unseen", public=False)
    item = await zendesk.read("1")
    assert [one.filename for one in item.attachments] == ["public.txt"]
    assert item.attachments[0].author == item.comments[-1].author
    assert [one.internal for one in item.comments[-2:]] == [False, True]


async def test_a_large_file_is_never_whole_in_memory(site: ZendeskSite) -> None:
    """Measured with a server that counts what comes and keeps nothing of it."""
    seen: dict[str, int] = {"bytes": 0}

    async def counting(scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        more = True
        while more:
            message = await receive()
            seen["bytes"] += len(cast("bytes", message.get("body", b"")))
            more = bool(message.get("more_body"))
        await send({"type": "http.response.start", "status": 422, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def content() -> AsyncIterator[bytes]:
        for _ in range(320):
            yield bytes(100_000)

    large = Attachment(id="", filename="large.bin", size=32_000_000)
    with ports().lease(counting) as url:
        async with connected(ZendeskSite(url, site.client)) as other:
            tracemalloc.start()
            with pytest.raises(Refused):
                await other.upload("1", large, content(), "f-1")
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    assert seen["bytes"] == 32_000_000
    assert peak < 8_000_000


async def test_credentials_do_not_go_to_another_host(site: ZendeskSite) -> None:
    asked: list[dict[bytes, bytes]] = []

    async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        asked.append(dict(scope["headers"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"content"})

    with ports().lease(elsewhere) as url:
        async with connected(site) as zendesk:
            there = Attachment(id="1", filename="x", location=f"{url}/attachments/token/abc/?name=x")
            async with zendesk.download(there) as content:
                assert b"".join([part async for part in content]) == b"content"
            plain = Attachment(id="1", filename="x", location="ftp://acme.test/x")
            with pytest.raises(Unavailable, match="ftp://acme"):
                async with zendesk.download(plain):
                    pass
    assert [b"authorization" in one for one in asked] == [False]


async def test_private_attachments_are_read_with_our_account() -> None:
    async with running({"private_attachments": True}) as site, connected(site) as zendesk:
        added = await zendesk.upload("1", TEXT_FILE, chunks(b"hello world"), "f-1")
        async with zendesk.download(added) as content:
            assert b"".join([part async for part in content]) == b"hello world"
        answer = await site.client.get(added.location)
        assert (answer.status_code, answer.headers["location"]) == (302, "/access/unauthenticated")


async def test_an_oauth_client_gets_tokens_as_it_needs_them() -> None:
    seed: dict[str, JsonValue] = {"oauth_clients": [{"id": "twinline", "secret": "s3cret", "email": BOT}]}
    async with running(seed) as site:
        async with connected(site, client_id="twinline", client_secret="s3cret") as zendesk:
            await zendesk.check(None)
            added = await zendesk.upload("1", TEXT_FILE, chunks(b"hello world"), "f-1")
            assert added.size == 11
        async with connected(site, client_id="twinline", client_secret="wrong") as stranger:
            with pytest.raises(LoginRejected, match="client_id and client_secret") as rejected:
                await stranger.check(None)
            assert "wrong" not in rejected.value.message
        async with connected(site, token="bot-secret") as bearer:
            await bearer.check(None)


async def test_a_token_that_ended_early_is_replaced() -> None:
    """Each is good for three calls, and then refused though its time is not over."""
    seed: dict[str, JsonValue] = {"oauth_clients": [{"id": "twinline", "secret": "s3cret", "email": BOT}], "token_calls": 3}
    async with running(seed) as site, connected(site, client_id="twinline", client_secret="s3cret") as zendesk:
        for number in range(5):
            await zendesk.update("1", {"summary": f"Edit {number}"})
        assert (await zendesk.read("1")).fields["summary"] == "Edit 4"
        assert await site.writes() == ["update ticket"] * 5
