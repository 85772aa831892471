"""Making what is configured match a deployment file."""

from collections.abc import Collection, Mapping, Sequence

from activities.signals import Signals
from model.deployment import Deployment
from model.trigger import Trigger, named
from model.words import ConnectionStatus, TwinStatus
from operations.changing import changes
from operations.declared import Wanted, completed
from operations.difference import differences
from operations.probing import refused
from operations.problems import Problem, Rejected, joined
from operations.soundness import unsound
from operations.telling import told
from operations.views import Application, Difference
from store import Store

PAGE = 100


async def preview(store: Store, declared: Deployment) -> Application:
    """What `apply` would change. Rejected with everything that is wrong, found without and then with the systems' help."""
    store.audit.leave_out()
    wanted = await _checked(store, declared)
    return Application(differences=await _differences(store, wanted), applied=False)


async def apply(store: Store, signals: Signals, declared: Deployment, who: str = "") -> Application:
    """Make the deployment match; what `declared` does not mention stays. Rejected, with nothing done, if anything is wrong.

    Versions that this makes active are published by `who`.
    """
    wanted = await _checked(store, declared)
    found = await _differences(store, wanted)
    for change in changes(wanted, found):
        store.audit.note(change.subject, before=change.before, after=change.after)
    await store.configurations.match(wanted.declared, who)
    former = {name: named(one.triggers) for name, one in wanted.now.connections.items()}
    warnings = await tell(store, signals, wanted.declared.connections, former)
    changed = [one.name for one in found if one.what == "connection" and one.action == "change"]
    parked = [await retry_parked(store, signals, name) for name in changed]
    halted = [f"{one.name} stays deactivated: {one.reason}" for one in await store.configurations.connections() if one.halted]
    used = [one for usage in await store.capacities.usages() for one in usage.warnings()]
    return Application(
        differences=found,
        applied=True,
        warnings=tuple(dict.fromkeys((*warnings, *(one for some in parked for one in some), *halted, *used))),
    )


async def _checked(store: Store, declared: Deployment) -> Wanted:
    called = {one.name: one.id for one in await store.configurations.connections()}
    declared = declared.model_copy(update={"connections": {called.get(name, name): one for name, one in declared.connections.items()}})
    wanted = completed(await store.configurations.deployment(), declared)
    problems = (*unsound(wanted), *await _uprooted(store, wanted))
    Rejected.unless_none((*problems, *await refused(wanted, problems)))
    return wanted


async def _uprooted(store: Store, wanted: Wanted) -> tuple[Problem, ...]:
    """Connections that would move to other systems while their twins name items of the former ones."""
    found: list[Problem] = []
    for connection in await store.configurations.connections():
        name = wanted.whole.connections[connection.id].integration
        ends = wanted.whole.integrations.get(name)
        if ends is None or (ends.left, ends.right) == (connection.left_system, connection.right_system):
            continue
        counts = await store.twins.counts(connection.id)
        if sum(counts.values()) > counts[TwinStatus.UNLINKED]:
            message = f"has twins of {connection.left_system} ⇄ {connection.right_system}; declare a new connection for other systems"
            found.append(Problem(place=joined("connections", connection.id), message=message))
    return tuple(found)


async def _differences(store: Store, wanted: Wanted) -> tuple[Difference, ...]:
    return differences(wanted, {one.id: one for one in await store.configurations.connections()})


async def retry_parked(store: Store, signals: Signals, name: str) -> tuple[str, ...]:
    """A new version may have corrected what parked the connection's twins."""
    connection = await store.configurations.connection(name)
    warnings: tuple[str, ...] = ()
    after = ""
    while twins := await store.twins.listing(name, TwinStatus.ERROR, limit=PAGE, after=after):
        warnings += await told(*(signals.retry(twin, connection) for twin in twins))
        after = twins[-1].id
    return warnings


async def tell(store: Store, signals: Signals, names: Collection[str], former: Mapping[str, Sequence[Trigger]]) -> tuple[str, ...]:
    """Have the connections taken up as they are configured now; `former` are the triggers that each had.

    Sent for all of them, changed or not, so that repeating a command makes up for messages that were not delivered.
    """
    connections = [one for one in await store.configurations.connections() if one.id in names]
    live = {system for one in connections if one.status is ConnectionStatus.ACTIVE for system in (one.left_system, one.right_system)}
    feeds = [signals.wake_feed(await store.configurations.system(name)) for name in sorted(live)]
    changed = [signals.connection_changed(one.id, active=one.status is ConnectionStatus.ACTIVE) for one in connections]
    scheduled = [signals.schedule(one, former.get(one.id, ())) for one in connections]
    return await told(*feeds, *changed, *scheduled)
