"""Columns of the instance's own, in all their types, by label and by element."""

import pytest
from pydantic import JsonValue
from servicenow_site import SETTINGS, Site, access, connected, created, running

from connectors.servicenow.client import WHOLE_PAGE, ServiceNowClient
from connectors.servicenow.connector import ServiceNowConnector
from model.errors import Refused


async def test_every_type_is_written_by_label_and_read_by_element(snow: ServiceNowConnector, site: Site) -> None:
    ann = site.world.users["ann"].sys_id
    network = site.world.referenced("sys_user_group", "Network")
    desk = site.world.referenced("sys_user_group", "Service Desk")
    teams: JsonValue = [{"value": "Network", "id": network}, {"value": "Service Desk", "id": desk}]
    cases: dict[str, tuple[str, JsonValue, JsonValue]] = {
        "Site": ("u_site", "Antwerp", "Antwerp"),
        "Effort": ("u_effort", "7", 7),
        "Cost": ("u_cost", 12.5, 12.5),
        "Target": ("u_target", "2031-04-05", "2031-04-05T00:00:00+00:00"),
        "Promised": ("u_promised", "2031-04-05T06:07:08+02:00", "2031-04-05T04:07:08+00:00"),
        "Kind": ("u_kind", "Hardware", {"value": "Hardware", "id": "hw"}),
        "Approver": ("u_approver", {"email": "bob@acme.test"}, None),
        "VIP": ("u_vip", True, True),
        "Link": ("u_link", "https://acme.test/x?a=1", "https://acme.test/x?a=1"),
        "Teams": ("u_teams", ["Network", {"value": "Service Desk"}], teams),
        "Cause": ("u_cause", "A **loose** screw", "A **loose** screw"),
        "Business duration": ("business_duration", 28800, 28800),
        "Watch list": ("watch_list", [{"username": "ann"}], [{"value": "Ann Archer", "id": ann}]),
    }  # fmt: skip
    item_id = await created(snow)
    written = await snow.update(item_id, {label: value for label, (_, value, _) in cases.items()})
    bob = {"key": site.world.users["bob"].sys_id, "username": "bob", "email": "bob@acme.test", "displayName": "Bob Baker"}
    wanted = {label: shown for label, (_, _, shown) in cases.items()} | {"Approver": bob}
    wanted["Target"] = "2031-04-05"
    assert written.fields == wanted
    item = await snow.read(item_id)
    assert {label: item.fields[element] for label, (element, _, _) in cases.items()} == wanted
    emptied = await snow.update(item_id, {element: None for _, (element, _, _) in cases.items() if element != "u_vip"})
    assert set(emptied.fields.values()) == {None}
    assert (await snow.update(item_id, {"u_promised": 1_900_000_000_000})).fields == {"u_promised": "2030-03-17T17:46:40+00:00"}


async def test_parents_and_other_records_are_referred_to_by_number(snow: ServiceNowConnector, site: Site) -> None:
    item_id = await created(snow, Parent="INC0000002", problem_id={"value": "PRB0000001"})
    fields = (await snow.read(item_id)).fields
    assert fields["Parent"] == {"value": "INC0000002", "id": site.named("Scanner sleeps").partition("/")[2]}
    assert fields["Problem"] == fields["problem_id"]
    await snow.update(item_id, {"problem_id": str((await snow.find({"table": "problem"}, "PRB0000001")).id).partition("/")[2]})
    assert (await snow.read(item_id)).fields["problem_id"] == fields["problem_id"]
    with pytest.raises(Refused, match="table 'problem' has no single active record for 'PRB9'"):
        await snow.update(item_id, {"problem_id": "PRB9"})
    with pytest.raises(Refused, match="table 'cmn_location' has no single active record for 'Antwerp'"):
        await snow.update(item_id, {"Location": "Antwerp"})


