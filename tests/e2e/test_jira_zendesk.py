"""A fake Jira and a fake Zendesk, kept in line by the rules that are used where none are given."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from model.item import Fields
from tests.e2e.jira_world import BYTES, MARKDOWN, JiraWorld, name_of
from tests.e2e.places import Place
from tests.e2e.stage import eventually
from tests.pairs.jira_platform import JiraPlatform
from tests.pairs.world import opened_pair
from tests.pairs.zendesk_platform import ZendeskPlatform

pytestmark = pytest.mark.xdist_group("zendesk")

ZendeskWorld = JiraWorld[ZendeskPlatform]


@pytest_asyncio.fixture
async def world(place: Place) -> AsyncIterator[ZendeskWorld]:
    async with opened_pair(ZendeskWorld, *place, JiraPlatform.opened, ZendeskPlatform.opened) as running:
        yield running


async def _there(world: ZendeskWorld, item: str, wanted: Callable[[Fields], bool], what: str) -> Fields:
    return await eventually(lambda: world.right.ann.see(item), wanted, what)


async def test_tickets_and_issues_appear_on_the_other_side_and_edits_travel_both_ways(world: ZendeskWorld) -> None:
    key, ticket = await world.one_pair("Printer burns", MARKDOWN)
    copy = await world.right.ann.see(ticket)
    first = (await world.right.ann.comments(ticket))[0]
    assert (copy["subject"], copy["tags"], str(copy["external_id"]).startswith("twinline:")) == ("Printer burns", ["sync"], True)
    assert "<strong>burns</strong>" in str(first["html_body"])
    other = await world.right.ann.create("Scanner sleeps", "Wake it.", tags=["sync"], priority="high")
    other_key = await world.left_of(other)
    seen = await world.in_jira(other_key, lambda one: one["summary"] == "Scanner sleeps", "the copy in Jira")
    assert (seen["description"], name_of(seen["priority"])) == ("Wake it.", "High")

    await world.bob.edit(key, summary="Printer burns again", priority={"name": "Highest"}, description="Now told.")
    await _there(world, ticket, lambda one: one["subject"] == "Printer burns again" and one["priority"] == "urgent", "edit in Zendesk")
    await world.right.ann.edit(ticket, subject="Printer is out", tags=["sync", "done"])
    await world.in_jira(key, lambda one: one["summary"] == "Printer is out" and one["labels"] == ["done", "sync"], "edit in Jira")
    await world.bob.edit(other_key, summary="Scanner snores")
    await _there(world, other, lambda one: one["subject"] == "Scanner snores", "subject in Zendesk")
    await world.quiet(2)
    assert await world.right.ann.talk(ticket) == [("The description is now: Now told.", True)]
    assert ((await world.bob.see(key))["description"], await world.bob.talk(key)) == ("Now told.", [])


async def test_status_travels_both_ways_as_its_category(world: ZendeskWorld) -> None:
    key, ticket = await world.one_pair("Printer burns")
    await world.bob.move(key, "Done")
    await _there(world, ticket, lambda one: one["status"] == "solved", "solved in Zendesk")
    await world.quiet(1)
    await world.right.ann.edit(ticket, status="pending")
    await world.in_jira(key, lambda one: name_of(one["status"]) == "In Progress", "In Progress in Jira")
    await world.quiet(1)
    await world.polled(6)
    assert (await world.right.ann.see(ticket))["status"] == "pending"
    await world.right.ann.edit(ticket, status="solved")
    await world.in_jira(key, lambda one: name_of(one["status"]) == "Done", "Done in Jira")
    await world.quiet(1)


async def test_internal_stays_internal_and_files_arrive_byte_for_byte(world: ZendeskWorld) -> None:
    key, ticket = await world.one_pair("Printer burns")
    await world.bob.comment(key, "Help is near.")
    note = await world.bob.note(key, "It was the intern.")
    await world.right.ann.say(ticket, "Thanks.")
    await world.right.ann.say(ticket, "Warn him.", internal=True)
    in_jira = [("Help is near.", False), ("It was the intern.", True)]
    in_jira += [("Ann Archer commented: Thanks.", False), ("Ann Archer commented: Warn him.", True)]
    in_zendesk = [("Bob Baker commented: Help is near.", False), ("Bob Baker commented: It was the intern.", True)]
    in_zendesk += [("Thanks.", False), ("Warn him.", True)]
    await world.talk(key, ticket, in_jira, in_zendesk)

    await world.bob.edit_comment(key, note, "It was the boss.")
    in_jira[1] = ("It was the boss.", True)
    in_zendesk.append(("edited: Bob Baker commented: It was the boss.", True))
    await world.talk(key, ticket, in_jira, in_zendesk)

    await world.files_cross(key, ticket)
    await world.talk(key, ticket, [*in_jira, ("Ann Archer commented: A file", False)], in_zendesk)
    await world.quiet(1)


async def test_each_edit_is_written_once_and_never_comes_back(world: ZendeskWorld) -> None:
    """Also where Zendesk's webhooks do not arrive."""
    await world.right.control.set(webhooks=False)
    key, ticket = await world.one_pair("Printer burns", MARKDOWN)
    before = await world.writes()
    await world.bob.edit(key, summary="Printer smokes")
    await _there(world, ticket, lambda one: one["subject"] == "Printer smokes", "subject in Zendesk")
    await world.right.ann.edit(ticket, subject="Printer is cold", priority="low")
    await world.in_jira(key, lambda one: one["summary"] == "Printer is cold", "summary in Jira")
    await world.right.ann.say(ticket, "Over.")
    await eventually(lambda: world.bob.talk(key), lambda talk: len(talk) == 1, "comment in Jira")
    await world.still(12)
    assert await world.writes() == (before[0] + 2, before[1] + 1)


async def test_lost_answers_leave_one_ticket_one_comment_and_one_file(world: ZendeskWorld) -> None:
    key = await world.bob.create("HELP", "Lost once", "", labels=("sync",))
    await world.right.control.set(lose_response=1)
    await world.begin()
    await world.quiet(1)
    ticket = await world.right_of(key)
    assert await world.right.ann.search('subject:"Lost once"') == [ticket]
    await world.right.control.set(lose_response=1)
    await world.bob.comment(key, "Once")
    await eventually(lambda: world.right.ann.talk(ticket), lambda talk: len(talk) == 1, "the comment in Zendesk")
    await world.quiet(1)
    await world.right.control.set(lose_response=2)
    await world.bob.attach(key, "smoke.bin", BYTES)
    await eventually(lambda: world.right.ann.enclosures(ticket), lambda files: files == {"smoke.bin": BYTES}, "the file in Zendesk")
    await world.quiet(1)
    assert len(await world.right.ann.comments(ticket)) == 3
    assert await world.right.ann.talk(ticket) == [("Bob Baker commented: Once", False)]
