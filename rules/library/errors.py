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
    "ClassCastException": "RuntimeException", "GroovyCastException": "ClassCastException",
    "IndexOutOfBoundsException": "RuntimeException", "StringIndexOutOfBoundsException": "IndexOutOfBoundsException",
    "ArrayIndexOutOfBoundsException": "IndexOutOfBoundsException", "GroovyRuntimeException": "RuntimeException",
    "MissingPropertyException": "GroovyRuntimeException", "MissingMethodException": "GroovyRuntimeException",
    "UnsupportedOperationException": "RuntimeException", "NoSuchElementException": "RuntimeException",
    "PatternSyntaxException": "IllegalArgumentException", "JsonException": "GroovyRuntimeException",
    "ConcurrentModificationException": "RuntimeException", "DateTimeException": "RuntimeException",
    "ZoneRulesException": "DateTimeException",
    "DateTimeParseException": "DateTimeException", "UnsupportedTemporalTypeException": "DateTimeException",
    "ParseException": "Exception", "IOException": "Exception", "URISyntaxException": "Exception", "InterruptedException": "Exception",
    "UnsupportedEncodingException": "IOException", "FileNotFoundException": "IOException", "UncheckedIOException": "RuntimeException",
    "TimeoutException": "Exception", "CloneNotSupportedException": "Exception", "ClassNotFoundException": "Exception",
    "InputMismatchException": "NoSuchElementException", "InstantiationException": "Exception",
    "IllegalFormatException": "IllegalArgumentException", "UnknownFormatConversionException": "IllegalFormatException",
    "MissingFormatArgumentException": "IllegalFormatException", "IllegalFormatConversionException": "IllegalFormatException",
    "AssertionError": "Error", "PowerAssertionError": "AssertionError", "StackOverflowError": "Error",
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
            case "stackTrace" | "suppressed":
                return []
            case "class":
                return ErrorClass(self.name)
            case _:
                return super().read(run, name)

    def text(self) -> str:
        name = error_name(self.name)
        return f"{name}: {self.message}" if self.message is not None else name

    def is_a(self, name: str) -> bool:
        at = self.name
        while at and at != name:
            at = HIERARCHY.get(at, "")
        return bool(at) or name == "Object"


class ErrorClass(Host):
    """The class of an exception, for its name."""

    kind = "a class"

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, run: Run, name: str) -> Value:
        match name:
            case "simpleName":
                return self.name
            case "name" | "canonicalName" | "typeName":
                return error_name(self.name)
            case _:
                return super().read(run, name)

    def text(self) -> str:
        return f"class {error_name(self.name)}"


_PACKAGES = {
    **dict.fromkeys(("NoSuchElementException", "ConcurrentModificationException", "InputMismatchException", "IllegalFormatException",
                     "UnknownFormatConversionException", "MissingFormatArgumentException"), "java.util"),
    **dict.fromkeys(("MissingPropertyException", "MissingMethodException", "GroovyRuntimeException"), "groovy.lang"),
    **dict.fromkeys(("DateTimeException",), "java.time"), "DateTimeParseException": "java.time.format",
    "PatternSyntaxException": "java.util.regex", "JsonException": "groovy.json", "ParseException": "java.text",
    "IssueTrackerException": "com.exalate.api.exception", "GroovyCastException": "org.codehaus.groovy.runtime.typehandling",
    "IOException": "java.io", "FileNotFoundException": "java.io", "URISyntaxException": "java.net",
    "PowerAssertionError": "org.codehaus.groovy.runtime.powerassert",
}  # fmt: skip


def error_name(name: str) -> str:
    """With its package, as an exception's text shows it."""
    return f"{_PACKAGES.get(name, 'java.lang')}.{name}" if name in HIERARCHY else name


class Thrown(Fault):
    """A Fault that carries the exception a script threw."""

    def __init__(self, value: ErrorValue) -> None:
        super().__init__(value.name if value.message is None else str(value.message), value.name)
        self.value = value


def caught(fault: Fault) -> ErrorValue:
    return fault.value if isinstance(fault, Thrown) else ErrorValue(fault.kind, fault.message)


def thrown(value: Value) -> Fault:
    if isinstance(value, ErrorValue) and value.is_a("Throwable"):
        return Thrown(value)
    return Fault("only an exception can be thrown: throw new Exception('...')", "ClassCastException")


@ERRORS.method("getMessage", "getLocalizedMessage")
def get_message(_run: Run, error: ErrorValue, _arguments: list[Value]) -> Value:
    return error.message


@ERRORS.method("getCause")
def get_cause(_run: Run, error: ErrorValue, _arguments: list[Value]) -> Value:
    return error.cause


@ERRORS.method("printStackTrace")
def print_stack_trace(_run: Run, _error: ErrorValue, _arguments: list[Value]) -> Value:
    return None


@ERRORS.method("getStackTrace")
def get_stack_trace(_run: Run, _error: ErrorValue, _arguments: list[Value]) -> Value:
    return []


@ERRORS.method("initCause", takes=1)
def init_cause(_run: Run, error: ErrorValue, arguments: list[Value]) -> Value:
    error.cause = arguments[0]
    return error
