"""What client libraries ask the fake for, beyond what Twinline does.

The client for Node sends numbers for names, and dates as headers do.
"""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, cast

import pytest
from azure_site import PATCH, AzureSite, Row
from test_azure_fake import SHOP, field, patched, problem

PREVIEW = "7.1-preview.4"


async def made_task(site: AzureSite, title: str, *operations: Row) -> int:
    answer = await site.call("ann", "POST", f"{SHOP}/workitems/$Task", [field("System.Title", title), *operations], PATCH)
    return cast("int", site.good(answer)["id"])


def link_to(rel: str, target: int) -> Row:
    url = f"https://dev.azure.com/acme/_apis/wit/workItems/{target}"
    return {"op": "add", "path": "/relations/-", "value": {"rel": f"System.LinkTypes.{rel}", "url": url}}


async def values_of(site: AzureSite, path: str, **query: str) -> list[Any]:
    return cast("list[Any]", site.good(await site.call("ann", "GET", path, **query))["value"])


@pytest.mark.parametrize(
    ("expand", "parts"), [("0", set[str]()), ("3", {"_links"}), ("4", {"_links", "relations"}), ("All", {"_links", "relations"})]
)
async def test_enumerations_by_number(site: AzureSite, expand: str, parts: set[str]) -> None:
    await patched(site, 1, link_to("Related", 2))
    shown = set(await site.see(1, expand))
    assert shown & {"_links", "relations"} == parts
    assert (await site.call("ann", "GET", "/_apis/wit/workitems/1", **{"$expand": "5"})).status_code == 400


async def test_an_error_policy_by_number(site: AzureSite) -> None:
    for policy, status in ((2, 200), (1, 404)):
        body = {"ids": [1, 99], "errorPolicy": policy, "$expand": 4}
        assert (await site.call("ann", "POST", "/_apis/wit/workitemsbatch", body)).status_code == status
    fields = await values_of(site, f"{SHOP}/workitemtypes/Bug/fields", **{"$expand": "1"})
    assert next(one for one in fields if one["referenceName"] == "System.State")["allowedValues"] == ["New", "Active", "Resolved", "Closed"]


async def test_items_as_they_were(site: AzureSite) -> None:
    number = await made_task(site, "Before")
    later = datetime.fromisoformat((await site.see(number))["fields"]["System.ChangedDate"])
    await site.edit("ann", number, Title="After")
    path = f"/_apis/wit/workitems/{number}"
    exact = later.isoformat()
    assert site.good(await site.call("ann", "GET", path, asOf=exact))["rev"] == 1
    assert [one["rev"] for one in await values_of(site, "/_apis/wit/workitems", ids=str(number), asOf=exact)] == [1]
    batch = await site.call("ann", "POST", "/_apis/wit/workitemsbatch", {"ids": [number], "asOf": exact})
    assert site.good(batch)["value"][0]["rev"] == 1
    for earlier in (format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True), "2020-01-01"):
        assert (await site.call("ann", "GET", path, asOf=earlier)).status_code == 404
    assert problem(await site.call("ann", "GET", path, asOf="soon")) == (400, "VssPropertyValidationException")


async def test_reports_by_a_filter_and_from_a_time(site: AzureSite) -> None:
    path = f"{SHOP}/reporting/workitemrevisions"
    since = format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)
    everything = site.good(await site.call("ann", "GET", path, startDateTime=since))["values"]
    filtered = site.good(await site.call("ann", "POST", path, {"types": ["Bug"], "fields": ["System.Title"], "includeLatestOnly": True}))[
        "values"
    ]
    assert len(everything) > len(filtered) > 0
    assert {name for one in filtered for name in one["fields"]} == {"System.Title"}


