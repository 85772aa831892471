"""SOQL beyond what the connector asks: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from salesforce_site import Site

from connectors.salesforce.fake_dates import span


async def _asked(site: Site, soql: str) -> list[dict[str, Any]]:
    answer = await site.call("ann", "GET", f"/query?q={quote(soql)}")
    assert answer.status_code == 200, answer.text
    return answer.json()["records"]


@pytest.mark.parametrize(
    ("having", "expected"),
    [
        ("COUNT(Id) > 1", ["High"]),
        ("count(Id) >= 1 AND Priority != 'High'", ["Low"]),
        ("NOT (MAX(Cost__c) = 3)", ["Low"]),
        ("SUM(Cost__c) IN (5, 6) OR Priority = 'low'", ["High", "Low"]),
        ("COUNT(Id) > 5", []),
    ],
)
async def test_groups_that_have_something(site: Site, having: str, expected: list[str]) -> None:
    for priority, cost in (("High", 2), ("High", 3), ("Low", 4)):
        await site.made("Case", Subject="x", Priority=priority, Cost__c=cost)
    rows = await _asked(site, f"SELECT Priority FROM Case GROUP BY Priority HAVING {having} ORDER BY Priority")  # noqa: S608
    assert [one["Priority"] for one in rows] == expected


@pytest.mark.parametrize(
    "soql",
    [
        "SELECT c.Subject, c.Owner.Name FROM Case c WHERE c.Subject = 'One' ORDER BY c.Subject",
        "SELECT c.Subject, c.Owner.Name FROM Case AS c",
        "SELECT Subject, Owner.Name FROM Case USING SCOPE everything LIMIT 1",
        "SELECT Subject, Owner.Name FROM Case LIMIT 1 FOR VIEW",
        "SELECT Subject, Owner.Name FROM Case WHERE Id IN (SELECT p.ParentId FROM CaseComment p) FOR REFERENCE",
    ],
)
async def test_clauses_that_change_nothing_of_what_is_found(site: Site, soql: str) -> None:
    await site.made("CaseComment", ParentId=await site.made("Case", Subject="One"), CommentBody="x")
    assert [(one["Subject"], one["Owner"]["Name"]) for one in await _asked(site, soql)] == [("One", "Ann Archer")]


@pytest.mark.parametrize(
    ("literal", "here"),
    [
        ("TODAY", True), ("THIS_WEEK", True), ("THIS_MONTH", True), ("THIS_QUARTER", True), ("THIS_YEAR", True), ("LAST_N_DAYS:3", True),
        ("YESTERDAY", False), ("LAST_WEEK", False), ("NEXT_MONTH", False), ("LAST_YEAR", False), ("N_DAYS_AGO:2", False),
        ("LAST_N_MONTHS:2", False), ("NEXT_N_QUARTERS:1", False), ("LAST_90_DAYS", True), ("N_DAYS_AGO:0", True),
    ],
)  # fmt: skip
async def test_date_literals(site: Site, literal: str, here: bool) -> None:
    await site.made("Case", Subject="One")
    assert bool(await _asked(site, f"SELECT Id FROM Case WHERE CreatedDate = {literal}")) is here  # noqa: S608


@pytest.mark.parametrize(("unit", "days"), [("WEEK", (7, 7)), ("MONTH", (28, 31)), ("QUARTER", (90, 92)), ("YEAR", (365, 366))])
def test_units_follow_each_other(unit: str, days: tuple[int, int]) -> None:
    last, this, following = (span(f"{place}_{unit}") for place in ("last", "this", "next"))
    assert last is not None
    assert this is not None
    assert following is not None
    assert (last[1], this[1]) == (this[0], following[0])
    assert this[0] <= datetime.now(UTC) < this[1]
    assert all(timedelta(days[0]) <= end - start <= timedelta(days[1]) for start, end in (last, this, following))
    assert span(f"N_{unit}S_AGO:1") == last
    assert span(f"LAST_N_{unit}S:1") == last
    assert span("SOME_DAY") is None


async def test_a_plan(site: Site) -> None:
    await site.made("Case", Subject="One")
    told = (await site.call("ann", "GET", "/query?explain=" + quote("SELECT Id FROM Case WHERE Subject = 'Two'"))).json()  # noqa: S608
    [plan] = told["plans"]
    assert (plan["sobjectType"], plan["cardinality"], plan["sobjectCardinality"]) == ("Case", 0, 1)


async def test_the_organization_itself(site: Site) -> None:
    [found] = await _asked(site, "SELECT Id, Name, IsSandbox FROM Organization")
    assert (found["Id"], found["IsSandbox"]) == ("00D000000000062EAA", False)


async def test_what_is_told_of_an_object_s_looks(site: Site) -> None:
    told = (await site.call("ann", "GET", "/sobjects/Case/describe/layouts")).json()
    items = [row["layoutItems"][0]["label"] for row in told["layouts"][0]["detailLayoutSections"][0]["layoutRows"]]
    assert "Subject" in items
    assert [one["developerName"] for one in told["recordTypeMappings"]] == ["Support", "Internal_Request", "Master"]
    kind = told["recordTypeMappings"][0]["recordTypeId"]
    assert (await site.call("ann", "GET", f"/sobjects/Case/describe/layouts/{kind}")).json()["id"] == told["layouts"][0]["id"]
    for path in ("describe/compactLayouts", "describe/approvalLayouts", "listviews", "quickActions"):
        assert (await site.call("ann", "GET", f"/sobjects/Case/{path}")).status_code == 200
    listed = (await site.call("ann", "GET", "/sobjects")).json()["sobjects"]
    case = next(one for one in listed if one["name"] == "Case")
    assert (case["searchable"], case["urls"]["layouts"]) == (True, "/services/data/v60.0/sobjects/Case/describe/layouts")
