"""How many Temporal actions one field edit costs: in the twin's workflow, and in the feeds that bring the change and its echo."""

from collections.abc import Iterable

from temporalio.client import Client

from activities.signals import feed_id
from bench.report import TemporalActions
from bench.stage import Edit, Pair, Stage
from cli.demo.measure import BILLED
from model.words import Side


async def temporal_actions(stage: Stage, pairs: tuple[Pair, ...]) -> TemporalActions:
    """Edits one title after the other, so that no two changes share a wake-up of a feed; busy systems cost less."""
    twins = [twin.workflow_id for twin in await stage.scene.twins()]
    feeds = [feed_id(system) for system in stage.systems]
    await stage.rest()
    before = await _billed(stage.client, twins), await _billed(stage.client, feeds)
    for index, pair in enumerate(pairs):
        edit = Edit(pair, tuple(Side)[index % 2], f"{pair.key} edited for its actions")
        await stage.make(edit)
        await stage.applied(edit)
    await stage.rest()
    in_twins = (await _billed(stage.client, twins) - before[0]) / len(pairs)
    in_feeds = (await _billed(stage.client, feeds) - before[1]) / len(pairs)
    return TemporalActions(
        edits=len(pairs), temporal_actions_per_edit=in_twins + in_feeds, twin_actions_per_edit=in_twins, feed_actions_per_edit=in_feeds
    )


async def _billed(client: Client, workflows: Iterable[str]) -> int:
    return sum([await billed_of(client, workflow) for workflow in workflows])


async def billed_of(client: Client, workflow: str) -> int:
    """Actions in this run and in those that it continues."""
    total, run = 0, ""
    while True:
        history = await client.get_workflow_handle(workflow, run_id=run or None).fetch_history()
        total += sum(1 for event in history.events if event.event_type in BILLED)
        run = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
        if not run:
            return total
