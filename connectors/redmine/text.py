"""Bodies on their way to and from Redmine, and the hidden marker in them.

A description or note that we wrote ends with `<!-- twinline:MARKER -->` on a line of its own, which Redmine's CommonMark and Textile do not
show. The description of an attachment that we added is `twinline:MARKER`, and the words of a time entry, which are one line, end with it in
brackets.
"""

import re

from connectors.kit.richtext import tidy
from connectors.kit.safety import harmless

_HIDDEN = re.compile(r"^<!-- twinline:([a-z0-9:-]{1,80}) -->", re.MULTILINE)
_PLAIN = re.compile(r"twinline:([a-z0-9:-]{1,80})")
_BRACKETED = re.compile(r"\s*\[twinline:([a-z0-9:-]{1,80})\]\s*")


def sent(text: str, marker: str | None) -> str:
    """The body to write for neutral `text`; `received` gives both back."""
    own = harmless(_HIDDEN.sub("", text)).rstrip()
    return own if marker is None else f"{own}\n\n<!-- twinline:{marker} -->".lstrip()


def received(body: str | None) -> tuple[str, str | None]:
    """Neutral text and marker of a body; the last marker counts, which is the one at the end."""
    unified = tidy(body or "")
    markers: list[str] = _HIDDEN.findall(unified)
    return tidy(_HIDDEN.sub("", unified)), markers[-1] if markers else None


def label(marker: str) -> str:
    """The description of an attachment that carries `marker`."""
    return f"twinline:{marker}"


def marker_of(description: str | None) -> str | None:
    found = _PLAIN.search(description or "")
    return found[1] if found else None


def plain(text: str) -> str:
    """The words of a time entry, on one line and without marker."""
    return " ".join(_BRACKETED.sub(" ", text).split())


def marked(words: str, marker: str | None) -> str:
    """The words to write into a time entry; `told` gives both back."""
    return f"{words} [{label(marker)}]".lstrip() if marker else words


def told(words: str | None) -> tuple[str, str | None]:
    """Words and marker of a time entry."""
    markers: list[str] = _BRACKETED.findall(words or "")
    return plain(words or ""), markers[-1] if markers else None
