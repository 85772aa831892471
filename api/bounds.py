"""How much a request may carry. What is more is refused before it is in memory."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import answered
from api.versioned import PREFIX

MEBIBYTE = 1024 * 1024
BODY_LIMIT = MEBIBYTE
LARGE_BODY_LIMIT = 11 * MEBIBYTE
"""A CSV file of 10 MiB as JSON, or a deployment with all of its rules."""

_LARGE = ("/bulk/connect", f"{PREFIX}/deployment")


class _TooLarge(HTTPException):
    def __init__(self, limit: int) -> None:
        super().__init__(413, f"the body has more than {limit // MEBIBYTE} MiB, which is the most that this call takes; send it in parts")


class Bounds:
    """ASGI middleware around all others that read bodies."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(f"{PREFIX}/"):
            await self._app(scope, receive, send)
            return
        limit = LARGE_BODY_LIMIT if scope["path"].endswith(_LARGE) else BODY_LIMIT
        try:
            _require_announced(Headers(scope=scope).get("content-length", ""), limit)
            await self._app(scope, _counted(receive, limit), send)
        except _TooLarge as error:
            await answered(error.status_code, error.detail)(scope, receive, send)


def _require_announced(length: str, limit: int) -> None:
    if length.isdecimal() and int(length) > limit:
        raise _TooLarge(limit)


def _counted(receive: Receive, limit: int) -> Receive:
    """What is received, until it is too much."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise _TooLarge(limit)
        return message

    return counted
