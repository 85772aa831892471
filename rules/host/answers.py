"""Answers from a table, where there is no platform to ask."""

import json
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from rules.limits import Raised
from rules.values import Host, Value, text_of

ANY = "*"


class Unanswered(Raised):
    """A helper was called for which the table has no answer; scripts cannot catch it."""

    def __init__(self, call: str, arguments: list[Value], keys: Sequence[str] = ()) -> None:
        key = next(iter([*keys, *_keys(arguments), ANY]))
        given = ", ".join(_shown(one) for one in arguments)
        entry = json.dumps({call: {key[:200]: "..."}}, ensure_ascii=False)
        super().__init__(f'{call}({given}) has no answer; put {entry} into the helpers file, or "*" for any')


def answer(call: str, given: JsonValue, arguments: list[Value], keys: Sequence[str] = ()) -> JsonValue:
    """What the table has for these arguments; Unanswered where that is nothing.

    A value that is no object answers every call. An object answers by argument: by `keys`, by all plain arguments joined with `, `,
    by one of them, or by `*`.
    """
    if not isinstance(given, dict):
        return given
    for key in (*keys, *_keys(arguments), ANY):
        if key in given:
            return given[key]
    if not arguments:
        return given
    raise Unanswered(call, arguments, keys)


def _keys(arguments: list[Value]) -> Iterator[str]:
    plain = [text_of(one) for one in arguments if not isinstance(one, Host | list | dict)]
    if len(plain) > 1:
        yield from (", ".join(plain), ",".join(plain))
    yield from plain
    if not arguments:
        yield ""


def _shown(value: Value) -> str:
    if isinstance(value, str):
        text = value if len(value) <= 60 else value[:59] + "…"
        return f'"{text}"'
    if isinstance(value, Host | list | dict):
        return value.kind if isinstance(value, Host) else "…"
    return text_of(value)
