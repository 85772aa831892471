import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from model.item import Fields
from sync.canonical import canonical, canonical_replica, same
from sync.echo import is_echo

json_values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "label", "id", "key", "email", "other"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("a\r\nb ", "a\nb", id="line ends and trailing blanks"),
        pytest.param("", None, id="empty text is absent"),
        pytest.param([], None, id="empty list is absent"),
        pytest.param({}, None, id="empty object is absent"),
        pytest.param({"a": None}, None, id="object of nothing is absent"),
        pytest.param(3.0, 3, id="whole numbers"),
        pytest.param({"name": "High", "id": "1"}, {"name": "High", "category": "x"}, id="a name counts, not what is beside it"),
        pytest.param({"name": "", "id": "1"}, {"name": None, "id": "1"}, id="the id counts where there is no name"),
        pytest.param({"key": "ACME", "url": "x"}, {"key": "ACME"}, id="a key counts where there is no name"),
        pytest.param([{"label": "b"}, {"label": "a"}], [{"label": "a"}, {"label": "b"}], id="order of labels"),
        pytest.param({"key": "7", "displayName": "Ann"}, {"key": "7", "email": "ann@acme.example"}, id="the same user by key"),
        pytest.param({"a": 1, "b": {"c": ""}}, {"a": 1}, id="empty parts of an object"),
    ],
)
def test_means_the_same(one: JsonValue, other: JsonValue) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("High", "high", id="case"),
        pytest.param({"name": "High"}, {"name": "Low"}, id="names"),
        pytest.param(["a", "b"], ["b", "a"], id="order of plain values"),
        pytest.param({"email": "ann@acme.example"}, {"email": "bob@acme.example"}, id="users"),
        pytest.param({"displayName": None}, {"displayName": "Ann"}, id="nobody and somebody"),
        pytest.param(1.5, 1, id="fractions"),
        pytest.param(False, None, id="false is a value"),
        pytest.param(0, None, id="zero is a value"),
    ],
)
def test_means_something_else(one: JsonValue, other: JsonValue) -> None:
    assert not same(one, other)


@given(json_values)
def test_a_canonical_form_is_its_own(value: JsonValue) -> None:
    once = canonical(value)
    assert canonical(once) == once


@given(json_values)
def test_everything_means_itself(value: JsonValue) -> None:
    assert same(value, value)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"updated": 5}, id="time of change"),
        pytest.param({"version": "9"}, id="version"),
        pytest.param({"summary": "Anvil bent \r\n"}, id="raw form"),
        pytest.param({"comments": [{"id": "2", "body": "b"}, {"id": "1", "body": "a", "updated": 9}]}, id="order and times of comments"),
        pytest.param({"attachments": [{"id": "1", "filename": "f", "size": 3}]}, id="size of a file"),
    ],
)
def test_an_echo_differs_in_nothing_that_is_synchronised(change: Fields) -> None:
    assert is_echo({**REPLICA, **change}, REPLICA)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"summary": "Anvil straight"}, id="property"),
        pytest.param({"new": 1}, id="new property"),
        pytest.param({"comments": [{"id": "1", "body": "a"}]}, id="comment removed"),
        pytest.param({"comments": [{"id": "1", "body": "a"}, {"id": "2", "body": "c"}]}, id="comment edited"),
        pytest.param({"comments": [{"id": "1", "body": "a", "internal": True}, {"id": "2", "body": "b"}]}, id="comment made internal"),
        pytest.param({"attachments": []}, id="file removed"),
    ],
)
def test_a_persons_edit_is_no_echo(change: Fields) -> None:
    assert not is_echo({**REPLICA, **change}, REPLICA)


def test_a_replica_without_lists_of_children_equals_one_with_empty_lists() -> None:
    assert canonical_replica({}) == canonical_replica({"comments": [], "attachments": None})


REPLICA: Fields = {
    "summary": "Anvil bent",
    "updated": 1,
    "version": "1",
    "comments": [{"id": "1", "body": "a"}, {"id": "2", "body": "b"}],
    "attachments": [{"id": "1", "filename": "f"}],
}
