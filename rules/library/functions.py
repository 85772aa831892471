"""Functions that every script has, whatever the host: sprintf and printf."""

from collections.abc import Mapping

from rules.library.format import formatted
from rules.library.strings import string
from rules.library.table import Method
from rules.state import Run
from rules.values import Value


def sprintf(run: Run, _self: None, arguments: list[Value]) -> Value:
    return formatted(run, string(arguments[0], "sprintf"), arguments[1:])


def functions(offered: Mapping[str, Method]) -> dict[str, Method]:
    """The functions; `printf` is there where the host has `print`."""
    found = {"sprintf": Method(1, 50, sprintf)}
    write = offered.get("print")
    if write is not None:
        to = write
        found["printf"] = Method(1, 50, lambda run, this, arguments: to.call(run, this, [sprintf(run, this, arguments)]))
    return found
