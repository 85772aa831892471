"""What can go wrong, told apart by class.

    TwinlineError
    ├── RateLimited(retry_after)   the platform asked us to wait
    ├── Unavailable                not reached, or it failed on its side; nothing was written
    ├── Ambiguous                  a write left us and no usable answer came back: it may or may not have happened
    ├── LoginRejected              the credentials do not work (concerns the whole connection)
    ├── Misconfigured              a setting is wrong: unknown project, wrong URL (concerns the whole connection)
    ├── NotFound                   no such item, or it is hidden from us
    ├── Gone                       positive proof that the item was deleted
    ├── Refused(field, reason)     the platform, or a missing option, rejects a value (concerns one item)
    ├── Stale(version)             the item moved since it was read
    ├── Overtaken                  another attempt at the same work, or an operator, was there first: this one must not go on
    ├── ScriptFailed               a sync rule failed on this item
    └── BadInput                   what a person gave us cannot be used
        └── OverCapacity           one more item than the integration may have under sync

Every message names the thing and what to do next, is bounded in length and carries no secret.
"""

MESSAGE_LIMIT = 1000


class TwinlineError(Exception):
    """Base of all our errors."""

    def __init__(self, message: str) -> None:
        super().__init__(message if len(message) <= MESSAGE_LIMIT else message[: MESSAGE_LIMIT - 1] + "…")

    @property
    def message(self) -> str:
        return str(self)


class RateLimited(TwinlineError):
    """`retry_after` in seconds, as the platform told it."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(TwinlineError):
    pass


class Ambiguous(TwinlineError):
    pass


class LoginRejected(TwinlineError):
    pass


class Misconfigured(TwinlineError):
    pass


class NotFound(TwinlineError):
    pass


class Gone(TwinlineError):
    pass


class MovedAway(Gone):
    """The item is there, but no longer in the scope of its side."""


class Refused(TwinlineError):
    """`field` is the hub name of the property that was refused, empty where the platform named none."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Stale(TwinlineError):
    """`version` is the version the item has now, empty where unknown."""

    def __init__(self, message: str, version: str = "") -> None:
        super().__init__(message)
        self.version = version


class Overtaken(TwinlineError):
    pass


class ScriptFailed(TwinlineError):
    """`line` and `column` start at 1 and are 0 where no place is known; `of_item` where the script says that the item is to blame."""

    def __init__(self, message: str, line: int = 0, column: int = 0, *, of_item: bool = False) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.of_item = of_item


class BadInput(TwinlineError):
    pass


class OverCapacity(BadInput):
    pass
