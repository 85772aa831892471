"""Bodies on their way to and from Redmine, and the hidden marker in them.

A description or note that we wrote ends with `<!-- twinline:MARKER -->` on a line of its own, which Redmine's CommonMark and Textile do not
show. The description of an attachment that we added is `twinline:MARKER`.
"""

import re

from connectors.kit.richtext import tidy
from connectors.kit.safety import harmless

_HIDDEN = re.compile(r"^<!-- twinline:([a-z0-9:-]{1,80}) -->", re.MULTILINE)
_PLAIN = re.compile(r"twinline:([a-z0-9:-]{1,80})")


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
