"""What all fakes share: the switches of `POST /_fake/control`, `GET /_fake/state`, `GET /_fake/log`, faults, webhook delivery, serving.

A fake is a Starlette app with the vendor's routes inside `Faults`. It keeps an append-only `log` of what was written and by whom, with
the values before and after, so that a test can tell from the platform's side what really happened.
"""

import asyncio
import contextlib
import random
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from time import monotonic

import uvicorn
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.kit.http import post_bytes

DELIVERY_TRIES = 6
RETRIED = (0, 408, 409, 425, 429)
READ = "read"


class Controls(BaseModel):
    """`POST /_fake/control` sets any of these and answers with all of them.

    `reject_next` calls get the vendor's rate-limit answer, and of several the one that `reject_as` names; `lose_response` writes are
    done but their answers are cut; `lag_s` is the search index's lag in seconds; `down` answers 503 to everything; `latency_s` delays
    every answer; `webhooks` false drops deliveries, `duplicate_webhooks` sends each that many times, `shuffle_webhooks` delays each by a
    random part of that many seconds.
    """

    model_config = ConfigDict(extra="forbid")

    reject_next: int = Field(default=0, ge=0)
    reject_as: str = ""
    lose_response: int = Field(default=0, ge=0)
    lag_s: float = Field(default=0.0, ge=0)
    latency_s: float = Field(default=0.0, ge=0)
    down: bool = False
    webhooks: bool = True
    duplicate_webhooks: int = Field(default=1, ge=1)
    shuffle_webhooks: float = Field(default=0.0, ge=0)


class Record(BaseModel):
    """One write: who did what to which object; or one reading of a whole item (`READ`). `at` is ISO time.

    `detail` has `before` and `after` where values changed.
    """

    at: str
    actor: str
    action: str
    item: str
    detail: dict[str, JsonValue] = {}


def writes(log: Sequence[Record]) -> list[JsonValue]:
    """The log without readings, as JSON."""
    return [one.model_dump(mode="json") for one in log if one.action != READ]


