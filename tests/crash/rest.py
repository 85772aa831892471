"""When a world has come to rest, and what keeps it from it."""

import asyncio
import contextlib
import random
from time import monotonic

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from model.errors import TwinlineError
from model.twin import Twin
from model.words import TwinStatus
from operations.views import Started, Steered
from tests.crash.setting import LINKS
from tests.crash.stage import Stage
from tests.oracle.records import ENGINE, Kind, Side

REST_SECONDS = 300.0
RETRY_SECONDS = 5.0
POLLS = 4
SAMPLE = 4
_WAITING = text("SELECT count(*) FROM inbox WHERE routed IS NULL")
_OPEN = text("SELECT step, sends FROM intent WHERE status = 'open' AND sends > 0")


async def come_to_rest(stage: Stage, parked: list[str], seconds: float = REST_SECONDS) -> list[str]:
    """Wait until nothing is under way and the platforms were polled since; what still is, if that takes too long.

    Twins that are parked are told to go on, as an operator would; `parked` takes their reasons.
    """
    deadline = monotonic() + seconds
    before, retried = await _calls(stage), 0.0
    while True:
        unrest, now = await _unrest(stage), await _calls(stage)
        if monotonic() > deadline:
            return unrest
        if unrest:
            before = now
            if monotonic() > retried + RETRY_SECONDS:
                parked += await _retried(stage)
                retried = monotonic()
        elif min(later - then for later, then in zip(now, before, strict=True)) >= POLLS:
            return []
        await asyncio.sleep(0.2)


async def _calls(stage: Stage) -> list[int]:
    return [await watch.control.calls() for watch in stage.watches.values()]


async def _unrest(stage: Stage) -> list[str]:
    try:
        return await _under_way(stage)
    except (SQLAlchemyError, OSError) as error:
        return [f"the database cannot be asked: {type(error).__name__}"]


async def _under_way(stage: Stage) -> list[str]:
    found: list[str] = []
    for link in LINKS:
        for twin in await stage.store.twins.listing(link.name, None, limit=1000):
            if twin.status not in {TwinStatus.SYNCHRONIZED, TwinStatus.CONFLICT}:
                found += [f"twin {_named(twin)} is {twin.status} {twin.reason}"]
        found += [f"a change of {one.source} is {one.stage} {one.reason}" for one in await stage.store.transactions.waiting(link.name, 50)]
    async with stage.store.database.reading() as session:
        connection = await session.connection()
        waiting = (await connection.execute(_WAITING)).scalar_one()
        intents = (await connection.execute(_OPEN)).all()
    if waiting:
        found.append(f"{waiting} changes wait in the inbox")
    return found + [f"an intent is open after {row.sends} sends: {row.step[:120]}" for row in intents]


def _named(twin: Twin) -> str:
    return " ⇄ ".join(ref.key if ref else "?" for ref in (twin.left, twin.right))


async def _retried(stage: Stage) -> list[str]:
    """The reasons of the twins that were parked and go on now."""
    reasons: list[str] = []
    with contextlib.suppress(SQLAlchemyError, OSError, TwinlineError):
        for link in LINKS:
            for twin in await stage.store.twins.listing(link.name, TwinStatus.ERROR, limit=1000):
                await stage.product.post(Steered, f"/twins/{twin.id}/retry")
                reasons += [f"{_named(twin)}: {twin.reason}"]
    return reasons


async def writes(stage: Stage) -> int:
    """How many writes the engine has made."""
    told = [one for link in LINKS for one in await stage.eyes[link.name].look()]
    return sum(1 for one in told if one.actor == ENGINE and one.kind is not Kind.READ)


async def sync_some(stage: Stage, chance: random.Random) -> list[str]:
    """Tell some pairs to sync from both sides, and wait; the writes that this or another poll causes, which should be none."""
    before = await writes(stage)
    for link in LINKS:
        twins = await stage.store.twins.listing(link.name, TwinStatus.SYNCHRONIZED, limit=1000)
        for twin in chance.sample(twins, min(SAMPLE, len(twins))):
            for side, ref in zip(Side, (twin.left, twin.right), strict=True):
                if ref is not None:
                    await stage.product.post(Started, f"/connections/{link.name}/sync", {"item": ref.key, "side": side})
    parked: list[str] = []
    unrest = await come_to_rest(stage, parked)
    more = await writes(stage) - before
    return [*unrest, *parked, *([f"syncing {SAMPLE} pairs of each connection once more caused {more} writes"] if more else [])]
