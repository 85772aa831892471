"""Mentions of people on their way to platforms that write them in a form of their own.

On the way through a conversion each mention is a sign of its own, which keeps its name as text.
"""

import re
from collections.abc import Callable

from model.mentions import SCHEME, Mention, redrawn
from model.pictures import CODE

_SIGNS = re.compile("[\ue020-\ue022]")
_SIGN = re.compile(f"{CODE}|\ue020(?P<key>[^\ue020-\ue022]*)\ue021(?P<said>[^\ue020-\ue022]*)\ue022", re.MULTILINE | re.DOTALL)
_ONE = "\ue020[^\ue020-\ue022]*\ue021[^\ue020-\ue022]*\ue022"
_GLUED = re.compile(rf"(?<=\w){_ONE}|{_ONE}(?=[\w-])")
_INNER = re.compile(_ONE)
"""A sign in code, where nobody is mentioned."""

_SHOWN = re.compile(r"@(?P<name>(?:\\.|[^\[\]\\\n])+)")


def sent(text: str, key: Callable[[Mention], str], convert: Callable[[str], str], write: Callable[[str, str], str]) -> str:
    """Neutral text converted, with what `write` makes of the key and the words of each mention.

    A mention without a `key`, or within a word, gives way to its plain name. A key has no markup in it.
    """
    if f"]({SCHEME}" not in text:
        return convert(text)
    signed = redrawn(_SIGNS.sub("", text), lambda one: sign(found, one.plain) if (found := key(one)) else one.plain)
    return _written(convert(_GLUED.sub(_words, signed)), write)


def sign(key: str, said: str) -> str:
    """What stands for a mention in a text that `received` converts."""
    return f"\ue020{key}\ue021{said}\ue022"


def received(text: str, signed: Callable[[str], str], convert: Callable[[str], str]) -> str:
    """Neutral text of a converted one, with mentions for the signs that `signed` puts there."""

    def mention(key: str, said: str) -> str:
        found = _SHOWN.fullmatch(said)
        return str(Mention(found["name"], key)) if found else said

    return _written(convert(signed(_SIGNS.sub("", text))), mention)


def _written(text: str, write: Callable[[str, str], str]) -> str:
    told = _SIGN.sub(lambda found: found[0] if found["code"] is not None else write(found["key"], found["said"]), text)
    return _INNER.sub(_words, told)


def _words(found: re.Match[str]) -> str:
    return found[0].partition("\ue021")[2].partition("\ue022")[0]
