"""From a failing case to the least that still fails: fewer steps first, then a plainer world."""

from collections.abc import Callable, Sequence

from tests.simulation.case import Case
from tests.simulation.profile import Habits, Profile
from tests.simulation.steps import Step

MOST_PLAYS = 400


class Shrinker:
    """`fails` plays a case and tells whether it still breaks the same promise."""

    def __init__(self, fails: Callable[[Case], bool], plays: int = MOST_PLAYS) -> None:
        self._fails = fails
        self._left = plays

    def shrunk(self, case: Case) -> Case:
        before = -1
        while before != len(case.steps):
            before = len(case.steps)
            case = self._fewer(case)
        return self._plainer(case)

    def _still(self, case: Case) -> bool:
        if self._left <= 0:
            return False
        self._left -= 1
        return self._fails(case)

    def _fewer(self, case: Case) -> Case:
        """Delta debugging: take out ever smaller runs of steps (Zeller and Hildebrandt, 2002)."""
        size = max(1, len(case.steps) // 2)
        while size:
            start = 0
            while start < len(case.steps):
                less = case.model_copy(update={"steps": _without(case.steps, start, size)})
                if self._still(less):
                    case = less
                else:
                    start += size
            size //= 2
        return case

    def _plainer(self, case: Case) -> Case:
        for name in Profile.model_fields:
            plain = case.profile.model_copy(update={name: Profile.model_fields[name].default})
            if plain != case.profile and self._still(case.model_copy(update={"profile": plain})):
                case = case.model_copy(update={"profile": plain})
        for side in ("left", "right"):
            for name in Habits.model_fields:
                habits: Habits = getattr(case.profile, side)
                plain = habits.model_copy(update={name: Habits.model_fields[name].default})
                changed = case.profile.model_copy(update={side: plain})
                if plain != habits and self._still(case.model_copy(update={"profile": changed})):
                    case = case.model_copy(update={"profile": changed})
        return case


def _without(steps: Sequence[Step], start: int, size: int) -> tuple[Step, ...]:
    return (*steps[:start], *steps[start + size :])
