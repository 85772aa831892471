"""The fake as others see it: the Table API's parameters, its own log, and a client library that knows nothing of us."""

import warnings
from pathlib import Path
from typing import Any, cast

import pytest
from servicenow_site import SECRET, USER, Json, Site, created, running

from connectors.servicenow.connector import ServiceNowConnector

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import aiosnow
    from aiosnow.models.table.declared import IncidentModel

INCIDENTS = "/api/now/table/incident"


async def _first(site: Site, path: str = INCIDENTS, login: str = "ann", **parameters: str) -> Json:
    answer = await site.call(login, "GET", path, **{"sysparm_limit": "1", "sysparm_query": "ORDERBYnumber", **parameters})
    return cast("list[Json]", answer.json()["result"])[0]


async def test_values_and_display_values() -> None:
    async with running({"time_zone": "US/Pacific"}) as site:
        hardware = site.world.referenced("sys_user_group", "Hardware")
        link = f"{site.url}/api/now/table/sys_user_group/{hardware}"
        fields = "state,assignment_group,due_date,nonsense,assigned_to.email"
        await site.edit("ann", site.named("Printer on fire"), due_date="2031-01-02 12:00:00")
        shown = {
            display: await _first(site, login=USER, sysparm_display_value=display, sysparm_fields=fields)
            for display in ("false", "true", "all")
        }
        assert shown["false"] == {
            "state": "2",
            "assignment_group": {"link": link, "value": hardware},
            "due_date": "2031-01-02 12:00:00",
            "assigned_to.email": "bob@acme.test",
        }
        assert shown["true"] == {
            "state": "In Progress",
            "assignment_group": {"display_value": "Hardware", "link": link},
            "due_date": "2031-01-02 04:00:00",
            "assigned_to.email": "bob@acme.test",
        }
        assert shown["all"]["assignment_group"] == {"display_value": "Hardware", "value": hardware, "link": link}
        assert shown["all"]["due_date"] == {"display_value": "2031-01-02 04:00:00", "value": "2031-01-02 12:00:00"}
        bare = await _first(site, sysparm_fields=fields, sysparm_exclude_reference_link="true")
        assert bare["assignment_group"] == hardware


async def test_journals_read_empty_but_for_their_display_value(site: Site) -> None:
    assert (await _first(site))["comments"] == ""
    shown = await _first(site, sysparm_display_value="true", sysparm_fields="comments,work_notes")
    assert str(shown["comments"]).endswith(" - Bob Baker (Additional comments)\nLooking\n\n")
    assert "Contract ends in May" in str(shown["work_notes"])


async def test_pages_have_links_and_a_count(site: Site) -> None:
    for number in range(5):
        await site.call("ann", "POST", INCIDENTS, {"short_description": f"No. {number}"})
    answer = await site.call("ann", "GET", INCIDENTS, sysparm_limit="3", sysparm_offset="3", sysparm_query="ORDERBYDESCnumber")
    assert [one["number"] for one in answer.json()["result"]] == ["INC0000004", "INC0000003", "INC0000002"]
    assert answer.headers["x-total-count"] == "7"
    relations = {one.partition('rel="')[2].rstrip('"'): one for one in answer.headers["link"].split(",<")}
    assert {name: "sysparm_offset=6" in one for name, one in relations.items()} == {
        "first": False,
        "prev": False,
        "next": True,
        "last": True,
    }
    last = await site.call("ann", "GET", INCIDENTS, sysparm_limit="3", sysparm_offset="6", sysparm_no_count="true")
    assert 'rel="next"' not in last.headers["link"]
    assert "x-total-count" not in last.headers
    bare = await site.call("ann", "GET", INCIDENTS, sysparm_suppress_pagination_header="true")
    assert "link" not in bare.headers


async def test_input_display_values_are_in_the_callers_zone_and_words() -> None:
    async with running({"time_zone": "US/Pacific"}) as site:
        values = {"short_description": "x", "due_date": "2031-01-02 04:00:00", "state": "On Hold", "assigned_to": "Bob Baker"}
        made = await site.call(USER, "POST", INCIDENTS, values, sysparm_input_display_value="true")
        row = made.json()["result"]
        assert (row["due_date"], row["state"]) == ("2031-01-02 12:00:00", "3")
        assert row["assigned_to"]["value"] == site.world.users["bob"].sys_id
        assert made.headers["location"].endswith(f"/incident/{row['sys_id']}")
        found = await site.call(USER, "GET", INCIDENTS, sysparm_query="due_date>=2031-01-02 04:00:00")
        assert len(found.json()["result"]) == 1


async def test_an_update_of_nothing_moves_nothing_and_unknown_columns_are_left_aside(site: Site) -> None:
    item = site.named("Scanner sleeps")
    await site.edit("ann", item, short_description="Scanner sleeps", weather="fine", priority="1", number="INC9")
    raw = await site.raw(item)
    assert (raw["sys_mod_count"], raw["priority"], raw["number"]) == ("0", "5", "INC0000002")
    await site.edit("ann", item, impact="1", urgency="1", short_description="x" * 200)
    raw = await site.raw(item)
    assert (raw["sys_mod_count"], raw["priority"], raw["short_description"], raw["sys_updated_by"]) == ("1", "1", "x" * 160, "ann")


