"""What the connector promises, kept against the fake."""

import pytest
from pydantic import JsonValue
from servicenow_site import ORDERS, SETTINGS, Site, an_hour_ago, connected, created, new_marker, running

from connectors.servicenow.connector import ServiceNowConnector
from model.errors import Ambiguous, Gone, LoginRejected, Misconfigured, NotFound, RateLimited, Refused, Stale, Unavailable

MARKDOWN = "Hello **Ann**\n\n- one\n- two\n\n```\ncode\n```"


async def test_check_accepts_the_account_and_a_side(snow: ServiceNowConnector) -> None:
    await snow.check(None)
    await snow.check({"table": "incident", "query": "active=true^assignment_group.name=Network^ORassignment_groupISEMPTY"})
    await snow.check(ORDERS)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"table": "incidnt"}, "no dictionary of table 'incidnt'"),
        ({"table": "sys_user_group"}, "'u_twinline_id'"),
        ({"table": "u_blank"}, "no column for a summary"),
        ({"table": "problem"}, "'problem' cannot be synchronised"),
        ({"table": "incident", "query": "actve=true"}, "no column 'actve'"),
        ({"table": "incident", "query": "active=true^ORDERBYnumber"}, "leave the order out"),
    ],
)
async def test_check_names_what_is_wrong(settings: dict[str, JsonValue], said: str) -> None:
    async with running({"unreadable": ["problem"]}) as site, connected(site) as snow:
        with pytest.raises(Misconfigured, match=said):
            await snow.check(settings)


async def test_check_rejects_a_wrong_password_and_does_not_tell_it(site: Site) -> None:
    async with connected(site, user="twinline", password="not-my-word") as stranger:
        with pytest.raises(LoginRejected) as caught:
            await stranger.check(None)
    assert "not-my-word" not in caught.value.message


async def test_check_needs_the_dictionary_and_time_zone_gmt() -> None:
    async with running({"roles": ["itil"]}) as site, connected(site) as snow:
        with pytest.raises(Refused, match="sys_db_object"):
            await snow.check(SETTINGS)
    async with running({"time_zone": "US/Pacific"}) as site, connected(site) as snow:
        with pytest.raises(Misconfigured, match="set time zone GMT"):
            await snow.check(SETTINGS)
        with pytest.raises(Misconfigured, match="set time zone GMT"):
            await snow.changes(SETTINGS, "")


async def test_a_created_incident_carries_fields_and_marker(snow: ServiceNowConnector, site: Site) -> None:
    marker = new_marker()
    written = await snow.create(
        SETTINGS,
        {
            "summary": "Crash <b> & é😀",
            "description": MARKDOWN,
            "status": {"name": "in progress"},
            "priority": {"name": "1 - Critical"},
            "assignee": {"email": "bob@acme.test", "key": "of another platform"},
            "reporter": {"username": "cat"},
            "due": "2031-04-05",
            "Assignment group": "Network",
        },
        marker,
    )
    item = await snow.read(written.ref.id)
    assert item.marker == marker
    assert item.ref == written.ref
    assert item.ref.key.startswith("INC")
    assert item.ref.url.endswith(f"/nav_to.do?uri=%2Fincident.do%3Fsys_id%3D{item.ref.id.partition('/')[2]}")
    assert {name: item.fields[name] for name in written.fields} == written.fields
    assert item.fields["description"] == MARKDOWN
    assert item.fields["status"] == {"name": "In Progress", "id": "2", "category": "indeterminate"}
    assert item.fields["priority"] == {"name": "1 - Critical", "id": "1"}
    assert (item.fields["impact"], item.fields["urgency"]) == ({"value": "1 - High", "id": "1"}, {"value": "1 - High", "id": "1"})
    bob = site.world.users["bob"].sys_id
    assert item.fields["assignee"] == {"key": bob, "username": "bob", "email": "bob@acme.test", "displayName": "Bob Baker"}
    assert item.fields["due"] == "2031-04-05"
    assert item.fields["project"] == {"key": "incident", "name": "Incident", "id": "incident"}
    assert (await site.raw(item.ref.id))["correlation_display"] == "Twinline"


async def test_a_look_up_that_cannot_be_read_is_that_of_a_fresh_instance() -> None:
    async with running({"unreadable": ["dl_u_priority", "cmdb_ci"]}) as site, connected(site) as snow:
        item_id = await created(snow, priority={"name": "2 - High"})
        raw = await site.raw(item_id)
        assert (raw["priority"], raw["impact"], raw["urgency"]) == ("2", "1", "2")


