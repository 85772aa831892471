"""docs/connectors/README.md says what the quality.toml files say."""

from tests.connectors.matrix import PAGE, page


def test_the_page_is_that_of_the_files() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.connectors.matrix"
