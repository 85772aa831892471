"""What every activity works with, injected once in `worker.py`."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from pydantic import JsonValue

from activities.access import Systems
from activities.ruling import Ruling
from connectors.kit.interface import Connector, Declaration
from model.configuration import Configuration, Connection, System
from model.errors import LoginRejected, Misconfigured, ScriptFailed, TwinlineError
from model.twin import Twin
from model.words import ConnectionStatus, Impact, Side, Stage
from store import Store

SCRIPT_FAILURES = 5

log = structlog.get_logger("twinline")


@dataclass(frozen=True)
class Engine:
    """`op_key` makes op ids that nobody else can guess; `now` gives aware UTC time."""

    store: Store
    systems: Systems
    ruling: Ruling
    op_key: bytes
    now: Callable[[], datetime]

    def op(self, *parts: str) -> str:
        """The id of one intended write: the same parts give the same id, on every attempt and every worker."""
        return hmac.new(self.op_key, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()[:32]

    async def begins_anew(self, twin: Twin, transaction: int) -> bool:
        """Whether the transaction runs with rules that have been replaced since: it goes back into the queue then, for the active ones."""
        connection = await self.store.configurations.connection(twin.connection)
        begun = await self.store.transactions.get(transaction)
        if begun.version == connection.version:
            return False
        return await self.store.transactions.advance(transaction, Stage.QUEUED, reason=f"begins anew with version {connection.version}")

    async def park(self, twin: Twin, transaction: int, error: TwinlineError) -> bool:
        """Record why a transaction cannot go on. True if the whole connection is concerned, and the twin only held for it."""
        connection = await self.store.configurations.connection(twin.connection)
        log.info("parked", twin=twin.id, connection=connection.id, error=type(error).__name__)
        if isinstance(error, LoginRejected | Misconfigured):
            await self._fail(connection, error)
        elif isinstance(error, ScriptFailed):
            await self._count_script_failure(connection, transaction, error)
        if await self.store.twins.hold_unless_active(twin.id) is not None:
            await self.store.transactions.advance(transaction, Stage.HELD, reason=error.message)
            return True
        await self.store.transactions.park(transaction, error.message)
        return False

    async def _fail(self, connection: Connection, error: TwinlineError) -> None:
        reason = f"{error.message} Correct it, then activate the connection."
        await self.store.configurations.set_status(connection.id, ConnectionStatus.ERROR, reason)

    async def _count_script_failure(self, connection: Connection, transaction: int, error: ScriptFailed) -> None:
        failures = await self.store.configurations.count_script_failure(connection.id, connection.version, transaction)
        stops_all = connection.configuration.script_errors is Impact.CONNECTION and not error.of_item
        if stops_all or failures >= SCRIPT_FAILURES:
            await self._fail(connection, error)


@dataclass(frozen=True)
class Place:
    """One side of a twin's connection, opened: what an activity needs to read, judge or write there."""

    side: Side
    connection: Connection
    configuration: Configuration
    system: System
    declared: Declaration
    connector: Connector

    @property
    def settings(self) -> dict[str, JsonValue]:
        return dict(self.configuration.side(self.side).settings)


async def place(engine: Engine, connection: Connection, configuration: Configuration, side: Side) -> Place:
    opened = await engine.systems.opened(connection.system(side))
    return Place(
        side=side,
        connection=connection,
        configuration=configuration,
        system=opened.system,
        declared=opened.declared,
        connector=opened.connector,
    )


async def places(engine: Engine, twin: Twin, version: int, source: Side) -> tuple[Place, Place]:
    """Source and target of a transaction that began with that version."""
    connection = await engine.store.configurations.connection(twin.connection)
    configuration = await configured(engine, connection, version)
    return await place(engine, connection, configuration, source), await place(engine, connection, configuration, source.other)


async def configured(engine: Engine, connection: Connection, version: int) -> Configuration:
    """The content of that version, which is usually the active one."""
    if version == connection.version:
        return connection.configuration
    return await engine.store.configurations.configuration(connection.id, version)
