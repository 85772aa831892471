"""Redmine as the engine sees it."""

import re
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from pydantic import JsonValue

from connectors.kit import links as kit_links
from connectors.kit.interface import Account, Capabilities, Change, ChangePage, FieldChange, SystemAccess, Written
from connectors.redmine import account, feed, links, mapping, query, values
from connectors.redmine.answers import answer
from connectors.redmine.client import PAGE, RedmineClient
from connectors.redmine.config import settings_of
from connectors.redmine.metadata import Metadata
from connectors.redmine.payloads import IssuePayload
from connectors.redmine.refusals import Forbidden
from connectors.redmine.sweep import Sweep
from connectors.redmine.text import label, received, sent
from connectors.redmine.work_logs import RedmineWorkLogs
from model.errors import BadInput, Misconfigured, NotFound, Refused, Unavailable
from model.item import Attachment, Comment, Fields, Item
from model.links import LINKS

CAPABILITIES = Capabilities(
    writable=frozenset({"summary", "description", "status", "priority", "type", "assignee", "due"}),
    status_by="field",
    created_with_status=False,
    comments=frozenset({"internal", "edit", "delete"}),
    attachments=True,
    work_logs=True,
    links=True,
    exact_versions=False,
    search_lag=0.0,
    images="name",
)
_KEY = re.compile(r"#?(\d+)|https?://\S+/issues/(\d+)(?:[/?#.]\S*)?")


