"""Which issues changed, told by JQL.

JQL knows dates to the minute and reads them in the calling user's time zone, and the index behind it lags and is not monotonic
(https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/), so every question reaches back by `OVERLAP`.
"""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from connectors.jira import mapping
from connectors.jira.client import JiraClient
from connectors.jira.metadata import Metadata
from connectors.jira.payloads import IssuePayload
from connectors.kit.interface import Change, ChangePage
from model.errors import Refused
from model.frozen import Frozen

OVERLAP = timedelta(minutes=5)
FEED_FIELDS = ("updated", "project")

_ORDER_BY = re.compile(r"\border\s+by\b", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')


class Cursor(Frozen):
    """Where the feed stands: everything `since` then is asked for; `token` leads to the next page, `newest` is the last time seen."""

    since: datetime
    newest: datetime
    token: str = ""


class Feed:
    """The questions to the search of one site."""

    def __init__(self, client: JiraClient, metadata: Metadata) -> None:
        self._client = client
        self._metadata = metadata

    async def changes(self, project: str, cursor: str) -> ChangePage:
        """One page of what changed; a cursor that cannot be read starts from now."""
        at = _parse(cursor)
        if at is None:
            now = datetime.now(UTC)
            return ChangePage(changes=(), cursor=Cursor(since=now, newest=now).model_dump_json())
        reach = at.since - OVERLAP
        order = (await self._client.dialect()).order
        jql = f'project = "{project}" AND updated >= "{await self._minute(reach)}" ORDER BY {order}'
        try:
            page = await self._client.search(jql, FEED_FIELDS, at.token or None)
        except Refused:
            if not at.token:
                raise
            restarted = Cursor(since=at.since, newest=at.since)
            return ChangePage(changes=(), cursor=restarted.model_dump_json(), more=True)
        fresh = tuple(one for one in page.issues if one.fields.updated and one.fields.updated >= reach)
        newest = max((at.newest, *(one.fields.updated for one in fresh if one.fields.updated)))
        token = page.following or ""
        following = Cursor(since=at.since if token else newest, newest=newest, token=token)
        return ChangePage(changes=tuple(map(mapping.change, fresh)), cursor=following.model_dump_json(), more=bool(token))

    async def search(self, project: str, query: str, since: datetime | None) -> tuple[Change, ...]:
        """All issues of the project that match the query, on all pages."""
        clauses = [f'project = "{project}"']
        if wanted := without_order(query):
            clauses.append(f"({wanted})")
        if since:
            clauses.append(f'updated >= "{await self._minute(since)}"')
        issues = await self._all(f"{' AND '.join(clauses)} ORDER BY {(await self._client.dialect()).order}")
        return tuple(map(mapping.change, issues))

    async def find_marker(self, project: str, marker: str, since: datetime) -> str | None:
        """The id of the issue that was created with the marker, as far as the index knows it by now."""
        jql = f'project = "{project}" AND created >= "{await self._minute(since)}" ORDER BY created DESC'
        token: str | None = None
        while True:
            page = await self._client.search(jql, FEED_FIELDS, token)
            for issue in page.issues:
                if mapping.marker(issue.properties) == marker:
                    return issue.id
            token = page.following
            if not token:
                return None

    async def _all(self, jql: str) -> list[IssuePayload]:
        found: dict[str, IssuePayload] = {}
        token: str | None = None
        while True:
            page = await self._client.search(jql, FEED_FIELDS, token)
            found.update((one.id, one) for one in page.issues)
            token = page.following
            if not token:
                return list(found.values())

    async def _minute(self, at: datetime) -> str:
        return jql_minute(at, (await self._metadata.myself()).time_zone)


def jql_minute(at: datetime, zone: str) -> str:
    """The minute of `at` as a JQL date of that time zone, never later than `at` however Jira reads an hour that comes twice."""
    try:
        local = at.astimezone(ZoneInfo(zone))
    except ZoneInfoNotFoundError:
        local = at.astimezone(UTC) - timedelta(hours=12)
    earlier, later = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    if earlier is not None and later is not None and earlier > later:
        local = local.replace(tzinfo=None) - (earlier - later)
    return local.strftime("%Y-%m-%d %H:%M")


def without_order(query: str) -> str:
    """The query without its ORDER BY."""
    blanked = _QUOTED.sub(lambda found: "_" * len(found.group()), query)
    found = _ORDER_BY.search(blanked)
    return (query[: found.start()] if found else query).strip()


def _parse(cursor: str) -> Cursor | None:
    try:
        return Cursor.model_validate_json(cursor)
    except ValidationError:
        return None
