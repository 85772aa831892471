"""Bulk API 2.0: https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/bulk_api_2_0.htm."""

from typing import Any

import httpx
import pytest
from salesforce_site import API, Site

JOBS = f"{API}/jobs"
ANN = {"Authorization": "Bearer ann-token"}


async def _opened(site: Site, **wanted: str) -> str:
    answer = await site.call("ann", "POST", "/jobs/ingest", {"object": "Case", "contentType": "CSV", **wanted})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["state"], told["contentUrl"]) == ("Open", f"{API.lstrip('/')}/jobs/ingest/{told['id']}/batches")
    return str(told["id"])


async def _sent(site: Site, job: str, content: str) -> httpx.Response:
    headers = {**ANN, "Content-Type": "text/csv; charset=UTF-8"}
    return await site.client.put(f"{JOBS}/ingest/{job}/batches", content=content.encode(), headers=headers)


async def _done(site: Site, content: str, **wanted: str) -> dict[str, Any]:
    job = await _opened(site, **wanted)
    assert (await _sent(site, job, content)).status_code == 201
    assert (await site.call("ann", "PATCH", f"/jobs/ingest/{job}", {"state": "UploadComplete"})).json()["state"] == "UploadComplete"
    told: dict[str, Any] = (await site.call("ann", "GET", f"/jobs/ingest/{job}")).json()
    assert told["state"] == "JobComplete"
    return told


async def _rows(site: Site, job: dict[str, Any], which: str) -> list[str]:
    answer = await site.call("ann", "GET", f"/jobs/ingest/{job['id']}/{which}")
    assert answer.headers["content-type"] == "text/csv"
    return answer.text.splitlines()


async def test_records_are_made_each_for_itself(site: Site) -> None:
    job = await _done(site, 'Subject,IsEscalated,Severity__c\n"One, two",true,S1\nWrong,,S9\n', operation="insert")
    assert (job["numberRecordsProcessed"], job["numberRecordsFailed"]) == (2, 1)
    head, made = await _rows(site, job, "successfulResults")
    assert head == '"sf__Id","sf__Created","Subject","IsEscalated","Severity__c"'
    identity, created, *rest = made.strip('"').split('","')
    assert (created, rest) == ("true", ["One, two", "true", "S1"])
    shown = (await site.call("ann", "GET", f"/sobjects/Case/{identity}")).json()
    assert (shown["Subject"], shown["IsEscalated"], shown["Severity__c"]) == ("One, two", True, "S1")
    [_, failed] = await _rows(site, job, "failedResults")
    assert failed.startswith('"","INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST:')
    assert await _rows(site, job, "unprocessedrecords") == ['"Subject","IsEscalated","Severity__c"']


async def test_records_are_changed_and_deleted(site: Site) -> None:
    one, two = await site.made("Case", Subject="One", Description="x"), await site.made("Case", Subject="Two")
    job = await _done(
        site, f"Id;Subject;Description\r\n{one};Uno;#N/A\r\n", operation="update", columnDelimiter="SEMICOLON", lineEnding="CRLF"
    )
    shown = (await site.call("ann", "GET", f"/sobjects/Case/{one}")).json()
    assert (shown["Subject"], shown["Description"]) == ("Uno", None)
    told = await site.call("ann", "GET", f"/jobs/ingest/{job['id']}/successfulResults")
    assert told.content == f'"sf__Id";"sf__Created";"Id";"Subject";"Description"\r\n"{one}";"false";"{one}";"Uno";"#N/A"\r\n'.encode()
    job = await _done(site, f"Id\n{two}\n500000000000999AAA\n", operation="delete")
    assert job["numberRecordsFailed"] == 1
    assert (await site.call("ann", "GET", f"/sobjects/Case/{two}")).status_code == 404
    body = "External_Id__c,Subject\nE-1,First\nE-1,Second\n"
    job = await _done(site, body, operation="upsert", externalIdFieldName="External_Id__c")
    rows = await _rows(site, job, "successfulResults")
    assert [row.split(",")[1] for row in rows[1:]] == ['"true"', '"false"']
    assert (await site.call("ann", "GET", "/sobjects/Case/External_Id__c/E-1")).json()["Subject"] == "Second"


async def test_a_query_page_by_page(site: Site) -> None:
    for number in range(3):
        await site.made("Case", Subject=f"No. {number}")
    wanted = {"operation": "query", "query": "SELECT Subject, Owner.Name, IsClosed FROM Case ORDER BY Subject"}
    job = (await site.call("ann", "POST", "/jobs/query", wanted)).json()
    assert (await site.call("ann", "GET", f"/jobs/query/{job['id']}")).json()["state"] == "JobComplete"
    first = await site.call("ann", "GET", f"/jobs/query/{job['id']}/results?maxRecords=2")
    assert first.text.splitlines() == ['"Subject","Owner.Name","IsClosed"', '"No. 0","Ann Archer","false"', '"No. 1","Ann Archer","false"']
    assert (first.headers["sforce-locator"], first.headers["sforce-numberofrecords"]) == ("2", "2")
    second = await site.call("ann", "GET", f"/jobs/query/{job['id']}/results?maxRecords=2&locator=2")
    assert (len(second.text.splitlines()), second.headers["sforce-locator"]) == (2, "null")
    bad = await site.call("ann", "POST", "/jobs/query", {"operation": "query", "query": "SELECT Nope FROM Case"})
    assert (bad.status_code, bad.json()[0]["errorCode"]) == (400, "INVALID_FIELD")
    listed = (await site.call("ann", "GET", "/jobs/query")).json()["records"]
    assert [one["id"] for one in listed] == [job["id"]]
    assert (await site.call("ann", "GET", "/jobs/ingest")).json()["records"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"object": "Nope", "operation": "insert"}, "INVALIDENTITY"),
        ({"object": "Case", "operation": "explode"}, "INVALIDJOB"),
        ({"object": "Case", "operation": "upsert"}, "INVALIDJOB"),
        ({"object": "Case", "operation": "insert", "columnDelimiter": "DASH"}, "INVALIDJOB"),
    ],
)
async def test_a_job_that_is_none(site: Site, body: dict[str, str], code: str) -> None:
    answer = await site.call("ann", "POST", "/jobs/ingest", body)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)


async def test_what_a_job_is_in_no_state_for(site: Site) -> None:
    job = await _opened(site, operation="insert")
    assert (await site.call("ann", "PUT", f"/jobs/ingest/{job}/batches", {"no": "CSV"})).status_code == 400
    assert (await site.call("ann", "PATCH", f"/jobs/ingest/{job}", {"state": "JobComplete"})).status_code == 400
    assert (await site.call("ann", "PATCH", f"/jobs/ingest/{job}", {"state": "Aborted"})).json()["state"] == "Aborted"
    assert (await _sent(site, job, "Subject\nx\n")).json()[0]["errorCode"] == "INVALIDJOBSTATE"
    assert (await site.call("ann", "GET", f"/jobs/query/{job}")).status_code == 404
    assert (await site.call("ann", "DELETE", f"/jobs/ingest/{job}")).status_code == 204
    assert (await site.call("ann", "GET", f"/jobs/ingest/{job}")).status_code == 404
    assert (await site.call("ann", "POST", "/jobs/query", {"operation": "explain", "query": "SELECT Id FROM Case"})).status_code == 400
