"""One call to the fake Redmine, and the form of its answers."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.redmine.fake_world import Object, User


@dataclass(frozen=True)
class Call:
    request: Request
    user: User | None

    @property
    def base(self) -> str:
        return str(self.request.base_url).rstrip("/")

    @property
    def include(self) -> list[str]:
        return self.request.query_params.get("include", "").split(",")

    @property
    def number(self) -> int:
        """The id in the path; 0, which is nobody's, where it is not a number."""
        text = str(self.request.path_params["id"])
        return int(text) if text.isdecimal() else 0

    async def json(self, name: str) -> Object:
        """The object `name` of the body; ValueError where the body is not JSON."""
        body = cast("JsonValue", json.loads(await self.request.body() or b"{}"))
        found = body.get(name) if isinstance(body, dict) else None
        return found if isinstance(found, dict) else {}


Endpoint = Callable[[Call], Awaitable[Response]]


def logged_in(call: Call) -> User:
    """Routes let anonymous callers through for reads only."""
    if call.user is None:
        raise ValueError("a write without an account")
    return call.user


def project_of(call: Call) -> dict[str, str]:
    return {"project_id": call.request.path_params["project"]} if "project" in call.request.path_params else {}


def page(call: Call, name: str, rows: Sequence[Object]) -> Response:
    parameters = call.request.query_params
    asked = int(parameters.get("limit") or 0)
    limit = min(asked, 100) if asked > 0 else 25
    page = int(parameters.get("page") or 0)
    offset = max(0, int(parameters.get("offset") or 0)) or max(0, page - 1) * limit
    return JSONResponse({name: rows[offset : offset + limit], "total_count": len(rows), "offset": offset, "limit": limit})


def unauthorized() -> Response:
    return Response(None, 401, {"WWW-Authenticate": 'Basic realm="Redmine API"', "Content-Type": "application/json"})


def absent() -> Response:
    return Response(None, 404, {"Content-Type": "application/json"})
