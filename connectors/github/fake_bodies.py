"""The forms in which GitHub gives the text of an issue or a comment; the caller's Accept header chooses.

https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#media-types
"""

import re
from html import unescape

import nh3
from pydantic import JsonValue

from connectors.kit.html import to_html

_CHOSEN = re.compile(r"application/vnd\.github(?:\.v3)?\.(raw|text|html|full)\b")
_GIVEN = {"raw": ("body",), "text": ("body_text",), "html": ("body_html",), "full": ("body_html", "body_text", "body")}


def form_of(accept: str) -> str:
    found = _CHOSEN.search(accept)
    return found[1] if found else "raw"


def bodies(body: str | None, form: str) -> dict[str, JsonValue]:
    """As `form` asks for: raw, text, html, or full for all of them."""
    if form == "raw":
        return {"body": body}
    html = None if body is None else to_html(body)
    text = None if html is None else unescape(nh3.clean(html, tags=set())).strip()
    forms: dict[str, JsonValue] = {"body": body, "body_html": html, "body_text": text}
    return {name: forms[name] for name in _GIVEN[form]}
