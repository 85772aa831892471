"""The exceptions that scripts can make, throw and catch."""

from collections.abc import Mapping
from typing import ClassVar

from rules.library.table import Method, Table
from rules.limits import Fault
from rules.state import Run
from rules.values import Host, Value

HIERARCHY: dict[str, str] = {
    "Throwable": "", "Exception": "Throwable", "Error": "Throwable", "RuntimeException": "Exception",
    "IssueTrackerException": "RuntimeException", "IllegalStateException": "RuntimeException",
    "IllegalArgumentException": "RuntimeException", "NumberFormatException": "IllegalArgumentException",
    "NullPointerException": "RuntimeException", "ArithmeticException": "RuntimeException",
    "ClassCastException": "RuntimeException", "IndexOutOfBoundsException": "RuntimeException",
    "MissingPropertyException": "RuntimeException", "MissingMethodException": "RuntimeException",
    "UnsupportedOperationException": "RuntimeException", "NoSuchElementException": "RuntimeException",
    "PatternSyntaxException": "IllegalArgumentException", "JsonException": "RuntimeException",
    "ConcurrentModificationException": "RuntimeException",
}  # fmt: skip
ERRORS: Table["ErrorValue"] = Table("an exception")


class ErrorValue(Host):
    kind = "an exception"
    methods: ClassVar[Mapping[str, Method]] = ERRORS

    def __init__(self, name: str, message: Value, cause: Value = None) -> None:
        self.name = name
        self.message = message
        self.cause = cause

    def read(self, run: Run, name: str) -> Value:
        match name:
            case "message" | "localizedMessage":
                return self.message
            case "cause":
                return self.cause
            case _:
                return super().read(run, name)

    def text(self) -> str:
        return f"{self.name}: {self.message}" if self.message is not None else self.name

    def is_a(self, name: str) -> bool:
        at = self.name
        while at and at != name:
            at = HIERARCHY.get(at, "")
        return bool(at)


class Thrown(Fault):
    """A Fault that carries the exception a script threw."""

    def __init__(self, value: ErrorValue) -> None:
        super().__init__(value.name if value.message is None else str(value.message), value.name)
        self.value = value


def caught(fault: Fault) -> ErrorValue:
    return fault.value if isinstance(fault, Thrown) else ErrorValue(fault.kind, fault.message)


def thrown(value: Value) -> Fault:
    return Thrown(value) if isinstance(value, ErrorValue) else Fault("only an exception can be thrown: throw new Exception('...')")


@ERRORS.method("getMessage", "getLocalizedMessage")
def get_message(_run: Run, error: ErrorValue, _arguments: list[Value]) -> Value:
    return error.message


@ERRORS.method("getCause")
def get_cause(_run: Run, error: ErrorValue, _arguments: list[Value]) -> Value:
    return error.cause


@ERRORS.method("printStackTrace")
def print_stack_trace(_run: Run, _error: ErrorValue, _arguments: list[Value]) -> Value:
    return None
