"""Further items of a side that a rule brings under sync: sub-tasks, linked items."""

from activities.engine import Place
from activities.routing import Router
from model.errors import BadInput, NotFound, Refused
from model.words import TwinStatus
from store import Store

LOOKED_THROUGH = 200


async def bring(store: Store, router: Router, where: Place, keys: tuple[str, ...]) -> None:
    """Starts a twin for each item that has none on the connection; one that was unlinked stays so. Refused where there is no such item."""
    for key in keys:
        if not await _known(store, where, key):
            await _start(router, where, key)


async def _start(router: Router, where: Place, key: str) -> None:
    try:
        change = await where.connector.find(where.settings, key)
    except (NotFound, BadInput) as absent:
        raise Refused(f"the rule brings {key!r} under sync, which {where.system.id} does not have: {absent.message}") from absent
    await router.start(where.connection, where.side, change)


async def _known(store: Store, where: Place, key: str) -> bool:
    found = await store.twins.listing(where.connection.id, None, key, LOOKED_THROUGH)
    refs = [twin.item(where.side) for twin in found if twin.status is not TwinStatus.UNLINKED]
    return any(ref is not None and key in (ref.key, ref.id) for ref in refs)
