"""Rich text on its way to and from Azure DevOps, and the marks that we leave.

Rich text is HTML there, or Markdown where somebody chose that for a field or a comment. A comment of ours ends with a link without text to
`MARK` and the marker, which is not shown; an item of ours has such a hyperlink among its links; a file of ours has the marker as its
comment.
"""

import re
from urllib.parse import quote, unquote

from connectors.azure_devops.pictures import Files
from connectors.kit import mentions
from connectors.kit.html import from_html, to_html
from connectors.kit.richtext import tidy
from connectors.kit.safety import harmless
from model.mentions import Mention, plain
from model.pictures import retargeted

MARK = "https://twinline.invalid/"
"""Leads nowhere: RFC 2606 keeps `.invalid` free of names."""

NO_FILES = Files()

_IN_HTML = re.compile(r"""<a\b[^>]*\bhref=["']https://twinline\.invalid/([^"'<>\s]+)["'][^>]*>.*?</a>""", re.IGNORECASE | re.DOTALL)
_IN_MARKDOWN = re.compile(r"\[[^\]\n]*\]\(https://twinline\.invalid/([^)\s]+)\)")
_MENTION = re.compile(r"<a\b[^>]*\bdata-vss-mention=[^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_MENTIONED = re.compile(r"""\bdata-vss-mention=["']version:2\.0,([\w-]+)["']""", re.IGNORECASE)
_IDENTITY = re.compile(r"[\w-]+")
_EMPTY = re.compile(r"(?:<div>\s*</div>\s*)+$")


def sent(text: str, marker: str | None = None, files: Files = NO_FILES) -> str:
    """HTML of neutral text; `received` gives text and marker back."""
    own = mentions.sent(text, _identity, lambda body: _IN_HTML.sub("", to_html(body, files.address_of)), _anchor)
    return own if marker is None else f'{own}<div><a href="{address(marker)}"></a></div>'


def sent_markdown(text: str, marker: str | None = None, files: Files = NO_FILES) -> str:
    own = retargeted(harmless(tidy(_IN_MARKDOWN.sub("", plain(text)))), files.address_of)
    return own if marker is None else f"{own}\n\n[]({address(marker)})"


def received(body: str, files: Files = NO_FILES, *, markdown: bool = False) -> tuple[str, str | None]:
    """Neutral text and marker; the last marker counts, which is the one at the end."""
    pattern = _IN_MARKDOWN if markdown else _IN_HTML
    markers: list[str] = pattern.findall(body)
    rest = pattern.sub("", body)
    marker = unquote(markers[-1]) if markers else None
    if markdown:
        return retargeted(tidy(rest), files.target_of), marker
    rest = _EMPTY.sub("", rest)
    if "data-vss-mention" not in rest:
        return from_html(rest, files.target_of), marker
    return mentions.received(rest, lambda html: _MENTION.sub(_sign, html), lambda html: from_html(html, files.target_of)), marker


def _identity(mention: Mention) -> str:
    return mention.key if _IDENTITY.fullmatch(mention.key) else ""


def _anchor(identity: str, said: str) -> str:
    return f'<a href="#" data-vss-mention="version:2.0,{identity}">{said}</a>'


def _sign(found: re.Match[str]) -> str:
    identity = _MENTIONED.search(found[0])
    return mentions.sign(identity[1], found[1]) if identity else found[1]


def address(marker: str) -> str:
    """The hyperlink that an item with this marker has."""
    return MARK + quote(marker, safe=":")


def marker_of(url: str) -> str | None:
    return unquote(url.removeprefix(MARK)) or None if url.startswith(MARK) else None


def label(marker: str) -> str:
    """The comment of a file that carries `marker`."""
    return f"twinline:{marker}"


def labelled(comment: str) -> str | None:
    return comment.removeprefix("twinline:") or None if comment.startswith("twinline:") else None
