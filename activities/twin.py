"""The activities of a twin: load, look at the gate, do the work, turn errors into what Temporal understands."""

import contextlib

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import apply, fetch, transform
from activities.effects import HELD, InDoubt
from activities.engine import Engine
from activities.failures import PASSING, lasting, passing, without_content
from activities.heartbeat import beating
from activities.interface import (
    ApplyRequest,
    ApplyResult,
    FetchRequest,
    FetchResult,
    Outcome,
    TransformRequest,
    TransformResult,
    TwinActivities,
    UnlinkRequest,
)
from activities.routing import Router
from model.errors import Ambiguous, Overtaken, RateLimited, Refused, ScriptFailed, TwinlineError, Unavailable
from model.plan import CreateItem
from model.twin import StoredPlan, StoredReplica, Twin
from model.words import Stage, TwinStatus
from store.fencing import SETTLED

ALREADY = "done by an earlier attempt"


class SyncActivities(TwinActivities):
    def __init__(self, engine: Engine, router: Router) -> None:
        self._engine = engine
        self._router = router
        self._store = engine.store

    @activity.defn(name="fetch")
    async def fetch(self, request: FetchRequest) -> FetchResult:
        twin = await self._store.twins.get(request.twin)
        if twin.status is TwinStatus.UNLINKED:
            await self._store.transactions.discard(twin.id)
            return FetchResult(outcome=Outcome.UNLINKED, summary=twin.reason)
        if await self._store.twins.hold_unless_active(twin.id) is not None:
            return FetchResult(outcome=Outcome.HELD, summary=HELD)
        transaction = await self._store.transactions.begin(twin.id, request.source)
        try:
            async with beating():
                return await fetch.fetch(self._engine, self._router, twin, transaction, request)
        except TwinlineError as error:
            return FetchResult(outcome=await self._set_aside(twin, transaction.id, error), summary=without_content(error))

    @activity.defn(name="transform")
    async def transform(self, request: TransformRequest) -> TransformResult:
        twin = await self._store.twins.get(request.twin)
        if twin.status is TwinStatus.UNLINKED:
            return TransformResult(outcome=Outcome.UNLINKED, summary=twin.reason, status=twin.status)
        stored = await self._store.replicas.get(request.replica)
        await self._require_unparked(stored)
        try:
            async with beating():
                return await transform.transform(self._engine, self._router, twin, stored)
        except TwinlineError as error:
            if await self._settled(stored):
                return TransformResult(outcome=Outcome.NOTHING, summary=ALREADY, status=await self._status(twin))
            return TransformResult(outcome=await self._set_aside(twin, stored.transaction, error), summary=without_content(error))

    @activity.defn(name="apply")
    async def apply(self, request: ApplyRequest) -> ApplyResult:
        twin = await self._store.twins.get(request.twin)
        if twin.status is TwinStatus.UNLINKED:
            return ApplyResult(outcome=Outcome.UNLINKED, summary=twin.reason, status=twin.status)
        plan = await self._store.plans.get(request.plan)
        stored = await self._store.replicas.get(plan.replica)
        await self._require_unparked(stored)
        if await self._store.twins.hold_unless_active(twin.id) is not None:
            await self._store.transactions.advance(stored.transaction, Stage.HELD, reason=HELD)
            return ApplyResult(outcome=Outcome.HELD, summary=HELD)
        try:
            async with beating():
                done = await apply.apply(self._engine, twin, stored, plan)
                await self._tell_of_copy(twin, plan)
                return done
        except TwinlineError as error:
            if await self._settled(stored):
                await self._tell_of_copy(twin, plan)
                status, goes_on = await self._status(twin), plan.plan.goes_on
                return ApplyResult(outcome=Outcome.APPLIED, summary=ALREADY, status=status, send_back=True, goes_on=goes_on)
            return ApplyResult(outcome=await self._set_aside(twin, stored.transaction, error), summary=without_content(error))

    async def _tell_of_copy(self, twin: Twin, stored: StoredPlan) -> None:
        """The twins that wait for the copy that the plan made; where that fails, the next poll does it."""
        if any(isinstance(step, CreateItem) for step in stored.plan.steps):
            with contextlib.suppress(Unavailable):
                await self._router.tell_of_copies(await self._store.configurations.connection(twin.connection))

    @activity.defn(name="unlink")
    async def unlink(self, request: UnlinkRequest) -> None:
        await self._store.twins.set_status(request.twin, TwinStatus.UNLINKED, request.reason)

    async def _require_unparked(self, stored: StoredReplica) -> None:
        """Another attempt may have parked the transaction and ended before it could say so."""
        transaction = await self._store.transactions.get(stored.transaction)
        if transaction.stage is Stage.ERROR:
            raise lasting(Refused(transaction.reason))

    async def _settled(self, stored: StoredReplica) -> bool:
        """Whether another attempt came to its end, so that an error of this one is of no account."""
        return (await self._store.transactions.get(stored.transaction)).stage in SETTLED

    async def _status(self, twin: Twin) -> TwinStatus:
        return (await self._store.twins.get(twin.id)).status

    async def _set_aside(self, twin: Twin, transaction: int, error: TwinlineError) -> Outcome:
        """HELD if the twin waits for its connection, LATER if other rules were published meanwhile.

        Raises what heals by itself, and what is parked.
        """
        if isinstance(error, PASSING):
            await self._store.transactions.explain(transaction, error.message)
            raise _again(error) from None
        if isinstance(error, ScriptFailed) and await self._engine.begins_anew(twin, transaction):
            return Outcome.LATER
        if await self._engine.park(twin, transaction, error):
            return Outcome.HELD
        raise lasting(error) from None


def _again(error: Unavailable | RateLimited | Ambiguous | Overtaken) -> ApplicationError:
    return passing(error, error.wait if isinstance(error, InDoubt) else None)
