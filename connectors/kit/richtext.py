"""The neutral form of rich text: GitHub-flavoured Markdown, annotated where Markdown is too poor for what a platform said.

Annotations are inline HTML with an `adf` attribute, the form of marklas (https://pypi.org/project/marklas/): platforms
that speak Markdown keep
them unseen, and the way back restores what they stand for.
"""

from typing import cast

import marklas
from pydantic import JsonValue

from connectors.kit.safety import harmless
from model.text import tidy

__all__ = ["from_adf", "tidy", "to_adf"]


def from_adf(document: JsonValue) -> str:
    """Atlassian Document Format to neutral text; nothing is lost but what could run or load something."""
    return harmless(tidy(marklas.to_md(cast("dict[str, object]", document)))) if isinstance(document, dict) else ""


def to_adf(text: str) -> dict[str, JsonValue]:
    """Neutral text to Atlassian Document Format."""
    return cast("dict[str, JsonValue]", marklas.to_adf(harmless(text)))
