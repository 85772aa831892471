"""Names that the shell completes. The API is asked; where it does not answer at once, nothing is offered."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, cast

import typer

from cli.client import Api
from config.settings import load_settings
from model.configuration import System
from model.errors import TwinlineError
from operations.views import ConnectionView, IntegrationView, TriggerView

PATIENCE_SECONDS = 2.0

Names = Callable[[Api], Awaitable[list[str]]]


def connections(incomplete: str) -> list[str]:
    async def names(api: Api) -> list[str]:
        return [one.name for one in await api.get(tuple[ConnectionView, ...], "/connections")]

    return _offered(names, incomplete)


def systems(incomplete: str) -> list[str]:
    async def names(api: Api) -> list[str]:
        return [one.id for one in await api.get(tuple[System, ...], "/systems")]

    return _offered(names, incomplete)


def integrations(incomplete: str) -> list[str]:
    async def names(api: Api) -> list[str]:
        return [one.integration for one in await api.get(tuple[IntegrationView, ...], "/integrations")]

    return _offered(names, incomplete)


def triggers(ctx: typer.Context, incomplete: str) -> list[str]:
    """Those of the connection and the side that stand before it."""
    given = cast("dict[str, str | None]", ctx.params)
    connection, side = given.get("connection"), given.get("side")

    async def names(api: Api) -> list[str]:
        found = await api.get(tuple[TriggerView, ...], f"/connections/{connection}/triggers")
        return [one.name for one in found if one.side == side]

    return _offered(names, incomplete) if connection and side else []


def _offered(names: Names, incomplete: str) -> list[str]:
    async def found() -> list[str]:
        chosen = load_settings()
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await names(Api(chosen.api, chosen.token))

    try:
        return [name for name in asyncio.run(found()) if name.startswith(incomplete)]
    except (TwinlineError, TimeoutError):
        return []


ConnectionName = Annotated[str, typer.Argument(metavar="CONNECTION", help="Name of the connection.", autocompletion=connections)]
OfConnection = Annotated[str | None, typer.Option("--connection", help="Only those of this connection.", autocompletion=connections)]
