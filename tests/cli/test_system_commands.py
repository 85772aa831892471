"""`twinline system ...`."""

import json
import re
from datetime import UTC, datetime

from pydantic import JsonValue

from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.http import exchange
from connectors.kit.interface import FakeOptions
from model.deployment import Deployment, SystemDeclaration
from model.hooks import HookCheck, HookState
from store import Store
from tests.cli.desk import TOKEN, Desk


async def test_systems_are_listed(desk: Desk, systems: tuple[str, str]):
    none = await desk.type("system", "list")
    await desk.type("apply", str(desk.file))
    listed = await desk.type("system", "list")

    assert none.out == "no systems; declare them and run twinline apply\n"
    assert [line.split() for line in listed.out.splitlines()] == [
        ["system", "kind", "url"],
        ["acme-github", "github", systems[1]],
        ["acme-jira", "jira", systems[0]],
    ]
    assert [one["id"] for one in json.loads((await desk.type("system", "list", "--json")).out)] == ["acme-github", "acme-jira"]


async def test_a_check_tells_who_we_are_and_what_we_may_do(desk: Desk, systems: tuple[str, str]):
    await desk.type("apply", str(desk.file))
    said = await desk.type("system", "check", "acme-jira")
    lines = said.out.splitlines()

    assert (said.code, said.err) == (0, "")
    assert lines[:2] == [f"acme-jira  Jira Cloud 1001.0.0-SNAPSHOT  {systems[0]}", "account: Twinline (bot@acme.test)"]
    assert lines[3].split() == ["yes", "find", "people", "by", "e-mail", "address"]
    assert lines[5] == "app-bugs, left side"
    assert [line.split(maxsplit=1)[0] for line in lines[7:]] == ["yes"] * 19 + ["unknown"]
    assert "set the due date (optional)" in said.out
    assert "add the account to the role 'Administrators' of project 'APP'" in lines[-1]
    assert json.loads((await desk.type("system", "check", "acme-jira", "--json")).out)["account"] == "Twinline (bot@acme.test)"


async def test_what_is_missing_ends_with_code_1(desk: Desk, systems: tuple[str, str]):
    seed: dict[str, JsonValue] = {"users": [{"name": "ann", "lacks": ["ADD_COMMENTS", "MODIFY_REPORTER"]}, {"name": "bob"}]}
    async with serving(declaration("jira").fake(FakeOptions(user="bot@acme.test", secret=TOKEN, seed=seed))) as url:
        whole = desk.file.read_text().replace(systems[0], url)
        desk.file.write_text(whole.replace("user: bot@acme.test, token: $ACME_TOKEN", "user: ann@acme.test, token: ann-token"))
        await desk.type("apply", str(desk.file))
        said = await desk.type("system", "check", "acme-jira")
        shown = await desk.type("system", "check", "acme-jira", "--json")

    assert (said.code, shown.code) == (1, 1)
    remedies = {line.split(maxsplit=1)[1].strip() for line in said.out.splitlines() if line.startswith("no ")}
    assert {" ".join(one.split()) for one in remedies} == {
        "add comments give the account the permission 'Add Comments' in project 'APP' (Project settings, Permissions)",
        "set the reporter (optional) give the account the permission 'Modify Reporter' in project 'APP' (Project settings, Permissions)",
    }


async def test_a_system_without_connections_is_checked_all_the_same(desk: Desk):
    whole = desk.file.read_text()
    desk.file.write_text(whole[: whole.index("integrations:")])
    await desk.type("apply", str(desk.file))
    said = await desk.type("system", "check", "acme-github")

    assert (said.code, said.out.splitlines()[1:]) == (0, ["account: acme-bot", "no connection uses it yet"])


async def test_webhooks_are_shown_as_they_were_last_seen(desk: Desk, store: Store):
    await desk.type("apply", str(desk.file))
    none = await desk.type("system", "hooks", "acme-github")
    address, now = "https://twinline.acme.test/webhooks/acme-github", datetime(2026, 2, 3, 4, 5, tzinfo=UTC)
    hook = HookState(id="7", reports="issues", done="switched on", trouble="the last call was answered 502")
    check = HookCheck(system="acme-github", scope="acme/app", address=address, hooks=(hook,), checked=now)
    await store.hooks.save(check)
    there = await desk.type("system", "hooks", "acme-github")
    await store.hooks.save(check.model_copy(update={"note": "give it the role 'Admin'"}))
    failed = await desk.type("system", "hooks", "acme-github")
    shown = await desk.type("system", "hooks", "acme-github", "--json")

    assert (none.code, none.out.startswith("acme-github: none yet; the worker registers them if TWINLINE_PUBLIC_URL is set")) == (0, True)
    assert [re.split(r"  +", line.rstrip()) for line in there.out.splitlines()] == [
        [f"acme/app: {address}", "(looked at 2026-02-03 04:05 UTC)"],
        ["webhook", "reports", "state", "trouble"],
        ["7", "issues", "switched on", "the last call was answered 502"],
    ]
    assert (there.code, failed.code, shown.code) == (0, 1, 1)
    assert failed.out.splitlines()[-1] == "not done: give it the role 'Admin'"
    assert json.loads(shown.out)["checks"][0]["note"] == "give it the role 'Admin'"


async def test_webhooks_that_people_set_up_are_named_as_such(desk: Desk, store: Store):
    redmine = SystemDeclaration(kind="redmine", url="https://redmine.acme.test")
    await store.configurations.match(Deployment(systems={"acme-redmine": redmine}))
    said = await desk.type("system", "hooks", "acme-redmine")

    assert (said.code, "webhooks of the kind redmine are set up by hand" in said.out) == (0, True)


async def test_who_is_not_there_cannot_be_checked(desk: Desk, systems: tuple[str, str]):
    unknown = await desk.type("system", "check", "nope")
    await desk.type("apply", str(desk.file))
    await exchange("POST", f"{systems[0]}/_fake/control", {"down": True})
    down = await desk.type("system", "check", "acme-jira")

    assert (unknown.code, "there is no system 'nope' (systems: none)" in unknown.err) == (1, True)
    assert (down.code, down.out, "acme-jira answered 503" in down.err) == (1, "", True)
