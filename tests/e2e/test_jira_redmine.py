"""A fake Jira and a real Redmine, kept in line by the rules that are used where none are given."""

from model.text import tidy
from tests.e2e.jira_world import MARKDOWN, name_of, plain
from tests.e2e.redmine_world import RedmineWorld
from tests.e2e.stage import eventually
from tests.redmine_server import REAL_REDMINE

pytestmark = REAL_REDMINE


async def test_issues_appear_on_the_other_side_and_edits_travel_both_ways(redmine_world: RedmineWorld) -> None:
    world = redmine_world
    key, number = await world.one_pair("Printer burns", MARKDOWN)
    issue = await world.right.ann.see(int(number))
    assert (issue["subject"], tidy(str(issue["description"])).partition("\n\n<!--")[0]) == ("Printer burns", MARKDOWN)
    other = await world.reported_in_redmine("Scanner sleeps", MARKDOWN)
    other_key = await world.left_of(other)
    seen = await world.in_jira(other_key, lambda one: one["summary"] == "Scanner sleeps", "the copy in Jira")
    assert seen["description"] == MARKDOWN

    await world.bob.edit(key, summary="Printer burns again", priority={"name": "High"})
    await world.in_redmine(number, lambda one: one["subject"] == "Printer burns again", "subject in Redmine")
    await world.right.ann.edit(int(number), description="Put **out**.\n\nTwice.")
    await world.in_jira(key, lambda one: one["description"] == "Put **out**.\n\nTwice.", "description in Jira")
    await world.bob.edit(other_key, description="Deep\n\nsleep")
    await world.in_redmine(other, lambda one: plain(one["description"]) == "Deep sleep", "description in Redmine")
    await world.right.ann.edit(int(other), subject="Scanner wakes")
    await world.in_jira(other_key, lambda one: one["summary"] == "Scanner wakes", "summary in Jira")
    await world.quiet(2)
    assert name_of((await world.right.ann.see(int(number)))["priority"]) == "High"
    assert (await world.bob.see(key))["labels"] == ["sync"]


async def test_status_travels_both_ways_as_its_category(redmine_world: RedmineWorld) -> None:
    world = redmine_world
    key, number = await world.one_pair("Printer burns")
    await world.bob.move(key, "In Progress")
    await world.in_redmine(number, lambda one: name_of(one["status"]) == "In Progress", "In Progress in Redmine")
    await world.quiet(1)
    await world.right.ann.move(int(number), "Closed")
    await world.in_jira(key, lambda one: name_of(one["status"]) == "Done", "Done in Jira")
    await world.quiet(1)
    await world.right.ann.move(int(number), "Feedback")
    await world.in_jira(key, lambda one: name_of(one["status"]) == "In Progress", "In Progress in Jira")
    await world.quiet(1)
    await world.polled(3)
    assert name_of((await world.right.ann.see(int(number)))["status"]) == "Feedback"


async def test_private_stays_private_and_public_stays_public(redmine_world: RedmineWorld) -> None:
    world = redmine_world
    key, number = await world.one_pair("Printer burns")
    await world.bob.comment(key, "Help is near.")
    internal = await world.bob.note(key, "It was the intern.")
    await world.right.ann.note(int(number), "Thanks.")
    await world.right.ann.note(int(number), "Warn him.", private=True)
    in_jira = [("Help is near.", False), ("It was the intern.", True), ("Ann Archer commented: Thanks.", False)]
    in_redmine = [("Bob Baker commented: Help is near.", False), ("Bob Baker commented: It was the intern.", True), ("Thanks.", False)]
    private = [("Ann Archer commented: Warn him.", True)], [("Warn him.", True)]
    await world.talk(key, number, in_jira + private[0], in_redmine + private[1])

    await world.bob.edit_comment(key, internal, "It was the boss.")
    in_jira[1], in_redmine[1] = ("It was the boss.", True), ("Bob Baker commented: It was the boss.", True)
    await world.talk(key, number, in_jira + private[0], in_redmine + private[1])
    await world.quiet(1)


async def test_files_arrive_byte_for_byte(redmine_world: RedmineWorld) -> None:
    key, number = await redmine_world.one_pair("Printer burns")
    await redmine_world.files_cross(key, number)


async def test_each_edit_is_written_once_and_never_comes_back_though_redmine_stores_other_line_ends(redmine_world: RedmineWorld) -> None:
    world = redmine_world
    before = world.right.server.written()
    key, number = await world.one_pair("Printer burns", MARKDOWN)
    await _writes(world, 0, before + 1)
    assert "\r\n" in str((await world.right.ann.see(int(number)))["description"])

    await world.right.ann.edit(int(number), description=f"{MARKDOWN}\n\nStill.".replace("\n", "\r\n"))
    await world.in_jira(key, lambda one: one["description"] == f"{MARKDOWN}\n\nStill.", "description in Jira")
    await _writes(world, 1, before + 2)
    await world.bob.edit(key, description=f"{MARKDOWN}\n\nNo more.")
    await world.in_redmine(number, lambda one: "No more." in str(one["description"]), "description in Redmine")
    await _writes(world, 1, before + 3)
    await world.bob.comment(key, "One\n\ntwo")
    await world.right.ann.note(int(number), "Three\r\n\r\n- four\r\n- five", private=True)
    await eventually(lambda: world.right.ann.notes(int(number)), lambda notes: len(notes) == 2, "both notes in Redmine")
    await eventually(lambda: world.bob.talk(key), lambda talk: len(talk) == 2, "both comments in Jira")
    await _writes(world, 2, before + 5)

    await world.polled(6)
    await world.quiet(1)
    issue, transactions = await world.right.ann.see(int(number)), await _transactions(world)
    await world.polled(6)
    await _writes(world, 2, before + 5)
    assert (await world.right.ann.see(int(number)), await _transactions(world)) == (issue, transactions)


async def _writes(world: RedmineWorld, in_jira: int, in_redmine: int) -> None:
    """In line, and still so after some polls: Twinline has made that many writes in Jira, and Redmine has had that many of anyone."""
    await world.quiet(1)
    await world.polled(4)
    await world.quiet(1)
    assert await world.writes() == (in_jira, in_redmine)


async def _transactions(world: RedmineWorld) -> list[object]:
    return [await world.store.transactions.of_twin(twin.id) for twin in await world.twins()]
