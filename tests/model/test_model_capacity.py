import pytest

from model.capacity import Usage


@pytest.mark.parametrize(
    ("used", "new", "told"),
    [
        (79, 0, ""),
        (80, 0, "uses 80 of 100 items; once all are used"),
        (79, 1, "uses 79 of 100 items; once all are used"),
        (95, 10, "5 of 10 new ones fit"),
        (100, 0, "no new item comes under sync"),
        (120, 1, "0 of 1 new ones fit"),
    ],
)
def test_what_is_told_before_new_items_come(used: int, new: int, told: str):
    usage = Usage(integration="acme", left_system="a", right_system="b", capacity=100, plan=None, features=None, used=used)
    warnings = usage.warnings(new)
    assert bool(warnings) == bool(told)
    assert told in "".join(warnings)


def test_without_a_capacity_nothing_is_told():
    assert Usage(integration="acme", left_system="a", right_system="b", capacity=None, plan=None, features=None, used=9).warnings(99) == ()
