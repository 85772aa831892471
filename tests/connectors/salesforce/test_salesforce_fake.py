"""The fake answers as Salesforce documents it, whoever asks."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from salesforce_site import API, SECRET, USER, Site

from connectors.salesforce import soql


async def _query(site: Site, asked: str) -> list[dict[str, Any]]:
    answer = await site.call("ann", "GET", f"/query?q={asked.replace('%', '%25').replace('+', '%2B')}")
    assert answer.status_code == 200, answer.text
    return answer.json()["records"]


async def test_tokens_are_given_and_revoked(site: Site) -> None:
    form = {"grant_type": "client_credentials", "client_id": USER, "client_secret": SECRET}
    answer = await site.client.post("/services/oauth2/token", data=form)
    token = answer.json()
    assert {"access_token", "instance_url", "id", "issued_at", "signature", "token_type", "scope"} == set(token)
    assert token["instance_url"] == site.url
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    assert (await site.client.get("/services/oauth2/userinfo", headers=headers)).json()["preferred_username"] == USER
    assert (await site.client.post("/services/oauth2/revoke", data={"token": token["access_token"]})).status_code == 200
    ended = await site.client.get(f"{API}/limits", headers=headers)
    assert (ended.status_code, ended.json()[0]["errorCode"]) == (401, "INVALID_SESSION_ID")
    wrong = await site.client.post("/services/oauth2/token", data={**form, "client_secret": "x"})
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_client")
    wrong = await site.client.post("/services/oauth2/token", data={**form, "grant_type": "magic"})
    assert wrong.json() == {"error": "unsupported_grant_type", "error_description": "grant type not supported"}


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("Priority = 'high'", ["a"]),
        ("Priority != 'High'", ["b", "c"]),
        ("Cost__c > 1.5 AND Cost__c <= 3", ["c"]),
        ("Cost__c = null", ["a"]),
        ("NOT Cost__c = null", ["b", "c"]),
        ("Subject LIKE '_'", ["a", "b", "c"]),
        ("Subject IN ('a', 'B')", ["a", "b"]),
        ("Subject NOT IN ('a')", ["b", "c"]),
        ("(Subject = 'a' OR Subject = 'b') AND Priority = 'High'", ["a"]),
        ("Products__c INCLUDES ('Lamp;Cable', 'Printer')", ["b", "c"]),
        ("Products__c EXCLUDES ('Lamp')", ["a", "c"]),
        ("Due__c = TOMORROW", ["b"]),
        ("Due__c > TODAY", ["b"]),
        ("Due__c = NEXT_N_DAYS:2", ["b"]),
        ("CreatedDate >= LAST_N_DAYS:1", ["a", "b", "c"]),
        ("CreatedDate < YESTERDAY", []),
        ("Owner.Name = 'ann archer'", ["a", "b", "c"]),
        ("CreatedBy.Email = 'ann@acme.test'", ["a", "b", "c"]),
        ("Id IN (SELECT ParentId FROM CaseComment WHERE IsPublished = true)", ["a"]),
        ("Id NOT IN (SELECT ParentId FROM CaseComment)", ["b", "c"]),
        ("IsClosed = false AND Billable__c = false", ["a", "b", "c"]),
    ],
)
async def test_conditions(site: Site, where: str, found: list[str]) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    first = await site.made("Case", Subject="a", Priority="High")
    await site.made("Case", Subject="b", Cost__c=1, Products__c="Lamp;Cable", Due__c=tomorrow)
    await site.made("Case", Subject="c", Cost__c=2.5, Products__c="Printer")
    await site.made("CaseComment", ParentId=first, CommentBody="x", IsPublished=True)
    assert [one["Subject"] for one in await _query(site, soql.select("Subject", "Case", where, order="Subject"))] == found


async def test_order_limit_offset_and_count(site: Site) -> None:
    for subject, cost in (("a", 1), ("b", None), ("c", 2)):
        await site.made("Case", Subject=subject, Cost__c=cost)
    orders = {
        "Cost__c": "bac",
        "Cost__c DESC": "cab",
        "Cost__c NULLS LAST": "acb",
        "Cost__c DESC NULLS FIRST": "bca",
        "Subject DESC LIMIT 2": "cb",
        "Subject LIMIT 1 OFFSET 1": "b",
    }
    for order, wanted in orders.items():
        assert "".join(one["Subject"] for one in await _query(site, soql.select("Subject", "Case", order=order))) == wanted
    counted = await site.call("ann", "GET", "/query?q=SELECT COUNT() FROM Case WHERE Cost__c != null")
    assert counted.json() == {"totalSize": 2, "done": True, "records": []}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("SELECT Id FROM Nope", "INVALID_TYPE"),
        ("SELECT Nope FROM Case", "INVALID_FIELD"),
        ("SELECT Nope.Name FROM Case", "INVALID_FIELD"),
        ("SELECT Owner.Nope FROM Case", "INVALID_FIELD"),
        ("SELECT Id FROM Case WHERE Description = 'x'", "INVALID_FIELD"),
        ("SELECT Id FROM Case WHERE CreatedDate > '2026-01-01'", "INVALID_FIELD"),
        ("SELECT Id FROM Case WHERE Cost__c = 'x'", "INVALID_FIELD"),
        ("SELECT Id FROM Case WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR"),
        ("SELECT Id FROM Case WHERE Subject = 'a' AND Subject = 'b' OR Subject = 'c'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Case WHERE Subject = 'it's'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Case LIMIT", "MALFORMED_QUERY"),
        ("SELECT Id FROM Case WHERE", "MALFORMED_QUERY"),
        ("SELECT Id FROM ContentDocumentLink", "MALFORMED_QUERY"),
        ("SELECT Id FROM ContentDocumentLink WHERE Id = '06A000000000001AAA'", "MALFORMED_QUERY"),
    ],
)
async def test_queries_that_are_refused(site: Site, asked: str, code: str) -> None:
    answer = await site.call("ann", "GET", f"/query?q={asked}")
    assert answer.status_code == 400
    assert [one["errorCode"] for one in answer.json()] == [code]


async def test_conditional_calls(site: Site) -> None:
    identity = await site.made("Case", Subject="x")
    site.backdate(identity, 100)
    early, late = (format_datetime(datetime.now(UTC) - timedelta(seconds=one), usegmt=True) for one in (200, 50))
    path = f"/sobjects/Case/{identity}"
    assert (await site.call("ann", "PATCH", path, {"Subject": "y"}, {"If-Unmodified-Since": early})).status_code == 412
    assert (await site.call("ann", "PATCH", path, {"Subject": "y"}, {"If-Unmodified-Since": "soon"})).status_code == 400
    assert (await site.call("ann", "GET", path, None, {"If-Modified-Since": late})).status_code == 304
    assert (await site.call("ann", "PATCH", path, {"Subject": "y"}, {"If-Unmodified-Since": late})).status_code == 204
    assert (await site.call("ann", "PATCH", path, {"Subject": "z"}, {"If-Unmodified-Since": late})).status_code == 412
    described = await site.call("ann", "GET", "/sobjects/Case/describe")
    again = await site.call("ann", "GET", "/sobjects/Case/describe", None, {"If-Modified-Since": described.headers["last-modified"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_composite_calls_refer_to_earlier_ones(site: Site) -> None:
    comment = {"ParentId": "@{case.id}", "CommentBody": "y"}
    parts: list[dict[str, Any]] = [
        {"method": "POST", "url": f"{API}/sobjects/Case", "referenceId": "case", "body": {"Subject": "x"}},
        {
            "method": "POST",
            "url": f"{API}/sobjects/CaseComment",
            "referenceId": "note",
            "body": comment,
        },
        {"method": "GET", "url": f"{API}/query?q=SELECT+ParentId+FROM+CaseComment+WHERE+ParentId='@{{case.id}}'", "referenceId": "found"},
        {"method": "POST", "url": f"{API}/sobjects/Case", "referenceId": "bad", "body": {"Nope": 1}},
        {"method": "POST", "url": f"{API}/sobjects/Case", "referenceId": "worse", "body": {"Subject": "about @{a.b}"}},
    ]
    answer = await site.call("ann", "POST", "/composite", {"allOrNone": False, "compositeRequest": parts})
    answers = answer.json()["compositeResponse"]
    assert [one["httpStatusCode"] for one in answers] == [201, 201, 200, 400, 400]
    assert answers[2]["body"]["records"][0]["ParentId"] == answers[0]["body"]["id"]
    halted = await site.call("ann", "POST", "/composite", {"allOrNone": True, "compositeRequest": [parts[3], parts[0]]})
    assert halted.json()["compositeResponse"][1]["body"][0]["errorCode"] == "PROCESSING_HALTED"
    many = [{**parts[2], "referenceId": f"q{number}"} for number in range(6)]
    assert (await site.call("ann", "POST", "/composite", {"compositeRequest": many})).status_code == 400


async def test_collections_tell_each_record_s_success(site: Site) -> None:
    records = [{"attributes": {"type": "Case"}, "Subject": "x"}, {"attributes": {"type": "Case"}, "Nope": 1}]
    first, second = (await site.call("ann", "POST", "/composite/sobjects", {"records": records})).json()
    assert (first["success"], second["success"]) == (True, False)
    assert second["errors"][0]["statusCode"] == "INVALID_FIELD"
    edit = [{"attributes": {"type": "Case"}, "id": first["id"], "Subject": "y"}]
    assert (await site.call("ann", "PATCH", "/composite/sobjects", {"records": edit})).json()[0]["success"]
    assert (await site.raw(first["id"]))["Subject"] == "y"


async def test_what_is_deleted_is_in_the_recycle_bin(site: Site) -> None:
    identity = await site.made("Case", Subject="x")
    await site.made("CaseComment", ParentId=identity, CommentBody="y")
    await site.delete("Case", identity)
    path = f"/sobjects/Case/{identity}"
    codes = {method: (await site.call("ann", method, path, {})).json()[0]["errorCode"] for method in ("GET", "PATCH", "DELETE")}
    assert codes == {"GET": "NOT_FOUND", "PATCH": "ENTITY_IS_DELETED", "DELETE": "ENTITY_IS_DELETED"}
    assert await _query(site, "SELECT Id FROM CaseComment") == []
    found = await site.call("ann", "GET", "/queryAll?q=SELECT Id, IsDeleted FROM CaseComment")
    assert [one["IsDeleted"] for one in found.json()["records"]] == [True]


@pytest.mark.parametrize(
    ("table", "values", "code"),
    [
        ("Case", {"CaseNumber": "1"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ("Case", {"OwnerId": "500000000000001AAA"}, "INVALID_CROSS_REFERENCE_KEY"),
        ("Case", {"OwnerId": "me"}, "MALFORMED_ID"),
        ("Case", {"OwnerId": None}, "REQUIRED_FIELD_MISSING"),
        ("Case", {"Cost__c": "1"}, "JSON_PARSER_ERROR"),
        ("Case", {"Billable__c": None}, "JSON_PARSER_ERROR"),
        ("Case", {"Visit__c": "soon"}, "JSON_PARSER_ERROR"),
        ("Case", {"Severity__c": "S9"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ("CaseComment", {"CommentBody": "x"}, "REQUIRED_FIELD_MISSING"),
        ("ContentVersion", {"VersionData": "eA=="}, "REQUIRED_FIELD_MISSING"),
        ("ContentVersion", {"PathOnClient": "a", "VersionData": "!"}, "JSON_PARSER_ERROR"),
    ],
)
async def test_values_that_are_refused(site: Site, table: str, values: dict[str, object], code: str) -> None:
    answer = await site.call("ann", "POST", f"/sobjects/{table}", values)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


async def test_addresses_that_are_not_there(site: Site) -> None:
    statuses = [
        (await site.call("ann", method, path)).status_code
        for method, path in (("GET", "/nope"), ("DELETE", "/limits"), ("GET", "/sobjects/Case/Subject/x"), ("GET", "/query/0r8x-2000"))
    ]
    assert statuses == [404, 405, 404, 400]
    assert (await site.client.get("/services/data/v1.0/limits", headers={"Authorization": "Bearer ann-token"})).status_code == 404


async def test_every_version_that_is_not_retired(site: Site) -> None:
    """jsforce asks for version 50.0 unless it is told another one."""
    offered = (await site.client.get("/services/data")).json()
    assert (offered[0], offered[-1]["label"]) == ({"label": "Summer '14", "url": "/services/data/v31.0", "version": "31.0"}, "Winter '27")
    headers = {"Authorization": "Bearer ann-token"}
    statuses = [(await site.client.get(f"{one['url']}/limits", headers=headers)).status_code for one in offered]
    assert statuses == [200] * 38
    assert (await site.client.get("/services/data/v69.0/limits", headers=headers)).status_code == 404


async def test_attachments_of_old_integrations(site: Site) -> None:
    case = await site.made("Case", Subject="x")
    made = await site.made("Attachment", ParentId=case, Name="a.txt", ContentType="text/plain", Body="aGVsbG8=")
    shown = (await site.call("ann", "GET", f"/sobjects/Attachment/{made}")).json()
    assert (shown["Body"], shown["BodyLength"]) == (f"{API}/sobjects/Attachment/{made}/Body", 5)
    assert (await site.call("ann", "GET", f"/sobjects/Attachment/{made}/Body")).content == b"hello"
    assert (await site.call("ann", "GET", f"/sobjects/Attachment/{made}/VersionData")).status_code == 404
    query = "SELECT Id, (SELECT Name FROM Attachments) FROM Case"
    [row] = (await site.call("ann", "GET", f"/query?q={query}")).json()["records"]
    assert [one["Name"] for one in row["Attachments"]["records"]] == ["a.txt"]
    [item] = (await site.client.get("/_fake/state")).json()["items"]
    assert [(one["filename"], one["sha256"][:8]) for one in item["attachments"]] == [("a.txt", "2cf24dba")]
    other = await site.made("Attachment", ParentId=case, Name="b.txt", Body="aGVsbG8=")
    await site.call("ann", "DELETE", f"/sobjects/Attachment/{made}")
    log = (await site.client.get("/_fake/state")).json()["log"]
    assert [(one["action"], one["item"]) for one in log[1:]] == [("attach", case), ("attach", case), ("delete_attachment", case)]
    await site.call("ann", "DELETE", f"/sobjects/Case/{case}")
    assert (await site.call("ann", "GET", f"/sobjects/Attachment/{other}")).status_code == 404


async def test_the_limit_is_told_except_with_nothing(site: Site) -> None:
    identity = await site.made("Case", Subject="x")
    assert (await site.call("ann", "GET", "/limits")).headers["sforce-limit-info"] == "api-usage=2/15000"
    assert "sforce-limit-info" not in (await site.call("ann", "PATCH", f"/sobjects/Case/{identity}", {"Subject": "y"})).headers


async def test_the_log_tells_who_wrote_what(site: Site) -> None:
    identity = await site.made("Case", Subject="x")
    await site.edit("Case", identity, Subject="y")
    log = (await site.client.get("/_fake/state")).json()["log"]
    assert [(one["actor"], one["action"], one["item"]) for one in log] == [("ann", "create", identity), ("bob", "update", identity)]
    assert log[1]["detail"]["before"] == {"Subject": "x"}
