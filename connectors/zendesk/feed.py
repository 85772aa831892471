"""Which tickets changed, told by the cursor-based incremental export.

https://developer.zendesk.com/documentation/ticketing/managing-tickets/using-the-incremental-export-api/

The export leaves out the last minute, so that nothing that was slow to be committed is passed over, and has deleted tickets too. Its
cursor is a time and an id: tickets of one second are told one after the other. At the end without news it gives no cursor, and the one
before stays good. A cursor that Zendesk does not take any longer is replaced by a start from the newest time seen, less an overlap.
"""

from datetime import datetime

from pydantic import ValidationError

from connectors.kit.http import Parameters
from connectors.kit.interface import ChangePage
from connectors.zendesk.mapping import change
from connectors.zendesk.payloads import ExportPage
from model.frozen import Frozen

BACK_SECONDS = 600
OVERLAP_SECONDS = 120


class Cursor(Frozen):
    """Everything before `cursor` was told; where that is empty, everything before `start`, in seconds since 1970."""

    start: int
    cursor: str = ""


def parse(cursor: str) -> Cursor | None:
    """None for the empty one and for one that is not ours: the feed then starts from now."""
    try:
        return Cursor.model_validate_json(cursor)
    except ValidationError:
        return None


def begin(now: datetime) -> Cursor:
    """From now on, as far back as clocks may differ, and no later than the minute that Zendesk leaves out."""
    return Cursor(start=int(now.timestamp()) - BACK_SECONDS)


def parameters(at: Cursor) -> Parameters:
    return {"cursor": at.cursor} if at.cursor else {"start_time": at.start}


def again(at: Cursor) -> Cursor:
    """Where to go on without the cursor."""
    return Cursor(start=at.start - OVERLAP_SECONDS)


def advance(at: Cursor, page: ExportPage) -> ChangePage:
    newest = max((one.generated_timestamp or 0 for one in page.tickets), default=0)
    further = Cursor(start=max(at.start, newest), cursor=page.after_cursor or at.cursor)
    told = tuple(change(one) for one in page.tickets)
    more = not page.end_of_stream and page.after_cursor is not None
    return ChangePage(changes=told, cursor=further.model_dump_json(), more=more)
