"""The three-way merge of properties.

For each property that the incoming rule set: `theirs` is what the rule wants now, `ours` what the target has now, and
the base keeps what the
rule `asked` for and what the target `got` at last agreement.

    theirs = asked   the source did not change it: the target's own edit stays, and travels the other way
    ours = theirs    nothing to write, the base moves
    ours = got       the target did not change it: write theirs
    otherwise        conflict, settled by policy

Where the target wins it counts as having replaced `theirs`: whatever it has when its own turn comes is new then, also what it had before.
Links between items are merged one by one, in `sync/links.py`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import assert_never

from pydantic import JsonValue

from model.agreement import Agreed, Base
from model.configuration import Conflicts
from model.item import Fields
from model.links import LINKS
from model.plan import Conflict
from model.words import ConflictPolicy, Side
from sync.canonical import same
from sync.links import merge_links


class Verdict(Enum):
    KEEP = "keep"
    AGREE = "agree"
    WRITE = "write"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Judge:
    """Who wins a conflict. `decisions` are a person's: they hold for exactly the values that the person saw."""

    conflicts: Conflicts
    source: Side
    source_updated: datetime
    target_updated: datetime
    decisions: tuple[Conflict, ...] = ()

    def conflict(self, subject: str, theirs: JsonValue, ours: JsonValue) -> Conflict:
        left, right = (theirs, ours) if self.source is Side.LEFT else (ours, theirs)
        decided = next((one for one in self.decisions if _fits(one, subject, left, right)), None)
        policy = self.conflicts.policy(subject)
        winner = decided.winner if decided else self._winner(policy)
        return Conflict(subject=subject, target=self.source.other, left=left, right=right, policy=policy, winner=winner)

    def _winner(self, policy: ConflictPolicy) -> Side | None:
        match policy:
            case ConflictPolicy.LEFT:
                return Side.LEFT
            case ConflictPolicy.RIGHT:
                return Side.RIGHT
            case ConflictPolicy.HOLD:
                return None
            case ConflictPolicy.LATEST:
                return self._latest()
            case _:
                assert_never(policy)

    def _latest(self) -> Side:
        if self.source_updated == self.target_updated:
            return Side.LEFT
        return self.source if self.source_updated > self.target_updated else self.source.other


def _fits(decision: Conflict, subject: str, left: JsonValue, right: JsonValue) -> bool:
    return decision.subject == subject and same(decision.left, left) and same(decision.right, right)


@dataclass(frozen=True)
class Merged:
    """`writes` go to the target. `agreed` is the target's new base for all that is settled; `got` of a write is what we ask for."""

    writes: Fields
    agreed: Mapping[str, Agreed]
    conflicts: tuple[Conflict, ...]


def verdict(theirs: JsonValue, ours: JsonValue, known: Agreed | None, got: JsonValue) -> Verdict:
    """The table above. Without a known `asked` the source counts as having changed the property."""
    if known is not None and same(theirs, known.asked):
        return Verdict.KEEP
    if same(ours, theirs):
        return Verdict.AGREE
    return Verdict.WRITE if same(ours, got) else Verdict.CONFLICT


def merge(wanted: Fields, current: Fields, base: Base, judge: Judge) -> Merged:
    """Merge every property of `wanted`."""
    merged = _merge_values({subject: value for subject, value in wanted.items() if subject != LINKS}, current, base, judge)
    if LINKS not in wanted:
        return merged
    known = base.agreed.get(LINKS)
    links = merge_links(wanted[LINKS], current.get(LINKS), known, known.got if known else snapshot(base, LINKS))
    writes = {**merged.writes, LINKS: links.write} if links.write else merged.writes
    agreed = {**merged.agreed, LINKS: links.agreed} if links.agreed else merged.agreed
    return Merged(writes, agreed, merged.conflicts)


