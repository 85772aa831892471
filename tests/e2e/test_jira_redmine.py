"""A fake Jira and a real Redmine, kept in line by the rules that are used where none are given."""

from typing import cast

from model.item import Fields
from model.text import tidy
from tests.e2e.redmine_world import RedmineWorld, eventually
from tests.redmine_server import REAL_REDMINE

pytestmark = REAL_REDMINE

MARKDOWN = "It **burns**:\n\n- paper\n- toner\n\n```\nlp -d printer\n```"
BYTES = bytes(range(256)) * 300 + b"\r\n\n\r"


def _status(issue: Fields) -> str:
    return str(cast("Fields", issue["status"])["name"])


def _text(body: object) -> str:
    """Without the hidden marker and the platforms' ways of breaking a line."""
    return " ".join(str(body).partition("<!--")[0].replace("\\\n", "\n").split())


def _plain(talk: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    return sorted((_text(body), private) for body, private in talk)


async def test_issues_appear_on_the_other_side_and_edits_travel_both_ways(redmine_world: RedmineWorld) -> None:
    key, number = await redmine_world.one_pair("Printer burns", MARKDOWN)
    issue = await redmine_world.bob.see(number)
    assert (issue["subject"], tidy(str(issue["description"])).partition("\n\n<!--")[0]) == ("Printer burns", MARKDOWN)
    other = await redmine_world.reported_in_redmine("Scanner sleeps", MARKDOWN)
    other_key = await redmine_world.key_of(other)
    seen = await redmine_world.in_jira(other_key, lambda one: one["summary"] == "Scanner sleeps", "the copy in Jira")
    assert seen["description"] == MARKDOWN

    await redmine_world.ann.edit(key, summary="Printer burns again", priority={"name": "High"}, duedate="2031-01-02")
    await redmine_world.in_redmine(number, lambda one: one["subject"] == "Printer burns again", "subject in Redmine")
    await redmine_world.bob.edit(number, description="Put **out**.\n\nTwice.")
    await redmine_world.in_jira(key, lambda one: one["description"] == "Put **out**.\n\nTwice.", "description in Jira")
    await redmine_world.ann.edit(other_key, description="Deep\n\nsleep")
    await redmine_world.in_redmine(other, lambda one: _text(one["description"]) == "Deep sleep", "description in Redmine")
    await redmine_world.bob.edit(other, subject="Scanner wakes")
    await redmine_world.in_jira(other_key, lambda one: one["summary"] == "Scanner wakes", "summary in Jira")
    assert cast("Fields", (await redmine_world.bob.see(number))["priority"])["name"] == "High"
    await redmine_world.quiet(2)


async def test_status_travels_both_ways_as_its_category(redmine_world: RedmineWorld) -> None:
    key, number = await redmine_world.one_pair("Printer burns")
    await redmine_world.ann.move(key, "In Progress")
    await redmine_world.in_redmine(number, lambda one: _status(one) == "In Progress", "In Progress in Redmine")
    await redmine_world.bob.move(number, "Resolved")
    await redmine_world.quiet(1)
    assert _status(await redmine_world.ann.see(key)) == "In Progress"
    await redmine_world.ann.move(key, "Done")
    await redmine_world.in_redmine(number, lambda one: _status(one) == "Closed", "Closed in Redmine")
    await redmine_world.quiet(1)


async def test_private_stays_private_and_public_stays_public(redmine_world: RedmineWorld) -> None:
    key, number = await redmine_world.one_pair("Printer burns")
    await redmine_world.ann.comment(key, "Help is near.")
    await redmine_world.ann.note(key, "It is the intern.")
    await redmine_world.bob.note(number, "Thanks.")
    await redmine_world.server_note(number, "Fire him?")
    on_jira = [("Help is near.", False), ("It is the intern.", True), ("Bob Baker commented: Thanks.", False), ("Ann Archer commented: Fire him?", True)]
    on_redmine = [
        ("Ann Archer commented: Help is near.", False),
        ("Ann Archer commented: It is the intern.", True),
        ("Thanks.", False),
        ("Fire him?", True),
    ]
    await eventually(lambda: redmine_world.ann.talk(key), lambda talk: _plain(talk) == sorted(on_jira), "comments in Jira")
