"""`twinline watch`, as a process, against an API that goes away and comes back."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import JsonValue

import api.app
from cli.following import blocks
from config.opening import Opened
from connectors.kit.fake import serving
from model.item import ItemRef
from model.members import Role
from model.words import Side
from operations.watching import QueueMoved
from tests.cli.desk import Desk

ROOT = Path(__file__).parents[2]
PATIENCE = 60


@asynccontextmanager
async def _served(parts: Opened, port: int = 0) -> AsyncGenerator[str]:
    """The API, whose streams end with it."""
    app = api.app.build(parts, {})
    async with serving(app, port) as url:
        try:
            yield url
        finally:
            app.state.watch.close()


@asynccontextmanager
async def _watching(url: str, *options: str) -> AsyncGenerator[Process]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TWINLINE_API": url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "cli.main", "watch", *options, env=environment, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def _line(process: Process) -> str:
    assert process.stdout
    async with asyncio.timeout(PATIENCE):
        line = (await process.stdout.readline()).decode()
    if not line:
        _, err = await process.communicate()
        raise AssertionError(err.decode())
    return line


async def _event(process: Process, kind: str) -> dict[str, JsonValue]:
    """What moved at the next event of that kind."""
    while (told := json.loads(await _line(process)))["event"] != kind:
        pass
    return told["moved"]


async def _twin(parts: Opened, number: int) -> str:
    twin = await parts.store.twins.start("app-bugs", Side.LEFT, ItemRef(id=str(number), key=f"APP-{number}", url=""))
    assert twin
    await parts.store.transactions.queue(twin.id, Side.LEFT)
    return twin.id


async def _interrupted(process: Process) -> tuple[int | None, str]:
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(PATIENCE):
        _, err = await process.communicate()
    return process.returncode, err.decode()


async def test_what_moves_is_told_also_what_moved_while_the_api_was_away(desk: Desk, parts: Opened):
    await desk.type("apply", str(desk.file))
    async with AsyncExitStack() as stack:
        async with _served(parts) as url:
            process = await stack.enter_async_context(_watching(url, "--json", "--connection", "app-bugs"))
            assert await _event(process, "queue") == {"connection": "app-bugs", "waiting": 0}
            known = await _twin(parts, 1)
            assert (await _event(process, "twin"))["twin"] == known
        missed = await _twin(parts, 2)
        async with _served(parts, urlsplit(url).port or 0):
            assert await _event(process, "twin") == {"connection": "app-bugs", "twin": missed, "status": "syncing", "reason": ""}
            code, err = await _interrupted(process)

    assert code == 0
    assert err in {
        "",
        f"the API cannot be reached at {url}; start it with `twinline up` or `twinline api`, or set TWINLINE_API; trying again\n",
    }


async def test_people_get_a_line_for_each_and_ctrl_c_is_no_failure(desk: Desk, parts: Opened):
    await desk.type("apply", str(desk.file))
    async with _served(parts) as url, _watching(url) as process:
        line = await _line(process)
        code, err = await _interrupted(process)
    assert line.split()[1:] == ["app-bugs", "queue", "0", "under", "way"]
    assert (code, err) == (0, "")


async def test_what_is_refused_or_not_there_ends_it(desk: Desk, parts: Opened):
    await desk.type("apply", str(desk.file))
    await parts.store.members.add("ada@acme.test", Role.OWNER)
    async with _served(parts) as url, _watching(url) as process:
        _, refused = await process.communicate()
    async with _watching(url) as gone:
        _, unreached = await gone.communicate()

    assert (process.returncode, gone.returncode) == (1, 1)
    assert refused.decode().startswith("a token is needed")
    assert unreached.decode() == f"the API cannot be reached at {url}; start it with `twinline up` or `twinline api`, or set TWINLINE_API\n"


async def _lines(text: str) -> AsyncGenerator[str]:
    for line in text.splitlines():
        yield line


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('id: 7\nevent: queue\ndata: {"connection":"app-bugs","waiting":3}\n\n', [("7", QueueMoved(connection="app-bugs", waiting=3))]),
        (": nothing yet\n\n", []),
        (": still here\nid: 8\n\n", [("8", None)]),
        ('id:9\nevent:queue\ndata:{"connection":"b","waiting":0}\n\n', [("9", QueueMoved(connection="b", waiting=0))]),
        ("id: 10\nevent: of a later version\ndata: 1\n\n", [("10", None)]),
        ('id: 11\nevent: queue\ndata: {"connection":"cut', []),
    ],
)
async def test_blocks_are_read_as_the_standard_has_them(text: str, found: list[tuple[str, QueueMoved | None]]):
    assert [(one.id, one.moved) async for one in blocks(_lines(text))] == found
