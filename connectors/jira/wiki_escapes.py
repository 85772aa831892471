"""Text as Jira's wiki markup takes it for text. Pure.

A sign is escaped only where it would mean something, so that what people write stays readable in Jira's text mode.
"""

import re
from dataclasses import dataclass

from connectors.jira.wiki_signs import ENTITY, IMAGE, OURS, URL

_MACRO = re.compile(r"\{(?:\{|$|[*_\-+^~]\}|(?:color|code|noformat|quote|panel)\b)")
_LINE = re.compile(r"(?P<item>[*#-]+[ \t])|(?P<word>h[1-6]|bq)\.(?=[ \t])|(?P<bar>\|)")
_EMPHASIS = frozenset("*_-+^~")
_MONOSPACED = frozenset("*_-+^~?{}[]!|\\")


@dataclass(frozen=True)
class Place:
    """Where text is written: `newline` is a line break there, `closers` the signs that would end an emphasis around it."""

    newline: str = "\n"
    bars: bool = False
    label: bool = False
    closers: frozenset[str] = frozenset()


def escaped(text: str, place: Place) -> str:
    """The text of one node."""
    text = text.translate(OURS).replace("\r", "").replace("\n", " ")
    made: list[str] = []
    at = 0
    while at < len(text):
        before = text[at - 1 : at] if at else ""
        if text[at] in "hf" and not before.isalnum() and (found := URL.match(text, at)):
            made.append(ENTITY.sub(lambda one: "&amp;" + one[0][1:], found[0]))
            at = found.end()
        else:
            made.append(_sign(text, at, before, place))
            at += 1
    return "".join(made)


def _sign(text: str, at: int, before: str, place: Place) -> str:
    sign, after = text[at], text[at + 1 : at + 2]
    match sign:
        case "\\":
            return sign if after.isalnum() else "&#92;"
        case "&":
            return "&amp;" if ENTITY.match(text, at) else sign
        case _ if _means(text, at, before, after, place):
            return f"\\{sign}"
        case _:
            return sign


def _means(text: str, at: int, before: str, after: str, place: Place) -> bool:
    sign = text[at]
    if sign in "*#-" and not before and not after.strip():
        return True
    if sign in _EMPHASIS:
        opens = not before.isalnum() and not after.isspace()
        closes = sign in place.closers and not before.isspace() and not after.isalnum()
        return opens or closes
    match sign:
        case "{":
            return _MACRO.match(text, at) is not None
        case "[":
            return place.label or not after.isspace()
        case "]":
            return place.label
        case "!":
            return IMAGE.match(text, at) is not None
        case "|":
            return place.bars or place.label
        case _:
            return False


def monospaced(text: str) -> str:
    """Jira reads markup between `{{` and `}}` too."""
    plain = text.translate(OURS).replace("\n", " ")
    signs = ["&#92;" if one == "\\" else f"\\{one}" if one in _MONOSPACED else one for one in plain]
    return ENTITY.sub(lambda one: one[0] if one[0] == "&#92;" else "&amp;" + one[0][1:], "".join(signs))


def line_safe(lines: str) -> str:
    """Lines none of which begins a list, a heading, a quote or a table's row."""
    return "\n".join(_safe(line.strip()) for line in lines.split("\n"))


def _safe(line: str) -> str:
    found = _LINE.match(line)
    if found is None:
        return line
    return f"{found['word']}\\{line[len(found['word']) :]}" if found["word"] else "\\" + line
