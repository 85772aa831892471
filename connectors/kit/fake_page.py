"""The page at `/` of a fake: what it holds, as a person would see it who looks over Twinline's shoulder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

_STYLE = (
    "body{font:15px/1.45 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "article{border:1px solid #ccc;border-radius:6px;padding:.2rem 1rem 1rem;margin:1rem 0}"
    "dl{display:grid;grid-template-columns:max-content auto;gap:.1rem 1rem}dt{color:#666}dd{margin:0}"
    "pre{white-space:pre-wrap;font:inherit}.note{border-left:3px solid #69c;padding-left:.7rem}.internal{border-color:#c93}"
)


@dataclass(frozen=True)
class Note:
    """A comment on an item."""

    author: str
    at: str
    text: str
    internal: bool = False


@dataclass(frozen=True)
class Entry:
    """An item: what people call it, its title, what else there is to know, its text, and what belongs to it."""

    key: str
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    text: str = ""
    notes: tuple[Note, ...] = ()
    files: tuple[str, ...] = ()


def page_route(title: str, entries: Callable[[], Sequence[Entry]]) -> Route:
    """`GET /` for everybody: the entries as they are now, values as plain text."""

    async def show(_: Request) -> Response:
        shown = "".join(map(_article, entries())) or "<p>Nothing here yet.</p>"
        head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
        return HTMLResponse(f'<!doctype html><html lang="en"><head>{head}</head><body><h1>{escape(title)}</h1>{shown}</body></html>')

    return Route("/", show)


def _article(one: Entry) -> str:
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in one.facts if value)
    notes = "".join(map(_note, one.notes))
    files = "".join(f"<li>{escape(name)}</li>" for name in one.files)
    listed = f"<ul>{files}</ul>" if files else ""
    return f"<article><h2>{escape(one.key)}: {escape(one.title)}</h2><dl>{facts}</dl><pre>{escape(one.text)}</pre>{notes}{listed}</article>"


def _note(one: Note) -> str:
    kind, said = (" internal", " (internal)") if one.internal else ("", "")
    return f'<div class="note{kind}"><small>{escape(one.author)}, {escape(one.at)}{said}</small><pre>{escape(one.text)}</pre></div>'
