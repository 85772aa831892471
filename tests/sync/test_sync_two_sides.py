"""What the engine promises of two sides together, under random edits by people and syncs in either direction."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pair_model import Pair, fresh_pair, nothing
from platform_model import SUBJECTS, Clock, Platform, shouting, trimming

from model.item import WorkLog
from model.words import ChildKind, ConflictPolicy, Side
from sync.canonical import same

Act = Callable[[Pair], None]

sides = st.sampled_from(list(Side))
subjects = st.sampled_from(SUBJECTS)
deciding = st.sampled_from([ConflictPolicy.LATEST, ConflictPolicy.LEFT, ConflictPolicy.RIGHT])
quickly = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _sets(side: Side, subject: str) -> Act:
    return lambda pair: pair.on(side).person_sets(subject)


def _takes_back(side: Side, subject: str) -> Act:
    return lambda pair: pair.on(side).person_takes_back(subject)


def _takes_comment_back(side: Side, place: int) -> Act:
    return lambda pair: pair.on(side).person_takes_comment_back(place)


def _comments(side: Side) -> Act:
    return lambda pair: pair.on(side).person_comments()


def _edits_comment(side: Side, place: int, *, keeps_beginning: bool) -> Act:
    return lambda pair: pair.on(side).person_edits_comment(place, keeps_beginning=keeps_beginning)


def _deletes_comment(side: Side, place: int) -> Act:
    return lambda pair: pair.on(side).person_deletes_comment(place)


def _works(side: Side) -> Act:
    return lambda pair: pair.on(side).person_works()


def _edits_log(side: Side, place: int, *, keeps_beginning: bool) -> Act:
    return lambda pair: pair.on(side).person_edits_log(place, keeps_beginning=keeps_beginning)


def _deletes_log(side: Side, place: int) -> Act:
    return lambda pair: pair.on(side).person_deletes_log(place)


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


def _breaks_off(source: Side) -> Act:
    def act(pair: Pair) -> None:
        pair.sync(source, force=True, fails_after=0)
        pair.leave_unsettled(source)

    return act


places = st.integers(0, 5)
edits = st.one_of(
    st.builds(_sets, sides, subjects),
    st.builds(_sets, sides, subjects),
    st.builds(_comments, sides),
    st.builds(_edits_comment, sides, places, keeps_beginning=st.booleans()),
    st.builds(_deletes_comment, sides, places),
    st.builds(_works, sides),
    st.builds(_edits_log, sides, places, keeps_beginning=st.booleans()),
    st.builds(_deletes_log, sides, places),
)
plain_syncs = st.builds(_syncs, sides, force=st.booleans())
syncs = st.one_of(plain_syncs, st.builds(_syncs_while_edited, sides, sides, subjects), st.builds(_syncs_partly, sides, places))
losses = st.builds(_loses_answer, sides, subjects, arrives=st.booleans(), edited=st.booleans())
breaks = st.builds(_breaks_off, sides)
histories = st.lists(edits | syncs | losses | breaks, max_size=14)
takes_back = st.one_of(st.builds(_takes_back, sides, subjects), st.builds(_takes_comment_back, sides, places))
turns = st.lists(edits | takes_back | takes_back | syncs | losses | breaks, max_size=14)


def _after(policy: ConflictPolicy, history: list[Act]) -> Pair:
    pair = fresh_pair(policy)
    for act in history:
        act(pair)
    return pair


def _texts(platform: Platform) -> dict[str, str]:
    return {name: str(platform.fields[name]) for name in SUBJECTS}


def _kept(pair: Pair) -> set[int]:
    """The edits that are final, superseded in sight of them, or undone by a person who saw them."""
    return set[int]().union(*pair.left.seen.values(), *pair.right.seen.values(), pair.left.deleted, pair.right.deleted)


def _lost(pair: Pair) -> set[int]:
    clock = pair.left.clock
    record = " ".join(f"{one.left!r} {one.right!r}" for one in pair.record).upper()
    recorded = {edit for edit in clock.saw if f"EDIT <{edit}>" in record}
    return set(clock.saw) - _kept(pair) - recorded.union(*(clock.saw[edit] for edit in recorded))


def _agree(pair: Pair, subject: str) -> bool:
    left, right = pair.left.fields[subject], pair.right.fields[subject]
    return same(left, right) or (isinstance(left, str) and isinstance(right, str) and same(left.upper(), right.upper()))


@quickly
@given(policy=deciding, history=turns)
def test_both_sides_agree_once_people_stop(policy: ConflictPolicy, history: list[Act]) -> None:
    pair = _after(policy, history)
    pair.until_quiet()
    assert all(_agree(pair, subject) for subject in SUBJECTS), (_texts(pair.left), _texts(pair.right))
    for trace in pair.traces.values():
        if not trace.released and trace.kind is ChildKind.COMMENT:
            left, right = pair.left.comments[trace.left_id].body, pair.right.comments[trace.right_id].body
            assert left.rsplit("\n", 1)[-1] == right.rsplit("\n", 1)[-1]
        elif not trace.released:
            _assert_alike(pair.left.logs[trace.left_id], pair.right.logs[trace.right_id])


def _assert_alike(left: WorkLog, right: WorkLog) -> None:
    """As far as the right one keeps it, and but for the author's name."""
    words = [one.comment.rpartition("logged:")[2].split() for one in (left, right)]
    assert words[0] == words[1]
    assert round(left.spent / 36) == right.spent / 36
    assert left.started.date() == right.started.date()


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
    assert not _lost(pair)


