"""An independent client library works in the fake org as in a real one: simple-salesforce (https://pypi.org/project/simple-salesforce/)."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from salesforce_site import Site, plain_session
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceExpiredSession, SalesforceMalformedRequest, SalesforceResourceNotFound

from connectors.salesforce import soql


def _library(site: Site, token: str) -> Any:
    return Salesforce(instance_url=site.url, session_id=token, version="60.0", session=plain_session(site.url))


def _go_through(library: Any) -> list[object]:
    """One life of a case as `ann`."""
    described = library.Case.describe()
    case = library.Case.create({"Subject": "By a library", "Priority": "High"})
    identity = case["id"]
    seen: list[object] = [described["keyPrefix"], case["success"], case["errors"]]
    seen.append({one["name"]: one["type"] for one in described["fields"]}["Notes__c"])
    row = library.Case.get(identity)
    seen += [row["attributes"]["type"], row["CaseNumber"], row["IsClosed"], row["ContactId"]]
    seen.append(library.Case.update(identity, {"Status": "Closed", "Visit__c": "2031-01-02T03:04:05Z"}))
    found = library.query("SELECT Id, Visit__c, Owner.Name FROM Case WHERE IsClosed = true")
    seen += [found["totalSize"], found["done"], found["records"][0]["Visit__c"], found["records"][0]["Owner"]["Name"]]
    seen += [
        library.Case.upsert("Twinline_Id__c/a.b:1", {"Subject": "One"}),
        library.Case.upsert("Twinline_Id__c/a.b:1", {"Subject": "Two"}),
    ]
    other = library.Case.get_by_custom_id("Twinline_Id__c", "a.b:1")
    seen.append(other["Subject"])
    library.CaseComment.create({"ParentId": identity, "CommentBody": "x", "IsPublished": True})
    version = library.ContentVersion.create({"PathOnClient": "a.txt", "VersionData": "aGVsbG8=", "FirstPublishLocationId": identity})
    asked = soql.select("ContentDocument.Title", "ContentDocumentLink", soql.equal("LinkedEntityId", identity))
    seen += [one["ContentDocument"]["Title"] for one in library.query(asked)["records"]]
    content = library.ContentVersion.get(version["id"])["VersionData"]
    seen.append(library.session.get(f"https://{library.sf_instance}{content}", headers=library.headers).content)
    seen.append(library.Case.delete(identity))
    day = timedelta(days=1)
    now = datetime.now(UTC)
    seen.append([one["id"] == identity for one in library.Case.deleted(now - day, now + day)["deletedRecords"]])
    seen.append([one == other["Id"] for one in library.Case.updated(now - day, now + day)["ids"]])
    seen.append([one["IsDeleted"] for one in library.query_all_iter("SELECT Id, IsDeleted FROM Case", include_deleted=True)])
    seen += [library.api_usage["api-usage"].total, library.limits()["DailyApiRequests"]["Max"]]
    return seen


EXPECTED: list[object] = [
    "500", True, [], "textarea", "Case", "00001001", False, None, 204, 1, True, "2031-01-02T03:04:05.000+0000", "Ann Archer", 201, 200,
    "Two", "a", b"hello", 204, [True], [True], [True, False], 15000, 15000,
]  # fmt: skip


async def test_a_whole_life(site: Site) -> None:
    assert await asyncio.to_thread(_go_through, _library(site, "ann-token")) == EXPECTED


async def test_pages(site: Site) -> None:
    site.world.seed.page = 3
    for number in range(7):
        await site.made("Case", Subject=f"number {number}")
    found = await asyncio.to_thread(_library(site, "ann-token").query_all, "SELECT Subject FROM Case ORDER BY Subject")
    assert [one["Subject"] for one in found["records"]] == [f"number {number}" for number in range(7)]


async def test_refusals(site: Site) -> None:
    library = _library(site, "ann-token")
    with pytest.raises(SalesforceMalformedRequest, match="MALFORMED_QUERY"):
        await asyncio.to_thread(library.query, "SELECT FROM Case")
    with pytest.raises(SalesforceMalformedRequest, match="INVALID_FIELD"):
        await asyncio.to_thread(library.Case.create, {"Nope": 1})
    with pytest.raises(SalesforceResourceNotFound, match="NOT_FOUND"):
        await asyncio.to_thread(library.Case.get, "500000000000999AAA")
    with pytest.raises(SalesforceExpiredSession, match="INVALID_SESSION_ID"):
        await asyncio.to_thread(_library(site, "nonsense").limits)
