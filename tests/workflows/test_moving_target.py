"""A change whose target moves again and again: however often, it is not given up."""

from activities.interface import ApplyRequest, ApplyResult, Hint, Outcome
from model.words import Side
from tests.workflows.stand_ins import Theatre, calls, changed
from workflows.twin import STALE_ROUNDS, TwinWorkflow


async def test_a_change_is_done_after_ever_so_many_rounds(stands: Theatre) -> None:
    left = [ApplyResult(outcome=Outcome.STALE)] * (STALE_ROUNDS + 1)

    async def applying(request: ApplyRequest) -> ApplyResult:
        del request
        return left.pop() if left else ApplyResult(outcome=Outcome.APPLIED)

    stands.acts.fetching, stands.acts.applying = changed, applying
    twin = await stands.twin()
    await twin.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT))
    await calls(stands.acts.wrote, STALE_ROUNDS + 2, "the write that counts")
    await stands.in_line(twin)
    assert not left
