"""Properties of few values, as a status. Values come again, so that only the order of what happened tells who saw what."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from model.words import Side
from tests.simulation.facts import Recorded
from tests.simulation.truth import Entry

CHOICES = {"priority": "Medium", "status": "Open"}
"""With what an item has of itself."""
ROUNDED = 1e-4


def silently_overwritten(
    entries: dict[Side, list[Entry]], name: str, recorded: list[Recorded], forgetful: AbstractSet[Side]
) -> Iterator[tuple[Side, Entry]]:
    """Writes of ours over a person's value that was not on record by then.

    No edit is what gives a side back the last value that we wrote there, or one that it had on the other side since we last made both the
    same: people who replaced it there have seen it. Nor can anybody tell one that takes back our last write, whose answer was lost, on a
    side that is `forgetful`: without a change history. A write that was sent before the edit, and came late, could not know of it.
    """
    told = sorted((one.at, side, one.number, one) for side in Side for one in entries[side] if one.kind == "field" and one.name == name)
    now, edited, by_people_at = dict.fromkeys(Side, CHOICES[name]), dict.fromkeys(Side, False), dict.fromkeys(Side, 0.0)
    ours, before = dict(now), dict(now)
    had = {side: {CHOICES[name]} for side in Side}
    for _, side, _, one in told:
        hit, new = now[side], one.new or ""
        on_record = any(two.at <= one.sent + ROUNDED and two.subject == name and hit in two.values for two in recorded)
        seen = {new, ours[side], *had[side.other]} | ({before[side]} if side in forgetful else set[str]())
        if one.ours and edited[side] and by_people_at[side] < one.sent and hit not in seen and not on_record:
            yield side, one
        now[side], edited[side] = new, edited[side] if new == hit else not one.ours
        by_people_at[side] = by_people_at[side] if one.ours else one.at
        ours[side], before[side] = (new, hit) if one.ours else (ours[side], before[side])
        had[side].add(new)
        if one.ours and now[side.other] == new:
            had = {side: {new} for side in Side}
