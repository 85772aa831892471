"""How variables, helpers and their methods are described: the one source of the check, the reference pages and editors."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

When = Literal["both", "outgoing", "incoming"]
_SIGNATURE = re.compile(r"(\w+)\((.*)\) -> (.+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """`optional` parameters may be left out; `repeated` stands for any number of further ones."""

    name: str
    type: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A method of a helper, or a function. `asks` names the question to the platform behind it, empty where there is none."""

    name: str
    parameters: tuple[Parameter, ...]
    result: str
    says: str
    example: str
    when: When = "both"
    asks: str = ""
    fails: str = ""

    @property
    def errors(self) -> str:
        """When a call ends the script, or the sentence that it does not."""
        if self.fails:
            return self.fails
        if self.asks:
            return "None of its own. Where the platform cannot be reached, the sync waits and tries again."
        return "None."

    @property
    def least(self) -> int:
        return sum(not one.optional for one in self.parameters)

    @property
    def most(self) -> int:
        return len(self.parameters)

    @property
    def signature(self) -> str:
        return f"{self.name}({', '.join(_shown(self.parameters))})"


@dataclass(frozen=True, slots=True)
class Helper:
    """A variable with methods; `name` is empty for the functions, which need no variable."""

    name: str
    says: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A property. `platforms` names where it exists, empty for everywhere."""

    name: str
    type: str
    says: str
    platforms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """What has properties: an item, a user, a comment. With `free`, any other name may be used as well."""

    name: str
    says: str
    fields: tuple[Field, ...]
    free: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that is given to every script. `type` is a shape or a plain type."""

    name: str
    type: str
    says: str
    when: When = "both"


def call(signature: str, says: str, example: str, *, when: When = "both", asks: str = "", fails: str = "") -> Call:
    """A call from `name(first: type, second?: type) -> result`."""
    found = _SIGNATURE.fullmatch(signature)
    if found is None:
        raise ValueError(f"not a signature: {signature!r}")
    return Call(found[1], tuple(_parameters(found[2])), found[3], says, example, when, asks, fails)


def field(line: str, says: str, *platforms: str) -> Field:
    """A property from `name: type`."""
    name, _, kind = line.partition(": ")
    return Field(name, kind, says, platforms)


def _parameters(text: str) -> Iterator[Parameter]:
    for part in filter(None, text.split(", ")):
        name, _, kind = part.partition(": ")
        yield Parameter(name.removesuffix("?"), kind, name.endswith("?"))


def _shown(parameters: tuple[Parameter, ...]) -> Iterator[str]:
    for one in parameters:
        yield f"[{one.name}]" if one.optional else one.name
