"""From changes in the inbox to twins: known items wake their twin, unknown ones may match a trigger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from activities.access import OpenSystem
from activities.cursors import Cursors
from activities.engine import Engine
from activities.interface import Hint
from activities.signals import Signals
from activities.trouble import troubled
from connectors.kit.interface import Change
from model.configuration import Connection
from model.errors import BadInput, OverCapacity, Unavailable
from model.frozen import Frozen
from model.inbox import InboxRow
from model.item import ItemRef
from model.plan import RuleCall
from model.trigger import Trigger
from model.twin import Twin
from model.words import Side, TwinStatus
from store import Store

BATCH = 500
AGAIN = timedelta(minutes=5)
SLACK = timedelta(minutes=2)
FORGOTTEN = timedelta(minutes=2)
PROMPT_LOOKS = 15
MAKING_LOOKS = 4

log = structlog.get_logger("twinline")


@dataclass(frozen=True)
class Routed:
    """`rows` of the inbox were looked at. `unready` says that events wait for a twin that is just being made, and not for long yet.

    `hidden` are the seconds for which the platform's index may still hide a change that we know of.
    """

    events: int = 0
    started: int = 0
    unready: bool = False
    hidden: float = 0.0
    rows: int = 0

    def plus(self, other: "Routed") -> "Routed":
        return Routed(self.events + other.events, self.started + other.started, other.unready, other.hidden, self.rows + other.rows)


class Evaluated(Frozen):
    """When a trigger was last evaluated, and until when the index may still hide a change that we know of.

    While the platform does not take the query, `problem` has its words, `refused` the first attempt and `tried` the last one; `at` is then
    still that of the last success, so that nothing is missed once the query is taken again. `waiting` items were found that had no room:
    the next search begins with `since` again, where that one did, or with all there is.
    """

    at: datetime
    until: datetime
    tried: datetime | None = None
    refused: datetime | None = None
    problem: str = ""
    since: datetime | None = None
    waiting: int = 0

    def next_since(self, lag: timedelta) -> datetime | None:
        if self.waiting or self.at == NEVER:
            return self.since
        return self.at - lag - SLACK


NEVER = datetime.min.replace(tzinfo=UTC)


class Router:
    """The only place that starts twins and wakes them for changes."""

    def __init__(self, engine: Engine, signals: Signals) -> None:
        self._engine = engine
        self._store = engine.store
        self._signals = signals

    async def drain(self, opened: OpenSystem, connections: tuple[Connection, ...], cursors: Cursors) -> Routed:
        """Route everything that waits for the system. A row is done only after its twin has the message."""
        system = opened.system
        events = 0
        unready = False
        unknown: list[int] = []
        done: list[int] = []
        rows = await self._store.inbox.pending(system.id, BATCH)
        exact, known = opened.declared.capabilities.exact_versions, {one.id: one for one in connections}
        for row in rows:
            if exact and await self._brings_nothing(row):
                done.append(row.id)
            elif await self._wake(row, known, exact=exact):
                done.append(row.id)
                events += 1
            elif await self._being_created(row):
                await self._store.inbox.postpone([row.id])
                unready = unready or row.attempts < PROMPT_LOOKS
            else:
                unknown.append(row.id)
        if done:
            await self._store.inbox.routed(done)
            for connection in connections:
                await self.tell_of_copies(connection)
        started, hidden = await self._evaluate(opened, connections, cursors, new_items=bool(unknown))
        if unknown:
            await self._store.inbox.routed(unknown)
        return Routed(events, started, unready, hidden, rows=len(rows))

    async def _brings_nothing(self, row: InboxRow) -> bool:
        """Whether the version is settled. An event stands for one change, a listing for all that there were: of it that must be certain."""
        if not row.version or row.deleted:
            return False
        return await self._store.inbox.ledger_has(row.system, row.item_id, row.version, certain=row.polled)

    async def _wake(self, row: InboxRow, known: Mapping[str, Connection], *, exact: bool) -> bool:
        pairs = await self._store.twins.by_item(row.system, row.item_id)
        for twin, side in pairs:
            connection = known.get(twin.connection) or await self._store.configurations.connection(twin.connection)
            hint = Hint(side=side, version=row.version if exact and not row.polled else "", deleted=row.deleted)
            await self.changed(twin, connection, hint)
        return bool(pairs)

    async def changed(self, twin: Twin, connection: Connection, hint: Hint) -> None:
        """Queue a transaction, then tell the twin, whose connection that is."""
        await self._store.transactions.queue(twin.id, hint.side, forced=hint.force)
        await self._signals.item_changed(twin, connection, hint)

    async def rouse(self, connection: Connection) -> None:
        """Tell twins again of what has waited too long: a queued change, an activation, their very beginning.

        A workflow that is parked though its twin is not goes on, too.
        """
        before = self._engine.now() - FORGOTTEN
        neglected = await self._store.twins.neglected(connection.id, before)
        if neglected.held:
            for twin in await self._store.twins.held(connection.id, BATCH):
                await self._signals.resume(twin, connection)
        if neglected.unbegun:
            for twin in await self._store.twins.unbegun(connection.id, before, BATCH):
                await self.changed(twin, connection, Hint(side=twin.origin))
        if neglected.forgotten:
            for waiting in await self._store.transactions.forgotten(connection.id, before, BATCH):
                twin = await self._store.twins.get(waiting.twin)
                await self._signals.item_changed(twin, connection, Hint(side=waiting.source))
                await self._signals.resume(twin, connection)
        if neglected.arrived:
            await self.tell_of_copies(connection)

    async def tell_of_copies(self, connection: Connection) -> None:
        """Have rules run once more that asked for the copy of an item when there was none, also where that is why they failed.

        Unavailable if Temporal cannot be reached: who was not told is told by the next poll.
        """
        for id, side, item in await self._store.awaited.arrived(connection.id, BATCH):  # noqa: A001
            twin = await self._store.twins.get(id)
            await self.changed(twin, connection, Hint(side=side, force=True))
            if not await self._waits_for_a_person(twin, side.other):
                await self._signals.resume(twin, connection)
            await self._store.awaited.tell(id, side, item)

    async def _waits_for_a_person(self, twin: Twin, side: Side) -> bool:
        """Whether nobody knows what became of a rule's call: whoever goes on then is taken to have looked."""
        calls = [one for one in await self._store.journal.unsettled(twin.id, side) if isinstance(one.step, RuleCall)]
        return any(one.recovering_since is not None for one in calls)

    async def _being_created(self, row: InboxRow) -> bool:
        """Whether a twin is just creating that item and has not recorded it yet; of one without a marker, whether any may be.

        That is waited for only a short time, or new items of people would wait as long as others are made; a deleted one is not new.
        """
        if row.marker is None:
            return (row.deleted or row.attempts < MAKING_LOOKS) and await self._store.twins.making(row.system)
        twin = await self._store.twins.find(row.marker)
        return twin is not None and twin.status is not TwinStatus.UNLINKED and twin.item(twin.origin.other) is None

    async def start(self, connection: Connection, side: Side, change: Change) -> Twin | None:
        """A new twin for that item, told to begin.

        None where it has one, is itself the copy that a twin of this connection made, or was unlinked: who ended a sync, or deleted the
        copy, does not want another one. Raises OverCapacity where the integration has no room for it.
        """
        maker = await self._store.twins.find(change.marker) if change.marker else None
        if maker is not None and maker.connection == connection.id:
            return None
        twin = await self._store.twins.start(connection.id, side, ItemRef(id=change.id, key=change.key, url=""), anew=False)
        if twin is not None:
            await self.changed(twin, connection, Hint(side=side))
        return twin

    async def _evaluate(
        self, opened: OpenSystem, connections: tuple[Connection, ...], cursors: Cursors, *, new_items: bool
    ) -> tuple[int, float]:
        started, hidden = 0, 0.0
        for connection in connections:
            for trigger in connection.configuration.triggers:
                if not trigger.active or connection.system(trigger.side) != opened.system.id:
                    continue
                last = noted(cursors[trigger.scope(connection.id)])
                if await self._is_due(connection, last, new_items=new_items):
                    twins, seconds, done = await self._evaluate_one(opened, connection, trigger, last, new_items=new_items)
                    await cursors.save(trigger.scope(connection.id), done.model_dump_json())
                    started, hidden = started + twins, max(hidden, seconds)
        return started, hidden

    async def _evaluate_one(
        self, opened: OpenSystem, connection: Connection, trigger: Trigger, last: Evaluated | None, *, new_items: bool
    ) -> tuple[int, float, Evaluated]:
        """How many twins began, for how many seconds the index may still hide items, and what to note of it.

        It is asked once more when that time is over.
        """
        now = self._engine.now()
        lag = _lag(opened)
        since = last.next_since(lag) if last else None
        try:
            found = await self._search(opened, connection, trigger, since)
        except BadInput as error:
            log.warning("trigger refused", connection=connection.id, side=trigger.side, system=opened.system.id)
            known = last or Evaluated(at=NEVER, until=NEVER)
            refused = known.model_copy(update={"tried": now, "refused": known.refused or now, "problem": error.message})
            return 0, 0.0, refused
        begun, waiting = await self._begin(connection, trigger.side, found)
        until = now + lag if new_items or last is None or last.problem else last.until
        done = Evaluated(at=now, until=until, since=since, waiting=waiting)
        return begun, (until - now).total_seconds(), done

    async def _search(self, opened: OpenSystem, connection: Connection, trigger: Trigger, since: datetime | None) -> tuple[Change, ...]:
        try:
            return await opened.connector.search(connection.configuration.side(trigger.side).settings, trigger.query, since)
        except Unavailable as error:
            await troubled(self._store, opened.system.id, error.message, self._engine.now())
            raise

    async def _is_due(self, connection: Connection, last: Evaluated | None, *, new_items: bool) -> bool:
        """Whether a search may bring something: there are new items, the index lagged, some time is over, or there is room again."""
        now = self._engine.now()
        if last is None:
            return True
        if last.problem:
            return last.tried is None or now - last.tried >= AGAIN
        if new_items or last.at < last.until or now - last.at >= AGAIN:
            return True
        return bool(last.waiting) and (await self._store.capacities.usage(connection.integration)).room != 0

    async def _begin(self, connection: Connection, side: Side, found: Iterable[Change]) -> tuple[int, int]:
        """How many twins began, and for how many items there was no room."""
        begun, waiting = 0, 0
        for change in found:
            try:
                begun += await self.start(connection, side, change) is not None
            except OverCapacity:
                waiting += 1
        return begun, waiting


async def evaluated(store: Store, connection: Connection, trigger: Trigger) -> Evaluated | None:
    """None where it never was."""
    return noted(await store.inbox.cursor(*place(connection, trigger)))


def place(connection: Connection, trigger: Trigger) -> tuple[str, str]:
    """The system and the scope of the cursor that tells how the trigger was evaluated."""
    return connection.system(trigger.side), trigger.scope(connection.id)


def noted(text: str) -> Evaluated | None:
    """What that cursor says."""
    return Evaluated.model_validate_json(text) if text else None


def _lag(opened: OpenSystem) -> timedelta:
    own = opened.system.search_lag_seconds
    return timedelta(seconds=opened.declared.capabilities.search_lag if own is None else own)
