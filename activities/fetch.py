"""Fetch: read the source item, run its outgoing rule, and see whether there is anything new to send."""

from activities.absence import ends_the_twin, read_there
from activities.bringing import bring
from activities.engine import Engine, Place, configured, place
from activities.interface import FetchRequest, FetchResult, Outcome
from activities.knowledge import ask_of
from activities.recovery import recover
from activities.routing import Router
from model.agreement import Base
from model.errors import Gone, NotFound
from model.item import Fields, Item, ItemRef
from model.settlement import Confirmed
from model.twin import Transaction, Twin
from model.words import Stage, TwinStatus
from rules.interface import Sent
from sync.echo import is_echo


async def fetch(engine: Engine, router: Router, twin: Twin, transaction: Transaction, request: FetchRequest) -> FetchResult:
    """Errors of `model.errors` where the item, the rule or the platform stands in the way."""
    connection = await engine.store.configurations.connection(twin.connection)
    configuration = await configured(engine, connection, transaction.version)
    request = request.model_copy(update={"force": request.force or transaction.forced})
    source = await place(engine, connection, configuration, request.source)
    before, twin = twin, (await recover(engine, twin, request.source)).twin
    recovered = twin.revision != before.revision
    behind = bool(await engine.store.journal.unsettled(twin.id, request.source.other))
    ref = twin.item(request.source)
    if ref is None:
        await engine.store.transactions.advance(transaction.id, Stage.UNCHANGED, reason="there is no item on that side yet")
        return FetchResult(outcome=Outcome.UNCHANGED, transaction=transaction.id)
    if not behind and await _settled_before(engine, source, ref, request):
        await _unchanged(engine, twin, transaction, TwinStatus.CONFLICT if await _is_held(engine, twin) else TwinStatus.SYNCHRONIZED)
        return FetchResult(outcome=Outcome.UNCHANGED, transaction=transaction.id, recovered=recovered)
    state = await engine.store.twins.state(twin.id)
    if request.source is not twin.origin and state.base(twin.origin).item is None:
        return await _later(engine, twin, transaction)
    try:
        item = await read_there(source, ref.id)
    except (Gone, NotFound) as absent:
        if not ends_the_twin(source, absent, told_deleted=request.deleted):
            raise
        return await _gone(engine, twin, transaction, absent)
    base = state.base(request.source)
    payload = await _payload(engine, router, source, item, base)
    expected = base.item is not None and not request.force and not behind and is_echo(payload, base.replica)
    if expected and not await _is_held(engine, twin):
        await _unchanged(engine, twin, transaction, TwinStatus.SYNCHRONIZED)
        if source.declared.capabilities.exact_versions:
            await engine.store.inbox.confirm(Confirmed(system=source.system.id, item=ref.id, version=item.version, certain=True))
        return FetchResult(outcome=Outcome.UNCHANGED, transaction=transaction.id, recovered=recovered)
    stored = await engine.store.replicas.add(
        twin.id, request.source, transaction.id, transaction.version, payload, item, transaction.attempts
    )
    summary = f"{item.ref.key} read from {source.system.id}"
    return FetchResult(outcome=Outcome.FETCHED, replica=stored.id, transaction=transaction.id, summary=summary, recovered=recovered)


async def _payload(engine: Engine, router: Router, source: Place, item: Item, base: Base) -> Fields:
    sent = await sent_by(engine, source, item, base)
    await bring(engine.store, router, source, sent.also)
    return sent.fields


async def sent_by(engine: Engine, source: Place, item: Item, base: Base) -> Sent:
    """What the outgoing rule of `source` makes of the item."""
    return await engine.ruling.sending(
        source.connection, source.configuration, source.side, item, base.replica, ask_of(engine, source), first=base.item is None
    )


async def _settled_before(engine: Engine, source: Place, ref: ItemRef, request: FetchRequest) -> bool:
    """Whether the hint names a version that brings nothing new. A deletion may name the last version that there was."""
    if not request.version or request.force or request.deleted:
        return False
    return await engine.store.inbox.ledger_has(source.system.id, ref.id, request.version)


async def _later(engine: Engine, twin: Twin, transaction: Transaction) -> FetchResult:
    """The side that began the twin goes first: until it was in line once, what the other has of its own is not known."""
    reason = f"waits for the first sync from {twin.origin}"
    await engine.store.transactions.explain(transaction.id, reason)
    return FetchResult(outcome=Outcome.LATER, transaction=transaction.id, summary=reason)


async def _gone(engine: Engine, twin: Twin, transaction: Transaction, gone: Gone | NotFound) -> FetchResult:
    reason = f"{gone.message}; the other item stays as it is"
    await engine.store.transactions.advance(transaction.id, Stage.APPLIED, summary="unlinked", reason=reason)
    await engine.store.twins.set_status(twin.id, TwinStatus.UNLINKED, reason)
    return FetchResult(outcome=Outcome.GONE, transaction=transaction.id, summary=reason)


async def _is_held(engine: Engine, twin: Twin) -> bool:
    """Whether a conflict waits for a person: then also what was expected may bring news, as a value that was taken back."""
    return any(one.resolved is None for one in await engine.store.conflicts.of_twin(twin.id))


async def _unchanged(engine: Engine, twin: Twin, transaction: Transaction, status: TwinStatus) -> None:
    if await engine.store.transactions.advance(transaction.id, Stage.UNCHANGED) and twin.status is not status:
        await engine.store.twins.set_status(twin.id, status)
