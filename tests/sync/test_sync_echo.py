import pytest

from model.words import Side
from sync.echo import alternations

LEFT, RIGHT = (Side.LEFT, "summary"), (Side.RIGHT, "summary")
OTHER = (Side.RIGHT, "status")


@pytest.mark.parametrize(
    ("writes", "turns"),
    [
        pytest.param([], 0, id="none"),
        pytest.param([LEFT], 0, id="one"),
        pytest.param([LEFT, LEFT, LEFT], 0, id="one direction"),
        pytest.param([LEFT, RIGHT], 1, id="one answer"),
        pytest.param([LEFT, RIGHT, LEFT, LEFT, RIGHT], 3, id="back and forth"),
        pytest.param([LEFT, OTHER, LEFT], 0, id="other properties do not count"),
    ],
)
def test_turns_are_counted_per_property(writes: list[tuple[Side, str]], turns: int) -> None:
    assert alternations(writes, "summary") == turns
