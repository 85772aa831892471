"""Pictures in neutral text that show a file of the item itself: `![ALT](attachment:NAME)`.

NAME is the file's name, percent-encoded. Names are the same on both sides, so that a text with such pictures is the same text there. Where
two files of an item have one name, the first of them is meant.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

SCHEME = "attachment:"
FENCED = r"^[ >]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?^[ >]*(?P=fence)[ \t]*$|.*\Z)"
CODE = rf"(?P<code>{FENCED}|(?<![`\\])(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
"""Code of Markdown, in which nothing is a picture; with `re.MULTILINE` and `re.DOTALL`."""
LONGEST = 255

_ALT = r"\[(?P<alt>(?:\\.|[^\[\]\\\n])*)\]"
_TARGET = r"(?P<target><[^<>\n]*>|[^\s()<>]+)"
_PICTURE = re.compile(rf'{CODE}|(?<!\\)!{_ALT}\({_TARGET}(?:[ ]+"(?P<title>[^"\n]*)")?[ ]*\)', re.MULTILINE | re.DOTALL)
_NO_NAME = frozenset('/\\<>"')


@dataclass(frozen=True)
class Picture:
    """One picture as Markdown has it: `alt` and `title` with their escapes, `target` without angle brackets."""

    alt: str
    target: str
    title: str = ""

    @property
    def name(self) -> str:
        """The file of the item that it shows, empty for a picture from elsewhere."""
        return name_in(self.target)

    def __str__(self) -> str:
        target = self.target if re.fullmatch(r"[^\s()<>]+", self.target) else f"<{self.target}>"
        return f'![{self.alt}]({target} "{self.title}")' if self.title else f"![{self.alt}]({target})"


def is_name(name: str) -> bool:
    """Whether a file that texts show may be called so: no path, no markup, nothing that cannot be seen."""
    return 0 < len(name) <= LONGEST and name.isprintable() and name.strip(". ") != "" and not set(name) & _NO_NAME


def target_of(name: str) -> str:
    """The target of a picture that shows the item's file of that name."""
    return SCHEME + quote(name, safe="", errors="replace")


def name_in(target: str) -> str:
    """The file that a target means, empty for any other target and for what no file is called."""
    name = unquote(target.removeprefix(SCHEME)) if target.startswith(SCHEME) else ""
    return name if is_name(name) else ""


def names_in(text: str) -> frozenset[str]:
    """The item's own files that a text shows."""
    if SCHEME not in text:
        return frozenset()
    return frozenset(found.name for found in map(_picture, _PICTURE.finditer(text)) if found is not None and found.name)


def redrawn(text: str, draw: Callable[[Picture], str]) -> str:
    """The text with every picture as `draw` has it; what is in code stays."""
    return _PICTURE.sub(lambda found: draw(one) if (one := _picture(found)) else found[0], text) if "![" in text else text


def retargeted(text: str, target: Callable[[str], str]) -> str:
    """The text with every picture at the `target` of what it has."""
    return _PICTURE.sub(lambda found: _at(found, target), text) if "![" in text else text


def _at(found: re.Match[str], target: Callable[[str], str]) -> str:
    picture = _picture(found)
    if picture is None or (now := target(picture.target)) == picture.target:
        return found[0]
    return str(replace(picture, target=now))


def _picture(found: re.Match[str]) -> Picture | None:
    if found["code"] is not None:
        return None
    return Picture(found["alt"], found["target"].removeprefix("<").removesuffix(">"), found["title"] or "")
