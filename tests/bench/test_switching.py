"""The cost of a switch is compared with that of the same switch with the fewest twins."""

import io

from rich.console import Console

from bench.switching import Switch, table


def test_actions_are_told_as_a_multiple_of_those_with_the_fewest_twins() -> None:
    def switch(what: str, twins: int, in_connection: int, in_twins: int) -> Switch:
        return Switch(what=what, twins=twins, answered_ms=20, done_ms=50, in_connection=in_connection, in_twins=in_twins)

    few = (switch("deactivate", 100, 0, 0), switch("activate", 100, 8, 92))
    found = (*few, switch("deactivate", 1000, 2, 0), switch("activate", 1000, 8, 992))
    console = Console(file=io.StringIO(), width=200)
    console.print(table(found))
    assert isinstance(console.file, io.StringIO)
    rows = [line.split() for line in console.file.getvalue().splitlines()[1:]]
    assert [(row[0], row[1], " ".join(row[-2:])) for row in rows] == [
        ("deactivate", "100", "0 -"),
        ("deactivate", "1000", "0 -"),
        ("activate", "100", "1.00 times"),
        ("activate", "1000", "10.00 times"),
    ]
