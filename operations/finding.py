"""Items as people name them: by key, id or URL."""

from dataclasses import dataclass

from activities.access import Systems
from connectors.kit.interface import Change
from model.configuration import Connection
from model.errors import BadInput, NotFound
from model.words import Side


@dataclass(frozen=True)
class Found:
    side: Side
    change: Change


async def located(systems: Systems, connection: Connection, item: str, side: Side | None) -> Found:
    """The item that people call `item`, on `side` or else on either. BadInput if there is none, or one on both sides."""
    sides = tuple(Side) if side is None else (side,)
    found = [one for one in [await _find(systems, connection, one, item) for one in sides] if one]
    names = " or ".join(sorted({connection.system(one) for one in sides}))
    match found:
        case [one]:
            return one
        case []:
            raise BadInput(f"there is no item {item!r} in {names}; check the key and that the account may see it")
        case _:
            raise BadInput(f"{item!r} names an item on both sides of {connection.id}; say which one with --side")


async def _find(systems: Systems, connection: Connection, side: Side, item: str) -> Found | None:
    connector = (await systems.opened(connection.system(side))).connector
    try:
        return Found(side, await connector.find(connection.configuration.side(side).settings, item))
    except (NotFound, BadInput):
        return None
