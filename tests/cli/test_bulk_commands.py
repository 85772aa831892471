import json
from pathlib import Path

import pytest

from model.words import ItemState
from store import Store
from tests.cli.desk import Desk, Said


@pytest.fixture
async def ready(desk: Desk) -> Desk:
    await desk.type("apply", str(desk.file))
    return desk


async def _connect(desk: Desk, folder: Path, text: str, *options: str) -> Said:
    (folder / "pairs.csv").write_text(text)
    return await desk.type("bulk", "connect", "app-bugs", str(folder / "pairs.csv"), "--source", "left", *options)


async def _operation(desk: Desk) -> str:
    return json.loads((await desk.type("operations", "list", "--json")).out)[0]["id"]


async def test_an_operation_is_begun_shown_and_steered(ready: Desk, tmp_path: Path):
    begun = await _connect(ready, tmp_path, "APP-1,acme/app#1\nAPP-2,acme/app#2\n")
    operation = await _operation(ready)
    assert begun.out.splitlines()[0].startswith("2 pairs of items are linked; where two differ, the values of the left one")
    assert begun.out.splitlines()[-1] == f"operation {operation}; see how it goes: twinline operations watch {operation}"
    assert begun.err.startswith("warning: the operation is recorded; resume it")

    listed = await ready.type("operations", "list", "--connection", "app-bugs", "--status", "running")
    assert listed.out.splitlines()[1].split()[:5] == [operation, "app-bugs", "connect", "running", "0/2"]
    shown = await ready.type("operations", "show", operation, "--state", "waiting")
    assert "bulk connect of app-bugs is running: 2 waiting" in shown.out
    assert "line 2: APP-2 ⇄ acme/app#2" in shown.out
    for how, status in (("pause", "paused"), ("resume", "running"), ("cancel", "cancelled")):
        assert f"bulk connect of app-bugs is {status}: 2" in (await ready.type("operations", how, operation)).out
    again = await ready.type("operations", "cancel", operation)
    assert (again.code, again.out) == (1, "")
    assert again.err == f"operation '{operation}' is cancelled; start another one\n"


async def test_watching_ends_with_the_operation_and_tells_of_failures(ready: Desk, store: Store, tmp_path: Path):
    await _connect(ready, tmp_path, "APP-1,1\nAPP-2,2\n")
    operation = await _operation(ready)
    await store.operation_items.conclude(operation, 1, ItemState.DONE)
    await store.operation_items.conclude(operation, 2, ItemState.FAILED, "there is no item '2'")
    await store.operations.collected(operation)
    await store.operations.close(operation)
    watched = await ready.type("operations", "watch", operation)
    assert watched.code == 1
    assert "bulk connect of app-bugs is done: 1 done, 1 failed" in watched.out
    assert f"why: twinline operations show {operation} --state failed" in watched.out


async def test_a_bad_file_ends_with_one_message(ready: Desk, tmp_path: Path):
    refused = await _connect(ready, tmp_path, "APP-1,1\nAPP-2\n", "--dry-run")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == "line 2: there must be two items, as in APP-1,acme/app#34; it has one\n"
    missing = await ready.type("bulk", "connect", "app-bugs", str(tmp_path / "nope.csv"), "--source", "left")
    assert missing.code == 1
    assert "name a CSV file in UTF-8" in missing.err


@pytest.mark.parametrize(
    "command",
    [
        "exalate app-bugs --query project=APP",
        "unlink app-bugs",
        "unlink app-bugs --all --query project=APP --side left",
        "cleanup",
        "cleanup --connection app-bugs --system acme-jira",
        "cleanup --system acme-jira --item APP-1",
    ],
)
async def test_what_is_ambiguous_is_asked_back(ready: Desk, command: str):
    refused = await ready.type("bulk", *command.split())
    assert refused.code == 2
    assert (await ready.type("operations", "list")).out == "no operations\n"


async def test_every_kind_can_be_begun(ready: Desk, tmp_path: Path):
    for command in (
        "exalate app-bugs --query project=APP --side left --per-minute 5",
        "sync app-bugs --side right",
        "unlink app-bugs --all",
        "retry app-bugs",
        "cleanup --connection app-bugs",
        "cleanup --system acme-jira",
    ):
        done = await ready.type("bulk", *command.split())
        assert (done.code, done.out.splitlines()[-1].startswith("operation ")) == (0, True), done.err
    kinds = [one["kind"] for one in json.loads((await ready.type("operations", "list", "--json")).out)]
    assert kinds == ["cleanup", "cleanup", "retry", "unlink", "sync", "exalate"]


async def test_the_pairs_of_a_clean_up_are_written_to_a_file(ready: Desk, tmp_path: Path):
    await ready.type("twin", "relink", "--connection", "app-bugs", "--left", "APP-1", "--right", "acme/app#1", "--source", "left")
    await ready.type("bulk", "cleanup", "--connection", "app-bugs", "--item", "APP-1", "--side", "left", "--json")
    operation = await _operation(ready)
    await ready.type("operations", "pairs", operation, "--to", str(tmp_path / "again.csv"))
    assert (
        (await ready.type("operations", "pairs", operation)).out == (tmp_path / "again.csv").read_text() == "left,right\nAPP-1,acme/app#1\n"
    )
