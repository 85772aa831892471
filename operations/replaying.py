"""Replay: another version's rules over what recorded transactions sent, to see what would have come out differently. Nothing is written."""

from activities.access import Systems
from activities.engine import Engine, Place, place
from activities.knowledge import ask_of, pretended
from activities.people import incoming
from activities.ruling import Ruling
from model.configuration import Configuration, Connection
from model.errors import TwinlineError
from model.frozen import Frozen
from model.item import Fields
from model.plan import Plan
from model.twin import Recorded
from model.words import Side, VersionStatus
from operations.predictions import Failure, PropertyChange
from operations.testing import failure
from rules.interface import Received
from store import Store
from sync.canonical import VOLATILE, same

MOST = 1000

ONLY_SENT = "what the other item had is not on record, since nothing was written to it; only the replica is compared"
NO_FORMER = "the replica before it is no longer on record"


class Replayed(Frozen):
    """One transaction, from the value that it had to the one that it would have had.

    `replica` has what differs in what was sent, `properties` in what the incoming rule asked for. `notes` say what could not be replayed,
    and `error` why the transaction would have been parked.
    """

    transaction: int
    twin: str
    item: str
    source: Side
    version: int
    replica: tuple[PropertyChange, ...] = ()
    properties: tuple[PropertyChange, ...] = ()
    notes: tuple[str, ...] = ()
    error: Failure | None = None

    @property
    def differs(self) -> bool:
        return bool(self.replica or self.properties or self.error)


class Replay(Frozen):
    """Newest first, also those of which nothing would have come out differently."""

    connection: str
    version: int
    status: VersionStatus
    transactions: tuple[Replayed, ...]


async def run(store: Store, systems: Systems, name: str, *, version: int, last: int) -> Replay:
    """Run that version's rules over what the latest `last` transactions sent. BadInput if there is no such connection or version.

    What rules look up on a platform is looked up as it is now.
    """
    connection = await store.configurations.connection(name)
    tried = await store.versions.get(name, version)
    engine = Engine(store, systems, Ruling(store.database.now), b"", store.database.now)
    recorded = await store.searching.recorded(name, last)
    found = [await _replayed(engine, connection, tried.configuration, one) for one in recorded]
    return Replay(connection=name, version=version, status=tried.status, transactions=tuple(found))


async def _replayed(engine: Engine, connection: Connection, tried: Configuration, one: Recorded) -> Replayed:
    stored = one.replica
    result = Replayed(
        transaction=stored.transaction, twin=stored.twin, item=stored.item.ref.key, source=stored.source, version=stored.version
    )
    notes = (NO_FORMER,) if stored.sequence > 1 and not one.previous else ()
    try:
        sent = await _sent(engine, connection, tried, one)
        changed = differences(stored.payload, sent)
        if one.plan is None:
            return result.model_copy(update={"replica": changed, "notes": (*notes, ONLY_SENT)})
        former = await engine.store.configurations.configuration(connection.id, stored.version)
        asked = await _asked(engine, connection, former, one, stored.payload, one.plan)
        wanted = await _asked(engine, connection, tried, one, sent, one.plan)
    except TwinlineError as error:
        return result.model_copy(update={"notes": notes, "error": failure(error)})
    return result.model_copy(update={"replica": changed, "properties": differences(asked, wanted), "notes": notes})


def differences(old: Fields, new: Fields) -> tuple[PropertyChange, ...]:
    """By name; null stands for what one of them has not."""
    names = sorted(name for name in (old.keys() | new.keys()) - VOLATILE if not same(old.get(name), new.get(name)))
    return tuple(PropertyChange(name=name, old=old.get(name), new=new.get(name)) for name in names)


async def _sent(engine: Engine, connection: Connection, tried: Configuration, one: Recorded) -> Fields:
    source = await place(engine, connection, tried, one.replica.source)
    first = one.replica.sequence == 1
    ask = ask_of(engine, source)
    return await engine.ruling.outgoing(connection, tried, source.side, one.replica.item, one.previous, ask, first=first)


async def _asked(engine: Engine, connection: Connection, tried: Configuration, one: Recorded, payload: Fields, plan: Plan) -> Fields:
    """The properties that the incoming rule of `tried` asks for, on the item as it was when the plan was made."""
    source: Place = await place(engine, connection, tried, one.replica.source)
    target = await place(engine, connection, tried, one.replica.source.other)
    received = Received(replica=payload, previous=one.previous, item=plan.target)
    outcome = await incoming(engine, source, target, received, ask_of(engine, target, pretended), first=plan.target is None)
    return outcome.fields
