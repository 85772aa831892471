"""Triggers: queries whose items come under sync, and when they are run as a whole."""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from model.frozen import Frozen
from model.words import Side
from model.written import seconds

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 7, _DAYS),
)
_RANGE = re.compile(r"(?P<all>\*)|(?P<first>[0-9]+|[a-z]{3})(?:-(?P<last>[0-9]+|[a-z]{3}))?")


def _cron(text: object) -> object:
    """Five fields as in crontab(5), checked here since Temporal may be away when they are saved."""
    if not isinstance(text, str) or not text:
        return text
    parts = text.lower().split()
    if len(parts) != len(_FIELDS):
        raise ValueError(
            f"{text!r} is not a cron expression; write minute, hour, day of the month, month and day of the week, as in 0 3 * * *"
        )
    for part, (name, low, high, words) in zip(parts, _FIELDS, strict=True):
        for one in part.split(","):
            if not _is_range(one, low, high, words):
                raise ValueError(f"{one!r} is no {name} of a cron expression; write {low} to {high}, a range, or *")
    return " ".join(parts)


def _is_range(text: str, low: int, high: int, words: Sequence[str]) -> bool:
    span, slash, step = text.partition("/")
    found = _RANGE.fullmatch(span)
    if found is None or (slash and not (step.isascii() and step.isdigit() and 1 <= int(step) <= high)):
        return False
    ends = [_number(one, low, words) for one in (found["first"], found["last"]) if one is not None]
    return ends == sorted(ends) and all(low <= one <= high for one in ends)


def _number(text: str, low: int, words: Sequence[str]) -> int:
    """-1 for a word that is none of `words`."""
    if text.isdigit():
        return int(text)
    return low + words.index(text) if text in words else -1


class Schedule(Frozen):
    """Either `cron`, five fields in UTC, or `every`, in seconds. A text alone is a cron expression."""

    cron: Annotated[str, BeforeValidator(_cron)] = ""
    every: Annotated[float, BeforeValidator(seconds), Field(ge=60)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return {"cron": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if bool(self.cron) == (self.every is not None):
            raise ValueError("give either a cron expression or every, such as every: 24h")
        return self

    def __str__(self) -> str:
        return self.cron or f"every {self.every:g} s"


class Trigger(Frozen):
    """`name` is empty where nobody gave one, see `named`; `entity` is empty for whatever the query finds.

    One that is not `active` brings nothing under sync. `schedule` tells when the whole query is run, besides what changes.
    """

    side: Side
    query: str
    name: Annotated[str, Field(pattern=r"^([a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?)?$")] = ""
    entity: str = ""
    notes: Annotated[str, Field(max_length=10_000)] = ""
    active: bool = True
    schedule: Schedule | None = None

    def scope(self, connection: str) -> str:
        """Where the cursor of its search is kept."""
        text = json.dumps([connection, self.side, self.query])
        return f"trigger/{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def named(triggers: Sequence[Trigger]) -> tuple[Trigger, ...]:
    """All with names: one without is called `trigger-` and its place among those of its side, counted from 1."""
    found: list[Trigger] = []
    for trigger in triggers:
        place = sum(1 for one in found if one.side is trigger.side) + 1
        found.append(trigger if trigger.name else trigger.model_copy(update={"name": f"trigger-{place}"}))
    return tuple(found)
