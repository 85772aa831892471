"""How changes come to light: the feed, trigger queries, webhooks, deletion."""

from asyncio import sleep
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from time import monotonic

from connectors.kit.conformance.expect import Broken, expect, same, told
from connectors.kit.conformance.live import HOOK_SECRET, PATIENCE, Live, Received, new_marker, new_word
from connectors.kit.interface import Change, Delivery
from connectors.kit.webhooks import Forged
from model.errors import BadInput, Gone, NotFound
from model.item import ItemRef

STRANGE = (
    b"",
    b"null",
    b"[]",
    b"[1, null]",
    b'"text"',
    b"{}",
    b'{"id": {}, "issue": 5, "resource": [], "detail": null}',
    b"\xff\xfe",
    b"{",
)
"""Bodies of no known shape."""


async def the_feed_tells_what_changed(live: Live) -> None:
    item = await live.made()
    _, cursor, _ = await live.since("")
    await live.retitle(item.ref, "Edited")
    changes, cursor, _ = await live.since(cursor)
    expect(item.ref.id in _ids(changes), "an edit is told by the feed")
    told_of = {one.version for one in changes if one.id == item.ref.id}
    await live.say(item.ref, "A comment")
    changes, _, _ = await live.since(cursor)
    expect(item.ref.id in _ids(changes), "a comment is told by the feed")
    fresh = {one.version for one in changes if one.id == item.ref.id}
    if live.connector.capabilities.exact_versions:
        expect(fresh != told_of, f"a comment gives an item another version than {sorted(told_of)}")


async def the_feed_tells_a_new_item_with_its_marker(live: Live) -> None:
    _, cursor, _ = await live.since("")
    item = await live.made()
    changes, _, _ = await live.since(cursor)
    markers = {one.marker for one in changes if one.id == item.ref.id}
    expect(bool(markers) and markers <= {item.marker, None}, f"a new item is told with its own marker or none, not with {markers}")


async def the_feed_loses_nothing_that_happens_at_the_same_time(live: Live) -> None:
    """Edits and polls take turns, many within one unit of the platform's clock."""
    items = [(await live.made(f"Number {number}")).ref for number in range(6)]
    _, cursor, _ = await live.since("")
    for number, item in enumerate([*items, *reversed(items)]):
        await live.retitle(item, f"Edit {number}")
        changes, cursor, _ = await live.since(cursor)
        expect(item.id in _ids(changes), f"edit {number} was made right after a poll, and the next poll does not tell it")


async def the_feed_tells_again_from_an_old_cursor(live: Live) -> None:
    _, start, _ = await live.since("")
    item = await live.made()
    first, _, _ = await live.since(start)
    again, _, _ = await live.since(start)
    expect(item.ref.id in _ids(first) & _ids(again), "a cursor that was not yet stored tells the same again")


async def the_feed_turns_its_pages(live: Live) -> None:
    """In several answers of the connector, or of the platform within one of them: then it takes more calls than where nothing changed."""
    _, cursor, _ = await live.since("")
    before = await live.calls()
    _, cursor, _ = await live.since(cursor)
    few = await live.calls() - before
    wanted: set[str] = set()
    for number in range(live.subject.feed_page + 3):
        written = await live.connector.create(live.settings, {"summary": f"Number {number}"}, new_marker())
        wanted.add(written.ref.id)
    before = await live.calls()
    changes, _, pages = await live.since(cursor)
    many = await live.calls() - before
    same("the items that no page told", sorted(wanted - _ids(changes)), [])
    expect(pages > 1 or many > few, f"{len(wanted)} changes came in one page; feed_page is to be what one page holds")


async def a_query_selects(live: Live) -> None:
    word = new_word()
    wanted = await live.made(f"{word} is on fire")
    await live.made("Something else")
    query = live.subject.query(word)
    await live.connector.check_query(live.settings, query)
    same("what the query finds", _ids(await live.connector.search(live.settings, query, None)), {wanted.ref.id})
    soon = datetime.now(UTC) + timedelta(minutes=5)
    same("what of it changed since later", await live.connector.search(live.settings, query, soon), ())


async def a_bad_query_is_refused(live: Live) -> None:
    with told(BadInput, f"the query {live.subject.bad_query!r} is checked"):
        await live.connector.check_query(live.settings, live.subject.bad_query)
    with told(BadInput, f"the query {live.subject.bad_query!r} is run"):
        await live.connector.search(live.settings, live.subject.bad_query, None)


async def a_genuine_call_is_read(live: Live) -> None:
    item = await live.made()
    await live.retitle(item.ref, "Edited")
    call = await _call(live, lambda delivery: any(one.id == item.ref.id for one in delivery.changes))
    same("the same call, repeated", _read(live, call).id, _read(live, call).id)
    expect(bool(_read(live, call).id), "a delivery has an id")


async def a_forged_call_is_refused(live: Live) -> None:
    item = await live.made()
    await live.retitle(item.ref, "Edited")
    genuine = await _call(live, lambda delivery: bool(delivery.changes))
    parse = live.known.declaration.parse_webhook
    forged: dict[str, tuple[Mapping[str, str], str]] = {
        "no headers at all": ({}, HOOK_SECRET),
        "another secret here": (genuine.headers, "another-secret"),
        "no secret here": (genuine.headers, ""),
        "a signature of another secret": ({**genuine.headers, **live.subject.signed(genuine.body, "another-secret")}, HOOK_SECRET),
        "an empty signature": (dict.fromkeys(live.subject.signed(b"", ""), ""), HOOK_SECRET),
    }
    for name, (headers, secret) in forged.items():
        with told(Forged, f"a webhook call with {name}") as caught:
            parse(headers, genuine.body, secret)
        expect(HOOK_SECRET not in caught.message, "the message of a forged call has no secret")


async def a_strange_call_does_no_harm(live: Live) -> None:
    for body in STRANGE:
        try:
            delivery = live.known.declaration.parse_webhook(live.subject.signed(body, HOOK_SECRET), body, HOOK_SECRET)
        except BadInput:
            continue
        same(f"what is read out of {body!r}", delivery.changes, ())


async def a_deletion_is_proven(live: Live) -> None:
    """By the reading, by the feed or by a webhook."""
    item = await live.made()
    _, cursor, _ = await live.since("")
    await live.delete(item.ref)
    if await _is_gone(live, item.ref) or item.ref.id in {one.id for one in (await live.since(cursor))[0] if one.deleted}:
        return
    await _call(live, lambda delivery: any(one.id == item.ref.id and one.deleted for one in delivery.changes))


async def _is_gone(live: Live, item: ItemRef) -> bool:
    try:
        await live.connector.read(item.id)
    except Gone:
        return True
    except NotFound:
        return False
    raise Broken("an item is read that was deleted")


def _ids(changes: tuple[Change, ...]) -> set[str]:
    return {one.id for one in changes}


def _read(live: Live, call: Received) -> Delivery:
    return live.known.declaration.parse_webhook(call.headers, call.body, HOOK_SECRET)


async def _call(live: Live, wanted: Callable[[Delivery], bool]) -> Received:
    """The first call of the fake's webhooks whose delivery is wanted."""
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        for call in live.inbox.calls:
            if wanted(_read(live, call)):
                return call
        await sleep(0.01)
    raise Broken(f"of {len(live.inbox.calls)} webhook calls none tells of it")
