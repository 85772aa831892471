"""Further items of a side that a rule brings under sync: sub-tasks, linked items."""

from contextlib import suppress

from activities.engine import Place
from activities.routing import Router
from model.errors import BadInput, NotFound, OverCapacity, Refused
from store import Store


async def bring(store: Store, router: Router, where: Place, keys: tuple[str, ...]) -> None:
    """Starts a twin for each item that has none on the connection; one that was unlinked stays so. Refused where there is no such item.

    For which the integration has no room is left out, so that the twin whose rule names it goes on; the rule's next run brings it.
    """
    for key in keys:
        if not await _known(store, where, key):
            await _start(router, where, key)


async def missing(store: Store, where: Place, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the items that have no live pair on the connection."""
    return tuple([key for key in keys if not await _known(store, where, key)])


async def _start(router: Router, where: Place, key: str) -> None:
    try:
        change = await where.connector.find(where.settings, key)
    except (NotFound, BadInput) as absent:
        raise Refused(f"the rule brings {key!r} under sync, which {where.system.id} does not have: {absent.message}") from absent
    with suppress(OverCapacity):
        await router.start(where.connection, where.side, change)


async def _known(store: Store, where: Place, key: str) -> bool:
    """Whether a live pair of the connection has the item, named by key or id."""
    by_item = await store.twins.by_item(where.system.id, key)
    own = any(twin.connection == where.connection.id and side is where.side for twin, side in by_item)
    return own or bool(await store.twins.by_key(where.connection.id, where.side, key))
