import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from model.item import Fields
from model.people import UserPair
from model.words import Side
from sync.people import People

ANN = UserPair(left=("ann@acme.test", "acc-1"), right=("ann-gh",))
BOB = UserPair(left=("bob",), right=("bob@dev.test",))
USERS = (ANN, BOB)
RIGHT = People(USERS, Side.RIGHT)
ANN_LEFT: Fields = {"key": "acc-1", "username": "Ann Archer", "email": None, "displayName": "Ann Archer"}
ANN_RIGHT: Fields = {"key": "42", "username": "ann-gh", "email": None, "displayName": "ann-gh"}
BOB_RIGHT: Fields = {"key": "43", "username": "bobby", "email": "bob@dev.test", "displayName": "Bob"}
STRANGER: Fields = {"key": "acc-9", "username": "Eve", "email": "eve@acme.test", "displayName": "Eve"}
SHOWN = {**ANN_RIGHT, "email": "ann-gh"}


def locals_of(*known: tuple[UserPair, Fields]) -> dict[UserPair, Fields]:
    return dict(known)


KNOWN = locals_of((ANN, ANN_RIGHT), (BOB, BOB_RIGHT))


def user(**parts: JsonValue) -> Fields:
    return {"key": None, "username": None, "email": None, "displayName": "somebody", **parts}


@pytest.mark.parametrize(
    ("told", "pair"),
    [
        (user(key="acc-1"), ANN),
        (user(email="ANN@acme.test"), ANN),
        (user(username="Acc-1"), ANN),
        (user(username="Bob"), BOB),
        ({"email": "bob"}, BOB),
        (user(key="acc-1", username="bob"), ANN),
        (user(key="ann-gh"), None),
        (user(displayName="bob"), None),
        ({"key": "acc-1", "name": "Project"}, None),
    ],
)
def test_a_user_is_known_by_key_address_or_name_of_the_other_side(told: Fields, pair: UserPair | None) -> None:
    assert RIGHT.met({"assignee": told}) == ((pair,) if pair else ())


def test_people_are_met_once_wherever_they_stand() -> None:
    replica: Fields = {
        "assignees": [ANN_LEFT, STRANGER],
        "customFields": {"Owner": {"name": "Owner", "value": user(key="bob")}},
        "due": None,
    }

    assert RIGHT.met(replica, {"comments": [{"id": "1", "author": ANN_LEFT}]}) == (ANN, BOB)


def test_what_arrives_has_the_people_of_this_side() -> None:
    replica: Fields = {
        "summary": "ann@acme.test",
        "assignee": {**ANN_LEFT, "active": True},
        "reporter": STRANGER,
        "comments": [{"id": "1", "body": "acc-1", "author": user(key="bob")}],
        "customFields": {"Owner": {"name": "Owner", "value": ANN_LEFT}},
    }

    assert RIGHT.localized(replica, KNOWN) == {
        "summary": "ann@acme.test",
        "assignee": {**SHOWN, "active": True},
        "reporter": STRANGER,
        "comments": [{"id": "1", "body": "acc-1", "author": BOB_RIGHT}],
        "customFields": {"Owner": {"name": "Owner", "value": SHOWN}},
    }


def test_who_was_not_asked_for_stays() -> None:
    assert RIGHT.localized({"assignee": ANN_LEFT}, locals_of((BOB, BOB_RIGHT))) == {"assignee": ANN_LEFT}


def test_a_rule_asks_for_the_platforms_own_people() -> None:
    asked: Fields = {"assignee": {**SHOWN, "active": True}, "reporter": STRANGER, "owners": [BOB_RIGHT], "summary": "ann-gh"}

    assert RIGHT.told(asked, KNOWN) == {**asked, "assignee": {**ANN_RIGHT, "active": True}}


@pytest.mark.parametrize(
    ("name", "pair"),
    [
        ("ANN-gh", ANN),
        ("acc-1", ANN),
        ("bob", BOB),
        ("bobby", BOB),
        ("eve", None),
    ],
)
def test_people_are_called_by_the_names_of_both_sides(name: str, pair: UserPair | None) -> None:
    assert RIGHT.called(name, KNOWN) == pair


def test_a_name_of_two_people_is_that_of_this_side() -> None:
    one, other = UserPair(left=("smith",), right=("john",)), UserPair(left=("jane",), right=("smith",))
    people = People((one, other), Side.RIGHT)

    assert people.called("smith", {}) == other
    assert people.called("john", {}) == one
    assert people.called("smith", locals_of((one, user(username="Smith")))) == one


def test_a_platform_is_asked_by_every_name_of_this_side() -> None:
    assert list(People(USERS, Side.LEFT).questions(ANN)) == [
        ("user_by_email", "ann@acme.test"),
        ("user_by_username", "ann@acme.test"),
        ("user", "ann@acme.test"),
        ("user_by_username", "acc-1"),
        ("user", "acc-1"),
    ]


def test_whom_the_platform_does_not_know_has_the_name_of_the_map() -> None:
    assert RIGHT.unknown(ANN) == {"key": None, "username": "ann-gh", "email": None, "displayName": "ann-gh"}
    assert RIGHT.unknown(BOB) == {"key": None, "username": "bob@dev.test", "email": "bob@dev.test", "displayName": "bob@dev.test"}


NAMES = st.lists(st.text(min_size=1, max_size=8), unique_by=str.casefold, min_size=2, max_size=12)


@given(left=NAMES, right=NAMES, data=st.data())
def test_there_and_back_is_the_same_person(left: list[str], right: list[str], data: st.DataObject) -> None:
    pairs = tuple(UserPair.model_construct(left=(one,), right=(other,)) for one, other in zip(left, right, strict=False))
    there, back = People(pairs, Side.RIGHT), People(pairs, Side.LEFT)
    pair = data.draw(st.sampled_from(pairs))
    part = data.draw(st.sampled_from(["key", "email", "username"]))
    known, known_back = locals_of((pair, there.unknown(pair))), locals_of((pair, back.unknown(pair)))
    arrived = there.localized({"assignee": user(**{part: pair.left[0]})}, known)

    sent = there.told(arrived, known)
    returned = back.told(back.localized(sent, known_back), known_back)

    assert sent == {"assignee": there.unknown(pair)}
    assert returned == {"assignee": back.unknown(pair)}
