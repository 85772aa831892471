"""A fake Jira and a fake ServiceNow, kept in line by the rules that are used where none are given."""

import base64
import contextlib
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio
from pydantic import JsonValue, SecretStr

from cli.demo.people import FakeControl, explain
from cli.demo.redmine_people import DeskAgent
from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.http import Body, Http
from connectors.kit.interface import FakeOptions
from model.configuration import Trigger
from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.item import Fields
from model.words import ConflictPolicy, Side
from tests.e2e.stage import BOT, HOOK_SECRET, SECRET, Stage, eventually, opened_stage

AGENT = "twinline"
TABLE = "/api/now/table/incident"
MARKDOWN = "It **burns**:\n\n- paper\n- toner"
BYTES = bytes(range(256)) * 300 + b"\r\n\n\r"

Talk = list[tuple[str, bool]]


class ServiceNowPerson:
    """Someone who works in ServiceNow."""

    def __init__(self, url: str, user: str) -> None:
        basic = base64.b64encode(f"{user}:{user}-secret".encode()).decode()
        self._http = Http("servicenow", url, {"Authorization": f"Basic {basic}"}, explain, calls_per_second=1000)

    async def create(self, summary: str, **fields: JsonValue) -> str:
        """The new incident's sys_id."""
        answer = await self._http.write("POST", TABLE, Body(json={"short_description": summary, **fields}))
        return str(_result(answer.json())["sys_id"])

    async def edit(self, sys_id: str, **fields: JsonValue) -> None:
        await self._http.write("PATCH", f"{TABLE}/{sys_id}", Body(json=dict(fields)))

    async def see(self, sys_id: str) -> Fields:
        return _result((await self._http.get(f"{TABLE}/{sys_id}")).json())

    async def attach(self, sys_id: str, name: str, content: bytes) -> None:
        parameters = {"table_name": "incident", "table_sys_id": sys_id, "file_name": name}
        body = Body(content=content, content_type="application/octet-stream")
        await self._http.write("POST", "/api/now/attachment/file", body, parameters)

    async def files(self, sys_id: str) -> dict[str, bytes]:
        """The attachments by name."""
        answer = (await self._http.get("/api/now/attachment", {"sysparm_query": f"table_sys_id={sys_id}"})).json()
        found = cast("list[Fields]", cast("Fields", answer)["result"])
        return {str(one["file_name"]): (await self._http.get(f"/api/now/attachment/{one['sys_id']}/file")).body for one in found}

    async def aclose(self) -> None:
        await self._http.aclose()


@dataclass
class ServiceNowWorld(Stage):
    """`bob` works in Jira's service desk HELP, `ann` in ServiceNow."""

    snow_url: str
    snow: FakeControl
    bob: DeskAgent
    ann: ServiceNowPerson

    @property
    def snow_system(self) -> str:
        return f"acme-servicenow-{self.suffix}"

    def deployment(self) -> Deployment:
        jira, snow = declaration("jira"), declaration("servicenow")
        system = SystemDeclaration(
            kind="servicenow",
            url=self.snow_url,
            credentials={"user": SecretStr(AGENT), "password": SecretStr(SECRET)},
            webhook_secret=SecretStr(HOOK_SECRET),
            poll=1.0,
            late_writes=1,
            calls_per_second=500,
        )
        connection = ConnectionDeclaration(
            integration="jira-servicenow",
            left=SideDeclaration(settings={"project": "HELP"}, outgoing=jira.outgoing, incoming=jira.incoming),
            right=SideDeclaration(settings={"table": "incident"}, outgoing=snow.outgoing, incoming=snow.incoming),
            triggers=(
                Trigger(side=Side.LEFT, query="project = HELP AND labels = sync"),
                Trigger(side=Side.RIGHT, query="category=software^active=true"),
            ),
            conflicts={"default": ConflictPolicy.LATEST},
        )
        return Deployment(
            workspace="acme",
            systems={self.jira_system: self.jira_declaration(1.0), self.snow_system: system},
            integrations={"jira-servicenow": IntegrationDeclaration(left=self.jira_system, right=self.snow_system)},
            connections={self.connection: connection},
        )

    async def one_pair(self, summary: str, description: str = "") -> tuple[str, str]:
        """A running world with one pair that Bob began: his issue's key and its incident's sys_id."""
        key = await self.bob.create("HELP", summary, description, labels=("sync",))
        await self.configure(self.deployment())
        await self.start_worker()
        await self.quiet(1)
        [twin] = [one for one in await self.twins() if one.left and one.left.key == key]
        assert twin.right is not None
        return key, twin.right.id.partition("/")[2]

    async def key_of(self, sys_id: str) -> str:
        """The Jira issue that is the twin of an incident, once there is one."""

        async def look() -> str:
            found = [one.left.key for one in await self.twins() if one.left and one.right and one.right.id == f"incident/{sys_id}"]
            return found[0] if found else ""

        return await eventually(look, bool, f"a Jira issue for {sys_id}")

    async def in_jira(self, key: str, wanted: Callable[[Fields], bool], what: str) -> Fields:
        return await eventually(lambda: self.bob.see(key), wanted, what)

    async def in_servicenow(self, sys_id: str, wanted: Callable[[Fields], bool], what: str) -> Fields:
        return await eventually(lambda: self.ann.see(sys_id), wanted, what)

    async def notes(self, sys_id: str) -> Talk:
        """Each entry's text, and whether it is a work note."""
        items = cast("list[Fields]", (await self.snow.state())["items"])
        [item] = [one for one in items if one["sys_id"] == sys_id]
        return [(_plain(one["value"]), one["element"] == "work_notes") for one in cast("list[Fields]", item["notes"])]

    async def writes(self) -> tuple[int, int]:
        """How many writes Twinline has made in Jira and in ServiceNow."""
        return await self.jira.writes(BOT), await self.snow.writes(AGENT)

    async def polled(self, times: int) -> None:
        """Wait until each platform was asked that many times more."""
        before = (await self.jira.calls(), await self.snow.calls())

        async def look() -> int:
            return min(await self.jira.calls() - before[0], await self.snow.calls() - before[1])

        await eventually(look, lambda asked: asked >= times, f"{times} more calls of each platform")


