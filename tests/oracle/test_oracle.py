"""The oracle sees each kind of broken promise, and nothing in a story without one."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.oracle.check import judge
from tests.oracle.records import COMMENT, ENGINE, FILE, Conflict, Intent, Kind, Record, Side, Story

LEFT, RIGHT = Side.LEFT, Side.RIGHT


def created(at: float, side: Side, item: str, actor: str, summary: str, marker: str = "") -> Record:
    return Record(at, side, item, actor, Kind.CREATE, values={"summary": summary, "status": "open"}, marker=marker)


def put(at: float, side: Side, actor: str, old: str, new: str, subject: str = "summary") -> Record:
    return Record(at, side, ITEMS[side], actor, Kind.SET, subject, old=old, new=new)


def child(at: float, side: Side, actor: str, kind: Kind, number: str, new: str = "", subject: str = COMMENT, old: str = "") -> Record:
    return Record(at, side, ITEMS[side], actor, kind, subject, number, old, new)


def read(at: float, side: Side) -> Record:
    return Record(at, side, ITEMS[side], ENGINE, Kind.READ)


def journal(records: Sequence[Record]) -> list[Intent]:
    """Every write of the engine announced, and sent once."""
    return [
        Intent(one.side, one.marker if one.kind is Kind.CREATE else one.item, one.kind, (one.subject,), 1, open=False)
        for one in records
        if one.actor == ENGINE and one.kind is not Kind.READ
    ]


ITEMS = {LEFT: "L-1", RIGHT: "R-1"}
PAIR = [created(1, LEFT, "L-1", "ann", "a"), created(2, RIGHT, "R-1", ENGINE, "a", "m1")]
EDITED = [put(3, LEFT, "ann", "a", "b"), put(4, RIGHT, ENGINE, "a", "b")]
SAID = [child(5, RIGHT, "bob", Kind.ADD, "7", "x"), child(6, LEFT, ENGINE, Kind.ADD, "8", "x")]
FILED = [child(7, LEFT, "ann", Kind.ADD, "5", "print", FILE), child(8, RIGHT, ENGINE, Kind.ADD, "6", "print", FILE)]
CONCURRENT = [put(3, LEFT, "ann", "a", "b"), put(3.5, RIGHT, "bob", "a", "c"), put(4, RIGHT, ENGINE, "c", "b")]
RECORDED = Conflict(("L-1", "R-1"), "summary", "b", "c", held=False)

SOUND = {
    "a pair, an edit, a comment, a file": [*PAIR, *EDITED, *SAID, *FILED],
    "a comment edited and removed": [
        *PAIR,
        *SAID,
        child(7, RIGHT, "bob", Kind.EDIT, "7", "y", old="x"),
        child(8, LEFT, ENGINE, Kind.EDIT, "8", "y", old="x"),
        child(9, RIGHT, "bob", Kind.REMOVE, "7"),
        child(10, LEFT, ENGINE, Kind.REMOVE, "8"),
    ],
    "a copy removed": [*PAIR, *SAID, child(9, LEFT, "ann", Kind.REMOVE, "8")],
    "a comment removed before it was copied": [*PAIR, SAID[0], child(6, RIGHT, "bob", Kind.REMOVE, "7")],
}

BROKEN = {
    "L-1 has 0 copies: none": PAIR[:1],
    "L-1 has 2 copies: R-1, R-2": [*PAIR, created(3, RIGHT, "R-2", ENGINE, "a", "m2")],
    "R-2 was created with the marker 'm1', as R-1 was": [
        *PAIR,
        created(3, LEFT, "L-2", "ann", "z"),
        created(4, RIGHT, "R-2", ENGINE, "z", "m1"),
    ],
    "R-2 was created with 'q', which no item of the other side ever had": [*PAIR, created(3, RIGHT, "R-2", ENGINE, "q", "m2")],
    "L-1 ⇄ R-1: summary is 'b' on the left and 'a' on the right": [*PAIR, EDITED[0]],
    "L-1 ⇄ R-1: summary 'c' is lost: now 'b', and no conflict tells of it": [*PAIR, *CONCURRENT[:2], read(3.7, RIGHT), CONCURRENT[2]],
    "L-1 ⇄ R-1: summary was written 3 times by the engine and 1 times by people (0 sent again)": [
        *PAIR,
        *EDITED,
        put(5, RIGHT, ENGINE, "b", "b"),
        put(6, RIGHT, ENGINE, "b", "b"),
    ],
    "L-1 ⇄ R-1: summary 'mangled' was written by the engine and by nobody before": [
        *PAIR,
        EDITED[0],
        put(4, RIGHT, ENGINE, "a", "mangled"),
        put(5, LEFT, ENGINE, "b", "mangled"),
        put(6, RIGHT, "bob", "mangled", "c"),
        put(7, LEFT, ENGINE, "mangled", "c"),
    ],
    "L-1 ⇄ R-1: status is ['done'], but people wrote ['open'] last": [
        *PAIR,
        put(3, LEFT, "ann", "open", "done", "status"),
        put(4, RIGHT, ENGINE, "open", "done", "status"),
        put(5, LEFT, "ann", "done", "open", "status"),
        put(6, LEFT, ENGINE, "open", "done", "status"),
    ],
    "L-1 ⇄ R-1: comment 'x' of R-1 has 0 copies": [*PAIR, SAID[0]],
    "L-1 ⇄ R-1: comment 'x' of R-1 has 2 copies": [*PAIR, *SAID, child(7, LEFT, ENGINE, Kind.ADD, "9", "x")],
    "L-1 ⇄ R-1: comment 'x' was copied back to R-1, where it came from": [*PAIR, *SAID, child(7, RIGHT, ENGINE, Kind.ADD, "9", "x")],
    "L-1 ⇄ R-1: a comment 'w' was added to L-1 that nobody wrote": [*PAIR, child(7, LEFT, ENGINE, Kind.ADD, "9", "w")],
    "L-1 ⇄ R-1: the comment 'x' says ['x', 'y']": [*PAIR, *SAID, child(7, RIGHT, "bob", Kind.EDIT, "7", "y", old="x")],
    "L-1 ⇄ R-1: ['x'] was written over a comment of R-1, which nobody wrote on the other side": [
        *PAIR,
        *SAID,
        child(7, RIGHT, ENGINE, Kind.EDIT, "7", "x", old="x"),
    ],
    "L-1 ⇄ R-1: comment 'x' of R-1 was removed, and its copy is still there": [*PAIR, *SAID, child(9, RIGHT, "bob", Kind.REMOVE, "7")],
    "L-1 ⇄ R-1: the copy of comment 'x' of R-1 was removed, though nobody removed the original": [
        *PAIR,
        *SAID,
        child(9, LEFT, ENGINE, Kind.REMOVE, "8"),
    ],
    "L-1 ⇄ R-1: comment 'x' of R-1 was removed by the engine, though it is a person's own": [
        *PAIR,
        *SAID,
        child(8, LEFT, "ann", Kind.REMOVE, "8"),
        child(9, RIGHT, ENGINE, Kind.REMOVE, "7"),
    ],
}


def test_a_move_between_two_statuses_that_are_one_on_the_other_side_counts() -> None:
    records = [
        *PAIR,
        put(3, RIGHT, "bob", "open", "done", "status"),
        put(4, LEFT, "ann", "open", "open", "status"),
        put(5, RIGHT, ENGINE, "done", "open", "status"),
    ]
    assert judge(Story(records, journal(records), (), frozenset({"status"}))).findings == []


@pytest.mark.parametrize("records", SOUND.values(), ids=SOUND)
def test_a_sound_story_has_no_finding(records: list[Record]) -> None:
    verdict = judge(Story(records, journal(records), (), frozenset({"status"})))
    assert (verdict.findings, verdict.limits) == ([], [])


@pytest.mark.parametrize(("finding", "records"), BROKEN.items(), ids=BROKEN)
def test_a_broken_promise_is_found(finding: str, records: list[Record]) -> None:
    assert judge(Story(records, journal(records), (), frozenset({"status"}))).findings == [finding]


def test_the_loser_of_a_recorded_conflict_is_not_lost() -> None:
    records = [*PAIR, *CONCURRENT[:2], read(3.7, RIGHT), CONCURRENT[2]]
    assert judge(Story(records, journal(records), [RECORDED])).findings == []


def test_what_was_written_after_the_last_reading_is_a_limit() -> None:
    records = [*PAIR, CONCURRENT[0], read(3.2, RIGHT), *CONCURRENT[1:]]
    verdict = judge(Story(records, journal(records)))
    assert verdict.findings == []
    assert verdict.limits == ["L-1 ⇄ R-1: summary 'c' was overwritten between our reading and our write"]


def test_a_copy_that_is_sent_again_after_a_person_removed_it_is_a_limit() -> None:
    twice = [*PAIR, *SAID, child(7, LEFT, "ann", Kind.REMOVE, "8"), child(8, LEFT, ENGINE, Kind.ADD, "9", "x")]
    verdict = judge(Story(twice, journal([*PAIR, *SAID])))
    assert verdict.findings == []
    assert verdict.limits == ["L-1 ⇄ R-1: comment 'x' of R-1 was added again after ann had removed it in the moment of doubt"]


def test_a_conflict_where_nobody_worked_concurrently_is_an_alarm() -> None:
    recorded = Conflict(("L-1", "R-1"), "summary", "b", "a", held=False)
    records = [*PAIR, *EDITED]
    verdict = judge(Story(records, journal(records), [recorded]))
    assert (verdict.findings, len(verdict.alarms)) == ([], 1)
    assert judge(Story([*PAIR, *CONCURRENT], journal([*PAIR, *CONCURRENT]), [RECORDED])).alarms == []


def test_values_that_differ_are_in_order_while_their_conflict_is_held() -> None:
    records = [*PAIR, *CONCURRENT[:2]]
    assert judge(Story(records, journal(records), [replace(RECORDED, held=True)])).findings == []
    assert len(judge(Story(records, journal(records), [RECORDED])).findings) == 1


def test_a_value_is_not_taken_back_to_what_its_writer_had_seen() -> None:
    back = [*PAIR, *EDITED, put(5, RIGHT, "bob", "b", "c"), read(5.5, RIGHT), put(6, RIGHT, ENGINE, "c", "b")]
    recorded = Conflict(("L-1", "R-1"), "summary", "b", "c", held=False)
    assert judge(Story(back, journal(back), [recorded])).findings == [
        "L-1 ⇄ R-1: summary is 'b', though 'c' was written by someone who had seen that"
    ]


def test_a_write_that_was_not_announced_is_found() -> None:
    records = [*PAIR, *EDITED]
    assert judge(Story(records, journal(PAIR))).findings == ["the right log has 1 more set summary of R-1 than the journal"]


def test_an_intent_of_unknown_outcome_is_found() -> None:
    open_one = Intent(RIGHT, "R-1", Kind.SET, ("summary",), 1, open=True)
    assert judge(Story(PAIR, [*journal(PAIR), open_one])).findings == [
        "the intent to set summary of R-1 (right) is still open after 1 sends"
    ]


def test_a_write_of_unknown_outcome_may_be_sent_again() -> None:
    records = [*PAIR, *EDITED, put(5, RIGHT, ENGINE, "b", "b"), put(6, RIGHT, ENGINE, "b", "b")]
    again = Intent(RIGHT, "R-1", Kind.SET, ("summary",), 3, open=False)
    assert judge(Story(records, [*journal(PAIR), again])).findings == []