first_or_second = st.integers(0, 1)
on_comments = st.one_of(
    st.builds(_edits_comment, sides, first_or_second, keeps_beginning=st.booleans()),
    st.builds(_deletes_comment, sides, first_or_second),
    plain_syncs,
)


@quickly
@given(policy=st.sampled_from(ConflictPolicy), history=st.lists(on_comments, min_size=2, max_size=6))
def test_no_edit_of_a_comment_is_lost(policy: ConflictPolicy, history: list[Act]) -> None:
    pair = fresh_pair(policy)
    for side in Side:
        pair.on(side).person_comments()
    pair.until_quiet()
    for act in history:
        act(pair)
    pair.until_quiet()
    assert not _lost(pair)


on_logs = st.one_of(
    st.builds(_edits_log, sides, first_or_second, keeps_beginning=st.booleans()),
    st.builds(_deletes_log, sides, first_or_second),
    plain_syncs,
)


@quickly
@given(policy=st.sampled_from(ConflictPolicy), history=st.lists(on_logs, min_size=2, max_size=6))
def test_no_edit_of_a_work_log_is_lost(policy: ConflictPolicy, history: list[Act]) -> None:
    pair = fresh_pair(policy)
    for side in Side:
        pair.on(side).person_works()
    pair.until_quiet()
    for act in history:
        act(pair)
    pair.until_quiet()
    assert not _lost(pair)


@given(edited=sides, keeps_beginning=st.booleans())
def test_what_a_poorer_platform_cannot_keep_does_not_come_back(edited: Side, *, keeps_beginning: bool) -> None:
    pair = fresh_pair(ConflictPolicy.LATEST)
    pair.left.person_works()
    pair.until_quiet()
    [original] = pair.left.logs.values()
    pair.on(edited).person_edits_log(0, keeps_beginning=keeps_beginning)
    assert pair.until_quiet() == 1
    [log] = pair.left.logs.values()
    spent = {True: original.spent + 3600 if edited is Side.LEFT else 7200, False: original.spent}
    assert (log.started, log.spent) == (original.started, spent[keeps_beginning])
    assert "logged:" not in log.comment


held_histories = st.lists(st.one_of(st.builds(_sets, sides, st.just("priority")), plain_syncs), max_size=10)


@quickly
@given(history=held_histories, order=st.permutations([Side.LEFT, Side.RIGHT, Side.LEFT, Side.RIGHT]))
def test_a_held_conflict_changes_neither_side_and_is_seen_from_both(history: list[Act], order: list[Side]) -> None:
    pair = _after(ConflictPolicy.HOLD, history)
    pair.until_quiet()
    for side in Side:
        pair.on(side).person_sets("priority")
    before = _texts(pair.left), _texts(pair.right)
    for source in order:
        plan = pair.sync(source, force=True)
        assert plan is not None
        assert [conflict.subject for conflict in plan.conflicts] == ["priority"]
    assert (_texts(pair.left), _texts(pair.right)) == before


@quickly
@given(history=held_histories, order=st.lists(sides, max_size=4), winner=sides, first=sides)
def test_what_a_person_decides_of_a_held_conflict_comes_to_both_sides(
    history: list[Act], order: list[Side], winner: Side, first: Side
) -> None:
    pair = _after(ConflictPolicy.HOLD, history)
    for side in Side:
        pair.on(side).person_sets("priority")
    for source in (first, *order):
        pair.sync(source)
    wanted = pair.on(winner).fields["priority"]
    pair.decisions.append(pair.record[-1].model_copy(update={"winner": winner}))
    pair.sync_fully(first, force=True)
    assert same(pair.left.fields["priority"], wanted)
    assert same(pair.right.fields["priority"], wanted)


