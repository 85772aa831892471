"""Mentions of people in neutral text: `[@NAME](mention:KEY)` or `[@NAME](mention:KEY/USERNAME)`, percent-encoded.

They are people of the platform whose text it is. Where a text crosses to another platform, they become people of that one, or plain names.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, unquote

from model.pictures import CODE

SCHEME = "mention:"
LINK = r"(?<![!\\])\[@(?P<name>(?:\\.|[^\[\]\\\n])+)\]\(mention:(?P<key>[^\s()<>/]+)(?:/(?P<username>[^\s()<>/]*))?\)"
_LINK = re.compile(rf"{CODE}|{LINK}", re.MULTILINE | re.DOTALL)
_ANY = re.compile(rf"""{LINK}|<span adf="mention"[^>]*>[^<]*</span>|(?<![\w@])@[A-Za-z0-9][\w-]*""")
_BRACKETS = re.compile(r"[\[\]\\]")


@dataclass(frozen=True)
class Mention:
    """`name` is Markdown, without the sign; `key` and `username` are those of a hub user."""

    name: str
    key: str
    username: str = ""

    def __str__(self) -> str:
        more = f"/{quote(self.username, safe='')}" if self.username else ""
        return f"[@{self.name}]({SCHEME}{quote(self.key, safe='')}{more})"

    @property
    def plain(self) -> str:
        return f"@{self.name}"


def spelled(name: str) -> str:
    """A name as it stands in a mention."""
    return _BRACKETS.sub(r"\\\g<0>", " ".join(name.split()))


def mention_in(found: re.Match[str]) -> Mention:
    """What a match of `LINK` says."""
    return Mention(found["name"], unquote(found["key"]), unquote(found["username"] or ""))


def redrawn(text: str, draw: Callable[[Mention], str]) -> str:
    """The text with every mention as `draw` has it; what is in code stays."""
    if f"]({SCHEME}" not in text:
        return text
    return _LINK.sub(lambda found: found[0] if found["code"] is not None else draw(mention_in(found)), text)


def plain(text: str) -> str:
    """The text with names in place of mentions."""
    return redrawn(text, lambda mention: mention.plain)


def unnamed(text: str) -> str:
    """The text without who is mentioned, in whatever form: it is the same on both sides."""
    return _ANY.sub("@", text)
