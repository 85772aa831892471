"""How much of its capacity an integration uses, and what its plan allows."""

from collections.abc import Iterable, Mapping

from activities.routing import noted, place
from model.capacity import Usage
from model.configuration import Connection
from model.errors import BadInput
from model.words import Feature
from operations.views import IntegrationView
from store import Store


async def listed(store: Store) -> tuple[IntegrationView, ...]:
    connections = await store.configurations.connections()
    cursors = await store.inbox.cursors(_systems(connections))
    return tuple(_view(one, connections, cursors) for one in await store.capacities.usages())


async def shown(store: Store, name: str) -> IntegrationView:
    """BadInput naming the known integrations if there is none of that name."""
    usage = await store.capacities.usage(name)
    connections = await store.configurations.connections()
    return _view(usage, connections, await store.inbox.cursors({usage.left_system, usage.right_system}))


async def waiting(store: Store, connection: Connection) -> int:
    """How many items its triggers found at their last search that had no room. They are searched for again, and begin once there is."""
    return without_room(connection, await store.inbox.cursors({connection.left_system, connection.right_system}))


def without_room(connection: Connection, cursors: Mapping[tuple[str, str], str]) -> int:
    """The same, as the cursors of its systems tell it."""
    looked = [noted(cursors.get(place(connection, one), "")) for one in connection.configuration.triggers]
    return sum(one.waiting for one in looked if one)


async def warnings(store: Store, connection: Connection, new: int = 0) -> tuple[str, ...]:
    """What to tell before `new` more items of the connection come under sync."""
    return (await store.capacities.usage(connection.integration)).warnings(new)


async def require(store: Store, connection: Connection, feature: Feature) -> None:
    """BadInput where the plan of the connection's integration does not have the feature."""
    usage = await store.capacities.usage(connection.integration)
    if not usage.allows(feature):
        raise BadInput(
            f"plan {usage.plan!r} of integration {usage.integration!r} does not have {feature.value!r};"
            " add the feature to the plan, or give the integration another one"
        )


def _systems(connections: Iterable[Connection]) -> set[str]:
    return {system for one in connections for system in (one.left_system, one.right_system)}


def _view(usage: Usage, connections: Iterable[Connection], cursors: Mapping[tuple[str, str], str]) -> IntegrationView:
    own = [one for one in connections if one.integration == usage.integration]
    return IntegrationView(
        **usage.model_dump(),
        room=usage.room,
        connections=tuple(one.name for one in own),
        waiting=sum(without_room(one, cursors) for one in own),
        warnings=usage.warnings(),
    )
