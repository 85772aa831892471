import asyncio
import csv
import io
import json
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import build
from config.opening import open_store
from config.settings import Settings
from model.audit import AuditFilter
from model.deployment import Deployment
from model.members import Role
from store import Store
from tests.cli.desk import TOKEN, Desk


async def _owner(desk: Desk) -> str:
    await desk.type("apply", str(desk.file))
    added = json.loads((await desk.type("member", "add", "ada@acme.test", "--role", "owner", "--json")).out)
    return added["issued"]["text"]


async def test_from_the_first_member_on_a_token_is_needed(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    owner = await _owner(desk)
    refused = await desk.type("twins")
    monkeypatch.setenv("TWINLINE_TOKEN", owner)
    done = await desk.type("twins")

    assert (refused.code, done.code) == (1, 0)
    assert "TWINLINE_TOKEN" in refused.err


async def test_members_and_tokens_come_and_go(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TWINLINE_TOKEN", await _owner(desk))
    added = await desk.type("member", "add", "ben@acme.test", "--role", "viewer")
    shown = (await desk.type("token", "create", "ben@acme.test", "--read-only", "--days", "7")).out
    raised = await desk.type("member", "role", "ben@acme.test", "operator")
    listed = (await desk.type("token", "list", "--member", "ben@acme.test")).out
    text = next(line for line in shown.splitlines() if line.startswith("twl_"))
    revoked = await desk.type("token", "revoke", text.split("_")[1])
    members = (await desk.type("member", "list")).out
    removed = await desk.type("member", "remove", "ben@acme.test")
    last = await desk.type("member", "remove", "ada@acme.test")

    assert "twinline token create ben@acme.test" in added.out
    assert raised.out == "ben@acme.test is operator now\n"
    assert "viewer, read-only" in listed
    assert text not in listed
    assert revoked.out.endswith("of ben@acme.test is revoked\n")
    assert [line.split()[:2] for line in members.splitlines()[1:]] == [["ada@acme.test", "owner"], ["ben@acme.test", "operator"]]
    assert removed.out == "ben@acme.test is no member any more\n"
    assert (last.code, "last owner" in last.err) == (1, True)


async def test_the_log_is_listed_and_exported(desk: Desk):
    await desk.type("apply", str(desk.file))
    await desk.type("connection", "deactivate", "app-bugs")
    listed = (await desk.type("audit", "list", "--subject", "app-bugs", "--since", "2020-01-01")).out
    lines = [json.loads(line) for line in (await desk.type("audit", "export")).out.splitlines()]
    rows = list(csv.DictReader(io.StringIO((await desk.type("audit", "export", "--format", "csv")).out)))
    narrowed = (await desk.type("audit", "list", "--until", "2020-01-01")).out

    assert [line.split()[4] for line in listed.splitlines()[1:]] == ["deactivate_connection", "apply_deployment"]
    assert [one["subject"] for one in lines] == [row["subject"] for row in rows]
    assert (rows[0]["before"], rows[0]["after"]) == ('{"status":"Active","left":true,"right":true}', '{"left":false,"right":false}')
    assert TOKEN not in json.dumps(lines)
    assert narrowed == "nothing was done\n"
    assert [one["previous"] for one in lines] == [*(one["hash"] for one in lines[1:]), ""]


async def test_the_log_is_verified(desk: Desk, store: Store):
    nothing = await desk.type("audit", "verify")
    await desk.type("apply", str(desk.file))
    sound = await desk.type("audit", "verify")
    async with store.database.writing() as session:
        postgresql = store.database.dialect == "postgresql"
        freed = "ALTER TABLE audit DISABLE TRIGGER audit_unchanged" if postgresql else "DROP TRIGGER audit_unchanged"
        for statement in (freed, "UPDATE audit SET who = 'eve' WHERE id = 2"):
            await (await session.connection()).execute(text(statement))
    broken = await desk.type("audit", "verify")
    told = json.loads((await desk.type("audit", "verify", "--json")).out)

    assert (nothing.code, nothing.out) == (0, "nothing was done\n")
    assert (sound.code, sound.out.splitlines()[1].split()[:4]) == (0, ["-", "4", "0", "0"])
    assert (broken.code, broken.out.splitlines()[1].split()[:5]) == (1, ["-", "1", "0", "0", "2"])
    assert (told["intact"], told["chains"][0]["reason"]) == (False, "it is not as it was recorded")


async def test_who_has_the_database_gets_an_owner_back_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: None):
    monkeypatch.setenv("TWINLINE_DATA", str(tmp_path))
    store = await open_store(Settings(data=tmp_path))
    await store.configurations.match(Deployment())
    await store.members.add("ada", Role.OWNER)
    done = await asyncio.to_thread(CliRunner().invoke, build(), ["token", "rescue", "ada"])
    text = next(line for line in done.stdout.splitlines() if line.startswith("twl_"))
    caller = await store.members.caller(text)
    (entry,) = await store.audit.page(AuditFilter(), 10)
    await store.aclose()

    assert (done.exit_code, caller.who, caller.role) == (0, "ada", Role.OWNER)
    assert (entry.operation, entry.subject, entry.address) == ("rescue_token", "ada", "database")
