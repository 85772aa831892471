"""Whole issues, with comments and work logs, as they are now."""

from collections.abc import Mapping, Sequence

from connectors.jira import mapping
from connectors.jira.client import PAGE, JiraClient
from connectors.jira.dialect import Dialect
from connectors.jira.metadata import Metadata, Recent
from connectors.jira.payloads import IssuePayload, ProjectPayload
from connectors.jira.work_logs import JiraWorkLogs
from connectors.kit.together import Together
from model.errors import NotFound
from model.item import Comment, Item


class Reading:
    """Reads issues, of a Cloud site together those that are asked for together; knows facts of them that never change."""

    def __init__(self, client: JiraClient, metadata: Metadata, work_logs: JiraWorkLogs) -> None:
        self._client = client
        self._metadata = metadata
        self._work_logs = work_logs
        self._issues = Together(self._issue, self._several, PAGE)
        self._markers = Recent[str | None]()
        self._projects = Recent[ProjectPayload]()

    async def item(self, id: str) -> Item:  # noqa: A002
        """The issue with all its comments, files and work logs."""
        dialect = await self._client.dialect()
        issue = await (self._issues.get(id) if dialect.reads_several else self._issue(id))
        dialect = dialect.showing(mapping.files(issue, self._client.site))
        if issue.fields.project:
            self._projects.put(issue.id, issue.fields.project)
        logs = await self._work_logs.of_issue(issue.id) if issue.fields.worklog.total else ()
        whole = mapping.item(issue, await self._comments(issue, dialect), self._client.site, dialect)
        return whole.model_copy(update={"work_logs": logs})

    async def _issue(self, id: str) -> IssuePayload:  # noqa: A002
        return await self._client.issue(id, "*all", (await self._client.dialect()).expand)

    async def _several(self, ids: Sequence[str]) -> Mapping[str, IssuePayload]:
        """By id; names of fields are not promised in answers of several issues."""
        found = await self._client.issues(ids, (await self._client.dialect()).expand)
        names = {} if all(issue.names for issue in found) else await self._metadata.field_names()
        return {issue.id: issue if issue.names else issue.model_copy(update={"names": names}) for issue in found if issue.id in ids}

    async def _comments(self, issue: IssuePayload, dialect: Dialect) -> tuple[Comment, ...]:
        """The comments with their markers, which an issue's answer lacks: asked for only if we may have set one that we do not know."""
        page = issue.fields.comment
        if page.total == 0:
            return ()
        me = (await self._metadata.myself()).identity
        unknown = any(one.author and one.author.identity == me and one.id not in self._markers for one in page.comments)
        if dialect.comments_in_issue and not unknown and len(page.comments) >= page.total:
            return tuple(mapping.comment(one, dialect, self._markers.get(one.id)) for one in page.comments)
        return await self._listed_comments(issue.id, dialect)

    async def _listed_comments(self, issue_id: str, dialect: Dialect) -> tuple[Comment, ...]:
        comments = tuple(mapping.comment(one, dialect) for one in await self._client.comments(issue_id))
        for one in comments:
            self.note_marker(one.id, one.marker)
        return comments

    def note_marker(self, comment_id: str, marker: str | None) -> None:
        """The comment carries that marker, which never changes."""
        self._markers.put(comment_id, marker)

    async def marked_comment(self, issue_id: str, marker: str) -> Comment | None:
        """The comment that carries the marker."""
        comments = await self._listed_comments(issue_id, await self._client.dialect())
        return next((one for one in comments if one.marker == marker), None)

    async def project_of(self, issue_id: str) -> ProjectPayload:
        """The project that the issue is in; NotFound if the account does not see it."""
        known = self._projects.get(issue_id)
        if known:
            return known
        project = (await self._client.issue(issue_id, "project")).fields.project
        if project is None:
            raise NotFound(f"{self._client.name} does not show the project of {issue_id}")
        self._projects.put(issue_id, project)
        return project
