"""How much a script may use. Every limit has its own error, and no script can catch it."""

from model.frozen import Frozen

SOURCE = 200_000
NESTING = 50
CHAIN = 120
TEXT = 1_000_000
ITEMS = 100_000
NUMBER_BITS = 1024
PATTERN = 2_000
CLOCK_EVERY = 512
"""Steps between two looks at the clock."""


class Limits(Frozen):
    """`steps` counts calls, loop turns and every 64 characters or elements worked on; `seconds` needs a clock to count."""

    steps: int = 1_000_000
    depth: int = 48
    seconds: float = 10.0


class Raised(Exception):
    """Something ended the script; `at` is the source offset once it is known."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.at: int | None = None

    def placed(self, at: int) -> "Raised":
        if self.at is None:
            self.at = at
        return self


class LimitReached(Raised):
    """A limit; scripts cannot catch it."""


class Fault(Raised):
    """A failure that the script's own try/catch may catch as `kind`."""

    def __init__(self, message: str, kind: str = "RuntimeException") -> None:
        super().__init__(message)
        self.kind = kind


def text_size(length: int) -> None:
    """Raises where a text of that length may not be built."""
    if length > TEXT:
        raise LimitReached(f"a text grew beyond {TEXT} characters; shorten it with take() first")


def item_count(length: int) -> None:
    """Raises where a list or map of that size may not be built."""
    if length > ITEMS:
        raise LimitReached(f"a list or map grew beyond {ITEMS} elements")
