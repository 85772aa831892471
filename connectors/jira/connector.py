"""An open Jira account as the engine uses it."""

import re
from collections.abc import AsyncIterator, Awaitable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TypeVar

from pydantic import JsonValue, ValidationError

from connectors.jira import account, mapping, own_fields
from connectors.jira.client import JiraClient
from connectors.jira.config import JiraSettings
from connectors.jira.dialect import FORMS, PROPERTY, Dialect
from connectors.jira.feed import Feed
from connectors.jira.links import change_links
from connectors.jira.metadata import Metadata
from connectors.jira.payloads import FieldPayload, ServerInfo
from connectors.jira.reading import Reading
from connectors.jira.refusals import ADVICE, plain_json
from connectors.jira.showing import dialect_for
from connectors.jira.statuses import Statuses
from connectors.jira.work_logs import JiraWorkLogs
from connectors.kit.interface import Account, Capabilities, Change, ChangePage, FieldChange, SystemAccess, Written
from connectors.kit.links import TYPES, as_answer
from connectors.kit.multipart import FilePart
from model.errors import BadInput, LoginRejected, Misconfigured, NotFound, Refused
from model.item import Attachment, Comment, Fields, Item
from model.links import LINKS

WRITABLE = frozenset(
    {
        "summary", "description", "environment", "status", "priority", "type", "labels", "assignee", "reporter", "due", "parentId",
        *mapping.PARTS,
    }
)  # fmt: skip
CAPABILITIES = Capabilities(
    writable=WRITABLE,
    own_fields=True,
    status_by="transition",
    created_with_status=False,
    comments=frozenset({"internal", "edit", "delete"}),
    attachments=True,
    work_logs=True,
    links=True,
    exact_versions=True,
    search_lag=300.0,
    hooks=True,
    images="written",
    mentions="marked",
)
DEFAULT_ROLE = "Administrators"
Value = TypeVar("Value")

_KEY_IN_URL = re.compile(r"/(?:browse|issues)/([A-Za-z][A-Za-z0-9_]*-\d+)")


