"""What the engine promises of two items that become a pair again, or for the first time, under random edits by people."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pair_model import Pair, fresh_pair
from platform_model import SUBJECTS, Platform
from pydantic import JsonValue

from model.words import ConflictPolicy, Side
from sync.canonical import same

Act = Callable[[Pair], None]

sides = st.sampled_from(list(Side))
policies = st.sampled_from([ConflictPolicy.LATEST, ConflictPolicy.LEFT, ConflictPolicy.RIGHT])
places = st.integers(0, 3)
quickly = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _sets(side: Side, subject: str) -> Act:
    return lambda pair: pair.on(side).person_sets(subject)


def _comments(side: Side) -> Act:
    return lambda pair: pair.on(side).person_comments()


def _edits_comment(side: Side, place: int) -> Act:
    return lambda pair: pair.on(side).person_edits_comment(place, keeps_beginning=True)


def _deletes_comment(side: Side, place: int) -> Act:
    return lambda pair: pair.on(side).person_deletes_comment(place)


def _syncs(source: Side, steps: int | None) -> Act:
    def act(pair: Pair) -> None:
        pair.sync(source, fails_after=steps)

    return act


edits = st.one_of(
    st.builds(_sets, sides, st.sampled_from(SUBJECTS)),
    st.builds(_comments, sides),
    st.builds(_edits_comment, sides, places),
    st.builds(_deletes_comment, sides, places),
)
apart = st.lists(edits, max_size=8)
together = st.lists(edits | st.builds(_syncs, sides, st.none() | places), max_size=8)


def _relinked(policy: ConflictPolicy, source: Side, apart: list[Act], *, remembered: bool) -> Pair:
    """A pair with a comment from each side, edited while unlinked."""
    pair = fresh_pair(policy)
    for side in Side:
        pair.on(side).person_comments()
    pair.until_quiet()
    for act in apart:
        act(pair)
    pair.relink(source, remembered=remembered)
    return pair


def _alike(one: JsonValue, other: JsonValue) -> bool:
    return same(one, other) or (isinstance(one, str) and isinstance(other, str) and same(one.upper(), other.upper()))


def _lines(platform: Platform) -> list[str]:
    return [comment.body.splitlines()[-1] for comment in platform.comments.values()]


@quickly
@given(policy=st.sampled_from(ConflictPolicy), source=sides, first=sides, apart=apart, remembered=st.booleans())
def test_differences_follow_the_chosen_side_whichever_is_synced_first(
    policy: ConflictPolicy, source: Side, first: Side, apart: list[Act], *, remembered: bool
) -> None:
    pair = _relinked(policy, source, apart, remembered=remembered)
    before = dict(pair.on(source).fields)
    pair.sync(first)
    pair.until_quiet()
    assert pair.on(source).fields == before
    assert all(_alike(pair.left.fields[subject], pair.right.fields[subject]) for subject in SUBJECTS)
    assert {one.subject for one in pair.record}.isdisjoint(SUBJECTS)


@quickly
@given(policy=policies, source=sides, apart=apart, together=together, remembered=st.booleans())
def test_both_sides_agree_and_stay_quiet(
    policy: ConflictPolicy, source: Side, apart: list[Act], together: list[Act], *, remembered: bool
) -> None:
    pair = _relinked(policy, source, apart, remembered=remembered)
    for act in together:
        act(pair)
    pair.until_quiet()
    assert all(_alike(pair.left.fields[subject], pair.right.fields[subject]) for subject in SUBJECTS)
    assert (pair.until_quiet(), pair.until_quiet(force=True)) == (0, 0)


@quickly
@given(policy=st.sampled_from(ConflictPolicy), source=sides, apart=apart, together=together, remembered=st.booleans())
def test_no_edit_made_after_the_relink_is_lost(
    policy: ConflictPolicy, source: Side, apart: list[Act], together: list[Act], *, remembered: bool
) -> None:
    pair = _relinked(policy, source, apart, remembered=remembered)
    saw, relinked = pair.left.clock.saw, pair.left.clock.edits
    for act in together:
        act(pair)
    pair.until_quiet()
    kept = set[int]().union(*pair.left.seen.values(), *pair.right.seen.values(), pair.left.deleted, pair.right.deleted)
    text = " ".join(f"{one.left!r} {one.right!r}" for one in pair.record).upper()
    recorded = {edit for edit in saw if f"EDIT <{edit}>" in text}
    lost = set(saw) - kept - recorded.union(*(saw[edit] for edit in recorded))
    assert not {edit for edit in lost if edit > relinked}


@quickly
@given(source=sides, apart=apart, together=together, remembered=st.booleans())
def test_no_comment_is_doubled(source: Side, apart: list[Act], together: list[Act], *, remembered: bool) -> None:
    pair = _relinked(ConflictPolicy.LATEST, source, apart, remembered=remembered)
    for act in together:
        act(pair)
    pair.until_quiet()
    for platform in (pair.left, pair.right):
        assert len(set(_lines(platform))) == len(platform.comments), _lines(platform)


@quickly
@given(source=sides, side=sides)
def test_a_comment_edited_while_unlinked_is_edited_on_the_other_side(source: Side, side: Side) -> None:
    pair = _relinked(ConflictPolicy.LATEST, source, [_edits_comment(side, 0)], remembered=True)
    pair.until_quiet()
    assert sorted(_lines(pair.left)) == sorted(_lines(pair.right))
    assert len(pair.left.comments) == 2


@quickly
@given(source=sides, side=sides)
def test_comments_written_while_unlinked_travel_both_ways(source: Side, side: Side) -> None:
    pair = _relinked(ConflictPolicy.LATEST, source, [_comments(side), _comments(side.other)], remembered=False)
    pair.until_quiet()
    assert sorted(_lines(pair.left)) == sorted(_lines(pair.right))
    assert len(pair.left.comments) == 4


@quickly
@given(source=sides, remembered=st.booleans())
def test_no_work_log_is_doubled(source: Side, *, remembered: bool) -> None:
    pair = fresh_pair(ConflictPolicy.LATEST)
    for side in Side:
        pair.on(side).person_works()
    pair.until_quiet()
    pair.relink(source, remembered=remembered)
    pair.until_quiet()
    assert (len(pair.left.logs), len(pair.right.logs)) == (2, 2)
