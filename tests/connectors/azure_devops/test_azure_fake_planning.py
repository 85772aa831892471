"""What administrators' scripts ask the fake for: areas and iterations, tags, reactions, teams' iterations, backlogs and boards."""

from typing import Any

import pytest
from azure_site import PATCH, AzureSite, Row
from test_azure_fake import SHOP, field, patched

TEAM = "/Acme Shop/Acme Shop Team/_apis/work"
NODES = f"{SHOP}/classificationnodes"
PREVIEW = "7.1-preview.4"


async def _good(site: AzureSite, method: str, path: str, body: object = None, status: int = 200, api: str = "7.1", **query: str) -> Any:
    given = {f"${name}": value for name, value in query.items()}
    answer = await site.call("ann", method, path, body, api=api, **given)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def _task(site: AzureSite, title: str, **fields: str) -> Row:
    operations = [field("System.Title", title), *(field(f"System.{name}", value) for name, value in fields.items())]
    return site.good(await site.call("ann", "POST", f"{SHOP}/workitems/$Task", operations, PATCH))


async def test_a_write_tells_relations_and_links(site: AzureSite) -> None:
    """As the examples of the documentation have it, without being asked to."""
    link = {"op": "add", "path": "/relations/-", "value": {"rel": "Hyperlink", "url": "https://acme.test"}}
    shown = site.good(await patched(site, 1, link))
    assert (shown["relations"][0]["url"], "_links" in shown, "_links" in await _task(site, "x")) == ("https://acme.test", True, True)
    answer = await site.call("ann", "PATCH", "/_apis/wit/workitems/1", [field("System.Title", "y")], PATCH, **{"$expand": "none"})
    assert not {"relations", "_links"} & set(site.good(answer))


async def test_an_area_from_its_making_to_its_end(site: AzureSite) -> None:
    made = await _good(site, "POST", f"{NODES}/areas/Checkout", {"name": "Cards"}, 201)
    assert (made["path"], made["structureType"]) == ("\\Acme Shop\\Area\\Checkout\\Cards", "area")
    await _good(site, "POST", f"{NODES}/areas/Checkout", {"name": "cards"}, 409)
    for name in ("", "a/b"):
        await _good(site, "POST", f"{NODES}/areas", {"name": name}, 400)
    await _good(site, "GET", f"{NODES}/iterations/Checkout/Cards", status=404)
    item = (await _task(site, "x", AreaPath="Acme Shop\\Checkout\\Cards"))["id"]
    wrong = [field("System.Title", "x"), field("System.IterationPath", "Acme Shop\\Checkout\\Cards")]
    assert (await site.call("ann", "POST", f"{SHOP}/workitems/$Task", wrong, PATCH)).status_code == 400
    renamed = await _good(site, "PATCH", f"{NODES}/areas/Checkout", {"name": "Till"})
    assert (renamed["name"], (await site.see(item))["fields"]["System.AreaPath"]) == ("Till", "Acme Shop\\Till\\Cards")
    assert (await _good(site, "GET", f"{NODES}/areas/Till/Cards"))["id"] == made["id"]
    await _good(site, "GET", f"{NODES}/iterations/Checkout")
    await _good(site, "DELETE", f"{NODES}/areas/Till", status=400, reclassifyId="999999")
    await _good(site, "DELETE", f"{NODES}/areas/Till", status=204)
    await _good(site, "GET", f"{NODES}/areas/Till/Cards", status=404)
    assert (await site.see(item))["fields"]["System.AreaPath"] == "Acme Shop"


