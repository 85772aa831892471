"""How a check says that a promise is broken."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import JsonValue

from model.errors import TwinlineError

Told = TypeVar("Told", bound=TwinlineError)


class Broken(AssertionError):
    """A connector does not do what it says."""


@dataclass
class Caught(Generic[Told]):
    """The error, once the block is left."""

    error: Told | None = None

    @property
    def message(self) -> str:
        return self.error.message if self.error else ""


def expect(holds: bool, promise: str) -> None:
    """Broken with the promise, unless it holds."""
    if not holds:
        raise Broken(promise)


def same(what: str, actual: object, wanted: object) -> None:
    if actual != wanted:
        raise Broken(f"{what} is {actual!r}, not {wanted!r}")


@contextmanager
def told(kind: type[Told], why: str) -> Generator[Caught[Told]]:
    """The block raises an error of that very class; Broken with `why` if it does not."""
    caught = Caught[Told]()
    try:
        yield caught
    except kind as error:
        caught.error = error
    except TwinlineError as error:
        raise Broken(f"{why}: {kind.__name__} was expected, not {type(error).__name__}: {error.message}") from error
    else:
        raise Broken(f"{why}: {kind.__name__} was expected, and nothing was raised")


def shows(actual: JsonValue, wanted: JsonValue) -> bool:
    """Whether a property shows at least what was written into it: an object may have further keys."""
    if isinstance(wanted, dict) and isinstance(actual, dict):
        return all(name in actual and shows(actual[name], value) for name, value in wanted.items())
    if isinstance(wanted, list) and isinstance(actual, list):
        return len(wanted) == len(actual) and all(map(shows, actual, wanted))
    return actual == wanted
