"""`twinline worker`, `api` and `fake`: what runs until it is stopped."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, cast

import structlog
import typer
from pydantic import JsonValue

import api.app
import webhooks.app
from cli.options import settings
from cli.running import LOCALHOST, out, run_until_stopped
from config.http import listen, serve
from config.opening import opened
from connectors import declaration
from connectors.kit.interface import FakeOptions
from model.errors import BadInput
from worker import run_worker

log = structlog.get_logger("twinline")


def worker() -> None:
    """Run a worker: it does the syncing. Any number may run."""
    chosen = settings()
    run_until_stopped(lambda stop: run_worker(chosen, stop))


def serve_api(
    port: Annotated[int, typer.Option(help="Port of the API and of webhooks.", min=0, max=65535)] = 8080,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = LOCALHOST,
) -> None:
    """Serve the API and receive webhooks."""
    chosen = settings()

    async def work(stop: asyncio.Event) -> None:
        async with opened(chosen) as parts:
            app = api.app.build(parts, {"/webhooks": webhooks.app.build(parts.store, parts.signals)})
            listener = listen(host, port)
            log.info("api listens", address=f"http://{host}:{listener.getsockname()[1]}")
            await serve(app, listener, stop)

    run_until_stopped(work)


def fake(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Kind of system, such as jira.")],
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)],
    seed: Annotated[Path | None, typer.Option(help="JSON file with the data it starts with.", dir_okay=False)] = None,
    user: Annotated[str, typer.Option(help="Name of the account that Twinline uses.")] = "bot@acme.test",
    secret: Annotated[str, typer.Option(help="Token or password of that account.")] = "acme-token",  # noqa: S107
    webhook: Annotated[str, typer.Option(help="Address that changes are reported to.")] = "",
    webhook_secret: Annotated[str, typer.Option(help="Secret that reports are signed with.")] = "",
) -> None:
    """Run a fake platform to try things out; it forgets everything when it ends."""
    if bool(webhook) != bool(webhook_secret):
        raise typer.BadParameter("--webhook and --webhook-secret go together")

    async def work(stop: asyncio.Event) -> None:
        options = FakeOptions(user=user, secret=secret, seed=_seed(seed), webhook_url=webhook, webhook_secret=webhook_secret)
        declared = declaration(kind)
        app = declared.fake(options)
        listener = listen(LOCALHOST, port)
        out.print(f"fake {declared.title}: http://{LOCALHOST}:{listener.getsockname()[1]}")
        out.print(f"account for Twinline: user {user}, secret {secret}")
        await serve(app, listener, stop)

    run_until_stopped(work)


def _seed(file: Path | None) -> dict[str, JsonValue] | None:
    if file is None:
        return None
    try:
        content = cast("JsonValue", json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise BadInput(f"the seed {file} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise BadInput(f"the seed {file} is not a JSON object; the connector's README tells its form")
    return content
