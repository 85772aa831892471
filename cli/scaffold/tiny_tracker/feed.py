"""What changed since a cursor, which is the last revision that was handed out."""

from cli.scaffold.tiny_tracker import mapping
from cli.scaffold.tiny_tracker.client import TinyTrackerClient
from connectors.kit.interface import Change, ChangePage
from model.errors import BadInput, Refused


async def changes(client: TinyTrackerClient, board: str, cursor: str) -> ChangePage:
    """A platform that counts its changes misses none. One that keeps times must be asked for a little before the cursor again."""
    if not cursor.isdecimal():
        newest = await client.cards(board, {"newest": "true"})
        return ChangePage(changes=(), cursor=str(newest.last))
    page = await client.cards(board, {"after": int(cursor)})
    return ChangePage(changes=tuple(map(mapping.to_change, page.cards)), cursor=str(page.last), more=page.more)


async def matching(client: TinyTrackerClient, board: str, query: str) -> list[tuple[Change, float]]:
    """All cards that match, with the times of their last changes; BadInput in Tiny Tracker's words if it does not take the query."""
    found: list[tuple[Change, float]] = []
    after, more = 0, True
    while more:
        try:
            page = await client.cards(board, {"query": query, "after": after})
        except Refused as error:
            raise BadInput(f"{client.name} does not accept the query {query!r}: {error}") from error
        found += [(mapping.to_change(one), one.updated.timestamp()) for one in page.cards]
        after, more = page.last, page.more
    return found
