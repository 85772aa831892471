"""The connector's promises about fields, kept against the fake over HTTP."""

from datetime import timedelta

import pytest
from pydantic import JsonValue
from salesforce_site import ANN, SETTINGS, Site, an_hour_ago, connected, created, new_marker, running

from connectors.kit.fresh import Fresh
from connectors.salesforce.connector import SalesforceConnector
from model.errors import Ambiguous, Gone, Misconfigured, NotFound, RateLimited, Refused, Stale, Unavailable
from model.item import Fields

MARKDOWN = "Hello **Ann**\n\n- one\n- two\n\n```\ncode\n```"
INTERNAL: dict[str, JsonValue] = {"object": "Case", "record_type": "Internal_Request"}


async def test_check_accepts_the_account_and_the_object(salesforce: SalesforceConnector) -> None:
    await salesforce.check(None)
    await salesforce.check(INTERNAL)
    await salesforce.check({"object": "Incident_Report__c"})


async def test_check_names_what_is_wrong(salesforce: SalesforceConnector) -> None:
    with pytest.raises(Misconfigured, match="no object 'Nope__c'"):
        await salesforce.check({"object": "Nope__c"})
    with pytest.raises(Misconfigured, match=r"no record type 'Sales' \(record types: 'Support', 'Internal_Request'\)"):
        await salesforce.check({"object": "Case", "record_type": "Sales"})


async def test_a_created_case_carries_fields_and_marker(salesforce: SalesforceConnector, site: Site) -> None:
    marker = new_marker()
    written = await salesforce.create(
        SETTINGS,
        {
            "summary": "Crash <b> & é😀 'quoted'",
            "description": MARKDOWN,
            "status": {"name": "working"},
            "priority": {"name": "High"},
            "type": {"name": "Electrical"},
            "assignee": {"email": "ann@acme.test"},
        },
        marker,
    )
    item = await salesforce.read(written.ref.id)
    assert item.marker == marker
    assert item.ref == written.ref
    assert item.ref.url == f"{site.url}/lightning/r/Case/{item.ref.id}/view"
    assert item.ref.key == "00001001"
    assert {name: item.fields[name] for name in written.fields} == written.fields
    assert item.fields["summary"] == "Crash <b> & é😀 'quoted'"
    assert item.fields["description"] == MARKDOWN
    assert item.fields["status"] == {"name": "Working", "id": "Working", "category": "indeterminate"}
    assert item.fields["priority"] == {"name": "High", "id": "High"}
    assert item.fields["type"] == {"name": "Electrical", "id": "Electrical"}
    assert item.fields["assignee"] == {**ANN, "username": None}
    assert item.fields["project"] == {"key": "Case", "name": "Case", "id": "Case"}
    assert item.fields["creator"] == {
        "key": "005000000000001AAA",
        "username": "twinline",
        "email": "agent@acme.test",
        "displayName": "Twin Agent",
    }


async def test_a_record_type_is_given_and_limits_the_options(salesforce: SalesforceConnector, site: Site) -> None:
    written = await salesforce.create(INTERNAL, {"summary": "Internal"}, new_marker())
    assert (await site.raw(written.ref.id))["RecordTypeId"] == site.world.record_type("Internal_Request").id
    with pytest.raises(Refused, match=r"'type' has no option 'Mechanical' \(options: 'Other'\)"):
        await salesforce.create(INTERNAL, {"summary": "x", "type": {"name": "Mechanical"}}, new_marker())
    assert await salesforce.lookup(INTERNAL, "status", ("Working",)) is None
    assert await salesforce.lookup(SETTINGS, "status", ("Working",)) is not None


async def test_the_marker_finds_the_case(salesforce: SalesforceConnector) -> None:
    marker = new_marker()
    written = await salesforce.create(SETTINGS, {"summary": "Marked"}, marker)
    found = await salesforce.find_by_marker(SETTINGS, marker, an_hour_ago())
    assert found is not None
    assert found.ref.id == written.ref.id
    assert await salesforce.find_by_marker(SETTINGS, marker[:-1], an_hour_ago()) is None


async def test_a_repeated_create_gives_the_first_one_and_overwrites_nothing(salesforce: SalesforceConnector, site: Site) -> None:
    marker = new_marker()
    first = await salesforce.create(SETTINGS, {"summary": "Once"}, marker)
    await site.edit("Case", first.ref.id, Subject="Edited by Bob")
    again = await salesforce.create(SETTINGS, {"summary": "Once"}, marker)
    assert again.ref == first.ref
    assert again.fields == {"summary": "Edited by Bob"}
    assert len(site.world.rows(site.world.records[first.ref.id].table)) == 1


