"""A trigger's whole query, run by its schedule: new items start, and those under sync are looked at again."""

from temporalio import activity

from activities.engine import Engine
from activities.failures import PASSING, lasting, passing
from activities.heartbeat import beating
from activities.interface import Hint, TriggerActivities, TriggerRun, TriggerRunResult
from activities.routing import Router
from activities.signals import Signals
from connectors.kit.interface import Change
from model.configuration import Connection
from model.errors import OverCapacity, TwinlineError
from model.trigger import Trigger
from model.words import ConnectionStatus, Side


class TriggerRuns(TriggerActivities):
    def __init__(self, engine: Engine, router: Router, signals: Signals) -> None:
        self._engine = engine
        self._router = router
        self._signals = signals

    @activity.defn(name="run_trigger")
    async def run_trigger(self, request: TriggerRun) -> TriggerRunResult:
        """A second attempt starts no twin twice. A schedule whose trigger is gone or off is deleted here, should that have been missed."""
        known = {one.id: one for one in await self._engine.store.configurations.connections_of(request.system)}
        connection = known.get(request.connection)
        trigger = _wanted(connection, request) if connection else None
        if connection is None or trigger is None:
            await self._signals.unschedule(request.connection, request.side, request.trigger)
            return TriggerRunResult(skipped="there is no such trigger with a schedule any more")
        if connection.status is not ConnectionStatus.ACTIVE:
            return TriggerRunResult(skipped=f"the connection is {connection.status}")
        try:
            async with beating():
                return await self._run(connection, trigger)
        except PASSING as error:
            raise passing(error) from None
        except TwinlineError as error:
            raise lasting(error) from None

    async def _run(self, connection: Connection, trigger: Trigger) -> TriggerRunResult:
        opened = await self._engine.systems.opened(connection.system(trigger.side))
        settings = connection.configuration.side(trigger.side).settings
        found = await opened.connector.search(settings, trigger.query, None)
        started = hinted = full = 0
        for change in found:
            try:
                begun = await self._router.start(connection, trigger.side, change)
            except OverCapacity:
                full += 1
                continue
            if begun is not None:
                started += 1
            elif await self._hint(connection, trigger.side, change):
                hinted += 1
        return TriggerRunResult(found=len(found), started=started, hinted=hinted, full=full)

    async def _hint(self, connection: Connection, side: Side, change: Change) -> bool:
        pairs = await self._engine.store.twins.by_item(connection.system(side), change.id)
        own = [twin for twin, on in pairs if twin.connection == connection.id and on is side]
        for twin in own:
            await self._router.changed(twin, connection, Hint(side=side))
        return bool(own)


def _wanted(connection: Connection, request: TriggerRun) -> Trigger | None:
    """The trigger, if its schedule is to run it there."""
    for one in connection.configuration.named_triggers:
        if (one.side, one.name) == (request.side, request.trigger) and connection.system(one.side) == request.system:
            return one if one.active and one.schedule else None
    return None
