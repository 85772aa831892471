"""Lines of a file that name the same items in other words, found once all items are looked up; pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from model.words import ItemState

Place = tuple[str, str]
"""A system, and the id of an item there."""

Pairing = tuple[Place, Place]


class Line(NamedTuple):
    """What the line `line` of the file names; `number` is that of the operation's item."""

    number: int
    line: int
    left: Place
    right: Place

    @property
    def pair(self) -> Pairing:
        return self.left, self.right


class Verdict(NamedTuple):
    number: int
    state: ItemState
    reason: str


def verdicts(lines: Sequence[Line]) -> Iterator[Verdict]:
    """Lines that are not carried out: those after the first that names the same pair, and all that give one item different partners."""
    first: dict[Place, Line] = {}
    rivals: defaultdict[Place, dict[Pairing, int]] = defaultdict(dict)
    for line in lines:
        for place in line.pair:
            known = first.setdefault(place, line)
            if known.pair != line.pair:
                rivals[place].setdefault(known.pair, known.line)
                rivals[place].setdefault(line.pair, line.line)
    for line in lines:
        others = {other for place in line.pair if place in rivals for pair, other in rivals[place].items() if pair != line.pair}
        if others:
            yield Verdict(line.number, ItemState.FAILED, _contradicts(sorted(others)))
        elif first[line.left].line != line.line:
            yield Verdict(line.number, ItemState.SKIPPED, f"names the same two items as line {first[line.left].line}, which counts")


def _contradicts(rivals: Sequence[int]) -> str:
    told = ", ".join(map(str, rivals[:5])) + (" and more" if len(rivals) > 5 else "")
    lines = f"line {told}" if len(rivals) == 1 else f"lines {told}"
    return f"connects an item to another one than {lines}; neither is connected: leave only one of them in the file"
