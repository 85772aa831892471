"""Work logs in random cases. They are drawn apart from everything else: a seed keeps the rest of its case, whatever is changed here."""

import random

from model.words import Side
from tests.simulation import steps
from tests.simulation.case import Case
from tests.simulation.profile import Habits
from tests.simulation.steps import How, Step

SHARE = 0.35
LATE = 54.0
WRITES = ("add_work_log", "add_work_log", "edit_work_log", "delete_work_log")
LOOK = "find_work_log"
STRIKES: tuple[How, ...] = ("refused", "limited", "error", "slow", "lost", "lost", "late", "late")
SPENT = (60, 1200, 1800, 3599, 5400)


def with_work(case: Case, seed: str) -> Case:
    """The case, and in one of three people who log, edit and delete their time, and what goes wrong with that."""
    chance = random.Random(f"work/{seed}")
    if chance.random() > SHARE:
        return case
    profile = case.profile
    changed = {side: _habits(chance, profile.habits(side)) for side in Side}
    people = [step.at for step in case.steps if not isinstance(step, steps.FAULTS)]
    more = _work(chance, max(people, default=0.0))
    return case.model_copy(
        update={
            "profile": profile.model_copy(update={"left": changed[Side.LEFT], "right": changed[Side.RIGHT]}),
            "steps": tuple(sorted((*case.steps, *more), key=lambda step: step.at)),
        }
    )


def _habits(chance: random.Random, habits: Habits) -> Habits:
    return habits.model_copy(update={"work_logs": chance.random() < 0.95, "keeps_days": chance.random() < 0.4})


def _work(chance: random.Random, until: float) -> list[Step]:
    found: list[Step] = []
    at = 2.0
    for number in range(chance.choice((1, 2, 3, 5))):
        at = round(at + chance.uniform(0.05, max(1.0, until / 3)), 3)
        found.append(_act(chance, at, f"w{number}"))
        if chance.random() < 0.4:
            found.append(_trouble(chance, at))
    return found


def _act(chance: random.Random, at: float, token: str) -> Step:
    side, item = chance.choice((Side.LEFT, Side.RIGHT)), chance.randrange(3)
    match chance.choice(("log", "log", "log", "edit", "edit", "delete")) if token != "w0" else "log":
        case "log":
            return steps.LogWork(at=at, side=side, item=item, text=f"{token} of work", spent=chance.choice(SPENT))
        case "edit":
            return steps.EditWork(at=at, side=side, item=item, log=chance.randrange(4), text=f"e{token}", spent=chance.choice((0, *SPENT)))
        case _:
            return steps.DeleteWork(at=at, side=side, item=item, log=chance.randrange(4))


def _trouble(chance: random.Random, at: float) -> Step:
    side, op = chance.choice((Side.LEFT, Side.RIGHT)), chance.choice(WRITES)
    since = round(max(0.0, at - chance.uniform(0.0, 0.5)), 3)
    match chance.choice(("call", "call", "look", "crash")):
        case "call":
            return steps.CallFault(at=since, side=side, op=op, how=chance.choice(STRIKES), seconds=round(chance.uniform(4.0, LATE), 3))
        case "look":
            return steps.CallFault(at=since, side=side, op=LOOK, how="error", seconds=4.0)
        case _:
            point = f"{chance.choice(('before', 'after'))} {side}.{op}"
            return steps.Crash(at=since, point=point, seconds=chance.choice((1.0, 20.0)))
