"""Serving an ASGI app until we are told to stop."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Generator
from pathlib import Path

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


def encrypted(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS with that certificate and its key, both PEM; Misconfigured where they cannot be used."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except OSError as error:
        raise Misconfigured(f"{certificate} with the key {key} is no usable certificate: {error}; give a pair of PEM files") from error
    return context


async def serve(
    app: ASGIApp,
    listener: socket.socket,
    stop: asyncio.Event,
    ending: Callable[[], None] = lambda: None,
    tls: ssl.SSLContext | None = None,
) -> None:
    """Answer on `listener` until `stop` is set; calls under way get a few seconds to end, and `ending` ends those that would not."""
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=GRACE_SECONDS)
    config.load()  # which takes a context away that is set before
    config.ssl = tls
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    ending()
    server.should_exit = True
    await serving
