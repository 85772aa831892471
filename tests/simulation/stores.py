"""The store that a case runs on: in memory, or a real database file."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from store import MasterKey, Store
from tests import memory_store


async def opened(key: MasterKey, now: Callable[[], datetime], token: Callable[[int], str], folder: Path | None) -> Store:
    if folder is None:
        return memory_store.opened(key, now, token)
    from tests import inline_sqlite
    return await inline_sqlite.opened(folder / "twinline.db", key, now, token)
