"""Every recorded history replays under the workflows as they are: an edit that would break running ones cannot land unnoticed.

`histories/` holds those of the code as it is, and a folder for each released version.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest
from coverage import Coverage
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer
from temporalio.workflow import NondeterminismError

from tests.replay.keeping import HISTORIES
from tests.takeover.changed import CARELESS, PatchedTwin
from worker import WORKFLOWS, runner

RECORDED = sorted(HISTORIES.rglob("*.json"))
SOURCE = Path(__file__).parents[2] / "workflows"

ACTED = [path for path in RECORDED if "ACTIVITY_TASK_SCHEDULED" in path.read_text()]

each_history = pytest.mark.parametrize("path", RECORDED, ids=[str(path.relative_to(HISTORIES)) for path in RECORDED])
each_that_acted = pytest.mark.parametrize("path", ACTED, ids=[str(path.relative_to(HISTORIES)) for path in ACTED])


def of(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text())


def kind(history: WorkflowHistory) -> str:
    return history.events[0].workflow_execution_started_event_attributes.workflow_type.name


async def replay(history: WorkflowHistory, workflows: Sequence[type] = WORKFLOWS) -> None:
    replayer = Replayer(workflows=workflows, workflow_runner=runner(), data_converter=pydantic_data_converter)
    await replayer.replay_workflow(history)


def test_there_are_histories_of_every_workflow() -> None:
    assert {kind(of(path)) for path in RECORDED} == {workflow.__name__ for workflow in WORKFLOWS}


@each_history
async def test_a_recorded_history_replays(path: Path) -> None:
    await replay(of(path))


@each_that_acted
async def test_one_more_command_is_noticed(path: Path) -> None:
    """What this test changes, `test_a_recorded_history_replays` would notice in the code itself."""
    with pytest.raises(NondeterminismError):
        await replay(of(path), CARELESS)


@each_history
async def test_one_more_command_behind_a_patch_disturbs_no_recorded_twin(path: Path) -> None:
    await replay(of(path), (PatchedTwin, *WORKFLOWS[1:]))


async def test_the_histories_of_the_code_as_it_is_pass_through_every_line_of_it() -> None:
    """A new line of a workflow needs a history that passes through it: record anew (`make histories`)."""
    coverage = Coverage(data_file=None, include=[f"{SOURCE}/*.py"], config_file=False)
    coverage.exclude("@workflow.query")
    coverage.start()
    for path in sorted(HISTORIES.glob("*.json")):
        await replay(of(path))
    coverage.stop()
    missed = {file.name: coverage.analysis2(str(file))[3] for file in sorted(SOURCE.glob("*.py"))}
    assert {name: lines for name, lines in missed.items() if lines} == {}
