import json

import pytest

from model.plan import Conflict
from model.words import ConflictPolicy, Restoration, Side
from store import Store
from tests.cli.desk import TOKEN, Desk


async def test_apply_prints_the_difference_and_applies_it(desk: Desk):
    dry = await desk.type("apply", str(desk.file), "--dry-run")
    done = await desk.type("apply", str(desk.file))
    again = await desk.type("apply", str(desk.file))

    assert (dry.code, done.code, again.code) == (0, 0, 0)
    assert dry.out.splitlines()[0] == "+ system acme-jira"
    assert dry.out.splitlines()[-1] == "dry run: nothing was changed"
    assert done.out.splitlines()[-1] == "applied"
    assert done.err.startswith("warning: Temporal cannot be reached")
    assert again.out == "nothing to change: the deployment matches the file\n"
    assert TOKEN not in dry.out + done.out + done.err


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("project: APP", "project: NOPE", "acme.yaml line 10: connections.app-bugs.left.settings: "),
        ("kind: jira,", "kind: jirra,", "acme.yaml line 3: systems.acme-jira.kind: there is no kind 'jirra'"),
        ("credentials: {token: $ACME_TOKEN}", "credentials: {token: wrong}", "acme.yaml line 4: systems.acme-github: "),
        ("project: APP}", 'project: APP}, incoming: "foo("', "connections.app-bugs.left.incoming line 1 column 4: '(' is never closed"),
        ("workspace", "workplace", "acme.yaml line 1: workplace: is not known here"),
    ],
)
async def test_a_mistake_ends_with_one_message_and_nothing_applied(desk: Desk, old: str, new: str, message: str):
    assert old in desk.file.read_text()
    desk.file.write_text(desk.file.read_text().replace(old, new))
    refused = await desk.type("apply", str(desk.file))

    assert (refused.code, refused.out) == (1, "")
    assert message in refused.err
    assert "Traceback" not in refused.err
    assert (await desk.type("connection", "list")).out == "no connections; declare them and run twinline apply\n"


async def test_connections_are_listed_shown_and_switched(desk: Desk):
    await desk.type("apply", str(desk.file))
    off = await desk.type("connection", "deactivate", "app-bugs")
    listed = await desk.type("connection", "list")
    shown = await desk.type("connection", "show", "app-bugs")
    on = await desk.type("connection", "activate", "app-bugs")

    assert off.out == "app-bugs is Deactivated\n"
    assert listed.out.splitlines()[1].split()[:5] == ["app-bugs", "Deactivated", "acme-jira", "⇄", "acme-github"]
    assert "    issue.summary     = replica.summary" in shown.out
    assert on.out == "app-bugs is Active\n"
    assert json.loads((await desk.type("connection", "list", "--json")).out)[0]["status"] == "Active"


async def test_a_sync_and_what_can_be_seen_of_it(desk: Desk):
    await desk.type("apply", str(desk.file))
    started = await desk.type("sync", "app-bugs", "APP-1", "--side", "left")
    (twin,) = json.loads((await desk.type("twins", "--json")).out)
    listed = await desk.type("twins", "--connection", "app-bugs", "--status", "syncing")
    shown = await desk.type("twin", "show", twin["id"])

    assert started.out == f"sync of APP-1 queued; twin {twin['id']} is new\n"
    assert listed.out.splitlines()[1].split()[:5] == [twin["id"], "app-bugs", "APP-1", "-", "syncing"]
    assert f"connection app-bugs, workflow twin/app-bugs/left/{twin['left']['id']}" in shown.out
    assert json.loads((await desk.type("twin", "show", twin["id"], "--json")).out)["twin"] == twin
    assert (await desk.type("twins", "--status", "error", "--status", "held")).out == "no twins\n"
    found = await desk.type(
        "twins", "--text", "app-1", "--status", "error", "--status", "syncing", "--system", "acme-jira", "--side", "left"
    )
    assert twin["id"] in found.out
    number = str(json.loads((await desk.type("twin", "show", twin["id"], "--json")).out)["transactions"][0]["id"])
    one = await desk.type("twin", "transaction", twin["id"], number)
    assert one.out.startswith(f"transaction {number} from left: queued, version 0, tried 0 times\n")
    assert "no property was changed" in one.out
    assert json.loads((await desk.type("twin", "transaction", twin["id"], number, "--json")).out)["fields"] == []
    parts = json.loads((await desk.type("twin", "parts", twin["id"], "--json")).out)
    assert (parts["replicas"], parts["base"]["left"]["agreed"], parts["traces"]) == ({"left": None, "right": None}, {}, [])
    assert (await desk.type("twins", "--since", "2999-01-01")).out == "no twins\n"


