"""A fake Jira and a fake Azure DevOps, with webhooks and service hooks, kept in line by the rules that are used where none are given."""

import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio
from pydantic import JsonValue, SecretStr

from cli.demo.people import FakeControl, explain
from cli.demo.redmine_people import DeskAgent
from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.html import from_html
from connectors.kit.http import Body, Http
from connectors.kit.interface import FakeOptions
from model.configuration import Trigger
from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.item import Fields
from model.words import ConflictPolicy, Side
from tests.e2e.stage import BOT, HOOK_SECRET, SECRET, Stage, eventually, opened_stage

AZURE_BOT = "azure-bot"
MARKDOWN = "It **burns**:\n\n- paper\n- toner\n\n```\nlp -d printer\n```"
BYTES = bytes(range(256)) * 300 + b"\r\n\n\r"
VERSION, COMMENTS = {"api-version": "7.1"}, {"api-version": "7.1-preview.4"}
SHOP = "/acme/Acme%20Shop/_apis/wit"


class AzurePerson:
    """Ann, who reports bugs in the project Acme Shop."""

    def __init__(self, url: str) -> None:
        self._http = Http("azure", url, {}, explain, calls_per_second=1000, auth=("", "ann-token"))

    async def report(self, title: str, **fields: JsonValue) -> int:
        return int(str((await self._patch("POST", f"{SHOP}/workitems/$Task", {"System.Title": title, **fields}))["id"]))

    async def edit(self, item: int, fields: Fields) -> None:
        await self._patch("PATCH", f"{SHOP}/workitems/{item}", fields)

    async def _patch(self, method: str, path: str, fields: Fields, *links: JsonValue) -> Fields:
        operations: list[JsonValue] = [{"op": "add", "path": f"/fields/{name}", "value": value} for name, value in fields.items()]
        body = Body(json=[*operations, *links], content_type="application/json-patch+json")
        return cast("Fields", (await self._http.write(method, path, body, VERSION)).json())

    async def see(self, item: int) -> dict[str, Any]:
        """The fields."""
        answer = cast("dict[str, Any]", (await self._http.get(f"{SHOP}/workitems/{item}", VERSION)).json())
        return {**answer["fields"], "rev": answer["rev"]}

    async def comment(self, item: int, html: str) -> str:
        body = Body(json={"text": html})
        answer = await self._http.write("POST", f"{SHOP}/workItems/{item}/comments", body, COMMENTS)
        return str(cast("Fields", answer.json())["id"])

    async def edit_comment(self, item: int, comment: str, html: str) -> None:
        await self._http.write("PATCH", f"{SHOP}/workItems/{item}/comments/{comment}", Body(json={"text": html}), COMMENTS)

    async def delete_comment(self, item: int, comment: str) -> None:
        await self._http.write("DELETE", f"{SHOP}/workItems/{item}/comments/{comment}", None, COMMENTS)

    async def talk(self, item: int) -> list[str]:
        answer = cast("dict[str, Any]", (await self._http.get(f"{SHOP}/workItems/{item}/comments", COMMENTS)).json())
        return [_plain(from_html(one["text"])) for one in answer["comments"]]

    async def attach(self, item: int, filename: str, content: bytes) -> None:
        body = Body(content=content, content_type="application/octet-stream")
        stored = await self._http.write("POST", f"{SHOP}/attachments", body, {**VERSION, "fileName": filename})
        link: JsonValue = {"rel": "AttachedFile", "url": cast("Fields", stored.json())["url"]}
        await self._patch("PATCH", f"{SHOP}/workitems/{item}", {}, {"op": "add", "path": "/relations/-", "value": link})

    async def files(self, item: int) -> dict[str, bytes]:
        answer = await self._http.get(f"{SHOP}/workitems/{item}", {**VERSION, "$expand": "relations"})
        found = [one for one in cast("dict[str, Any]", answer.json()).get("relations", []) if one["rel"] == "AttachedFile"]
        return {one["attributes"]["name"]: (await self._http.get("/acme" + one["url"].partition("/acme")[2])).body for one in found}

    async def aclose(self) -> None:
        await self._http.aclose()


def _plain(body: str) -> str:
    """Without the hidden marker and the platforms' ways of breaking a line."""
    return " ".join(body.partition("[](")[0].replace("\\\n", "\n").split())


