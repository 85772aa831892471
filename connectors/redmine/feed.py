"""Which issues changed, told by `updated_on`, which Redmine keeps to the second.

An issue of the newest second may change again within it, so that second is asked for until it is surely over; what is handed out of it
before has a version that ends in `~`. No clocks are compared: when the second was first seen it had begun, so `SETTLED_SECONDS` later by
our own clock it is over. The reach back by `OVERLAP` covers writes that were slow to be committed.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from connectors.kit.http import Parameters
from connectors.kit.interface import Change, ChangePage
from connectors.redmine.client import PAGE
from connectors.redmine.mapping import second
from connectors.redmine.payloads import IssuePage, IssuePayload
from connectors.redmine.text import received
from model.frozen import Frozen

SETTLED_SECONDS = 3.0
OVERLAP = timedelta(seconds=5)
SECOND = timedelta(seconds=1)
FRESH = timedelta(minutes=5)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Cursor(Frozen):
    """All issues from `since` on are asked for, leaving out the first `offset`; `newest` was seen first at `sighted`, by our clock.

    `logged` is the newest time entry that was seen.
    """

    since: datetime
    offset: int = 0
    newest: datetime | None = None
    sighted: float = 0.0
    logged: int | None = None


def scope_filters(project: str) -> dict[str, str | int]:
    """Issues of the project itself, open and closed; Redmine would add those of subprojects."""
    return {"project_id": project, "subproject_id": "!*", "status_id": "*"}


def newest_first(project: str) -> Parameters:
    return {**scope_filters(project), "sort": "updated_on:desc", "limit": 1}


def since(project: str, cursor: Cursor) -> Parameters:
    page = {"sort": "updated_on:asc,id:asc", "limit": PAGE, "offset": cursor.offset}
    return {**scope_filters(project), "updated_on": f">={second(cursor.since)}", **page}


def parse(cursor: str) -> Cursor | None:
    """None for the empty one and for one that is not ours: the feed then starts from now."""
    try:
        return Cursor.model_validate_json(cursor)
    except ValidationError:
        return None


def start(newest: Sequence[IssuePayload], now: datetime) -> ChangePage:
    """From now on, given the issue that changed last."""
    if not newest:
        cursor = Cursor(since=BEGINNING)
    elif now - newest[0].updated_on > FRESH:
        cursor = Cursor(since=newest[0].updated_on + SECOND)
    else:
        last = newest[0].updated_on
        cursor = Cursor(since=last, newest=last, sighted=now.timestamp())
    return ChangePage(changes=(), cursor=cursor.model_dump_json())


def noting(page: ChangePage, logged: int | None) -> ChangePage:
    """The page with a cursor that knows the newest time entry."""
    cursor = Cursor.model_validate_json(page.cursor).model_copy(update={"logged": logged})
    return page.model_copy(update={"cursor": cursor.model_dump_json()})


def advance(cursor: Cursor, page: IssuePage, now: datetime) -> ChangePage:
    """What a page brings, and where to ask next."""
    if not page.issues:
        return ChangePage(changes=(), cursor=cursor.model_copy(update={"offset": 0}).model_dump_json())
    newest = page.issues[-1].updated_on
    if cursor.offset + len(page.issues) < page.total_count:
        # Half a page of overlap: an issue that is edited meanwhile leaves its place, and the ones behind it move up.
        further = Cursor(since=newest) if newest > cursor.since else Cursor(since=newest, offset=cursor.offset + PAGE // 2)
        return ChangePage(changes=tuple(change(one) for one in page.issues), cursor=further.model_dump_json(), more=True)
    sighted = cursor.sighted if newest == cursor.newest else now.timestamp()
    if abs(now.timestamp() - sighted) >= SETTLED_SECONDS:
        return ChangePage(changes=tuple(change(one) for one in page.issues), cursor=Cursor(since=newest + SECOND).model_dump_json())
    further = Cursor(since=max(cursor.since, newest - OVERLAP), newest=newest, sighted=sighted)
    changes = tuple(change(one, "~" if one.updated_on == newest else "") for one in page.issues)
    return ChangePage(changes=changes, cursor=further.model_dump_json())


def change(issue: IssuePayload, suffix: str = "") -> Change:
    marker = received(issue.description)[1]
    return Change(id=str(issue.id), key=f"#{issue.id}", version=second(issue.updated_on) + suffix, marker=marker)