async def test_errors_are_listed_and_retried(desk: Desk, store: Store):
    await desk.type("apply", str(desk.file))
    assert (await desk.type("errors")).out == "no errors\n"
    await desk.type("sync", "app-bugs", "APP-1", "--side", "left")
    (twin,) = json.loads((await desk.type("twins", "--json")).out)
    begun = await store.transactions.begin(twin["id"], Side.LEFT)
    await store.transactions.park(begun.id, "incoming, line 3, column 1: too dangerous\n    throw it\n    ^")
    listed = await desk.type("errors", "--connection", "app-bugs", "--text", "dangerous")
    retried = [await desk.type("retry", *chosen) for chosen in ((twin["id"],), ("--connection", "app-bugs"), ("--text", "P0"), ("--all",))]

    assert listed.out.startswith(f"item {twin['id']} APP-1 ⇄ - ")
    assert "\n      throw it\n      ^\n" in listed.out
    assert json.loads((await desk.type("errors", "--json")).out)[0]["impact"] == "item"
    assert [one.out for one in retried] == ["1 pairs are tried again\n"] * 2 + ["0 pairs are tried again\n", "1 pairs are tried again\n"]
    assert "say which" in (await desk.type("retry")).err
    await desk.type("connection", "rename", "app-bugs", "bugs")
    assert (await desk.type("retry", "--connection", "bugs")).out == "1 pairs are tried again\n"
    assert (await desk.type("errors", "--connection", "bugs")).out == listed.out


async def test_the_queue_tells_what_waits_and_why(desk: Desk):
    await desk.type("apply", str(desk.file))
    assert (await desk.type("queue")).out == "nothing waits\n"
    await desk.type("sync", "app-bugs", "APP-1", "--side", "left")
    listed = await desk.type("queue", "--connection", "app-bugs", "--stage", "queued")

    assert listed.out.splitlines()[1].split()[2:6] == ["app-bugs", "APP-1", "-", "queued"]
    assert "it waits for its turn" in listed.out
    assert (await desk.type("queue", "--stuck")).out == "nothing waits\n"
    assert [one["cause"] for one in json.loads((await desk.type("queue", "--json")).out)] == ["turn"]


async def test_items_are_paired_by_their_keys(desk: Desk):
    await desk.type("apply", str(desk.file))
    pair = ("--connection", "app-bugs", "--left", "APP-1", "--right", "acme/app#1")
    linked = await desk.type("twin", "relink", *pair, "--source", "left")
    (twin,) = json.loads((await desk.type("twins", "--json")).out)
    again = await desk.type("twin", "relink", twin["id"], "--source", "right")

    assert linked.out.splitlines() == [
        "APP-1 ⇄ acme/app#1 is linked, with the values of left where the two differ",
        f"twin {twin['id']}; 0 comments and files matched",
    ]
    assert (again.code, "is syncing and not unlinked" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("twin", "relink", "--source", "left"), 2, "--connection, --left and --right"),
        (("twin", "relink", "t1", "--connection", "app-bugs", "--source", "left"), 2, "--connection, --left and --right"),
        (("twin", "relink", "t1"), 2, "--source"),
        (("connection", "show", "nope"), 1, "there is no connection 'nope' (connections: none)"),
        (("twin", "show", "nope"), 1, "there is no twin 'nope'"),
        (("sync", "nope", "APP-1"), 1, "there is no connection 'nope'"),
        (("conflict", "resolve", "7", "--use", "left"), 1, "there is no conflict 7"),
        (("conflict", "resolve", "7", "--use", "top"), 2, "'top'"),
        (("conflict", "restore", "7"), 1, "there is no conflict 7"),
        (("twins", "--status", "odd"), 2, "'odd'"),
        (("nonsense",), 2, "nonsense"),
        (("apply", "nothing.yaml"), 1, "nothing.yaml cannot be read"),
        (("fake", "jira", "--port", "0", "--webhook", "http://127.0.0.1:1"), 2, "go together"),
        (("fake", "jira", "--port", "0", "--key", "acme.pem"), 2, "go together"),
    ],
)
async def test_failures_are_one_message(desk: Desk, arguments: tuple[str, ...], code: int, message: str):
    said = await desk.type(*arguments)

    assert said.code == code
    assert message in said.err


