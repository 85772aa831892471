"""A fake Jira and a fake Salesforce org, kept in line by the rules that are used where none are given."""

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

APP = "twinline"
API = "/services/data/v60.0"
MARKDOWN = "It **burns**:\n\n- paper\n- toner\n\n```\nlp -d printer\n```"
BYTES = bytes(range(256)) * 300 + b"\r\n\n\r"

Talk = list[tuple[str, bool]]


class SalesforcePerson:
    """Someone who works with cases."""

    def __init__(self, url: str, token: str) -> None:
        self._http = Http("salesforce", url, {"Authorization": f"Bearer {token}"}, explain, calls_per_second=1000)
        self._control = FakeControl(url)

    async def create(self, subject: str, description: str = "", **fields: JsonValue) -> str:
        """The id of a new case that is to come under sync."""
        return await self._made("Case", {"Subject": subject, "Description": description, "Origin": "Web", **fields})

    async def edit(self, record_id: str, **fields: JsonValue) -> None:
        await self._http.write("PATCH", f"{API}/sobjects/Case/{record_id}", Body(json=dict(fields)))

    async def comment(self, record_id: str, text: str, *, public: bool) -> str:
        return await self._made("CaseComment", {"ParentId": record_id, "CommentBody": text, "IsPublished": public})

    async def attach(self, record_id: str, filename: str, content: bytes) -> None:
        answer = await self._http.write("POST", f"{API}/sobjects/ContentVersion", _form(record_id, filename, content))
        assert answer.status == 201

    async def see(self, record_id: str) -> Fields:
        """The case as the org holds it, with comments and files."""
        items = cast("list[Fields]", (await self._control.state())["items"])
        return next(one for one in items if one["id"] == record_id)

    async def talk(self, record_id: str) -> Talk:
        """Each comment's text, and whether customers are kept from it."""
        comments = cast("list[Fields]", (await self.see(record_id))["comments"])
        return [(str(one["CommentBody"]), not one["public"]) for one in comments]

    async def files(self, record_id: str) -> dict[str, bytes]:
        found = cast("list[Fields]", (await self.see(record_id))["attachments"])
        path = f"{API}/sobjects/ContentVersion"
        return {str(one["filename"]): (await self._http.get(f"{path}/{one['LatestPublishedVersionId']}/VersionData")).body for one in found}

    async def aclose(self) -> None:
        await self._http.aclose()
        await self._control.aclose()

    async def _made(self, table: str, values: Fields) -> str:
        answer = await self._http.write("POST", f"{API}/sobjects/{table}", Body(json=values))
        return str(cast("Fields", answer.json())["id"])


def _form(record_id: str, filename: str, content: bytes) -> Body:
    """The multipart message of a new file."""
    fields = f'{{"PathOnClient": "{filename}", "FirstPublishLocationId": "{record_id}"}}'
    head = '--b\r\nContent-Disposition: form-data; name="entity_content"\r\nContent-Type: application/json\r\n\r\n'
    middle = f'\r\n--b\r\nContent-Disposition: form-data; name="VersionData"; filename="{filename}"\r\n\r\n'
    whole = f"{head}{fields}{middle}".encode() + content + b"\r\n--b--\r\n"
    return Body(content=whole, content_type="multipart/form-data; boundary=b")