async def test_text_is_read_as_it_was_written(snow: ServiceNowConnector) -> None:
    written = "One  \r\n\r\n\r\n**two**\n"
    item_id = await created(snow, description=written)
    assert (await snow.read(item_id)).fields["description"] == snow.as_read(written) == "One\n\n**two**"
    assert await snow.history(item_id, an_hour_ago()) == ()


async def test_the_marker_finds_the_record(snow: ServiceNowConnector) -> None:
    marker = new_marker()
    written = await snow.create(SETTINGS, {"summary": "Marked"}, marker)
    found = await snow.find_by_marker(SETTINGS, marker, an_hour_ago())
    assert found is not None
    assert found.ref.id == written.ref.id
    assert await snow.find_by_marker(SETTINGS, marker[:-1], an_hour_ago()) is None
    assert await snow.find_by_marker({"table": "problem"}, marker, an_hour_ago()) is None


async def test_an_id_of_another_integration_is_no_marker(snow: ServiceNowConnector, site: Site) -> None:
    made = await site.call("ann", "POST", "/api/now/table/incident", {"short_description": "x", "correlation_id": "t-1"})
    item = await snow.read(f"incident/{made.json()['result']['sys_id']}")
    assert item.marker is None
    assert await snow.find_by_marker(SETTINGS, "t-1", an_hour_ago()) is None


async def test_a_table_of_the_customer_keeps_the_marker_in_a_column_of_its_own(snow: ServiceNowConnector) -> None:
    marker = new_marker()
    written = await snow.create(ORDERS, {"summary": "Two anvils", "description": "For **Acme**", "status": "Shipped"}, marker)
    item = await snow.read(written.ref.id)
    assert (item.marker, item.ref.key[:3]) == (marker, "ORD")
    assert item.fields["description"] == "For **Acme**"
    assert item.fields["status"] == {"name": "Shipped", "id": "shipped", "category": "indeterminate"}
    with pytest.raises(Refused, match="no journal 'comments'"):
        await snow.add_comment(item.ref.id, "x", internal=False, marker="m-1")


async def test_nothing_is_created_where_no_column_takes_the_marker(snow: ServiceNowConnector, site: Site) -> None:
    with pytest.raises(Misconfigured, match="'u_twinline_id'"):
        await snow.create({"table": "cmdb_ci"}, {"summary": "Server"}, "m-1")
    assert await site.writes("twinline") == []


async def test_a_marker_that_is_not_kept_is_refused() -> None:
    async with running({"unwritable": ["correlation_id"]}) as site, connected(site) as snow:
        with pytest.raises(Refused, match=r"made INC\d+ without its mark"):
            await created(snow)


async def test_an_update_answers_what_was_written(snow: ServiceNowConnector) -> None:
    item_id = await created(snow, description="Old", assignee={"username": "bob"})
    before = await snow.read(item_id)
    written = await snow.update(
        item_id,
        {
            "summary": "New",
            "description": MARKDOWN + "\n\n\n",
            "status": {"name": "Resolved"},
            "resolution": {"name": "Workaround provided"},
            "close_notes": "Put out",
            "assignee": None,
        },
        before.version,
    )
    item = await snow.read(item_id)
    assert item.marker == before.marker
    assert item.version.startswith(f"{written.version}/")
    assert item.version.startswith("1/")
    assert {name: item.fields[name] for name in written.fields} == written.fields
    assert written.fields == {
        "summary": "New",
        "description": MARKDOWN,
        "status": {"name": "Resolved", "id": "6", "category": "done"},
        "resolution": {"name": "Workaround provided", "id": "Workaround provided"},
        "close_notes": "Put out",
        "assignee": None,
    }
    again = await snow.transition(item_id, "In Progress")
    assert again.fields["status"] == {"name": "In Progress", "id": "2", "category": "indeterminate"}


async def test_resolving_without_code_and_notes_is_refused_with_the_field(snow: ServiceNowConnector) -> None:
    item_id = await created(snow)
    with pytest.raises(Refused, match=r"mandatory.*Resolution code, Resolution notes") as caught:
        await snow.transition(item_id, "Resolved")
    assert caught.value.field == "resolution"
    assert (await snow.read(item_id)).fields["status"] == {"name": "New", "id": "1", "category": "new"}
    with pytest.raises(Refused, match="Additional comments"):
        await snow.update(item_id, {"status": {"name": "On Hold"}, "On hold reason": "Awaiting Caller"})