async def test_without_a_field_for_it_the_marker_ends_the_description() -> None:
    async with running({"without_marker": ["Case"]}) as site, connected(site) as salesforce:
        marker = new_marker()
        written = await salesforce.create(SETTINGS, {"summary": "Marked", "description": "Told"}, marker)
        assert (await site.raw(written.ref.id))["Description"] == f"Told\n\n[twinline:{marker}]"
        assert written.fields["description"] == "Told"
        found = await salesforce.find_by_marker(SETTINGS, marker, an_hour_ago())
        assert found is not None
        assert (found.ref.id, found.marker) == (written.ref.id, marker)
        await salesforce.update(written.ref.id, {"description": "Told again"})
        assert (await salesforce.read(written.ref.id)).marker == marker
        await salesforce.update(written.ref.id, {"description": None})
        item = await salesforce.read(written.ref.id)
        assert (item.marker, item.fields["description"]) == (marker, None)


async def test_an_object_without_any_place_for_the_marker_is_named(salesforce: SalesforceConnector) -> None:
    with pytest.raises(Misconfigured, match="no place for Twinline's mark; give it the text field Twinline_Id__c"):
        await salesforce.create({"object": "Tag__c"}, {"summary": "Tag"}, new_marker())


async def test_an_update_answers_what_was_written(salesforce: SalesforceConnector) -> None:
    item_id = await created(salesforce, description="Old", assignee={"email": "bob@acme.test"})
    written = await salesforce.update(
        item_id,
        {
            "summary": "New",
            "description": MARKDOWN + "\n\n\n",
            "status": {"name": "Closed"},
            "assignee": {"displayName": "Tier 1"},
            "priority": {"name": "Low"},
            "type": None,
        },
    )
    item = await salesforce.read(item_id)
    assert {name: item.fields[name] for name in written.fields} == written.fields
    assert written.fields["description"] == MARKDOWN
    assert written.fields["status"] == {"name": "Closed", "id": "Closed", "category": "done"}
    assert written.fields["assignee"] == {"key": "00G000000000001EAA", "username": None, "email": None, "displayName": "Tier 1"}
    assert written.fields["type"] is None
    moved = await salesforce.transition(item_id, "New")
    assert moved.fields == {"status": {"name": "New", "id": "New", "category": "new"}}


async def test_the_reporter_is_a_contact_or_who_is_named(salesforce: SalesforceConnector) -> None:
    item_id = await created(salesforce, reporter={"email": "cid@customer.test", "displayName": "C. Cole"})
    contact = {"key": "003000000000001AAA", "username": None, "email": "cid@customer.test", "displayName": "Cid Cole"}
    assert (await salesforce.read(item_id)).fields["reporter"] == contact
    written = await salesforce.update(item_id, {"reporter": {"email": "eve@customer.test", "displayName": "Eve"}})
    assert written.fields["reporter"] == {"key": "", "username": None, "email": "eve@customer.test", "displayName": "Eve"}
    assert (await salesforce.update(item_id, {"reporter": None})).fields == {"reporter": None}


async def test_a_parent_is_set_by_number_or_id(salesforce: SalesforceConnector) -> None:
    parent = await created(salesforce, summary="Parent")
    child = await created(salesforce, parentId="00001001")
    assert (await salesforce.read(child)).fields["parentId"] == parent
    assert (await salesforce.update(child, {"parentId": None})).fields == {"parentId": None}
    assert (await salesforce.update(child, {"parentId": parent})).fields == {"parentId": parent}
    with pytest.raises(Refused, match="takes the id of a record") as refused:
        await salesforce.update(child, {"parentId": "00009999"})
    assert refused.value.field == "parentId"


OWN: dict[str, tuple[JsonValue, JsonValue]] = {
    "Severity": ({"value": "s1"}, {"value": "S1"}),
    "Products": ([{"value": "Lamp"}, "Cable"], [{"value": "Lamp"}, {"value": "Cable"}]),
    "Cost": ("12.5", 12.5),
    "Due": (1924992000000, "2031-01-01"),
    "Visit": (1924992000000, "2031-01-01T00:00:00.000Z"),
    "Billable": ("true", True),
    "Link": ("https://acme.test/a?b=1", "https://acme.test/a?b=1"),
    "Second Email": ("eve@acme.test", "eve@acme.test"),
    "Notes": ("Rich **text**\n\n- one\n- two", "Rich **text**\n\n- one\n- two"),
    "Expert": ({"email": "ann@acme.test"}, ANN),
    "Size": (42, "42"),
    "Case Origin": ("Web", {"value": "Web"}),
}


