"""A fake Jira and a fake ServiceNow, kept in line by the rules that are used where none are given."""

from collections.abc import AsyncIterator, Callable

import pytest_asyncio

from model.item import Fields
from tests.e2e.jira_world import JiraWorld, name_of
from tests.e2e.places import Place
from tests.e2e.stage import eventually
from tests.pairs.jira_platform import JiraPlatform
from tests.pairs.servicenow_platform import ServiceNowPlatform
from tests.pairs.world import opened_pair

MARKDOWN = "It **burns**:\n\n- paper\n- toner"

ServiceNowWorld = JiraWorld[ServiceNowPlatform]


@pytest_asyncio.fixture
async def servicenow_world(place: Place) -> AsyncIterator[ServiceNowWorld]:
    async with opened_pair(ServiceNowWorld, *place, JiraPlatform.opened, ServiceNowPlatform.opened) as running:
        yield running


async def _there(world: ServiceNowWorld, item: str, wanted: Callable[[Fields], bool], what: str) -> Fields:
    return await eventually(lambda: world.right.ann.see(item), wanted, what)


async def test_items_appear_on_the_other_side_and_edits_travel_both_ways(servicenow_world: ServiceNowWorld) -> None:
    world = servicenow_world
    key, sys_id = await world.one_pair("Printer burns", MARKDOWN)
    incident = await world.right.ann.see(sys_id)
    assert (incident["short_description"], incident["description"], incident["correlation_display"]) == (
        "Printer burns",
        MARKDOWN,
        "Twinline",
    )
    other = await world.right.ann.create("Scanner sleeps", description="Deep\r\nsleep", category="software")
    other_key = await world.left_of(other)
    await world.in_jira(other_key, lambda one: one["summary"] == "Scanner sleeps", "the copy in Jira")

    await world.bob.edit(key, summary="Printer burns again", priority={"name": "Highest"})
    burning = await _there(world, sys_id, lambda one: one["short_description"] == "Printer burns again", "summary in ServiceNow")
    assert (burning["impact"], burning["urgency"], burning["priority"]) == ("1", "1", "1")
    await world.right.ann.edit(sys_id, description="Put **out**.\r\n\r\nTwice.")
    await world.in_jira(key, lambda one: one["description"] == "Put **out**.\n\nTwice.", "description in Jira")
    await world.right.ann.edit(other, short_description="Scanner wakes")
    await world.in_jira(other_key, lambda one: one["summary"] == "Scanner wakes", "summary in Jira")
    await world.quiet(2)
    assert (await world.bob.see(key))["labels"] == ["sync"]


async def test_states_travel_with_their_resolution(servicenow_world: ServiceNowWorld) -> None:
    world = servicenow_world
    key, sys_id = await world.one_pair("Printer burns")
    await world.bob.move(key, "In Progress")
    await _there(world, sys_id, lambda one: one["state"] == "2", "In Progress in ServiceNow")
    await world.quiet(1)
    await world.bob.move(key, "Done")
    resolved = await _there(world, sys_id, lambda one: one["state"] == "6", "Resolved in ServiceNow")
    assert (resolved["close_code"], resolved["close_notes"]) == ("Solution provided", f"Resolved in {key}")
    await world.quiet(1)
    await world.right.ann.edit(sys_id, state="2")
    await world.in_jira(key, lambda one: name_of(one["status"]) == "In Progress", "In Progress in Jira")
    await world.quiet(1)
    await world.right.ann.edit(sys_id, state="7", close_code="User error", close_notes="It was off")
    await world.in_jira(key, lambda one: name_of(one["status"]) == "Done", "Done in Jira")
    await world.quiet(1)
    await world.polled(10)
    closed = await world.right.ann.see(sys_id)
    assert (closed["state"], closed["close_code"], closed["close_notes"]) == ("7", "User error", "It was off")


async def test_comments_and_work_notes_keep_their_privacy(servicenow_world: ServiceNowWorld) -> None:
    world = servicenow_world
    key, sys_id = await world.one_pair("Printer burns")
    first = await world.bob.comment(key, "Help is near.")
    await world.bob.note(key, "It was the intern.")
    await world.right.ann.edit(sys_id, comments="Thanks.")
    await world.right.ann.edit(sys_id, work_notes="Warn him.")
    in_jira = [("Help is near.", False), ("It was the intern.", True)]
    in_jira += [("Ann Archer commented: Thanks.", False), ("Ann Archer commented: Warn him.", True)]
    in_snow = [("Bob Baker commented: Help is near.", False), ("Bob Baker commented: It was the intern.", True)]
    in_snow += [("Thanks.", False), ("Warn him.", True)]

    await world.talk(key, sys_id, in_jira, in_snow)
    await world.quiet(1)
    await world.bob.edit_comment(key, first, "Help is here.")
    in_jira[0] = ("Help is here.", False)
    in_snow.append(("edited: Bob Baker commented: Help is here.", False))
    await world.talk(key, sys_id, in_jira, in_snow)
    await world.still(20)
    await world.talk(key, sys_id, in_jira, in_snow)


async def test_files_arrive_byte_for_byte(servicenow_world: ServiceNowWorld) -> None:
    key, sys_id = await servicenow_world.one_pair("Printer burns")
    await servicenow_world.files_cross(key, sys_id)


async def test_each_edit_is_written_once_and_never_comes_back(servicenow_world: ServiceNowWorld) -> None:
    world = servicenow_world
    key, sys_id = await world.one_pair("Printer burns", MARKDOWN)
    before = await world.writes()
    await world.right.ann.edit(sys_id, description=f"{MARKDOWN}\n\nStill.".replace("\n", "\r\n"))
    await world.in_jira(key, lambda one: one["description"] == f"{MARKDOWN}\n\nStill.", "description in Jira")
    await world.bob.edit(key, summary="Printer burns on")
    await _there(world, sys_id, lambda one: one["short_description"] == "Printer burns on", "summary in ServiceNow")
    after = await world.still(30)
    assert (after[0] - before[0], after[1] - before[1]) == (1, 1)
