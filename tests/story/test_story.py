"""The story at a small size, by either hands."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.story.hands import Hands
from tests.story.rest import RestHands
from tests.story.stage import Stage, opened_stage
from tests.story.story import Size, Story
from tests.story.terminal import TerminalHands


def rest(stage: Stage) -> Hands:
    return RestHands(stage.url)


def terminal(stage: Stage) -> Hands:
    return TerminalHands(stage.environment)


@pytest.mark.parametrize(("hands", "size"), [(rest, Size(24)), pytest.param(terminal, Size(24), marks=pytest.mark.story)])
async def test_a_deployment_is_operated_from_its_first_member_to_its_clean_up(tmp_path: Path, hands: Callable[[Stage], Hands], size: Size):
    steps: list[str] = []
    async with opened_stage(tmp_path) as stage:
        await Story(stage, hands(stage), size, lambda step, _: steps.append(step)).play()
    assert steps[-1] == "audit"