async def test_an_iteration_that_the_team_takes_up(site: AzureSite) -> None:
    dates = {"startDate": "2020-01-01T00:00:00Z", "finishDate": "2099-01-01T00:00:00Z"}
    made = await _good(site, "POST", f"{NODES}/iterations", {"name": "Sprint 7", "attributes": dates}, 201)
    assert (made["attributes"], (await _good(site, "GET", f"{NODES}/iterations/Sprint 7"))["attributes"]) == (dates, dates)
    path = f"{TEAM}/teamsettings/iterations"
    assert "Sprint 1" in [one["name"] for one in (await _good(site, "GET", path))["value"]]
    taken = await _good(site, "POST", path, {"id": made["identifier"]})
    assert (taken["path"], taken["attributes"]["timeFrame"]) == ("Acme Shop\\Sprint 7", "current")
    assert [one["name"] for one in (await _good(site, "GET", path, timeframe="current"))["value"]] == ["Sprint 7"]
    item = (await _task(site, "x", IterationPath="Acme Shop\\Sprint 7"))["id"]
    found = (await _good(site, "GET", f"{path}/{taken['id']}/workitems"))["workItemRelations"]
    assert [one["target"]["id"] for one in found] == [item]
    await _good(site, "POST", path, {"id": "nothing"}, 400)
    await _good(site, "DELETE", f"{path}/{taken['id']}", status=204)
    await _good(site, "GET", f"{path}/{taken['id']}", status=404)
    later = await _good(site, "PATCH", f"{NODES}/iterations/Sprint 7", {"attributes": {"finishDate": "2021-01-01T00:00:00Z"}})
    assert later["attributes"]["startDate"] == dates["startDate"]


async def test_what_a_team_plans_with(site: AzureSite) -> None:
    settings = await _good(site, "GET", f"{TEAM}/teamsettings")
    assert (settings["backlogIteration"]["name"], "monday" in settings["workingDays"]) == ("Acme Shop", True)
    assert (await _good(site, "GET", f"{TEAM}/teamsettings/teamfieldvalues"))["defaultValue"] == "Acme Shop"
    backlogs = (await _good(site, "GET", f"{TEAM}/backlogs"))["value"]
    assert [one["name"] for one in backlogs] == ["Epics", "Features", "Stories"]
    stories = (await _good(site, "GET", f"{TEAM}/backlogs/Microsoft.RequirementCategory/workItems"))["workItems"]
    assert [one["target"]["id"] for one in stories] == [2]
    await site.edit("ann", 2, State="Closed")
    assert (await _good(site, "GET", f"{TEAM}/backlogs/Microsoft.RequirementCategory/workItems"))["workItems"] == []
    board = (await _good(site, "GET", f"{TEAM}/boards"))["value"][-1]
    columns = (await _good(site, "GET", f"{TEAM}/boards/{board['id']}"))["columns"]
    assert [one["name"] for one in columns] == ["New", "Active", "Resolved", "Closed"]
    assert [one["columnType"] for one in columns] == ["incoming", "inProgress", "inProgress", "outgoing"]
    assert (await _good(site, "GET", f"{TEAM}/boards/Stories/columns"))["count"] == 4
    await _good(site, "GET", f"{TEAM}/boards/Nothing", status=404)
    process = await _good(site, "GET", "/Acme Shop/_apis/work/processconfiguration")
    assert (process["requirementBacklog"]["name"], len(process["portfolioBacklogs"])) == ("Stories", 2)
    scrum = (await _good(site, "GET", "/Acme Operations/_apis/work/backlogs"))["value"]
    assert [one["name"] for one in scrum] == ["Backlog items"]


async def test_tags_are_renamed_and_taken_away_everywhere(site: AzureSite) -> None:
    item = (await _task(site, "x", Tags="lamp; sync"))["id"]
    tags = f"{SHOP}/tags"
    known = {one["name"]: one["id"] for one in (await _good(site, "GET", tags, api="7.1-preview.1"))["value"]}
    await _good(site, "PATCH", f"{tags}/{known['lamp']}", {"name": "Sync"}, 409, api="7.1-preview.1")
    await _good(site, "PATCH", f"{tags}/{known['lamp']}", {"name": "a;b"}, 400, api="7.1-preview.1")
    renamed = await _good(site, "PATCH", f"{tags}/{known['lamp']}", {"name": "torch"}, api="7.1-preview.1")
    assert (renamed["name"], (await site.see(item))["fields"]["System.Tags"]) == ("torch", "sync; torch")
    await _good(site, "DELETE", f"{tags}/sync", status=204, api="7.1-preview.1")
    assert (await site.see(item))["fields"]["System.Tags"] == "torch"
    await _good(site, "GET", f"{tags}/sync", status=404, api="7.1-preview.1")


