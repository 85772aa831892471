"""The webhooks of a system, as they were when they were last looked at."""

from datetime import datetime
from typing import Literal

from model.frozen import Frozen

Done = Literal["", "registered", "switched on"]


class HookState(Frozen):
    """A webhook on a platform that calls us. `reports` says of what, in the platform's words.

    `done` is what was done about it just now, and `trouble` what the platform says went wrong with its last calls.
    """

    id: str
    reports: str
    done: Done = ""
    trouble: str = ""


class HookCheck(Frozen):
    """One look at the webhooks of a part of a system. `address` is where they call us, empty as long as none was ever registered.

    `note` is what kept it from being done, and how to get on; `hooks` are then those of the last time that it could be.
    """

    system: str
    scope: str
    address: str = ""
    hooks: tuple[HookState, ...] = ()
    note: str = ""
    checked: datetime