@contextlib.asynccontextmanager
async def opened_servicenow_world(home: Path, suffix: str) -> AsyncGenerator[ServiceNowWorld]:
    async with opened_stage(home, suffix, "servicenow") as stage:
        options = FakeOptions(AGENT, SECRET, None, f"{stage.hooks}/servicenow", HOOK_SECRET)
        async with serving(declaration("servicenow").fake(options)) as url:
            bob, ann = DeskAgent(stage.jira_url, "bob@acme.test", "bob-token"), ServiceNowPerson(url, "ann")
            world = ServiceNowWorld(**vars(stage), snow_url=url, snow=FakeControl(url), bob=bob, ann=ann)
            try:
                yield world
            finally:
                await world.stop_worker()
                for part in (world.bob, world.ann, world.snow):
                    await part.aclose()


@pytest_asyncio.fixture
async def servicenow_world(
    temporal_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: None
) -> AsyncIterator[ServiceNowWorld]:
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_address)
    async with opened_servicenow_world(tmp_path, uuid.uuid4().hex[:6]) as running:
        yield running


async def test_items_appear_on_the_other_side_and_edits_travel_both_ways(servicenow_world: ServiceNowWorld) -> None:
    world = servicenow_world
    key, sys_id = await world.one_pair("Printer burns", MARKDOWN)
    incident = await world.ann.see(sys_id)
    assert (incident["short_description"], incident["description"], incident["correlation_display"]) == (
        "Printer burns",
        MARKDOWN,
        "Twinline",
    )
    other = await world.ann.create("Scanner sleeps", description="Deep\r\nsleep", category="software")
    other_key = await world.key_of(other)
    await world.in_jira(other_key, lambda one: one["summary"] == "Scanner sleeps", "the copy in Jira")

    await world.bob.edit(key, summary="Printer burns again", priority={"name": "Highest"})
    burning = await world.in_servicenow(sys_id, lambda one: one["short_description"] == "Printer burns again", "summary in ServiceNow")
    assert (burning["impact"], burning["urgency"], burning["priority"]) == ("1", "1", "1")
    await world.ann.edit(sys_id, description="Put **out**.\r\n\r\nTwice.")
    await world.in_jira(key, lambda one: one["description"] == "Put **out**.\n\nTwice.", "description in Jira")
    await world.ann.edit(other, short_description="Scanner wakes")
    await world.in_jira(other_key, lambda one: one["summary"] == "Scanner wakes", "summary in Jira")
    await world.quiet(2)
    assert (await world.bob.see(key))["labels"] == ["sync"]


