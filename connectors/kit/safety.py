"""Neutral text without anything that could run or load where a platform shows it as a page.

Platforms that speak HTML get what `kit.html` lets through. Those that speak Markdown, or documents of their own, are not relied upon to
take out scripts, event handlers, frames, and links that run something. An address `attachment:` is that of a picture that shows a file of
the item, and of nothing else.
"""

import re
from functools import cache
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from connectors.kit.html import from_html, to_html
from model.pictures import SCHEME, name_in

_TAGS = frozenset({"script", "style", "iframe", "frame", "object", "embed", "applet", "form", "link", "meta", "base", "svg", "math"})
_LOADING = frozenset({"href", "src", "action", "formaction", "data", "xlink:href", "srcdoc", "poster"})
_SCHEMES = frozenset({"javascript", "vbscript", "data", SCHEME.rstrip(":")})
_SUSPECT = re.compile(r"<|script|data|attachment:|&", re.IGNORECASE)
_BLANK = re.compile(r"[\x00-\x20]")


def harmless(text: str) -> str:
    """The text itself, or what is left of it where it held something of that kind."""
    return from_html(to_html(text)) if _SUSPECT.search(text) and is_unsafe(_page(text)) else text


def is_unsafe(html: str) -> bool:
    """Whether a browser that shows the page would run or load something by itself or at a click."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.unsafe


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.unsafe = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unsafe = self.unsafe or tag in _TAGS or any(_is_unsafe(tag, name, value or "") for name, value in attrs)


def _is_unsafe(tag: str, name: str, value: str) -> bool:
    if (tag, name) == ("img", "src") and name_in(value):
        return False
    return name.startswith("on") or (name in _LOADING and _scheme(value) in _SCHEMES)


def _scheme(address: str) -> str:
    """As browsers read it, who leave blanks aside."""
    return _BLANK.sub("", address).partition(":")[0].lower()


def _page(text: str) -> str:
    """As a platform would show it that takes every address for good."""
    return _renderer().render(text)


@cache
def _renderer() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")
    reader.validateLink = lambda url: True  # pyright: ignore[reportAttributeAccessIssue]
    return reader
