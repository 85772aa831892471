"""Everything that is wrong with what a person gave us, each with its place."""

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from model.errors import BadInput
from model.frozen import Frozen


class Problem(Frozen):
    """`place` is a dotted path such as `connections.app-bugs.left.settings.project`, empty for the whole."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class Rejected(BadInput):
    """Nothing was done, because of `problems`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def unless_none(cls, problems: Iterable[Problem]) -> None:
        """Raise if there are any."""
        found = cls(problems)
        if found.problems:
            raise found

    @classmethod
    def of(cls, error: ValidationError, place: str = "") -> Self:
        return cls(validation_problems(error, place))


def validation_problems(error: ValidationError, place: str, model: type[BaseModel] | None = None) -> tuple[Problem, ...]:
    """One problem per finding, without the values, since they may be secret. `model` names the fields that are known at `place`."""
    known = tuple(model.model_fields) if model else ()
    found = error.errors(include_input=False, include_url=False, include_context=False)
    return tuple(Problem(place=joined(place, *one["loc"]), message=finding(one, known)) for one in found)


def joined(*parts: str | int) -> str:
    return ".".join(str(part) for part in parts if part not in {"", "[key]"})


def finding(found: ErrorDetails, known: tuple[str, ...]) -> str:
    """What pydantic found, in words for the person who wrote the file."""
    match found["type"]:
        case "missing":
            return "is missing; add it"
        case "extra_forbidden" if known:
            return f"is not known here; known are {', '.join(known)}"
        case "extra_forbidden":
            return "is not known here; check the spelling"
        case "string_pattern_mismatch" if "[key]" in found["loc"]:
            return "is not a name; use lower-case letters, digits and hyphens, at most 64 of them"
        case _:
            message = found["msg"].removeprefix("Value error, ")
            return message[:1].lower() + message[1:]
