"""Every recorded history replays under the workflows as they are: an edit that would break running ones cannot land unnoticed."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from worker import runner
from workflows.connection import ConnectionWorkflow
from workflows.feed import FeedWorkflow
from workflows.twin import TwinWorkflow

HISTORIES = sorted(Path(__file__).with_name("histories").glob("*.json"))


def test_there_are_histories_of_every_workflow() -> None:
    assert {one.stem.partition("-")[0] for one in HISTORIES} == {"twin", "feed", "connection"}


@pytest.mark.parametrize(("name", "history"), [(one.stem, one.read_text()) for one in HISTORIES], ids=[one.stem for one in HISTORIES])
async def test_a_recorded_history_replays(name: str, history: str) -> None:
    replayer = Replayer(
        workflows=[TwinWorkflow, FeedWorkflow, ConnectionWorkflow],
        workflow_runner=runner(),
        data_converter=pydantic_data_converter,
    )
    await replayer.replay_workflow(WorkflowHistory.from_json(name, history))