async def test_an_address_that_two_people_share_is_the_active_ones(snow: ServiceNowConnector, site: Site) -> None:
    item_id = await created(snow, assignee={"email": "ann@acme.test"})
    assert (await site.raw(item_id))["assigned_to"] == site.world.users["ann"].sys_id
    person: JsonValue = {"user_name": "ann2", "first_name": "Anna", "last_name": "Other", "email": "ann@acme.test"}
    users: list[JsonValue] = [
        {"user_name": name, "first_name": name, "last_name": "x", "email": f"{name}@acme.test"} for name in ("ann", "cat")
    ]
    seed: dict[str, JsonValue] = {"users": [*users, person], "records": []}
    async with running(seed) as crowded, connected(crowded) as other:
        with pytest.raises(Refused, match=r"no single active record for 'ann@acme\.test'"):
            await other.create(SETTINGS, {"summary": "x", "assignee": {"email": "ann@acme.test"}}, "m-1")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("Effort", 7.5, "'Effort' takes a whole number, not 7.5"),
        ("Cost", "much", "'Cost' takes a number, not 'much'"),
        ("VIP", "perhaps", "'VIP' takes true or false"),
        ("Promised", "soon", "'Promised' takes a time"),
        ("Kind", {"value": "Wetware"}, r"'Kind' has no option 'Wetware' \(options: 'Hardware', 'Software'\)"),
        ("Site", ["a"], "'Site' takes text"),
        ("Site", "x" * 21, "'Site' takes 20 characters, not 21"),
        ("Audited", "x", "'Audited' of table 'incident' cannot be written"),
        ("sys_created_by", "eve", "cannot be written"),
        ("comments", "x", "cannot be written"),
    ],
)
async def test_a_value_of_another_type_is_refused_before_any_write(
    snow: ServiceNowConnector, site: Site, field: str, value: JsonValue, said: str
) -> None:
    with pytest.raises(Refused, match=said) as caught:
        await snow.update(site.named("Scanner sleeps"), {field: value})
    assert caught.value.field == field
    assert await site.writes("twinline") == []


async def test_a_due_day_keeps_the_hour_that_it_has(snow: ServiceNowConnector, site: Site) -> None:
    item_id = site.named("Scanner sleeps")
    await site.edit("ann", item_id, due_date="2031-04-05 16:30:00")
    assert (await snow.read(item_id)).fields["due"] == "2031-04-05"
    await snow.update(item_id, {"due": "2031-04-05", "summary": "x"})
    assert (await site.raw(item_id))["due_date"] == "2031-04-05 16:30:00"
    assert (await snow.update(item_id, {"due": "2031-04-06"})).fields == {"due": "2031-04-06"}


async def test_choices_on_a_second_page_are_known(snow: ServiceNowConnector, site: Site) -> None:
    common = {"name": "incident", "element": "u_kind", "inactive": "false", "language": "en", "sequence": "9"}
    for number in range(WHOLE_PAGE + 1):
        row = site.world.new_row("sys_choice", "root")
        site.world.put("sys_choice", {**row, **common, "value": f"v{number}", "label": f"Label {number}"})
    found = [await snow.lookup(SETTINGS, "option", ("Kind", f"Label {number}")) for number in range(WHOLE_PAGE + 1)]
    assert None not in found


async def test_a_table_of_very_many_columns_is_read_whole(site: Site) -> None:
    client = ServiceNowClient(access(site.url))
    row = await client.row(
        "incident", site.named("Printer on fire").partition("/")[2], tuple(f"u_column_{number}" for number in range(500))
    )
    await client.aclose()
    assert row.raw("short_description") == "Printer on fire"


async def test_categories_of_states(snow: ServiceNowConnector) -> None:
    found: dict[str, list[str]] = {}
    for table in ("incident", "problem", "change_request"):
        names = {"incident": ("New", "On Hold", "Resolved", "Closed", "Canceled"), "problem": ("New", "Fix in Progress", "Resolved")}
        for name in names.get(table, ("New", "Review", "Closed", "Canceled")):
            status = await snow.lookup({"table": table}, "status", (name,))
            assert isinstance(status, dict)
            found.setdefault(str(status["category"]), []).append(f"{table} {name}")
    assert found == {
        "new": ["incident New", "problem New", "change_request New"],
        "indeterminate": ["incident On Hold", "problem Fix in Progress", "change_request Review"],
        "done": [
            "incident Resolved", "incident Closed", "incident Canceled", "problem Resolved", "change_request Closed",
            "change_request Canceled",
        ],
    }  # fmt: skip
