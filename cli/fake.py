"""`twinline fake`: a platform to try things out with."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, cast

import typer
from pydantic import JsonValue

from cli.running import LOCALHOST, out, run_until_stopped
from config.http import encrypted, listen, serve
from connectors import declaration
from connectors.kit.interface import FakeOptions
from model.errors import BadInput


def fake(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Kind of system, such as jira.")],
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)],
    seed: Annotated[Path | None, typer.Option(help="JSON file with the data it starts with.", dir_okay=False)] = None,
    user: Annotated[str, typer.Option(help="Name of the account that Twinline uses.")] = "bot@acme.test",
    secret: Annotated[str, typer.Option(help="Token or password of that account.")] = "acme-token",  # noqa: S107
    webhook: Annotated[str, typer.Option(help="Address that changes are reported to.")] = "",
    webhook_secret: Annotated[str, typer.Option(help="Secret that reports are signed with.")] = "",
    certificate: Annotated[Path | None, typer.Option(help="PEM file of a certificate, to answer by https.", dir_okay=False)] = None,
    key: Annotated[Path | None, typer.Option(help="PEM file of the certificate's key.", dir_okay=False)] = None,
) -> None:
    """Run a fake platform to try things out; it forgets everything when it ends."""
    if bool(webhook) != bool(webhook_secret):
        raise typer.BadParameter("--webhook and --webhook-secret go together")
    if bool(certificate) != bool(key):
        raise typer.BadParameter("--certificate and --key go together")

    async def work(stop: asyncio.Event) -> None:
        options = FakeOptions(user=user, secret=secret, seed=_seed(seed), webhook_url=webhook, webhook_secret=webhook_secret)
        declared = declaration(kind)
        app = declared.fake(options)
        tls = encrypted(certificate, key) if certificate and key else None
        listener = listen(LOCALHOST, port)
        out.print(f"fake {declared.title}: {'https' if tls else 'http'}://{LOCALHOST}:{listener.getsockname()[1]}")
        out.print(f"account for Twinline: user {user}, secret {secret}")
        await serve(app, listener, stop, tls=tls)

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
