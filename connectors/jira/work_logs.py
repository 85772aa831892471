"""Work logs of Jira issues.

The marker of one that we wrote is an entity property in Cloud, and in Data Center, where work logs have none, an anchor at the end of its
words, which Jira does not show. https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/
"""

import re
from collections.abc import Collection
from datetime import UTC, datetime

from connectors.jira import mapping
from connectors.jira.client import JiraClient
from connectors.jira.dialect import PROPERTY, Dialect
from connectors.jira.payloads import WorklogPayload
from model.errors import NotFound
from model.item import Fields, Work, WorkLog

LEAST = 60
"""Jira takes no less than a minute."""
NOTHING: Fields = {"type": "doc", "version": 1, "content": []}
_ANCHOR = re.compile(r"\s*\{anchor:twinline-([a-z0-9:-]{1,80})\}\s*")


class JiraWorkLogs:
    """Those that are shown to a group or a role only are left where they are, since no other platform could keep them so."""

    def __init__(self, client: JiraClient) -> None:
        self._client = client

    async def of_issue(self, issue_id: str) -> tuple[WorkLog, ...]:
        dialect = await self._client.dialect()
        return tuple(to_work_log(one, dialect) for one in await self._client.worklogs(issue_id) if one.visibility is None)

    def as_read(self, work: Work) -> Work:
        dialect = self._client.known_dialect
        words = dialect.text(dialect.document(_ANCHOR.sub("", work.comment))) or ""
        return Work(started=_to_millisecond(work.started), spent=max(LEAST, work.spent), comment=words)

    async def add(self, item_id: str, work: Work, marker: str) -> WorkLog:
        dialect = await self._client.dialect()
        return to_work_log(await self._client.put_worklog(item_id, "", _payload(work, dialect, marker)), dialect, marker)

    async def find(self, item_id: str, marker: str, like: Work, others: Collection[str] = ()) -> WorkLog | None:
        del like, others
        return next((one for one in await self.of_issue(item_id) if one.marker == marker), None)

    async def edit(self, item_id: str, log_id: str, work: Work) -> WorkLog:
        dialect = await self._client.dialect()
        marker = to_work_log(await self._client.worklog(item_id, log_id), dialect).marker
        written = _payload(work, dialect, marker if dialect.marks_words else None)
        return to_work_log(await self._client.put_worklog(item_id, log_id, written), dialect, marker)

    async def delete(self, item_id: str, log_id: str) -> None:
        try:
            await self._client.delete_worklog(item_id, log_id)
        except NotFound:
            return


def to_work_log(payload: WorklogPayload, dialect: Dialect, known_marker: str | None = None) -> WorkLog:
    """`known_marker` stands in for the payload's own where it came without."""
    words, marker = payload.comment, mapping.marker({one.key: one.value for one in payload.properties})
    if dialect.marks_words and isinstance(words, str):
        found: list[str] = _ANCHOR.findall(words)
        words, marker = _ANCHOR.sub("", words), found[-1] if found else None
    return WorkLog(
        id=payload.id,
        started=payload.started,
        spent=payload.time_spent_seconds,
        comment=dialect.text(words) or "",
        author=mapping.user(payload.author),
        created=payload.created,
        updated=payload.updated,
        marker=marker or known_marker,
    )


def _payload(work: Work, dialect: Dialect, marker: str | None) -> Fields:
    """`started` takes milliseconds and an offset without colon, and nothing else."""
    words = dialect.document(_ANCHOR.sub("", work.comment))
    started = _to_millisecond(work.started)
    sent: Fields = {
        "started": f"{started:%Y-%m-%dT%H:%M:%S}.{started.microsecond // 1000:03d}+0000",
        "timeSpentSeconds": max(LEAST, work.spent),
    }
    if not dialect.marks_words:
        return {**sent, "comment": words or NOTHING, **({"properties": [{"key": PROPERTY, "value": {"marker": marker}}]} if marker else {})}
    anchor = f"{{anchor:twinline-{marker}}}" if marker else ""
    return {**sent, "comment": f"{words or ''}\n\n{anchor}".strip()}


def _to_millisecond(moment: datetime) -> datetime:
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)