class JiraConnector:
    """One account on one site; holds nothing of a twin but facts that never change."""

    capabilities = CAPABILITIES

    def __init__(self, access: SystemAccess) -> None:
        self._name = access.name
        self._site = access.url
        self._client = JiraClient(access)
        self.work_logs = JiraWorkLogs(self._client)
        self._metadata = Metadata(self._client)
        self._statuses = Statuses(self._client, self._metadata)
        self._reading = Reading(self._client, self._metadata, self.work_logs)
        self._feed = Feed(self._client, self._metadata)
        self._roles: dict[str, str] = {}

    async def aclose(self) -> None:
        await self._client.aclose()

    async def check(self, settings: Mapping[str, JsonValue] | None) -> None:
        await self._check_account()
        if settings is None:
            return
        side = self._side(settings)
        try:
            project = await self._client.project(side.project)
        except NotFound as error:
            keys = ", ".join(sorted(one.key for one in await self._client.projects())) or "none"
            message = f"{self._name} shows its account no project {side.project!r} (it sees: {keys}); change the side's project"
            raise Misconfigured(message) from error
        if "type" in settings and side.type.casefold() not in {one.name.casefold() for one in project.issue_types}:
            types = ", ".join(repr(one.name) for one in project.issue_types)
            raise Misconfigured(f"project {side.project!r} has no issue type {side.type!r} (types: {types}); change the side's type")
        if "internal_role" in settings and project.roles and side.internal_role not in project.roles:
            roles = ", ".join(repr(one) for one in sorted(project.roles))
            raise Misconfigured(f"project {side.project!r} has no role {side.internal_role!r} (roles: {roles}); change internal_role")

    async def account(self, settings: Mapping[str, JsonValue] | None) -> Account:
        await self.check(settings)
        platform = f"{(await self._client.dialect()).title} {(await self._client.server_info()).version}"
        if settings is None:
            given = account.everywhere(await self._client.my_permissions(account.keys(account.EVERYWHERE)))
        else:
            side = self._side(settings)
            given = account.in_project(await self._client.my_permissions(account.keys(account.IN_PROJECT), side.project), side)
        return Account(name=account.name(await self._client.myself()), platform=platform, permissions=given)

    async def _check_account(self) -> None:
        try:
            answer = await self._client.raw_server_info()
        except NotFound as error:
            raise Misconfigured(f"{self._name}: no Jira at {self._site!r}; use the form {FORMS}") from error
        except Refused as error:
            raise LoginRejected(f"{self._name} does not let the account in; {ADVICE}") from error
        try:
            ServerInfo.model_validate(plain_json(answer))
        except ValidationError as error:
            raise Misconfigured(f"{self._name}: {self._site!r} does not answer as Jira does; use the form {FORMS}") from error
        await self._client.dialect()
        try:
            await self._client.myself()
        except Refused as error:
            raise LoginRejected(f"{self._name} does not let the account in; {ADVICE}") from error

    async def check_query(self, settings: Mapping[str, JsonValue], query: str) -> None:
        self._side(settings)
        if not query.strip():
            return
        try:
            errors = await self._client.query_errors(query)
        except Refused as error:
            raise BadInput(f"{self._name} does not accept the query {query!r}: {error}") from error
        if errors:
            raise BadInput(f"{self._name} does not accept the query {query!r}: {' '.join(errors)}")

    async def read(self, item_id: str) -> Item:
        return await self._reading.item(item_id)

    async def whereabouts(self, settings: Mapping[str, JsonValue], item: Item) -> str:
        """A project that has got another key is found by its old one."""
        project, named = item.fields["project"], self._side(settings).project
        if isinstance(project, dict) and await self._is_called(named, str(project["key"]), str(project["id"])) is False:
            return f"was moved to project {project['key']!r}"
        return ""

    async def _is_called(self, named: str, key: str, project_id: str) -> bool | None:
        """Whether the project of that key and id is the one that is `named`, by this key or a former one; None where no project is."""
        if key.casefold() == named.casefold():
            return True
        known = await self._metadata.project(named)
        return None if known is None else known.id == project_id

    async def find(self, settings: Mapping[str, JsonValue], key: str) -> Change:
        project = self._side(settings).project
        in_url = _KEY_IN_URL.search(key)
        wanted = in_url.group(1) if in_url else key.strip()
        if not re.fullmatch(r"\d+|[A-Za-z][A-Za-z0-9_]*-\d+", wanted):
            raise NotFound(f"{self._name}: {key!r} is not the key of an issue; use the form {project}-12")
        issue = await self._client.issue(wanted, "updated,project")
        home = issue.fields.project
        if home and not await self._is_called(project, home.key, home.id):
            raise NotFound(f"{self._name}: {issue.key} is in project {home.key!r}, but this side's project is {project!r}")
        return mapping.change(issue)

    async def create(self, settings: Mapping[str, JsonValue], fields: Fields, marker: str) -> Written:
        side = self._side(settings)
        wanted = mapping.sent_name("type", fields.get("type"))
        kind = (
            await self._metadata.issue_type(wanted, side.project) if wanted else await self._metadata.default_type(side.type, side.project)
        )
        rest = {name: value for name, value in fields.items() if name != "type"}
        sent, shown = await self._translated(rest, await self._client.dialect())
        named: Fields = {"project": {"key": side.project}, "issuetype": {"id": kind.id}}
        created = await self._telling(self._client.create_issue({**named, **sent}, marker))
        if wanted:
            shown["type"] = mapping.named(kind)
        certain = {name: value for name, value in shown.items() if name not in mapping.PARTS or not value}
        return Written(ref=mapping.ref(created.id, created.key, self._site), version="", fields=certain)

    async def update(self, item_id: str, fields: Fields, version: str = "") -> Written:
        del version
        if LINKS in fields:
            return await self._link(item_id, fields[LINKS])
        dialect = await dialect_for(self._client, item_id, fields.values())
        sent, _ = await self._translated(fields, dialect)
        issue = await self._telling(self._client.edit_issue(item_id, sent))
        if issue is None:
            issue = await self._client.issue(item_id, "*all", dialect.expand)
        if not fields.keys() <= self.capabilities.writable:
            issue = issue.model_copy(update={"names": await self._metadata.field_names()})
        after = dialect.showing(mapping.files(issue, self._site))
        shown = {name: value for name, value in mapping.hub_fields(issue, after).items() if name in fields}
        return Written(ref=mapping.ref(issue.id, issue.key, self._site), version=mapping.change(issue).version, fields=shown)

    async def _link(self, item_id: str, change: JsonValue) -> Written:
        await change_links(self._client, self._metadata, await self._client.issue(item_id, "issuelinks"), change)
        issue = await self._client.issue(item_id, "issuelinks,updated")
        shown: Fields = {LINKS: mapping.links(issue.fields.issuelinks)}
        return Written(ref=mapping.ref(issue.id, issue.key, self._site), version=mapping.change(issue).version, fields=shown)

    async def _translated(self, fields: Fields, dialect: Dialect) -> tuple[Fields, Fields]:
        """The fields as Jira takes them, and as Jira will show them, in hub shapes."""
        sent: Fields = {}
        shown: Fields = {}
        for name, value in fields.items():
            if name in self.capabilities.writable:
                sent[mapping.JIRA_NAMES.get(name, name)], shown[name] = await self._translate(name, value, dialect)
            else:
                field = await self._metadata.own_field(name)
                sent[field.id] = await self._own_value(field, value, dialect)
                if value is None or field.kind in own_fields.CERTAIN:
                    shown[name] = own_fields.shown(field, value, dialect)
        return sent, shown

    async def _telling(self, call: Awaitable[Value]) -> Value:
        """The call's answer; a refusal names the site's own fields as people do."""
        try:
            return await call
        except Refused as refused:
            if "customfield_" not in refused.message:
                raise
            names = await self._metadata.field_names()
            message = re.sub(r"customfield_\d+", lambda found: names.get(found[0], found[0]), refused.message)
            raise Refused(message, names.get(refused.field, refused.field)) from refused

    async def _own_value(self, field: FieldPayload, value: JsonValue, dialect: Dialect) -> JsonValue:
        if field.kind == "user":
            return await self._account(value, field.name)
        if field.kind == "array" and field.items == "user":
            return [await self._account(one, field.name) for one in (value if isinstance(value, list) else [value])]
        return own_fields.sent(field, value, dialect)

    async def _account(self, value: JsonValue, field: str) -> JsonValue:
        user = await self._metadata.user(value, field)
        return (await self._client.dialect()).account(user) if user else None

    async def _translate(self, name: str, value: JsonValue, dialect: Dialect) -> tuple[JsonValue, JsonValue]:
        match name:
            case "summary":
                summary = (mapping.sent_text(name, value) or "").strip()
                return summary, summary
            case "description" | "environment":
                document = dialect.document(mapping.sent_text(name, value))
                return document, dialect.text(document)
            case "due":
                due = mapping.sent_text(name, value)
                return due, due
            case "parentId":
                return await self._parent(value)
            case "labels":
                labels = mapping.sent_labels(value)
                return list[JsonValue](labels), mapping.labels(tuple(labels))
            case "priority" | "type":
                return await self._translate_option(name, value)
            case _ if name in mapping.PARTS:
                names = mapping.sent_names(name, value)
                return [{"name": one} for one in names], [{"name": one} for one in sorted(names)]
            case "assignee" | "reporter":
                user = await self._metadata.user(value, name)
                return ((await self._client.dialect()).account(user) if user else None), mapping.user(user)
            case _:
                raise Refused(f"{self._name} changes {name!r} by a transition only", name)

    async def _parent(self, value: JsonValue) -> tuple[JsonValue, JsonValue]:
        """The parent by its id or key; Refused if there is no such issue."""
        wanted = str(value) if isinstance(value, int) and not isinstance(value, bool) else mapping.sent_text("parentId", value)
        if not wanted:
            return None, None
        try:
            parent = await self._client.issue(wanted, "summary")
        except NotFound as absent:
            raise Refused(f"{self._name} has no issue {wanted!r} to be the parent; bring that under sync first", "parentId") from absent
        return {"id": parent.id}, parent.id

    async def _translate_option(self, name: str, value: JsonValue) -> tuple[JsonValue, JsonValue]:
        wanted = mapping.sent_name(name, value)
        if wanted is None:
            return None, None
        option = await (self._metadata.priority(wanted) if name == "priority" else self._metadata.issue_type(wanted))
        return {"name": option.name}, mapping.named(option)

    async def transition(self, item_id: str, status: str, version: str = "") -> Written:
        del version
        return await self._statuses.transition(item_id, status)

    async def way(self, settings: Mapping[str, JsonValue], item_id: str, status: str) -> tuple[str, ...]:
        return await self._statuses.way(self._side(settings), item_id, status)

    async def history(self, item_id: str, since: datetime) -> tuple[FieldChange, ...]:
        del item_id, since
        return ()

    async def find_by_marker(self, settings: Mapping[str, JsonValue], marker: str, since: datetime) -> Item | None:
        found = await self._feed.find_marker(self._side(settings).project, marker, since)
        return await self.read(found) if found else None

    async def add_comment(self, item_id: str, body: str, *, internal: bool, marker: str) -> Comment:
        dialect = await dialect_for(self._client, item_id, (body,))
        payload: dict[str, JsonValue] = {"body": dialect.document(body)}
        properties: list[JsonValue] = [{"key": PROPERTY, "value": {"marker": marker}}]
        if internal:
            project = await self._reading.project_of(item_id)
            if project.project_type_key == "service_desk":
                properties.append({"key": mapping.INTERNAL_PROPERTY, "value": {"internal": True}})
            else:
                role = self._roles.get(project.key, DEFAULT_ROLE)
                payload["visibility"] = {"type": "role", "value": role, "identifier": role}
        payload["properties"] = properties
        added = await self._client.add_comment(item_id, payload)
        self._reading.note_marker(added.id, marker)
        return mapping.comment(added, dialect, marker)

    async def find_comment(self, item_id: str, marker: str) -> Comment | None:
        return await self._reading.marked_comment(item_id, marker)

    def as_read(self, written: str) -> str:
        dialect = self._client.known_dialect
        return dialect.text(dialect.document(written)) or ""

    async def edit_comment(self, item_id: str, comment_id: str, body: str) -> Comment:
        before = await self._client.comment(item_id, comment_id)
        dialect = await dialect_for(self._client, item_id, (body,), before.body)
        payload: dict[str, JsonValue] = {"body": dialect.document(body)}
        if before.visibility:
            payload["visibility"] = before.visibility.model_dump(exclude_none=True)
        after = await self._client.edit_comment(item_id, comment_id, payload)
        return mapping.comment(after, dialect, mapping.comment(before, dialect).marker)

    async def delete_comment(self, item_id: str, comment_id: str) -> None:
        try:
            await self._client.delete_comment(item_id, comment_id)
        except NotFound:
            return

    def download(self, attachment: Attachment) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        return self._client.content(attachment.location)

    async def upload(self, item_id: str, attachment: Attachment, content: AsyncIterator[bytes], marker: str) -> Attachment:
        """Jira's attachments carry no marker; `find_attachment` goes by name and size."""
        del marker
        file = FilePart("file", attachment.filename, attachment.mimetype, attachment.size)
        return mapping.attachment(await self._client.attach(item_id, file, content), await self._client.dialect())

    async def find_attachment(self, item_id: str, marker: str, like: Attachment, others: Collection[str] = ()) -> Attachment | None:
        del marker
        me = (await self._metadata.myself()).identity
        issue = await self._client.issue(item_id, "attachment")
        same = [one for one in issue.fields.attachment if one.filename == like.filename and like.size in {0, one.size}]
        ours = [one for one in same if one.author and one.author.identity == me and one.id not in others]
        return mapping.attachment(ours[-1], await self._client.dialect()) if ours else None

    async def delete_attachment(self, item_id: str, attachment_id: str) -> None:
        del item_id
        try:
            await self._client.delete_attachment(attachment_id)
        except NotFound:
            return

    async def changes(self, settings: Mapping[str, JsonValue], cursor: str) -> ChangePage:
        return await self._feed.changes(self._side(settings).project, cursor)

    async def search(self, settings: Mapping[str, JsonValue], query: str, since: datetime | None) -> tuple[Change, ...]:
        try:
            return await self._feed.search(self._side(settings).project, query, since)
        except Refused as error:
            raise BadInput(f"{self._name} does not accept the query {query!r}: {error}") from error

    async def lookup(self, settings: Mapping[str, JsonValue], name: str, arguments: tuple[str | None, ...]) -> JsonValue:
        if name == "http":
            return await self._client.look(arguments)
        if name == TYPES:
            return as_answer(await self._metadata.link_types())
        side = self._side(settings)
        if name in {"create_version", "create_component"}:
            return await self._metadata.create_part(name.removeprefix("create_"), side.project, arguments)
        return await self._metadata.answer(side.project, side.type, name, arguments)

    def _side(self, settings: Mapping[str, JsonValue]) -> JiraSettings:
        """The side's settings, whose role is kept for the internal comments of the project."""
        side = JiraSettings.model_validate(dict(settings))
        self._roles[side.project.upper()] = side.internal_role
        return side
