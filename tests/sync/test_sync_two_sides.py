"""What the engine promises of two sides together, under random edits by people and syncs in either direction."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pair_model import Pair, fresh_pair, nothing
from platform_model import SUBJECTS, Platform

from model.words import ConflictPolicy, Side
from sync.canonical import same

Act = Callable[[Pair], None]

sides = st.sampled_from(list(Side))
subjects = st.sampled_from(SUBJECTS)
deciding = st.sampled_from([ConflictPolicy.LATEST, ConflictPolicy.LEFT, ConflictPolicy.RIGHT])
quickly = settings(max_examples=4000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _sets(side: Side, subject: str) -> Act:
    return lambda pair: pair.on(side).person_sets(subject)


def _comments(side: Side) -> Act:
    return lambda pair: pair.on(side).person_comments()


def _edits_comment(side: Side, place: int, *, keeps_beginning: bool) -> Act:
    return lambda pair: pair.on(side).person_edits_comment(place, keeps_beginning=keeps_beginning)


def _deletes_comment(side: Side, place: int) -> Act:
    return lambda pair: pair.on(side).person_deletes_comment(place)


def _syncs(source: Side, *, force: bool) -> Act:
    def act(pair: Pair) -> None:
        pair.sync(source, force=force)

    return act


def _syncs_while_edited(source: Side, side: Side, subject: str) -> Act:
    """The edit comes after our write: one that came before, in the same property, no platform without compare-and-set could save."""

    def act(pair: Pair) -> None:
        pair.sync(source, after_write=lambda: pair.on(side).person_sets(subject))

    return act


def _syncs_partly(source: Side, steps: int) -> Act:
    def act(pair: Pair) -> None:
        pair.sync(source, fails_after=steps)

    return act


def _loses_answer(source: Side, subject: str, *, arrives: bool, edited: bool) -> Act:
    def act(pair: Pair) -> None:
        meanwhile = (lambda: pair.on(source.other).person_sets(subject)) if edited else nothing
        pair.lose_answer(source, arrives=arrives, meanwhile=meanwhile)

    return act


places = st.integers(0, 5)
edits = st.one_of(
    st.builds(_sets, sides, subjects),
    st.builds(_sets, sides, subjects),
    st.builds(_comments, sides),
    st.builds(_edits_comment, sides, places, keeps_beginning=st.booleans()),
    st.builds(_deletes_comment, sides, places),
)
plain_syncs = st.builds(_syncs, sides, force=st.booleans())
syncs = st.one_of(plain_syncs, st.builds(_syncs_while_edited, sides, sides, subjects), st.builds(_syncs_partly, sides, places))
losses = st.builds(_loses_answer, sides, subjects, arrives=st.booleans(), edited=st.booleans())
histories = st.lists(edits | syncs | losses, max_size=14)


def _after(policy: ConflictPolicy, history: list[Act]) -> Pair:
    pair = fresh_pair(policy)
    for act in history:
        act(pair)
    return pair


def _texts(platform: Platform) -> dict[str, str]:
    return {name: str(platform.fields[name]) for name in SUBJECTS}


def _kept(pair: Pair) -> set[int]:
    """The edits that are final, superseded in sight of them, or undone by a person who saw them."""
    return set().union(*pair.left.seen.values(), *pair.right.seen.values(), pair.left.deleted, pair.right.deleted)


def _recorded(pair: Pair, edit: int) -> bool:
    return any(f"edit <{edit}>".upper() in f"{one.left!r} {one.right!r}".upper() for one in pair.record)


def _agree(pair: Pair, subject: str) -> bool:
    left, right = pair.left.fields[subject], pair.right.fields[subject]
    return same(left, right) or (isinstance(left, str) and isinstance(right, str) and same(left.upper(), right.upper()))


@quickly
@given(policy=deciding, history=histories)
def test_both_sides_agree_once_people_stop(policy: ConflictPolicy, history: list[Act]) -> None:
    pair = _after(policy, history)
    pair.until_quiet()
    assert all(_agree(pair, subject) for subject in SUBJECTS), (_texts(pair.left), _texts(pair.right))
    for trace in pair.traces.values():
        if not trace.released:
            left, right = pair.left.comments[trace.left_id].body, pair.right.comments[trace.right_id].body
            assert left.rsplit("\n", 1)[-1] == right.rsplit("\n", 1)[-1]


@quickly
@given(policy=st.sampled_from(ConflictPolicy), history=histories)
def test_a_quiet_pair_is_never_written_again(policy: ConflictPolicy, history: list[Act]) -> None:
    pair = _after(policy, history)
    pair.until_quiet()
    assert (pair.until_quiet(), pair.until_quiet(force=True), pair.until_quiet()) == (0, 0, 0)


@quickly
@given(policy=st.sampled_from(ConflictPolicy), history=histories)
def test_no_edit_is_lost(policy: ConflictPolicy, history: list[Act]) -> None:
    pair = _after(policy, history)
    pair.until_quiet()
    lost = [edit for edit in range(1, pair.left.clock.edits + 1) if edit not in _kept(pair) and not _recorded(pair, edit)]
    assert not lost