@pytest.mark.parametrize("name", OWN)
async def test_a_field_of_the_org_s_own_is_written_by_label_and_read_back(salesforce: SalesforceConnector, name: str) -> None:
    sent, shown = OWN[name]
    item_id = await created(salesforce)
    assert (await salesforce.update(item_id, {name: sent})).fields == {name: shown}
    assert (await salesforce.read(item_id)).fields[name] == shown
    cleared = (await salesforce.update(item_id, {name: None})).fields
    assert cleared == {name: False if name == "Billable" else None}


async def test_an_api_name_does_as_well(salesforce: SalesforceConnector) -> None:
    item_id = await created(salesforce, Severity__c="S2")
    assert (await salesforce.read(item_id)).fields["Severity"] == {"value": "S2"}
    assert (await salesforce.update(item_id, {"severity__c": "S1"})).fields == {"severity__c": {"value": "S1"}}


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"priority": {"name": "P0"}}, r"'priority' has no option 'P0' \(options: 'High', 'Medium', 'Low'\)", "priority"),
        ({"Severity": "S9"}, r"'Severity' has no option 'S9' \(options: 'S1', 'S2'\)", "Severity"),
        ({"assignee": {"email": "eve@acme.test", "key": "6"}}, r"no active user and no queue 'eve@acme\.test'", "assignee"),
        ({"assignee": {"email": "old@acme.test"}}, r"no active user and no queue 'old@acme\.test'", "assignee"),
        ({"assignee": None}, "always has an owner", "assignee"),
        ({"Weather": "fine"}, "Case has no field 'Weather'", "Weather"),
        ({"Total": 3}, r"'Total' \(Total__c\) is read only", "Total"),
        ({"labels": [{"label": "x"}]}, "Case has no field 'labels'", "labels"),
        ({"Cost": "much"}, "takes a number, not 'much'", "Cost"),
        ({"Billable": "perhaps"}, "takes true or false", "Billable"),
        ({"summary": "x" * 256}, r"Subject: data value too large.*STRING_TOO_LONG", "summary"),
        ({"summary": "forbidden"}, r"Choose another subject \(FIELD_CUSTOM_VALIDATION_EXCEPTION\)", "summary"),
        ({"Second Email": "nonsense"}, "INVALID_EMAIL_ADDRESS", "Second_Email__c"),
        ({"summary": {"a": 1}}, "takes text", "summary"),
        ({"reporter": {"username": "eve"}}, "no place for the reporter", "reporter"),
    ],
)
async def test_what_cannot_be_written_is_refused_by_name(
    salesforce: SalesforceConnector, fields: dict[str, JsonValue], reason: str, field: str
) -> None:
    item_id = await created(salesforce)
    before = await salesforce.read(item_id)
    with pytest.raises(Refused, match=reason) as refused:
        await salesforce.update(item_id, fields)
    assert refused.value.field == field
    assert (await salesforce.read(item_id)).fields == before.fields


async def test_any_object_has_its_own_fields(salesforce: SalesforceConnector, site: Site) -> None:
    settings: dict[str, JsonValue] = {"object": "Incident_Report__c"}
    marker = new_marker()
    fields: dict[str, JsonValue] = {"summary": "Lamp", "description": MARKDOWN, "status": {"name": "Doing"}, "due": "2031-01-02"}
    written = await salesforce.create(settings, fields, marker)
    item = await salesforce.read(written.ref.id)
    assert (item.ref.key, item.fields["summary"], item.fields["due"], item.marker) == ("Lamp", "Lamp", "2031-01-02", marker)
    assert item.fields["description"] == MARKDOWN
    assert item.fields["status"] == {"name": "Doing", "id": "Doing", "category": "indeterminate"}
    assert item.fields["reporter"] == item.fields["creator"]
    assert "<strong>Ann</strong>" in (await site.raw(item.ref.id))["Description__c"]
    with pytest.raises(Refused, match="no field 'priority'"):
        await salesforce.update(item.ref.id, {"priority": {"name": "High"}})


async def test_no_rule_of_the_org_gives_our_records_away_or_keeps_them_out() -> None:
    async with running({"assignment": "Tier 1", "duplicates": True}) as site, connected(site) as salesforce:
        by_ann = await site.made("Case", Subject="Printer on fire")
        assert (await site.raw(by_ann))["OwnerId"].startswith("00G")
        refused = await site.call("ann", "POST", "/sobjects/Case", {"Subject": "Printer on fire"})
        assert refused.json()[0]["errorCode"] == "DUPLICATES_DETECTED"
        item_id = await created(salesforce, assignee={"email": "ann@acme.test"})
        await salesforce.update(item_id, {"priority": {"name": "Low"}})
        assert (await site.raw(item_id))["OwnerId"] == ANN["key"]


