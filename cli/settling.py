"""Waiting until a twin has done what it was told."""

import asyncio
from collections.abc import Callable
from typing import Annotated

import typer

from cli.client import Api
from cli.plain import failed
from cli.running import finish, out
from cli.showing import as_json, key
from model.twin import Twin
from model.words import Stage, TwinStatus
from operations.views import TwinDetail

LOOK_SECONDS = 0.3
UNDER_WAY = {Stage.QUEUED, Stage.FETCHED, Stage.TRANSFORMED}
PARKED = {TwinStatus.ERROR, TwinStatus.HELD}

Wait = Annotated[
    float, typer.Option("--wait", metavar="SECONDS", min=0, help="Wait so long for the outcome; 1 is the exit code of an error.")
]

Rests = Callable[[TwinDetail, Twin], bool]
"""Whether a twin has done what it was told, given also how it was when it was told."""


def at_rest(now: TwinDetail, _: Twin) -> bool:
    if now.twin.status in PARKED:
        return True
    return now.twin.status is not TwinStatus.SYNCING and not _under_way(now)


def at_rest_again(now: TwinDetail, told: Twin) -> bool:
    """A parked twin stays so until its next attempt is over."""
    return at_rest(now, told) and (now.twin.status not in PARKED or now.twin.updated > told.updated)


def unlinked(now: TwinDetail, _: Twin) -> bool:
    return now.twin.status is TwinStatus.UNLINKED


def outcome(api: Api, told: Twin, seconds: float, rests: Rests, *, json: bool) -> None:
    """Wait, then say how the twin is. Ends with exit code 1 if it is in error, or is not done in time."""
    now, done = finish(_outcome(api, told, seconds, rests))
    pair = f"{key(now.twin.left)} ⇄ {key(now.twin.right)}"
    if json:
        as_json(TwinDetail, now)
    elif done and now.twin.status is not TwinStatus.ERROR:
        out.print(f"{pair} is {now.twin.status}" + (f": {now.twin.reason}" if now.twin.reason else ""))
    if not done:
        raise failed(f"{pair} is {now.twin.status} after {seconds:g} s, with {_under_way(now)} changes under way; see `twinline queue`")
    if now.twin.status is TwinStatus.ERROR:
        raise failed(f"{pair} is in error: {now.twin.reason}")


async def _outcome(api: Api, told: Twin, seconds: float, rests: Rests) -> tuple[TwinDetail, bool]:
    """How the twin is in the end, and whether it is done."""
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    while True:
        now = await api.get(TwinDetail, f"/twins/{told.id}")
        if rests(now, told):
            return now, True
        if clock() >= end:
            return now, False
        await asyncio.sleep(LOOK_SECONDS)


def _under_way(now: TwinDetail) -> int:
    return sum(1 for one in now.transactions if one.stage in UNDER_WAY)