@dataclass
class SalesforceWorld(Stage):
    """Service desk HELP of a fake Jira, in which Bob works, and the cases of a fake org, in which Ann does."""

    salesforce_url: str
    salesforce: FakeControl
    bob: DeskAgent
    ann: SalesforcePerson

    def deployment(self) -> Deployment:
        jira, salesforce = declaration("jira"), declaration("salesforce")
        name = f"acme-salesforce-{self.suffix}"
        connection = ConnectionDeclaration(
            integration="jira-salesforce",
            left=SideDeclaration(settings={"project": "HELP"}, outgoing=jira.outgoing, incoming=jira.incoming),
            right=SideDeclaration(settings={"object": "Case"}, outgoing=salesforce.outgoing, incoming=salesforce.incoming),
            triggers=(
                Trigger(side=Side.LEFT, query="project = HELP AND labels = sync"),
                Trigger(side=Side.RIGHT, query="Origin = 'Web'"),
            ),
            conflicts={"default": ConflictPolicy.LATEST},
        )
        system = SystemDeclaration(
            kind="salesforce",
            url=self.salesforce_url,
            credentials={"client_id": SecretStr(APP), "client_secret": SecretStr(SECRET)},
            webhook_secret=SecretStr(HOOK_SECRET),
            poll=1.0,
            late_writes=1,
            calls_per_second=500,
        )
        return Deployment(
            workspace="acme",
            systems={self.jira_system: self.jira_declaration(1.0), name: system},
            integrations={"jira-salesforce": IntegrationDeclaration(left=self.jira_system, right=name)},
            connections={self.connection: connection},
        )

    async def one_pair(self, summary: str, description: str = "") -> tuple[str, str]:
        """A running world with one pair that Bob began: his issue's key and the case's id."""
        key = await self.bob.create("HELP", summary, description, labels=("sync",))
        await self.configure(self.deployment())
        await self.start_worker()
        await self.quiet(1)
        [case] = [twin.right.id for twin in await self.twins() if twin.left and twin.left.key == key and twin.right]
        return key, case

    async def key_of(self, case: str) -> str:
        """The Jira issue that is the twin of a case, once there is one."""

        async def look() -> str:
            found = [twin.left.key for twin in await self.twins() if twin.left and twin.right and twin.right.id == case]
            return found[0] if found else ""

        return await eventually(look, bool, f"a Jira issue for {case}")

    async def in_jira(self, key: str, wanted: Callable[[Fields], bool], what: str) -> Fields:
        return await eventually(lambda: self.bob.see(key), wanted, what)

    async def in_salesforce(self, case: str, wanted: Callable[[Fields], bool], what: str) -> Fields:
        return await eventually(lambda: self.ann.see(case), wanted, what)

    async def polled(self, times: int) -> None:
        """Wait until each platform was asked that many times more."""
        before = (await self.jira.calls(), await self.salesforce.calls())

        async def look() -> int:
            return min(await self.jira.calls() - before[0], await self.salesforce.calls() - before[1])

        await eventually(look, lambda asked: asked >= times, f"{times} more calls of each platform")

    async def writes(self) -> tuple[int, int]:
        """How many writes Twinline has made in Jira and in Salesforce, once nothing moves any more."""
        await self.quiet(1)
        await self.polled(6)
        await self.quiet(1)
        return await self.jira.writes(BOT), await self.salesforce.writes(APP)


@contextlib.asynccontextmanager
async def _opened(home: Path, suffix: str) -> AsyncGenerator[SalesforceWorld]:
    async with opened_stage(home, suffix, "salesforce") as stage:
        options = FakeOptions(APP, SECRET, None, f"{stage.hooks}/salesforce", HOOK_SECRET)
        async with serving(declaration("salesforce").fake(options)) as url:
            world = SalesforceWorld(
                **vars(stage),
                salesforce_url=url,
                salesforce=FakeControl(url),
                bob=DeskAgent(stage.jira_url, "bob@acme.test", "bob-token"),
                ann=SalesforcePerson(url, "ann-token"),
            )
            try:
                yield world
            finally:
                await world.stop_worker()
                for part in (world.bob, world.ann, world.salesforce):
                    await part.aclose()


@pytest_asyncio.fixture
async def salesforce_world(
    temporal_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: None
) -> AsyncIterator[SalesforceWorld]:
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_address)
    async with _opened(tmp_path, uuid.uuid4().hex[:6]) as running:
        yield running


def _plain(body: object) -> str:
    """Without the mark and the platforms' ways of breaking a line."""
    return " ".join(str(body).partition("[twinline:")[0].replace("<br>", "\n").split())


def _name(value: object) -> str:
    return str(cast("Fields", value)["name"])


async def test_issues_appear_on_the_other_side_and_edits_travel_both_ways(salesforce_world: SalesforceWorld) -> None:
    world = salesforce_world
    key, case = await world.one_pair("Printer burns", MARKDOWN)
    seen = await world.ann.see(case)
    assert (seen["Subject"], seen["Description"]) == ("Printer burns", MARKDOWN)
    other = await world.ann.create("Scanner sleeps", "First line\r\nsecond line")
    other_key = await world.key_of(other)
    copy = await world.in_jira(other_key, lambda one: one["summary"] == "Scanner sleeps", "the copy in Jira")
    assert _plain(copy["description"]) == "First line second line"
    assert "<br>" in str(copy["description"])

    await world.bob.edit(key, summary="Printer burns '@{again.id}'", priority={"name": "High"})
    await world.in_salesforce(case, lambda one: one["Subject"] == "Printer burns '@{again.id}'", "subject in Salesforce")
    await world.ann.edit(case, Description="Put **out**.\n\nTwice.")
    await world.in_jira(key, lambda one: one["description"] == "Put **out**.\n\nTwice.", "description in Jira")
    await world.bob.edit(other_key, description="Third line\\\nfourth **line**")
    await world.in_salesforce(other, lambda one: one["Description"] == "Third line\nfourth **line**", "description in Salesforce")
    await world.ann.edit(other, Subject="Scanner wakes")
    await world.in_jira(other_key, lambda one: one["summary"] == "Scanner wakes", "summary in Jira")
    await world.quiet(2)
    assert (await world.ann.see(case))["Priority"] == "High"


