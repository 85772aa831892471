"""The part of a simulated platform's connector that records time."""

import contextlib
from collections.abc import Callable, Collection
from typing import Protocol, TypeVar

from model.errors import NotFound
from model.item import Work, WorkLog
from tests.simulation import shapes
from tests.simulation.platform import Missing, Origin, Platform, Record

T = TypeVar("T")


class Calling(Protocol):
    """Has the work done on the platform, with whatever goes wrong on the way."""

    async def __call__(self, op: str, work: Callable[[Origin], T], item: str = "") -> T: ...


class WorkAccount:
    """`visible` gives an item, or raises what a reading of it does."""

    def __init__(self, platform: Platform, call: Calling, visible: Callable[[str], Record]) -> None:
        self._platform = platform
        self._call = call
        self._visible = visible

    def as_read(self, work: Work) -> Work:
        return self._platform.kept(work)

    async def add(self, item_id: str, work: Work, marker: str) -> WorkLog:
        def done(origin: Origin) -> WorkLog:
            self._visible(item_id)
            return shapes.work_log(self._platform, self._platform.labour(origin, item_id, work, marker))

        return await self._call("add_work_log", done, item_id)

    async def find(self, item_id: str, marker: str, like: Work, others: Collection[str] = ()) -> WorkLog | None:
        del like, others

        def found(_: Origin) -> WorkLog | None:
            logs = self._visible(item_id).works.values()
            return next((shapes.work_log(self._platform, one) for one in logs if one.marker == marker), None)

        return await self._call("find_work_log", found)

    async def edit(self, item_id: str, log_id: str, work: Work) -> WorkLog:
        def done(origin: Origin) -> WorkLog:
            self._visible(item_id)
            return shapes.work_log(self._platform, self._platform.edit_labour(origin, item_id, log_id, work))

        return await self._call("edit_work_log", lambda origin: present(lambda: done(origin)), item_id)

    async def delete(self, item_id: str, log_id: str) -> None:
        def done(origin: Origin) -> None:
            self._visible(item_id)
            with contextlib.suppress(Missing):
                self._platform.delete_labour(origin, item_id, log_id)

        await self._call("delete_work_log", done, item_id)


def present(work: Callable[[], T]) -> T:
    """NotFound where what was to be changed is gone."""
    try:
        return work()
    except (Missing, KeyError) as missing:
        raise NotFound(f"it is no longer there: {missing}") from missing
