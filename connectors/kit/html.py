"""HTML, as Azure DevOps, ServiceNow, Zendesk and Salesforce keep rich text, to and from the neutral form.

What could run or load something is taken out on both ways: scripts, styles, event handlers, frames, forms, and links of other schemes than
those of a page, a mail or a call.
"""

import re
from collections.abc import Callable
from functools import cache

import nh3
from html_to_markdown import ConversionOptions, convert
from markdown_it import MarkdownIt

from model.pictures import SCHEME, name_in
from model.text import tidy

Target = Callable[[str], str]
"""From one target of a picture to another."""

_TAGS = frozenset(
    {"a", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li",
     "ol", "p", "pre", "s", "span", "strike", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul"}
)  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "code": {"class"}, "pre": {"class"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel", SCHEME.rstrip(":")}
_NO_BRACKETS = str.maketrans("[]\n", "() ", "\\")
_NEEDLESS = re.compile(
    r"""
      (?P<fence>^[ >]*(?P<fencing>`{3,}|~{3,})[^\n]*\n(?:.*?^[ >]*(?P=fencing)[ \t]*$|.*\Z))   # fenced code
    | (?P<code>(?<![`\\])(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))                          # inline code
    | (?P<start>^[ >]*(?:[-*+][ ]+|\d+[.)][ ]+)*(?:\\[-+=#>~]|\d+\\[.)]))                    # what would begin a list, heading, quote
    | (?P<pair>\\\\)                                                                          # a backslash itself
    | (?:\\(?=[.)+=\#>-]|!(?!\\?\[)) | (?<=\w)\\(?=_\w) | (?<=[ ])\\(?=\*[ ]))
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
"""Backslashes that keep nothing from being taken for markup, and before them what is to stay."""


def clean(html: str, target: Target = str) -> str:
    """The same page without anything that could run or load, its pictures at their `target`."""

    def kept(tag: str, name: str, value: str) -> str | None:
        """`attachment:` is for pictures that show a file. Brackets would end the words of a picture in Markdown."""
        if tag == "img":
            value = target(value) if name == "src" else value.translate(_NO_BRACKETS)
        return value if not value.lower().startswith(SCHEME) or (name == "src" and name_in(value)) else None

    return nh3.clean(html, tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None, attribute_filter=kept)


def from_html(html: str, target: Target = str) -> str:
    """Neutral text of a page or a part of one, its pictures at their `target`."""
    if not html:
        return ""
    return tidy(_NEEDLESS.sub(_kept, convert(clean(html, target), _options()).content or ""))


def to_html(text: str, target: Target = str) -> str:
    """A part of a page that shows neutral text, its pictures at their `target`."""
    return clean(_renderer()(text), target).strip()


@cache
def _options() -> ConversionOptions:
    return ConversionOptions(
        bullets="-",
        escape_asterisks=True,
        escape_underscores=True,
        escape_misc=True,
        extract_metadata=False,
        newline_style="backslash",
        compact_tables=True,
        max_depth=100,
    )


@cache
def _renderer() -> Callable[[str], str]:
    return MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough").render


def _kept(found: re.Match[str]) -> str:
    return "" if found.lastgroup is None else found[0]
