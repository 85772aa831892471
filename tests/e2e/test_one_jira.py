"""A connection between two projects of one and the same Jira."""

from typing import cast

from pydantic import JsonValue

from model.item import Fields
from tests.e2e.one_jira import one_jira
from tests.e2e.world import BOT, World, eventually


async def _copy(world: World, project: str, words: str) -> str:
    found = await eventually(
        lambda: world.ann.search(f'project = {project} AND summary ~ "{words}"'), lambda keys: len(keys) == 1, f"a copy in {project}"
    )
    return found[0]


async def test_two_projects_of_one_jira_stay_in_line_without_loops(world: World) -> None:
    app = await world.ann.create("APP", "Catapult jams", "It **jams**.", labels=("sync",))
    await world.configure(one_jira(world))
    await world.start_worker()
    at_help = await _copy(world, "HELP", "Catapult")
    other = await world.ann.create("HELP", "Parachute late", labels=("sync",))
    other_copy = await _copy(world, "APP", "Parachute")
    await world.quiet(2)

    await world.ann.edit(at_help, summary="Catapult jams at dawn", priority={"name": "High"})
    await world.in_jira(app, lambda issue: issue["summary"] == "Catapult jams at dawn", "summary in APP")
    await world.ann.edit(other_copy, description="By a second.")
    await world.in_jira(other, lambda issue: issue["description"] == "By a second.", "description in HELP")
    await world.ann.comment(app, "Oil it.")
    await world.ann.comment(at_help, "With what?")
    await eventually(lambda: world.ann.comments(app), lambda comments: len(comments) == 2, "both comments in APP")
    await eventually(lambda: world.ann.comments(at_help), lambda comments: len(comments) == 2, "both comments in HELP")
    await world.ann.move(app, "Done")
    await world.in_jira(at_help, lambda issue: _name(issue["status"]) == "Done", "Done in HELP")
    assert _name((await world.ann.see(app))["priority"]) == "High"

    await world.quiet(2)
    writes = await world.jira.writes(BOT)
    calls = await world.jira.calls()
    await eventually(world.jira.calls, lambda now: now > calls + 8, "several polls")
    await world.quiet(2)
    assert await world.jira.writes(BOT) == writes
    assert len(await world.twins()) == 2


async def test_a_status_is_reached_through_those_between_and_back(world: World) -> None:
    app = await world.ann.create("APP", "Catapult jams", labels=("sync",))
    await world.ann.move(app, "Done")
    await world.configure(one_jira(world, "OPS"))
    await world.start_worker()
    copy = await _copy(world, "OPS", "Catapult")
    await world.in_jira(copy, lambda issue: _name(issue["status"]) == "Done", "Done in OPS")
    await world.quiet(1)
    assert await _moves(world, copy) == ["In Progress", "Done"]
    await world.ann.move(app, "To Do")
    await world.in_jira(copy, lambda issue: _name(issue["status"]) == "To Do", "To Do in OPS")
    await world.quiet(1)
    assert await _moves(world, copy) == ["In Progress", "Done", "In Progress", "To Do"]
    assert _name((await world.ann.see(app))["status"]) == "To Do"


async def _moves(world: World, key: str) -> list[JsonValue]:
    log = await world.jira.log()
    moves = [one for one in log if (one["action"], one["item"], one["actor"]) == ("transition", key, BOT)]
    return [cast("Fields", one["detail"])["status"] for one in moves]


def _name(value: JsonValue) -> JsonValue:
    return cast("Fields", value)["name"]
