"""The neutral form of rich text: GitHub-flavoured Markdown, annotated where Markdown is too poor for what a platform said.

Annotations are inline HTML with an `adf` attribute, the form of marklas (https://pypi.org/project/marklas/): platforms
that speak Markdown keep
them unseen, and the way back restores what they stand for.
"""

from collections.abc import Iterator
from typing import cast

import marklas
from pydantic import JsonValue

from connectors.kit.safety import harmless
from model.text import tidy

__all__ = ["from_adf", "tidy", "to_adf"]


def from_adf(document: JsonValue) -> str:
    """Atlassian Document Format to neutral text; nothing is lost but what could run or load something.

    Of a document against Atlassian's schema only its texts are kept.
    """
    if not isinstance(document, dict):
        return ""
    try:
        text = marklas.to_md(cast("dict[str, object]", document))
    except (AttributeError, KeyError, TypeError, ValueError):
        text = "\n\n".join(_texts(document))
    return harmless(tidy(text))


def to_adf(text: str) -> dict[str, JsonValue]:
    """Neutral text to Atlassian Document Format."""
    return cast("dict[str, JsonValue]", marklas.to_adf(harmless(text)))


def _texts(node: JsonValue) -> Iterator[str]:
    """The texts of all nodes below, in order."""
    match node:
        case {"type": "text", "text": str(text)}:
            yield text
        case {"content": list(inner)}:
            for one in inner:
                yield from _texts(one)
        case _:
            return
