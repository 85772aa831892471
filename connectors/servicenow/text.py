"""Texts on their way to and from ServiceNow.

Descriptions are plain text there and stay as they are, Markdown as its author wrote it; columns of type HTML are converted. A journal
entry is plain text, in which `[code]...[/code]` shows HTML. One that we wrote ends with `[code]<!-- twinline:MARKER -->[/code]`, which
shows nothing.
"""

import re

from connectors.kit.html import from_html, to_html
from connectors.kit.pictures import in_words, out_of_words
from connectors.kit.richtext import tidy

HTML_KINDS = frozenset({"html", "translated_html"})
_HIDDEN = re.compile(r"(?:\[code\])?\s*<!-- twinline:([a-z0-9:-]{1,80}) -->\s*(?:\[/code\])?", re.IGNORECASE)
_CODE = re.compile(r"\[code\](.*?)\[/code\]", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"\[(/?)code\]", re.IGNORECASE)
_MARKUP = re.compile(r"[*_`~\[\]|\\]|<[A-Za-z/!]|&#?\w+;|^[ \t]*(?:[-+=#>]|\d+[.)])", re.MULTILINE)
_MENTION = re.compile(r"@\[[0-9a-f]{32}:([^\]\n]{1,150})\]")


def column_text(kind: str, value: str) -> str:
    """Neutral text of a column."""
    return out_of_words(from_html(value) if kind in HTML_KINDS else tidy(value))


def column_value(kind: str, text: str) -> str:
    """What to write into a column to show neutral text."""
    return to_html(in_words(text)) if kind in HTML_KINDS else tidy(in_words(text))


def entry(text: str, marker: str) -> str:
    """A journal entry to write; `from_entry` gives both back."""
    body = in_words(tidy(_HIDDEN.sub("", text)))
    shown = f"[code]{_TAG.sub(_spelled, to_html(body))}[/code]" if _MARKUP.search(body) else body
    return f"{shown}\n[code]<!-- twinline:{marker} -->[/code]".lstrip()


def from_entry(value: str) -> tuple[str, str | None]:
    """Neutral text and marker of a journal entry; mentions become the names in them."""
    unified = value.replace("\r\n", "\n").replace("\r", "\n")
    markers: list[str] = _HIDDEN.findall(unified)
    text = _CODE.sub(lambda found: from_html(found[1]), _HIDDEN.sub("", unified))
    return out_of_words(tidy(_MENTION.sub(r"@\1", text))), markers[-1] if markers else None


def _spelled(tag: re.Match[str]) -> str:
    """The word of a tag so that it neither begins nor ends HTML."""
    return f"&#91;{tag[1]}code&#93;"
