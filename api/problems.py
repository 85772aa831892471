"""Errors as `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from model.errors import (
    Ambiguous,
    BadInput,
    Gone,
    LoginRejected,
    Misconfigured,
    NotFound,
    RateLimited,
    Refused,
    Stale,
    TwinlineError,
    Unavailable,
)
from operations.problems import Problem, Rejected, finding, joined

STATUSES: dict[type[TwinlineError], int] = {
    BadInput: 400,
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


class Absent(NotFound):
    """What the path names does not exist."""


def answered(status: int, detail: str, problems: tuple[Problem, ...] = (), headers: Mapping[str, str] | None = None) -> Response:
    details = ProblemDetails(title=HTTPStatus(status).phrase, status=status, detail=detail, problems=problems)
    return Response(details.model_dump_json(), status, headers, media_type="application/problem+json")


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


async def _http(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return answered(error.status_code, error.detail, headers=error.headers)


async def _unexpected(_: Request, __: Exception) -> Response:
    return answered(500, "the server failed; its log tells why")


def install(app: FastAPI) -> None:
    app.add_exception_handler(TwinlineError, _ours)
    app.add_exception_handler(RequestValidationError, _shape)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)
