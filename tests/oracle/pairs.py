"""Which item is whose copy, told from the platforms' logs alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from tests.oracle.records import ENGINE, NAMED, Kind, Record, Side, Story, Verdict

Place = tuple[Side, str]


@dataclass(frozen=True)
class Pair:
    """An item that a person made, its copy, and what was written to either, the two logs merged by time."""

    origin: Place
    copy: Place
    records: Sequence[Record]

    @property
    def items(self) -> tuple[str, str]:
        """Left and right."""
        return (self.origin[1], self.copy[1]) if self.origin[0] is Side.LEFT else (self.copy[1], self.origin[1])

    def __str__(self) -> str:
        return " ⇄ ".join(self.items)

    def of(self, side: Side) -> list[Record]:
        return [one for one in self.records if one.side is side]

    def about(self, subject: str) -> list[Record]:
        return [one for one in self.records if one.subject == subject]


@dataclass(frozen=True)
class Family:
    """A comment or file that a person made, and its copies."""

    original: Record
    copies: tuple[Record, ...]
    records: Sequence[Record]

    def of(self, child: Record) -> list[Record]:
        return [one for one in self.records if one.side is child.side and one.child == child.child]

    def gone(self, child: Record) -> Record | None:
        """The removal of that child."""
        return next((one for one in self.of(child) if one.kind is Kind.REMOVE), None)

    def added_again(self) -> list[Record]:
        """Removals of a copy by people that the same write followed: a copy that is gone looks as if it had never been."""
        following = [(self.gone(one), later) for one, later in pairwise(self.copies)]
        earlier = {one.marker for one in self.copies[:-1]}
        return [gone for gone, later in following if gone and gone.actor != ENGINE and gone.at < later.at and later.marker in earlier]

    def text(self, child: Record) -> str:
        """The last one that it had."""
        return [one.new for one in self.of(child) if one.kind is not Kind.REMOVE][-1]


def pairs(story: Story, verdict: Verdict) -> list[Pair]:
    """Every item of a person with its one copy; it is a finding where an item has none or several, or a copy no original."""
    by_place = _by_place(story.records)
    owner = {value: place for place, records in by_place.items() if _made_by_person(records) for value in _names(records)}
    copies: dict[Place, list[Place]] = {place: [] for place, records in by_place.items() if _made_by_person(records)}
    markers: dict[str, Place] = {}
    for place, records in by_place.items():
        made = records[0]
        if made.kind is not Kind.CREATE or made.actor != ENGINE:
            continue
        origin = owner.get(made.values.get(NAMED, ""))
        if origin is None or origin[0] is place[0]:
            verdict.findings.append(f"{place[1]} was created with {made.values.get(NAMED)!r}, which no item of the other side ever had")
        else:
            copies[origin].append(place)
        if made.marker in markers or not made.marker:
            verdict.findings.append(
                f"{place[1]} was created with the marker {made.marker!r}, as {markers.get(made.marker, ('', 'nothing'))[1]} was"
            )
        markers[made.marker] = place
    found: list[Pair] = []
    for origin, made in copies.items():
        if len(made) == 1:
            whole = sorted([*by_place[origin], *by_place[made[0]]], key=lambda one: one.at)
            found.append(Pair(origin, made[0], whole))
        else:
            named = ", ".join(item for _, item in made) or "none"
            verdict.findings.append(f"{origin[1]} has {len(made)} copies: {named}")
    return found


def families(pair: Pair, kind: str, verdict: Verdict) -> list[Family]:
    """The comments or files of a pair; a copy that has no original on the other side is a finding."""
    records = pair.about(kind)
    originals = [one for one in records if one.kind is Kind.ADD and one.actor != ENGINE]
    owner: dict[str, Record] = {}
    for one in originals:
        owner |= dict.fromkeys(_texts(records, one), one)
    copies: dict[str, list[Record]] = {}
    for one in records:
        if one.kind is not Kind.ADD or one.actor != ENGINE:
            continue
        original = owner.get(one.new)
        if original is None:
            verdict.findings.append(f"{pair}: a {kind} {one.new!r} was added to {one.item} that nobody wrote")
        elif original.side is one.side:
            verdict.findings.append(f"{pair}: {kind} {one.new!r} was copied back to {one.item}, where it came from")
        else:
            copies.setdefault(f"{original.side} {original.child}", []).append(one)
    found: list[Family] = []
    for one in originals:
        own = copies.get(f"{one.side} {one.child}", [])
        children = {(child.side, child.child) for child in (one, *own)}
        found.append(Family(one, tuple(own), [each for each in records if (each.side, each.child) in children]))
    return found


def _by_place(records: Sequence[Record]) -> dict[Place, list[Record]]:
    """Only items whose creation is in the log."""
    ordered = sorted(records, key=lambda one: (one.place, one.at))
    grouped = {place: list(some) for place, some in groupby(ordered, key=lambda one: one.place)}
    return {place: some for place, some in grouped.items() if some[0].kind is Kind.CREATE}


def _made_by_person(records: Sequence[Record]) -> bool:
    return records[0].kind is Kind.CREATE and records[0].actor != ENGINE


def _names(records: Sequence[Record]) -> list[str]:
    later = [one.new for one in records if one.kind is Kind.SET and one.subject == NAMED]
    return [records[0].values.get(NAMED, ""), *later]


def _texts(records: Sequence[Record], original: Record) -> list[str]:
    return [one.new for one in records if one.side is original.side and one.child == original.child and one.kind is not Kind.REMOVE]
