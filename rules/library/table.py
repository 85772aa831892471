"""Tables of what scripts may call. A method exists only by being in one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from rules.state import Run
from rules.values import Value

T = TypeVar("T")
Native = Callable[[Run, T, list[Value]], Value]


@dataclass(frozen=True, slots=True)
class Method:
    """`least` to `most` arguments; the receiver has been checked to be of the table's kind."""

    least: int
    most: int
    call: Callable[[Run, Any, list[Value]], Value]


class Table(dict[str, Method], Generic[T]):
    """The methods of values of one kind."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def method(self, *names: str, takes: int = 0, most: int = 0) -> Callable[[Native[T]], Native[T]]:
        """Lists the function under the names, with `takes` to `most` arguments."""

        def register(function: Native[T]) -> Native[T]:
            for name in names:
                self[name] = Method(takes, max(takes, most), function)
            return function

        return register
