"""Serving an ASGI app until we are told to stop."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator

import uvicorn
from starlette.types import ASGIApp

from model.errors import Misconfigured

GRACE_SECONDS = 5


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals to the program around us."""
        yield


def listen(host: str, port: int, option: str = "--port") -> socket.socket:
    """Take the port, any free one for 0; Misconfigured, naming the option that chose it, if that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise Misconfigured(f"cannot listen on {host} port {port}: {error}; choose another with {option} or end what uses it") from error


async def serve(app: ASGIApp, listener: socket.socket, stop: asyncio.Event, ending: Callable[[], None] = lambda: None) -> None:
    """Answer on `listener` until `stop` is set; calls under way get a few seconds to end, and `ending` ends those that would not."""
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=GRACE_SECONDS)
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    ending()
    server.should_exit = True
    await serving
