"""In which project work items are, as comments are addressed by it: remembered from the last reading, so that each is not preceded by one.

Kept in memory only. An item can be moved meanwhile, so what is not found where it was is looked for anew.
"""

from collections import OrderedDict

MOST = 1000


class Homes:
    """The projects of the items that were read last, at most `MOST`."""

    def __init__(self) -> None:
        self._projects: OrderedDict[str, str] = OrderedDict()

    def note(self, item_id: str, project: str) -> None:
        self._projects[item_id] = project
        self._projects.move_to_end(item_id)
        if len(self._projects) > MOST:
            self._projects.popitem(last=False)

    def of(self, item_id: str) -> str | None:
        return self._projects.get(item_id)
