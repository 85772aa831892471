"""A fake Jira and a fake Azure DevOps, with webhooks and service hooks, kept in line by the rules that are used where none are given."""

from collections.abc import AsyncIterator, Callable
from typing import cast

import pytest_asyncio

from connectors.kit.html import from_html
from model.item import Fields
from tests.e2e.jira_world import BYTES, MARKDOWN, JiraWorld, name_of
from tests.e2e.places import Place
from tests.e2e.stage import eventually
from tests.pairs.azure_platform import AzurePlatform
from tests.pairs.jira_platform import JiraApp
from tests.pairs.world import opened_pair

AzureWorld = JiraWorld[AzurePlatform]


@pytest_asyncio.fixture
async def azure_world(place: Place) -> AsyncIterator[AzureWorld]:
    async with opened_pair(AzureWorld, *place, JiraApp.opened, AzurePlatform.opened) as running:
        yield running


async def _there(world: AzureWorld, item: str, wanted: Callable[[Fields], bool], what: str) -> Fields:
    return await eventually(lambda: world.right.ann.see(item), wanted, what)


async def test_items_appear_on_the_other_side_and_edits_travel_both_ways(azure_world: AzureWorld) -> None:
    world = azure_world
    key, item = await world.one_pair("Printer burns", MARKDOWN, priority={"name": "High"})
    seen = await world.right.ann.see(item)
    assert (seen["System.Title"], seen["System.Tags"], seen["Microsoft.VSTS.Common.Priority"]) == ("Printer burns", "sync", 2)
    assert from_html(seen["System.Description"]) == MARKDOWN
    other = await world.right.ann.create("Scanner sleeps", **{"System.Tags": "sync", "System.Description": "<p>Deep <b>sleep</b></p>"})
    other_key = await world.left_of(other)
    copied = await world.in_jira(other_key, lambda one: one["summary"] == "Scanner sleeps", "the copy in Jira")
    assert (copied["description"], copied["labels"]) == ("Deep **sleep**", ["sync"])

    await world.bob.edit(key, summary="Printer burns again", priority={"name": "Highest"}, labels=["sync", "urgent"])
    seen = await _there(world, item, lambda one: one["System.Title"] == "Printer burns again", "title in Azure DevOps")
    assert (seen["System.Tags"], seen["Microsoft.VSTS.Common.Priority"]) == ("sync; urgent", 1)
    await world.right.ann.edit(other, {"System.Title": "Scanner wakes", "System.AssignedTo": "bob@acme.test"})
    waked = await world.in_jira(other_key, lambda one: one["summary"] == "Scanner wakes", "summary in Jira")
    assert cast("Fields", waked["assignee"])["displayName"] == "Bob Baker"
    await world.right.ann.edit(item, {"System.Description": "<p>Put <b>out</b>.</p>"})
    await world.in_jira(key, lambda one: one["description"] == "Put **out**.", "description in Jira")
    await world.quiet(2)


async def test_status_travels_both_ways_as_its_category(azure_world: AzureWorld) -> None:
    world = azure_world
    key, item = await world.one_pair("Printer burns")
    await world.bob.move(key, "In Progress")
    await _there(world, item, lambda one: one["System.State"] == "Active", "Active in Azure DevOps")
    await world.quiet(1)
    await world.right.ann.edit(item, {"System.State": "Closed"})
    await world.in_jira(key, lambda one: name_of(one["status"]) == "Done", "Done in Jira")
    await world.quiet(1)
    await world.bob.move(key, "To Do")
    seen = await _there(world, item, lambda one: one["System.State"] == "New", "New in Azure DevOps")
    assert seen["System.Reason"] == "Moved to state New"


async def test_comments_travel_and_follow_edits_and_deletion(azure_world: AzureWorld) -> None:
    world = azure_world
    key, item = await world.one_pair("Printer burns")
    by_bob = await world.bob.comment(key, "Help is *near*.")
    by_ann = await world.right.ann.comment(item, "<div>Thanks, <b>Bob</b>.</div>")
    in_jira = [("Help is *near*.", False), ("Ann Archer commented: Thanks, **Bob**.", False)]
    in_azure = [("Bob Baker commented: Help is *near*.", False), ("Thanks, **Bob**.", False)]
    await world.talk(key, item, in_jira, in_azure)

    await world.bob.edit_comment(key, by_bob, "Help is here.")
    await world.right.ann.edit_comment(item, by_ann, "<div>Really.</div>")
    in_jira = [("Help is here.", False), ("Ann Archer commented: Really.", False)]
    in_azure = [("Bob Baker commented: Help is here.", False), ("Really.", False)]
    await world.talk(key, item, in_jira, in_azure)

    await world.bob.delete_comment(key, by_bob)
    await world.right.ann.delete_comment(item, by_ann)
    await world.talk(key, item, [], [])
    await world.quiet(1)


async def test_files_arrive_byte_for_byte_and_go(azure_world: AzureWorld) -> None:
    world = azure_world
    key, item = await world.one_pair("Printer burns")
    await world.files_cross(key, item)
    [smoke] = [one for one in cast("list[Fields]", (await world.bob.see(key))["attachment"]) if one["filename"] == "smoke ü.bin"]
    await world.bob.detach(str(smoke["id"]))
    files = world.right.ann.enclosures
    await eventually(lambda: files(item), lambda seen: seen == {"log.txt": BYTES[::-1]}, "one file in Azure DevOps")
    await world.quiet(1)


async def test_each_edit_is_written_once_and_never_comes_back(azure_world: AzureWorld) -> None:
    world = azure_world
    key, item = await world.one_pair("Printer burns", MARKDOWN)
    assert await world.still() == (0, 1)
    await world.right.ann.edit(item, {"System.Title": "Printer smokes", "System.Description": "<div>Less&nbsp;<i>fire</i><br>now</div>"})
    await world.in_jira(key, lambda one: one["summary"] == "Printer smokes", "summary in Jira")
    assert await world.still() == (1, 1)
    await world.bob.edit(key, description=f"{MARKDOWN}\n\nNo more.")
    await _there(world, item, lambda one: "No more." in str(one["System.Description"]), "description in Azure DevOps")
    assert await world.still() == (1, 2)
    await world.bob.comment(key, "One\n\ntwo")
    await eventually(lambda: world.right.ann.look(item), lambda seen: len(seen.comments) == 1, "the comment in Azure DevOps")
    rev = (await world.right.ann.see(item))["rev"]
    assert await world.still() == (1, 3)
    assert (await world.right.ann.see(item))["rev"] == rev
