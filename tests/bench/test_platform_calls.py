"""What is told of each platform's calls."""

import pytest
from rich.console import Console

from bench.calls_table import PAGE, calls_table, page
from bench.least import LEAST
from bench.report import PlatformCalls, Work
from tests.pairs.platform import Platform
from tests.pairs.platforms import PLATFORMS

WORK = {(work, side) for work in Work for side in ("source", "target")} - {(Work.IDLE_POLL, "target")}


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.kind)
def test_the_fewest_calls_are_told_for_all_work(platform: type[Platform]) -> None:
    own = LEAST[platform.kind]
    assert set(own) == WORK
    assert [one.why for one in own.values() if not one.why] == []
    assert all(0 < own[Work.BACKFILL, side].calls(1) <= own[Work.BACKFILL, side].calls(1000) for side in ("source", "target"))


def test_a_page_more_is_a_call_more() -> None:
    bulk = LEAST["jira"][Work.BACKFILL, "target"]
    assert [bulk.calls(items) for items in (1, 50, 51, 1000)] == [1, 1, 2, 20]


def test_the_table_has_what_was_made_beside_the_fewest() -> None:
    console = Console(width=300)
    with console.capture() as printed:
        console.print(calls_table([_calls(Work.EDIT, 3), _calls(Work.BACKFILL, 400)]))
    shown = printed.get()
    assert "backfill of 200 as target" in shown
    assert [line.split()[:5] for line in shown.splitlines() if line.strip().startswith("jira")] == [["jira", "3", "(1)", "400", "(1)"]]


def test_the_page_has_the_figures_of_the_last_run() -> None:
    assert PAGE.read_text() == page(), "run python -m bench.calls_table"


def _calls(work: Work, made: int) -> PlatformCalls:
    return PlatformCalls(
        platform="jira",
        work=work,
        side="target",
        other="github",
        items=200 if work is Work.BACKFILL else 1,
        made=made,
        least=1,
        why="one write",
        made_by_kind={"PUT /rest/api/3/issue/{id}": made},
    )
