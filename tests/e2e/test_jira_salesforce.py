"""A fake Jira and a fake Salesforce org, kept in line by the rules that are used where none are given."""

from collections.abc import AsyncIterator, Callable

import pytest_asyncio

from model.item import Fields
from tests.e2e.jira_world import MARKDOWN, JiraWorld, name_of, plain
from tests.e2e.places import Place
from tests.e2e.stage import eventually
from tests.pairs.jira_platform import JiraPlatform
from tests.pairs.salesforce_platform import SalesforcePlatform
from tests.pairs.world import opened_pair

SalesforceWorld = JiraWorld[SalesforcePlatform]


@pytest_asyncio.fixture
async def salesforce_world(place: Place) -> AsyncIterator[SalesforceWorld]:
    async with opened_pair(SalesforceWorld, *place, JiraPlatform.opened, SalesforcePlatform.opened) as running:
        yield running


async def _there(world: SalesforceWorld, item: str, wanted: Callable[[Fields], bool], what: str) -> Fields:
    return await eventually(lambda: world.right.ann.see(item), wanted, what)


async def test_issues_appear_on_the_other_side_and_edits_travel_both_ways(salesforce_world: SalesforceWorld) -> None:
    world = salesforce_world
    key, case = await world.one_pair("Printer burns", MARKDOWN)
    seen = await world.right.ann.see(case)
    assert (seen["Subject"], seen["Description"]) == ("Printer burns", MARKDOWN)
    other = await world.right.ann.create("Scanner sleeps", "First line\r\nsecond line")
    other_key = await world.left_of(other)
    copy = await world.in_jira(other_key, lambda one: one["summary"] == "Scanner sleeps", "the copy in Jira")
    assert plain(copy["description"]) == "First line second line"
    assert "<br>" in str(copy["description"])

    await world.bob.edit(key, summary="Printer burns '@{again.id}'", priority={"name": "High"})
    await _there(world, case, lambda one: one["Subject"] == "Printer burns '@{again.id}'", "subject in Salesforce")
    await world.right.ann.edit(case, Description="Put **out**.\n\nTwice.")
    await world.in_jira(key, lambda one: one["description"] == "Put **out**.\n\nTwice.", "description in Jira")
    await world.bob.edit(other_key, description="Third line\\\nfourth **line**")
    await _there(world, other, lambda one: one["Description"] == "Third line\nfourth **line**", "description in Salesforce")
    await world.right.ann.edit(other, Subject="Scanner wakes")
    await world.in_jira(other_key, lambda one: one["summary"] == "Scanner wakes", "summary in Jira")
    await world.quiet(2)
    assert (await world.right.ann.see(case))["Priority"] == "High"


async def test_status_travels_both_ways_as_its_category(salesforce_world: SalesforceWorld) -> None:
    world = salesforce_world
    key, case = await world.one_pair("Printer burns")
    await world.bob.move(key, "In Progress")
    await _there(world, case, lambda one: one["Status"] == "Working", "Working in Salesforce")
    await world.quiet(1)
    await world.right.ann.edit(case, Status="Closed")
    await world.in_jira(key, lambda one: name_of(one["status"]) == "Done", "Done in Jira")
    await world.quiet(1)
    await world.right.ann.edit(case, Status="Escalated")
    await world.in_jira(key, lambda one: name_of(one["status"]) == "In Progress", "In Progress in Jira")
    await world.quiet(1)
    await world.polled(6)
    assert (await world.right.ann.see(case))["Status"] == "Escalated"


async def test_private_stays_private_and_public_stays_public(salesforce_world: SalesforceWorld) -> None:
    world = salesforce_world
    key, case = await world.one_pair("Printer burns")
    await world.bob.comment(key, "Help is near.")
    internal = await world.bob.note(key, "It was the intern.")
    await world.right.ann.say(case, "Thanks.")
    await world.right.ann.say(case, "Warn him.", internal=True)
    in_jira = [("It was the intern.", True), ("Help is near.", False)]
    in_jira += [("Ann Archer commented: Thanks.", False), ("Ann Archer commented: Warn him.", True)]
    there = [("Bob Baker commented: It was the intern.", True), ("Bob Baker commented: Help is near.", False)]
    there += [("Thanks.", False), ("Warn him.", True)]
    await world.talk(key, case, in_jira, there)
    await world.bob.edit_comment(key, internal, "It was the boss.")
    in_jira[0], there[0] = ("It was the boss.", True), ("Bob Baker commented: It was the boss.", True)
    await world.talk(key, case, in_jira, there)
    await world.quiet(1)


async def test_files_arrive_byte_for_byte(salesforce_world: SalesforceWorld) -> None:
    key, case = await salesforce_world.one_pair("Printer burns")
    await salesforce_world.files_cross(key, case)


async def test_each_edit_is_written_once_and_never_comes_back(salesforce_world: SalesforceWorld) -> None:
    world = salesforce_world
    key, case = await world.one_pair("Printer burns", MARKDOWN)
    assert await world.still() == (0, 1)
    await world.right.ann.edit(case, Description="Line one\r\nline two  \r\n\r\n\r\n- item")
    await world.in_jira(key, lambda one: "line two" in str(one["description"]), "description in Jira")
    assert await world.still() == (1, 1)
    await world.bob.edit(key, description=f"{MARKDOWN}\n\nNo more.")
    await _there(world, case, lambda one: "No more." in str(one["Description"]), "description in Salesforce")
    assert await world.still() == (1, 2)
    await world.bob.comment(key, "One\n\ntwo")
    await world.right.ann.say(case, "Three\r\nfour", internal=True)
    await eventually(lambda: world.bob.talk(key), lambda talk: len(talk) == 2, "both comments in Jira")
    await eventually(lambda: world.right.ann.look(case), lambda seen: len(seen.comments) == 2, "both comments in Salesforce")
    assert await world.still() == (2, 3)
