"""What rules may ask about one side: the platform's own answers, and our pairs of items."""

from pydantic import JsonValue

from activities.engine import Engine, Place
from activities.ruling import Ask, asking


def ask_of(engine: Engine, where: Place) -> Ask:
    """Answers for the rules of `where`."""

    async def local_item(remote_id: str) -> JsonValue:
        remote_system = where.connection.system(where.side.other)
        for twin, side in await engine.store.twins.by_item(remote_system, remote_id):
            ref = twin.item(where.side)
            if twin.connection == where.connection.id and side is where.side.other and ref is not None:
                return {"id": ref.id, "key": ref.key, "urn": ref.key}
        return None

    return asking(where.connector, where.settings, local_item)
