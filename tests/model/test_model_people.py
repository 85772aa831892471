import pytest
from pydantic import TypeAdapter, ValidationError

from model.agreement import Trace
from model.configuration import Configuration, SideConfiguration
from model.people import UserMap, UserPair
from model.words import ChildKind, Side

USERS = TypeAdapter[tuple[UserPair, ...]](UserMap)
SIDE = SideConfiguration(outgoing="", incoming="")


def test_a_person_is_one_name_or_several_and_ids_may_be_numbers() -> None:
    pairs = USERS.validate_python([{"left": " ann@acme.test ", "right": 583231}, {"left": ["bob", 7], "right": "bob-b"}])

    assert [pair.left for pair in pairs] == [("ann@acme.test",), ("bob", "7")]
    assert [pair.on(Side.RIGHT) for pair in pairs] == [("583231",), ("bob-b",)]


@pytest.mark.parametrize("nobody", ["", " ", [], ["ann", ""]])
def test_an_entry_names_somebody_on_each_side(nobody: object) -> None:
    with pytest.raises(ValidationError, match="an entry of users names nobody on this side"):
        USERS.validate_python([{"left": "ann", "right": nobody}])


@pytest.mark.parametrize("wrong", [None, True, 1.5, {"email": "ann"}, [["ann"]]])
def test_a_name_is_a_text(wrong: object) -> None:
    with pytest.raises(ValidationError, match="valid string"):
        USERS.validate_python([{"left": "ann", "right": wrong}])


@pytest.mark.parametrize(
    ("side", "pairs"),
    [
        ("left", [{"left": "Ann", "right": "one"}, {"left": ["bob", "ann"], "right": "two"}]),
        ("right", [{"right": "Ann", "left": "one"}, {"right": ["bob", "ann"], "left": "two"}]),
    ],
)
def test_nobody_is_two_people_of_the_other_side(side: str, pairs: list[dict[str, object]]) -> None:
    with pytest.raises(ValidationError, match=f"users maps 'ann' of the {side} side to two people, 'one' and 'two'"):
        USERS.validate_python(pairs)


def test_one_person_may_have_a_name_twice_and_both_sides_the_same() -> None:
    assert len(USERS.validate_python([{"left": ["ann", "Ann"], "right": "ann"}, {"left": "bob", "right": "Bob"}])) == 2


def test_a_configuration_of_before_has_no_map() -> None:
    stored = Configuration(left=SIDE, right=SIDE).model_dump(mode="json")
    del stored["users"]

    assert Configuration.model_validate(stored).users == ()


@pytest.mark.parametrize(
    ("original", "copy", "line"),
    [
        ("Hi", "Ann said:\nHi", "Ann said:\n"),
        ('Hi <span adf="mention" params=\'{"id":"1"}\'>@Ann A.</span>, look', "Ann said:\nHi @cat, look", "Ann said:\n"),
        ("Hi @cat, look", "Ann said:\nHi [@Ann A.](mention:1/ann), look", "Ann said:\n"),
        ("Hi @cat, look", "@cat said:\nHi [@Ann A.](mention:1), look", ""),
        ("Hi @cat, look", "Ann said:\nHi @cat, there", ""),
    ],
)
def test_the_line_before_a_copy_is_found_whoever_is_mentioned(original: str, copy: str, line: str) -> None:
    assert Trace.pair(ChildKind.COMMENT, Side.LEFT, "1", "2", original, copy).line == line
