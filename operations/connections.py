"""What people see of connections, and how they pause and resume them."""

from activities.signals import Signals
from model.configuration import Connection
from model.words import ConnectionStatus
from operations.telling import told
from operations.views import ConnectionDetail, ConnectionView, Switched
from store import Store

QUEUE_SHOWN = 1000


async def listed(store: Store) -> tuple[ConnectionView, ...]:
    return tuple([await _view(store, one) for one in await store.configurations.connections()])


async def shown(store: Store, name: str) -> ConnectionDetail:
    """BadInput naming the known connections if there is none of that name."""
    connection = await store.configurations.connection(name)
    view = await _view(store, connection)
    return ConnectionDetail(**dict(view), configuration=connection.configuration)


async def activate(store: Store, signals: Signals, name: str) -> Switched:
    """Open the gate, then wake what waits behind it: held twins and the feeds of both systems."""
    connection = await store.configurations.connection(name)
    changed = await store.configurations.set_status(name, ConnectionStatus.ACTIVE)
    systems = [await store.configurations.system(one) for one in sorted({connection.left_system, connection.right_system})]
    feeds = [signals.wake_feed(system) for system in systems]
    warnings = await told(signals.connection_changed(name, active=True), *feeds)
    return Switched(connection=name, status=ConnectionStatus.ACTIVE, changed=changed, warnings=warnings)


async def deactivate(store: Store, signals: Signals, name: str) -> Switched:
    """Close the gate, which is one row. Changes queue until the connection is activated."""
    await store.configurations.connection(name)
    changed = await store.configurations.set_status(name, ConnectionStatus.DEACTIVATED)
    warnings = await told(signals.connection_changed(name, active=False))
    return Switched(connection=name, status=ConnectionStatus.DEACTIVATED, changed=changed, warnings=warnings)


async def _view(store: Store, connection: Connection) -> ConnectionView:
    return ConnectionView(
        **connection.model_dump(exclude={"configuration"}),
        twins=await store.twins.counts(connection.id),
        queue=len(await store.transactions.waiting(connection.id, QUEUE_SHOWN)),
    )
