"""What a system says of our account there: whether everything that Twinline does can be done. Nothing is written."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import TypeVar

from activities.access import OpenSystem, Systems
from connectors.kit.interface import Account, Permission
from model.configuration import Connection
from model.errors import TwinlineError, Unavailable
from model.hooks import HookCheck
from model.words import Side
from operations.views import SideCheck, SystemCheck
from store import Store

PATIENCE_SECONDS = 10.0

T = TypeVar("T")


async def checked(store: Store, systems: Systems, name: str, patience: float = PATIENCE_SECONDS) -> SystemCheck:
    """Log in, and try for every side that uses the system whatever reads; all sides at once. Each try has `patience` seconds.

    BadInput if there is no such system; Unavailable, RateLimited, LoginRejected or Misconfigured if it does not let us in.
    """
    opened = await systems.opened(name)
    account = await _let_in(opened, patience)
    used = [(one, side) for one in await store.configurations.connections_of(name) for side in Side if one.system(side) == name]
    hooks = {one.scope: _hooked(one) for one in await store.hooks.of(name)}
    sides = await asyncio.gather(*(_side(opened, connection, side, hooks, patience) for connection, side in used))
    return SystemCheck(
        system=name,
        kind=opened.system.kind,
        url=opened.system.url,
        account=account.name,
        platform=account.platform,
        permissions=account.permissions,
        sides=tuple(sides),
    )


async def _let_in(opened: OpenSystem, patience: float) -> Account:
    try:
        async with asyncio.timeout(patience):
            return await opened.connector.account(None)
    except TimeoutError as error:
        raise Unavailable(f"{opened.system.id} at {opened.system.url!r} gave {_silence(patience)}") from error


def _hooked(check: HookCheck) -> Permission:
    """As the last look at its webhooks found it: trying would write."""
    return Permission(name="register webhooks", given=not check.note, remedy=check.note, optional=True)


async def _side(opened: OpenSystem, connection: Connection, side: Side, hooks: Mapping[str, Permission], patience: float) -> SideCheck:
    connector, settings = opened.connector, connection.configuration.side(side).settings
    _, named = await _tried("find what the side names", connector.check(settings), patience)
    found = [named]
    if named.given:
        queries = [one.query for one in connection.configuration.triggers if one.side is side]
        tried = await asyncio.gather(
            _tried("list changes", connector.changes(settings, ""), patience),
            *(_tried(f"search {query!r}", connector.check_query(settings, query), patience) for query in queries),
        )
        account, told = await _tried("tell what the account may do", connector.account(settings), patience)
        found += [*(permission for _, permission in tried), *(account.permissions if account else (told,))]
        hooked = hooks.get(opened.declared.scope(settings))
        found += [hooked] if hooked else []
    return SideCheck(connection=connection.id, side=side, permissions=tuple(found))


async def _tried(what: str, attempt: Awaitable[T], patience: float) -> tuple[T | None, Permission]:
    """What it came to, None where it failed, and whether it did."""
    try:
        async with asyncio.timeout(patience):
            return await attempt, Permission(name=what, given=True)
    except TwinlineError as error:
        return None, Permission(name=what, given=False, remedy=error.message)
    except TimeoutError:
        return None, Permission(name=what, given=False, remedy=_silence(patience))


def _silence(patience: float) -> str:
    return f"no answer within {patience:g} s; look whether the system runs"