def moved(before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """`before` and `after` of the values that differ, as a record's detail has them."""
    names = [name for name in after if after[name] != before.get(name)]
    return {"before": {name: before.get(name) for name in names}, "after": {name: after[name] for name in names}}


class Clock:
    """Strictly increasing wall-clock times in the resolution of a platform, unless it repeats itself as seconds do."""

    def __init__(self, *, milliseconds: bool = False) -> None:
        self._milliseconds = milliseconds
        self._last = datetime.fromtimestamp(0, UTC)

    def now(self) -> datetime:
        now = datetime.now(UTC)
        if not self._milliseconds:
            return now.replace(microsecond=0)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        if now <= self._last:
            now = datetime.fromtimestamp(self._last.timestamp() + 0.001, UTC)
            now = now.replace(microsecond=round(now.microsecond / 1000) % 1000 * 1000)
        self._last = now
        return now


class Webhooks:
    """Delivers events to registered addresses, as the vendor does: signed, in the background, some twice, out of order."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls
        self._tasks: set[asyncio.Task[None]] = set()
        self._random = random.Random(7)  # noqa: S311

    def send(
        self, url: str, content: bytes, headers: Mapping[str, str], *, retried: bool, told: Callable[[int], None] | None = None
    ) -> None:
        """Post in the background; `retried` for vendors that repeat a delivery that failed. `told` gets each status, 0 for no answer."""
        if not self._controls.webhooks:
            return
        for _ in range(self._controls.duplicate_webhooks):
            delay = self._random.uniform(0, self._controls.shuffle_webhooks)
            task = asyncio.create_task(self._deliver(url, content, headers, delay, DELIVERY_TRIES if retried else 1, told))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(
        self, url: str, content: bytes, headers: Mapping[str, str], delay: float, tries: int, told: Callable[[int], None] | None
    ) -> None:
        await asyncio.sleep(delay)
        for attempt in range(tries):
            status = await post_bytes(url, content, headers)
            if told is not None:
                told(status)
            if status not in RETRIED and status < 500:
                return
            await asyncio.sleep(0.5 * 2**attempt)


class Faults:
    """ASGI middleware around a vendor's routes. `rate_limited` makes the vendor's own answer; `is_write` tells a write from a read."""

    def __init__(
        self,
        app: ASGIApp,
        controls: Controls,
        rate_limited: Callable[[], Response],
        is_write: Callable[[Scope], bool] | None = None,
    ) -> None:
        self._app = app
        self._controls = controls
        self._rate_limited = rate_limited
        self._is_write = is_write or _mutates
        self.calls: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_fake/"):
            await self._app(scope, receive, send)
            return
        self.calls[scope["method"]] = self.calls.get(scope["method"], 0) + 1
        if self._controls.latency_s:
            await asyncio.sleep(self._controls.latency_s)
        if self._controls.down:
            await Response("Service Unavailable", 503)(scope, receive, send)
        elif self._controls.reject_next > 0:
            self._controls.reject_next -= 1
            await self._rate_limited()(scope, receive, send)
        elif self._controls.lose_response > 0 and self._is_write(scope):
            self._controls.lose_response -= 1
            await self._app(scope, receive, _swallow)
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        else:
            await self._app(scope, receive, send)


async def _swallow(message: Message) -> None:
    del message


def _mutates(scope: Scope) -> bool:
    return scope["method"] in {"POST", "PUT", "PATCH", "DELETE"}


def fake_app(
    routes: list[BaseRoute],
    controls: Controls,
    state: Callable[[], JsonValue],
    rate_limited: Callable[[], Response],
    is_write: Callable[[Scope], bool] | None = None,
    log: Sequence[Record] = (),
) -> Starlette:
    """A Starlette app of the vendor's `routes` with faults around them and the `/_fake` routes beside them.

    `GET /_fake/state` answers `state()` with `calls` (number of calls by method) and `controls` added; `GET /_fake/log?after=N` all of
    `log` but the first N records, readings included.
    """

    async def control(request: Request) -> Response:
        try:
            wanted = Controls.model_validate({**controls.model_dump(), **await request.json()})
        except (ValueError, TypeError) as error:
            return Response(f"no control was set: {error}\n", 400, media_type="text/plain")
        for name in Controls.model_fields:
            setattr(controls, name, getattr(wanted, name))
        return JSONResponse(controls.model_dump())

    async def show(_: Request) -> Response:
        own = state()
        base: dict[str, JsonValue] = own if isinstance(own, dict) else {"state": own}
        return JSONResponse({**base, "calls": dict(faults.calls), "controls": controls.model_dump()})

    async def tell(request: Request) -> Response:
        after = int(request.query_params.get("after", "0"))
        return JSONResponse([one.model_dump(mode="json") for one in log[after:]])

    own_routes = [Route("/_fake/control", control, methods=["POST"]), Route("/_fake/state", show), Route("/_fake/log", tell)]
    faults = Faults(Starlette(routes=[*own_routes, *routes]), controls, rate_limited, is_write)
    outer = Starlette()
    outer.router.default = faults
    return outer


class _Server(uvicorn.Server):
    """Ends as soon as it is told to, without the tenths of a second that uvicorn sleeps."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()

    def end(self) -> None:
        self.should_exit = True
        self._told.set()

    @contextlib.contextmanager
    def capture_signals(self):  # pyright: ignore[reportMissingParameterType]
        """Leave signals to the program around us."""
        yield

    async def main_loop(self) -> None:
        """A tick each second renews the date that answers carry."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), 1.0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answers that are under way are still given."""
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.002)


@contextlib.asynccontextmanager
async def serving(app: Callable[..., Awaitable[None]], port: int = 0, host: str = "127.0.0.1") -> AsyncGenerator[str]:
    """Serve an ASGI app in this event loop and give its base URL; port 0 takes a free one."""
    # Named as TCP: otherwise asyncio leaves TCP_NODELAY off, and each answer waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(128)
    chosen: int = listener.getsockname()[1]
    config = uvicorn.Config(app, log_level="critical", lifespan="off", access_log=False, timeout_keep_alive=60)
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    deadline = monotonic() + 10
    while not server.started:
        if task.done() or monotonic() > deadline:
            raise OSError(f"the server on port {chosen} did not start")
        await asyncio.sleep(0.005)
    try:
        yield f"http://{host}:{chosen}"
    finally:
        server.end()
        await task
        listener.close()
