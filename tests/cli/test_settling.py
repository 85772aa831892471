"""Commands that wait for the outcome, while the test does what a worker would."""

import asyncio
import json

import pytest

from model.audit import AuditFilter
from model.twin import Twin
from model.words import Side, Stage, TwinStatus
from store import Store
from tests.cli.desk import Desk, Said

SYNC = ("sync", "app-bugs", "APP-1", "--side", "left")
PATIENCE_SECONDS = 20
LONG = ("--wait", str(PATIENCE_SECONDS))


async def queued(store: Store) -> Twin:
    """The only twin, once a change of its is queued."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await store.transactions.waiting("app-bugs", 1):
            await asyncio.sleep(0.01)
    (twin,) = await store.twins.listing("app-bugs", None)
    return twin


async def finished(store: Store, twin: Twin) -> None:
    begun = await store.transactions.begin(twin.id, Side.LEFT)
    await store.transactions.advance(begun.id, Stage.UNCHANGED)
    await store.twins.set_status(twin.id, TwinStatus.SYNCHRONIZED)


async def retried(store: Store, times: int) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(await store.audit.page(AuditFilter(operation="retry_twin"), 10)) < times:
            await asyncio.sleep(0.01)


async def parked(store: Store, twin: Twin, reason: str) -> None:
    await store.transactions.park((await store.transactions.begin(twin.id, Side.LEFT)).id, reason)


async def synced(desk: Desk, store: Store) -> Twin:
    await desk.type("apply", str(desk.file))
    await desk.type(*SYNC)
    twin = await queued(store)
    await finished(store, twin)
    return twin


async def typed(desk: Desk, *arguments: str) -> "asyncio.Task[Said]":
    return asyncio.create_task(desk.type(*arguments))


async def test_a_sync_is_waited_for(desk: Desk, store: Store):
    await desk.type("apply", str(desk.file))
    waiting = await typed(desk, *SYNC, *LONG)
    await finished(store, await queued(store))
    said = await waiting
    assert (said.code, said.out) == (0, "APP-1 ⇄ - is synchronized\n")


async def test_a_resync_that_ends_in_error_is_exit_code_1(desk: Desk, store: Store):
    twin = await synced(desk, store)
    waiting = await typed(desk, "twin", "resync", twin.id, "--from", "left", *LONG)
    await queued(store)
    await parked(store, twin, "no option 'P0'")
    said = await waiting
    assert (said.code, said.out) == (1, "")
    assert said.err.endswith("APP-1 ⇄ - is in error: no option 'P0'\n")


async def test_the_outcome_is_json_as_well(desk: Desk, store: Store):
    twin = await synced(desk, store)
    waiting = await typed(desk, "twin", "resync", twin.id, "--from", "left", "--json", *LONG)
    await finished(store, await queued(store))
    assert json.loads((await waiting).out)["twin"]["status"] == "synchronized"
    assert json.loads((await desk.type("twin", "resync", twin.id, "--from", "left", "--json")).out)["side"] == "left"


async def test_what_is_not_done_in_time_says_so(desk: Desk, store: Store):
    twin = await synced(desk, store)
    said = await desk.type("twin", "resync", twin.id, "--from", "left", "--wait", "0.1")
    assert said.code == 1
    assert "APP-1 ⇄ - is synchronized after 0.1 s, with 1 changes under way; see `twinline queue`" in said.err


@pytest.mark.parametrize("again", [True, False], ids=["parked again", "done"])
async def test_a_retry_waits_for_the_next_attempt(desk: Desk, store: Store, *, again: bool):
    twin = await synced(desk, store)
    await parked(store, twin, "no option 'P0'")
    early = await desk.type("twin", "retry", twin.id, "--wait", "0.1")
    waiting = await typed(desk, "twin", "retry", twin.id, *LONG)
    await retried(store, 2)
    if again:
        await parked(store, twin, "no option 'P1'")
    else:
        await finished(store, twin)
    said = await waiting
    assert (early.code, "is error after 0.1 s" in early.err) == (1, True)
    assert (said.code, "no option 'P1'" in said.err, said.out) == ((1, True, "") if again else (0, False, "APP-1 ⇄ - is synchronized\n"))


async def test_an_unlink_is_over_once_the_twin_is_unlinked(desk: Desk, store: Store):
    twin = await synced(desk, store)
    early = await desk.type("twin", "unlink", twin.id, "--wait", "0.1")
    said = await desk.type("twin", "unlink", twin.id, "--force", *LONG)
    assert (early.code, said.code, said.out) == (1, 0, "APP-1 ⇄ - is unlinked: unlinked by request\n")


async def test_two_items_that_were_paired_are_waited_for(desk: Desk, store: Store):
    await desk.type("apply", str(desk.file))
    pair = ("--connection", "app-bugs", "--left", "APP-1", "--right", "acme/app#1", "--source", "left")
    waiting = await typed(desk, "twin", "relink", *pair, *LONG)
    twin = await queued(store)
    for side in Side:
        begun = await store.transactions.begin(twin.id, side)
        await store.transactions.advance(begun.id, Stage.UNCHANGED)
    await store.twins.set_status(twin.id, TwinStatus.SYNCHRONIZED)
    assert (await waiting).out == "APP-1 ⇄ acme/app#1 is synchronized\n"