async def test_access_rules_hide_rows_and_tables(site: Site) -> None:
    mine = await site.call("cat", "GET", INCIDENTS)
    assert [one["short_description"] for one in mine.json()["result"]] == ["Printer on fire"]
    assert mine.headers["x-total-count"] == "2"
    hidden = site.named("Scanner sleeps")
    assert (await site.call("cat", "GET", f"/api/now/table/{hidden}")).status_code == 404
    assert (await site.call("cat", "PATCH", f"/api/now/table/{site.named('Printer on fire')}", {"state": "2"})).status_code == 403
    assert (await site.call("ann", "GET", "/api/now/table/sys_audit_delete")).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "json", "status", "message"),
    [
        ("GET", "/api/now/table/incidnt", None, 400, "Invalid table incidnt"),
        ("GET", f"{INCIDENTS}/{'0' * 32}", None, 404, "No Record found"),
        ("GET", "/api/now/v1/table/incident?sysparm_query=number=INC9", None, 404, "No Record found"),
        ("GET", "/api/now/nothing", None, 400, "Requested URI does not represent any resource"),
        ("POST", INCIDENTS, None, 415, "Unsupported Media Type"),
        ("POST", INCIDENTS, "x", 400, "Exception while reading request"),
        ("PATCH", f"{INCIDENTS}/{'0' * 32}", {}, 404, "No Record found"),
        ("GET", f"/api/now/attachment/{'0' * 32}/file", None, 404, "No Record found"),
    ],
)
async def test_refusals_have_its_form(site: Site, method: str, path: str, json: object, status: int, message: str) -> None:
    answer = await site.call("ann", method, path, json)
    assert (answer.status_code, answer.json()["status"], answer.json()["error"]["message"]) == (status, "failure", message)


async def test_limits_and_log_in(site: Site) -> None:
    await site.control(reject_next=1)
    limited = await site.call("ann", "GET", INCIDENTS)
    assert (limited.status_code, limited.headers["retry-after"], limited.headers["x-ratelimit-limit"]) == (429, "1", "100")
    anonymous = await site.client.get(INCIDENTS)
    assert (anonymous.status_code, anonymous.json()["error"]["message"]) == (401, "User Not Authenticated")
    assert (await site.call("old", "GET", INCIDENTS)).status_code == 401
    refused = await site.client.get(INCIDENTS, auth=("ann", "ann-secret"), headers={"Accept": "text/csv"})
    assert refused.status_code == 406


async def test_an_upload_by_form_has_the_file_last(site: Site) -> None:
    sys_id = site.named("Scanner sleeps").partition("/")[2]
    fields = {"table_name": "incident", "table_sys_id": sys_id}
    auth = ("ann", "ann-secret")
    made = await site.client.post(
        "/api/now/attachment/upload", data=fields, files={"uploadFile": ("a.txt", b"abc", "text/plain")}, auth=auth
    )
    assert (made.status_code, made.json()["result"]["size_bytes"]) == (201, "3")
    wrong = await site.client.post("/api/now/attachment/upload", files={"table_name": (None, "incident")}, auth=auth)
    assert wrong.status_code == 400


async def test_the_state_tells_who_wrote_what(snow: ServiceNowConnector, site: Site) -> None:
    item_id = await created(snow)
    await snow.add_comment(item_id, "Hi", internal=True, marker="m-1")
    await site.edit("ann", item_id, short_description="By Ann")
    file = await site.attach("ann", item_id, "a.bin", b"abc")
    await site.call("ann", "DELETE", f"/api/now/attachment/{file}")
    state = await site.state()
    log = [(one["actor"], one["action"]) for one in cast("list[Json]", state["log"]) if one["item"] == item_id]
    assert log == [(USER, "insert"), (USER, "comment"), ("ann", "update"), ("ann", "attach"), ("ann", "detach")]
    [item] = [one for one in cast("list[Json]", state["items"]) if one["id"] == item_id]
    assert (item["short_description"], item["attachments"]) == ("By Ann", [])
    assert "twinline:m-1" in str(item["notes"])
    readings = (await site.client.get("/_fake/log")).json()
    assert [one["item"] for one in readings if one["action"] == "read" and one["actor"] == USER] == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_a_client_library_finds_its_way(site: Site, tmp_path: Path) -> None:
    """aiosnow (https://pypi.org/project/aiosnow), as Ann: read, create, update, page, attach, download, delete."""
    (tmp_path / "smoke.txt").write_bytes(b"smoke")
    model: Any = IncidentModel
    client = aiosnow.Client(site.url.removeprefix("http://"), basic_auth=("ann", "ann-secret"), use_ssl=False)
    async with model(client, table_name="incident") as incidents:
        first = (await incidents.get_one(model.number == "INC0000001")).data
        assert (first["short_description"], first["state"].value, first["priority"].key) == ("Printer on fire", "In Progress", 2)
        made = (await incidents.create({"short_description": "By a library", "impact": 1, "urgency": 1})).data
        assert (made["number"], made["priority"].value) == ("INC0000003", "1 - Critical")
        await incidents.update(made["sys_id"], {"state": 2, "comments": "Hello"})
        again = (await incidents.get_one(model.short_description.starts_with("By a"))).data
        assert again["state"].value == "In Progress"
        names = [one["number"] async for _, one in incidents.stream(model.number.starts_with("INC"), limit=3, page_size=1)]
        assert sorted(names) == ["INC0000001", "INC0000002", "INC0000003"]
        await incidents.upload_file(model.sys_id == made["sys_id"], str(tmp_path / "smoke.txt"))
        [file] = site.world.attachments(made["sys_id"])
        assert site.world.files[file["sys_id"]] == b"smoke"
        await incidents.delete(made["sys_id"])
        assert site.world.row("incident", made["sys_id"]) is None
    assert SECRET not in str(site.world.log)
