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
    """What one run may use.

    `steps` counts the expressions and statements of each call and loop turn, and every 64 characters or elements worked on; `depth` calls
    inside calls; `seconds` needs a clock
    to count. `text` and `items` bound a single text, list or map, `allocated` the characters and eightfold elements of everything made
    in the run together, and `pattern_steps` the moves of regular expressions. `calls` and `answer_bytes` bound the questions to the
    platform and the size of their answers.
    """

    steps: int = 5_000_000
    depth: int = 80
    seconds: float = 10.0
    text: int = TEXT
    items: int = ITEMS
    allocated: int = 100_000_000
    pattern_steps: int = 4_000_000
    calls: int = 500
    answer_bytes: int = 20_000_000


class Raised(Exception):
    """Something ended the script; `at` is the source offset once it is known, `chain` the calls it came through, innermost first."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.at: int | None = None
        self.chain: list[tuple[str, int]] = []

    def placed(self, at: int) -> "Raised":
        if self.at is None:
            self.at = at
        return self

    def through(self, what: str, at: int) -> "Raised":
        """Placed at the call of `what`, or with that call added to the chain where the place is further in."""
        if self.at is None:
            self.at = at
        elif len(self.chain) < 50:
            self.chain.append((what, at))
        return self


class LimitReached(Raised):
    """A limit; scripts cannot catch it."""


class Fault(Raised):
    """A failure that the script's own try/catch may catch as `kind`."""

    def __init__(self, message: str, kind: str = "RuntimeException") -> None:
        super().__init__(message)
        self.kind = kind


def text_size(length: int, most: int = TEXT) -> None:
    """Raises where a text of that length may not be built."""
    if length > most:
        raise LimitReached(f"a text grew beyond {most} characters; shorten it with take() first")


def item_count(length: int, most: int = ITEMS) -> None:
    """Raises where a list or map of that size may not be built."""
    if length > most:
        raise LimitReached(f"a list or map grew beyond {most} elements")