async def test_an_unknown_field(site: AzureSite) -> None:
    """https://github.com/wangkanai/devops-mcp/issues/48 shows the answer."""
    body = (await patched(site, 1, field("Custom.Nothing", "x"))).json()
    space = "Microsoft.TeamFoundation.WorkItemTracking.Server"
    assert body == {
        "$id": "1",
        "innerException": None,
        "message": "TF51535: Cannot find field Custom.Nothing.",
        "typeName": f"{space}.Metadata.WorkItemTrackingFieldDefinitionNotFoundException, {space}",
        "typeKey": "WorkItemTrackingFieldDefinitionNotFoundException",
        "errorCode": 0,
        "eventId": 3200,
    }


async def test_a_file_in_parts(site: AzureSite) -> None:
    started = await site.call("ann", "POST", "/_apis/wit/attachments", kind="application/json", uploadType="chunked", fileName="big.bin")
    assert started.status_code == 201
    path, auth = f"/acme/_apis/wit/attachments/{started.json()['id']}", ("", "ann-token")

    async def put(content: bytes, span: str, name: str = path) -> int:
        headers = {"Content-Range": span, "Content-Type": "application/octet-stream"}
        answer = await site.client.put(name, content=content, params={"api-version": "7.1"}, headers=headers, auth=auth)
        return answer.status_code

    link = {"op": "add", "path": "/relations/-", "value": {"rel": "AttachedFile", "url": started.json()["url"]}}
    assert await put(b"abcd", "bytes 0-3/6") == 201
    assert (await patched(site, 1, link)).status_code == 400
    for content, span in ((b"ef", "bytes 5-6/7"), (b"e", "bytes 4-5/6"), (b"ef", "4-5")):
        assert await put(content, span) == 400
    assert await put(b"ef", "bytes 4-5/6") == 201
    assert await put(b"ef", "bytes 4-5/6") == 404
    assert (await patched(site, 1, link)).status_code == 200
    assert (await site.client.get(path, auth=auth)).content == b"abcdef"


async def test_many_writes_in_one_call(site: AzureSite) -> None:
    kind = {"Content-Type": PATCH}
    parent = [field("System.Title", "Parent"), {"op": "add", "path": "/id", "value": -1}]
    parts = [
        {"method": "PATCH", "uri": f"{SHOP}/workitems/$Task?api-version=7.1".replace(" ", "%20"), "headers": kind, "body": parent},
        {
            "method": "PATCH",
            "uri": f"{SHOP}/workitems/$Bug?api-version=7.1",
            "headers": kind,
            "body": [field("System.Title", "Child"), link_to("Hierarchy-Reverse", -1)],
        },
        {"method": "PATCH", "uri": "/_apis/wit/workitems/99?api-version=7.1", "headers": kind, "body": [field("System.Title", "x")]},
        {"method": "PATCH", "uri": "/_apis/wit/workitems/1?api-version=7.1", "headers": kind, "body": [field("System.Title", "Changed")]},
    ]
    answer = site.good(await site.call("bob", "PATCH", "/_apis/wit/$batch", parts))
    assert [one["code"] for one in answer["value"]] == [200, 200, 404, 200]
    made, child, missing, changed = (json.loads(one["body"]) for one in answer["value"])
    assert (await site.see(child["id"]))["fields"]["System.Parent"] == made["id"]
    assert (missing["message"][:8], changed["fields"]["System.Title"]) == ("TF401232", "Changed")
    assert await site.writes("bob", made["id"]) == ["create"]
    refused: list[object] = [[], {}, ["x"]]
    for body in refused:
        assert (await site.call("bob", "POST", "/_apis/wit/$batch", body)).status_code == 400
    assert (await site.call("bob", "POST", "/_apis/wit/$batch", parts * 51)).status_code == 400


