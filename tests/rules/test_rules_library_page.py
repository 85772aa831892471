"""The reference of the library is what the library has."""

from tests.rules.library_page import PAGE, page


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.rules.library_page"
