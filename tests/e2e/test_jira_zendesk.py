"""A fake Jira and a fake Zendesk, kept in line by the rules that are used where none are given."""

import contextlib
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio
from pydantic import SecretStr

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

pytestmark = pytest.mark.xdist_group("zendesk")

MARKDOWN = "It **burns**:\n\n- paper\n- toner\n\n```\nlp -d printer\n```"
BYTES = bytes(range(256)) * 300 + b"\r\n\n\r"
AGENT = "ann@acme.test"
HASTY: Fields = {"export_lag_s": 1, "export_calls": 100_000, "calls": 100_000}

Talk = list[tuple[str, bool]]


class ZendeskAgent:
    """Someone who answers tickets."""

    def __init__(self, url: str) -> None:
        self._http = Http("zendesk", url, {}, explain, calls_per_second=1000, auth=(f"{AGENT}/token", "ann-token"))

    async def create(self, subject: str, description: str, **fields: object) -> str:
        ticket = {"subject": subject, "comment": {"body": description}, **fields}
        answer = await self._http.write("POST", "/api/v2/tickets", Body(json=cast("Fields", {"ticket": ticket})))
        return str(cast("dict[str, Fields]", answer.json())["ticket"]["id"])

    async def edit(self, ticket: str, **fields: object) -> None:
        await self._http.write("PUT", f"/api/v2/tickets/{ticket}", Body(json=cast("Fields", {"ticket": fields})))

    async def say(self, ticket: str, body: str, *, public: bool = True) -> None:
        await self.edit(ticket, comment={"body": body, "public": public})

    async def attach(self, ticket: str, filename: str, content: bytes) -> None:
        body = Body(content=content, content_type="application/octet-stream")
        answer = await self._http.write("POST", "/api/v2/uploads", body, {"filename": filename})
        token = cast("dict[str, Fields]", answer.json())["upload"]["token"]
        await self.edit(ticket, comment={"body": "A file", "public": True, "uploads": [token]})

    async def see(self, ticket: str) -> Fields:
        return cast("dict[str, Fields]", (await self._http.get(f"/api/v2/tickets/{ticket}")).json())["ticket"]

    async def comments(self, ticket: str) -> list[Fields]:
        answer = await self._http.get(f"/api/v2/tickets/{ticket}/comments")
        return cast("dict[str, list[Fields]]", answer.json())["comments"]

    async def talk(self, ticket: str) -> Talk:
        """Each comment without files, and whether it is internal; the description is none."""
        said = (await self.comments(ticket))[1:]
        return [(" ".join(str(one["plain_body"]).split()), not one["public"]) for one in said if not one["attachments"]]

    async def files(self, ticket: str) -> dict[str, bytes]:
        found = [file for one in await self.comments(ticket) for file in cast("list[Fields]", one["attachments"])]
        paths = {str(one["file_name"]): str(one["content_url"]).partition("/attachments")[2] for one in found}
        return {name: (await self._http.get(f"/attachments{path}")).body for name, path in paths.items()}

    async def search(self, query: str) -> list[str]:
        answer = await self._http.get("/api/v2/search", {"query": query})
        return [str(one["id"]) for one in cast("dict[str, list[Fields]]", answer.json())["results"]]

    async def aclose(self) -> None:
        await self._http.aclose()


