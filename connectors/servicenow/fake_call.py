"""One call to the fake instance: who calls, what the REST layer checks first, and its form of a refusal.

https://www.servicenow.com/docs/r/api-reference/rest-api-explorer/c_RESTAPI.html
"""

import base64
import binascii
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from secrets import compare_digest
from time import time
from typing import cast

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import Response

from connectors.servicenow import fake_schema as schema
from connectors.servicenow.fake_query import BadQuery, matching, named_filters
from connectors.servicenow.fake_render import Json, View
from connectors.servicenow.fake_world import SECRET_TABLES, Row, User, World

NO_RECORD = "No Record found"
NO_RECORD_DETAIL = "Record doesn't exist or ACL restricts the record retrieval"
DEFAULT_LIMIT = 10_000
JSON_TYPES = ("application/json", "text/json")
_BY_SYS_ID = re.compile(r"sys_id(=|IN)[0-9a-f,]+")
"""What asks for records that are known, and is never behind."""


class Problem(Exception):
    """A refusal."""

    def __init__(self, status: int, message: str, detail: str | None = None, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.detail = detail
        self.headers = headers or {}

    def answer(self) -> Response:
        return answered({"error": {"message": self.message, "detail": self.detail}, "status": "failure"}, self.status, self.headers)


def no_record() -> Problem:
    return Problem(404, NO_RECORD, NO_RECORD_DETAIL)


def answered(content: JsonValue, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(content).encode(), status, headers, media_type="application/json;charset=UTF-8")


@dataclass(frozen=True)
class Call:
    world: World
    request: Request
    user: User

    @property
    def base(self) -> str:
        return f"{self.request.url.scheme}://{self.request.headers.get('host', self.request.url.netloc)}"

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def asked(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default)

    def is_set(self, name: str) -> bool:
        return self.asked(name) == "true"

    @property
    def table(self) -> str:
        """The table in the path; 400 where there is none of that name, 403 where the caller may read none of its rows."""
        name = self.path("table")
        if not schema.lineage(name):
            raise Problem(400, f"Invalid table {name}")
        if not self.can_read_table(name):
            raise Problem(403, "User Not Authorized", "Failed API level ACL Validation")
        return name

    @property
    def view(self) -> View:
        display = self.asked("sysparm_display_value", "false")
        if display not in {"true", "false", "all"}:
            display = "false"
        fields = tuple(one.strip() for one in self.asked("sysparm_fields").split(",") if one.strip())
        return View(self.world, self.user, self.base, display, not self.is_set("sysparm_exclude_reference_link"), fields)

    def query(self, table: str) -> str:
        """`sysparm_query`, and what is asked for in pairs of name and value."""
        pairs = {name: value for name, value in self.request.query_params.items() if not name.startswith("sysparm_")}
        return "^".join(one for one in (named_filters(self.world, table, pairs), self.asked("sysparm_query")) if one)

    def can_read_table(self, table: str) -> bool:
        if self.user.is_admin:
            return True
        if table in self.world.seed.unreadable:
            return False
        return table not in SECRET_TABLES or "reader" in self.user.seed.roles

    def can_read(self, table: str, row: Row) -> bool:
        """Without the role `itil` only what one called about, opened or is assigned; files and notes as what they belong to."""
        if table == "sys_journal_field" and self.world.seed.hides_journal and not self.user.is_admin:
            return False
        if table in {"sys_attachment", "sys_journal_field"}:
            owner = self.world.row("task", row.get("table_sys_id") or row.get("element_id", ""))
            return owner is None or self.can_read(*owner)
        if "task" not in schema.lineage(table) or self.user.is_admin or "itil" in self.user.seed.roles:
            return True
        return self.user.sys_id in {row.get("caller_id"), row["opened_by"], row["assigned_to"]}

    def row(self) -> tuple[str, Row]:
        found = self.world.row(self.table, self.path("sys_id"))
        if found is None or not self.can_read(*found):
            raise no_record()
        return found

    async def body(self) -> Json:
        """The object that was sent; of several only the first counts."""
        if not self.request.headers.get("content-type", "").startswith(JSON_TYPES):
            raise Problem(415, "Unsupported Media Type", "The endpoint does not support the format of the request body")
        try:
            content: object = json.loads(await self.request.body())
        except ValueError as error:
            raise Problem(400, "Exception while reading request", "The payload is not valid JSON.") from error
        several = cast("list[object]", content) if isinstance(content, list) else [content]
        first = several[0] if several else None
        if not isinstance(first, dict):
            raise Problem(400, "Exception while reading request", "The payload is not valid JSON.")
        return cast("Json", first)

    def page(self, table: str) -> tuple[list[tuple[str, Row]], dict[str, str]]:
        """One page of what matches `sysparm_query`, with its headers. The limit counts rows before access rules take some away."""
        query = self.query(table)
        lag = 0.0 if _BY_SYS_ID.fullmatch(query) else self.world.controls.lag_s
        try:
            found = matching(self.world, self.user, table, query, lag)
        except BadQuery as error:
            raise Problem(400, "Invalid query detected, please check query parameters", str(error)) from error
        limit = _number(self.asked("sysparm_limit"), DEFAULT_LIMIT)
        offset = _number(self.asked("sysparm_offset"), 0)
        headers: dict[str, str] = {}
        if not self.is_set("sysparm_no_count"):
            headers["X-Total-Count"] = str(len(found))
        links = self._links(len(found), limit, offset)
        if links and not self.is_set("sysparm_suppress_pagination_header"):
            headers["Link"] = ",".join(links)
        return [one for one in found[offset : offset + limit] if self.can_read(*one)], headers

    def _links(self, total: int, limit: int, offset: int) -> list[str]:
        last = max(0, (total - 1) // max(1, limit) * limit)
        places = [("first", 0)]
        if offset > 0:
            places.append(("prev", max(0, offset - limit)))
        if offset + limit < total:
            places.append(("next", offset + limit))
        places.append(("last", last))
        url = self.request.url.replace(netloc=self.request.headers.get("host", self.request.url.netloc))
        return [f'<{url.include_query_params(sysparm_offset=place)}>;rel="{relation}"' for relation, place in places]


Endpoint = Callable[[Call], Awaitable[Response]]


def endpoint(world: World, answer: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """`answer` for who logs in, with the headers that come with everything."""

    async def respond(request: Request) -> Response:
        try:
            user = _caller(world, request)
            if world.calls_left() < 0:
                raise too_many(world.seed.rate_limit)
            _acceptable(request)
            response = await answer(Call(world, request, user))
        except Problem as problem:
            response = problem.answer()
        if response.status_code != 401:
            response.headers["X-Is-Logged-In"] = "true"
            response.headers.update(_limits(world.seed.rate_limit))
        response.headers.append("Set-Cookie", f"JSESSIONID={world.options.user}-node-1; Path=/; HttpOnly")
        return response

    return respond


def rate_limited() -> Response:
    return too_many(100).answer()


def too_many(limit: int) -> Problem:
    """https://www.servicenow.com/docs/r/api-reference/rest-api-explorer/inbound-REST-API-rate-limiting.html"""
    detail = f"Rate limit of {limit} requests per hour for Table API exceeded"
    return Problem(429, "Rate limit exceeded", detail, {**_limits(limit), "Retry-After": "1"})


def _limits(limit: int) -> dict[str, str]:
    """The rule, and the end of the hour that it counts in."""
    return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Reset": str(int(time()) // 3600 * 3600 + 3600), "X-RateLimit-Rule": "Table API"}


def _caller(world: World, request: Request) -> User:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    found: User | None = None
    if scheme.lower() == "basic":
        found = _by_password(world, value)
    elif scheme.lower() == "bearer":
        found = world.users.get(world.tokens.get(value.strip(), "")) or _by_key(world, value.strip())
    elif (key := request.headers.get("x-sn-apikey")) is not None:
        found = _by_key(world, key)
    if found is None or not found.seed.active:
        headers = {"WWW-Authenticate": 'BASIC realm="Service-now"'}
        raise Problem(401, "User Not Authenticated", "Required to provide Auth information", headers)
    return found


def _by_key(world: World, key: str) -> User | None:
    """The account's API key; its secret is one, too."""
    known = (world.seed.api_key, world.options.secret)
    return world.users[world.options.user] if any(compare_digest(key.encode(), one.encode()) for one in known) else None


def _by_password(world: World, encoded: str) -> User | None:
    try:
        name, _, password = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    user = world.users.get(name)
    if user is None or not compare_digest(user.seed.secret.encode(), password.encode()):
        return None
    return user


def _acceptable(request: Request) -> None:
    wanted = [one.partition(";")[0].strip() for one in request.headers.get("accept", "*/*").split(",")]
    offered: Sequence[str] = ("*/*", "application/*", *JSON_TYPES)
    if not request.url.path.endswith("/file") and not any(one in offered for one in wanted):
        raise Problem(406, "Not Acceptable", "The endpoint does not support the response format specified in the request Accept header")


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() else default
