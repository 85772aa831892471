"""An item that is not where its side has it: gone, or moved away."""

from activities.engine import Place
from model.errors import Gone, MovedAway, NotFound
from model.item import Item
from model.words import Deleted, Moved


async def read_there(place: Place, item_id: str) -> Item:
    """The item as it is; raises what `Connector.read` does, and MovedAway where the connection does not follow one that left its scope."""
    item = await place.connector.read(item_id)
    if place.configuration.on_moved is not Moved.FOLLOW:
        whereabouts = await place.connector.whereabouts(place.settings, item)
        if whereabouts:
            raise MovedAway(f"{place.system.id}: {item.ref.key} {whereabouts}")
    return item


def ends_the_twin(place: Place, absent: Gone | NotFound, *, told_deleted: bool = False) -> bool:
    """Whether the connection wants the twin unlinked for that; else a person decides."""
    if isinstance(absent, MovedAway):
        return place.configuration.on_moved is Moved.UNLINK
    return (isinstance(absent, Gone) or told_deleted) and place.configuration.on_deleted is Deleted.UNLINK