@pytest.mark.parametrize("kind", ["heart", "2"])
async def test_reactions_to_a_comment(site: AzureSite, kind: str) -> None:
    path = f"{SHOP}/workItems/1/comments/{await site.comment('bob', 1, 'Yes')}/reactions"
    await _good(site, "PUT", f"{path}/{kind}", api=PREVIEW)
    made = await _good(site, "PUT", f"{path}/{kind}", api=PREVIEW)
    assert (made["type"], made["count"], made["isCurrentUserEngaged"]) == ("heart", 1, True)
    assert [one["type"] for one in (await _good(site, "GET", path, api=PREVIEW))["value"]] == ["heart"]
    assert [one["displayName"] for one in (await _good(site, "GET", f"{path}/{kind}/users", api=PREVIEW))["value"]] == ["Ann Archer"]
    assert (await _good(site, "DELETE", f"{path}/{kind}", api=PREVIEW))["count"] == 0
    await _good(site, "PUT", f"{path}/love", status=400, api=PREVIEW)


async def test_an_item_with_an_origin_of_its_own(site: AzureSite) -> None:
    origin = [field("System.CreatedDate", "2020-01-02T03:04:05Z"), field("System.CreatedBy", "bob@acme.test")]
    operations = [field("System.Title", "Old"), *origin]
    assert (await site.call("ann", "POST", f"{SHOP}/workitems/$Task", operations, PATCH)).status_code == 400
    made = site.good(await site.call("ann", "POST", f"{SHOP}/workitems/$Task", operations, PATCH, bypassRules="true"))
    await site.edit("ann", made["id"], Title="Older")
    fields = (await site.see(made["id"]))["fields"]
    assert (fields["System.CreatedDate"], fields["System.CreatedBy"]["displayName"]) == ("2020-01-02T03:04:05Z", "Bob Baker")


async def test_processes(site: AzureSite) -> None:
    known = (await _good(site, "GET", "/_apis/process/processes"))["value"]
    assert [one["name"] for one in known] == ["Agile", "Scrum", "Basic"]
    assert (await _good(site, "GET", f"/_apis/process/processes/{known[1]['id']}"))["name"] == "Scrum"
    await _good(site, "GET", "/_apis/process/processes/none", status=404)
    project = (await _good(site, "GET", "/_apis/projects/Sync"))["id"]
    told = (await _good(site, "GET", f"/_apis/projects/{project}/properties", api="7.1-preview.1"))["value"]
    assert {"name": "System.Process Template", "value": "Basic"} in told


async def test_what_a_new_item_begins_with(site: AzureSite) -> None:
    fields = (await _good(site, "GET", f"{SHOP}/workitems/$Bug"))["fields"]
    assert (fields["System.State"], fields["System.WorkItemType"], fields["Microsoft.VSTS.Common.Priority"]) == ("New", "Bug", 2)
    await _good(site, "GET", f"{SHOP}/workitems/$Nothing", status=404)


async def test_items_by_what_they_link_to(site: AzureSite) -> None:
    uri = "vstfs:///Git/Commit/1"
    await patched(site, 1, {"op": "add", "path": "/relations/-", "value": {"rel": "ArtifactLink", "url": uri}})
    told = await _good(site, "POST", "/_apis/wit/artifacturiquery", {"artifactUris": [uri, "vstfs:///Git/Commit/2"]})
    result = told["artifactUrisQueryResult"]
    assert ([one["id"] for one in result[uri]], result["vstfs:///Git/Commit/2"]) == ([1], [])