class RedmineConnector:
    """An open account of one Redmine."""

    capabilities = CAPABILITIES

    def __init__(self, access: SystemAccess) -> None:
        self._name = access.name
        self._url = access.url
        self._client = RedmineClient(access)
        self._metadata = Metadata(self._client)
        self.work_logs = RedmineWorkLogs(access.name, self._client, self._metadata)
        self._sweep = Sweep()

    async def check(self, settings: Mapping[str, JsonValue] | None) -> None:
        await self._client.myself()
        if settings is None:
            return
        side = settings_of(settings)
        try:
            project = await self._client.project(side.project)
        except (NotFound, Forbidden) as error:
            known = ", ".join(repr(one.identifier) for one in await self._client.projects()) or "none"
            message = f"{self._name}: no project {side.project!r} that Twinline's account may see (it sees: {known}); add it as a member"
            raise Misconfigured(message) from error
        if all(one.name != "issue_tracking" for one in project.enabled_modules):
            raise Misconfigured(f"{self._name}: project {side.project!r} has no issue tracking; switch that module on in its settings")
        if side.tracker and side.tracker.casefold() not in {one.name.casefold() for one in project.trackers}:
            known = ", ".join(repr(one.name) for one in project.trackers) or "none"
            raise Misconfigured(f"{self._name}: project {side.project!r} has no tracker {side.tracker!r} (trackers: {known})")

    async def account(self, settings: Mapping[str, JsonValue] | None) -> Account:
        await self.check(settings)
        me = await self._client.memberships_of_myself()
        found = Account(name=f"{me.firstname} {me.lastname} ({me.login})", platform="Redmine")
        if settings is None:
            return found
        project = await self._client.project(settings_of(settings).project)
        held = [role for one in me.memberships if one.project.id == project.id for role in one.roles]
        symbols = None if me.admin else {symbol for role in held for symbol in (await self._client.role(role.id)).permissions}
        given = account.permissions(symbols, {role.name for role in held}, project.identifier)
        return found.model_copy(update={"permissions": given})

    async def check_query(self, settings: Mapping[str, JsonValue], query: str) -> None:
        await self._matching(settings, query, None, limit=1)

    async def read(self, item_id: str) -> Item:
        await self._metadata.myself()
        issue = await self._issue(item_id)
        around = await self._surroundings(issue)
        logs = await self.work_logs.of_issue(item_id) if issue.spent_hours else ()
        item = mapping.to_item(issue, around).model_copy(update={"work_logs": logs})
        self._sweep.read(around.project.identifier, item_id, item.version)
        return item

    async def whereabouts(self, settings: Mapping[str, JsonValue], item: Item) -> str:
        project, named = item.fields["project"], settings_of(settings).project
        here = project["key"] if isinstance(project, dict) else named
        return "" if here == named else f"was moved to project {here!r}"

    async def find(self, settings: Mapping[str, JsonValue], key: str) -> Change:
        found = _KEY.fullmatch(key.strip())
        if found is None:
            raise NotFound(f"{self._name}: {key!r} names no issue; use its number, such as 17 or #17, or its address")
        project = await self._metadata.project(settings_of(settings).project)
        issue = await self._issue(found[1] or found[2])
        if issue.project.id != project.id:
            message = f"{self._name}: issue {key!r} belongs to project {issue.project.name!r}, not to {project.identifier!r}"
            raise NotFound(message)
        return feed.change(issue)

    async def create(self, settings: Mapping[str, JsonValue], fields: Fields, marker: str) -> Written:
        side = settings_of(settings)
        default: Fields = {"type": {"name": side.tracker}} if side.tracker else {}
        wanted: Fields = {"description": None, **default, **fields}
        if self._has_unknown_custom_field(fields):
            for one in (await self._client.issues(feed.newest_first(side.project))).issues:
                self._metadata.learn_custom_fields(one)
        options = await self._options(wanted, side.project)
        payload = values.to_payload(wanted, options, marker)
        issue = await self._client.create({"project_id": side.project, **payload})
        return await self._written(issue, {"status": None, **fields})

    async def update(self, item_id: str, fields: Fields, version: str = "") -> Written:
        del version
        if LINKS in fields:
            await links.change_links(self._client, await self._issue(item_id), fields[LINKS])
            return await self._written(await self._issue(item_id), fields)
        marker, project = None, None
        if not {"type", "assignee", "description"}.isdisjoint(fields) or self._has_unknown_custom_field(fields):
            issue = await self._issue(item_id)
            marker, project = received(issue.description)[1], str(issue.project.id)
        payload = values.to_payload(fields, await self._options(fields, project), marker)
        await self._client.update(item_id, payload)
        issue = await self._issue(item_id)
        compared = values.compare(fields, payload, issue, (await self._metadata.myself()).id)
        for name in compared.left_aside:
            raise self._left_aside(issue, name, fields[name])
        return await self._written(issue, {name: value for name, value in fields.items() if name not in compared.superseded})

    async def transition(self, item_id: str, status: str, version: str = "") -> Written:
        """Not needed by the engine, as status is a field here."""
        del version
        return await self.update(item_id, {"status": {"name": status}})

    async def way(self, settings: Mapping[str, JsonValue], item_id: str, status: str) -> tuple[str, ...]:
        del settings, item_id
        return (status,)

    async def history(self, item_id: str, since: datetime) -> tuple[FieldChange, ...]:
        del item_id, since
        return ()

    async def find_by_marker(self, settings: Mapping[str, JsonValue], marker: str, since: datetime) -> Item | None:
        project = settings_of(settings).project
        filters = feed.scope_filters(project) | {"description": f"~twinline:{marker}", "created_on": f">={mapping.second(since)}"}
        page = await self._client.issues({**filters, "limit": PAGE, "sort": "id:asc"})
        found = next((one for one in page.issues if received(one.description)[1] == marker), None)
        return await self.read(str(found.id)) if found else None

    async def add_comment(self, item_id: str, body: str, *, internal: bool, marker: str) -> Comment:
        await self._client.update(item_id, {"notes": sent(body, marker), "private_notes": internal})
        comment = await self.find_comment(item_id, marker)
        if comment is None:
            raise Refused(f"{self._name} did not keep the note on issue {item_id!r}; give Twinline's role 'Add notes'")
        if comment.internal != internal:
            await self._client.edit_journal(comment.id, "")
            raise Refused(f"{self._name} did not keep the note on issue {item_id!r} private; give Twinline's role 'Set notes as private'")
        return comment

    async def find_comment(self, item_id: str, marker: str) -> Comment | None:
        item = await self.read(item_id)
        return next((one for one in item.comments if one.marker == marker), None)

    def as_read(self, written: str) -> str:
        return received(sent(written, None))[0]

    async def edit_comment(self, item_id: str, comment_id: str, body: str) -> Comment:
        comment = await self._comment(item_id, comment_id)
        if comment is None:
            raise NotFound(f"{self._name}: comment {comment_id!r} of issue {item_id!r} is no longer there")
        await self._client.edit_journal(comment_id, sent(body, comment.marker))
        return comment.model_copy(update={"body": self.as_read(body)})

    async def delete_comment(self, item_id: str, comment_id: str) -> None:
        if await self._comment(item_id, comment_id) is None:
            return
        try:
            await self._client.edit_journal(comment_id, "")
        except NotFound:
            return

    def download(self, attachment: Attachment) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        return self._client.download(attachment.location)

    async def upload(self, item_id: str, attachment: Attachment, content: AsyncIterator[bytes], marker: str) -> Attachment:
        token = await self._client.upload(attachment.filename, content)
        file: dict[str, JsonValue] = {
            "token": token,
            "filename": attachment.filename,
            "content_type": attachment.mimetype,
            "description": label(marker),
        }
        await self._client.update(item_id, {"uploads": [file]})
        added = await self.find_attachment(item_id, marker, attachment)
        if added is None:
            raise Unavailable(f"{self._name} does not show the file {attachment.filename!r} on issue {item_id!r} yet")
        return added

    async def find_attachment(self, item_id: str, marker: str, like: Attachment, others: Collection[str] = ()) -> Attachment | None:
        del like, others
        item = await self.read(item_id)
        return next((one for one in item.attachments if one.marker == marker), None)

    async def delete_attachment(self, item_id: str, attachment_id: str) -> None:
        del item_id
        try:
            await self._client.delete_attachment(attachment_id)
        except NotFound:
            return

    async def changes(self, settings: Mapping[str, JsonValue], cursor: str) -> ChangePage:
        await self._metadata.myself()
        project = settings_of(settings).project
        at = feed.parse(cursor)
        if at is None:
            newest = await self._client.issues(feed.newest_first(project))
            logged = await self.work_logs.since(await self._metadata.project(project), None)
            return feed.noting(feed.start(newest.issues, datetime.now(UTC)), logged.newest)
        page = feed.noting(feed.advance(at, await self._client.issues(feed.since(project, at)), datetime.now(UTC)), at.logged)
        for one in page.changes:
            self._sweep.handed_out(project, one.id)
        return page if page.more else await self._with_unlisted(project, page, at.logged)

    async def _with_unlisted(self, project: str, page: ChangePage, last: int | None) -> ChangePage:
        """The page with what the listing of issues does not tell: issues on which time was logged, and if there is nothing, one in line."""
        logged = await self.work_logs.since(await self._metadata.project(project), last)
        found: list[Change] = []
        for item_id in logged.issues:
            try:
                issue = await self._issue(item_id)
            except NotFound:
                continue
            found.append(feed.change(issue).model_copy(update={"version": mapping.version_of(issue)}))
            self._sweep.read(project, item_id, found[-1].version)
        changes = (*page.changes, *found) or await self._swept(project)
        return feed.noting(page, logged.newest).model_copy(update={"changes": changes})

    async def search(self, settings: Mapping[str, JsonValue], query: str, since: datetime | None) -> tuple[Change, ...]:
        return tuple([feed.change(one) for one in await self._matching(settings, query, since, limit=None)])

    async def lookup(self, settings: Mapping[str, JsonValue], name: str, arguments: tuple[str | None, ...]) -> JsonValue:
        if name == "http":
            return await self._client.look(arguments)
        if name == kit_links.TYPES:
            return kit_links.as_answer(mapping.LINK_TYPES)
        return await answer(self._metadata, settings_of(settings), name, arguments)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _matching(
        self, settings: Mapping[str, JsonValue], text: str, since: datetime | None, *, limit: int | None
    ) -> tuple[IssuePayload, ...]:
        filters = query.parse(text)
        scope: dict[str, str | int] = {"project_id": settings_of(settings).project, "subproject_id": "!*"}
        if since is not None and "updated_on" not in filters:
            filters["updated_on"] = f">={mapping.second(since)}"
        await self._metadata.myself()
        found: list[IssuePayload] = []
        while True:
            paging = {"sort": "id:asc", "limit": limit or PAGE, "offset": len(found)}
            try:
                page = await self._client.issues({**filters, **scope, **paging})
            except Refused as error:
                raise BadInput(error.message) from error
            found += page.issues
            if limit is not None or not page.issues or len(found) >= page.total_count:
                return tuple(one for one in found if since is None or one.updated_on >= since.replace(microsecond=0))

    async def _swept(self, project: str) -> tuple[Change, ...]:
        """The next issue in line, if anything of it changed that the listing does not tell."""
        item_id = self._sweep.next(project)
        if item_id is None:
            return ()
        try:
            issue = await self._issue(item_id)
        except NotFound:
            self._sweep.forget(project, item_id)
            return ()
        version = mapping.version_of(issue)
        if not self._sweep.has_moved(project, item_id, version):
            return ()
        return (feed.change(issue).model_copy(update={"version": version}),)

    async def _issue(self, item_id: str) -> IssuePayload:
        try:
            issue = await self._client.issue(item_id)
        except Forbidden as error:
            raise NotFound(f"{self._name}: issue {item_id!r} is hidden from Twinline's account; make it a member of the project") from error
        self._metadata.learn_custom_fields(issue)
        return issue

    async def _surroundings(self, issue: IssuePayload) -> mapping.Surroundings:
        trackers = await self._metadata.trackers()
        return mapping.Surroundings(
            url=self._url,
            project=await self._metadata.project(str(issue.project.id)),
            people=await self._metadata.people(mapping.people_of(issue)),
            statuses=await self._metadata.statuses(),
            first_statuses=frozenset(one.default_status.id for one in trackers if one.default_status),
        )

    async def _written(self, issue: IssuePayload, fields: Fields) -> Written:
        self._metadata.learn_custom_fields(issue)
        shown = mapping.to_fields(issue, await self._surroundings(issue))
        return Written(
            ref=mapping.to_ref(issue, self._url),
            version=mapping.version_of(issue),
            fields={name: shown[name] for name in fields if name in shown},
        )

    def _left_aside(self, issue: IssuePayload, name: str, value: JsonValue) -> Refused:
        reason = "the role or the workflow does not allow it"
        if name == "status":
            allowed = ", ".join(repr(one.name) for one in issue.allowed_statuses) or "none"
            reason = f"from {issue.status.name!r} the workflow allows Twinline's role: {allowed}"
        wanted = values.part(value, "name") or values.part(value, "displayName") or value
        message = f"{self._name} left field {name!r} of issue #{issue.id} as it was, not {wanted!r}: {reason}; adapt Redmine or the rules"
        return Refused(message, name)

    async def _comment(self, item_id: str, comment_id: str) -> Comment | None:
        item = await self.read(item_id)
        return next((one for one in item.comments if one.id == comment_id), None)

    def _has_unknown_custom_field(self, fields: Fields) -> bool:
        return any(name not in values.ATTRIBUTES and self._metadata.custom_field(name) is None for name in fields)

    async def _options(self, fields: Fields, project: str | None) -> values.Options:
        """What the fields at hand need, and no call for the rest."""
        custom = {name: known for name in fields if (known := self._metadata.custom_field(name)) is not None}
        return values.Options(
            system=self._name,
            statuses=await self._metadata.statuses() if "status" in fields else (),
            priorities=tuple(one for one in await self._metadata.priorities() if one.active) if "priority" in fields else (),
            trackers=(await self._metadata.project(project)).trackers if "type" in fields and project else (),
            members=await self._metadata.members(project) if fields.get("assignee") and project else (),
            custom_fields=custom,
        )
