"""One call to the fake site: who calls, what they send, and Jira's form of a refusal."""

import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira.fake_hooks import emit
from connectors.jira.fake_render import Object, View
from connectors.jira.fake_state import Change, Issue, Project, Site, User

NO_ISSUE = "Issue does not exist or you do not have permission to see it."


class Problem(Exception):
    """A refusal in Jira's own form."""

    def __init__(self, status: int, *messages: str, errors: dict[str, str] | None = None) -> None:
        super().__init__(*messages)
        self.status = status
        self.messages = messages
        self.errors = errors or {}

    def response(self) -> Response:
        return JSONResponse({"errorMessages": list(self.messages), "errors": self.errors}, self.status)


@dataclass(frozen=True)
class Call:
    request: Request
    site: Site
    view: View
    payload: JsonValue

    @property
    def user(self) -> User:
        return self.view.viewer

    @property
    def hook_view(self) -> View:
        """Webhooks tell everything in the form of version 2."""
        return replace(self.view, version="2")

    @property
    def body(self) -> Object:
        """The JSON object that was sent; 400 for anything else."""
        if not isinstance(self.payload, dict):
            raise Problem(400, "Invalid request payload. Refer to the REST API documentation and try again.")
        return self.payload

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def asked(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default)

    def listed(self, name: str) -> list[str]:
        """A parameter that may be repeated or hold a comma-separated list."""
        return [part.strip() for value in self.request.query_params.getlist(name) for part in value.split(",") if part.strip()]

    def page(self, default: int, most: int) -> tuple[int, int]:
        """`startAt` and `maxResults`."""
        start, size = self.asked("startAt", "0"), self.asked("maxResults", str(default))
        if not start.isdigit() or not size.isdigit():
            raise Problem(400, "The values of startAt and maxResults must be numbers.")
        return int(start), min(int(size), most)

    def issue(self) -> Issue:
        issue = self.site.issue(self.path("issue"))
        if issue is None:
            raise Problem(404, NO_ISSUE)
        return issue

    def project(self, id_or_key: str) -> Project:
        found = next((one for one in self.site.projects.values() if one.called(id_or_key)), None)
        if found is None:
            raise Problem(404, f"No project could be found with key '{id_or_key}'.")
        return found

    def emit(self, event: str, issue: Issue, **extra: JsonValue) -> None:
        """Tell the webhooks; what a change of the issue changed becomes part of its history."""
        log = extra.get("changelog")
        if event == "jira:issue_updated" and isinstance(log, dict) and isinstance(items := log.get("items"), list):
            issue.history.append(Change(str(log["id"]), self.user.account_id, issue.updated, items))
        emit(self.view, event, issue, extra)


Endpoint = Callable[[Call], Awaitable[Response]]


def route(site: Site, methods: str, path: str, endpoint: Endpoint, *, anonymous: bool = False, root: str = "/rest/api/{version}") -> Route:
    """A route of the API in all its versions, for people who logged in."""

    async def answer(request: Request) -> Response:
        version = str(request.path_params.get("version", "2" if site.server else "3"))
        if version not in ({"2", "latest"} if site.server else {"2", "3", "latest"}):
            return Response("Not Found", 404)
        user = _user(site, request)
        if user is None and (not anonymous or "authorization" in request.headers):
            return _unauthorised(site, tried="authorization" in request.headers)
        view = View(site, user or next(iter(site.users.values())), str(request.base_url).rstrip("/"), "3" if version == "3" else "2")
        try:
            return await endpoint(Call(request, site, view, await _payload(request)))
        except Problem as problem:
            return problem.response()

    return Route(root + path, answer, methods=methods.split())


def _user(site: Site, request: Request) -> User | None:
    """In Data Center the token logs in by itself, too, as a personal access token."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and site.server:
        return next((one for one in site.users.values() if one.token == encoded), None)
    if scheme.lower() != "basic":
        return None
    try:
        name, _, token = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    user = site.user_named(name)
    return user if user and user.token == token else None


def _unauthorised(site: Site, *, tried: bool) -> Response:
    headers = {"WWW-Authenticate": 'OAuth realm="https%3A%2F%2Facme.atlassian.net"'}
    if tried:
        headers["X-Seraph-LoginReason"] = "AUTHENTICATED_FAILED"
    words = "Client must be authenticated to access this resource."
    problem: Object = {"message": words, "status-code": 401} if site.server else {"errorMessages": [words], "errors": {}}
    return JSONResponse(problem, 401, headers)


async def _payload(request: Request) -> JsonValue:
    kind = request.headers.get("content-type", "").partition(";")[0]
    if request.method == "GET" or kind == "multipart/form-data":
        return None
    body = await request.body()
    if not body:
        return None
    if kind != "application/json":
        raise Problem(415, "Unsupported Media Type")
    try:
        parsed: JsonValue = json.loads(body)
    except ValueError:
        raise Problem(400, "There was an error parsing JSON. Check that your request body is valid.") from None
    return parsed


def paged(call: Call, values: list[JsonValue], default: int = 50, most: int = 1000) -> Response:
    """One page in the form of most lists of the API."""
    start, size = call.page(default, most)
    last = start + size >= len(values)
    told: Object = {"self": str(call.request.url), "maxResults": size, "startAt": start, "total": len(values), "isLast": last}
    return JSONResponse({**told, "values": values[start : start + size]})


def require_place(call: Call) -> None:
    """400 where neither a project nor an issue is named, 404 where that is not there."""
    wanted, project = call.asked("issueKey") or call.asked("issueId"), call.asked("project")
    if not wanted and not project:
        raise Problem(400, "Either the project or the issueKey parameter must be provided.")
    if wanted and call.site.issue(wanted) is None:
        raise Problem(404, NO_ISSUE)
    if not wanted:
        call.project(project)


def number(value: JsonValue, default: int) -> int:
    return value if isinstance(value, int) else default


def texts(value: JsonValue) -> list[str]:
    """The texts of a list, or of a comma-separated text."""
    if isinstance(value, str):
        return [one.strip() for one in value.split(",") if one.strip()]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def object_in(value: Object, name: str) -> Object:
    """The object of that name, empty where there is none."""
    found = value.get(name)
    return dict(found) if isinstance(found, dict) else {}


def objects_in(value: JsonValue) -> list[Object]:
    """The objects of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
