"""The calls to Jira's REST API, typed, one method each, in the dialect that the site speaks. Nothing is decided here."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from connectors.jira.dialect import DIALECTS, PROPERTY, Dialect
from connectors.jira.payloads import (
    AttachmentPayload,
    CommentPage,
    CommentPayload,
    CreatedPayload,
    CreateField,
    CreateFields,
    FieldPayload,
    HookPayload,
    IssuePayload,
    IssuesPayload,
    LinkTypePayload,
    LinkTypesPayload,
    MyPermissions,
    NamedPayload,
    ParsedQueries,
    PartPayload,
    PermissionPayload,
    ProjectPage,
    ProjectPayload,
    ScreenField,
    SearchPage,
    ServerInfo,
    StatusPayload,
    TransitionsPayload,
    TypePayload,
    TypeStatuses,
    UserPayload,
    WorkflowsPayload,
    WorklogPage,
    WorklogPayload,
)
from connectors.jira.pictures import Files
from connectors.jira.refusals import explain, reject_silent_logout
from connectors.kit import rest
from connectors.kit.http import Answer, Body, Http, Parameters
from connectors.kit.interface import SystemAccess
from connectors.kit.multipart import FilePart, form
from model.errors import Ambiguous, Misconfigured, Unavailable
from model.item import Fields

PAGE = 100
LONG_PAGE = 1000
SERVER_INFO = "/rest/api/2/serverInfo"

Model = TypeVar("Model", bound=BaseModel)
Element = TypeVar("Element")

_NAMED = TypeAdapter(tuple[NamedPayload, ...])
_FIELDS = TypeAdapter(tuple[FieldPayload, ...])
_TYPE_STATUSES = TypeAdapter(tuple[TypeStatuses, ...])
_TYPES = TypeAdapter(tuple[TypePayload, ...])
_USERS = TypeAdapter(tuple[UserPayload, ...])
_HOOKS = TypeAdapter(tuple[HookPayload, ...])
_ATTACHMENTS = TypeAdapter(tuple[AttachmentPayload, ...])


class JiraClient:
    """One account of one site. Who gives no user has a personal access token."""

    def __init__(self, access: SystemAccess) -> None:
        self.name = access.name
        self.site = access.url.rstrip("/")
        self._dialect: Dialect | None = None
        user, token = access.credentials.get("user", ""), access.credentials["token"]
        self._http = Http(
            access.name,
            access.url,
            {"Accept": "application/json"},
            explain(access.name),
            access.calls_per_second,
            (user, token) if user else None,
            access.quota_share,
        )
        if not user:
            self._http.identify(f"Bearer {token}")

    async def aclose(self) -> None:
        await self._http.aclose()

    async def look(self, question: tuple[str | None, ...]) -> JsonValue:
        """What a sync rule asks of the API itself."""
        return await rest.look(self._http, question)

    async def raw_server_info(self) -> Answer:
        """What the site says of itself, unparsed, for the first look at an address that may be anything."""
        answer = await self._http.get(SERVER_INFO)
        reject_silent_logout(self.name, answer)
        return answer

    async def server_info(self) -> ServerInfo:
        return self._parsed(ServerInfo, await self.raw_server_info())

    async def dialect(self) -> Dialect:
        """What the site speaks; Misconfigured if that is none of ours."""
        if self._dialect is None:
            told = (await self.server_info()).deployment_type
            if told not in DIALECTS:
                known = " nor ".join(one.title for one in DIALECTS.values())
                raise Misconfigured(f"{self.name} says that it is a {told!r} deployment of Jira, which is neither {known}; check its URL")
            self._dialect = DIALECTS[told].showing(Files(self.site))
        return self._dialect

    @property
    def known_dialect(self) -> Dialect:
        """The dialect, once the site was asked anything; Unavailable before."""
        if self._dialect is None:
            raise Unavailable(f"{self.name} was not asked yet which dialect of Jira it speaks; read an item first")
        return self._dialect

    async def myself(self) -> UserPayload:
        return self._parsed(UserPayload, await self._get("myself"))

    async def my_permissions(self, keys: Sequence[str], project: str = "") -> Mapping[str, PermissionPayload]:
        """What the account may do in the project, or in the site where none is named; by the keys, and maybe others."""
        wanted: Parameters = {"permissions": ",".join(keys), **({"projectKey": project} if project else {})}
        return self._parsed(MyPermissions, await self._get("mypermissions", wanted)).permissions

    async def project(self, key: str) -> ProjectPayload:
        return self._parsed(ProjectPayload, await self._get(f"project/{key}"))

    async def create_version(self, project: ProjectPayload, name: str, description: str) -> PartPayload:
        body: Fields = {"name": name, "description": description, "projectId": int(project.id)}
        return self._parsed(PartPayload, await self._write("POST", "version", body))

    async def create_component(self, project: ProjectPayload, name: str, description: str) -> PartPayload:
        body: Fields = {"name": name, "description": description, "project": project.key}
        return self._parsed(PartPayload, await self._write("POST", "component", body))

    async def projects(self) -> tuple[ProjectPayload, ...]:
        """Those that the account may see; in Cloud the first fifty."""
        return self._parsed(ProjectPage, await self._get((await self.dialect()).projects())).values

    async def priorities(self) -> tuple[NamedPayload, ...]:
        return self._listed(_NAMED, await self._get("priority"))

    async def resolutions(self) -> tuple[NamedPayload, ...]:
        return self._listed(_NAMED, await self._get("resolution"))

    async def fields(self) -> tuple[FieldPayload, ...]:
        return self._listed(_FIELDS, await self._get("field"))

    async def link_types(self) -> tuple[LinkTypePayload, ...]:
        return self._parsed(LinkTypesPayload, await self._get("issueLinkType")).issue_link_types

    async def add_link(self, kind: str, source: str, target: str) -> None:
        """`source` is what the outward name of the type says, such as the one that blocks."""
        await self._write("POST", "issueLink", {"type": {"name": kind}, "inwardIssue": {"id": source}, "outwardIssue": {"id": target}})

    async def delete_link(self, link_id: str) -> None:
        await self._write("DELETE", f"issueLink/{link_id}", None)

    async def statuses(self, project: str) -> tuple[StatusPayload, ...]:
        """Those that issues of the project can have, each once."""
        kinds = self._listed(_TYPE_STATUSES, await self._get(f"project/{project}/statuses"))
        return tuple({one.id: one for kind in kinds for one in kind.statuses}.values())

    async def issue_types(self) -> tuple[TypePayload, ...]:
        return self._listed(_TYPES, await self._get("issuetype"))

    async def create_fields(self, project: str, type_id: str) -> tuple[CreateField, ...]:
        path = f"issue/createmeta/{project}/issuetypes/{type_id}"
        return self._parsed(CreateFields, await self._get(path, {"maxResults": 200})).fields

    async def search_users(self, query: str) -> tuple[UserPayload, ...]:
        return self._listed(_USERS, await self._get("user/search", (await self.dialect()).users(query)))

    async def assignable(self, project: str, user: UserPayload) -> tuple[UserPayload, ...]:
        """That person among others, if issues of the project can be assigned to them."""
        wanted: Parameters = {"project": project, **(await self.dialect()).assignable(user)}
        return self._listed(_USERS, await self._get("user/assignable/search", wanted))

    async def user(self, key: str) -> UserPayload:
        return self._parsed(UserPayload, await self._get("user", (await self.dialect()).user(key)))

    async def issue(self, id_or_key: str, fields: str, expand: str = "") -> IssuePayload:
        parameters = {"fields": fields, "properties": PROPERTY, **({"expand": expand} if expand else {})}
        return self._parsed(IssuePayload, await self._get(f"issue/{id_or_key}", parameters))

    async def issues(self, ids: Sequence[str], expand: str) -> tuple[IssuePayload, ...]:
        """Those of up to 100 issues that there are and that the account may see, each with all its fields; in Cloud only."""
        wanted: Fields = {
            "issueIdsOrKeys": list[JsonValue](ids),
            "fields": ["*all"],
            "properties": [PROPERTY],
            "expand": list[JsonValue](expand.split(",")),
        }
        return self._parsed(IssuesPayload, await self._query("issue/bulkfetch", wanted)).issues

    async def create_issue(self, fields: Mapping[str, JsonValue], marker: str) -> CreatedPayload:
        payload: JsonValue = {"fields": dict(fields), "properties": [{"key": PROPERTY, "value": {"marker": marker}}]}
        return self._made(CreatedPayload, await self._write("POST", "issue", payload))

    async def edit_issue(self, issue_id: str, fields: Mapping[str, JsonValue]) -> IssuePayload | None:
        """The issue after the edit; None where the site does not return it."""
        answer = await self._write("PUT", f"issue/{issue_id}", {"fields": dict(fields)}, {"returnIssue": "true"})
        return self._made(IssuePayload, answer) if answer.status == 200 else None

    async def do_transition(self, issue_id: str, transition_id: str, fields: Fields) -> None:
        filled: Fields = {"fields": dict(fields)} if fields else {}
        await self._write("POST", f"issue/{issue_id}/transitions", {"transition": {"id": transition_id}, **filled})

    async def transition_screen(self, issue_id: str, transition_id: str) -> Mapping[str, ScreenField]:
        """The fields that the transition asks for, by id."""
        wanted: Parameters = {"expand": "transitions.fields", "transitionId": transition_id}
        shown = self._parsed(TransitionsPayload, await self._get(f"issue/{issue_id}/transitions", wanted)).transitions
        return {name: field for one in shown if one.id == transition_id for name, field in one.fields.items()}

    async def workflows(self, project_id: str, type_id: str) -> WorkflowsPayload:
        """How issues of the type go from status to status, for accounts that may look at it; in Cloud only."""
        wanted: Fields = {"projectAndIssueTypes": [{"projectId": project_id, "issueTypeId": type_id}]}
        return self._parsed(WorkflowsPayload, await self._query("workflows", wanted))

    async def comments(self, issue_id: str) -> tuple[CommentPayload, ...]:
        """All comments, oldest first, with their properties."""
        found: list[CommentPayload] = []
        while True:
            parameters: Parameters = {"startAt": len(found), "maxResults": PAGE, "orderBy": "created", "expand": "properties"}
            page = self._parsed(CommentPage, await self._get(f"issue/{issue_id}/comment", parameters))
            found.extend(page.comments)
            if not page.comments or len(found) >= page.total:
                return tuple(found)

    async def comment(self, issue_id: str, comment_id: str) -> CommentPayload:
        path = f"issue/{issue_id}/comment/{comment_id}"
        return self._parsed(CommentPayload, await self._get(path, {"expand": "properties"}))

    async def add_comment(self, issue_id: str, comment: Mapping[str, JsonValue]) -> CommentPayload:
        path = f"issue/{issue_id}/comment"
        return self._made(CommentPayload, await self._write("POST", path, dict(comment), {"expand": "properties"}))

    async def edit_comment(self, issue_id: str, comment_id: str, comment: Mapping[str, JsonValue]) -> CommentPayload:
        path = f"issue/{issue_id}/comment/{comment_id}"
        return self._made(CommentPayload, await self._write("PUT", path, dict(comment), {"expand": "properties"}))

    async def delete_comment(self, issue_id: str, comment_id: str) -> None:
        await self._write("DELETE", f"issue/{issue_id}/comment/{comment_id}", None)

    async def worklogs(self, issue_id: str) -> tuple[WorklogPayload, ...]:
        """All work logs that the account may see, with their properties."""
        found: list[WorklogPayload] = []
        while True:
            parameters: Parameters = {"startAt": len(found), "maxResults": LONG_PAGE, "expand": "properties"}
            page = self._parsed(WorklogPage, await self._get(f"issue/{issue_id}/worklog", parameters))
            found.extend(page.worklogs)
            if not page.worklogs or len(found) >= page.total:
                return tuple(found)

    async def worklog(self, issue_id: str, log_id: str) -> WorklogPayload:
        return self._parsed(WorklogPayload, await self._get(f"issue/{issue_id}/worklog/{log_id}", {"expand": "properties"}))

    async def put_worklog(self, issue_id: str, log_id: str, log: Fields) -> WorklogPayload:
        """Change that work log, or make one where no id is given; the estimate of what remains stays."""
        method, path = ("PUT", f"issue/{issue_id}/worklog/{log_id}") if log_id else ("POST", f"issue/{issue_id}/worklog")
        return self._made(WorklogPayload, await self._write(method, path, log, {"adjustEstimate": "leave", "expand": "properties"}))

    async def delete_worklog(self, issue_id: str, log_id: str) -> None:
        await self._write("DELETE", f"issue/{issue_id}/worklog/{log_id}", None, {"adjustEstimate": "leave"})

    def content(self, place: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes of a file, from where its dialect says they are."""
        return self._http.stream(place)

    async def attach(self, issue_id: str, file: FilePart, content: AsyncIterator[bytes]) -> AttachmentPayload:
        body, headers = form(file, content)
        path = f"issue/{issue_id}/attachments"
        answer = await self._http.write("POST", await self._path(path), body, headers={**headers, "X-Atlassian-Token": "no-check"})
        reject_silent_logout(self.name, answer)
        try:
            return _ATTACHMENTS.validate_json(answer.body)[0]
        except (ValidationError, IndexError) as error:
            raise self._unusable(answer) from error

    async def delete_attachment(self, attachment_id: str) -> None:
        await self._write("DELETE", f"attachment/{attachment_id}", None)

    async def search(self, jql: str, fields: Sequence[str], token: str | None = None, limit: int = PAGE) -> SearchPage:
        """One page of a search; the page after it is asked for with what its `following` says."""
        path, body = (await self.dialect()).search(jql, list[JsonValue](fields), token, limit)
        return self._parsed(SearchPage, await self._query(path, body))

    async def query_errors(self, jql: str) -> tuple[str, ...]:
        """What Jira says against a query, empty if nothing; Refused where it says so by an error."""
        path, body, parameters = (await self.dialect()).trial(jql)
        judged = self._parsed(ParsedQueries, await self._query(path, body, parameters))
        return tuple(error for query in judged.queries for error in query.errors)

    async def hooks(self) -> tuple[HookPayload, ...]:
        """The webhooks that administrators see."""
        answer = await self._http.get((await self.dialect()).hooks)
        reject_silent_logout(self.name, answer)
        return self._listed(_HOOKS, answer)

    async def put_hook(self, identity: str, hook: Fields) -> str:
        """Change that webhook, or make one where no id is given; its id."""
        place = (await self.dialect()).hooks
        method, path = ("PUT", f"{place}/{identity}") if identity else ("POST", place)
        answer = await self._http.write(method, path, Body(json=hook))
        reject_silent_logout(self.name, answer)
        return identity or self._made(HookPayload, answer).id

    async def delete_hook(self, identity: str) -> None:
        await self._http.write("DELETE", f"{(await self.dialect()).hooks}/{identity}")

    async def _path(self, rest: str) -> str:
        return f"{(await self.dialect()).api}/{rest}"

    async def _query(self, path: str, body: Fields, parameters: Parameters | None = None) -> Answer:
        answer = await self._http.query(await self._path(path), body, parameters)
        reject_silent_logout(self.name, answer)
        return answer

    async def _get(self, path: str, parameters: Parameters | None = None) -> Answer:
        answer = await self._http.get(await self._path(path), parameters)
        reject_silent_logout(self.name, answer)
        return answer

    async def _write(self, method: str, path: str, payload: JsonValue, parameters: Parameters | None = None) -> Answer:
        answer = await self._http.write(method, await self._path(path), Body(json=payload), parameters)
        reject_silent_logout(self.name, answer)
        return answer

    def _parsed(self, model: type[Model], answer: Answer) -> Model:
        try:
            return model.model_validate_json(answer.body)
        except ValidationError as error:
            raise Unavailable(f"{self.name}: {answer.url} did not answer as Jira does; check the system's URL") from error

    def _listed(self, adapter: TypeAdapter[Element], answer: Answer) -> Element:
        try:
            return adapter.validate_json(answer.body)
        except ValidationError as error:
            raise Unavailable(f"{self.name}: {answer.url} did not answer as Jira does; check the system's URL") from error

    def _made(self, model: type[Model], answer: Answer) -> Model:
        try:
            return model.model_validate_json(answer.body)
        except ValidationError as error:
            raise self._unusable(answer) from error

    def _unusable(self, answer: Answer) -> Ambiguous:
        return Ambiguous(f"{self.name} answered {answer.status} to a write at {answer.url} in a form that cannot be read")
