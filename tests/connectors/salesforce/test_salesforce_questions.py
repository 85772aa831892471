"""What rules and triggers ask, over HTTP."""

import pytest
from pydantic import JsonValue
from salesforce_site import ANN, SETTINGS, Site, an_hour_ago, connected, created, running

from connectors.salesforce.connector import SalesforceConnector
from model.errors import BadInput

INTERNAL: dict[str, JsonValue] = {"object": "Case", "record_type": "Internal_Request"}


async def test_rules_get_their_answers(salesforce: SalesforceConnector) -> None:
    answers = {
        ("issue_type", "mechanical"): {"name": "Mechanical", "id": "Mechanical"},
        ("priority", "High"): {"name": "High", "id": "High"},
        ("status", "closed"): {"name": "Closed", "id": "Closed", "category": "done"},
        ("project", "Case"): {"key": "Case", "name": "Case", "id": "Case"},
        ("user", str(ANN["key"])): ANN,
        ("user_by_email", "Ann@acme.test"): ANN,
        ("user_by_username", "ann@acme.test"): ANN,
        ("custom_field", "Severity"): {"id": "Severity__c", "name": "Severity", "key": "Severity__c"},
        ("issue_type", "Epic"): None,
        ("project", "Nope"): None,
        ("user", "17"): None,
        ("user_by_email", "eve@acme.test"): None,
        ("custom_field", "Weather"): None,
        ("unheard_of", "x"): None,
        ("user", ""): None,
    }
    assert {ask: await salesforce.lookup(SETTINGS, ask[0], (ask[1],)) for ask in answers} == answers
    assert await salesforce.lookup(SETTINGS, "option", ("Severity", "s1")) == {"value": "S1", "id": "S1"}
    assert await salesforce.lookup(SETTINGS, "option", ("Severity", "S9")) is None
    assert await salesforce.lookup(SETTINGS, "option", ("Weather", "S9")) is None


async def test_rules_call_the_api_signed_in(salesforce: SalesforceConnector) -> None:
    answer = await salesforce.lookup(SETTINGS, "http", ("GET", "/services/data/v60.0/limits"))
    assert isinstance(answer, dict)
    assert answer["code"] == 200


async def test_conditions_select_records(salesforce: SalesforceConnector) -> None:
    high = await created(salesforce, summary="One", priority={"name": "High"})
    low = await created(salesforce, summary="Two 'quoted'", priority={"name": "Low"}, status={"name": "Closed"})
    by_query = {
        "Priority = 'High'": {high},
        "IsClosed = true": {low},
        "Subject LIKE 'Two \\'q%'": {low},
        "": {high, low},
        "Priority IN ('High', 'Low') AND (NOT IsClosed = true)": {high},
        "CreatedDate = TODAY OR Subject = 'x'": {high, low},
        "Owner.Name = 'Twin Agent'": {high, low},
    }
    for query, wanted in by_query.items():
        assert {one.id for one in await salesforce.search(SETTINGS, query, None)} == wanted
    assert len(await salesforce.search(SETTINGS, "Priority = 'High'", an_hour_ago())) == 1
    assert await salesforce.search(INTERNAL, "", None) == ()
    await salesforce.check_query(SETTINGS, "Priority = 'High'")


async def test_a_search_leaves_out_what_did_not_change_since(salesforce: SalesforceConnector, site: Site) -> None:
    old, fresh = await created(salesforce), await created(salesforce)
    site.backdate(old, 7200)
    assert [one.id for one in await salesforce.search(SETTINGS, "", an_hour_ago())] == [fresh]
    assert [one.id for one in await salesforce.search(SETTINGS, "Priority = 'Medium' OR Priority = 'Low'", an_hour_ago())] == [fresh]


async def test_an_address_that_several_have_is_nobody_s_but_who_has_it_as_username() -> None:
    twins: list[JsonValue] = [
        {"name": name, "full_name": name, "email": "twin@acme.test", "token": f"{name}-token"} for name in ("ida", "ivy")
    ]
    async with running({"users": twins}) as site, connected(site) as salesforce:
        ida, ivy = (site.world.records[site.world.logins[name].id] for name in ("ida", "ivy"))
        ida.values["Username"], ivy.values["Username"] = "ida@acme.test", "ivy@acme.test"
        assert await salesforce.lookup(SETTINGS, "user_by_email", ("twin@acme.test",)) is None
    async with running({"users": twins}) as site, connected(site) as salesforce:
        site.world.records[site.world.logins["ida"].id].values["Username"] = "ida@acme.test"
        found = await salesforce.lookup(SETTINGS, "user_by_email", ("twin@acme.test",))
        assert isinstance(found, dict)
        assert found["displayName"] == "ivy"


@pytest.mark.parametrize(
    "query",
    ["Nope__c = 1", "Priority = High", "Priority == 'High'", "Description = 'x'", "Priority = 'a'b'", "CreatedDate > '2026-01-01'"],
)
async def test_a_condition_that_salesforce_refuses_is_told(salesforce: SalesforceConnector, query: str) -> None:
    with pytest.raises(BadInput):
        await salesforce.check_query(SETTINGS, query)