async def test_states_travel_with_their_resolution(servicenow_world: ServiceNowWorld) -> None:
    world = servicenow_world
    key, sys_id = await world.one_pair("Printer burns")
    await world.bob.move(key, "In Progress")
    await world.in_servicenow(sys_id, lambda one: one["state"] == "2", "In Progress in ServiceNow")
    await world.quiet(1)
    await world.bob.move(key, "Done")
    resolved = await world.in_servicenow(sys_id, lambda one: one["state"] == "6", "Resolved in ServiceNow")
    assert (resolved["close_code"], resolved["close_notes"]) == ("Solution provided", f"Resolved in {key}")
    await world.quiet(1)
    await world.ann.edit(sys_id, state="2")
    await world.in_jira(key, lambda one: _name(one["status"]) == "In Progress", "In Progress in Jira")
    await world.quiet(1)
    await world.ann.edit(sys_id, state="7", close_code="User error", close_notes="It was off")
    await world.in_jira(key, lambda one: _name(one["status"]) == "Done", "Done in Jira")
    await world.quiet(1)
    await world.polled(10)
    closed = await world.ann.see(sys_id)
    assert (closed["state"], closed["close_code"], closed["close_notes"]) == ("7", "User error", "It was off")


async def test_comments_and_work_notes_keep_their_privacy(servicenow_world: ServiceNowWorld) -> None:
    world = servicenow_world
    key, sys_id = await world.one_pair("Printer burns")
    first = await world.bob.comment(key, "Help is near.")
    await world.bob.note(key, "It was the intern.")
    await world.ann.edit(sys_id, comments="Thanks.")
    await world.ann.edit(sys_id, work_notes="Warn him.")
    in_jira = [("Help is near.", False), ("It was the intern.", True)]
    in_jira += [("Ann Archer commented: Thanks.", False), ("Ann Archer commented: Warn him.", True)]
    in_snow = [("Bob Baker commented: Help is near.", False), ("Bob Baker commented: It was the intern.", True)]
    in_snow += [("Thanks.", False), ("Warn him.", True)]

    async def look() -> tuple[Talk, Talk]:
        return sorted((_plain(body), hidden) for body, hidden in await world.bob.talk(key)), sorted(await world.notes(sys_id))

    await eventually(look, lambda seen: seen == (sorted(in_jira), sorted(in_snow)), "comments on both sides")
    await world.quiet(1)
    await world.bob.edit_comment(key, first, "Help is here.")
    in_jira[0] = ("Help is here.", False)
    in_snow.append(("edited: Bob Baker commented: Help is here.", False))
    await eventually(look, lambda seen: seen == (sorted(in_jira), sorted(in_snow)), "the edit told in a further entry")
    await world.polled(20)
    await world.quiet(1)
    assert await look() == (sorted(in_jira), sorted(in_snow)), "told once"


async def test_files_arrive_byte_for_byte(servicenow_world: ServiceNowWorld) -> None:
    world = servicenow_world
    key, sys_id = await world.one_pair("Printer burns")
    await world.bob.attach(key, "smoke ü.bin", BYTES)
    await world.ann.attach(sys_id, "log.txt", BYTES[::-1])
    wanted = {"smoke ü.bin": BYTES, "log.txt": BYTES[::-1]}
    await eventually(lambda: world.ann.files(sys_id), lambda files: files == wanted, "both files in ServiceNow")
    await eventually(lambda: world.bob.files(key), lambda files: files == wanted, "both files in Jira")
    await world.quiet(1)


async def test_each_edit_is_written_once_and_never_comes_back(servicenow_world: ServiceNowWorld) -> None:
    world = servicenow_world
    key, sys_id = await world.one_pair("Printer burns", MARKDOWN)
    before = await world.writes()
    await world.ann.edit(sys_id, description=f"{MARKDOWN}\n\nStill.".replace("\n", "\r\n"))
    await world.in_jira(key, lambda one: one["description"] == f"{MARKDOWN}\n\nStill.", "description in Jira")
    await world.bob.edit(key, summary="Printer burns on")
    await world.in_servicenow(sys_id, lambda one: one["short_description"] == "Printer burns on", "summary in ServiceNow")
    await world.quiet(1)
    await world.polled(30)
    await world.quiet(1)
    after = await world.writes()
    assert (after[0] - before[0], after[1] - before[1]) == (1, 1)


def _result(answer: JsonValue) -> Fields:
    return cast("Fields", cast("Fields", answer)["result"])


def _name(value: object) -> str:
    return str(cast("Fields", value)["name"])


def _plain(body: object) -> str:
    """Without the hidden marker and the platforms' ways of breaking a line."""
    return " ".join(str(body).partition("[code]<!--")[0].partition("<!--")[0].replace("\\\n", "\n").split())
