"""One call to the fake: who calls, what GitHub checks first, and the form of its answers."""

import base64
import binascii
import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast
from uuid import uuid4

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import Response

from connectors.github.fake_bodies import form_of
from connectors.github.fake_gql_cost import FREE, Cost
from connectors.github.fake_limits import ANONYMOUS, resource_of
from connectors.github.fake_proof import fault
from connectors.github.fake_render import Json, Renderer
from connectors.github.fake_state import Installation, Issue, Repository, State, User
from connectors.github.fake_world import Actor, World

T = TypeVar("T")

DOCS = "https://docs.github.com/rest"
VERSIONS = ("2022-11-28", "2026-03-10")
ENTERPRISE = "/api/v3"
ENTERPRISE_VERSION = "3.19.0"


class Problem(Exception):
    """An answer from 300 up, or of GraphQL, which answers 200 whatever happens, one that is errors only."""

    def __init__(self, status: int, message: str, errors: Sequence[JsonValue] = (), headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.headers = headers or {}

    def answer(self) -> Response:
        if self.status == 200:
            return json_answer({"errors": [*self.errors]}, 200, self.headers)
        body: Json = {"message": self.message, "documentation_url": DOCS, "status": str(self.status)}
        if self.errors:
            body["errors"] = [*self.errors]
        return json_answer(body, self.status, self.headers)


def invalid(resource: str, field: str, code: str = "invalid", message: str = "", value: JsonValue = None) -> Problem:
    """The usual 422."""
    fault: Json = {"resource": resource, "field": field, "code": code}
    if message:
        fault["message"] = message
    if value is not None:
        fault["value"] = value
    return Problem(422, "Validation Failed", [fault])


def not_found() -> Problem:
    return Problem(404, "Not Found")


def json_answer(content: JsonValue, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(content).encode(), status, headers, media_type="application/json; charset=utf-8")


@dataclass(frozen=True)
class Call:
    """`base` is the API address that the caller used, `web` the address of the pages. An app calls for an `installation` of its own.

    `cost` is that of a question of GraphQL.
    """

    world: World
    request: Request
    user: User
    base: str
    web: str
    body: Json
    installation: Installation | None = None
    cost: Cost = FREE

    @property
    def state(self) -> State:
        return self.world.state

    @property
    def actor(self) -> Actor:
        return Actor(self.user.login, self.base, self.web)

    @property
    def render(self) -> Renderer:
        return Renderer(self.state, self.base, self.web, newest=self.newest, form=form_of(self.request.headers.get("accept", "")))

    @property
    def is_server(self) -> bool:
        """Whether the caller takes the fake for an Enterprise Server."""
        return self.request.url.path.startswith("/api/")

    @property
    def newest(self) -> bool:
        """Whether the caller asked for the version that leaves out what the older one deprecates."""
        return self.request.headers.get("x-github-api-version") == VERSIONS[-1]

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def number(self, name: str) -> int:
        value = self.path(name)
        if not value.isdecimal():
            raise not_found()
        return int(value)

    def query(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default)

    def repository(self) -> Repository:
        """By owner and name, or by the id that GitHub puts into links."""
        if "repository" in self.request.path_params:
            identity = self.number("repository")
            found = next((one for one in self.state.repositories if one.id == identity), None)
        else:
            found = self.state.repository(f"{self.path('owner')}/{self.path('repo')}")
        if found is None or not self.sees(found):
            raise not_found()
        return found

    def sees(self, repository: Repository) -> bool:
        """A classic token sees private repositories by its scope only, an app those of who installed it."""
        if self.installation is not None and self.installation.owner.lower() != repository.owner.lower():
            return not repository.private
        return not repository.private or self.user.scopes is None or "repo" in self.user.scopes

    def issue(self) -> tuple[Repository, Issue]:
        repository, number = self.repository(), self.number("number")
        if not repository.has_issues:
            raise Problem(410, "Issues are disabled for this repo")
        if number in repository.moved:
            self._redirect(*repository.moved[number])
        if number in repository.deleted:
            raise Problem(410, "This issue was deleted")
        if number not in repository.issues:
            raise not_found()
        return repository, repository.issues[number]

    def _redirect(self, full_name: str, number: int) -> None:
        tail = self.request.url.path.partition(f"/issues/{self.path('number')}")[2]
        location = f"{self.base}/repos/{full_name}/issues/{number}{tail}"
        raise Problem(301 if self.request.method == "GET" else 307, "Moved Permanently", headers={"Location": location})

    def text(self, name: str, resource: str) -> str:
        value = self.body.get(name)
        if not isinstance(value, str):
            raise invalid(resource, name, "missing_field")
        return value

    def optional(self, name: str) -> str | None:
        value = self.body.get(name)
        return value if isinstance(value, str) else None

    def names(self, name: str) -> list[str]:
        """A list of names, or of objects with a name as labels may be."""
        value = self.body.get(name)
        if not isinstance(value, list):
            raise Problem(422, f"Invalid request.\n\nFor 'properties/{name}', {json.dumps(value)} is not an array.")
        found = [one.get("name") if isinstance(one, dict) else one for one in value]
        return [str(one) for one in found if one is not None]

    def size(self) -> int:
        return min(100, max(1, _number(self.query("per_page"), 30)))

    def page(self, items: Sequence[JsonValue], wrap: Callable[[list[JsonValue]], JsonValue] | None = None) -> Response:
        """One page by `per_page` and `page`, with a Link header."""
        return self.page_of(items, lambda one: one, wrap)

    def page_of(
        self, items: Sequence[T], show: Callable[[T], JsonValue], wrap: Callable[[list[JsonValue]], JsonValue] | None = None
    ) -> Response:
        """As `page`, of which only what is on it is shown."""
        size = self.size()
        number = max(1, _number(self.query("page"), 1))
        last = max(1, -(-len(items) // size))
        part = [show(one) for one in items[(number - 1) * size : number * size]]
        links: list[str] = []
        if number > 1:
            links += [self._link(number - 1, "prev")]
        if number < last:
            links += [self._link(number + 1, "next"), self._link(last, "last")]
        if number > 1:
            links += [self._link(1, "first")]
        return json_answer(wrap(part) if wrap else part, headers={"Link": ", ".join(links)} if links else None)

    def _link(self, number: int, relation: str) -> str:
        url = self.request.url.include_query_params(page=number)
        if "owner" in self.request.path_params and "repo" in self.request.path_params:
            named = f"/repos/{self.path('owner')}/{self.path('repo')}"
            url = url.replace(path=url.path.replace(named, f"/repositories/{self.repository().id}", 1))
        return f'<{url}>; rel="{relation}"'


Endpoint = Callable[[Call], Awaitable[Response]]


def endpoint(world: World, answer: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """`answer` behind what GitHub checks in every call, with the headers it gives to every answer."""

    async def respond(request: Request) -> Response:
        login, resource, counted, token = "", resource_of(request.url.path), False, {}
        try:
            call = await _call(world, request)
            login, token = call.user.login, _token(call.user)
            counted = not request.url.path.endswith(("/rate_limit", "/graphql"))
            if counted and not world.limits.take(login, resource):
                raise exceeded(call.user.id, resource)
            _require_grant(call)
            response = await answer(call)
        except Problem as problem:
            response = problem.answer()
        told = _conditional(request, response)
        if told.status_code == 304 and counted:
            world.limits.give_back(login, resource)
        limits = world.limits.headers(login, resource) if login else {"X-RateLimit-Limit": str(ANONYMOUS)}
        told.headers.update({**_common(request), **limits, **token})
        return told

    return respond


def exceeded(identity: int, resource: str = "core") -> Problem:
    """The primary limit, of which GraphQL tells as of other errors."""
    message = f"API rate limit exceeded for user ID {identity}. If you reach out to GitHub Support for help, please include the request ID."
    if resource == "graphql":
        return Problem(200, message, [{"type": "RATE_LIMITED", "message": message}])
    return Problem(403, message)


def rate_limited(world: World) -> Response:
    """What `reject_as` names: `primary`, or the secondary limit as `429` or as the 403 that it is otherwise."""
    headers = {**world.limits.headers("", "core"), "X-GitHub-Request-Id": str(uuid4()).upper()}
    kind = world.controls.reject_as
    if kind == "primary":
        problem = exceeded(1)
        problem.headers = {**headers, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 2)}
    else:
        message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        problem = Problem(429 if kind == "429" else 403, message, headers={**headers, "Retry-After": "1"})
    return problem.answer()


async def _call(world: World, request: Request) -> Call:
    if not request.headers.get("user-agent"):
        raise Problem(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.")
    version = request.headers.get("x-github-api-version", VERSIONS[0])
    if version not in VERSIONS:
        raise Problem(400, f"Invalid API version: {version!r}; supported: {', '.join(VERSIONS)}")
    authorization = request.headers.get("authorization", "")
    installation = world.state.app.installed(authorization.partition(" ")[2], world.clock.now())
    user = _app_user(world.state, request, installation) or _caller(world.state, authorization)
    web = f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"
    prefix = ENTERPRISE if f"{request.url.path}/".startswith(f"{ENTERPRISE}/") else ""
    return Call(world, request, user, web + prefix, web, await _body(request), installation)


def _app_user(state: State, request: Request, installation: Installation | None) -> User | None:
    """The app's own account, by an installation's token, or for calls of the app itself by its proof."""
    if installation is not None:
        granted = {name: installation.permissions.get(name, "none") for name in ("issues", "repository_hooks")}
        return state.app.bot.model_copy(update={"issues": granted["issues"], "webhooks": granted["repository_hooks"]})
    path = request.url.path.removeprefix(ENTERPRISE)
    if path != "/app" and not path.startswith("/app/"):
        return None
    wrong = fault(state.app, request.headers.get("authorization", "").partition(" ")[2])
    if wrong:
        raise Problem(401, wrong)
    return state.app.bot


def _caller(state: State, authorization: str) -> User:
    scheme, _, value = authorization.partition(" ")
    user: User | None = None
    match scheme.lower():
        case "bearer" | "token":
            user = state.by_token(value.strip())
        case "basic":
            user = _basic(state, value.strip())
        case "":
            raise Problem(401, "Requires authentication")
        case _:
            pass
    if user is None:
        raise Problem(401, "Bad credentials")
    return user


def _basic(state: State, value: str) -> User | None:
    try:
        login, _, token = base64.b64decode(value).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    user = state.by_token(token)
    return user if user is not None and login.lower() in {user.login.lower(), token} else None


async def _body(request: Request) -> Json:
    raw = await request.body()
    if not raw or request.method == "GET" or request.url.path.endswith("/markdown/raw"):
        return {}
    try:
        content: object = json.loads(raw)
    except ValueError as error:
        raise Problem(400, "Problems parsing JSON") from error
    if isinstance(content, list):
        return {"labels": content, "assignees": content}
    if not isinstance(content, dict):
        raise Problem(400, "Body should be a JSON object")
    return cast("Json", content)


def _require_grant(call: Call) -> None:
    """403 where a fine-grained token may not do that with issues."""
    enough = {"write", "read"} if call.request.method == "GET" else {"write"}
    if call.user.scopes is None and "/issues" in call.request.url.path and call.user.issues not in enough:
        raise Problem(403, f"Resource not accessible by {'integration' if call.installation else 'personal access token'}")
    if call.installation and call.request.url.path.removeprefix(ENTERPRISE) in {"/user", "/user/repos", "/user/issues", "/issues"}:
        raise Problem(403, "Resource not accessible by integration")


def _token(user: User) -> dict[str, str]:
    """What answers tell of the caller's token: of a classic one its scopes."""
    scopes = {} if user.scopes is None else {"X-OAuth-Scopes": ", ".join(user.scopes), "X-Accepted-OAuth-Scopes": "repo"}
    return {**scopes, "X-Accepted-GitHub-Permissions": "issues=write"}


def _common(request: Request) -> dict[str, str]:
    """What every answer has. Caches are to ask again each time, where GitHub would let them wait for a minute."""
    server = {"X-GitHub-Enterprise-Version": ENTERPRISE_VERSION} if request.url.path.startswith(f"{ENTERPRISE}/") else {}
    return {
        "Cache-Control": "private, max-age=0, must-revalidate",
        "Vary": "Accept, Authorization, Cookie, X-GitHub-OTP",
        "X-GitHub-Media-Type": "github.v3; format=json",
        "X-GitHub-Request-Id": str(uuid4()).upper(),
        "X-GitHub-Api-Version-Selected": request.headers.get("x-github-api-version", VERSIONS[0]),
        **server,
    }


def _conditional(request: Request, response: Response) -> Response:
    """With an ETag, and without a body where the caller has it."""
    if request.method not in {"GET", "HEAD"} or response.status_code != 200:
        return response
    etag = f'W/"{hashlib.sha256(bytes(response.body) + response.headers.get("link", "").encode()).hexdigest()}"'
    if etag.removeprefix("W/") in [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]:
        kept = {name: value for name, value in response.headers.items() if name.lower() not in {"content-length", "content-type"}}
        return Response(status_code=304, headers={**kept, "ETag": etag})
    response.headers["ETag"] = etag
    return response


def _number(value: str, default: int) -> int:
    return int(value) if value.isdecimal() else default
