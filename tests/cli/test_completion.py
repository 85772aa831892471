"""The shell completes commands, options, and names of what is configured."""

import asyncio
import json
import os
import sys
from time import monotonic

import pytest

from tests.cli.desk import Desk

PATIENCE = 60
SOON = 30.0
"""Seconds; less than a command waits for an answer."""

PROGRAM = "import sys; sys.argv = ['twinline']; from cli.main import main; main()"

QUERIES = {"left": "project = APP AND labels = sync", "right": "repo:acme/app is:issue label:sync"}


async def completed(words: str) -> set[str]:
    """What bash offers for the last of the words."""
    environment = {**os.environ, "_TWINLINE_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, complaint = await process.communicate()
    assert (process.returncode, complaint) == (0, b"")
    return set(said.decode().split())


async def offered(words: str) -> set[str]:
    """The same once the API answers at once, which it does not on a machine that is busy with something else."""
    async with asyncio.timeout(PATIENCE):
        while not (found := await completed(words)):
            pass
    return found


async def test_commands_and_options_are_completed():
    assert await completed("twinline conn") == {"connection", "connector"}
    assert await completed("twinline twins --st") == {"--status"}


async def test_names_are_completed(desk: Desk):
    triggers = "".join(f"      - {{side: {side}, name: {side}-one, query: {query!r}}}\n" for side, query in QUERIES.items())
    desk.file.write_text(f"{desk.file.read_text()}    triggers:\n{triggers}")
    await desk.type("apply", str(desk.file))

    assert await offered("twinline connection show ") == {"app-bugs"}
    assert await offered("twinline twins --connection ap") == {"app-bugs"}
    assert await offered("twinline system check acme-j") == {"acme-jira"}
    assert await offered("twinline integration show ") == {"jira-github"}
    assert await offered("twinline trigger off app-bugs right ") == {"right-one"}


async def test_ids_are_completed_newest_first(desk: Desk):
    await desk.type("apply", str(desk.file))
    await desk.type("sync", "app-bugs", "APP-1", "--side", "left")
    [twin] = json.loads((await desk.type("twins", "--json")).out)
    begun = json.loads((await desk.type("bulk", "unlink", "app-bugs", "--all", "--json")).out)[0]["operation"]["id"]

    assert await offered("twinline twin show ") == {twin["id"]}
    assert await offered(f"twinline twin retry {twin['id'][:5]}") == {twin["id"]}
    assert await completed("twinline twin show ffff") == set()
    assert await offered(f"twinline operations show {begun[:8]}") == {begun}


async def test_members_and_tokens_are_completed(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    await desk.type("apply", str(desk.file))
    added = json.loads((await desk.type("member", "add", "ann@acme.test", "--role", "owner", "--json")).out)["issued"]
    monkeypatch.setenv("TWINLINE_TOKEN", added["text"])

    assert await offered("twinline member role ") == {"ann@acme.test"}
    assert await offered("twinline token create a") == {"ann@acme.test"}
    assert await offered("twinline token revoke ") == {added["token"]["id"]}


async def test_nothing_is_offered_nor_said_where_the_api_is_not_to_be_had(monkeypatch: pytest.MonkeyPatch):
    waited: list[float] = []

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        began = monotonic()
        await reader.read()
        waited.append(monotonic() - began)
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        monkeypatch.setenv("TWINLINE_API", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        assert await completed("twinline connection show ") == set()
    assert [one < SOON for one in waited] == [True]
    assert await completed("twinline connection show ") == set()
    monkeypatch.setenv("TWINLINE_API", "nonsense")
    assert await completed("twinline connection show ") == set()
