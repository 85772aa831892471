"""Documents against Atlassian's schema are read as far as they have texts, and never break the reading of an issue."""

import pytest
from pydantic import JsonValue

from connectors.kit.richtext import from_adf

PRINTER: JsonValue = {"type": "text", "text": "Printer on fire"}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, ""),
        (["x", {"type": "paragraph", "content": [PRINTER]}], "Printer on fire"),
        ([{"type": "paragraph", "content": [PRINTER, {"type": "date"}]}], "Printer on fire"),
        (
            [{"type": "paragraph", "content": [PRINTER]}, {"type": "paragraph", "content": [{"type": "date"}, PRINTER]}],
            "Printer on fire\n\nPrinter on fire",
        ),
    ],
)
def test_the_texts_of_a_broken_document_are_kept(content: JsonValue, text: str) -> None:
    assert from_adf({"type": "doc", "version": 1, "content": content}) == text


@pytest.mark.parametrize(
    "node", [{}, {"type": "mystery"}, {"type": "heading"}, {"type": "table"}, {"type": "mediaSingle"}, {"type": "panel"}]
)
def test_a_node_that_is_new_or_bare_does_no_harm(node: JsonValue) -> None:
    shown = from_adf({"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [PRINTER]}, node]})
    assert shown.startswith("Printer on fire")
