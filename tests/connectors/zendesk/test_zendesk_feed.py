"""The incremental export against the fake, and the cursor against pages made by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from zendesk_site import SETTINGS, ZendeskSite, connected, running

from connectors.kit.interface import Change, ChangePage
from connectors.zendesk import feed
from connectors.zendesk.connector import ZendeskConnector
from connectors.zendesk.payloads import ExportPage, TicketPayload
from model.errors import Misconfigured, RateLimited, Unavailable

NOON = datetime(2031, 1, 2, 12, tzinfo=UTC)


async def drained(zendesk: ZendeskConnector, cursor: str) -> tuple[list[Change], str]:
    """All that the feed tells until it has no more."""
    told: list[Change] = []
    while True:
        page = await zendesk.changes(SETTINGS, cursor)
        told += page.changes
        cursor = page.cursor
        if not page.more:
            return told, cursor


async def test_the_feed_starts_now_and_tells_each_change_once(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    start = await zendesk.changes(SETTINGS, "")
    assert (start.changes, start.more) == ((), False)
    written = await zendesk.create(SETTINGS, {"summary": "Fresh"}, "m-1")
    told, cursor = await drained(zendesk, start.cursor)
    assert [(one.id, one.key, one.marker, one.deleted) for one in told] == [("4", "#4", "m-1", False)]
    assert told[0].version.startswith(f"{written.version}/")
    assert await drained(zendesk, cursor) == ([], cursor)
    await site.say("ann", "1", "Hello", public=False)
    told, cursor = await drained(zendesk, cursor)
    assert [one.id for one in told] == ["1"]
    await site.call("ann", "DELETE", "/tickets/2")
    told, cursor = await drained(zendesk, cursor)
    assert [(one.id, one.deleted) for one in told] == [("2", True)]
    await site.call("ann", "PUT", "/deleted_tickets/2/restore", {})
    told, _ = await drained(zendesk, cursor)
    assert ("2", False) in {(one.id, one.deleted) for one in told}


async def test_the_last_minute_is_told_later() -> None:
    async with running({"export_lag_s": 60}) as site, connected(site) as zendesk:
        start = (await zendesk.changes(SETTINGS, "")).cursor
        await site.edit("ann", "1", subject="Just now")
        assert await drained(zendesk, start) == ([], start)


async def test_what_was_left_out_comes_when_its_second_is_over() -> None:
    """Two changes in a row, perhaps of one second, each told once and in their order."""
    async with running({"export_lag_s": 0.05}) as site, connected(site) as zendesk:
        cursor = (await zendesk.changes(SETTINGS, "")).cursor
        await site.edit("ann", "2", subject="First")
        await site.edit("ann", "1", subject="Second")
        told: list[str] = []
        while "1" not in told or "2" not in told:
            changes, cursor = await drained(zendesk, cursor)
            told += [one.id for one in changes]
        assert sorted(told) == ["1", "2"]
        assert await drained(zendesk, cursor) == ([], cursor)


async def test_many_tickets_of_one_second_are_all_told(
    zendesk: ZendeskConnector, site: ZendeskSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.zendesk.client.EXPORT_PAGE", 3)
    start = (await zendesk.changes(SETTINGS, "")).cursor
    for number in range(10):
        await site.call("ann", "POST", "/tickets", {"ticket": {"subject": f"Crowd {number}", "comment": {"body": "x"}}})
    told, cursor = await drained(zendesk, start)
    assert [one.id for one in told] == [str(number) for number in range(4, 14)]
    assert await drained(zendesk, cursor) == ([], cursor)


async def test_a_ticket_that_moves_while_pages_are_read_is_told_again(
    zendesk: ZendeskConnector, site: ZendeskSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.zendesk.client.EXPORT_PAGE", 2)
    start = (await zendesk.changes(SETTINGS, "")).cursor
    for number in range(4):
        await site.call("ann", "POST", "/tickets", {"ticket": {"subject": f"T{number}", "comment": {"body": "x"}}})
    first = await zendesk.changes(SETTINGS, start)
    assert (len(first.changes), first.more) == (2, True)
    await site.edit("ann", "4", subject="Moved to the end")
    rest, _ = await drained(zendesk, first.cursor)
    assert {one.id for one in rest} >= {"6", "7"}
    assert {one.id for one in first.changes} | {one.id for one in rest} == {"4", "5", "6", "7"}


async def test_a_cursor_that_is_refused_starts_again_from_the_newest_time_seen(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    await site.edit("ann", "1", subject="Seen")
    lost = feed.Cursor(start=int(datetime.now(UTC).timestamp()) - 30, cursor="bm90IG91cnM=").model_dump_json()
    page = await zendesk.changes(SETTINGS, lost)
    assert (page.changes, page.more) == ((), True)
    told, _ = await drained(zendesk, page.cursor)
    assert [one.id for one in told] == ["1"]


async def test_a_start_that_is_too_recent_waits(zendesk: ZendeskConnector) -> None:
    ahead = feed.begin(datetime.now(UTC) + timedelta(hours=1)).model_dump_json()
    with pytest.raises(Unavailable, match="Too recent start_time"):
        await zendesk.changes(SETTINGS, ahead)


async def test_only_ten_exports_a_minute() -> None:
    async with running({"export_calls": 2}) as site, connected(site) as zendesk:
        _, cursor = await drained(zendesk, (await zendesk.changes(SETTINGS, "")).cursor)
        await drained(zendesk, cursor)
        with pytest.raises(RateLimited):
            await zendesk.changes(SETTINGS, cursor)


async def test_an_agent_who_may_not_export_is_told_so(site: ZendeskSite) -> None:
    async with connected(site, email="bob@acme.test", token="bob-token") as agent:
        cursor = (await agent.changes(SETTINGS, "")).cursor
        with pytest.raises(Misconfigured, match="make it an administrator"):
            await agent.changes(SETTINGS, cursor)


def ticket(number: int, generated: int, updated: datetime = NOON, status: str = "open") -> TicketPayload:
    return TicketPayload(id=number, created_at=NOON, updated_at=updated, generated_timestamp=generated, status=status)


def moved(at: feed.Cursor, *tickets: TicketPayload, after: str | None, end: bool) -> tuple[ChangePage, feed.Cursor]:
    page = feed.advance(at, ExportPage(tickets=tickets, after_cursor=after, end_of_stream=end))
    following = feed.parse(page.cursor)
    assert following is not None
    return page, following


def test_the_cursor_stays_where_zendesk_gives_none() -> None:
    page, following = moved(feed.Cursor(start=100, cursor="abc"), after=None, end=True)
    assert (page.more, following) == (False, feed.Cursor(start=100, cursor="abc"))
    page, following = moved(feed.Cursor(start=100), after=None, end=False)
    assert (page.more, following) == (False, feed.Cursor(start=100))


def test_the_newest_time_is_kept_for_a_start_without_the_cursor() -> None:
    page, following = moved(feed.Cursor(start=100), ticket(1, 900), ticket(2, 901), after="abc", end=False)
    assert (page.more, following) == (True, feed.Cursor(start=901, cursor="abc"))
    assert feed.again(following) == feed.Cursor(start=901 - feed.OVERLAP_SECONDS)


def test_a_change_of_the_system_that_leaves_the_time_alone_has_another_version() -> None:
    page, _ = moved(feed.Cursor(start=100), ticket(1, 900), ticket(1, 950), after="abc", end=True)
    assert [one.version for one in page.changes] == ["2031-01-02T12:00:00Z/900", "2031-01-02T12:00:00Z/950"]


def test_a_cursor_that_is_not_ours_starts_anew() -> None:
    assert feed.parse("") is None
    assert feed.parse("2031-01-02") is None