@dataclass
class AzureWorld(Stage):
    """`bob` works in Jira's project APP, `ann` in the project Acme Shop."""

    azure_url: str
    azure: FakeControl
    bob: DeskAgent
    ann: AzurePerson

    def deployment(self) -> Deployment:
        jira, azure = declaration("jira"), declaration("azure-devops")
        name = f"acme-azure-devops-{self.suffix}"
        system = SystemDeclaration(
            kind="azure-devops",
            url=f"{self.azure_url}/acme",
            credentials={"token": SecretStr(SECRET)},
            webhook_secret=SecretStr(HOOK_SECRET),
            poll=1.0,
            late_writes=1,
            search_lag=1,
            calls_per_second=500,
        )
        connection = ConnectionDeclaration(
            integration="jira-azure",
            left=SideDeclaration(settings={"project": "APP"}, outgoing=jira.outgoing, incoming=jira.incoming),
            right=SideDeclaration(settings={"project": "Acme Shop"}, outgoing=azure.outgoing, incoming=azure.incoming),
            triggers=(
                Trigger(side=Side.LEFT, query="project = APP AND labels = sync"),
                Trigger(side=Side.RIGHT, query="[System.Tags] CONTAINS 'sync'"),
            ),
            conflicts={"default": ConflictPolicy.LATEST},
        )
        return Deployment(
            workspace="acme",
            systems={self.jira_system: self.jira_declaration(1.0), name: system},
            integrations={"jira-azure": IntegrationDeclaration(left=self.jira_system, right=name)},
            connections={self.connection: connection},
        )

    async def one_pair(self, summary: str, description: str = "", **fields: JsonValue) -> tuple[str, int]:
        """A running world with one pair that Bob began: his issue's key and the work item's number."""
        key = await self.bob.create("APP", summary, description, labels=("sync",), **fields)
        await self.configure(self.deployment())
        await self.start_worker()
        await self.quiet(1)
        [found] = [twin.right.id for twin in await self.twins() if twin.right]
        return key, int(found)

    async def key_of(self, item: int) -> str:
        """The Jira issue that is the twin of a work item, once there is one."""

        async def look() -> str:
            found = [twin.left.key for twin in await self.twins() if twin.left and twin.right and twin.right.id == str(item)]
            return found[0] if found else ""

        return await eventually(look, bool, f"a Jira issue for #{item}")

    async def in_azure(self, item: int, wanted: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        return await eventually(lambda: self.ann.see(item), wanted, what)

    async def in_jira(self, key: str, wanted: Callable[[Fields], bool], what: str) -> Fields:
        return await eventually(lambda: self.bob.see(key), wanted, what)

    async def bot_writes(self) -> tuple[int, int]:
        return await self.jira.writes(BOT), await self.azure.writes(AZURE_BOT)

    async def still(self) -> tuple[int, int]:
        """Our writes in both, after all is in line and some polls of both have found nothing to do."""
        await self.quiet(1)
        before = (await self.jira.calls(), await self.azure.calls())

        async def look() -> int:
            return min(await self.jira.calls() - before[0], await self.azure.calls() - before[1])

        await eventually(look, lambda asked: asked >= 4, "polls of both platforms")
        await self.quiet(1)
        return await self.bot_writes()


@pytest_asyncio.fixture
async def azure_world(temporal_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: None) -> AsyncIterator[AzureWorld]:
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_address)
    async with opened_stage(tmp_path, uuid.uuid4().hex[:6], "azure-devops") as stage:
        options = FakeOptions(AZURE_BOT, SECRET, None, f"{stage.hooks}/azure-devops", HOOK_SECRET)
        async with serving(declaration("azure-devops").fake(options)) as url:
            bob = DeskAgent(stage.jira_url, "bob@acme.test", "bob-token")
            world = AzureWorld(**vars(stage), azure_url=url, azure=FakeControl(url), bob=bob, ann=AzurePerson(url))
            try:
                yield world
            finally:
                await world.stop_worker()
                for part in (world.bob, world.ann, world.azure):
                    await part.aclose()


async def test_items_appear_on_the_other_side_and_edits_travel_both_ways(azure_world: AzureWorld) -> None:
    world = azure_world
    key, item = await world.one_pair("Printer burns", MARKDOWN, priority={"name": "High"})
    seen = await world.ann.see(item)
    assert (seen["System.Title"], seen["System.Tags"], seen["Microsoft.VSTS.Common.Priority"]) == ("Printer burns", "sync", 2)
    assert from_html(seen["System.Description"]) == MARKDOWN
    other = await world.ann.report("Scanner sleeps", **{"System.Tags": "sync", "System.Description": "<p>Deep <b>sleep</b></p>"})
    other_key = await world.key_of(other)
    copied = await world.in_jira(other_key, lambda one: one["summary"] == "Scanner sleeps", "the copy in Jira")
    assert (copied["description"], copied["labels"]) == ("Deep **sleep**", ["sync"])

    await world.bob.edit(key, summary="Printer burns again", priority={"name": "Highest"}, labels=["sync", "urgent"])
    seen = await world.in_azure(item, lambda one: one["System.Title"] == "Printer burns again", "title in Azure DevOps")
    assert (seen["System.Tags"], seen["Microsoft.VSTS.Common.Priority"]) == ("sync; urgent", 1)
    await world.ann.edit(other, {"System.Title": "Scanner wakes", "System.AssignedTo": "bob@acme.test"})
    waked = await world.in_jira(other_key, lambda one: one["summary"] == "Scanner wakes", "summary in Jira")
    assert cast("Fields", waked["assignee"])["displayName"] == "Bob Baker"
    await world.ann.edit(item, {"System.Description": "<p>Put <b>out</b>.</p>"})
    await world.in_jira(key, lambda one: one["description"] == "Put **out**.", "description in Jira")
    await world.quiet(2)


