"""Which work items changed, told by the reporting revisions, whose token is a place in the organization's one sequence of changes.

Neither clocks nor equal times matter, and an item that changes while pages are read comes again further on. Only the start has a time, that
of Azure DevOps's own clock, from which the feed reaches back by `OVERLAP`.
https://learn.microsoft.com/rest/api/azure/devops/wit/reporting-work-item-revisions?view=azure-devops-rest-7.1
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import ValidationError

from connectors.azure_devops import mapping, triggers
from connectors.azure_devops.client import WHOLE_BATCH, AzureDevOpsClient
from connectors.azure_devops.payloads import Revision, RevisionBatch, WorkItemPayload
from connectors.kit.interface import Change, ChangePage
from model.errors import BadInput, NotFound, Refused
from model.frozen import Frozen

OVERLAP = timedelta(minutes=1)
PAGE = 500
NOTHING = "[System.Id] = 0"


class Cursor(Frozen):
    """Where the feed stands: at `token`, or at the time `since` where there is none. `talk` is the token of edited comments."""

    since: datetime
    token: str = ""
    talk: str = ""


class Feed:
    """The questions about many items of one organization."""

    def __init__(self, client: AzureDevOpsClient) -> None:
        self._client = client

    async def changes(self, project: str, cursor: str) -> ChangePage:
        """One page of what changed; a cursor that cannot be read starts from now."""
        at = parse(cursor)
        if at is None:
            now = (await self._client.query(project, triggers.wiql([NOTHING]), 1)).as_of
            return ChangePage(changes=(), cursor=Cursor(since=now).model_dump_json())
        try:
            page = await self._client.revisions(project, at.token, at.since - OVERLAP)
        except Refused:
            if not at.token:
                raise
            return ChangePage(changes=(), cursor=Cursor(since=at.since).model_dump_json(), more=True)
        newest = latest(page.values)
        changes = await self._told(newest)
        talk = RevisionBatch(continuation_token=at.talk)
        if page.is_last_batch:
            talk = await self._talk(project, at.talk or page.continuation_token)
        times = [found for one in page.values if (found := mapping.moment(one.fields.get(mapping.CHANGED)))]
        further = Cursor(since=max([at.since, *times]), token=page.continuation_token or at.token, talk=talk.continuation_token)
        more = not page.is_last_batch or not talk.is_last_batch
        return ChangePage(changes=(*changes, *edited(talk.values)), cursor=further.model_dump_json(), more=more)

    async def search(self, project: str, query: str, since: datetime | None) -> tuple[Change, ...]:
        """All items of the project that match, each with what the store has of it now; BadInput as in `check`."""
        wanted = triggers.condition(query)
        conditions = [f"({wanted})"] if wanted else []
        if since is not None:
            conditions.append(triggers.since(mapping.CHANGED, since))
        try:
            ids = await self._ids(project, conditions)
        except Refused as error:
            raise self._unaccepted(query, error) from error
        return tuple(mapping.change(one) for one in await self._read(ids))

    async def check(self, project: str, query: str) -> None:
        """BadInput in Azure DevOps's words if it does not accept the query."""
        wanted = triggers.condition(query)
        try:
            await self._client.query(project, triggers.wiql([f"({wanted})"] if wanted else []), 1)
        except Refused as error:
            raise self._unaccepted(query, error) from error

    def _unaccepted(self, query: str, error: Refused) -> BadInput:
        return BadInput(f"{self._client.name} does not accept the query {query[:200]!r}: {error}")

    async def find_marker(self, project: str, marker: str, since: datetime) -> str | None:
        """The id of the first item that our account created at or after `since` with the marker."""
        conditions = [f"[{mapping.CREATED_BY}] = @me", triggers.since(mapping.CREATED, since)]
        for one in await self._read(await self._ids(project, conditions)):
            if mapping.marker(one) == marker:
                return str(one.id)
        return None

    async def _ids(self, project: str, conditions: list[str]) -> list[int]:
        found: list[int] = []
        while True:
            text = triggers.wiql(conditions, found[-1] if found else 0)
            page = [one.id for one in (await self._client.query(project, text, PAGE)).work_items]
            found.extend(page)
            if len(page) < PAGE:
                return found

    async def _read(self, ids: Sequence[int]) -> list[WorkItemPayload]:
        found: list[WorkItemPayload] = []
        for start in range(0, len(ids), WHOLE_BATCH):
            found.extend(await self._client.work_items(ids[start : start + WHOLE_BATCH]))
        return found

    async def _told(self, newest: Sequence[Revision]) -> tuple[Change, ...]:
        """The revisions as changes, with the markers, which only the items themselves show."""
        alive = [one.id for one in newest if not one.deleted]
        read = {one.id: mapping.change(one) for one in await self._read(alive)}
        return tuple(read.get(one.id) or plain(one) for one in newest)

    async def _talk(self, project: str, token: str) -> RevisionBatch:
        """Edited comments, which raise no revision. Where they are not told, they are found when the item is read next."""
        if not token:
            return RevisionBatch()
        try:
            return await self._client.discussions(project, token)
        except (NotFound, Refused):
            return RevisionBatch()


def parse(cursor: str) -> Cursor | None:
    """None for the empty one and for one that is not ours."""
    try:
        return Cursor.model_validate_json(cursor)
    except ValidationError:
        return None


def latest(revisions: Sequence[Revision]) -> list[Revision]:
    """The last of each item, in the order in which they came."""
    found: dict[int, Revision] = {}
    for one in revisions:
        found.pop(one.id, None)
        found[one.id] = one
    return list(found.values())


def plain(revision: Revision) -> Change:
    return Change(id=str(revision.id), key=mapping.key(revision.id), version=str(revision.rev), deleted=revision.deleted)


def edited(revisions: Sequence[Revision]) -> tuple[Change, ...]:
    """Comments that were edited or deleted; one that was added is among the revisions."""
    found: list[Change] = []
    for one in revisions:
        about = one.comment_version_ref
        if about is not None and (about.version > 1 or about.is_deleted):
            version = f"{one.rev}/c{about.comment_id}.{about.version}"
            found.append(Change(id=str(one.id), key=mapping.key(one.id), version=version))
    return tuple(found)
