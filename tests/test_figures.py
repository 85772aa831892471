"""The figures of docs/guarantees.md are those of the runs that are kept."""

from tests.figures import PAGE, page


def test_the_page_has_the_figures_of_the_last_runs() -> None:
    assert PAGE.read_text() == page(), "run python -m tests.figures"
