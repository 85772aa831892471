"""One call to the fake: who calls, what Zendesk checks first, and the form of its answers and pages."""

import base64
import binascii
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import parse_qsl
from uuid import uuid4

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import Response

from connectors.zendesk.fake_render import View
from connectors.zendesk.fake_state import Object, Ticket, User, World

PAGE = 100
DEEPEST = 10_000


class Problem(Exception):
    """An answer from 400 up."""

    def __init__(self, status: int, body: JsonValue, headers: dict[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body
        self.headers = headers or {}

    def answer(self) -> Response:
        return json_answer(self.body, self.status, self.headers)


def not_found() -> Problem:
    return Problem(404, {"error": "RecordNotFound", "description": "Not found"})


def invalid(details: dict[str, list[str]], error: str = "InvalidValue") -> Problem:
    """The usual 422: sentences by the property that they are about, `base` for what is about none."""
    said: Object = {name: [{"description": one, "error": error} for one in known] for name, known in details.items()}
    return Problem(422, {"error": "RecordInvalid", "description": "Record validation errors", "details": said})


def forbidden() -> Problem:
    return Problem(403, {"error": {"title": "Forbidden", "message": "You do not have access to this page."}})


def json_answer(content: JsonValue, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(content).encode(), status, headers, media_type="application/json; charset=utf-8")


@dataclass(frozen=True)
class Call:
    world: World
    request: Request
    user: User
    view: View
    body: Object

    def number(self, name: str = "id") -> int:
        value = str(self.request.path_params[name])
        if not value.isdecimal():
            raise not_found()
        return int(value)

    def several(self, name: str) -> list[str]:
        """Values of `name` and `name[]`, apart or with commas."""
        given = [*self.request.query_params.getlist(name), *self.request.query_params.getlist(f"{name}[]")]
        return [part for one in given for part in one.split(",") if part]

    def query(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default)

    def include(self) -> list[str]:
        return self.query("include").split(",")

    def ticket(self, name: str = "id") -> Ticket:
        found = self.world.tickets.get(self.number(name))
        if found is None or found.deleted is not None:
            raise not_found()
        return found

    def somebody(self, name: str = "id") -> User:
        found = self.world.users.get(self.number(name))
        if found is None:
            raise not_found()
        return found

    def part(self, name: str) -> Object:
        """The object `name` of the body; the vendor answers 400 where it is missing."""
        found = self.body.get(name)
        if not isinstance(found, dict):
            message = f"param is missing or the value is empty: {name}"
            raise Problem(400, {"error": "ParameterMissing", "description": message})
        return found

    def only(self, *roles: str) -> None:
        if self.user.role not in roles:
            raise forbidden()

    def page(self, name: str, rows: Sequence[JsonValue], more: Object | None = None) -> Response:
        """One page: by cursor where `page[size]` or `page[after]` is asked for, by offset otherwise."""
        parameters = self.request.query_params
        if "page[size]" in parameters or "page[after]" in parameters:
            return self._by_cursor(name, rows, more or {})
        size = min(PAGE, max(1, _number(parameters.get("per_page"), PAGE)))
        number = max(1, _number(parameters.get("page"), 1))
        if number * size > DEEPEST:
            message = "Pagination beyond 10000 records is not supported; use cursor pagination"
            raise Problem(400, {"error": "InvalidPaginationDepth", "description": message})
        last = number * size >= len(rows)
        return json_answer(
            {
                name: [*rows[(number - 1) * size : number * size]],
                **(more or {}),
                "next_page": None if last else str(self.request.url.include_query_params(page=number + 1)),
                "previous_page": str(self.request.url.include_query_params(page=number - 1)) if number > 1 else None,
                "count": len(rows),
            }
        )

    def _by_cursor(self, name: str, rows: Sequence[JsonValue], more: Object) -> Response:
        size = min(PAGE, max(1, _number(self.query("page[size]"), PAGE)))
        start = _place(self.query("page[after]"))
        end = start + size
        has_more = end < len(rows)
        after = _cursor(end) if rows[start:end] else None
        following = str(self.request.url.include_query_params(**{"page[after]": after})) if has_more else None
        meta: Object = {"has_more": has_more, "after_cursor": after, "before_cursor": _cursor(start) if start else None}
        return json_answer({name: [*rows[start:end]], **more, "meta": meta, "links": {"prev": None, "next": following}})


Endpoint = Callable[[Call], Awaitable[Response]]


def endpoint(world: World, answer: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """`answer` behind what Zendesk checks in every call, with the headers that it gives to every answer."""

    async def respond(request: Request) -> Response:
        left = world.allowed("calls", world.seed.calls)
        try:
            response = rate_limited() if left < 0 else await answer(await _call(world, request))
        except Problem as problem:
            response = problem.answer()
        limit, remaining = str(world.seed.calls), str(max(0, left))
        response.headers.update(
            {
                "X-Rate-Limit": limit,
                "X-Rate-Limit-Remaining": remaining,
                "ratelimit-limit": limit,
                "ratelimit-remaining": remaining,
                "ratelimit-reset": "60",
                "X-Zendesk-API-Version": "v2",
                "X-Request-Id": str(uuid4()),
            }
        )
        return response

    return respond


def rate_limited() -> Response:
    body = {"error": "APIRateLimitExceeded", "description": "Number of allowed API requests per minute exceeded"}
    return json_answer({**body}, 429, {"Retry-After": "1"})


def base_of(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"


def caller(world: World, authorization: str) -> User:
    """By API token with the e-mail address, or by OAuth access token; passwords are not taken any more."""
    scheme, _, value = authorization.partition(" ")
    user: User | None = None
    if scheme.lower() == "bearer":
        user = world.user_by_token(value.strip())
    elif scheme.lower() == "basic":
        user = _basic(world, value.strip())
    if user is None:
        raise Problem(401, {"error": "Couldn't authenticate you"}, {"WWW-Authenticate": 'Basic realm="Web Password"'})
    return user


async def _call(world: World, request: Request) -> Call:
    user = caller(world, request.headers.get("authorization", ""))
    return Call(world, request, user, View(world, base_of(request)), await read_body(request))


def _basic(world: World, value: str) -> User | None:
    try:
        login, _, token = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    email, _, kind = login.rpartition("/")
    known = world.user_by_token(token)
    return known if kind == "token" and known is not None and known.email.casefold() == email.casefold() else None


async def read_body(request: Request) -> Object:
    """The JSON object of a call, or the form that asks for a token; a file of whatever type is the endpoint's to read."""
    kind = request.headers.get("content-type", "")
    if request.url.path == "/oauth/tokens" and kind.startswith("application/x-www-form-urlencoded"):
        return {**dict(parse_qsl((await request.body()).decode()))}
    uploaded = request.url.path.endswith(("/uploads", "/uploads.json"))
    if request.method == "GET" or "json" not in kind or uploaded:
        return {}
    raw = await request.body()
    try:
        content = cast("JsonValue", json.loads(raw)) if raw else {}
    except ValueError as error:
        raise Problem(400, {"error": "InvalidJSON", "description": "The request body is not valid JSON"}) from error
    return content if isinstance(content, dict) else {}


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() else default


def _cursor(place: int) -> str:
    return base64.b64encode(json.dumps({"o": "id", "v": place}).encode()).decode()


def _place(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(json.loads(base64.b64decode(cursor))["v"])
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise Problem(400, {"errors": [{"code": "InvalidCursor", "title": "page[after] is not valid"}]}) from error
