"""Lost answers, refusals for haste and outages leave one item, one comment, and nothing to do by hand."""

from typing import cast

from pydantic import JsonValue

from cli.demo.people import FakeControl
from model.item import Fields
from tests.e2e.world import World, eventually


async def _used_up(control: FakeControl, switch: str) -> None:
    async def look() -> JsonValue:
        controls = (await control.state())["controls"]
        assert isinstance(controls, dict)
        return controls[switch]

    await eventually(look, lambda left: left == 0, f"{switch} used up")


async def test_a_lost_answer_to_a_creation_leaves_one_item_on_github(world: World) -> None:
    """Also where the trigger of that side meets the copy before its twin knows of it."""
    key = await world.ann.create("APP", "Lost once", labels=("sync",))
    await world.github.set(lose_response=1)
    await world.configure(world.deployment())
    await world.start_worker()
    await _used_up(world.github, "lose_response")
    await world.bob.create("Another", labels=("sync",))
    await world.quiet(2)
    number = await world.number_of(key)
    assert [one["number"] for one in await world.bob.all() if one["title"] == "Lost once"] == [number]
    assert await world.ann.search('project = APP AND summary ~ "Lost"') == [key]
    assert len(await world.twins()) == 2


async def test_a_lost_answer_to_a_creation_leaves_one_item_in_jira(world: World) -> None:
    await world.jira.set(lose_response=1)
    number = await world.bob.create("Lost twice", labels=("sync",))
    await world.configure(world.deployment())
    await world.start_worker()
    key = await world.key_of(number)
    await world.quiet(1)
    await _used_up(world.jira, "lose_response")
    assert await world.ann.search('project = APP AND summary ~ "twice"') == [key]


async def test_lost_answers_to_an_edit_and_a_comment_leave_one_of_each(world: World) -> None:
    key, number = await world.one_pair("Fuse is short")

    await world.github.set(lose_response=1)
    await world.ann.edit(key, summary="Fuse is too short")
    await world.on_github(number, lambda issue: issue["title"] == "Fuse is too short", "title on GitHub")
    await _used_up(world.github, "lose_response")
    await world.quiet(1)

    await world.jira.set(lose_response=1)
    await world.bob.comment(number, "By an inch.")
    await _used_up(world.jira, "lose_response")
    await world.quiet(1)
    await world.ann.edit(key, summary="Fuse is short by an inch")
    await world.on_github(number, lambda issue: issue["title"] == "Fuse is short by an inch", "later title on GitHub")
    await world.quiet(1)
    assert len(await world.ann.comments(key)) == 1
    assert len(await world.bob.comments(number)) == 1


async def test_refusals_for_haste_and_an_outage_heal_by_themselves(world: World) -> None:
    key, number = await world.one_pair("Roller skates stick")

    await world.github.set(reject_next=4)
    await world.ann.edit(key, summary="Roller skates stuck")
    await _used_up(world.github, "reject_next")
    await world.on_github(number, lambda issue: issue["title"] == "Roller skates stuck", "title on GitHub")

    await world.github.set(down=True)
    await world.ann.edit(key, summary="Roller skates roll")
    await world.ann.comment(key, "Oiled.")

    async def reasons() -> list[str]:
        return [one.reason for one in await world.store.transactions.waiting(world.connection, 10)]

    await eventually(reasons, lambda seen: any("503" in reason for reason in seen), "an outage among the reasons")
    await world.github.set(down=False)
    await world.on_github(number, lambda issue: (issue["title"], issue["comments"]) == ("Roller skates roll", 1), "all of it on GitHub")
    await world.quiet(1)


async def test_a_comment_whose_answer_was_lost_is_edited_and_removed_like_any_other(world: World) -> None:
    """Jira shows our text in its own form, which is not what we sent."""
    key, number = await world.one_pair("Glue does not hold")
    await world.jira.set(lose_response=1)
    comment = await world.bob.comment(number, "It does.")
    await _used_up(world.jira, "lose_response")
    await world.quiet(1)
    assert await world.bob.comments(number) == ["It does."]
    await world.bob.edit_comment(comment, "It does not.")
    await eventually(lambda: world.ann.comments(key), lambda seen: seen == ["bob commented: It does not."], "the edit in Jira")
    await world.bob.delete_comment(comment)
    await eventually(lambda: world.ann.comments(key), lambda seen: seen == [], "no comment in Jira")
    [twin] = await world.quiet(1)
    assert await world.store.conflicts.of_twin(twin.id) == ()


async def test_an_edited_comment_whose_answer_was_lost_stays_a_copy(world: World) -> None:
    key, number = await world.one_pair("Spring is loose")
    comment = await world.bob.comment(number, "It is.")
    await eventually(lambda: world.ann.comments(key), lambda seen: seen == ["bob commented: It is."], "the comment in Jira")
    await world.quiet(1)
    await world.jira.set(lose_response=1)
    await world.bob.edit_comment(comment, "It is not.")
    await _used_up(world.jira, "lose_response")
    [twin] = await world.quiet(1)
    assert await world.ann.comments(key) == ["bob commented: It is not."]
    assert await world.bob.comments(number) == ["It is not."]
    assert await world.store.conflicts.of_twin(twin.id) == ()


async def test_a_description_whose_answer_was_lost_is_no_conflict(world: World) -> None:
    _, number = await world.one_pair("Crate is open", "It rains in.")
    await world.jira.set(lose_response=1)
    await world.bob.edit(number, body="bob said:\n\nIt *snows* in.")
    await _used_up(world.jira, "lose_response")
    [twin] = await world.quiet(1)
    assert await world.store.conflicts.of_twin(twin.id) == ()


async def test_a_status_that_replaced_ours_before_we_knew_that_ours_was_there_travels_back(world: World) -> None:
    """GitHub goes by the category of a Jira status, which the lost answer would have told."""
    key, number = await world.one_pair("Catapult jams")
    await world.jira.set(lose_response=1)
    await world.bob.edit(number, state="closed")
    await world.in_jira(key, lambda issue: _status(issue) == "Done", "Done in Jira")
    await world.ann.move(key, "In Progress")
    await world.on_github(number, lambda issue: issue["state"] == "open", "open on GitHub")
    await world.quiet(1)
    assert _status(await world.ann.see(key)) == "In Progress"


def _status(issue: Fields) -> JsonValue:
    return cast("Fields", issue["status"])["name"]
