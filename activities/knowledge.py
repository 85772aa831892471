"""What rules may ask about one side: the platform's own answers, and our pairs of items."""

from collections.abc import Awaitable, Callable

from pydantic import JsonValue

from activities.engine import Engine, Place
from activities.ruling import Ask
from model.twin import Twin
from rules.interface import Lookup, refusal

EXISTING = {"create_version": "version", "create_component": "component", "create_option": "option"}
"""Questions that give what there is of that name, and make it where it is missing."""
Write = Callable[[Lookup], Awaitable[JsonValue]]


async def _incoming_only(lookup: Lookup) -> JsonValue:
    if lookup.name in EXISTING:
        return None
    method, path = lookup.arguments[:2]
    return refusal(
        f"httpClient writes in incoming rules only: an outgoing rule runs for every look at its item, and would send {method} {path!r} "
        "each time"
    )


async def pretended(lookup: Lookup) -> JsonValue:
    """The answer to a write of a rule that is run without effect."""
    return {"name": lookup.arguments[0]} if lookup.name in EXISTING else {"code": 200, "body": {}, "headers": {}}


def ask_of(engine: Engine, where: Place, write: Write = _incoming_only, twin: str = "") -> Ask:
    """Answers for the rules of `where`; `write` carries out what would change something on the platform. `twin` is whose rules run."""

    async def ask(lookup: Lookup) -> JsonValue:
        arguments = lookup.arguments
        first = arguments[0] if arguments else None
        match lookup.name:
            case "local_item":
                return await _by_id(engine, where, first or "")
            case "linked_item":
                return await _linked(engine, where, first or "", twin)
            case "local_item_by_key":
                return await _by_key(engine, where, first or "")
            case "tracker_url":
                return where.system.url
            case "http" if first != "GET":
                return await write(lookup)
            case name if name in EXISTING:
                return await _existing(where, lookup, write)
            case _:
                return await where.connector.lookup(where.settings, lookup.name, arguments)

    return ask


async def _by_id(engine: Engine, where: Place, remote_id: str) -> JsonValue:
    pairs = await engine.store.twins.by_item(where.connection.system(where.side.other), remote_id)
    return next((key for twin, side in pairs if side is where.side.other and (key := _key(where, twin)) is not None), None)


async def _linked(engine: Engine, where: Place, remote_id: str, own: str) -> JsonValue:
    """The local item, and whether a link to it is the business of the twin: of the two at its ends it is that of one alone.

    Else a link that one of them still finds would come back after it was taken away, once the other has seen that. Where the pair of the
    item has `ended`, its links are nobody's business any more and stay as they are.
    """
    system = where.connection.system(where.side.other)
    for twin, side in await engine.store.twins.by_item(system, remote_id):
        if side is where.side.other and (key := _key(where, twin)) is not None:
            return {**key, "carries": own <= twin.id}
    former = [_key(where, twin) for twin, side in await engine.store.twins.ended_with(system, remote_id) if side is where.side.other]
    known = next((key for key in reversed(former) if key is not None), None)
    return {**known, "carries": False, "ended": True} if known else None


async def _by_key(engine: Engine, where: Place, remote_key: str) -> JsonValue:
    found = await engine.store.twins.by_key(where.connection.id, where.side.other, remote_key)
    return next((key for twin in found if (key := _key(where, twin)) is not None), None)


def _key(where: Place, twin: Twin) -> dict[str, JsonValue] | None:
    """The local item of a pair of this connection."""
    ref = twin.item(where.side)
    return {"id": ref.id, "key": ref.key, "urn": ref.key} if ref is not None and twin.connection == where.connection.id else None


async def _existing(where: Place, lookup: Lookup, write: Write) -> JsonValue:
    kind, wanted = EXISTING[lookup.name], lookup.arguments[:2]
    found = await where.connector.lookup(where.settings, kind, wanted) or await write(lookup)
    if found:
        return found
    what = repr(wanted[-1] if kind == "option" else wanted[0])
    return refusal(f"{where.system.id} has no {kind} {what}, and this rule cannot make one: make it there, or leave it out in the rule")
