"""SOSL: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_intro.htm."""

from typing import Any
from urllib.parse import quote

import pytest
from salesforce_site import Site


async def _stocked(site: Site) -> None:
    await site.made("Account", Name="Printworks")
    await site.made("Case", Subject="Printer on fire", Priority="High")
    await site.made("Case", Subject="Lamp", Description="The red printer hums", Priority="Low")
    await site.made("Contact", LastName="Printer", Email="joe@print.test")


async def _names(site: Site, address: str) -> list[tuple[str, Any]]:
    answer = await site.call("ann", "GET", address)
    assert answer.status_code == 200, answer.text
    return [(one["attributes"]["type"], one.get("Subject", one.get("Name"))) for one in answer.json()["searchRecords"]]


FIRE, LAMP = ("Case", "Printer on fire"), ("Case", "Lamp")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FIND {printer} RETURNING Case(Subject)", [FIRE, LAMP]),
        ("find {printer AND NOT fire} in all fields returning Case(Subject)", [LAMP]),
        ("FIND {fire OR hums} RETURNING Case(Subject)", [FIRE, LAMP]),
        ("FIND {printer (fire OR water)} RETURNING Case(Subject)", [FIRE]),
        ('FIND {"red printer"} RETURNING Case(Subject)', [LAMP]),
        ('FIND {"printer red"} RETURNING Case(Subject)', []),
        ("FIND {print} RETURNING Case(Subject)", []),
        ("FIND {print*} IN NAME FIELDS RETURNING Account(Name), Case(Id, Subject)", [("Account", "Printworks"), FIRE]),
        ("FIND {pri?ter} RETURNING Case(Subject WHERE Priority IN ('Low', 'None'))", [LAMP]),
        ("FIND {printer} RETURNING Case(Subject ORDER BY Subject LIMIT 1), Contact(Name)", [LAMP, ("Contact", "Printer")]),
        ("FIND {printer} RETURNING Case(Subject), Contact(Name) LIMIT 2", [FIRE, LAMP]),
        ("FIND {joe@print.test} IN EMAIL FIELDS RETURNING Contact(Name)", [("Contact", "Printer")]),
        ("FIND {joe\\@print.test} RETURNING Contact(Name) WITH METADATA='LABELS'", [("Contact", "Printer")]),
    ],
)
async def test_what_a_search_finds(site: Site, text: str, expected: list[tuple[str, str]]) -> None:
    await _stocked(site)
    assert await _names(site, f"/search?q={quote(text)}") == expected


async def test_all_objects_with_their_ids_alone(site: Site) -> None:
    await _stocked(site)
    found = (await site.call("ann", "GET", "/search?q=" + quote("FIND {printer}"))).json()["searchRecords"]
    assert [(one["attributes"]["type"], [*one]) for one in found] == [(kind, ["attributes", "Id"]) for kind in ("Contact", "Case", "Case")]


@pytest.mark.parametrize(
    "text", ["FIND {x}", "FIND printer", "FIND {(one}", "FIND {one} RETURNING Case(", "FIND {one AND}", "FIND {one) two}"]
)
async def test_what_it_does_not_understand(site: Site, text: str) -> None:
    answer = await site.call("ann", "GET", f"/search?q={quote(text)}")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "MALFORMED_SEARCH")


async def test_parameters_in_place_of_a_statement(site: Site) -> None:
    await _stocked(site)
    assert await _names(site, "/parameterizedSearch?q=printer&sobject=Case&Case.fields=Id,Subject&Case.limit=1") == [FIRE]
    told = {"q": "printer", "fields": ["Subject"], "in": "NAME", "sobjects": [{"name": "Case", "where": "Priority = 'High'"}]}
    [found] = (await site.call("ann", "POST", "/parameterizedSearch", told)).json()["searchRecords"]
    assert found["Subject"] == "Printer on fire"
    assert len((await site.call("ann", "POST", "/parameterizedSearch", {"q": "printer", "overallLimit": 2})).json()["searchRecords"]) == 2
