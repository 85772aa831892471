"""Rich text on its way to and from Zendesk, and the markers that our writes carry out of sight.

Comments are HTML there, cleaned by Zendesk, so that a hidden note in them would not last. A ticket that we created has `external_id`
`twinline:MARKER`. A comment has its marker in the custom metadata of the update that made it, which audits show and people do not.
"""

import html
from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import JsonValue

from connectors.kit.html import from_html, to_html
from connectors.kit.richtext import tidy
from connectors.zendesk.payloads import AuditPayload
from connectors.zendesk.pictures import Files
from model.frozen import Frozen

NO_FILES = Files()
PREFIX = "twinline:"
KEYS: Mapping[str, Literal["comment", "file"]] = {"twinline": "comment", "twinline_file": "file"}


class Mark(Frozen):
    """`kind` tells whether the comment is one, or only there to hold a file."""

    kind: Literal["comment", "file"]
    marker: str


def sent(text: str, files: Files = NO_FILES) -> str:
    return to_html(text, files.address_of)


def received(html_body: str | None, body: str | None, files: Files = NO_FILES) -> str:
    """Neutral text of a comment; of its plain body where Zendesk gave no HTML."""
    if html_body is not None:
        return from_html(html_body, files.target_of)
    return from_html("<br>".join(html.escape(one) for one in tidy(body or "").split("\n")))


def as_read(written: str, files: Files = NO_FILES) -> str:
    return received(sent(written, files), None, files)


def external_id(marker: str) -> str:
    return f"{PREFIX}{marker}"


def marker_of(external_id: str | None) -> str | None:
    return external_id.removeprefix(PREFIX) if external_id and external_id.startswith(PREFIX) else None


def mark_of(custom: Mapping[str, JsonValue] | None) -> Mark | None:
    for key, kind in KEYS.items():
        match (custom or {}).get(key):
            case str(marker) if marker:
                return Mark(kind=kind, marker=marker)
            case _:
                pass
    return None


def marks(audits: Iterable[AuditPayload]) -> dict[int, Mark | None]:
    """Of each comment, by its id, what the update that made it carried."""
    found: dict[int, Mark | None] = {}
    for audit in audits:
        custom = audit.metadata.custom if audit.metadata else None
        for event in audit.events:
            if event.type == "Comment" and event.id is not None:
                found[int(event.id)] = mark_of(custom)
    return found
