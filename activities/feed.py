"""The feed of one system: poll its changes, route what polls and webhooks brought to twins, and start twins that triggers select.

When all that is done, a poll looks after the system's webhooks.
"""

from datetime import datetime, timedelta

import structlog
from temporalio import activity

from activities.access import OpenSystem
from activities.cursors import Cursors
from activities.engine import Engine
from activities.failures import PASSING, passing
from activities.heartbeat import beating
from activities.hooks import HookKeeper
from activities.interface import FeedActivities, PollRequest, PollResult
from activities.routing import Router
from activities.trouble import troubled, untroubled
from connectors.kit.interface import Change, ChangePage
from model.configuration import Connection
from model.errors import LoginRejected, Misconfigured, Unavailable
from model.inbox import InboxChange
from model.item import Fields
from model.words import ConnectionStatus, Side

PAGES_AT_ONCE = 50
AFTER_FAILURE = 60.0
SETTLING = timedelta(seconds=3)

log = structlog.get_logger("twinline")


class SystemFeed(FeedActivities):
    def __init__(self, engine: Engine, router: Router, hooks: HookKeeper) -> None:
        self._engine = engine
        self._router = router
        self._hooks = hooks

    @activity.defn(name="poll")
    async def poll(self, request: PollRequest) -> PollResult:
        connections = await self._live(request.system)
        if not connections:
            return PollResult()
        opened = await self._engine.systems.opened(request.system)
        system, cursors = opened.system, await Cursors.of(self._engine.store.inbox, request.system)
        try:
            async with beating():
                if not request.drain_only and not all(cursors[scope] for scope in _scopes(opened, connections)):
                    # A scope's first cursor is there before triggers look at its items: nothing new falls in between.
                    await self._poll(opened, connections, cursors)
                routed = await self._router.drain(opened, connections, cursors)
                if not request.drain_only:
                    if await self._poll(opened, connections, cursors) or routed.rows:
                        routed = routed.plus(await self._router.drain(opened, connections, cursors))
                    active = tuple(one for one in connections if one.status is ConnectionStatus.ACTIVE)
                    if opened.declared.hooks is not None:
                        await self._hooks.keep(request.system, _scopes(opened, active))
        except (LoginRejected, Misconfigured) as error:
            reason = f"{error.message} Correct it, then activate the connection."
            failed = await self._engine.store.configurations.fail_system(system.id, reason)
            await troubled(self._engine.store, system.id, reason, self._engine.now(), rejected=True)
            log.warning("system rejected us", system=system.id, connections=failed)
            return PollResult(next_in=AFTER_FAILURE, rejected=True)
        except PASSING as error:
            raise passing(error) from None
        return PollResult(
            events=routed.events, started=routed.started, next_in=system.poll_seconds, unready=routed.unready, hidden=routed.hidden
        )

    async def _live(self, system: str) -> tuple[Connection, ...]:
        connections = await self._engine.store.configurations.connections_of(system)
        return tuple(one for one in connections if one.status is not ConnectionStatus.PENDING)

    async def _poll(self, opened: OpenSystem, connections: tuple[Connection, ...], cursors: Cursors) -> int:
        """How many changes are new."""
        added = 0
        for scope, settings in _scopes(opened, connections).items():
            added += await self._poll_scope(opened, scope, settings, cursors)
        await untroubled(cursors)
        for connection in connections:
            if connection.status is ConnectionStatus.ACTIVE:
                await self._router.rouse(connection)
        return added

    async def _poll_scope(self, opened: OpenSystem, scope: str, settings: Fields, cursors: Cursors) -> int:
        added, exact = 0, opened.declared.capabilities.exact_versions
        for _ in range(PAGES_AT_ONCE):
            page = await self._changes(opened, settings, cursors[scope])
            changes = [_noted(change, self._engine.now(), exact=exact) for change in page.changes]
            added += await cursors.add_polled(scope, changes, page.cursor)
            if not page.more:
                break
        return added

    async def _changes(self, opened: OpenSystem, settings: Fields, cursor: str) -> ChangePage:
        try:
            return await opened.connector.changes(settings, cursor)
        except Unavailable as error:
            await troubled(self._engine.store, opened.system.id, error.message, self._engine.now())
            raise


def _scopes(opened: OpenSystem, connections: tuple[Connection, ...]) -> dict[str, Fields]:
    """The parts of the system that any connection looks at, each once."""
    sides = [
        connection.configuration.side(side).settings
        for connection in connections
        for side in Side
        if connection.system(side) == opened.system.id
    ]
    return {opened.declared.scope(settings): dict(settings) for settings in sides}


def _noted(change: Change, now: datetime, *, exact: bool) -> InboxChange:
    """A version of one-second resolution that is only just over may still take changes: it is noted as early, and once more later."""
    early = not exact and _is_recent(change.version, now)
    version = f"{change.version}~early" if early else change.version
    return InboxChange(item_id=change.id, key=change.key, version=version, marker=change.marker, deleted=change.deleted)


def _is_recent(version: str, now: datetime) -> bool:
    try:
        moment = datetime.fromisoformat(version.split("/", maxsplit=1)[0])
    except ValueError:
        return False
    return moment.tzinfo is not None and now - moment < SETTLING
