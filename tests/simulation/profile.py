"""What varies from case to case: the two platforms' habits and how the connection is set up."""

from typing import Literal

from model.frozen import Frozen
from model.words import ConflictPolicy, Side


class Habits(Frozen):
    """One platform. `lag` in seconds is how long its search and its change list may not show a write.

    `clock` tells versions by a counter (`exact`) or by a time stamp of whole seconds. `proves_deletion`: reading a deleted item tells that
    it was deleted; else it is just not there. `shows_marker`: webhooks carry the marker of items that we made.
    `tells_status`: the answer to `create` has the status that the new item got, where `create` sets none.
    `stepwise`: a transition leads to a neighbouring status only.
    `keeps_days`: of work logs only the day, hours to two places and one line are kept.
    """

    clock: Literal["exact", "seconds"] = "exact"
    compare_and_set: bool = True
    create_key: bool = False
    change_history: bool = False
    internal_comments: bool = True
    edits_comments: bool = True
    deletes_comments: bool = True
    attachments: bool = True
    file_markers: bool = True
    transitions: bool = False
    stepwise: bool = False
    created_with_status: bool = True
    tells_status: bool = False
    proves_deletion: bool = True
    shows_marker: bool = True
    untidy: bool = False
    work_logs: bool = True
    keeps_days: bool = False
    hooks: bool = True
    lag: float = 0.0

    @property
    def guards(self) -> bool:
        """Refuses every write for an item that moved on; a version of whole seconds misses what happened within one."""
        return self.compare_and_set and self.clock == "exact"


class Profile(Frozen):
    """`late` in seconds is the longest time after which a platform carries out a request that we gave up on.

    `hop` in seconds is the longest way of a message to or from Temporal: a busy one tells a workflow several things at once.
    `parents`: the rules put the copy of an item below the copy of what it is below. `stores`: the incoming rules make a new item before
    they come to their end. `calls`: they write to the platform by that method.
    """

    left: Habits = Habits()
    right: Habits = Habits()
    policy: ConflictPolicy = ConflictPolicy.LATEST
    poll: float = 300.0
    late: float = 60.0
    events_per_run: int = 1000
    hop: float = 0.03
    sends_internal: bool = True
    parents: bool = False
    stores: bool = False
    calls: Literal["", "POST", "PUT"] = ""
    sqlite: bool = False
    seed: int = 0

    def habits(self, side: Side) -> Habits:
        return self.left if side is Side.LEFT else self.right