@quickly
@given(source=sides, edited=sides, subject=subjects, other=subjects)
def test_an_edit_during_our_write_is_not_taken_for_ours(source: Side, edited: Side, subject: str, other: str) -> None:
    pair = fresh_pair(ConflictPolicy.LATEST)
    pair.on(source).person_sets(subject)
    pair.sync(source, after_write=lambda: pair.on(edited).person_sets(other))
    mine = pair.on(edited).fields[other]
    pair.until_quiet()
    assert same(pair.on(edited).fields[other], mine)
    assert _agree(pair, other)


@quickly
@given(source=sides, edited=sides, subject=subjects, other=subjects)
def test_an_edit_of_another_property_between_our_read_and_our_write_travels(source: Side, edited: Side, subject: str, other: str) -> None:
    if subject == other:
        return
    pair = fresh_pair(ConflictPolicy.LATEST)
    pair.on(source).person_sets(subject)
    pair.sync(source, before_write=lambda: pair.on(edited).person_sets(other))
    mine = pair.on(edited).fields[other]
    pair.until_quiet()
    assert same(pair.on(edited).fields[other], mine)
    assert _agree(pair, other)


@quickly
@given(source=sides, subject=st.sampled_from(["priority", "labels"]))
def test_a_write_that_was_never_settled_is_not_taken_for_a_persons_edit(source: Side, subject: str) -> None:
    pair = fresh_pair(ConflictPolicy.HOLD)
    pair.on(source).person_sets(subject)
    pair.leave_unsettled(source)
    assert pair.unsettled
    pair.on(source).person_sets(subject)
    pair.until_quiet()
    assert pair.record == []
    assert _agree(pair, subject)


def test_an_edit_taken_back_after_it_arrived_in_part_is_taken_back_on_the_other_side() -> None:
    pair = fresh_pair(ConflictPolicy.LATEST)
    before = dict(pair.left.fields)
    pair.left.person_sets("priority")
    pair.left.person_comments()
    pair.sync(Side.LEFT, fails_after=1)
    pair.left.fields = before
    pair.left.comments.clear()
    pair.sync(Side.RIGHT)
    pair.until_quiet()
    assert same(pair.left.fields["priority"], before["priority"])
    assert same(pair.right.fields["priority"], before["priority"])


@given(policy=deciding, loser=sides, syncs=st.lists(sides, max_size=3))
def test_what_won_a_conflict_and_was_taken_back_before_it_was_sent_arrives(policy: ConflictPolicy, loser: Side, syncs: list[Side]) -> None:
    pair = fresh_pair(policy)
    for side in (loser, loser.other):
        pair.on(side).person_sets("priority")
    pair.sync(loser)
    pair.on(loser.other).person_takes_back("priority")
    for source in syncs:
        pair.sync(source)
    pair.until_quiet()
    assert _agree(pair, "priority")


@given(policy=deciding, loser=sides, syncs=st.lists(sides, max_size=3))
def test_a_comment_that_won_a_conflict_and_was_taken_back_before_it_was_sent_arrives(
    policy: ConflictPolicy, loser: Side, syncs: list[Side]
) -> None:
    pair = fresh_pair(policy)
    pair.left.person_comments()
    pair.until_quiet()
    for side in (loser, loser.other):
        pair.on(side).person_edits_comment(0, keeps_beginning=True)
    pair.sync(loser)
    pair.on(loser.other).person_takes_comment_back(0)
    for source in syncs:
        pair.sync(source)
    pair.until_quiet()
    [original], [copy] = pair.left.comments.values(), pair.right.comments.values()
    assert copy.body.endswith(original.body)


@given(policy=deciding)
def test_two_items_that_differ_when_they_first_meet_come_to_agree(policy: ConflictPolicy) -> None:
    clock = Clock()
    pair = Pair(policy, Platform(Side.LEFT, clock, trimming), Platform(Side.RIGHT, clock, shouting))
    for side in Side:
        pair.on(side).person_sets("priority")
    pair.until_quiet()
    assert _agree(pair, "priority")
    assert {conflict.subject for conflict in pair.record} == {"priority"}


def test_items_that_differ_when_they_first_meet_can_be_held() -> None:
    clock = Clock()
    pair = Pair(ConflictPolicy.HOLD, Platform(Side.LEFT, clock, trimming), Platform(Side.RIGHT, clock, shouting))
    for side in Side:
        pair.on(side).person_sets("priority")
    plans = [pair.sync(side, force=True) for side in (*Side, *Side)]
    assert [plan.held for plan in plans if plan] == [True] * 4
    assert (pair.left.writes, pair.right.writes) == (0, 0)
