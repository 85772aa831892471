"""Bringing back the value that lost a conflict: it is written to the conflict's target as the edit of the person who wants it.

That is done over the value that had won, and over nothing else: whatever somebody edited since, on either side, stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from pydantic import JsonValue

from model.agreement import Agreed, Base
from model.item import Item
from model.plan import Plan, Transition, UpdateItem
from sync.canonical import same, status_name
from sync.merge import snapshot
from sync.settle import pending_values


@dataclass(frozen=True)
class Wanted:
    """Of the conflict with that number, over `subject`, `who` wants the value `lost` back in place of the one that `won`."""

    conflict: int
    subject: str
    won: JsonValue
    lost: JsonValue
    who: str


class Finding(Enum):
    GIVE = "give"
    THERE = "there"
    EDITED = "edited"


def edited_since(base: Base, one: Wanted) -> bool:
    """Whether `base`, which is the target's as the two sides last agreed, has the property as neither of the two values."""
    known = base.agreed.get(one.subject)
    if known is None and base.item is None:
        return False
    got = known.got if known else snapshot(base, one.subject)
    return not same(got, one.lost) and not _stands(one, got, known)


def with_restored(plan: Plan, base: Base, wanted: Sequence[Wanted], *, status_is_transition: bool) -> Plan:
    """The plan with the steps that bring back what is `wanted` and was not edited since; `base` is the target's.

    They come last, and what is brought back is sent the other way then. Of two wishes for one property the first one counts.
    """
    if plan.target is None:
        return plan
    steps = list(plan.steps)
    restored: list[int] = []
    overtaken: list[Wanted] = []
    given: set[str] = set()
    for one in wanted:
        found = Finding.EDITED if one.subject in given else _finding(plan, plan.target, base.agreed.get(one.subject), one)
        step = _step(one, status_is_transition=status_is_transition) if found is Finding.GIVE else None
        if step:
            steps.append(step)
            given.add(one.subject)
        if step or found is Finding.THERE:
            restored.append(one.conflict)
        else:
            overtaken.append(one)
    return plan.model_copy(
        update={
            "steps": tuple(steps),
            "notes": (*plan.notes, *(_note(one) for one in overtaken)),
            "send_back": plan.send_back or bool(restored),
            "restored": tuple(restored),
            "overtaken": tuple(one.conflict for one in overtaken),
        }
    )


def _finding(plan: Plan, target: Item, known: Agreed | None, one: Wanted) -> Finding:
    written, ours = pending_values(plan.steps), target.fields.get(one.subject)
    if one.subject in written:
        return Finding.THERE if same(written[one.subject], one.lost) else Finding.EDITED
    winners = [conflict.winner for conflict in plan.conflicts if conflict.subject == one.subject]
    if same(ours, one.lost):
        return Finding.THERE if all(winner is plan.source.other for winner in winners) else Finding.EDITED
    return Finding.GIVE if _stands(one, ours, known) and not winners else Finding.EDITED


def _stands(one: Wanted, value: JsonValue, known: Agreed | None) -> bool:
    """Whether `value` is still the one that won, or what the platform made of it."""
    return same(value, one.won) or (known is not None and same(known.asked, one.won) and same(known.got, value))


def _step(one: Wanted, *, status_is_transition: bool) -> UpdateItem | Transition | None:
    """None for a status without a name, which nothing leads to."""
    if one.subject != "status" or not status_is_transition:
        return UpdateItem(fields={one.subject: one.lost}, restores=True, conflict=one.conflict)
    name = status_name(one.lost)
    return Transition(status=name, conflict=one.conflict) if name else None


def _note(one: Wanted) -> str:
    return f"{one.subject} was edited after conflict {one.conflict} was settled, so that what {one.who} wanted back is not written over it"
