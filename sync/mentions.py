"""Mentions in what arrives, as this side has the people."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from html import unescape
from typing import Literal

from pydantic import JsonValue

from model.item import Fields
from model.mentions import LINK, Mention, mention_in, plain
from model.pictures import CODE

Form = Literal["none", "marked", "login"]
"""How texts of a platform tell mentions: not at all, by id as `model.mentions` or an annotation has it, or by `@LOGIN`."""

RICH = frozenset({"description", "body", "comment"})
"""Where mentions stand, in a replica and in its comments and work logs; any other text gets plain names."""

_SPAN = """<span adf="mention" params='(?P<params>[^'\n]*)'>[^<]*</span>"""
_INDENTED = r"(?:\A|(?<=\n\n))(?:(?: {4}|\t)[^\n]*(?:\n|\Z))+"
_ADDRESS = r"https?://[^\s<>)\]]+|\]\([^)\s]*|</?[A-Za-z][^<>]*>"
_LOGIN = r"(?<![\w@\\./+-])@(?P<login>[A-Za-z0-9][A-Za-z0-9-]{0,38})(?![\w@/-])"
_FORMS: Mapping[Form, re.Pattern[str]] = {
    "none": re.compile(f"{CODE}|{LINK}", re.MULTILINE | re.DOTALL),
    "marked": re.compile(f"{CODE}|{LINK}|{_SPAN}", re.MULTILINE | re.DOTALL),
    "login": re.compile(f"{CODE}|{LINK}|{_INDENTED}|{_SPAN.replace('?P<params>', '?:')}|{_ADDRESS}|{_LOGIN}", re.MULTILINE | re.DOTALL),
}


def mentioned(values: Iterable[Fields], form: Form) -> tuple[str, ...]:
    """The ids or logins by which the texts name people, each once."""
    found: dict[str, None] = {}

    def note(name: str) -> None:
        found[name] = None

    for value in values:
        _texts(value, lambda text: _redrawn(text, form, note))
    return tuple(found)


def localized(value: Fields, form: Form, people: Mapping[str, Mention]) -> Fields:
    """What arrived, with mentions of `people` for those of their ids or logins on the other side.

    Of the others, an annotation or a login stays as it is, and a mention becomes the name.
    """
    return _texts(value, lambda text: _redrawn(text, form, people.get))


def _redrawn(text: str, form: Form, local: Callable[[str], Mention | None]) -> str:
    return _FORMS[form].sub(lambda found: _drawn(found, local), text) if "@" in text else text


def _drawn(found: re.Match[str], local: Callable[[str], Mention | None]) -> str:
    parts = found.groupdict()
    if parts["key"] is not None:
        mention = mention_in(found)
        return str(local(mention.key) or mention.plain)
    name = parts.get("login") or _id_of(parts.get("params"))
    return str((local(name) if name else None) or found[0])


def _id_of(params: str | None) -> str | None:
    try:
        told: JsonValue = json.loads(unescape(params or "null"))
    except ValueError:
        return None
    match told:
        case {"id": str(name)}:
            return name
        case _:
            return None


def _texts(value: Fields, change: Callable[[str], str]) -> Fields:
    return {name: _changed(one, change if name in RICH else plain, change) for name, one in value.items()}


def _changed(value: JsonValue, text: Callable[[str], str], change: Callable[[str], str]) -> JsonValue:
    match value:
        case str():
            return text(value)
        case dict():
            return _texts(value, change)
        case list():
            return [_changed(one, text, change) for one in value]
        case _:
            return value
