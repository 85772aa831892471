"""What people see of connections, and how they pause and resume them."""

from collections.abc import Collection

from pydantic import JsonValue

from activities.signals import Signals
from model.configuration import Connection
from model.words import ConnectionStatus, Side
from operations import capacity
from operations.standstill import standstill
from operations.telling import told
from operations.views import ConnectionDetail, ConnectionView, Switched
from store import Store

QUEUE_SHOWN = 1000
BOTH_ENDS = tuple(Side)


async def listed(store: Store) -> tuple[ConnectionView, ...]:
    """By a fixed number of queries, however many there are."""
    connections = await store.configurations.connections()
    twins = await store.twins.counts_of([one.id for one in connections])
    queues = await store.movements.queues()
    cursors = await store.inbox.cursors({system for one in connections for system in (one.left_system, one.right_system)})
    return tuple(
        ConnectionView(
            **one.model_dump(exclude={"configuration"}),
            twins=twins[one.id],
            queue=min(queues.get(one.id, 0), QUEUE_SHOWN),
            waiting=capacity.without_room(one, cursors),
        )
        for one in connections
    )


async def shown(store: Store, name: str) -> ConnectionDetail:
    """BadInput naming the known connections if there is none of that name."""
    connection = await store.configurations.connection(name)
    view = await _view(store, connection)
    return ConnectionDetail(**dict(view), configuration=connection.configuration, standstill=standstill(view))


async def activate(store: Store, signals: Signals, name: str, sides: Collection[Side] = BOTH_ENDS) -> Switched:
    """Activate these ends. With both of them the gate is open: what waits behind it is woken, held twins and both systems' feeds.

    BadInput, and nothing changes, if there is no such connection or it is Pending.
    """
    changed = await _switch(store, name, sides, active=True)
    return await switched(store, signals, name, changed=changed)


async def deactivate(store: Store, signals: Signals, name: str, sides: Collection[Side] = BOTH_ENDS) -> Switched:
    """Deactivate these ends: one closes the gate, which is one row. Changes queue until both are active again. Raises as `activate`."""
    changed = await _switch(store, name, sides, active=False)
    return await switched(store, signals, name, changed=changed)


async def accept(store: Store, signals: Signals, name: str) -> Switched:
    """Let a Pending connection begin. BadInput if there is no such connection or it is not Pending."""
    store.audit.note(name, before={"status": ConnectionStatus.PENDING})
    await store.lifecycles.accept(name)
    return await switched(store, signals, name, changed=True)


async def _switch(store: Store, name: str, sides: Collection[Side], *, active: bool) -> bool:
    connection = await store.configurations.connection(name)
    before: dict[str, JsonValue] = {"status": connection.status, "left": connection.left_active, "right": connection.right_active}
    store.audit.note(connection.name, before=before, after={side.value: active for side in sides})
    return await store.lifecycles.switch(name, sides, active=active)


async def switched(store: Store, signals: Signals, name: str, *, changed: bool) -> Switched:
    """Tell workflows how the connection is switched by now. Told also where nothing changed, to make up for a message that was lost."""
    connection = await store.configurations.connection(name)
    active = connection.status is ConnectionStatus.ACTIVE
    systems = sorted({connection.left_system, connection.right_system}) if active else []
    feeds = [signals.wake_feed(await store.configurations.system(one)) for one in systems]
    return Switched(
        connection=connection.name,
        status=connection.status,
        left_active=connection.left_active,
        right_active=connection.right_active,
        changed=changed,
        warnings=await told(signals.connection_changed(connection.id, active=active), *feeds),
    )


async def _view(store: Store, connection: Connection) -> ConnectionView:
    return ConnectionView(
        **connection.model_dump(exclude={"configuration"}),
        twins=await store.twins.counts(connection.id),
        queue=len(await store.transactions.waiting(connection.id, QUEUE_SHOWN)),
        waiting=await capacity.waiting(store, connection),
    )
