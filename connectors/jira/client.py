"""The calls to Jira Cloud's REST API version 3, typed, one method each. Nothing is decided here."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from connectors.jira.payloads import (
    AttachmentPayload,
    CommentPage,
    CommentPayload,
    CreatedPayload,
    CreateField,
    CreateFields,
    FieldPayload,
    IssuePayload,
    NamedPayload,
    ParsedQueries,
    PartPayload,
    ProjectPage,
    ProjectPayload,
    SearchPage,
    StatusPayload,
    TypePayload,
    TypeStatuses,
    UserPayload,
)
from connectors.jira.refusals import explain, reject_silent_logout
from connectors.kit import rest
from connectors.kit.http import Answer, Body, Http, Parameters
from connectors.kit.interface import SystemAccess
from connectors.kit.multipart import FilePart, form
from model.errors import Ambiguous, Unavailable
from model.item import Fields

API = "/rest/api/3"
PROPERTY = "twinline"
PAGE = 100

Model = TypeVar("Model", bound=BaseModel)
Element = TypeVar("Element")

_NAMED = TypeAdapter(tuple[NamedPayload, ...])
_FIELDS = TypeAdapter(tuple[FieldPayload, ...])
_TYPE_STATUSES = TypeAdapter(tuple[TypeStatuses, ...])
_TYPES = TypeAdapter(tuple[TypePayload, ...])
_USERS = TypeAdapter(tuple[UserPayload, ...])
_ATTACHMENTS = TypeAdapter(tuple[AttachmentPayload, ...])


class JiraClient:
    """One account of one site."""

    def __init__(self, access: SystemAccess) -> None:
        self.name = access.name
        self._http = Http(
            access.name,
            access.url,
            {"Accept": "application/json"},
            explain(access.name),
            access.calls_per_second,
            (access.credentials["user"], access.credentials["token"]),
        )

    async def aclose(self) -> None:
        await self._http.aclose()

    async def look(self, question: tuple[str | None, ...]) -> JsonValue:
        """What a sync rule asks of the API itself."""
        return await rest.look(self._http, question)

    async def raw_myself(self) -> Answer:
        """`GET /myself` unparsed, for the first look at an address that may be anything."""
        return await self._get(f"{API}/myself")

    async def myself(self) -> UserPayload:
        return self._parsed(UserPayload, await self.raw_myself())

    async def project(self, key: str) -> ProjectPayload:
        return self._parsed(ProjectPayload, await self._get(f"{API}/project/{key}"))

    async def create_version(self, project: ProjectPayload, name: str, description: str) -> PartPayload:
        body: Fields = {"name": name, "description": description, "projectId": int(project.id)}
        return self._parsed(PartPayload, await self._http.write("POST", f"{API}/version", Body(json=body)))

    async def create_component(self, project: ProjectPayload, name: str, description: str) -> PartPayload:
        body: Fields = {"name": name, "description": description, "project": project.key}
        return self._parsed(PartPayload, await self._http.write("POST", f"{API}/component", Body(json=body)))

    async def projects(self) -> tuple[ProjectPayload, ...]:
        """The first fifty that the account may see."""
        return self._parsed(ProjectPage, await self._get(f"{API}/project/search")).values

    async def priorities(self) -> tuple[NamedPayload, ...]:
        return self._listed(_NAMED, await self._get(f"{API}/priority"))

    async def resolutions(self) -> tuple[NamedPayload, ...]:
        return self._listed(_NAMED, await self._get(f"{API}/resolution"))

    async def fields(self) -> tuple[FieldPayload, ...]:
        return self._listed(_FIELDS, await self._get(f"{API}/field"))

    async def statuses(self, project: str) -> tuple[StatusPayload, ...]:
        """Those that issues of the project can have, each once."""
        kinds = self._listed(_TYPE_STATUSES, await self._get(f"{API}/project/{project}/statuses"))
        return tuple({one.id: one for kind in kinds for one in kind.statuses}.values())

    async def issue_types(self) -> tuple[TypePayload, ...]:
        return self._listed(_TYPES, await self._get(f"{API}/issuetype"))

    async def create_fields(self, project: str, type_id: str) -> tuple[CreateField, ...]:
        path = f"{API}/issue/createmeta/{project}/issuetypes/{type_id}"
        return self._parsed(CreateFields, await self._get(path, {"maxResults": 200})).fields

    async def search_users(self, query: str) -> tuple[UserPayload, ...]:
        return self._listed(_USERS, await self._get(f"{API}/user/search", {"query": query}))

    async def assignable(self, project: str, account_id: str) -> tuple[UserPayload, ...]:
        """That account, if issues of the project can be assigned to it."""
        return self._listed(_USERS, await self._get(f"{API}/user/assignable/search", {"project": project, "accountId": account_id}))

    async def user(self, account_id: str) -> UserPayload:
        return self._parsed(UserPayload, await self._get(f"{API}/user", {"accountId": account_id}))

    async def issue(self, id_or_key: str, fields: str, expand: str = "") -> IssuePayload:
        parameters = {"fields": fields, "properties": PROPERTY, **({"expand": expand} if expand else {})}
        return self._parsed(IssuePayload, await self._get(f"{API}/issue/{id_or_key}", parameters))

    async def create_issue(self, fields: Mapping[str, JsonValue], marker: str) -> CreatedPayload:
        payload: JsonValue = {"fields": dict(fields), "properties": [{"key": PROPERTY, "value": {"marker": marker}}]}
        return self._made(CreatedPayload, await self._write("POST", f"{API}/issue", payload))

    async def edit_issue(self, issue_id: str, fields: Mapping[str, JsonValue]) -> IssuePayload | None:
        """The issue after the edit; None where the site does not return it."""
        answer = await self._write("PUT", f"{API}/issue/{issue_id}", {"fields": dict(fields)}, {"returnIssue": "true"})
        return self._made(IssuePayload, answer) if answer.status == 200 else None

    async def do_transition(self, issue_id: str, transition_id: str) -> None:
        await self._write("POST", f"{API}/issue/{issue_id}/transitions", {"transition": {"id": transition_id}})

    async def comments(self, issue_id: str) -> tuple[CommentPayload, ...]:
        """All comments, oldest first, with their properties."""
        found: list[CommentPayload] = []
        while True:
            parameters: Parameters = {"startAt": len(found), "maxResults": PAGE, "orderBy": "created", "expand": "properties"}
            page = self._parsed(CommentPage, await self._get(f"{API}/issue/{issue_id}/comment", parameters))
            found.extend(page.comments)
            if not page.comments or len(found) >= page.total:
                return tuple(found)

    async def comment(self, issue_id: str, comment_id: str) -> CommentPayload:
        path = f"{API}/issue/{issue_id}/comment/{comment_id}"
        return self._parsed(CommentPayload, await self._get(path, {"expand": "properties"}))

    async def add_comment(self, issue_id: str, comment: Mapping[str, JsonValue]) -> CommentPayload:
        path = f"{API}/issue/{issue_id}/comment"
        return self._made(CommentPayload, await self._write("POST", path, dict(comment), {"expand": "properties"}))

    async def edit_comment(self, issue_id: str, comment_id: str, comment: Mapping[str, JsonValue]) -> CommentPayload:
        path = f"{API}/issue/{issue_id}/comment/{comment_id}"
        return self._made(CommentPayload, await self._write("PUT", path, dict(comment), {"expand": "properties"}))

    async def delete_comment(self, issue_id: str, comment_id: str) -> None:
        await self._write("DELETE", f"{API}/issue/{issue_id}/comment/{comment_id}", None)

    def content(self, attachment_id: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes of a file; Jira sends the caller on to its media store."""
        return self._http.stream(f"{API}/attachment/content/{attachment_id}")

    async def attach(self, issue_id: str, file: FilePart, content: AsyncIterator[bytes]) -> AttachmentPayload:
        body, headers = form(file, content)
        path = f"{API}/issue/{issue_id}/attachments"
        answer = await self._http.write("POST", path, body, headers={**headers, "X-Atlassian-Token": "no-check"})
        reject_silent_logout(self.name, answer)
        try:
            return _ATTACHMENTS.validate_json(answer.body)[0]
        except (ValidationError, IndexError) as error:
            raise self._unusable(answer) from error

    async def delete_attachment(self, attachment_id: str) -> None:
        await self._write("DELETE", f"{API}/attachment/{attachment_id}", None)

    async def search(self, jql: str, fields: Sequence[str], token: str | None = None, limit: int = PAGE) -> SearchPage:
        """One page of the enhanced search; the page after it is asked for with its `next_page_token`."""
        payload: dict[str, JsonValue] = {"jql": jql, "fields": list(fields), "properties": [PROPERTY], "maxResults": limit}
        if token:
            payload["nextPageToken"] = token
        answer = await self._http.query(f"{API}/search/jql", payload)
        reject_silent_logout(self.name, answer)
        return self._parsed(SearchPage, answer)

    async def query_errors(self, jql: str) -> tuple[str, ...]:
        """What Jira says against a query, empty if nothing."""
        answer = await self._http.query(f"{API}/jql/parse", {"queries": [jql]}, {"validation": "strict"})
        reject_silent_logout(self.name, answer)
        return tuple(error for query in self._parsed(ParsedQueries, answer).queries for error in query.errors)

    async def _get(self, path: str, parameters: Parameters | None = None) -> Answer:
        answer = await self._http.get(path, parameters)
        reject_silent_logout(self.name, answer)
        return answer

    async def _write(self, method: str, path: str, payload: JsonValue, parameters: Parameters | None = None) -> Answer:
        answer = await self._http.write(method, path, Body(json=payload), parameters)
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