async def test_status_travels_both_ways_as_its_category(salesforce_world: SalesforceWorld) -> None:
    world = salesforce_world
    key, case = await world.one_pair("Printer burns")
    await world.bob.move(key, "In Progress")
    await world.in_salesforce(case, lambda one: one["Status"] == "Working", "Working in Salesforce")
    await world.quiet(1)
    await world.ann.edit(case, Status="Closed")
    await world.in_jira(key, lambda one: _name(one["status"]) == "Done", "Done in Jira")
    await world.quiet(1)
    await world.ann.edit(case, Status="Escalated")
    await world.in_jira(key, lambda one: _name(one["status"]) == "In Progress", "In Progress in Jira")
    await world.quiet(1)
    await world.polled(6)
    assert (await world.ann.see(case))["Status"] == "Escalated"


async def test_private_stays_private_and_public_stays_public(salesforce_world: SalesforceWorld) -> None:
    world = salesforce_world
    key, case = await world.one_pair("Printer burns")
    await world.bob.comment(key, "Help is near.")
    internal = await world.bob.note(key, "It was the intern.")
    await world.ann.comment(case, "Thanks.", public=True)
    await world.ann.comment(case, "Warn him.", public=False)

    async def look() -> tuple[Talk, Talk]:
        jira, salesforce = await world.bob.talk(key), await world.ann.talk(case)
        return sorted((_plain(body), hidden) for body, hidden in jira), sorted((_plain(body), hidden) for body, hidden in salesforce)

    def wanted(culprit: str) -> tuple[Talk, Talk]:
        jira = [
            ("Help is near.", False),
            (culprit, True),
            ("Ann Archer commented: Thanks.", False),
            ("Ann Archer commented: Warn him.", True),
        ]
        salesforce = [("Bob Baker commented: Help is near.", False), (f"Bob Baker commented: {culprit}", True)]
        return sorted(jira), sorted([*salesforce, ("Thanks.", False), ("Warn him.", True)])

    await eventually(look, lambda seen: seen == wanted("It was the intern."), "comments on both sides")
    await world.bob.edit_comment(key, internal, "It was the boss.")
    await eventually(look, lambda seen: seen == wanted("It was the boss."), "the edited comment on both sides")
    await world.quiet(1)


async def test_files_arrive_byte_for_byte(salesforce_world: SalesforceWorld) -> None:
    world = salesforce_world
    key, case = await world.one_pair("Printer burns")
    await world.bob.attach(key, "smoke ü.bin", BYTES)
    await world.ann.attach(case, "log.txt", BYTES[::-1])
    wanted = {"smoke ü.bin": BYTES, "log.txt": BYTES[::-1]}
    await eventually(lambda: world.ann.files(case), lambda files: files == wanted, "both files in Salesforce")
    await eventually(lambda: world.bob.files(key), lambda files: files == wanted, "both files in Jira")
    await world.quiet(1)


async def test_each_edit_is_written_once_and_never_comes_back(salesforce_world: SalesforceWorld) -> None:
    world = salesforce_world
    key, case = await world.one_pair("Printer burns", MARKDOWN)
    assert await world.writes() == (0, 1)
    await world.ann.edit(case, Description="Line one\r\nline two  \r\n\r\n\r\n- item")
    await world.in_jira(key, lambda one: "line two" in str(one["description"]), "description in Jira")
    assert await world.writes() == (1, 1)
    await world.bob.edit(key, description=f"{MARKDOWN}\n\nNo more.")
    await world.in_salesforce(case, lambda one: "No more." in str(one["Description"]), "description in Salesforce")
    assert await world.writes() == (1, 2)
    await world.bob.comment(key, "One\n\ntwo")
    await world.ann.comment(case, "Three\r\nfour", public=False)
    await eventually(lambda: world.bob.talk(key), lambda talk: len(talk) == 2, "both comments in Jira")
    await eventually(lambda: world.ann.talk(case), lambda talk: len(talk) == 2, "both comments in Salesforce")
    assert await world.writes() == (2, 3)
