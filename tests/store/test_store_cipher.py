import base64
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import BadInput, Misconfigured
from store.cipher import MasterKey, Place

KEY = "q0Zr8cV1yNw5pXk3sT7uJ2mB9hLd4fGa6eRiOoPzQxY="
PLACE = Place("system", "credentials", "acme-jira", "default")
SEALED = MasterKey(KEY).seal("canary", PLACE)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_unseals(text: str) -> None:
    key = MasterKey(KEY)
    assert key.unseal(key.seal(text, PLACE), PLACE) == text


@given(st.integers(0, len(SEALED) - 1), st.sampled_from("ABCDabcd0123|-_"))
def test_a_changed_ciphertext_does_not_open(place: int, other: str) -> None:
    changed = SEALED[:place] + (other if other != SEALED[place] else "Z") + SEALED[place + 1 :]
    with pytest.raises(Misconfigured):
        MasterKey(KEY).unseal(changed, PLACE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("connection", "credentials", "acme-jira", "default"),
        Place("system", "webhook_secret", "acme-jira", "default"),
        Place("system", "credentials", "acme-github", "default"),
        Place("system", "credentials", "acme-jira", "other"),
    ],
)
def test_a_moved_ciphertext_does_not_open(elsewhere: Place) -> None:
    key = MasterKey(KEY)
    with pytest.raises(Misconfigured, match=elsewhere.row):
        key.unseal(key.seal("canary", PLACE), elsewhere)


def test_two_seals_of_one_text_differ_and_name_their_key() -> None:
    key = MasterKey(KEY)
    one, two = key.seal("canary", PLACE), key.seal("canary", PLACE)
    assert one != two
    assert one.split("|")[:2] == ["v1", key.id]
    assert len(base64.urlsafe_b64decode(one.split("|")[2])) == 12


def test_another_key_is_told_apart_from_damage() -> None:
    sealed = MasterKey(KEY).seal("canary", PLACE)
    other = MasterKey(base64.b64encode(bytes(range(100, 164))).decode())
    with pytest.raises(Misconfigured, match="restore that key"):
        other.unseal(sealed, PLACE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not base64!",
        base64.b64encode(b"short").decode(),
        base64.b64encode(bytes(32)).decode(),
        base64.b64encode(bytes(range(32))).decode(),
        base64.b64encode(b"please-change-me-please-change-me").decode(),
        base64.b64encode(b"0123456789abcdef0123456789abcdef").decode(),
    ],
)
def test_unusable_keys_are_refused_by_name_only(text: str) -> None:
    with pytest.raises(BadInput, match="TWINLINE_SECRET_KEY") as refused:
        MasterKey(text)
    assert not text or text not in refused.value.message


def test_purposes_have_different_subkeys() -> None:
    key = MasterKey(KEY)
    purposes = ["session", "csrf", "op", "store"]
    assert len({key.subkey(purpose) for purpose in purposes}) == len(purposes)
    assert {len(key.subkey(purpose)) for purpose in purposes} == {32}
    assert key.subkey("op") == MasterKey(KEY).subkey("op")


def test_the_key_does_not_show() -> None:
    assert KEY not in repr(MasterKey(KEY))


def test_a_key_file_is_made_once_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "state" / "key"
    made = MasterKey.load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert MasterKey.load_or_create(path).id == made.id
    assert [found.name for found in path.parent.iterdir()] == ["key"]


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    MasterKey.load_or_create(path)
    path.chmod(0o640)
    with pytest.raises(BadInput, match="chmod 600"):
        MasterKey.load_or_create(path)
