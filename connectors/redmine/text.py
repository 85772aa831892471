"""Bodies on their way to and from Redmine, and the hidden marker in them.

A description or note that we wrote ends with `<!-- twinline:MARKER -->` on a line of its own, which Redmine's CommonMark and Textile do not
show. The description of an attachment that we added is `twinline:MARKER`, and the words of a time entry, which are one line, end with it in
brackets.

A picture whose address is only a name shows the file of the issue that is called so, the newest of them:
https://www.redmine.org/projects/redmine/wiki/RedmineTextFormattingMarkdown. Textile's form of it is read, too, and never written.
"""

import re
from urllib.parse import quote, unquote

from connectors.kit.richtext import tidy
from connectors.kit.safety import harmless
from model.pictures import CODE, Picture, is_name, name_in, retargeted, target_of

_HIDDEN = re.compile(r"^<!-- twinline:([a-z0-9:-]{1,80}) -->", re.MULTILINE)
_NO_NAME = r"\n!|()\[\]<>/\\"
_TEXTILE = re.compile(
    rf"""
      {CODE}
    | (?<![\w!\\]) ! (?P<name> [^\s{_NO_NAME}] [^{_NO_NAME}]* \.(?:bmp|gif|jpe?g|jpe|png|webp)) (?:\((?P<alt>[^()\[\]\n]*)\))? ! (?!\w)
    """,
    re.MULTILINE | re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_NAME = re.compile(r"[^/?#:]+\.\w+")
_PLAIN = re.compile(r"twinline:([a-z0-9:-]{1,80})")
_BRACKETED = re.compile(r"\s*\[twinline:([a-z0-9:-]{1,80})\]\s*")


def sent(text: str, marker: str | None) -> str:
    """The body to write for neutral `text`; `received` gives both back."""
    own = retargeted(harmless(_HIDDEN.sub("", text)), _address_of).rstrip()
    return own if marker is None else f"{own}\n\n<!-- twinline:{marker} -->".lstrip()


def received(body: str | None) -> tuple[str, str | None]:
    """Neutral text and marker of a body; the last marker counts, which is the one at the end."""
    unified = tidy(body or "")
    markers: list[str] = _HIDDEN.findall(unified)
    own = retargeted(_TEXTILE.sub(_of_textile, tidy(_HIDDEN.sub("", unified))), _target_of)
    return own, markers[-1] if markers else None


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


def _address_of(target: str) -> str:
    """As it is where Redmine has no form for the name."""
    address = quote(name_in(target), safe="")
    return address if _NAME.fullmatch(address) else target


def _target_of(address: str) -> str:
    """Of what has a name and an ending, and no path."""
    name = unquote(address)
    return target_of(name) if _NAME.fullmatch(address) and is_name(name) else address


def _of_textile(found: re.Match[str]) -> str:
    return found[0] if found["code"] is not None else str(Picture(found["alt"] or "", target_of(found["name"])))