async def test_status_travels_both_ways_as_its_category(azure_world: AzureWorld) -> None:
    world = azure_world
    key, item = await world.one_pair("Printer burns")
    await world.bob.move(key, "In Progress")
    await world.in_azure(item, lambda one: one["System.State"] == "Active", "Active in Azure DevOps")
    await world.quiet(1)
    await world.ann.edit(item, {"System.State": "Closed"})
    await world.in_jira(key, lambda one: cast("Fields", one["status"])["name"] == "Done", "Done in Jira")
    await world.quiet(1)
    await world.bob.move(key, "To Do")
    seen = await world.in_azure(item, lambda one: one["System.State"] == "New", "New in Azure DevOps")
    assert seen["System.Reason"] == "Moved to state New"


async def test_comments_travel_and_follow_edits_and_deletion(azure_world: AzureWorld) -> None:
    world = azure_world
    key, item = await world.one_pair("Printer burns")
    by_bob = await world.bob.comment(key, "Help is *near*.")
    by_ann = await world.ann.comment(item, "<div>Thanks, <b>Bob</b>.</div>")
    in_jira, in_azure = (
        ["Help is *near*.", "Ann Archer commented: Thanks, **Bob**."],
        ["Bob Baker commented: Help is *near*.", "Thanks, **Bob**."],
    )
    await _talk(world, key, item, in_jira, in_azure)

    await world.bob.edit_comment(key, by_bob, "Help is here.")
    await world.ann.edit_comment(item, by_ann, "<div>Really.</div>")
    in_jira, in_azure = ["Help is here.", "Ann Archer commented: Really."], ["Bob Baker commented: Help is here.", "Really."]
    await _talk(world, key, item, in_jira, in_azure)

    await world.bob.delete_comment(key, by_bob)
    await world.ann.delete_comment(item, by_ann)
    await _talk(world, key, item, [], [])
    await world.quiet(1)


async def _talk(world: AzureWorld, key: str, item: int, in_jira: list[str], in_azure: list[str]) -> None:
    async def look() -> tuple[list[str], list[str]]:
        return sorted(_plain(one) for one in await world.bob.comments(key)), sorted(await world.ann.talk(item))

    await eventually(look, lambda seen: seen == (sorted(in_jira), sorted(in_azure)), "comments on both sides")


async def test_files_arrive_byte_for_byte(azure_world: AzureWorld) -> None:
    world = azure_world
    key, item = await world.one_pair("Printer burns")
    smoke = await world.bob.attach(key, "smoke ü.bin", BYTES)
    await world.ann.attach(item, "log.txt", BYTES[::-1])
    wanted = {"smoke ü.bin": BYTES, "log.txt": BYTES[::-1]}
    await eventually(lambda: world.ann.files(item), lambda files: files == wanted, "both files in Azure DevOps")
    await eventually(lambda: world.bob.files(key), lambda files: files == wanted, "both files in Jira")
    await world.quiet(1)
    await world.bob.detach(smoke)
    await eventually(lambda: world.ann.files(item), lambda files: files == {"log.txt": BYTES[::-1]}, "one file in Azure DevOps")
    await world.quiet(1)


async def test_each_edit_is_written_once_and_never_comes_back(azure_world: AzureWorld) -> None:
    world = azure_world
    key, item = await world.one_pair("Printer burns", MARKDOWN)
    assert await world.still() == (0, 1)
    await world.ann.edit(item, {"System.Title": "Printer smokes", "System.Description": "<div>Less&nbsp;<i>fire</i><br>now</div>"})
    await world.in_jira(key, lambda one: one["summary"] == "Printer smokes", "summary in Jira")
    assert await world.still() == (1, 1)
    await world.bob.edit(key, description=f"{MARKDOWN}\n\nNo more.")
    await world.in_azure(item, lambda one: "No more." in one["System.Description"], "description in Azure DevOps")
    assert await world.still() == (1, 2)
    await world.bob.comment(key, "One\n\ntwo")
    await eventually(lambda: world.ann.talk(item), lambda talk: len(talk) == 1, "the comment in Azure DevOps")
    rev = (await world.ann.see(item))["rev"]
    assert await world.still() == (1, 3)
    assert (await world.ann.see(item))["rev"] == rev
