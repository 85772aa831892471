"""A twin that fails, hangs or is told of changes all the time holds up no other one of its connection."""

import asyncio

from activities.interface import FetchRequest, FetchResult, Hint
from model.words import Side, TwinStatus
from tests.workflows.stand_ins import Theatre, calls, changed, refused, unreachable
from workflows.twin import TwinWorkflow

HEALTHY = 12


async def test_others_go_on_beside_poison(stands: Theatre) -> None:
    never = asyncio.Event()

    async def hanging(request: FetchRequest) -> FetchResult:
        await never.wait()
        return await changed(request)

    ways = {"refused": refused, "unreachable": unreachable, "hanging": hanging}

    async def fetching(request: FetchRequest) -> FetchResult:
        return await ways.get(request.twin, changed)(request)

    stands.acts.fetching = fetching
    poison = {name: await stands.twin(name) for name in ways}
    busy = await stands.twin("busy")
    for twin in poison.values():
        await twin.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT))
    await calls(stands.acts.fetched, len(ways), "all poison under way")

    healthy = [await stands.twin(str(number)) for number in range(HEALTHY)]
    for number, twin in enumerate(healthy):
        await busy.signal(TwinWorkflow.item_changed, Hint(side=Side.RIGHT, version=str(number)))
        await twin.signal(TwinWorkflow.item_changed, Hint(side=Side.LEFT))
    for twin in healthy:
        await stands.in_line(twin)

    assert {request.twin for request in (call.request for call in stands.acts.wrote)} >= {str(number) for number in range(HEALTHY)}
    assert (await stands.state(poison["refused"])).status is TwinStatus.ERROR
    assert (await stands.state(poison["unreachable"])).status is TwinStatus.SYNCING
    assert (await stands.state(poison["hanging"])).status is TwinStatus.SYNCING
    never.set()
    await stands.in_line(poison["hanging"])
