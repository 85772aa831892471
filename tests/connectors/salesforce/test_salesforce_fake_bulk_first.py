"""The first Bulk API, as simple-salesforce drives it in JSON, and in the XML and CSV of older clients."""

import asyncio
import re
from typing import Any

import pytest
from salesforce_site import Site, plain_session
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest

ROOT = "/services/async/60.0/job"
SESSION = {"X-SFDC-Session": "ann-token"}
XML = {**SESSION, "Content-Type": "application/xml; charset=UTF-8"}
CSV = {**SESSION, "Content-Type": "text/csv; charset=UTF-8"}


def _library(site: Site, token: str = "ann-token") -> Any:
    return Salesforce(instance_url=site.url, session_id=token, version="60.0", session=plain_session(site.url))


def _go_through(library: Any) -> list[Any]:
    bulk = library.bulk.Case
    made = bulk.insert([{"Subject": "One", "IsEscalated": True}, {"Nope": 1}], batch_size=1, use_serial=True)
    identity = made[0]["id"]
    seen: list[Any] = [[(one["success"], one["created"], [fault["statusCode"] for fault in one["errors"]]) for one in made]]
    seen.append([(one["success"], one["created"]) for one in bulk.update([{"Id": identity, "Subject": "Two"}])])
    rows = [{"External_Id__c": "e-1", "Subject": text} for text in ("Three", "Four")]
    seen.append([(one["success"], one["created"]) for one in bulk.upsert(rows, "External_Id__c", batch_size=1)])
    found = bulk.query("SELECT Subject, Owner.Name FROM Case ORDER BY Subject")
    seen.append([(one["attributes"]["type"], one["Subject"], one["Owner"]["Name"]) for one in found])
    seen.append([len(page) for page in bulk.query("SELECT Id FROM Case", lazy_operation=True)])
    seen.append([one["success"] for one in bulk.delete([{"Id": identity}])])
    seen.append([one["Id"] == identity for one in bulk.query_all("SELECT Id FROM Case WHERE IsDeleted = true")])
    return seen


async def test_a_library_of_json(site: Site) -> None:
    assert await asyncio.to_thread(_go_through, _library(site)) == [
        [(True, True, []), (False, False, ["INVALID_FIELD"])],
        [(True, False)],
        [(True, True), (True, False)],
        [("Case", "Four", "Ann Archer"), ("Case", "Two", "Ann Archer")],
        [2],
        [True],
        [True],
    ]


async def test_a_wrong_session_is_told_as_clients_know_it(site: Site) -> None:
    with pytest.raises(SalesforceMalformedRequest, match="InvalidSessionId"):
        await asyncio.to_thread(_library(site, "wrong").bulk.Case.query, "SELECT Id FROM Case")


async def _opened(site: Site, operation: str, content: str, more: str = "") -> str:
    told = f"<operation>{operation}</operation><object>Case</object>{more}<contentType>{content}</contentType>"
    answer = await site.client.post(ROOT, content=f'<?xml version="1.0"?><jobInfo xmlns="x">{told}</jobInfo>', headers=XML)
    assert (answer.status_code, answer.headers["content-type"]) == (201, "application/xml")
    assert _all(answer.text, "state") == ["Open"]
    return _all(answer.text, "id")[0]


def _all(text: str, name: str) -> list[str]:
    return re.findall(f"<{name}>([^<]*)</{name}>", text)


async def _sent(site: Site, job: str, content: str) -> str:
    answer = await site.client.post(f"{ROOT}/{job}/batch", content=content, headers=CSV)
    assert (answer.status_code, _all(answer.text, "state")) == (201, ["Queued"])
    return f"{ROOT}/{job}/batch/{_all(answer.text, 'id')[0]}"


async def _text(site: Site, address: str) -> str:
    answer = await site.client.get(address, headers=SESSION)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_rows_of_csv(site: Site) -> None:
    job = await _opened(site, "insert", "CSV")
    batch = await _sent(site, job, 'Subject,Cost__c\n"One, two",12.5\nforbidden,\n')
    assert _all(await _text(site, batch), "numberRecordsFailed") == ["1"]
    head, good, bad = (await _text(site, f"{batch}/result")).splitlines()
    assert head == '"Id","Success","Created","Error"'
    assert re.fullmatch(r'"500\w{15}","true","true",""', good)
    assert bad == '"","false","false","FIELD_CUSTOM_VALIDATION_EXCEPTION:Choose another subject:Subject --"'
    assert (await _text(site, f"{batch}/request")).startswith("Subject,Cost__c")
    closed = await site.client.post(f"{ROOT}/{job}", content="<jobInfo><state>Closed</state></jobInfo>", headers=XML)
    counted = [_all(closed.text, name) for name in ("state", "numberBatchesTotal", "numberRecordsProcessed", "numberRecordsFailed")]
    assert counted == [["Closed"], ["1"], ["2"], ["1"]]
    assert _all(await _text(site, f"{ROOT}/{job}/batch"), "state") == ["Completed"]
    late = await site.client.post(f"{ROOT}/{job}/batch", content="Subject\nx\n", headers=CSV)
    assert (late.status_code, _all(late.text, "exceptionCode")) == (400, ["InvalidJobState"])


async def test_a_query_in_csv(site: Site) -> None:
    await site.made("Case", Subject="One", Cost__c=3)
    batch = await _sent(site, await _opened(site, "query", "CSV"), "select Subject, Owner.Name from Case")
    [result] = _all(await _text(site, f"{batch}/result"), "result")
    assert (await _text(site, f"{batch}/result/{result}")).splitlines() == ['"Subject","Owner.Name"', '"One","Ann Archer"']
    nothing = await _sent(site, await _opened(site, "query", "CSV"), "SELECT Id FROM Case WHERE Subject = 'x'")
    assert await _text(site, f"{nothing}/result/752") == "Records not found for this query"
    wrong = await _text(site, await _sent(site, await _opened(site, "query", "CSV"), "SELECT Nope FROM Case"))
    assert (_all(wrong, "state"), "INVALID_FIELD" in wrong) == (["Failed"], True)


async def test_rows_of_xml(site: Site) -> None:
    job = await _opened(site, "upsert", "XML", "<externalIdFieldName>External_Id__c</externalIdFieldName>")
    rows = "<sObject><External_Id__c>a</External_Id__c><Subject>Fish &amp; chips</Subject></sObject>"
    batch = await _sent(site, job, f'<sObjects xmlns="x">{rows}</sObjects>')
    told = await _text(site, f"{batch}/result")
    assert (_all(told, "success"), _all(told, "created")) == (["true"], ["true"])
    shown = (await site.call("ann", "GET", f"/sobjects/Case/{_all(told, 'id')[0]}")).json()
    assert shown["Subject"] == "Fish & chips"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<operation>insert</operation><object>Nope</object>", "InvalidEntity"),
        ("<operation>burn</operation><object>Case</object>", "InvalidJob"),
        ("<operation>upsert</operation><object>Case</object>", "InvalidJob"),
    ],
)
async def test_jobs_that_cannot_be(site: Site, body: str, code: str) -> None:
    answer = await site.client.post(ROOT, content=f"<jobInfo>{body}</jobInfo>", headers=XML)
    assert (answer.status_code, _all(answer.text, "exceptionCode")) == (400, [code])
    absent = await site.client.get(f"{ROOT}/750000000000999AAA", headers=SESSION)
    assert (absent.status_code, _all(absent.text, "exceptionCode")) == (400, ["InvalidJob"])
