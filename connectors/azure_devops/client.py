"""The calls to Azure DevOps's REST API 7.1, typed, one method each. Nothing is decided here."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote

from pydantic import BaseModel, JsonValue, ValidationError

from connectors.azure_devops.config import identities_url
from connectors.azure_devops.login import Login
from connectors.azure_devops.payloads import (
    CommentPage,
    CommentPayload,
    Evaluated,
    FieldList,
    FieldPayload,
    Identities,
    IdentityPayload,
    NodePayload,
    ProjectPayload,
    Projects,
    QueryResult,
    RevisionBatch,
    SubscriptionPayload,
    Subscriptions,
    TypeFieldPayload,
    TypePayload,
    Types,
    UpdatePayload,
    Updates,
    UploadedPayload,
    WorkItemPayload,
    WorkItems,
)
from connectors.azure_devops.refusals import explain, reject_sign_in_page
from connectors.kit import rest
from connectors.kit.http import Answer, Body, Http, Parameters
from connectors.kit.interface import SystemAccess
from model.errors import Ambiguous, LoginRejected, NotFound, Refused, Unavailable

VERSION = "7.1"
COMMENTS_VERSION = "7.1-preview.4"
PREVIEW = "7.1-preview.1"
PERMISSIONS_VERSION = "7.1-preview.2"
SUBSCRIPTIONS = "/_apis/hooks/subscriptions"
BATCH = 200
WHOLE_BATCH = 50
"""How many items are read at once with their long texts, which together have to fit into one answer."""
FEED_FIELDS = "System.Id,System.Rev,System.ChangedDate,System.IsDeleted,System.TeamProject"

Model = TypeVar("Model", bound=BaseModel)
Operations = list[dict[str, JsonValue]]
"""A JSON Patch document (RFC 6902), as far as work items understand it."""


class AzureDevOpsClient:
    """One account of one organization or collection."""

    def __init__(self, access: SystemAccess) -> None:
        self.name = access.name
        self.address = access.url.rstrip("/")
        self._access = access
        self._login = Login(access)
        self._header = ""
        self._http, self._people = self._opened()
        self._replaced: tuple[Http, ...] = ()

    async def aclose(self) -> None:
        for one in (self._http, self._people, *self._replaced):
            await one.aclose()

    def _opened(self) -> tuple[Http, Http]:
        """The doors to the organization and to its people."""
        access = self._access
        headers = {"Accept": "application/json", "X-TFS-FedAuthRedirect": "Suppress", "Authorization": self._header}
        told, pace = explain(access.name), access.calls_per_second
        people = Http(access.name, identities_url(access.url), headers, told, pace)
        return Http(access.name, access.url, headers, told, pace, quota_share=access.quota_share), people

    async def _signed_in(self) -> None:
        """Doors with a login that is good. Calls may be under way through those before, which are closed an hour later."""
        header = await self._login.header()
        if header == self._header:
            return
        for one in self._replaced:
            await one.aclose()
        self._header, self._replaced = header, (self._http, self._people)
        self._http, self._people = self._opened()

    async def look(self, question: tuple[str | None, ...]) -> JsonValue:
        """What a sync rule asks of the API itself."""
        await self._signed_in()
        return await rest.look(self._http, question)

    async def connection_data(self) -> Answer:
        """Who we are, unparsed, for the first look at an address that may be anything."""
        return await self._answered(lambda: self._http.get("/_apis/connectionData", {"api-version": PREVIEW}))

    async def projects(self) -> tuple[ProjectPayload, ...]:
        """The first hundred that the account sees."""
        return (await self._get(Projects, "/_apis/projects", {"$top": 100})).value

    async def project(self, name: str) -> ProjectPayload:
        """By name or id."""
        return await self._get(ProjectPayload, f"/_apis/projects/{_segment(name)}")

    async def types(self, project: str) -> tuple[TypePayload, ...]:
        """The project's work item types with their states and fields."""
        return (await self._get(Types, f"/{_segment(project)}/_apis/wit/workitemtypes")).value

    async def fields(self) -> tuple[FieldPayload, ...]:
        return (await self._get(FieldList, "/_apis/wit/fields")).value

    async def type_field(self, project: str, kind: str, field: str) -> TypeFieldPayload | None:
        """A field of a type with its allowed values; None where the type does not have it."""
        path = f"/{_segment(project)}/_apis/wit/workitemtypes/{_segment(kind)}/fields/{_segment(field)}"
        try:
            return await self._get(TypeFieldPayload, path, {"$expand": "allowedValues"})
        except NotFound:
            return None

    async def node(self, project: str, group: str, names: Sequence[str]) -> NodePayload | None:
        """The node of that path below the project's root; None where there is none. `group` is `Areas` or `Iterations`."""
        path = "/".join((group, *map(_segment, names)))
        try:
            return await self._get(NodePayload, f"/{_segment(project)}/_apis/wit/classificationnodes/{path}")
        except NotFound:
            return None

    async def may(self, namespace: str, bits: int, token: str) -> bool | None:
        """Whether the account has those permissions of a security namespace; None where our token may not ask for that."""
        path = f"/_apis/permissions/{namespace}/{bits}"
        try:
            found = await self._get(Evaluated, path, {"tokens": token, "api-version": PERMISSIONS_VERSION})
        except (LoginRejected, NotFound, Refused):
            return None
        return all(found.value)

    async def identities(self, parameters: Parameters) -> tuple[IdentityPayload, ...]:
        answer = await self._answered(lambda: self._people.get("/_apis/identities", {**parameters, "api-version": VERSION}))
        return tuple(one for one in self._parsed(Identities, answer).value if one is not None)

    async def work_item(self, item_id: str) -> WorkItemPayload:
        return await self._get(WorkItemPayload, f"/_apis/wit/workitems/{_segment(item_id)}", {"$expand": "all"})

    async def work_items(self, ids: Sequence[int], expand: str = "relations") -> tuple[WorkItemPayload, ...]:
        """Those of up to `WHOLE_BATCH` that the account may read, with their relations; with `all` as `work_item` gives one."""
        payload: JsonValue = {"ids": list[JsonValue](ids), "$expand": expand, "errorPolicy": "omit"}
        answer = await self._answered(lambda: self._http.query("/_apis/wit/workitemsbatch", payload, {"api-version": VERSION}))
        return tuple(one for one in self._parsed(WorkItems, answer).value if one is not None)

    async def is_in_recycle_bin(self, item_id: str) -> bool:
        try:
            await self._answered(lambda: self._http.get(f"/_apis/wit/recyclebin/{_segment(item_id)}", {"api-version": VERSION}))
        except NotFound:
            return False
        return True

    async def create(self, project: str, kind: str, operations: Operations) -> WorkItemPayload:
        return await self._patch("POST", f"/{_segment(project)}/_apis/wit/workitems/${_segment(kind)}", operations)

    async def update(self, item_id: str, operations: Operations) -> WorkItemPayload:
        return await self._patch("PATCH", f"/_apis/wit/workitems/{_segment(item_id)}", operations)

    async def updates(self, item_id: str, skip: int) -> tuple[UpdatePayload, ...]:
        """Up to `BATCH` steps of the history, oldest first."""
        path = f"/_apis/wit/workItems/{_segment(item_id)}/updates"
        return (await self._get(Updates, path, {"$top": BATCH, "$skip": skip})).value

    async def query(self, project: str, wiql: str, top: int) -> QueryResult:
        """Ids only; times in the query are exact."""
        parameters: Parameters = {"timePrecision": "true", "$top": top, "api-version": VERSION}
        path = f"/{_segment(project)}/_apis/wit/wiql"
        return self._parsed(QueryResult, await self._answered(lambda: self._http.query(path, {"query": wiql}, parameters)))

    async def revisions(self, project: str, token: str, since: datetime) -> RevisionBatch:
        """The latest revision of each item that changed after the token, or since that time where there is no token."""
        start = {"continuationToken": token} if token else {"startDateTime": since.isoformat()}
        wanted = {"includeDeleted": "true", "includeLatestOnly": "true", "fields": FEED_FIELDS, "$maxPageSize": BATCH}
        return await self._get(RevisionBatch, f"/{_segment(project)}/_apis/wit/reporting/workitemrevisions", {**start, **wanted})

    async def discussions(self, project: str, token: str) -> RevisionBatch:
        """What changed in comments after the token."""
        path = f"/{_segment(project)}/_apis/wit/reporting/workItemRevisions/discussions"
        return await self._get(RevisionBatch, path, {"continuationToken": token, "$maxPageSize": BATCH, "api-version": PREVIEW})

    async def comments(self, project: str, item_id: str) -> tuple[CommentPayload, ...]:
        """All comments, oldest first, deleted ones too."""
        found: list[CommentPayload] = []
        parameters: Parameters = {"$top": BATCH, "order": "asc", "includeDeleted": "true", "api-version": COMMENTS_VERSION}
        while True:
            page = await self._get(CommentPage, _comments(project, item_id), parameters)
            found.extend(page.comments)
            if not page.continuation_token:
                return tuple(found)
            parameters = {**parameters, "continuationToken": page.continuation_token}

    async def comment(self, project: str, item_id: str, comment_id: str) -> CommentPayload:
        path = f"{_comments(project, item_id)}/{_segment(comment_id)}"
        return await self._get(CommentPayload, path, {"api-version": COMMENTS_VERSION})

    async def add_comment(self, project: str, item_id: str, text: str) -> CommentPayload:
        answer = await self._write("POST", _comments(project, item_id), Body(json={"text": text}), COMMENTS_VERSION)
        return self._made(CommentPayload, answer)

    async def edit_comment(self, project: str, item_id: str, comment_id: str, text: str) -> CommentPayload:
        path = f"{_comments(project, item_id)}/{_segment(comment_id)}"
        return self._made(CommentPayload, await self._write("PATCH", path, Body(json={"text": text}), COMMENTS_VERSION))

    async def delete_comment(self, project: str, item_id: str, comment_id: str) -> None:
        await self._write("DELETE", f"{_comments(project, item_id)}/{_segment(comment_id)}", None, COMMENTS_VERSION)

    async def upload(self, project: str, filename: str, content: AsyncIterator[bytes]) -> UploadedPayload:
        """Store a file that belongs to nothing yet."""
        body = Body(content=content, content_type="application/octet-stream")
        answer = await self._write("POST", f"/{_segment(project)}/_apis/wit/attachments", body, VERSION, {"fileName": filename})
        return self._made(UploadedPayload, answer)

    @asynccontextmanager
    async def content(self, attachment_id: str, filename: str) -> AsyncGenerator[AsyncIterator[bytes]]:
        """The bytes of a file."""
        await self._signed_in()
        parameters: Parameters = {"fileName": filename, "download": "true", "api-version": VERSION}
        path = f"/_apis/wit/attachments/{_segment(attachment_id)}"
        async with self._http.stream(path, parameters, lambda answer: reject_sign_in_page(self.name, answer)) as pieces:
            yield pieces

    async def subscriptions(self) -> tuple[SubscriptionPayload, ...]:
        """The service hooks that call web addresses, as far as the account may see them."""
        return (await self._get(Subscriptions, SUBSCRIPTIONS, {"publisherId": "tfs", "consumerId": "webHooks"})).value

    async def create_subscription(self, wanted: dict[str, JsonValue]) -> SubscriptionPayload:
        return self._made(SubscriptionPayload, await self._write("POST", SUBSCRIPTIONS, Body(json=wanted), VERSION))

    async def put_subscription(self, identity: str, wanted: dict[str, JsonValue]) -> None:
        await self._write("PUT", f"{SUBSCRIPTIONS}/{_segment(identity)}", Body(json={**wanted, "id": identity}), VERSION)

    async def delete_subscription(self, identity: str) -> None:
        await self._write("DELETE", f"{SUBSCRIPTIONS}/{_segment(identity)}", None, VERSION)

    async def _get(self, model: type[Model], path: str, parameters: Parameters | None = None) -> Model:
        wanted: Parameters = {"api-version": VERSION, **(parameters or {})}
        return self._parsed(model, await self._answered(lambda: self._http.get(path, wanted)))

    async def _patch(self, method: str, path: str, operations: Operations) -> WorkItemPayload:
        body = Body(json=list[JsonValue](operations), content_type="application/json-patch+json")
        return self._made(WorkItemPayload, await self._write(method, path, body, VERSION, {"$expand": "all"}))

    async def _write(self, method: str, path: str, body: Body | None, version: str, more: Parameters | None = None) -> Answer:
        return await self._answered(lambda: self._http.write(method, path, body, {**(more or {}), "api-version": version}))

    async def _answered(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """The call's answer, which is Azure DevOps's own."""
        await self._signed_in()
        answer = await call()
        reject_sign_in_page(self.name, answer)
        return answer

    def _parsed(self, model: type[Model], answer: Answer) -> Model:
        try:
            return model.model_validate_json(answer.body)
        except ValidationError as error:
            message = f"{self.name}: {answer.url.partition('?')[0]} did not answer as Azure DevOps does; check the system's URL"
            raise Unavailable(message) from error

    def _made(self, model: type[Model], answer: Answer) -> Model:
        try:
            return model.model_validate_json(answer.body)
        except ValidationError as error:
            raise Ambiguous(f"{self.name} answered {answer.status} to a write in a form that cannot be read") from error


def _segment(text: str) -> str:
    return quote(text, safe="")


def _comments(project: str, item_id: str) -> str:
    return f"/{_segment(project)}/_apis/wit/workItems/{_segment(item_id)}/comments"
