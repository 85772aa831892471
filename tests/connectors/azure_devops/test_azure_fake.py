"""The fake as others see it: versions, logins, patches and their rules, queries, the recycle bin, service hooks."""

import httpx
import pytest
from azure_site import PATCH, AzureSite, Row, running

COMMENTS = "7.1-preview.4"
QUERY = "SELECT [System.Id] FROM WorkItems WHERE CONDITION ORDER BY [System.Id]"
SHOP = "/Acme Shop/_apis/wit"


def problem(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    assert body["$id"] == "1"
    assert body["message"]
    return answer.status_code, body["typeKey"]


async def patched(site: AzureSite, item: int, *operations: Row) -> httpx.Response:
    return await site.call("ann", "PATCH", f"/_apis/wit/workitems/{item}", list(operations), PATCH)


def field(name: str, value: object, op: str = "add") -> Row:
    return {"op": op, "path": f"/fields/{name}", "value": value}


@pytest.mark.parametrize(
    ("method", "path", "api", "key"),
    [
        ("PATCH", "/_apis/wit/workitems/1", "", "VssVersionNotSpecifiedException"),
        ("GET", "/_apis/wit/workitems/1", "9.9", "VssVersionOutOfRangeException"),
        ("GET", "/_apis/wit/workitems/1", "newest", "VssInvalidApiResourceVersionException"),
        ("GET", "/_apis/connectionData", "7.1", "VssInvalidPreviewVersionException"),
        ("GET", f"{SHOP}/workItems/1/comments", "7.1", "VssInvalidPreviewVersionException"),
    ],
)
async def test_a_version_of_the_api_is_required(site: AzureSite, method: str, path: str, api: str, key: str) -> None:
    assert problem(await site.call("ann", method, path, api=api)) == (400, key)


async def test_a_version_may_come_with_the_accept_header(site: AzureSite) -> None:
    headers = {"Accept": "application/json;api-version=7.1-preview.4"}
    answer = await site.client.get(f"/acme{SHOP}/workItems/1/comments", headers=headers, auth=("", "ann-token"))
    assert answer.json()["totalCount"] == 1


@pytest.mark.parametrize(
    ("headers", "auth", "status"),
    [
        ({}, None, 302),
        ({}, ("x", "wrong"), 203),
        ({"X-TFS-FedAuthRedirect": "Suppress"}, ("x", "wrong"), 401),
        ({}, ("any user", "ann-token"), 200),
    ],
)
async def test_logins(site: AzureSite, headers: dict[str, str], auth: tuple[str, str] | None, status: int) -> None:
    answer = await site.client.get("/acme/_apis/projects", headers=headers, auth=auth)
    assert answer.status_code == status
    if status == 203:
        assert "Sign In" in answer.text


async def test_a_bearer_is_taken(site: AzureSite) -> None:
    answer = await site.client.get("/_apis/projects", headers={"Authorization": "Bearer bob-token"})
    assert [one["name"] for one in answer.json()["value"]] == ["Acme Shop", "Acme Operations", "Sync"]


async def test_a_stale_test_refuses_the_whole_patch(site: AzureSite) -> None:
    test = {"op": "test", "path": "/rev", "value": 1}
    answer = await patched(site, 1, field("System.Title", "Changed"), test)
    assert problem(answer) == (412, "TestPatchOperationFailedException")
    assert (await site.see(1))["fields"]["System.Title"] == "Checkout shows the wrong total"
    assert (await patched(site, 2, test, field("System.Title", "Changed"))).json()["rev"] == 2


@pytest.mark.parametrize(
    ("operation", "key"),
    [
        (field("System.Nope", "x"), "WorkItemTrackingFieldDefinitionNotFoundException"),
        (field("System.CreatedDate", "2031-01-01"), "RuleValidationException"),
        (field("System.State", "Done"), "RuleValidationException"),
        (field("System.Reason", "Because"), "RuleValidationException"),
        (field("Microsoft.VSTS.Common.Priority", 7), "RuleValidationException"),
        (field("Custom.Seats", "many"), "RuleValidationException"),
        (field("System.AssignedTo", "eve@acme.test"), "RuleValidationException"),
        (field("System.Title", "x" * 256), "RuleValidationException"),
        ({"op": "remove", "path": "/relations/0"}, "PatchOperationFailedException"),
        ({"op": "add", "path": "/relations/-", "value": {"rel": "Hyper", "url": "x"}}, "WorkItemLinkTypeNotFoundException"),
        ({"op": "add", "path": "/relations/-", "value": {"rel": "AttachedFile", "url": "x"}}, "WorkItemAttachmentNotFoundException"),
        ({"op": "move", "path": "/fields/System.Title"}, "PatchOperationFailedException"),
        ({"op": "add", "path": "/weather", "value": "fine"}, "InvalidPatchFieldNameException"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_rules_refuse(site: AzureSite, operation: Row, key: str) -> None:
    assert problem(await patched(site, 1, operation)) == (400, key)
    assert (await site.see(1))["rev"] == 2


async def test_a_state_brings_its_reason_and_nothing_new_makes_no_revision(site: AzureSite) -> None:
    item = (await patched(site, 1, field("System.State", "active"))).json()
    assert (item["rev"], item["fields"]["System.State"], item["fields"]["System.Reason"]) == (3, "Active", "Moved to state Active")
    assert (await patched(site, 1, field("System.State", "Active"))).json()["rev"] == 3


async def test_to_add_tags_keeps_those_that_are_there(site: AzureSite) -> None:
    assert (await patched(site, 1, field("System.Tags", "Urgent, CHECKOUT"))).json()["fields"]["System.Tags"] == "checkout; Urgent"
    assert (await patched(site, 1, field("System.Tags", "urgent", "replace"))).json()["fields"]["System.Tags"] == "Urgent"
    assert "System.Tags" not in (await patched(site, 1, {"op": "remove", "path": "/fields/System.Tags"})).json()["fields"]


async def test_a_new_item_begins_with_its_first_state(site: AzureSite) -> None:
    path = f"{SHOP}/workitems/$User Story"
    bad = await site.call("ann", "POST", path, [field("System.Title", "x"), field("System.State", "Closed")], PATCH)
    assert problem(bad) == (400, "RuleValidationException")
    dry = await site.call("ann", "POST", path, [field("System.Title", "x")], PATCH, validateOnly="true")
    assert dry.status_code == 200
    made = await site.call("ann", "POST", path, [field("System.Title", "x")], PATCH)
    assert (made.status_code, made.json()["id"], made.json()["fields"]["System.State"]) == (200, 5, "New")
    assert problem(await site.call("ann", "POST", f"{SHOP}/workitems/$Story", [field("System.Title", "x")], PATCH))[0] == 404
    assert problem(await site.call("ann", "POST", path, [field("System.Title", "x")], "text/plain"))[0] == 415


async def test_history_in_a_patch_is_a_comment(site: AzureSite) -> None:
    item = (await patched(site, 1, field("System.Title", "New"), field("System.History", "Why<script>x</script>"))).json()
    comments = (await site.call("bob", "GET", f"{SHOP}/workItems/1/comments", api=COMMENTS)).json()["comments"]
    assert (item["rev"], item["commentVersionRef"]["commentId"], comments[0]["text"]) == (3, comments[0]["id"], "Why")
    assert await site.writes("ann", 1) == ["update", "comment"]


async def test_a_batch_fails_as_a_whole_unless_asked_to_omit(site: AzureSite) -> None:
    body = {"ids": [1, 99, 2], "fields": ["System.Id", "System.Title"]}
    assert problem(await site.call("ann", "POST", "/_apis/wit/workitemsbatch", body)) == (404, "WorkItemUnauthorizedAccessException")
    value = (await site.call("ann", "POST", "/_apis/wit/workitemsbatch", {**body, "errorPolicy": "omit"})).json()["value"]
    assert [one and one["fields"] for one in value] == [
        {"System.Id": 1, "System.Title": "Checkout shows the wrong total"},
        None,
        {"System.Id": 2, "System.Title": "Offer invoices as PDF"},
    ]
    both = {"ids": [1], "fields": ["System.Id"], "$expand": "relations"}
    assert problem(await site.call("ann", "POST", "/_apis/wit/workitemsbatch", both)) == (400, "ConflictingParametersException")


async def test_an_item_of_another_project_is_not_there(site: AzureSite) -> None:
    assert problem(await site.call("ann", "GET", f"{SHOP}/workitems/4")) == (404, "WorkItemUnauthorizedAccessException")
    assert problem(await site.call("ann", "GET", "/Nope/_apis/wit/workitems/4")) == (404, "ProjectDoesNotExistWithNameException")


async def test_times_in_a_query_need_to_be_asked_for(site: AzureSite) -> None:
    query = {"query": "SELECT [System.Id] FROM WorkItems WHERE [System.ChangedDate] > '2020-01-01T10:00:00Z' ORDER BY [System.Id] DESC"}
    assert problem(await site.call("ann", "POST", f"{SHOP}/wiql", query))[0] == 400
    found = (
        await site.call("ann", "POST", f"{SHOP}/A team/_apis/wit/wiql".replace("/_apis/wit/A team", "/A team"), query, timePrecision="true")
    ).json()
    assert [one["id"] for one in found["workItems"]] == [4, 3, 2, 1]
    assert found["asOf"].endswith("Z")
    top = await site.call("ann", "POST", "/_apis/wit/wiql", query, timePrecision="true", **{"$top": "1"})
    assert [one["id"] for one in top.json()["workItems"]] == [4]


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("[System.Title] CONTAINS 'THE'", [1, 3]),
        ("NOT [System.Title] CONTAINS 'the' AND [System.Id] < 3", [2]),
        ("[System.Tags] NOT CONTAINS 'checkout' AND [System.TeamProject] = @project", [2, 3]),
        ("[System.Tags] CONTAINS 'check'", []),
        ("[Assigned To] = 'bob@acme.test' OR [Assigned To] = 'Ann Archer'", [1, 4]),
        ("[System.State] IN ('Active', 'Closed') AND [System.AssignedTo] IS EMPTY", [2, 3]),
        ("[System.CreatedBy] = @me", [1, 3, 4]),
        ("[System.AreaPath] UNDER 'Acme Operations'", [4]),
        ("[System.CreatedDate] >= @today - 1 AND [Microsoft.VSTS.Common.Priority] <= 2 AND [System.Id] <> 4", [1, 2, 3]),
        ('[System.State] NOT IN ("New")', [2, 3]),
    ],
)
async def test_conditions(site: AzureSite, condition: str, ids: list[int]) -> None:
    query = {"query": QUERY.replace("CONDITION", condition)}
    assert [one["id"] for one in (await site.call("ann", "POST", f"{SHOP}/wiql", query)).json()["workItems"]] == ids


async def test_the_recycle_bin(site: AzureSite) -> None:
    gone = (await site.call("ann", "DELETE", "/_apis/wit/workitems/2")).json()
    assert (gone["id"], gone["name"], gone["deletedBy"]) == (2, "Offer invoices as PDF", "Ann Archer <ann@acme.test>")
    assert problem(await site.call("ann", "GET", "/_apis/wit/workitems/2"))[0] == 404
    assert [one["id"] for one in (await site.call("ann", "GET", f"{SHOP}/recyclebin")).json()["value"]] == [2]
    assert (await site.call("ann", "GET", "/_apis/wit/recycleBin/2")).json()["resource"]["rev"] == 2
    await site.restore("ann", 2)
    assert problem(await site.call("ann", "GET", "/_apis/wit/recyclebin/2"))[0] == 404
    assert (await site.see(2))["rev"] == 3
    await site.delete("ann", 2)
    assert (await site.call("ann", "DELETE", "/_apis/wit/recyclebin/2")).status_code == 204
    assert await site.writes("ann", 2) == ["delete", "restore", "delete", "destroy"]


async def test_updates_tell_what_each_revision_changed(site: AzureSite) -> None:
    await site.edit("ann", 1, Title="New")
    updates = (await site.call("bob", "GET", "/_apis/wit/workItems/1/updates")).json()["value"]
    assert [one["rev"] for one in updates] == [1, 2, 3]
    assert updates[2]["fields"]["System.Title"] == {"oldValue": "Checkout shows the wrong total", "newValue": "New"}
    assert (updates[2]["revisedBy"]["name"], updates[2]["revisedDate"]) == ("Ann Archer <ann@acme.test>", "9999-01-01T00:00:00Z")
    assert (await site.call("bob", "GET", "/_apis/wit/workItems/1/updates", **{"$skip": "2"})).json()["value"] == updates[2:]
    assert (await site.call("bob", "GET", "/_apis/wit/workItems/1/revisions/1")).json()["fields"]["System.CommentCount"] == 0
    assert problem(await site.call("bob", "GET", "/_apis/wit/workItems/1/updates/9"))[0] == 404


async def test_reports_go_on_from_a_token(site: AzureSite) -> None:
    path = f"{SHOP}/reporting/workitemrevisions"
    first = (await site.call("ann", "GET", path, **{"$maxPageSize": "2"})).json()
    assert ([one["id"] for one in first["values"]], first["isLastBatch"]) == ([1, 1], False)
    assert "Microsoft.VSTS.TCM.ReproSteps" not in first["values"][0]["fields"]
    second = (await site.call("ann", "GET", path, continuationToken=first["continuationToken"])).json()
    assert ([one["id"] for one in second["values"]], second["isLastBatch"]) == ([2, 3], True)
    rest = (await site.call("ann", "GET", path, continuationToken=second["continuationToken"])).json()
    assert (rest["values"], rest["continuationToken"]) == ([], second["continuationToken"])
    both = await site.call("ann", "GET", path, continuationToken="1", startDateTime="2031-01-01")
    assert problem(both) == (400, "ConflictingParametersException")


async def test_subscriptions_do_not_give_their_secrets_back() -> None:
    async with running(hook="http://127.0.0.1:9/none") as site:
        made = (await site.call("ann", "GET", "/_apis/hooks/subscriptions")).json()["value"]
        assert {one["eventType"] for one in made} == {
            f"workitem.{kind}" for kind in ("created", "updated", "commented", "deleted", "restored")
        }
        assert {one["consumerInputs"]["basicAuthPassword"] for one in made} == {"********"}
        body = {"eventType": "workitem.created", "publisherInputs": {}, "consumerInputs": {"url": "http://127.0.0.1:9/x"}}
        own = (await site.call("ann", "POST", "/_apis/hooks/subscriptions", body)).json()["id"]
        off = await site.call("ann", "PUT", f"/_apis/hooks/subscriptions/{own}", {**body, "status": "disabledByUser"})
        assert off.json()["status"] == "disabledByUser"
        assert (await site.call("ann", "DELETE", f"/_apis/hooks/subscriptions/{own}")).status_code == 204
        assert problem(await site.call("ann", "GET", f"/_apis/hooks/subscriptions/{own}"))[0] == 404


async def test_a_blocked_caller_is_told_when_to_come_back(site: AzureSite) -> None:
    await site.control(reject_next=1)
    answer = await site.call("ann", "GET", "/_apis/projects")
    assert problem(answer) == (429, "RequestBlockedException")
    assert (answer.headers["retry-after"], answer.headers["x-ratelimit-remaining"]) == ("1", "0")
    assert (await site.call("ann", "GET", "/_apis/projects")).status_code == 200


async def test_the_state_tells_who_wrote_what(site: AzureSite) -> None:
    await site.edit("ann", 1, Title="By Ann")
    await site.comment("bob", 1, "<div>By Bob</div>")
    state = await site.state()
    log = [(one["actor"], one["action"], one["item"]) for one in state["log"]]
    assert log == [("ann", "update", "1"), ("bob", "comment", "1")]
    assert state["log"][0]["detail"]["after"] == {"System.Title": "By Ann"}
    item = next(one for one in state["items"] if one["id"] == 1)
    assert (item["rev"], item["fields"]["System.Title"], [one["author"] for one in item["comments"]]) == (4, "By Ann", ["ann", "bob"])
    assert "ann-token" not in str(state)


async def test_an_unknown_resource_and_a_wrong_method(site: AzureSite) -> None:
    assert (await site.call("ann", "GET", "/_apis/wit/weather")).status_code == 404
    assert (await site.call("ann", "PUT", "/_apis/wit/workitems/1")).status_code == 405


async def test_a_page_shows_the_items_to_people(site: AzureSite) -> None:
    await site.edit("ann", 2, Title="Invoices as <PDF>")
    for path in ("/", "/acme", "/acme/Acme%20Shop/_workitems/edit/2"):
        page = await site.client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200, path
        assert "User Story 2: Invoices as &lt;PDF&gt;" in page.text
        assert "Reproduced with coupon ACME-10." in page.text
        assert "Bob Baker" in page.text


async def test_where_resources_are_is_told_for_one_area_too(site: AzureSite) -> None:
    whole = site.good(await site.call("ann", "OPTIONS", "/_apis", api=""))["value"]
    part = site.good(await site.call("ann", "OPTIONS", "/_apis/wit", api=""))["value"]
    assert part == [one for one in whole if one["area"] == "wit"]
    assert len(part) < len(whole)
    area = site.good(await site.call("ann", "GET", "/_apis/resourceAreas/5264459e-e5e0-4bd8-b118-0985e68a4ec5"))
    assert (area["name"], area["locationUrl"]) == ("wit", f"{site.url}/")
    assert (await site.call("ann", "GET", "/_apis/resourceAreas/00000000-0000-0000-0000-000000000000")).json() is None


async def test_a_limit_without_a_pause(site: AzureSite) -> None:
    await site.control(reject_next=2, reject_as="403")
    refused = await site.call("ann", "GET", "/_apis/projects")
    assert (refused.status_code, "retry-after" in refused.headers) == (403, False)
    assert "TF400733" in refused.json()["message"]
    await site.control(reject_as="")
    assert (await site.call("ann", "GET", "/_apis/projects")).headers["retry-after"] == "1"
