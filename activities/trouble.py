"""What keeps a system's changes from being listed, as long as it does."""

from datetime import datetime

from activities.cursors import Cursors
from model.frozen import Frozen
from store import Store

SCOPE = "feed/trouble"
"""Kept among the system's cursors, under a scope that no part of a system has."""


class Trouble(Frozen):
    """`since` is when it was first met. `rejected` needs a person: the login, or a setting; the rest ends by itself."""

    since: datetime
    reason: str
    rejected: bool = False


async def trouble(store: Store, system: str) -> Trouble | None:
    """None where the last attempt went well, or there was none."""
    return noted(await store.inbox.cursor(system, SCOPE))


def noted(text: str) -> Trouble | None:
    """What the cursor of that scope says."""
    return Trouble.model_validate_json(text) if text else None


async def troubled(store: Store, system: str, reason: str, now: datetime, *, rejected: bool = False) -> None:
    """It went wrong. The time stays that of the first attempt that went wrong so."""
    known = await trouble(store, system)
    since = known.since if known and known.rejected is rejected else now
    met = Trouble(since=since, reason=reason, rejected=rejected)
    if met != known:
        await store.inbox.save_cursor(system, SCOPE, met.model_dump_json())


async def untroubled(cursors: Cursors) -> None:
    """It went well."""
    if cursors[SCOPE]:
        await cursors.save(SCOPE, "")
