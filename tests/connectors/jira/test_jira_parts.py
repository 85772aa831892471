"""Versions and components of projects."""

import asyncio

import pytest
from jira_site import APP, Site
from pydantic import JsonValue

from connectors.jira.connector import JiraConnector
from model.errors import Refused

VERSIONS: JsonValue = [{"name": "1.0", "id": "77"}, {"name": "2.0"}]


async def _made(jira: JiraConnector) -> None:
    for name in ("2.0", "1.0"):
        assert isinstance(await jira.lookup(APP, "create_version", (name, "APP", f"about {name}")), dict)
    assert isinstance(await jira.lookup(APP, "create_component", ("Web", None, None)), dict)


async def test_versions_and_components_are_written_by_name_and_read(jira: JiraConnector) -> None:
    await _made(jira)
    fields: dict[str, JsonValue] = {"fixVersions": VERSIONS, "affectedVersions": ["2.0"], "components": [{"name": "Web"}]}
    written = await jira.create(APP, {"summary": "Printer", **fields}, "m1")
    item = await jira.read(written.ref.id)
    for name, names in (("fixVersions", ["1.0", "2.0"]), ("affectedVersions", ["2.0"]), ("components", ["Web"])):
        shown = item.fields[name]
        assert isinstance(shown, list)
        assert [one["name"] for one in shown if isinstance(one, dict)] == names
    assert item.fields["fixVersions"] == [
        {"name": name, "id": one["id"], "description": f"about {name}"}
        for name in ("1.0", "2.0")
        if isinstance(one := await jira.lookup(APP, "version", (name, "APP")), dict)
    ]
    emptied = await jira.update(written.ref.id, {"fixVersions": [], "components": None})
    assert (emptied.fields["fixVersions"], emptied.fields["components"]) == ([], [])


@pytest.mark.parametrize(("name", "value"), [("fixVersions", VERSIONS), ("affectedVersions", ["9"]), ("components", ["Fax"])])
async def test_what_the_project_does_not_have_is_refused(jira: JiraConnector, name: str, value: JsonValue) -> None:
    with pytest.raises(Refused, match="is not valid") as refused:
        await jira.update("APP-1", {name: value})
    assert refused.value.field == name


async def test_what_is_there_already_is_not_made_again(jira: JiraConnector, site: Site) -> None:
    await _made(jira)
    before = await site.call("GET", "/project/APP/versions")
    again = await jira.lookup(APP, "create_version", ("1.0", "APP", "other"))
    assert isinstance(again, dict)
    assert again["description"] == "about 1.0"
    assert (await site.call("GET", "/project/APP/versions")).json() == before.json()
    made_by_others = await site.call("POST", "/version", {"name": "3.0", "project": "APP"})
    found = await jira.lookup(APP, "create_version", ("3.0", "APP", None))
    assert isinstance(found, dict)
    assert found["id"] == made_by_others.json()["id"]


@pytest.mark.parametrize("name", ["create_version", "create_component"])
async def test_several_that_make_it_at_once_have_the_same(jira: JiraConnector, name: str) -> None:
    first, *others = await asyncio.gather(*(jira.lookup(APP, name, ("4.0", None, None)) for _ in range(4)))
    assert isinstance(first, dict)
    assert others == [first] * 3


async def test_nothing_is_made_in_a_project_that_is_not_there(jira: JiraConnector) -> None:
    assert await jira.lookup(APP, "create_version", ("1.0", "NOPE", None)) is None


@pytest.mark.parametrize(
    ("path", "body"), [("/version", {"projectId": 10000, "name": "1.0"}), ("/component", {"project": "APP", "name": "Web"})]
)
async def test_the_site_takes_a_name_once(site: Site, path: str, body: JsonValue) -> None:
    assert (await site.call("POST", path, body)).status_code == 201
    refused = await site.call("POST", path, body)
    assert (refused.status_code, "already exists" in refused.json()["errors"]["name"]) == (400, True)
