"""What other integrations use of an org: every way to sign in, collections, batches, SOQL's functions, ETags, the page for people."""

import asyncio
from typing import Any

import pytest
from salesforce_site import API, SECRET, USER, Site, plain_session
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed
from simple_salesforce.login import SalesforceLogin

from connectors.salesforce import soql


async def _token(site: Site, **form: str) -> tuple[int, dict[str, Any]]:
    answer = await site.client.post("/services/oauth2/token", data=form)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    "form",
    [
        {"grant_type": "client_credentials", "client_secret": SECRET},
        {"grant_type": "refresh_token", "refresh_token": SECRET},
        {"grant_type": "password", "username": USER, "password": SECRET},
        {"grant_type": "password", "username": USER, "password": f"{SECRET}SecurityToken1", "client_secret": "any"},
    ],
)
async def test_the_secret_opens_every_door_for_any_app(site: Site, form: dict[str, str]) -> None:
    status, told = await _token(site, client_id="any-app", **form)
    assert status == 200
    assert told["id"] == f"{site.url}/id/00D000000000062EAA/005000000000001AAA"
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    for address in (told["id"], "/services/oauth2/userinfo"):
        about = (await site.client.get(address, headers=headers)).json()
        assert (about["user_id"], about["preferred_username"]) == ("005000000000001AAA", USER)
    wrong = {name: "wrong" if value.startswith(SECRET) else value for name, value in form.items()}
    assert (await _token(site, client_id="any-app", **wrong))[0] == 400


async def test_a_person_who_left_and_an_app_without_a_name_stay_outside(site: Site) -> None:
    assert (await _token(site, grant_type="password", client_id="a", username="old@acme.test", password="old-token"))[0] == 400
    assert (await _token(site, grant_type="client_credentials", client_secret=SECRET))[1]["error"] == "invalid_client_id"


def _sign_in(site: Site, password: str) -> tuple[str, str]:
    """By SOAP, as simple-salesforce does with user name, password and security token."""
    found = SalesforceLogin(username=USER, password=password, security_token="Token1", session=plain_session(site.url), domain="login")
    return str(found[0]), str(found[1])


async def test_the_soap_log_in(site: Site) -> None:
    session, instance = await asyncio.to_thread(_sign_in, site, SECRET)
    assert f"http://{instance}" == site.url
    library = Salesforce(instance=instance, session_id=session, session=plain_session(site.url), version="60.0")
    assert (await asyncio.to_thread(library.limits))["DailyApiRequests"]["Max"] == 15000
    with pytest.raises(SalesforceAuthenticationFailed, match="INVALID_LOGIN"):
        await asyncio.to_thread(_sign_in, site, "wrong")
    logout = f"<x:Envelope><x:Header><sessionId>{session}</sessionId></x:Header><x:Body><logout/></x:Body></x:Envelope>"
    assert "logoutResponse" in (await site.client.post("/services/Soap/u/60.0", content=logout)).text
    assert (await site.client.get(f"{API}/limits", headers={"Authorization": f"Bearer {session}"})).status_code == 401
    other = await site.client.post("/services/Soap/u/60.0", content="<x:Body><query/></x:Body>")
    assert (other.status_code, "UNSUPPORTED_API_VERSION" in other.text) == (500, True)


async def test_discovery(site: Site) -> None:
    resources = (await site.call("ann", "GET", "")).json()
    assert {"sobjects", "query", "composite", "identity"} <= set(resources)
    basic = (await site.call("ann", "GET", "/sobjects/Contact")).json()
    assert (basic["objectDescribe"]["keyPrefix"], basic["recentItems"]) == ("003", [])
    described = (await site.call("ann", "GET", "/sobjects/Account/describe")).json()
    assert {one["relationshipName"] for one in described["childRelationships"]} == {"Cases", "Contacts"}
    assert (await site.call("ann", "GET", "/recent")).json() == []
    for table in ("Case", "Account", "Contact"):
        fields = (await site.call("ann", "GET", f"/sobjects/{table}/describe")).json()["fields"]
        assert [one["externalId"] for one in fields if one["name"] == "External_Id__c"] == [True]


async def test_people_have_a_name_of_two_parts(site: Site) -> None:
    dora = await site.made("Contact", FirstName="Dora", LastName="Dean", Phone="555-0100", External_Id__c="c-1")
    await site.edit("Contact", dora, LastName="Doe")
    row = (await site.call("ann", "GET", "/sobjects/Contact/External_Id__c/c-1")).json()
    assert (row["Name"], row["Phone"]) == ("Dora Doe", "555-0100")
    nameless = await site.call("ann", "POST", "/sobjects/Contact", {"FirstName": "Dora"})
    assert nameless.json()[0]["errorCode"] == "REQUIRED_FIELD_MISSING"


async def test_collections_of_records(site: Site) -> None:
    records = [{"attributes": {"type": "Account"}, "Name": f"Acme {number}"} for number in range(2)]
    ids = [one["id"] for one in (await site.call("ann", "POST", "/composite/sobjects", {"records": records})).json()]
    rows = (await site.call("ann", "GET", f"/composite/sobjects/Account?ids={','.join(ids)},001000000000999AAA&fields=Name")).json()
    assert [one and one["Name"] for one in rows] == ["Acme 0", "Acme 1", None]
    posted = await site.call("ann", "POST", "/composite/sobjects/Account", {"ids": ids[:1], "fields": ["Id", "Name"]})
    assert posted.json()[0]["Id"] == ids[0]
    assert (await site.call("ann", "GET", f"/composite/sobjects/Account?ids={ids[0]}&fields=Nope")).json()[0][
        "errorCode"
    ] == "INVALID_FIELD"
    upserts = [{"attributes": {"type": "Account"}, "External_Id__c": one, "Name": one} for one in ("a", "b", "a")]
    done = await site.call("ann", "PATCH", "/composite/sobjects/Account/External_Id__c", {"records": upserts})
    assert [one["created"] for one in done.json()] == [True, True, False]
    gone = (await site.call("ann", "DELETE", f"/composite/sobjects?ids={ids[0]},{ids[0]},001000000000999AAA")).json()
    assert [one["success"] for one in gone] == [True, False, False]


