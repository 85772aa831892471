"""Hints of one side become one."""

from activities.interface import Hint
from model.words import Side


def _hint(version: str = "", *, force: bool = False, deleted: bool = False) -> Hint:
    return Hint(side=Side.LEFT, version=version, force=force, deleted=deleted)


def test_two_versions_are_as_good_as_none_because_webhooks_come_in_any_order() -> None:
    assert _hint("2").joined(_hint("1")) == _hint()
    assert _hint("1").joined(_hint()) == _hint()
    assert _hint().joined(_hint("1")) == _hint()
    assert _hint("1").joined(_hint("1")) == _hint("1")


def test_what_either_asked_for_is_asked_for() -> None:
    assert _hint(force=True).joined(_hint(deleted=True)) == _hint(force=True, deleted=True)
    assert _hint(deleted=True).joined(_hint(force=True)) == _hint(force=True, deleted=True)


def test_a_joined_hint_is_for_the_same_twin() -> None:
    assert _hint().model_copy(update={"twin": "t2"}).joined(_hint()).twin == "t2"
