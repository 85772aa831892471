"""Errors as `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from model.errors import (
    Ambiguous,
    BadInput,
    Gone,
    LoginRejected,
    Misconfigured,
    NotFound,
    OverCapacity,
    RateLimited,
    Refused,
    Stale,
    TwinlineError,
    Unavailable,
)
from operations.problems import Problem, Rejected, finding, joined

STATUSES: dict[type[TwinlineError], int] = {
    BadInput: 400,
    OverCapacity: 409,
    NotFound: 404,
    Gone: 404,
    Refused: 409,
    Stale: 409,
    Misconfigured: 409,
    LoginRejected: 409,
    RateLimited: 503,
    Unavailable: 503,
    Ambiguous: 503,
}


class ProblemDetails(BaseModel):
    """`detail` says what is wrong and what to do; `problems` lists the findings one by one where there are several places."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    problems: tuple[Problem, ...] = ()


PROBLEM = "application/problem+json"

SCHEMA = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")

SCHEMAS: Mapping[str, Any] = MappingProxyType({**SCHEMA.pop("$defs"), "ProblemDetails": SCHEMA})
"""What the OpenAPI document has of problem documents."""

MEANINGS: Mapping[int, str] = MappingProxyType(
    {
        400: "A value names nothing or cannot be used; `detail` says what to write instead.",
        401: "A token is missing, wrong, expired or revoked; `detail` says what to do.",
        403: "The caller may not do this.",
        404: "What the path names does not exist.",
        409: "What is there does not allow it now.",
        412: "What the caller has read was changed since then; `detail` says what to do.",
        413: "The body is larger than the call takes.",
        422: "The request does not have the form that is described here.",
        429: "The caller calls too often; the header `Retry-After` has the seconds to wait.",
        503: "A system, the store or Temporal cannot be reached now; try again later.",
    }
)


def answers(*statuses: int) -> dict[str, dict[str, object]]:
    """What `responses` of a route or a router says of the refusals with these statuses."""
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    return {str(status): {"description": MEANINGS[status], "content": {**content}} for status in sorted(statuses)}


class Absent(NotFound):
    """What the path names does not exist."""


def answered(status: int, detail: str, problems: tuple[Problem, ...] = (), headers: Mapping[str, str] | None = None) -> Response:
    details = ProblemDetails(title=HTTPStatus(status).phrase, status=status, detail=detail, problems=problems)
    return Response(details.model_dump_json(), status, headers, media_type=PROBLEM)


async def _ours(_: Request, error: Exception) -> Response:
    if not isinstance(error, TwinlineError):
        raise error
    status = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)
    return answered(status, error.message, error.problems if isinstance(error, Rejected) else ())


async def _shape(_: Request, error: Exception) -> Response:
    """What the request looks like, without its values, since they may be secret."""
    if not isinstance(error, RequestValidationError):
        raise error
    problems = tuple(Problem(place=joined(*one["loc"][1:]), message=finding(one, ())) for one in error.errors())
    return answered(422, "; ".join(str(one) for one in problems), problems)


async def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return answered(error.status_code, error.detail, headers={"Allow": _allowed(request)})
    return answered(error.status_code, error.detail, headers=error.headers)


def _allowed(request: Request) -> str:
    """The methods of all routes of the path; Starlette tells those of the first only."""
    routes = [one for one in request.app.routes if isinstance(one, APIRoute) and one.path_regex.match(request.url.path)]
    return ", ".join(sorted({method for one in routes for method in one.methods or ()}))


async def _unexpected(_: Request, __: Exception) -> Response:
    return answered(500, "the server failed; its log tells why")


def install(app: FastAPI) -> None:
    app.add_exception_handler(TwinlineError, _ours)
    app.add_exception_handler(RequestValidationError, _shape)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)