def _merge_values(wanted: Fields, current: Fields, base: Base, judge: Judge) -> Merged:
    writes: Fields = {}
    agreed: dict[str, Agreed] = {}
    conflicts: list[Conflict] = []
    for subject, theirs in wanted.items():
        ours = current.get(subject)
        known = base.agreed.get(subject)
        got = known.got if known else snapshot(base, subject)
        found = verdict(theirs, ours, known, got)
        match found:
            case Verdict.KEEP:
                continue
            case Verdict.AGREE:
                agreed[subject] = Agreed(asked=theirs, got=ours)
            case Verdict.WRITE:
                writes[subject] = theirs
                agreed[subject] = Agreed(asked=theirs, got=theirs)
            case Verdict.CONFLICT:
                conflict = judge.conflict(subject, theirs, ours)
                conflicts.append(conflict)
                if conflict.winner is judge.source:
                    writes[subject] = theirs
                    agreed[subject] = Agreed(asked=theirs, got=theirs)
                elif conflict.winner is conflict.target:
                    agreed[subject] = Agreed(asked=theirs, got=theirs)
            case _:
                assert_never(found)
    return Merged(writes, agreed, tuple(conflicts))


def snapshot(base: Base, subject: str) -> JsonValue:
    """The property in the last agreed state of the side, null where there is none."""
    return base.item.fields.get(subject) if base.item else None


def reverse_agreed(
    base: Base,
    wished: Fields,
    wished_now: Fields,
    source_fields: Fields,
    lost: Collection[str] = (),
    edited: Collection[str] = (),
    held: Collection[str] = (),
) -> dict[str, Agreed]:
    """The source's own base after its replica was settled.

    `wished` is what the source's incoming rule asks for, given the replica now expected from the target; `wished_now` the same with the
    target as it really is. Where they differ the target has an outstanding edit: if the source changed that property as well, the two have
    not agreed on it and its base stays, so that the conflict is seen from the other side too. Properties in which the source `lost` a
    conflict count as agreed on the source's value, so that whatever the winner has is new there and is written. Of `edited`, which is what
    edits of the target ask for anew, the source's base stays also where the edit was sent before, and not taken over because of a conflict
    that has gone since; where they never agreed on the property, the source had what it began with. What is in a `held` conflict is not
    agreed on either, even if the rule cannot say yet what the target's edit means here, as of a parent that has no copy.
    """
    agreed: dict[str, Agreed] = {}
    for subject, asked in wished.items():
        value = source_fields.get(subject)
        if subject in lost:
            agreed[subject] = Agreed(asked=value, got=value)
            continue
        known = base.agreed.get(subject)
        before = known.got if known else snapshot(base, subject)
        now = wished_now.get(subject, asked)
        if known is None and subject in edited and same(asked, now):
            known = Agreed(asked=before, got=before)
        sent = known if known and subject in edited and not same(known.asked, now) else None
        outstanding = sent or not same(asked, now) or subject in held
        if outstanding and not same(value, before):
            agreed[subject] = known or Agreed(asked=asked, got=before)
        elif sent:
            agreed[subject] = Agreed(asked=sent.asked, got=value)
        else:
            agreed[subject] = Agreed(asked=asked, got=value)
    return agreed


def changed(before: Fields, now: Fields) -> frozenset[str]:
    """The properties of `now` that differ."""
    return frozenset(subject for subject, value in now.items() if not same(value, before.get(subject)))


def partly_reversed(base: Base, wished: Fields, wished_finally: Fields, source_fields: Fields) -> dict[str, Agreed]:
    """The source's own base after only some steps were done: what its incoming rule asks for anew (`wished`) is agreed, the rest stays.

    Where it will ask for something else in the end (`wished_finally`), as of a status on the way, what the source has is still to arrive.
    """
    moved = {subject: asked for subject, asked in wished.items() if subject in base.agreed and not same(asked, base.agreed[subject].asked)}
    coming = changed(wished_finally, moved)
    got = {subject: base.agreed[subject].got if subject in coming else source_fields.get(subject) for subject in moved}
    return {**base.agreed, **{subject: Agreed(asked=asked, got=got[subject]) for subject, asked in moved.items()}}
