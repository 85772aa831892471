"""Records that are asked for at the same time are read in as few calls as Salesforce allows, each with what is its own."""

import asyncio
from collections.abc import Sequence

import pytest
from pydantic import JsonValue
from salesforce_site import Site, connected, created, new_marker, running

from connectors.salesforce.connector import SalesforceConnector
from connectors.salesforce.reading import MOST
from model.errors import Gone, NotFound, Unavailable
from model.item import Item

INCIDENT: dict[str, JsonValue] = {"object": "Incident_Report__c"}


async def _one_by_one(salesforce: SalesforceConnector, ids: Sequence[str]) -> list[Item]:
    return [await salesforce.read(one) for one in ids]


async def _at_once(salesforce: SalesforceConnector, ids: Sequence[str]) -> list[Item]:
    return await asyncio.gather(*map(salesforce.read, ids))


async def _with_belongings(site: Site, record_id: str, table: str, body: str, count: int) -> None:
    """Comments and files of Ann."""
    for number in range(count):
        await site.made(table, ParentId=record_id, **{body: f"{number} of {record_id}"})
        title = f"{number} of {record_id}.txt"
        await site.made("ContentVersion", Title=title, PathOnClient=title, VersionData="aGVsbG8=", FirstPublishLocationId=record_id)


def _belongings(item: Item) -> tuple[list[str], list[str]]:
    return [one.body for one in item.comments], [one.filename for one in item.attachments]


async def test_cases_that_are_asked_for_at_once_cost_two_calls(salesforce: SalesforceConnector, site: Site) -> None:
    ids = [await created(salesforce, summary=f"Case {number}", assignee={"email": "bob@acme.test"}) for number in range(6)]
    for number in (1, 2, 4):
        await _with_belongings(site, ids[number], "CaseComment", "CommentBody", number)
    expected = await _one_by_one(salesforce, ids)
    before = await site.calls()
    found = await _at_once(salesforce, ids)
    assert await site.calls() == before + 2
    assert found == expected
    assert [one.fields["summary"] for one in found] == [f"Case {number}" for number in range(6)]
    for number, item in enumerate(found):
        own = range(number) if number in (1, 2, 4) else ()
        texts = [f"{one} of {ids[number]}" for one in own]
        assert _belongings(item) == (texts, [f"{one}.txt" for one in texts])


async def test_more_than_one_call_takes_are_read_in_several(salesforce: SalesforceConnector, site: Site) -> None:
    ids = [await site.made("Case", Subject=f"Case {number}") for number in range(1 + MOST + 3)]
    await salesforce.read(ids[0])
    before = await site.calls()
    found = await _at_once(salesforce, ids)
    assert await site.calls() == before + 3
    assert [(one.ref.id, one.fields["summary"]) for one in found] == [(one, f"Case {number}") for number, one in enumerate(ids)]


async def test_what_is_missing_among_them_is_told_of_that_alone(salesforce: SalesforceConnector, site: Site) -> None:
    ids = [await created(salesforce, summary=f"Case {number}") for number in range(3)]
    deleted = await created(salesforce)
    expected = await _one_by_one(salesforce, ids)
    await site.delete("Case", deleted)
    before = await site.calls()
    asked = [ids[0], "500000000000999AAA", ids[1], deleted, ids[2]]
    found = await asyncio.gather(*map(salesforce.read, asked), return_exceptions=True)
    assert [found[0], found[2], found[4]] == expected
    assert (type(found[1]), type(found[3])) == (NotFound, Gone)
    assert await site.calls() == before + 2 + 2 * 2


async def test_nothing_of_many_pages_is_cut_off() -> None:
    async with running({"page": 3}) as site, connected(site) as salesforce:
        ids = [await created(salesforce, summary=f"Case {number}") for number in range(5)]
        for one in ids:
            await _with_belongings(site, one, "CaseComment", "CommentBody", 2)
        expected = await _one_by_one(salesforce, ids)
        before = await site.calls()
        assert await _at_once(salesforce, ids) == expected
        # Of four records, people are two pages of three, eight comments and eight files three each.
        assert await site.calls() == before + 2 + 1 + 2 + 2
        assert [len(one.comments) + len(one.attachments) for one in expected] == [4] * 5


async def test_each_object_is_read_by_itself(salesforce: SalesforceConnector, site: Site) -> None:
    cases = [await created(salesforce) for _ in range(3)]
    incidents = [(await salesforce.create(INCIDENT, {"summary": f"Lamp {number}"}, new_marker())).ref.id for number in range(3)]
    await _with_belongings(site, cases[2], "CaseComment", "CommentBody", 1)
    await _with_belongings(site, incidents[1], "FeedItem", "Body", 2)
    ids = [one for pair in zip(cases, incidents, strict=True) for one in pair]
    expected = await _one_by_one(salesforce, ids)
    before = await site.calls()
    assert await _at_once(salesforce, ids) == expected
    assert await site.calls() == before + 4
    assert [len(one.comments) for one in expected] == [0, 0, 0, 2, 1, 0]


async def test_an_org_without_chatter_is_not_asked_for_posts() -> None:
    async with running({"chatter": False}) as site, connected(site) as salesforce:
        ids = [(await salesforce.create(INCIDENT, {"summary": f"Lamp {number}"}, new_marker())).ref.id for number in range(3)]
        assert [one.fields["summary"] for one in await _at_once(salesforce, ids)] == ["Lamp 0", "Lamp 1", "Lamp 2"]


async def test_an_outage_is_told_to_all(salesforce: SalesforceConnector, site: Site) -> None:
    ids = [await created(salesforce) for _ in range(3)]
    await salesforce.read(ids[0])
    await site.control(down=True)
    found = await asyncio.gather(*map(salesforce.read, ids), return_exceptions=True)
    assert {type(one) for one in found} == {Unavailable}


@pytest.mark.parametrize("edited", [0, 2])
async def test_what_was_edited_before_it_was_asked_for_is_seen(salesforce: SalesforceConnector, site: Site, edited: int) -> None:
    ids = [await created(salesforce) for _ in range(3)]
    before = await _at_once(salesforce, ids)
    await site.edit("Case", ids[edited], Subject="Edited")
    after = await _at_once(salesforce, ids)
    assert [one.fields["summary"] for one in after] == ["Edited" if number == edited else "Printer on fire" for number in range(3)]
    assert [one.version != other.version for one, other in zip(before, after, strict=True)] == [number == edited for number in range(3)]
