"""The feed's cursor, against listings made by hand."""

from datetime import UTC, datetime, timedelta

from connectors.redmine import feed
from connectors.redmine.client import PAGE
from connectors.redmine.payloads import IssuePage, IssuePayload, Named

NOON = datetime(2031, 1, 2, 12, tzinfo=UTC)
ANY = Named(id=1, name="Any")


def issue(number: int, seconds: int) -> IssuePayload:
    at = NOON + timedelta(seconds=seconds)
    return IssuePayload(id=number, project=ANY, tracker=ANY, status=ANY, priority=ANY, subject="S", created_on=NOON, updated_on=at)


def page(*issues: IssuePayload, total: int = 0) -> IssuePage:
    return IssuePage(issues=issues, total_count=total or len(issues))


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def cursor_of(text: str) -> feed.Cursor:
    cursor = feed.parse(text)
    assert cursor is not None
    return cursor


def test_the_newest_second_is_told_again_once_it_is_over_and_then_no_more() -> None:
    listed = page(issue(1, 0), issue(2, 4))
    first = feed.advance(feed.Cursor(since=NOON), listed, after(100))
    assert [one.version for one in first.changes] == ["2031-01-02T12:00:00Z", "2031-01-02T12:00:04Z~"]
    early = feed.advance(cursor_of(first.cursor), listed, after(101))
    assert [one.version for one in early.changes] == ["2031-01-02T12:00:00Z", "2031-01-02T12:00:04Z~"]
    settled = feed.advance(cursor_of(early.cursor), listed, after(103))
    assert [one.version for one in settled.changes] == ["2031-01-02T12:00:00Z", "2031-01-02T12:00:04Z"]
    assert cursor_of(settled.cursor) == feed.Cursor(since=after(5))
    assert feed.advance(cursor_of(settled.cursor), page(), after(104)).changes == ()


def test_our_clock_may_be_wrong_by_hours() -> None:
    for clock in (after(-7200), after(7200)):
        first = feed.advance(feed.Cursor(since=NOON), page(issue(1, 0)), clock)
        settled = feed.advance(cursor_of(first.cursor), page(issue(1, 0)), clock + timedelta(seconds=3))
        assert cursor_of(settled.cursor).since == after(1)


def test_slow_transactions_are_reached_by_the_overlap() -> None:
    moved = feed.advance(feed.Cursor(since=NOON), page(issue(1, 60)), after(60))
    assert cursor_of(moved.cursor).since == after(55)


def test_a_backlog_goes_on_at_the_last_second_seen() -> None:
    first = feed.advance(feed.Cursor(since=NOON), page(*(issue(n, n) for n in range(PAGE)), total=250), after(900))
    assert first.more
    assert cursor_of(first.cursor) == feed.Cursor(since=after(PAGE - 1))
    assert feed.since("sync", cursor_of(first.cursor))["updated_on"] == ">=2031-01-02T12:01:39Z"


def test_more_issues_in_one_second_than_fit_a_page_are_all_told() -> None:
    crowd = [issue(n, 0) for n in range(1, 251)]
    seen: set[str] = set()
    at = feed.Cursor(since=NOON)
    for _ in range(10):
        shown = feed.advance(at, page(*crowd[at.offset : at.offset + PAGE], total=len(crowd)), after(900))
        seen |= {one.id for one in shown.changes}
        at = cursor_of(shown.cursor)
        if not shown.more:
            break
    assert seen == {str(one.id) for one in crowd}
    assert at.offset == 0


def test_a_start_leaves_out_what_is_long_past() -> None:
    assert cursor_of(feed.start([issue(1, 0)], after(3600)).cursor) == feed.Cursor(since=after(1))
    assert cursor_of(feed.start([issue(1, 0)], after(1)).cursor).since == NOON
    assert cursor_of(feed.start([], after(1)).cursor).since.year == 1970


def test_a_cursor_that_is_not_ours_starts_anew() -> None:
    assert feed.parse("") is None
    assert feed.parse("2031-01-02") is None