@dataclass
class ZendeskWorld(Stage):
    """`bob` works in Jira, `ann` in Zendesk."""

    zendesk_url: str
    zendesk: FakeControl
    bob: DeskAgent
    ann: ZendeskAgent

    def deployment(self) -> Deployment:
        jira, zendesk = declaration("jira"), declaration("zendesk")
        name = f"acme-zendesk-{self.suffix}"
        connection = ConnectionDeclaration(
            integration="jira-zendesk",
            left=SideDeclaration(settings={"project": "HELP"}, outgoing=jira.outgoing, incoming=jira.incoming),
            right=SideDeclaration(settings={}, outgoing=zendesk.outgoing, incoming=zendesk.incoming),
            triggers=(
                Trigger(side=Side.LEFT, query="project = HELP AND labels = sync"),
                Trigger(side=Side.RIGHT, query="tags:sync"),
            ),
            conflicts={"default": ConflictPolicy.LATEST},
        )
        system = SystemDeclaration(
            kind="zendesk",
            url=self.zendesk_url,
            credentials={"email": SecretStr(BOT), "token": SecretStr(SECRET)},
            webhook_secret=SecretStr(HOOK_SECRET),
            poll=1.0,
            late_writes=1,
            search_lag=1,
            calls_per_second=500,
        )
        return Deployment(
            workspace="acme",
            systems={self.jira_system: self.jira_declaration(1.0), name: system},
            integrations={"jira-zendesk": IntegrationDeclaration(left=self.jira_system, right=name)},
            connections={self.connection: connection},
        )

    async def begin(self) -> None:
        await self.configure(self.deployment())
        await self.start_worker()

    async def one_pair(self, summary: str, description: str = "") -> tuple[str, str]:
        """A running world with one pair that Bob began: his issue's key and the ticket's number."""
        key = await self.bob.create("HELP", summary, description, labels=("sync",))
        await self.begin()
        await self.quiet(1)
        return key, await self.ticket_of(key)

    async def ticket_of(self, key: str) -> str:
        [found] = [twin.right.id for twin in await self.twins() if twin.left and twin.left.key == key and twin.right]
        return found

    async def key_of(self, ticket: str) -> str:
        async def look() -> str:
            found = [twin.left.key for twin in await self.twins() if twin.left and twin.right and twin.right.id == ticket]
            return found[0] if found else ""

        return await eventually(look, bool, f"a Jira issue for #{ticket}")

    async def in_zendesk(self, ticket: str, wanted: Callable[[Fields], bool], what: str) -> Fields:
        return await eventually(lambda: self.ann.see(ticket), wanted, what)

    async def in_jira(self, key: str, wanted: Callable[[Fields], bool], what: str) -> Fields:
        return await eventually(lambda: self.bob.see(key), wanted, what)

    async def polled(self, times: int) -> None:
        """Wait until each platform was asked that many times more."""
        before = (await self.jira.calls(), await self.zendesk.calls())

        async def look() -> int:
            return min(await self.jira.calls() - before[0], await self.zendesk.calls() - before[1])

        await eventually(look, lambda asked: asked >= times, f"{times} more calls of each platform")

    async def writes(self) -> tuple[int, int]:
        """How many writes Twinline has made in Jira and in Zendesk."""
        return await self.jira.writes(BOT), await self.zendesk.writes(BOT)


@contextlib.asynccontextmanager
async def _opened(home: Path, suffix: str) -> AsyncGenerator[ZendeskWorld]:
    async with opened_stage(home, suffix, "zendesk") as stage:
        options = FakeOptions(BOT, SECRET, HASTY, f"{stage.hooks}/zendesk", HOOK_SECRET)
        async with serving(declaration("zendesk").fake(options)) as url:
            bob = DeskAgent(stage.jira_url, "bob@acme.test", "bob-token")
            world = ZendeskWorld(**vars(stage), zendesk_url=url, zendesk=FakeControl(url), bob=bob, ann=ZendeskAgent(url))
            try:
                yield world
            finally:
                await world.stop_worker()
                for part in (world.zendesk, world.bob, world.ann):
                    await part.aclose()


