"""What becomes of rich text on its way is what docs/connectors/fidelity.md says, and nothing that could run is ever on its way."""

import json
from collections.abc import Iterator
from typing import cast

import pytest
from pydantic import JsonValue

from connectors import declarations
from connectors.kit.safety import is_unsafe
from tests.fidelity.constructs import CONSTRUCTS, UNSAFE
from tests.fidelity.page import PAGE, outcome, page
from tests.fidelity.ways import WAYS, Way, markdown


def test_the_page_is_that_of_the_connectors_as_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.fidelity"


def test_every_connector_is_on_the_page() -> None:
    assert {way.kind for way in WAYS} == set(declarations())


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.kind)
def test_no_words_are_lost(way: Way) -> None:
    assert [one.name for one in CONSTRUCTS if outcome(one, way) == "lost"] == []


@pytest.mark.parametrize("text", UNSAFE)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.kind)
def test_nothing_that_could_run_is_written(way: Way, text: str) -> None:
    stored = way.kept(text)
    if way.nodes:
        document = cast("JsonValue", json.loads(stored))
        assert not any(is_unsafe(f'<a href="{address}">') for address in _addresses(document))
    else:
        assert not is_unsafe(way.page(stored))
    assert "whale" in stored


@pytest.mark.parametrize("text", UNSAFE)
def test_what_could_run_is_recognised(text: str) -> None:
    assert is_unsafe(markdown(text))


def _addresses(value: JsonValue) -> Iterator[str]:
    match value:
        case dict():
            for name, inner in value.items():
                if name in {"href", "url"} and isinstance(inner, str):
                    yield inner
                yield from _addresses(inner)
        case list():
            for inner in value:
                yield from _addresses(inner)
        case _:
            return
