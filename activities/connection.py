"""What a connection needs done: waking the twins that were held while it was not active."""

from aiolimiter import AsyncLimiter
from temporalio import activity

from activities.engine import Engine
from activities.failures import PASSING, passing
from activities.interface import ConnectionActivities, ResumeRequest, ResumeResult
from activities.signals import Signals
from model.words import ConnectionStatus

PAGE = 200
RESUMED_PER_SECOND = 100


class Resuming(ConnectionActivities):
    def __init__(self, engine: Engine, signals: Signals) -> None:
        self._store = engine.store
        self._signals = signals

    @activity.defn(name="resume_held")
    async def resume_held(self, request: ResumeRequest) -> ResumeResult:
        connection = await self._store.configurations.connection(request.connection)
        if connection.status is not ConnectionStatus.ACTIVE:
            return ResumeResult()
        pace = AsyncLimiter(RESUMED_PER_SECOND / 10, 0.1)
        twins = await self._store.twins.held(request.connection, PAGE, request.after)
        try:
            for twin in twins:
                await pace.acquire()
                await self._signals.resume(twin, connection)
                activity.heartbeat()
        except PASSING as error:
            raise passing(error) from None
        return ResumeResult(resumed=len(twins), after=twins[-1].id if len(twins) == PAGE else "")
