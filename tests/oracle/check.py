"""The oracle: what the engine promised, checked against what the platforms say happened. It never asks the engine what happened."""

from collections.abc import Iterable, Sequence

from tests.oracle.loss import concurrent, losses
from tests.oracle.pairs import Family, Pair, families, pairs
from tests.oracle.records import COMMENT, ENGINE, FILE, Conflict, Kind, Record, Side, Story, Verdict
from tests.oracle.writes import check_count, check_journal


def judge(story: Story) -> Verdict:
    """The verdict on a story that has come to rest."""
    verdict = Verdict()
    for pair in pairs(story, verdict):
        for subject in _subjects(pair):
            _check_property(story, pair, subject, verdict)
        for family in families(pair, COMMENT, verdict):
            _check_family(pair, family, verdict)
            _check_texts(story, pair, family, verdict)
        for family in families(pair, FILE, verdict):
            _check_family(pair, family, verdict)
    check_journal(story, verdict)
    return verdict


def _subjects(pair: Pair) -> list[str]:
    """Properties that both items have."""
    first, second = (one.values.keys() for one in pair.records if one.kind is Kind.CREATE)
    return sorted(first & second)


def _check_property(story: Story, pair: Pair, subject: str, verdict: Verdict) -> None:
    changes = [_creation(one, subject) if one.kind is Kind.CREATE else one for one in pair.records]
    changes = [one for one in changes if one.subject == subject]
    left, right = (_last(changes, side) for side in Side)
    recorded = _recorded(story.conflicts, pair, subject)
    held = any(one.held and {one.left, one.right} == {left, right} for one in recorded)
    if left != right and not held:
        verdict.findings.append(f"{pair}: {subject} is {left!r} on the left and {right!r} on the right")
    check_count(story.intents, pair, subject, [one for one in changes if one.kind is Kind.SET], verdict)
    if subject in story.repeating:
        _check_repeating(pair, subject, changes, {left, right}, verdict)
        return
    _tell_losses(pair, subject, changes, {left, right}, recorded, verdict)


def _creation(made: Record, subject: str) -> Record:
    return Record(made.at, made.side, made.item, made.actor, made.kind, subject, new=made.values.get(subject, ""))


def _last(changes: Sequence[Record], side: Side) -> str:
    return [one.new for one in changes if one.side is side][-1]


def _recorded(conflicts: Iterable[Conflict], pair: Pair, subject: str) -> list[Conflict]:
    return [one for one in conflicts if one.items == pair.items and one.subject == subject]


def _tell_losses(
    pair: Pair, subject: str, changes: Sequence[Record], final: set[str], recorded: Sequence[Conflict], verdict: Verdict
) -> None:
    reads = [one for one in pair.records if one.kind is Kind.READ and one.actor == ENGINE]
    found = losses(changes, reads, final, [value for one in recorded for value in (one.left, one.right)])
    now = ", ".join(map(repr, sorted(final)))
    for value in found.lost:
        verdict.findings.append(f"{pair}: {subject} {value!r} is lost: now {now}, and no conflict tells of it")
    for value in found.invented:
        verdict.findings.append(f"{pair}: {subject} {value!r} was written by the engine and by nobody before")
    for value in found.overtaken:
        verdict.findings.append(f"{pair}: {subject} is {now}, though {value!r} was written by someone who had seen that")
    verdict.limits += [f"{pair}: {subject} {value!r} was overwritten between our reading and our write" for value in found.limits]
    for one in recorded:
        if not concurrent(changes, one.left, one.right):
            verdict.alarms.append(
                f"{pair}: {subject}: {one.left!r} and {one.right!r} were recorded as a conflict, but nobody worked concurrently"
            )


def _check_repeating(pair: Pair, subject: str, changes: Sequence[Record], final: set[str], verdict: Verdict) -> None:
    """A value that people write more than once: it is the last one that somebody wrote on either side.

    Who moves an item between two statuses that are one on the other side has said that one.
    """
    people = [one for one in changes if one.actor != ENGINE]
    last = {_last(people, side) for side in Side if any(one.side is side for one in people)}
    if not final <= last:
        verdict.findings.append(f"{pair}: {subject} is {sorted(final)}, but people wrote {sorted(last)} last")


def _check_family(pair: Pair, family: Family, verdict: Verdict) -> None:
    """One copy; gone where the original is, and nothing else is gone."""
    original, what = family.original, f"{family.original.subject} {family.original.new!r} of {family.original.item}"
    removed = family.gone(original)
    again = family.added_again()
    if len(family.copies) - len(again) > 1 or (not family.copies and removed is None):
        verdict.findings.append(f"{pair}: {what} has {len(family.copies)} copies")
    verdict.again += again
    verdict.limits += [f"{pair}: {what} was added again after {one.actor} had removed it in the moment of doubt" for one in again]
    if removed is not None and removed.actor == ENGINE:
        verdict.findings.append(f"{pair}: {what} was removed by the engine, though it is a person's own")
    for copy in family.copies:
        gone = family.gone(copy)
        if gone is not None and gone.actor == ENGINE and removed is None:
            verdict.findings.append(f"{pair}: the copy of {what} was removed, though nobody removed the original")
        edited = any(one.actor != ENGINE for one in family.of(copy) if one.kind is Kind.EDIT)
        if removed is not None and gone is None and not edited:
            verdict.findings.append(f"{pair}: {what} was removed, and its copy is still there")


def _check_texts(story: Story, pair: Pair, family: Family, verdict: Verdict) -> None:
    """A comment and its copy say the same, and no text of a person is lost; once one of them is removed they are no pair any more."""
    children = (family.original, *family.copies)
    changes = [one for one in family.records if one.kind is not Kind.REMOVE]
    subject = f"{COMMENT} {family.original.side} {family.original.child}"
    check_count(story.intents, pair, subject, [one for one in changes if one.kind is Kind.EDIT], verdict, family.original)
    for one in children:
        others = {each.new for each in changes if each.actor != ENGINE and (each.side, each.child) != (one.side, one.child)}
        if invented := [each.new for each in family.of(one) if each.kind is Kind.EDIT and each.actor == ENGINE and each.new not in others]:
            verdict.findings.append(f"{pair}: {invented} was written over a comment of {one.item}, which nobody wrote on the other side")
    if len(children) < 2 or any(family.gone(one) for one in children):
        return
    final = {family.text(one) for one in children}
    left = next(one for one in children if one.side is Side.LEFT)
    recorded = _recorded(story.conflicts, pair, f"{COMMENT} {left.child}")
    held = any(one.held and {one.left, one.right} == final for one in recorded)
    if len(final) > 1 and not held:
        verdict.findings.append(f"{pair}: the comment {family.original.new!r} says {sorted(final)}")
    _tell_losses(pair, f"comment {family.original.child} of {family.original.item}", changes, final, recorded, verdict)
