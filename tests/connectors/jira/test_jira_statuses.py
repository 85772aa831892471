"""Statuses that no single transition leads to, and screens that ask for something on the way."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from jira_site import BOT, TOKEN, Site
from pydantic import JsonValue

from connectors.jira.connector import JiraConnector
from connectors.jira.fake import FakeJira
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions, SystemAccess
from model.errors import Refused

OPS: dict[str, JsonValue] = {"project": "OPS"}
PATHS: dict[str, JsonValue] = {**OPS, "status_paths": {"done": ["In Progress"]}}
ASKING: dict[str, JsonValue] = {
    "projects": [{"key": "OPS", "name": "Acme Operations", "workflow": "screened"}],
    "issues": [
        {"project": "OPS", "summary": "Disk is full", "status": "In Progress"},
        {"project": "OPS", "summary": "Fan is loud", "status": "In Progress"},
        {"project": "OPS", "summary": "Lamp is dark"},
    ],
    "users": [
        {"name": "ann", "displayName": "Ann Archer"},
        {"name": "bob", "displayName": "Bob Baker", "lacks": ["VIEW_READONLY_WORKFLOW"]},
    ],
}
Open = Callable[[SystemAccess], JiraConnector]


@pytest.fixture
async def asking() -> AsyncIterator[Site]:
    """A site whose way to Done asks for a resolution, and where Bob may not look at workflows."""
    fake = FakeJira(FakeOptions(user=BOT, secret=TOKEN, seed=ASKING))
    async with serving(fake) as url, httpx.AsyncClient(base_url=url, trust_env=False) as http:
        yield Site(url, http)


def as_bob(site: Site) -> SystemAccess:
    credentials = {"user": "bob@acme.test", "token": "bob-token"}
    return SystemAccess(name="acme-jira", url=site.url, credentials=credentials, calls_per_second=1000)


async def status(site: Site, key: str) -> JsonValue:
    return (await site.call("GET", f"/issue/{key}")).json()["fields"]["status"]["name"]


async def test_the_way_to_a_status_leads_through_others(jira: JiraConnector, site: Site) -> None:
    way = await jira.way(OPS, "OPS-1", "done")
    assert way == ("In Progress", "Done")
    for one in way:
        await jira.transition("OPS-1", one)
    assert await status(site, "OPS-1") == "Done"
    assert await jira.way(OPS, "OPS-1", "To Do") == ("In Progress", "To Do")


async def test_a_single_transition_costs_one_look(jira: JiraConnector, site: Site) -> None:
    await jira.read("APP-1")
    before = await site.calls()
    assert await jira.way({"project": "APP"}, "APP-1", "Done") == ("Done",)
    await jira.transition("APP-1", "Done")
    assert await site.calls() == before + 2


async def test_no_way_is_known_to_a_status_that_there_is_not(jira: JiraConnector) -> None:
    assert await jira.way(OPS, "OPS-1", "Frozen") == ("Frozen",)
    with pytest.raises(Refused, match=r"cannot go from 'To Do' to 'Frozen' .*status_paths"):
        await jira.transition("OPS-1", "Frozen")


async def test_ways_are_learnt_where_the_workflow_is_hidden(asking: Site, opened: Open) -> None:
    bob = opened(as_bob(asking))
    assert await bob.way(OPS, "OPS-3", "Done") == ("Done",)
    await bob.way(OPS, "OPS-1", "Done")
    assert await bob.way(OPS, "OPS-3", "Done") == ("In Progress", "Done")


async def test_a_path_of_the_settings_is_followed_from_where_the_issue_is(asking: Site, center: Site, opened: Open) -> None:
    bob = opened(as_bob(asking))
    assert await bob.way(PATHS, "OPS-3", "Done") == ("In Progress", "Done")
    assert await bob.way(PATHS, "OPS-1", "Done") == ("Done",)
    server = opened(center.access())
    assert await server.way(PATHS, "OPS-1", "Done") == ("In Progress", "Done")
    assert await server.way(OPS, "OPS-1", "Done") == ("Done",)


async def test_what_a_screen_asks_for_comes_from_the_settings(asking: Site, opened: Open) -> None:
    connector = opened(asking.access())
    await connector.way({**OPS, "transition_fields": {"Resolution": "won't do"}}, "OPS-1", "Done")
    await connector.transition("OPS-1", "Done")
    resolution = (await connector.read((await connector.find(OPS, "OPS-1")).id)).fields["resolution"]
    assert isinstance(resolution, dict)
    assert resolution["name"] == "Won't Do"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "asks for 'Resolution' \\('Done', \"Won't Do\"\\); give it in the side's transition_fields"),
        ({"resolution": "Nonsense"}, "field 'Resolution' has no 'Nonsense'; it takes 'Done', \"Won't Do\""),
    ],
)
async def test_what_a_screen_asks_for_in_vain_is_told_by_name(asking: Site, opened: Open, given: dict[str, JsonValue], told: str) -> None:
    connector = opened(asking.access())
    await connector.way({**OPS, "transition_fields": given}, "OPS-2", "Done")
    with pytest.raises(Refused, match=told):
        await connector.transition("OPS-2", "Done")
    assert await status(asking, "OPS-2") == "In Progress"
