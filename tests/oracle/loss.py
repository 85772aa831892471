"""Nothing is lost: each value that a person wrote is there, was seen by the writer of a later one, or lies in the conflict log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.oracle.records import ENGINE, Record


@dataclass(frozen=True)
class Losses:
    """Values of people. `lost` are nowhere. `overtaken` were written by someone who had seen what is there now, and are not there.

    `limits` were overwritten between the engine's reading and its write, which the platform's interface cannot prevent. `invented` are
    values of the engine that no person had written before.
    """

    lost: tuple[str, ...]
    overtaken: tuple[str, ...]
    invented: tuple[str, ...]
    limits: tuple[str, ...]


def losses(changes: Sequence[Record], reads: Sequence[Record], final: set[str], recorded: Iterable[str]) -> Losses:
    """`changes` are all writes of one value on both sides by time, `reads` the engine's readings of the items.

    `final` is what is there now, and `recorded` what the conflict log has.
    """
    people = [one for one in changes if one.actor != ENGINE and one.new != one.old]
    parents = {one.new: one.old for one in people}
    blind = {one.old for one in changes if one.actor == ENGINE and one.old != one.new and _unseen(one, changes, reads)}
    excused = seen_by(blind & parents.keys(), parents)
    kept = seen_by({*final, *recorded}, parents)
    lost = [one.new for one in people if one.new not in kept]
    overtaken = [one.new for one in people if one.new in kept - final and seen_by({one.new}, parents) & final]
    return Losses(
        lost=tuple(one for one in lost if one not in excused),
        overtaken=tuple(one for one in overtaken if one not in excused),
        limits=tuple(one for one in (*lost, *overtaken) if one in excused),
        invented=tuple(dict.fromkeys(one.new for one in changes if one.actor == ENGINE and one.new not in parents)),
    )


def concurrent(changes: Sequence[Record], one: str, other: str) -> bool:
    """Whether two people wrote the values, and neither had seen the other's."""
    parents = {change.new: change.old for change in changes if change.actor != ENGINE and change.new != change.old}
    return one in parents and other in parents and one not in seen_by({other}, parents) and other not in seen_by({one}, parents)


def _unseen(write: Record, changes: Sequence[Record], reads: Sequence[Record]) -> bool:
    """Whether what the engine overwrote was written after its last reading of that item."""
    read = max((one.at for one in reads if one.place == write.place and one.at < write.at), default=0.0)
    made = [one.at for one in changes if one.place == write.place and one.new == write.old and one.at < write.at]
    return bool(made) and max(made) > read


def seen_by(values: Iterable[str], parents: Mapping[str, str]) -> set[str]:
    """The values and all that their writers had seen."""
    found: set[str] = set()
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if value not in found:
            found.add(value)
            waiting += [parents[value]] if value in parents else []
    return found