@pytest_asyncio.fixture
async def world(temporal_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: None) -> AsyncIterator[ZendeskWorld]:
    """Service desk HELP of a fake Jira and a fake Zendesk, connected, polled every second, with webhooks."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_address)
    async with _opened(tmp_path, uuid.uuid4().hex[:6]) as running:
        yield running


def _name(value: object) -> str:
    return str(cast("Fields", value)["name"])


async def _talk(world: ZendeskWorld, key: str, ticket: str, in_jira: Talk, in_zendesk: Talk) -> None:
    """Wait until the comments, with their privacy, are these on both sides."""

    async def look() -> tuple[Talk, Talk]:
        jira = [(" ".join(body.split()), hidden) for body, hidden in await world.bob.talk(key)]
        return sorted(jira), sorted(await world.ann.talk(ticket))

    await eventually(look, lambda seen: seen == (sorted(in_jira), sorted(in_zendesk)), "comments on both sides")


async def test_tickets_and_issues_appear_on_the_other_side_and_edits_travel_both_ways(world: ZendeskWorld) -> None:
    key, ticket = await world.one_pair("Printer burns", MARKDOWN)
    copy = await world.ann.see(ticket)
    first = (await world.ann.comments(ticket))[0]
    assert (copy["subject"], copy["tags"], str(copy["external_id"]).startswith("twinline:")) == ("Printer burns", ["sync"], True)
    assert "<strong>burns</strong>" in str(first["html_body"])
    other = await world.ann.create("Scanner sleeps", "Wake it.", tags=["sync"], priority="high")
    other_key = await world.key_of(other)
    seen = await world.in_jira(other_key, lambda one: one["summary"] == "Scanner sleeps", "the copy in Jira")
    assert (seen["description"], _name(seen["priority"])) == ("Wake it.", "High")

    await world.bob.edit(key, summary="Printer burns again", priority={"name": "Highest"}, description="Now told.")
    await world.in_zendesk(ticket, lambda one: one["subject"] == "Printer burns again" and one["priority"] == "urgent", "edit in Zendesk")
    await world.ann.edit(ticket, subject="Printer is out", tags=["sync", "done"])
    await world.in_jira(key, lambda one: one["summary"] == "Printer is out" and one["labels"] == ["done", "sync"], "edit in Jira")
    await world.bob.edit(other_key, summary="Scanner snores")
    await world.in_zendesk(other, lambda one: one["subject"] == "Scanner snores", "subject in Zendesk")
    await world.quiet(2)
    assert await world.ann.talk(ticket) == [("The description is now: Now told.", True)]
    assert ((await world.bob.see(key))["description"], await world.bob.talk(key)) == ("Now told.", [])


async def test_status_travels_both_ways_as_its_category(world: ZendeskWorld) -> None:
    key, ticket = await world.one_pair("Printer burns")
    await world.bob.move(key, "Done")
    await world.in_zendesk(ticket, lambda one: one["status"] == "solved", "solved in Zendesk")
    await world.quiet(1)
    await world.ann.edit(ticket, status="pending")
    await world.in_jira(key, lambda one: _name(one["status"]) == "In Progress", "In Progress in Jira")
    await world.quiet(1)
    await world.polled(6)
    assert (await world.ann.see(ticket))["status"] == "pending"
    await world.ann.edit(ticket, status="solved")
    await world.in_jira(key, lambda one: _name(one["status"]) == "Done", "Done in Jira")
    await world.quiet(1)


async def test_internal_stays_internal_and_files_arrive_byte_for_byte(world: ZendeskWorld) -> None:
    key, ticket = await world.one_pair("Printer burns")
    await world.bob.comment(key, "Help is near.")
    note = await world.bob.note(key, "It was the intern.")
    await world.ann.say(ticket, "Thanks.")
    await world.ann.say(ticket, "Warn him.", public=False)
    in_jira = [("Help is near.", False), ("It was the intern.", True)]
    in_jira += [("Ann Archer commented: Thanks.", False), ("Ann Archer commented: Warn him.", True)]
    in_zendesk = [("Bob Baker commented: Help is near.", False), ("Bob Baker commented: It was the intern.", True)]
    in_zendesk += [("Thanks.", False), ("Warn him.", True)]
    await _talk(world, key, ticket, in_jira, in_zendesk)

    await world.bob.edit_comment(key, note, "It was the boss.")
    in_jira[1] = ("It was the boss.", True)
    in_zendesk.append(("edited: Bob Baker commented: It was the boss.", True))
    await _talk(world, key, ticket, in_jira, in_zendesk)

    await world.bob.attach(key, "smoke ü.bin", BYTES)
    await world.ann.attach(ticket, "log.txt", BYTES[::-1])
    wanted = {"smoke ü.bin": BYTES, "log.txt": BYTES[::-1]}
    await eventually(lambda: world.ann.files(ticket), lambda files: files == wanted, "both files in Zendesk")
    await eventually(lambda: world.bob.files(key), lambda files: files == wanted, "both files in Jira")
    await _talk(world, key, ticket, [*in_jira, ("Ann Archer commented: A file", False)], in_zendesk)
    await world.quiet(1)


async def test_each_edit_is_written_once_and_never_comes_back(world: ZendeskWorld) -> None:
    """Also where Zendesk's webhooks do not arrive."""
    await world.zendesk.set(webhooks=False)
    key, ticket = await world.one_pair("Printer burns", MARKDOWN)
    before = await world.writes()
    await world.bob.edit(key, summary="Printer smokes")
    await world.in_zendesk(ticket, lambda one: one["subject"] == "Printer smokes", "subject in Zendesk")
    await world.ann.edit(ticket, subject="Printer is cold", priority="low")
    await world.in_jira(key, lambda one: one["summary"] == "Printer is cold", "summary in Jira")
    await world.ann.say(ticket, "Over.")
    await eventually(lambda: world.bob.talk(key), lambda talk: len(talk) == 1, "comment in Jira")
    for _ in range(2):
        await world.quiet(1)
        await world.polled(6)
    assert await world.writes() == (before[0] + 2, before[1] + 1)


async def test_lost_answers_leave_one_ticket_one_comment_and_one_file(world: ZendeskWorld) -> None:
    key = await world.bob.create("HELP", "Lost once", "", labels=("sync",))
    await world.zendesk.set(lose_response=1)
    await world.begin()
    await world.quiet(1)
    ticket = await world.ticket_of(key)
    assert await world.ann.search('subject:"Lost once"') == [ticket]
    await world.zendesk.set(lose_response=1)
    await world.bob.comment(key, "Once")
    await eventually(lambda: world.ann.talk(ticket), lambda talk: len(talk) == 1, "the comment in Zendesk")
    await world.quiet(1)
    await world.zendesk.set(lose_response=2)
    await world.bob.attach(key, "smoke.bin", BYTES)
    await eventually(lambda: world.ann.files(ticket), lambda files: files == {"smoke.bin": BYTES}, "the file in Zendesk")
    await world.quiet(1)
    assert len(await world.ann.comments(ticket)) == 3
    assert await world.ann.talk(ticket) == [("Bob Baker commented: Once", False)]
