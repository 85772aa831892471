"""The condition of a trigger query, and what cannot be one."""

import pytest

from connectors.azure_devops.triggers import LONGEST, condition, wiql
from model.errors import BadInput


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ""),
        ("  [System.Id] > 0 ", "[System.Id] > 0"),
        ("[System.Id] > 0 ORDER BY [System.Title] DESC", "[System.Id] > 0"),
        ("select [System.Id]\nfrom workitems\nwhere [System.Id] > 0\norder by [System.Id]", "[System.Id] > 0"),
        ("SELECT [System.Id] FROM WorkItems", ""),
        ("SELECT [System.Id] FROM WorkItems ORDER BY [System.Id]", ""),
        ("[System.Title] = 'ORDER BY (' AND [System.Id] > 0", "[System.Title] = 'ORDER BY (' AND [System.Id] > 0"),
        ("[System.Title] = 'O''Brien' ORDER BY [System.Id]", "[System.Title] = 'O''Brien'"),
        ('[System.Title] = "ASOF) MODE"', '[System.Title] = "ASOF) MODE"'),
        (
            "[Custom.ORDER BY] = 'x' AND ([System.Id] > 1 OR ([System.Id] < 5))",
            "[Custom.ORDER BY] = 'x' AND ([System.Id] > 1 OR ([System.Id] < 5))",
        ),
    ],
)
def test_the_condition_is_taken_out(query: str, wanted: str) -> None:
    assert condition(query) == wanted


@pytest.mark.parametrize(
    "query",
    [
        "[System.Id] > 0) OR ([System.Id] < 0",
        "([System.Id] > 0",
        "[System.Title] = 'open",
        "[System.Title = 'x'",
        "SELECT [System.Id] FROM WorkItemLinks WHERE [System.Id] > 0",
        "[System.Id] > 0 ASOF '2031-01-01'",
        "[System.Id] > 0" + " " * LONGEST,
    ],
)
def test_what_would_reach_out_of_its_place_is_refused(query: str) -> None:
    with pytest.raises(BadInput):
        condition(query)


def test_the_query_keeps_to_its_project() -> None:
    place = "[System.TeamProject] = @project AND ([System.Id] < 9) AND [System.Id] > 5"
    assert wiql(["([System.Id] < 9)"], 5) == f"SELECT [System.Id] FROM WorkItems WHERE {place} ORDER BY [System.Id]"  # noqa: S608
