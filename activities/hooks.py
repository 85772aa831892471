"""Keeps a system's webhooks registered with its platform, beside polling, which goes on whatever comes of it."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from activities.engine import Engine
from connectors.kit.interface import Hooks
from model.errors import Misconfigured, TwinlineError
from model.hooks import HookCheck, HookState
from model.item import Fields

EVERY = timedelta(days=1)
AFTER_FAILURE = timedelta(hours=1)
PATIENCE_SECONDS = 30.0

log = structlog.get_logger("twinline")


class HookKeeper:
    """`public_url` is where this deployment is reached from outside; without one, nothing is registered.

    Looks once after the start, then daily, and sooner where something failed, or the address or the secret changed.
    """

    def __init__(self, engine: Engine, public_url: str, patience: float = PATIENCE_SECONDS) -> None:
        self._engine = engine
        self._public_url = public_url
        self._patience = patience
        self._next: dict[tuple[str, ...], datetime] = {}

    async def keep(self, system: str, scopes: Mapping[str, Fields]) -> None:
        """Have each part of the system call us, where it is time to look. What fails becomes a note, never an error."""
        if not self._public_url:
            return
        address = f"{self._public_url}/webhooks/{system}"
        secret, now = await self._engine.store.configurations.webhook_secret(system), self._engine.now()
        due = {scope: place for scope in scopes if self._next.get(place := (system, scope, address, secret), now) <= now}
        hooks = await self._engine.systems.hooks(system) if due else None
        if hooks is None:
            return
        try:
            for scope, place in due.items():
                check = HookCheck(system=system, scope=scope, address=address, checked=now)
                found = await self._look(hooks, check, scopes[scope], secret)
                self._next[place] = now + (AFTER_FAILURE if found.note else EVERY)
        finally:
            await hooks.aclose()

    async def _look(self, hooks: Hooks, check: HookCheck, settings: Fields, secret: str) -> HookCheck:
        """Where it fails, the address before stays on record, so that what calls it is taken away once that is possible."""
        known = {one.scope: one for one in await self._engine.store.hooks.of(check.system)}
        before = known.get(check.scope) or check.model_copy(update={"address": ""})
        try:
            async with asyncio.timeout(self._patience):
                states = await _ensured(hooks, settings, check.address, before.address, secret)
            found = check.model_copy(update={"hooks": states})
        except TwinlineError as error:
            found = before.model_copy(update={"note": _without(secret, error.message), "checked": check.checked})
        except TimeoutError:
            note = f"no answer within {self._patience:g} s; look whether {check.system} runs"
            found = before.model_copy(update={"note": note, "checked": check.checked})
        await self._engine.store.hooks.save(found)
        _tell(before, found)
        return found


async def _ensured(hooks: Hooks, settings: Fields, address: str, before: str, secret: str) -> tuple[HookState, ...]:
    if not secret:
        raise Misconfigured("the system has no webhook_secret; give it one in the deployment file and apply that")
    states = await hooks.ensure(settings, address, secret)
    if before not in {"", address}:
        await hooks.remove(settings, before)
    return states


def _without(secret: str, text: str) -> str:
    """A platform may quote what it was sent."""
    return text.replace(secret, "…") if secret else text


def _tell(before: HookCheck, found: HookCheck) -> None:
    """Once: what fails again in the same way is on record already."""
    if found.note and found.note != before.note:
        log.warning("webhooks cannot be registered", system=found.system, scope=found.scope, reason=found.note)
    for one in () if found.note else found.hooks:
        if one.done:
            log.info(f"webhook {one.done}", system=found.system, scope=found.scope, webhook=one.id, trouble=one.trouble)
