"""What people see of triggers, what one would do, and how it is switched."""

import asyncio
from collections.abc import Iterable

from activities.access import Systems
from activities.routing import NEVER, evaluated
from activities.signals import Signals
from connectors import declaration
from connectors.kit.interface import Change
from model.configuration import Connection
from model.deployment import Deployment
from model.errors import BadInput, Unavailable
from model.trigger import Trigger, named
from model.words import Side, TwinStatus
from operations import deployment
from operations.views import DryRun, FoundItem, TriggerSwitched, TriggerView
from store import Store

LISTED = 100
PATIENCE_SECONDS = 25.0
_ORDER = ("free", "unlinked", "synced")


async def listed(store: Store, name: str) -> tuple[TriggerView, ...]:
    """In the order in which they are declared. BadInput if there is no such connection."""
    connection = await store.configurations.connection(name)
    return tuple([await _view(store, connection, one) for one in connection.configuration.named_triggers])


async def shown(store: Store, name: str, side: Side, trigger: str) -> TriggerView:
    """BadInput naming those of that side if there is none of that name."""
    connection = await store.configurations.connection(name)
    return await _view(store, connection, found(connection.configuration.named_triggers, name, side, trigger))


async def dry_run(store: Store, systems: Systems, name: str, side: Side, trigger: str, limit: int = LISTED) -> DryRun:
    """What the saved trigger would do now. Raises as `dry_run_of` does, and BadInput as `shown`."""
    connection = await store.configurations.connection(name)
    wanted = found(connection.configuration.named_triggers, name, side, trigger)
    return await dry_run_of(store, systems, name, side, wanted.query, limit)


async def dry_run_of(store: Store, systems: Systems, name: str, side: Side, query: str, limit: int = LISTED) -> DryRun:
    """What a trigger with that query would do now, with `limit` of its items. Nothing is written.

    BadInput with the platform's own words if it does not take the query; other `model.errors` if it cannot tell.
    """
    connection = await store.configurations.connection(name)
    changes = await _search(systems, connection, side, query)
    items = [await _judged(store, connection, one, known) for one, known in await _known(store, connection, side, changes)]
    items.sort(key=lambda one: _ORDER.index(one.under))
    counts = {under: sum(1 for one in items if one.under == under) for under in _ORDER}
    return DryRun(
        connection=name,
        side=side,
        query=query,
        starts=counts["free"],
        synced=counts["synced"],
        unlinked=counts["unlinked"],
        items=tuple(items[:limit]),
        left_out=max(0, len(items) - limit),
    )


async def switch(store: Store, signals: Signals, name: str, side: Side, trigger: str, *, active: bool, who: str) -> TriggerSwitched:
    """Switch it on or off, as a new version that is applied as a deployment file is; raises what that does, and BadInput as `shown`."""
    connection = await store.configurations.connection(name)
    wanted = found(connection.configuration.named_triggers, name, side, trigger)
    warnings: tuple[str, ...] = ()
    if wanted.active is not active:
        now = await store.configurations.deployment()
        configured = connection.configuration
        triggers = tuple(
            one.model_copy(update={"active": active}) if (called.side, called.name) == (side, trigger) else one
            for called, one in zip(configured.named_triggers, configured.triggers, strict=True)
        )
        changed = now.connections[name].model_copy(update={"triggers": triggers, "active": None})
        warnings = (await deployment.apply(store, signals, Deployment(workspace=now.workspace, connections={name: changed}), who)).warnings
    version = (await store.configurations.connection(name)).version
    return TriggerSwitched(
        connection=name, side=side, trigger=trigger, active=active, changed=wanted.active is not active, version=version, warnings=warnings
    )


def found(triggers: Iterable[Trigger], connection: str, side: Side, name: str) -> Trigger:
    of_side = [one for one in named(tuple(triggers)) if one.side is side]
    for one in of_side:
        if one.name == name:
            return one
    known = f"those are {', '.join(one.name for one in of_side)}" if of_side else "that side has none"
    raise BadInput(f"{connection} has no trigger {name!r} on its {side} side; {known}")


async def _view(store: Store, connection: Connection, trigger: Trigger) -> TriggerView:
    system = await store.configurations.system(connection.system(trigger.side))
    settings = connection.configuration.side(trigger.side).settings
    last = await evaluated(store, connection, trigger)
    return TriggerView(
        connection=connection.id,
        side=trigger.side,
        name=trigger.name,
        system=system.id,
        entity=declaration(system.kind).entity(settings, trigger.query),
        query=trigger.query,
        notes=trigger.notes,
        active=trigger.active,
        schedule=trigger.schedule,
        evaluated=last.at if last and last.at > NEVER else None,
        problem=last.problem if last else "",
    )


async def _search(systems: Systems, connection: Connection, side: Side, query: str) -> tuple[Change, ...]:
    opened = await systems.opened(connection.system(side))
    settings = connection.configuration.side(side).settings
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await opened.connector.check_query(settings, query)
            return await opened.connector.search(settings, query, None)
    except TimeoutError as error:
        message = f"{opened.system.id} did not list what matches {query!r} within {PATIENCE_SECONDS:g} s; narrow the query, or try again"
        raise Unavailable(message) from error


async def _known(store: Store, connection: Connection, side: Side, changes: tuple[Change, ...]) -> list[tuple[Change, bool | None]]:
    """Each item once, with whether its twin is live, None where it never had one."""
    once = {one.id: one for one in changes}
    twins = await store.twins.of_items(connection.id, side, once)
    return [(one, twins.get(one.id)) for one in once.values()]


async def _judged(store: Store, connection: Connection, item: Change, live: bool | None) -> FoundItem:
    """As the start of a twin would judge it: a copy that a twin of the connection made belongs to that one."""
    if live is None and item.marker:
        maker = await store.twins.find(item.marker)
        if maker is not None and maker.connection == connection.id:
            live = maker.status is not TwinStatus.UNLINKED
    return FoundItem(id=item.id, key=item.key, under="free" if live is None else "synced" if live else "unlinked")
