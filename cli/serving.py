"""`twinline api`: the API and the webhook endpoint."""

import asyncio
from typing import Annotated

import structlog
import typer

import api.app
import webhooks.app
from cli.options import settings
from cli.running import LOCALHOST, run_until_stopped
from config.home import settle_home
from config.http import listen, serve
from config.opening import opened

log = structlog.get_logger("twinline")


def serve_api(
    port: Annotated[int, typer.Option(help="Port of the API and of webhooks.", min=0, max=65535)] = 8080,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = LOCALHOST,
) -> None:
    """Serve the API and receive webhooks."""
    chosen = settings()

    async def work(stop: asyncio.Event) -> None:
        async with opened(chosen) as parts:
            await settle_home(parts.store, None)
            limits = chosen.limits
            app = api.app.build(parts, {"/webhooks": webhooks.app.build(parts.store, parts.signals, limits)}, limits)
            listener = listen(host, port)
            log.info("api listens", address=f"http://{host}:{listener.getsockname()[1]}")
            await serve(app, listener, stop, app.state.watch.close)

    run_until_stopped(work)