async def test_what_a_project_is_made_of(site: AzureSite) -> None:
    areas, iterations = await values_of(site, f"{SHOP}/classificationnodes", **{"$depth": "2"})
    assert (areas["structureType"], areas["path"], iterations["path"]) == ("area", "\\Acme Shop\\Area", "\\Acme Shop\\Iteration")
    child = areas["children"][0]
    assert child["path"] == f"\\Acme Shop\\Area\\{child['name']}"
    assert await values_of(site, f"{SHOP}/classificationnodes", ids=str(child["id"])) == [child]
    for group in ("areas", "Areas", "0"):
        found = await site.call("ann", "GET", f"{SHOP}/classificationnodes/{group}/{child['name']}")
        assert site.good(found)["identifier"] == child["identifier"]
    assert (await site.call("ann", "GET", f"{SHOP}/classificationnodes/areas/Nowhere")).status_code == 404
    categories = {
        one["name"]: [kind["name"] for kind in one["workItemTypes"]] for one in await values_of(site, f"{SHOP}/workitemtypecategories")
    }
    assert (categories["Bug Category"], categories["Requirement Category"]) == (["Bug"], ["User Story"])
    one = site.good(await site.call("ann", "GET", f"{SHOP}/workitemtypecategories/Microsoft.TaskCategory"))
    assert one["defaultWorkItemType"]["name"] == "Task"
    assert (await site.call("ann", "GET", f"{SHOP}/workitemtypecategories/Other")).status_code == 404


async def test_tags_teams_and_kinds_of_links(site: AzureSite) -> None:
    await site.edit("ann", 1, Tags="Zebra; ape")
    tags = await values_of(site, f"{SHOP}/tags", api=PREVIEW)
    names = {one["name"] for one in tags}
    assert {"Zebra", "ape"} <= names
    assert "" not in names
    for name in ("zebra", next(one["id"] for one in tags if one["name"] == "Zebra")):
        assert site.good(await site.call("ann", "GET", f"{SHOP}/tags/{name}", api=PREVIEW))["name"] == "Zebra"
    assert (await site.call("ann", "GET", f"{SHOP}/tags/none", api=PREVIEW)).status_code == 404
    teams = await values_of(site, "/_apis/teams", api=PREVIEW)
    assert teams[0]["name"] == "Acme Shop Team"
    [team] = await values_of(site, "/_apis/projects/Acme Shop/teams")
    members = await values_of(site, f"/_apis/projects/Acme Shop/teams/{team['id']}/members", **{"$top": "2", "$skip": "1"})
    assert [one["identity"]["uniqueName"] for one in members] == ["ann@acme.test", "bob@acme.test"]
    for path in ("/_apis/projects/Nowhere/teams", "/_apis/projects/Acme Shop/teams/Other"):
        assert (await site.call("ann", "GET", path)).status_code == 404
    assert site.good(await site.call("ann", "GET", "/_apis/projects/Acme Shop/teams/Acme Shop Team"))["id"] == team["id"]
    found = site.good(await site.call("ann", "GET", "/_apis/wit/workitemrelationtypes/system.linktypes.related"))
    assert found["name"] == "Related"
    assert (await site.call("ann", "GET", "/_apis/wit/workitemrelationtypes/Other")).status_code == 404
    moves = await values_of(site, "/_apis/wit/workitemtransitions", ids="1", action="checkin")
    assert moves == [{"id": 1, "stateOnTransition": "Active"}]
    assert (await site.call("ann", "GET", "/_apis/wit/workitemtransitions", ids="99")).status_code == 404


async def test_versions_of_a_comment(site: AzureSite) -> None:
    comment = await site.comment("bob", 1, "<b>one</b>")
    await site.edit_comment("ann", 1, comment, "two")
    path = f"{SHOP}/workItems/1/comments/{comment}/versions"
    shown = await values_of(site, path, api=PREVIEW)
    assert [(one["version"], one["text"]) for one in shown] == [(2, "two"), (1, "<b>one</b>")]
    assert site.good(await site.call("ann", "GET", f"{path}/1", api=PREVIEW))["modifiedBy"]["uniqueName"] == "bob@acme.test"
    assert (await site.call("ann", "GET", f"{path}/3", api=PREVIEW)).status_code == 404