async def test_priority_moves_impact_and_urgency_as_little_as_it_can(snow: ServiceNowConnector, site: Site) -> None:
    item_id = await created(snow, impact="2 - Medium", urgency="3 - Low")
    pairs: dict[str, tuple[JsonValue, JsonValue]] = {}
    for name in ("4 - Low", "3 - Moderate", "1 - Critical", "5 - Planning"):
        written = await snow.update(item_id, {"priority": {"name": name}})
        assert written.fields["priority"] == {"name": name, "id": name[0]}
        raw = await site.raw(item_id)
        pairs[name] = (raw["impact"], raw["urgency"])
    assert pairs == {"4 - Low": ("2", "3"), "3 - Moderate": ("2", "2"), "1 - Critical": ("1", "1"), "5 - Planning": ("3", "3")}


async def test_what_does_not_fit_is_refused_with_the_options(snow: ServiceNowConnector) -> None:
    item_id = await created(snow)
    with pytest.raises(Refused, match=r"'priority' has no option 'P0' \(options: '1 - Critical', '2 - High'") as caught:
        await snow.update(item_id, {"priority": {"name": "P0"}})
    assert caught.value.field == "priority"
    with pytest.raises(Refused, match=r"'assignee': table 'sys_user' has no single active record for 'eve@acme\.test'"):
        await snow.update(item_id, {"assignee": {"email": "eve@acme.test", "displayName": "Bob Baker"}})
    with pytest.raises(Refused, match="no column for field 'Weather'"):
        await snow.update(item_id, {"Weather": "fine"})
    with pytest.raises(Refused, match="'Number' of table 'incident' cannot be written"):
        await snow.update(item_id, {"Number": "INC1"})
    with pytest.raises(Refused, match="'summary' takes 160 characters, not 161"):
        await snow.update(item_id, {"summary": "x" * 161})
    assert (await snow.read(item_id)).version.startswith("0/")


async def test_a_value_that_the_platform_leaves_aside_is_refused() -> None:
    async with running({"unwritable": ["assigned_to"]}) as site, connected(site) as snow:
        item_id = await created(snow)
        with pytest.raises(Refused, match=r"left field 'assignee' of INC\d+ as it was") as caught:
            await snow.update(item_id, {"assignee": {"username": "bob"}})
    assert caught.value.field == "assignee"


async def test_a_version_that_is_over_is_stale(snow: ServiceNowConnector, site: Site) -> None:
    item_id = await created(snow)
    seen = (await snow.read(item_id)).version
    await site.edit("ann", item_id, short_description="By Ann")
    with pytest.raises(Stale) as caught:
        await snow.update(item_id, {"summary": "By Twinline"}, seen)
    assert caught.value.version.startswith("1/")
    assert (await snow.read(item_id)).fields["summary"] == "By Ann"
    assert not snow.capabilities.compare_and_set


async def test_a_deleted_record_is_gone_where_that_can_be_proved() -> None:
    for unreadable, error in (([], Gone), (["sys_audit_delete"], NotFound)):
        async with running({"unreadable": [*unreadable]}) as site, connected(site) as snow:
            item_id = await created(snow)
            await site.call("root", "DELETE", f"/api/now/table/{item_id}")
            with pytest.raises(error):
                await snow.read(item_id)


async def test_what_is_absent_or_hidden_is_not_found(snow: ServiceNowConnector, site: Site) -> None:
    for item_id in (f"incident/{'0' * 32}", f"problem/{site.named('Scanner sleeps').partition('/')[2]}", "incident/x", "17"):
        with pytest.raises(NotFound):
            await snow.read(item_id)


async def test_a_table_that_is_hidden_as_a_whole_hides_its_records() -> None:
    async with running({"unreadable": ["problem"]}) as site, connected(site) as snow:
        with pytest.raises(NotFound, match="hidden from Twinline's account"):
            await snow.read(f"problem/{site.world.referenced('problem', 'PRB0000001')}")


