"""`POST /webhooks/{system}`: verify, record, answer, wake. What cannot be recorded is answered so that the platform sends it again."""

from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from activities.signals import Signals
from config.pacing import USUAL, Buckets, Limits
from connectors.kit.webhooks import Forged
from model.errors import BadInput
from operations import events
from store import Store

BODY_LIMIT = 5 * 1024 * 1024


class _TooLarge(Exception):
    pass


class Webhooks:
    """The endpoint of one store."""

    def __init__(self, store: Store, signals: Signals, pace: Buckets) -> None:
        self._store = store
        self._signals = signals
        self._pace = pace

    async def receive(self, request: Request) -> Response:
        system = str(request.path_params["system"])
        if system not in {one.id for one in await self._store.configurations.systems()}:
            return _text(f"there is no system {system!r} here", 404)
        if seconds := self._pace.wait(system):
            return _text(f"too many calls for {system}; send it again", 429, {"Retry-After": str(seconds)})
        try:
            body = await _raw_body(request)
        except _TooLarge:
            return _text(f"the body has more than {BODY_LIMIT} bytes", 413)
        try:
            new = await events.receive(self._store, system, dict(request.headers), body)
        except Forged as error:
            return _text(error.message, 401)
        except BadInput as error:
            return _text(error.message, 400)
        self._pace.take(system)
        waking = BackgroundTask(events.wake, self._store, self._signals, system) if new else None
        return Response(status_code=202, background=waking)


async def _raw_body(request: Request) -> bytes:
    """The bytes as they were signed; reading stops at the limit."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_LIMIT:
            raise _TooLarge
    return bytes(body)


def _text(message: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(message + "\n", status, headers)


async def _not_recorded(_: Request, __: Exception) -> Response:
    return PlainTextResponse("not recorded; send it again\n", 503, headers={"Retry-After": "30"})


async def _disconnected(_: Request, __: Exception) -> Response:
    return Response(status_code=400)


def build(store: Store, signals: Signals, limits: Limits = USUAL) -> Starlette:
    """An app to be mounted at `/webhooks`. Calls count against the limit of a system once their signature is found good."""
    route = Route("/{system}", Webhooks(store, signals, Buckets(limits.webhooks)).receive, methods=["POST"])
    return Starlette(routes=[route], exception_handlers={Exception: _not_recorded, ClientDisconnect: _disconnected})
