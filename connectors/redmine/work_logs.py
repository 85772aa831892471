"""Spent time, which Redmine keeps as time entries: a day, hours to two places, and one line of plain words.

A day is told as its noon in UTC, which is the same day nearly everywhere. https://www.redmine.org/projects/redmine/wiki/Rest_TimeEntries
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time

from pydantic import JsonValue

from connectors.redmine.client import RedmineClient
from connectors.redmine.mapping import Person, person
from connectors.redmine.metadata import Metadata
from connectors.redmine.payloads import ProjectPayload, TimeEntryPayload
from connectors.redmine.refusals import Forbidden
from connectors.redmine.text import marked, plain, told
from model.errors import NotFound, Refused
from model.item import Work, WorkLog

COMMENT_LIMIT = 900
"""Redmine takes 1024 characters, the marker included."""
NOON = time(12, tzinfo=UTC)
_DAY = "%Y-%m-%d"
REMEDY = "switch on the module 'Time tracking' in its project, and give the account's role the permission 'Log spent time'"


@dataclass(frozen=True)
class Logged:
    """The ids of issues with new time entries, and of the newest entry."""

    issues: tuple[str, ...]
    newest: int


class RedmineWorkLogs:
    """The marker of a time entry that we wrote stands in brackets at the end of its words."""

    def __init__(self, name: str, client: RedmineClient, metadata: Metadata) -> None:
        self._name = name
        self._client = client
        self._metadata = metadata

    async def of_issue(self, issue_id: str) -> tuple[WorkLog, ...]:
        entries = await self._client.time_entries(issue_id)
        people = await self._metadata.people({one.user.id for one in entries})
        return tuple(to_work_log(one, people) for one in entries)

    async def since(self, project: ProjectPayload, last: int | None) -> Logged:
        """What was logged in the project itself after the entry `last`; nothing where that is None, or the account may not see it."""
        entries: list[TimeEntryPayload] = []
        try:
            while True:
                page = await self._client.newest_time(project.identifier, len(entries))
                entries += page.time_entries
                if last is None or len(entries) >= page.total_count or not page.time_entries or page.time_entries[-1].id <= last:
                    break
        except Forbidden:
            return Logged((), last or 0)
        fresh = [one for one in entries if last is not None and one.id > last and one.project.id == project.id and one.issue]
        issues = dict.fromkeys(str(one.issue.id) for one in reversed(fresh) if one.issue)
        return Logged(tuple(issues), max((one.id for one in entries), default=last or 0))

    def as_read(self, work: Work) -> Work:
        noon = datetime.combine(work.started.astimezone(UTC).date(), NOON)
        return Work(started=noon, spent=round(_hours(work.spent) * 3600), comment=plain(work.comment)[:COMMENT_LIMIT].rstrip())

    async def add(self, item_id: str, work: Work, marker: str) -> WorkLog:
        activity = await self._metadata.default_activity()
        if activity is None:
            raise Refused(f"{self._name} has no activity for spent time; add one (Administration, Enumerations)", "workLogs")
        payload = {"issue_id": int(item_id), "activity_id": activity, **_payload(self.as_read(work), marker)}
        try:
            entry = await self._client.log_time(payload)
        except Forbidden as error:
            raise Refused(f"{self._name} does not let Twinline's account log time on issue {item_id!r}; {REMEDY}", "workLogs") from error
        return to_work_log(entry, {})

    async def find(self, item_id: str, marker: str, like: Work, others: Collection[str] = ()) -> WorkLog | None:
        del like, others
        return next((one for one in await self.of_issue(item_id) if one.marker == marker), None)

    async def edit(self, item_id: str, log_id: str, work: Work) -> WorkLog:
        del item_id
        before = to_work_log(await self._client.time_entry(log_id), {})
        shown = self.as_read(work)
        await self._client.edit_time(log_id, _payload(shown, before.marker))
        return before.model_copy(update={"started": shown.started, "spent": shown.spent, "comment": shown.comment})

    async def delete(self, item_id: str, log_id: str) -> None:
        del item_id
        try:
            await self._client.delete_time(log_id)
        except NotFound:
            return


def to_work_log(entry: TimeEntryPayload, people: dict[int, Person]) -> WorkLog:
    words, marker = told(entry.comments)
    return WorkLog(
        id=str(entry.id),
        started=datetime.combine(entry.spent_on, NOON),
        spent=round(round(entry.hours, 2) * 3600),
        comment=words,
        marker=marker,
        author=person(entry.user, people),
        created=entry.created_on,
        updated=entry.updated_on,
    )


def _payload(work: Work, marker: str | None) -> dict[str, JsonValue]:
    return {"spent_on": work.started.strftime(_DAY), "hours": _hours(work.spent), "comments": marked(work.comment, marker)}


def _hours(seconds: int) -> float:
    """Redmine shows two places; less than that would be no time at all."""
    return max(0.01, round(seconds / 3600, 2))