async def test_records_are_found_by_number_id_and_address(snow: ServiceNowConnector, site: Site) -> None:
    item_id = site.named("Printer on fire")
    sys_id = item_id.partition("/")[2]
    keys = (
        "INC0000001",
        " inc0000001 ",
        sys_id,
        f"{site.url}/nav_to.do?uri=%2Fincident.do%3Fsys_id%3D{sys_id}",
        f"{site.url}/now/sow/record/incident/{sys_id}",
        f"{site.url}/incident.do?sysparm_query=number=INC0000001",
    )
    assert {(await snow.find(SETTINGS, key)).id for key in keys} == {item_id}
    for settings, key in ((SETTINGS, "INC9999999"), (SETTINGS, "a b"), ({"table": "problem"}, sys_id), ({"query": "state=7"}, sys_id)):
        with pytest.raises(NotFound):
            await snow.find(settings, key)


async def test_faults_become_our_errors(snow: ServiceNowConnector, site: Site) -> None:
    item_id = site.named("Printer on fire")
    await snow.read(item_id)
    await site.control(lose_response=1)
    with pytest.raises(Ambiguous):
        await snow.update(item_id, {"summary": "Lost"})
    assert (await snow.read(item_id)).fields["summary"] == "Lost"
    await site.control(down=True)
    with pytest.raises(Unavailable):
        await snow.read(item_id)
    with pytest.raises(Ambiguous):
        await snow.create(SETTINGS, {"summary": "x"}, new_marker())
    await site.control(down=False, reject_next=1)
    with pytest.raises(RateLimited) as caught:
        await snow.read(item_id)
    assert caught.value.retry_after == 1


async def test_a_lost_creation_is_found_by_its_marker(snow: ServiceNowConnector, site: Site) -> None:
    await snow.check(SETTINGS)
    marker = new_marker()
    await site.control(lose_response=1)
    with pytest.raises(Ambiguous):
        await snow.create(SETTINGS, {"summary": "Once"}, marker)
    found = await snow.find_by_marker(SETTINGS, marker, an_hour_ago())
    assert found is not None
    assert found.fields["summary"] == "Once"


async def test_rules_get_their_answers(snow: ServiceNowConnector, site: Site) -> None:
    bob: dict[str, JsonValue] = {
        "key": site.world.users["bob"].sys_id,
        "username": "bob",
        "email": "bob@acme.test",
        "displayName": "Bob Baker",
    }
    answers: dict[tuple[str, ...], JsonValue] = {
        ("status", "resolved"): {"name": "Resolved", "id": "6", "category": "done"},
        ("status", "Done"): None,
        ("priority", "2 - High"): {"name": "2 - High", "id": "2"},
        ("resolution", "User error"): {"name": "User error", "id": "User error"},
        ("project", "problem"): {"key": "problem", "name": "Problem", "id": "problem"},
        ("project", "nope"): None,
        ("issue_type", "Incident"): {"name": "Incident", "id": "incident"},
        ("user_by_email", "BOB@acme.test"): bob,
        ("user_by_username", "bob"): bob,
        ("user", "bob"): bob,
        ("user", str(bob["key"])): bob,
        ("user_by_email", "eve@acme.test"): None,
        ("user_by_email", "x^user_name=bob"): None,
        ("option", "Kind", "Hardware"): {"value": "Hardware", "id": "hw"},
        ("custom_field", "u_kind"): {"id": "u_kind", "name": "Kind", "type": "string"},
        ("custom_field", "Weather"): None,
        ("component", "Web"): None,
        ("status", ""): None,
    }
    assert {ask: await snow.lookup(SETTINGS, ask[0], ask[1:]) for ask in answers} == answers


async def test_a_rule_asks_the_api_itself(snow: ServiceNowConnector) -> None:
    found = await snow.lookup(SETTINGS, "http", ("GET", "/api/now/table/incident", '{"sysparm_query": "number=INC0000001"}', None, None))
    assert isinstance(found, dict)
    assert found["code"] == 200
    assert "Printer on fire" in str(found["body"])


async def test_a_field_edit_costs_one_read_and_one_write(snow: ServiceNowConnector, site: Site) -> None:
    item_id = site.named("Printer on fire")
    await snow.update(item_id, {"summary": "warm", "assignee": {"username": "bob"}})
    before = await site.calls()
    await snow.update(item_id, {"summary": "measured", "assignee": {"username": "ann"}})
    after = await site.calls()
    assert after["PATCH"] - before["PATCH"] == 1
    assert after["GET"] - before["GET"] <= 3