async def test_a_batch_of_calls_that_know_nothing_of_each_other(site: Site) -> None:
    requests = [
        {"method": "POST", "url": "v60.0/sobjects/Account", "richInput": {"Name": "Acme B"}},
        {"method": "GET", "url": "v60.0/sobjects/Account/001000000000999AAA"},
    ]
    told = (await site.call("ann", "POST", "/composite/batch", {"batchRequests": requests})).json()
    assert (told["hasErrors"], [one["statusCode"] for one in told["results"]]) == (True, [201, 404])
    assert (await site.call("ann", "POST", "/composite/batch", {})).status_code == 400


async def _asked(site: Site, soql: str) -> list[dict[str, Any]]:
    answer = await site.client.get(f"{API}/query", params={"q": soql}, headers={"Authorization": "Bearer ann-token"})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["records"]
    return [{name: value for name, value in one.items() if name != "attributes"} for one in rows]


async def test_groups_and_functions(site: Site) -> None:
    for priority, cost in (("High", 1), ("High", 5), ("Low", 2), ("Low", None), ("Low", 4)):
        await site.made("Case", Subject="x", Priority=priority, Cost__c=cost)
    assert await _asked(site, "SELECT Priority, COUNT(Id) n, SUM(Cost__c) FROM Case GROUP BY Priority ORDER BY COUNT(Id) DESC") == [
        {"Priority": "Low", "n": 3, "expr0": 6.0},
        {"Priority": "High", "n": 2, "expr0": 6.0},
    ]
    functions = "AVG(Cost__c) a, MIN(Cost__c) b, MAX(Cost__c) c, COUNT(Cost__c) d, COUNT_DISTINCT(Priority) e"
    assert await _asked(site, soql.select(functions, "Case")) == [{"a": 3.0, "b": 1.0, "c": 5.0, "d": 4, "e": 2}]
    assert await _asked(site, "SELECT AVG(Cost__c) FROM Case WHERE Subject = 'none'") == [{"expr0": None}]
    assert await _asked(site, "SELECT Priority FROM Case GROUP BY Priority ORDER BY Priority LIMIT 1") == [{"Priority": "High"}]
    loose = await site.call("ann", "GET", "/query?q=SELECT+Subject,COUNT(Id)+FROM+Case")
    assert (loose.status_code, loose.json()[0]["errorCode"]) == (400, "MALFORMED_QUERY")


async def test_child_relationships_and_all_fields(site: Site) -> None:
    account = await site.made("Account", Name="Acme Child")
    case = await site.made("Case", Subject="Burns", AccountId=account)
    await site.made("CaseComment", ParentId=case, CommentBody="Seen")
    found = await _asked(site, "SELECT Name, (SELECT Subject FROM Cases WHERE Subject = 'Burns'), (SELECT Id FROM Contacts) FROM Account "
                               "WHERE Name = 'Acme Child'")  # fmt: skip
    assert [one["Subject"] for one in found[0]["Cases"]["records"]] == ["Burns"]
    assert found[0]["Contacts"] is None
    [row] = await _asked(site, "SELECT FIELDS(ALL), (SELECT CommentBody FROM CaseComments) FROM Case WHERE Subject = 'Burns' LIMIT 1")
    assert (row["Subject"], "Severity__c" in row, row["CaseComments"]["totalSize"]) == ("Burns", True, 1)
    assert "Severity__c" not in (await _asked(site, "SELECT FIELDS(STANDARD) FROM Case"))[0]
    for wrong in ("SELECT FIELDS(ALL) FROM Case", "SELECT Id, (SELECT Id FROM Nothing) FROM Case", "SELECT NOPE(Id) FROM Case"):
        assert (await site.call("ann", "GET", f"/query?q={wrong.replace(' ', '+')}")).status_code == 400


async def test_accounts_have_etags(site: Site) -> None:
    account = await site.made("Account", Name="Acme Tag")
    path = f"/sobjects/Account/{account}"
    tag = (await site.call("ann", "GET", path)).headers["etag"]
    assert tag.endswith('--gzip"')
    assert (await site.call("ann", "GET", path, None, {"If-None-Match": tag})).status_code == 304
    assert (await site.call("ann", "PATCH", path, {"Phone": "1"}, {"If-Match": tag})).status_code == 204
    stale = await site.call("ann", "PATCH", path, {"Phone": "2"}, {"If-Match": tag})
    assert (stale.status_code, stale.json()[0]["errorCode"]) == (412, "PRECONDITION_FAILED")
    case = await site.made("Case", Subject="x")
    assert "etag" not in (await site.call("ann", "GET", f"/sobjects/Case/{case}")).headers


async def test_a_page_shows_records_to_people(site: Site) -> None:
    case = await site.made("Case", Subject="Burns <badly>", Description="Smoke")
    await site.made("CaseComment", ParentId=case, CommentBody="Only for us", IsPublished=False)
    page = (await site.client.get("/")).text
    for words in ("00001001: Burns &lt;badly&gt;", "<pre>Smoke</pre>", "<dd>Ann Archer</dd>", "(internal)</small><pre>Only for us</pre>"):
        assert words in page
