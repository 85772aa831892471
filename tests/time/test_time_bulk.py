"""A bulk operation that pauses for days looks now and then, in case nobody could tell it to go on."""

from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from activities.interface import BulkProgress, BulkRequest
from model.words import OperationStatus
from tests.workflows.stand_ins import Theatre, lengths
from workflows.bulk import BulkWorkflow

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def test_a_paused_operation_goes_on_though_the_signal_was_lost(stands: Theatre, skipping: WorkflowEnvironment) -> None:
    now = BulkProgress(status=OperationStatus.PAUSED, waiting=9)

    async def working(request: BulkRequest) -> BulkProgress:
        del request
        return now

    stands.acts.collecting = stands.acts.working = working
    bulk = await stands.bulk(600)
    await skipping.sleep(30 * DAY)
    assert len(stands.acts.worked) in range(30 * 20, 30 * 24 + 20)
    assert max(await lengths(skipping.client, bulk.id)) < 1050

    now = BulkProgress(status=OperationStatus.DONE, done=9)
    await skipping.sleep(2 * HOUR)
    await stands.ended(bulk)
    assert (await bulk.query(BulkWorkflow.progress)).done == 9
