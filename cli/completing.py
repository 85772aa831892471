"""Names that the shell completes. The API is asked; where it does not answer at once, nothing is offered."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar, cast

import typer

from cli.client import Api
from cli.showing import key
from config.settings import load_settings
from model.configuration import System
from model.errors import TwinlineError
from model.members import Member, Token
from operations.bulk_views import OperationPage
from operations.views import ConnectionView, IntegrationView, TriggerView, TwinPage

PATIENCE_SECONDS = 2.0

ID_LENGTH = 32
SHOWN = 50

A = TypeVar("A")
Names = Callable[[Api], Awaitable[list[str]]]
Described = Callable[[Api], Awaitable[list[tuple[str, str]]]]


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


def members(incomplete: str) -> list[str]:
    async def names(api: Api) -> list[str]:
        return [one.name for one in await api.get(tuple[Member, ...], "/members")]

    return _offered(names, incomplete)


def tokens(incomplete: str) -> list[tuple[str, str]]:
    async def names(api: Api) -> list[tuple[str, str]]:
        return [(one.id, f"of {one.member}") for one in await api.get(tuple[Token, ...], "/tokens")]

    return _described(names, incomplete)


def twins(incomplete: str) -> list[tuple[str, str]]:
    """The newest of those that begin so, with their items."""

    async def names(api: Api) -> list[tuple[str, str]]:
        last = incomplete.ljust(ID_LENGTH, "f")[:ID_LENGTH] if incomplete else None
        found = (await api.get(TwinPage, "/twins", {"limit": SHOWN, "after": last})).twins
        return [(one.id, f"{key(one.left)} ⇄ {key(one.right)} {one.status}") for one in found]

    return _described(names, incomplete)


def operations(incomplete: str) -> list[tuple[str, str]]:
    """Of the newest, with what they do."""

    async def names(api: Api) -> list[tuple[str, str]]:
        found = (await api.get(OperationPage, "/operations")).operations
        return [(one.id, f"{one.kind} {one.connection} {one.status}") for one in found]

    return _described(names, incomplete)


def _offered(names: Names, incomplete: str) -> list[str]:
    return [name for name in _answered(names) or () if name.startswith(incomplete)]


def _described(names: Described, incomplete: str) -> list[tuple[str, str]]:
    return [(name, what) for name, what in _answered(names) or () if name.startswith(incomplete)]


def _answered(ask: Callable[[Api], Awaitable[A]]) -> A | None:
    async def found() -> A:
        chosen = load_settings()
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await ask(Api(chosen.api, chosen.token))

    try:
        return asyncio.run(found())
    except (TwinlineError, TimeoutError):
        return None


ConnectionName = Annotated[str, typer.Argument(metavar="CONNECTION", help="Name of the connection.", autocompletion=connections)]
TwinId = Annotated[str, typer.Argument(metavar="ID", help="Id of the twin.", autocompletion=twins)]
OfConnection = Annotated[str | None, typer.Option("--connection", help="Only those of this connection.", autocompletion=connections)]
