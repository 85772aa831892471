"""Random cases keep every promise; the simulator gives the same trace for the same case; and a planted bug is found and shrunk."""

import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.journal import Intent
from store import Store
from store.uninterrupted import finishing
from tests import memory_store
from tests.points import NOUNS
from tests.simulation.campaign import REGRESSIONS, batch
from tests.simulation.case import Case
from tests.simulation.generate import generated
from tests.simulation.shrink import Shrinker
from tests.simulation.simulate import judge
from tests.simulation.sometimes import expected, expected_in_store, missing
from tests.simulation.world import World

SEEDS = ("alpha", "beta", "gamma", "delta")
CASES = 40


@pytest.mark.parametrize("seed", SEEDS)
def test_random_cases_keep_every_promise(seed: str) -> None:
    report = batch(seed, 0, CASES)
    assert report.cases == CASES
    assert not report.failures, report.failures[0]


@pytest.mark.parametrize("path", sorted(REGRESSIONS.glob("*.json")), ids=lambda path: path.stem)
def test_what_once_failed_keeps_every_promise(path: Path) -> None:
    case = Case.model_validate_json(path.read_text())
    for sqlite in (False, True):
        profile = case.profile.model_copy(update={"sqlite": sqlite})
        assert judge(case.model_copy(update={"profile": profile})).findings == []


def test_a_case_played_twice_gives_one_trace() -> None:
    for number in range(30):
        case = generated(f"twice/{number}")
        assert judge(case).trace == judge(case).trace


class _Finishing:
    """A part of the store in memory, each call in a task of its own as those of the real store: else others get their turn elsewhere."""

    def __init__(self, part: object) -> None:
        self._part = part

    def __getattr__(self, name: str) -> object:
        value = getattr(self._part, name)
        return finishing(value) if inspect.iscoroutinefunction(value) else value


def test_memory_and_sqlite_give_one_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = memory_store.opened

    def taking_turns(*values: Any) -> Store:
        store = opened(*values)
        return replace(store, **{noun: _Finishing(getattr(store, noun)) for noun in (*NOUNS, "capacities")})

    monkeypatch.setattr(memory_store, "opened", taking_turns)
    for number in range(12):
        case = generated(f"stores/{number}")
        traces = {
            judge(case.model_copy(update={"profile": case.profile.model_copy(update={"sqlite": sqlite})})).trace for sqlite in (False, True)
        }
        assert len(traces) == 1, number


def test_a_planted_bug_is_found_and_shrunk_to_ten_steps() -> None:
    def forgetful(world: World) -> None:
        """Nobody asks any more what became of a write whose answer was lost."""

        async def nothing(*_: object) -> tuple[Intent, ...]:
            return ()

        setattr(world.bare.journal, "unsettled", nothing)  # noqa: B010

    def fails(case: Case) -> bool:
        return bool(judge(case, forgetful).findings)

    found = next(case for case in (generated(f"planted/{number}") for number in range(3000)) if fails(case))
    least = Shrinker(fails).shrunk(found)
    assert fails(least)
    assert not judge(least).findings
    assert len(least.steps) <= 10


def test_a_fault_that_never_struck_is_named() -> None:
    assert set(missing(judge(Case()).fired)) >= expected() | {f"crash at {name}" for name in expected_in_store()}
