"""Items are created on the other side, whichever side they began on, and status follows by the default rules."""

from typing import cast

from pydantic import JsonValue

from model.item import Fields
from tests.e2e.world import GITHUB_BOT, World, eventually


async def test_labelled_github_issue_appears_in_jira_once(world: World) -> None:
    number = await world.bob.create("Anvil too light", "It *floats*.", labels=("sync", "bug"))
    await world.configure(world.deployment())
    await world.start_worker()

    key = await world.key_of(number)
    await world.quiet(1)
    issue = await world.ann.see(key)
    assert (issue["summary"], issue["description"]) == ("Anvil too light", "It *floats*.")
    assert issue["labels"] == ["bug", "sync"]

    await world.ann.edit(key, summary="Anvil far too light", labels=["sync"])
    await world.on_github(number, lambda now: now["title"] == "Anvil far too light", "title on GitHub")
    await world.bob.edit(number, body="It floats.\n\n- badly")
    await world.in_jira(key, lambda now: now["description"] == "It floats.\n\n- badly", "description in Jira")
    await world.quiet(1)
    assert len(await world.twins()) == 1
    assert await world.ann.search('project = APP AND summary ~ "Anvil"') == [key]
    assert [one["title"] for one in await world.bob.all() if "Anvil" in str(one["title"])] == ["Anvil far too light"]


def _status(issue: Fields) -> JsonValue:
    return cast("Fields", issue["status"])["name"]


async def test_closing_and_reopening_on_github_moves_the_jira_issue_and_the_other_way_round(world: World) -> None:
    key, number = await world.one_pair("Rockets misfire")

    await world.bob.edit(number, state="closed")
    await world.in_jira(key, lambda issue: _status(issue) == "Done", "Done in Jira")
    await world.bob.edit(number, state="open")
    await world.in_jira(key, lambda issue: _status(issue) == "To Do", "To Do in Jira")
    await world.ann.move(key, "Done")
    await world.on_github(number, lambda issue: issue["state"] == "closed", "closed on GitHub")
    await world.ann.move(key, "In Progress")
    await world.on_github(number, lambda issue: issue["state"] == "open", "open on GitHub")
    await world.quiet(1)

    await world.bob.edit(number, title="Rockets misfire at night")
    await world.in_jira(key, lambda issue: issue["summary"] == "Rockets misfire at night", "summary in Jira")
    await world.quiet(1)
    assert _status(await world.ann.see(key)) == "In Progress"


async def test_creation_sends_one_write_and_no_change_of_status(world: World) -> None:
    _, number = await world.one_pair("Spring uncoils")
    await eventually(lambda: world.github.writes(GITHUB_BOT), lambda count: count == 1, "one write on GitHub")
    assert (await world.bob.see(number))["state"] == "open"