async def test_no_open_conflicts(desk: Desk):
    assert (await desk.type("conflict", "list")).out == "no open conflicts\n"


async def test_the_loser_of_a_conflict_is_asked_back(desk: Desk, store: Store):
    await desk.type("apply", str(desk.file))
    await desk.type("sync", "app-bugs", "APP-1", "--side", "left")
    (twin,) = json.loads((await desk.type("twins", "--json")).out)
    begun = await store.transactions.begin(twin["id"], Side.LEFT)
    lost = Conflict(subject="summary", target=Side.RIGHT, left="a", right="b", policy=ConflictPolicy.LEFT, winner=Side.LEFT)
    await store.conflicts.record(twin["id"], begun.id, [lost, lost.model_copy(update={"left": "c"})])
    first, second = sorted(one.id for one in await store.conflicts.of_twin(twin["id"]))
    assert f"conflict {first} of summary, won by left: left 'a', right 'b'" in (await desk.type("twin", "show", twin["id"])).out
    asked = await desk.type("conflict", "restore", str(first))
    again = await desk.type("conflict", "restore", str(first))
    as_json = await desk.type("conflict", "restore", str(second), "--json")
    waiting = await desk.type("conflict", "restore", str(second), "--wait", "0.1")

    assert asked.out == f"conflict {first}: the value of right comes back for summary; twin {twin['id']}\n"
    assert (again.code, "already" in again.err) == (1, True)
    assert json.loads(as_json.out)["conflict"]["restoration"] == "wanted"
    assert (waiting.code, "being restored by" in waiting.err) == (1, True)
    who = json.loads(as_json.out)["conflict"]["who"]
    assert f"conflict {first} of summary, being restored by {who}: " in (await desk.type("twin", "show", twin["id"])).out
    await store.conflicts.end_restoring(first, Restoration.DONE)
    assert f"conflict {first} of summary, restored by {who}: " in (await desk.type("twin", "show", twin["id"])).out


async def test_restoring_waits_for_the_outcome(desk: Desk, store: Store):
    await desk.type("apply", str(desk.file))
    await desk.type("sync", "app-bugs", "APP-1", "--side", "left")
    (twin,) = json.loads((await desk.type("twins", "--json")).out)
    begun = await store.transactions.begin(twin["id"], Side.LEFT)
    lost = Conflict(subject="summary", target=Side.RIGHT, left="a", right="b", policy=ConflictPolicy.LEFT, winner=Side.LEFT)
    await store.conflicts.record(twin["id"], begun.id, [lost])
    (recorded,) = await store.conflicts.of_twin(twin["id"])
    waited = await desk.type("conflict", "restore", str(recorded.id), "--wait", "0.1")

    assert (waited.code, "APP-1 ⇄ - is syncing after 0.1 s" in waited.err) == (1, True)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "nowhere"])
async def test_an_api_that_is_not_there_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch, address: str):
    monkeypatch.setenv("TWINLINE_API", address)
    said = await desk.type("twins")

    assert said.code == 1
    assert "TWINLINE_API" in said.err


async def test_an_address_that_is_no_api_is_told(desk: Desk, systems: tuple[str, str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TWINLINE_API", systems[0])

    assert "is no Twinline API" in (await desk.type("twins")).err
