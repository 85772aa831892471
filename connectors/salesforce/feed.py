"""Which records changed, told by SystemModstamp, which Salesforce keeps to the second and also moves for automated changes.

Three streams are followed, since neither a comment nor a file moves the stamp of its record: the records themselves, deleted ones included,
their comments, and files. Pages follow each other by stamp and id, so that records of one second are never skipped and records that change
while pages are read come again at the end. A transaction is seen when it ends but has the stamp of its writes, so each sweep reaches back
by `OVERLAP`, which is the longest that a call may take. No clocks are compared.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from connectors.kit.interface import Change, ChangePage
from connectors.salesforce import mapping, soql, triggers
from connectors.salesforce.client import Call, SalesforceClient, query_call
from connectors.salesforce.payloads import QueryPage, Row
from connectors.salesforce.shape import Shape
from model.frozen import Frozen

OVERLAP = timedelta(minutes=10)
PAGE = 200
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
STREAMS = ("items", "comments", "files")


class Position(Frozen):
    """Everything from `since` on is asked for, in pages; `at` and `id` are of the last record of the page before."""

    since: datetime
    at: datetime | None = None
    id: str = ""


Cursor = dict[str, Position]


class _Stored(Frozen):
    streams: dict[str, Position]


class Feed:
    """The questions to one org."""

    def __init__(self, client: SalesforceClient) -> None:
        self._client = client

    async def changes(self, shape: Shape, cursor: str, *, comments: bool = True) -> ChangePage:
        """One page of each stream, where there are comments at all; a cursor that cannot be read starts from now."""
        at = parse(cursor)
        streams = [one for one in STREAMS if comments or one != "comments"]
        if at is None:
            return await self._start(shape, streams)
        calls = [query_call(name, _soql(shape, name, at[name]), deleted=True) for name in streams]
        pages = await self._pages(calls)
        following = {name: advanced(at[name], pages[name]) for name in STREAMS}
        changes = [mapping.to_change(shape, one) for one in pages["items"].records]
        changes += [_of_comment(one) for one in pages["comments"].records if _belongs(shape, one["ParentId"])]
        changes += await self._of_files(shape, pages["files"].records)
        more = any(one.at is not None for one in following.values())
        return ChangePage(changes=tuple(changes), cursor=written(following), more=more)

    async def _start(self, shape: Shape, streams: Sequence[str]) -> ChangePage:
        pages = await self._pages([_newest(shape, name) for name in streams])
        cursor = {name: advanced(Position(since=BEGINNING), pages[name]) for name in STREAMS}
        return ChangePage(changes=(), cursor=written(cursor))

    async def _pages(self, calls: Sequence[Call]) -> dict[str, QueryPage]:
        """By stream; an empty one for a stream that was not asked for."""
        answers = await self._client.reading(calls)
        asked = {one.name: self._client.page(answers[one.name]) for one in calls}
        return {name: asked.get(name, QueryPage(total_size=0, done=True)) for name in STREAMS}

    async def _of_files(self, shape: Shape, rows: tuple[Row, ...]) -> list[Change]:
        """The records to which the files belong, as far as links tell; of a deleted file, the one that it was added to."""
        if not rows:
            return []
        documents = {str(one["ContentDocumentId"]): one for one in rows}
        condition = f"ContentDocumentId IN {soql.texts(documents)}"
        asked = soql.select("ContentDocumentId, LinkedEntityId", "ContentDocumentLink", condition)
        links = await self._client.rows(asked)
        told = {(str(one["LinkedEntityId"]), str(one["ContentDocumentId"])) for one in links}
        told |= {(str(one["FirstPublishLocationId"]), document) for document, one in documents.items() if one["FirstPublishLocationId"]}
        return [_of_child(item, documents[document]) for item, document in sorted(told) if _belongs(shape, item)]


def parse(cursor: str) -> Cursor | None:
    try:
        stored = _Stored.model_validate_json(cursor).streams
    except ValidationError:
        return None
    return stored if set(stored) == set(STREAMS) else None


def written(cursor: Mapping[str, Position]) -> str:
    return _Stored(streams=dict(cursor)).model_dump_json()


def advanced(position: Position, page: QueryPage) -> Position:
    """Where to go on after a page: behind its last record, or for a last page from a little before the newest one on."""
    if not page.records:
        newest = position.at
        return Position(since=max(position.since, newest - OVERLAP)) if newest else position
    last = page.records[-1]
    newest = mapping.moment(last["SystemModstamp"])
    if len(page.records) >= PAGE or not page.done:
        return Position(since=position.since, at=newest, id=str(last["Id"]))
    return Position(since=max(position.since, newest - OVERLAP))


def _soql(shape: Shape, stream: str, position: Position) -> str:
    scope = _scope(shape, stream)
    if position.at is None:
        place = f"SystemModstamp >= {soql.moment(position.since)}"
    else:
        at = soql.moment(position.at)
        place = f"(SystemModstamp > {at} OR (SystemModstamp = {at} AND Id > {soql.text(position.id)}))"
    return soql.select(_columns(shape, stream), _table(shape, stream), place, scope, order="SystemModstamp, Id", limit=PAGE)


def _newest(shape: Shape, stream: str) -> Call:
    scope = _scope(shape, stream)
    asked = soql.select("Id, SystemModstamp", _table(shape, stream), scope, order="SystemModstamp DESC, Id DESC", limit=1)
    return query_call(stream, asked, deleted=True)


def _scope(shape: Shape, stream: str) -> str:
    """Of posts, only texts: the feed also tells of tracked fields, which the record's own stamp does already."""
    return "Type = 'TextPost'" if _table(shape, stream) == "FeedItem" else ""


def _table(shape: Shape, stream: str) -> str:
    return {"items": shape.name, "comments": "CaseComment" if shape.is_case else "FeedItem", "files": "ContentVersion"}[stream]


def _columns(shape: Shape, stream: str) -> str:
    match stream:
        case "items":
            return triggers.columns(shape)
        case "comments":
            return "Id, ParentId, SystemModstamp, IsDeleted"
        case _:
            return "Id, ContentDocumentId, FirstPublishLocationId, SystemModstamp, IsDeleted"


def _belongs(shape: Shape, record_id: object) -> bool:
    return isinstance(record_id, str) and record_id.startswith(shape.prefix)


def _of_comment(row: Row) -> Change:
    return _of_child(str(row["ParentId"]), row)


def _of_child(item_id: str, row: Row) -> Change:
    """A change of a record that its own stamp does not tell of."""
    at = mapping.stamp(mapping.moment(row["SystemModstamp"]))
    gone = "-" if row.get("IsDeleted") is True else ""
    return Change(id=item_id, key=item_id, version=f"{at}/{gone}{row['Id']}")