async def test_a_field_that_may_only_be_created_is_written_then_only(salesforce: SalesforceConnector) -> None:
    eve: dict[str, JsonValue] = {"displayName": "Eve", "email": "eve@customer.test"}
    item_id = (await salesforce.create({"object": "Memo__c"}, {"summary": "Memo", "reporter": eve}, new_marker())).ref.id
    item = await salesforce.read(item_id)
    assert item.fields["reporter"] == {"key": "", "username": None, "email": None, "displayName": "Eve"}
    refused: list[Fields] = [{"reporter": eve}, {"reporter": None}, {"SuppliedName": "Eve"}, {"Web Name": "Eve"}]
    for fields in refused:
        with pytest.raises(Refused):
            await salesforce.update(item_id, fields)


async def test_a_due_time_is_a_field_of_its_own(salesforce: SalesforceConnector) -> None:
    memo: dict[str, JsonValue] = {"object": "Memo__c"}
    item_id = (await salesforce.create(memo, {"summary": "Memo", "Due Date": "2031-01-02T03:04:05Z"}, new_marker())).ref.id
    fields = (await salesforce.read(item_id)).fields
    assert fields["Due Date"] == "2031-01-02T03:04:05.000Z"
    assert "due" not in fields


async def test_a_stale_version_is_not_written_over(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    site.backdate(item_id, 60)
    before = await salesforce.read(item_id)
    await site.edit("Case", item_id, Subject="Edited by Bob")
    with pytest.raises(Stale) as stale:
        await salesforce.update(item_id, {"summary": "Ours"}, before.version)
    after = await salesforce.read(item_id)
    assert stale.value.version == after.version
    assert after.fields["summary"] == "Edited by Bob"
    await salesforce.update(item_id, {"summary": "Ours"}, after.version)
    assert (await salesforce.read(item_id)).fields["summary"] == "Ours"


async def test_every_change_of_a_second_is_another_version(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    versions = {(await salesforce.read(item_id)).version}
    for subject in ("one", "two", "three"):
        await site.edit("Case", item_id, Subject=subject)
        versions.add((await salesforce.read(item_id)).version)
    assert (await salesforce.read(item_id)).version in versions
    await site.made("CaseComment", ParentId=item_id, CommentBody="x")
    versions.add((await salesforce.read(item_id)).version)
    assert len(versions) == 5


async def test_absent_deleted_and_purged_are_told_apart(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    await site.delete("Case", item_id)
    for call in (salesforce.read(item_id), salesforce.update(item_id, {"summary": "x"})):
        with pytest.raises(Gone):
            await call
    del site.world.records[item_id]
    for unknown in (item_id, "500000000000999AAA", "zzz000000000001AAA", "17", ""):
        with pytest.raises(NotFound):
            await salesforce.read(unknown)


async def test_find_takes_number_id_and_address(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    for key in ("00001001", item_id, item_id[:15], f"{site.url}/lightning/r/Case/{item_id}/view", f"{site.url}/{item_id[:15]}"):
        found = await salesforce.find(SETTINGS, key)
        assert (found.id, found.key) == (item_id, "00001001")
    for key in ("00009999", "x' OR Name != '", ""):
        with pytest.raises(NotFound):
            await salesforce.find(SETTINGS, key)
    with pytest.raises(NotFound):
        await salesforce.find(INTERNAL, "00001001")


async def test_a_used_up_quota_and_an_outage_are_told(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    await salesforce.read(item_id)
    await site.control(reject_next=1)
    with pytest.raises(RateLimited) as limited:
        await salesforce.read(item_id)
    assert limited.value.retry_after == 900
    await site.control(down=True)
    with pytest.raises(Unavailable):
        await salesforce.read(item_id)
    with pytest.raises(Ambiguous):
        await salesforce.update(item_id, {"summary": "x"})


async def test_what_the_org_offers_is_asked_for_again_only_if_it_changed(
    salesforce: SalesforceConnector, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def old(_kept: Fresh[object], _key: str) -> bool:
        return False

    async def known() -> bool:
        return await salesforce.lookup(SETTINGS, "custom_field", ("Twinline Id",)) is not None

    assert await known()
    site.world.seed.without_marker.append("Case")
    site.world.started += timedelta(seconds=5)
    assert await known()
    monkeypatch.setattr(Fresh, "_is_fresh", old)
    assert not await known()
    site.world.seed.without_marker.clear()
    assert not await known()


async def test_a_read_is_one_call(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    await salesforce.read(item_id)
    before = await site.calls()
    await salesforce.read(item_id)
    assert await site.calls() == before + 1
