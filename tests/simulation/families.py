"""Items below others in random cases, drawn apart from everything else; and the judge of which copy is below which."""

import random
from collections.abc import Iterable, Iterator

from model.words import Side
from tests.simulation import steps
from tests.simulation.case import Case
from tests.simulation.facts import Pair
from tests.simulation.replayed import Seen
from tests.simulation.steps import Step

SHARE = 0.2
PARENT = "parentId"


def with_parents(case: Case, seed: str) -> Case:
    """The case, and in one of five people who put items below others, some of which are made later."""
    chance = random.Random(f"parents/{seed}")
    if chance.random() > SHARE:
        return case
    until = max((step.at for step in case.steps if not isinstance(step, steps.FAULTS)), default=0.0)
    more = list(_family(chance, until))
    return case.model_copy(
        update={
            "profile": case.profile.model_copy(update={"parents": True}),
            "steps": tuple(sorted((*case.steps, *more), key=lambda step: step.at)),
        }
    )


def _family(chance: random.Random, until: float) -> Iterator[Step]:
    at = 1.0
    for number in range(chance.choice((1, 2, 4))):
        at = round(at + chance.uniform(0.05, max(2.0, until / 2)), 3)
        side = chance.choice((Side.LEFT, Side.RIGHT))
        if chance.random() < 0.4:
            yield steps.CreateItem(at=at, side=side, text=f"p{number}")
        parent = chance.randrange(4) if chance.random() < 0.85 else None
        yield steps.Adopt(at=at, side=side, item=chance.randrange(4), parent=parent)


def findings(pair: Pair, seen: dict[Side, Seen], pairs: Iterable[Pair], untold: set[str]) -> Iterator[str]:
    """A copy is below the copy of what its original is below. `untold` are items of which nobody can tell: deleted or hidden ones.

    Nothing is said of an item whose parent was in a pair that ended.
    """
    known = list(pairs)
    copies = {(side, one.items[side]): one.items[side.other] for one in known if one.live and len(one.items) == len(Side) for side in Side}
    ended = {item for one in known if not one.live for item in one.items.values()}
    above = {side: seen[side].fields.get(PARENT, "") for side in Side}
    if {*above.values()} & (ended | untold):
        return
    for side in Side:
        wanted = copies.get((side, above[side]), "")
        if above[side] and above[side.other] != wanted:
            found = f"{above[side]!r} on {side}, whose copy is {wanted!r}, and below {above[side.other]!r} on {side.other}"
            yield f"S2: the item of twin {pair.twin} is below {found}"
            return
