"""Bodies on their way to and from GitHub: the hidden marker, and references that must not come alive there.

A body that we wrote ends with `<!-- twinline:MARKER -->`, which GitHub does not show. Text of another platform may hold `@name` or
`#12`, which on GitHub would notify a stranger or leave a trace in an unrelated issue: a word joiner (U+2060) behind the sign keeps
them text, and is taken out again on the way back.
"""

import re

from connectors.kit import mentions
from connectors.kit.pictures import in_words, out_of_words
from connectors.kit.richtext import tidy
from connectors.kit.safety import harmless
from model.mentions import Mention

JOINER = "\u2060"
_MARKER = re.compile(r"^<!-- twinline:([a-z0-9:-]{1,80}) -->", re.MULTILINE)
_REFERENCE = re.compile(
    r"""
      ^[ ]{0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?^[ ]{0,3}(?P=fence)[`~]*[ \t]*$|.*\Z)  # fenced code
    | (?<!`)(?P<ticks>`+)(?!`)(?:(?!\n\n).)+?(?<!`)(?P=ticks)(?!`)                       # inline code
    | https?://[^\s<>)\]]+
    | \]\([^)\s]*                                                                        # destination of a link
    | </?[A-Za-z][^<>]*>
    | &\#[xX]?[0-9A-Fa-f]+;
    | (?P<sign>(?<![A-Za-z0-9_])@(?=[A-Za-z0-9]) | \#(?=[0-9]) | \b[Gg][Hh]-(?=[0-9]))
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}")
_JOINED = re.compile(rf"(?<=@){JOINER}(?=[A-Za-z0-9])|(?<=\#){JOINER}(?=[0-9])|(?<=[Gg][Hh]-){JOINER}(?=[0-9])")


def sent(text: str, marker: str | None) -> str:
    """The body to write for neutral `text`; `received` gives both back, with `@login` for a mention of a person of GitHub."""
    own = in_words(harmless(_MARKER.sub("", text)))
    quiet = mentions.sent(own, _login, lambda body: _REFERENCE.sub(_with_joiner, body), lambda login, _: f"@{login}")
    if marker is None:
        return quiet
    return f"{quiet.rstrip()}\n\n<!-- twinline:{marker} -->".lstrip()


def received(body: str | None) -> tuple[str, str | None]:
    """Neutral text and marker of a body; the last marker counts, which is the one at the end."""
    unified = tidy(body or "")
    markers: list[str] = _MARKER.findall(unified)
    return out_of_words(tidy(_JOINED.sub("", _MARKER.sub("", unified)))), markers[-1] if markers else None


def _login(mention: Mention) -> str:
    return mention.username if _LOGIN.fullmatch(mention.username) else ""


def _with_joiner(found: re.Match[str]) -> str:
    return found[0] + JOINER if found["sign"] else found[0]
