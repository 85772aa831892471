"""An operation on many items keeps its pace, goes on in new runs, and looks at once when it is told to."""

import pytest

from activities.interface import BulkProgress, BulkRequest
from model.words import OperationStatus
from tests.e2e.stage import eventually
from tests.workflows.stand_ins import Theatre, calls, lengths
from workflows.bulk import BulkWorkflow

RUNNING = BulkProgress(waiting=9)


def _answering(stands: Theatre, *answers: BulkProgress) -> list[BulkProgress]:
    """What rounds come to; the last one for ever."""
    left = list(answers)

    async def collecting(request: BulkRequest) -> BulkProgress:
        del request
        return RUNNING

    async def working(request: BulkRequest) -> BulkProgress:
        del request
        return left.pop(0) if len(left) > 1 else left[0]

    stands.acts.collecting, stands.acts.working = collecting, working
    return left


@pytest.mark.parametrize(("per_minute", "at_once"), [(1, 1), (12, 1), (600, 50), (6000, 100)])
async def test_a_round_begins_what_five_seconds_allow_and_never_more_than_a_hundred(stands: Theatre, per_minute: int, at_once: int) -> None:
    _answering(stands, BulkProgress(status=OperationStatus.DONE))
    await stands.ended(await stands.bulk(per_minute))
    assert [call.request.limit for call in stands.acts.worked] == [at_once]


async def test_rounds_keep_the_pace(stands: Theatre) -> None:
    rounds = [BulkProgress(waiting=number) for number in (9, 8, 7)]
    _answering(stands, *rounds, BulkProgress(status=OperationStatus.DONE, done=9))
    await stands.ended(await stands.bulk(6000))
    moments = [call.server_time for call in stands.acts.worked]
    assert len(moments) == 4
    assert (moments[-1] - moments[0]).total_seconds() >= 2.9


async def test_where_nothing_moves_it_looks_ever_less_often(stands: Theatre) -> None:
    left = _answering(stands, RUNNING)
    bulk = await stands.bulk(60_000)
    await calls(stands.acts.worked, 6, "six rounds")
    left[:] = [BulkProgress(status=OperationStatus.DONE, done=9)]
    await stands.ended(bulk)
    moments = [call.server_time for call in stands.acts.worked]
    assert (moments[5] - moments[4]) > 3 * (moments[2] - moments[1])


async def test_a_paused_one_waits_until_it_is_told(stands: Theatre) -> None:
    left = _answering(stands, BulkProgress(status=OperationStatus.PAUSED, waiting=9))
    bulk = await stands.bulk(6000)
    await eventually(lambda: bulk.query(BulkWorkflow.progress), lambda seen: seen.status is OperationStatus.PAUSED, "paused")
    left[:] = [BulkProgress(status=OperationStatus.DONE, done=9)]
    assert len(stands.acts.worked) == 1
    await bulk.signal(BulkWorkflow.resume)
    await stands.ended(bulk)
    assert (await bulk.query(BulkWorkflow.progress)).done == 9


async def test_a_new_run_looks_for_no_items_again(stands: Theatre) -> None:
    left = _answering(stands, *(BulkProgress(waiting=number) for number in range(20)))
    bulk = await stands.bulk(60_000_000, events_per_run=20)
    await eventually(lambda: lengths(stands.client, bulk.id), lambda seen: len(seen) > 2, "a third run")
    left[:] = [BulkProgress(status=OperationStatus.DONE, done=9)]
    await bulk.signal(BulkWorkflow.resume)
    await stands.ended(bulk)
    assert len(stands.acts.collected) == 1
    assert max(await lengths(stands.client, bulk.id)) < 50
