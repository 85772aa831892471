"""What changed: nothing is lost, whatever happens between two pages."""

from itertools import pairwise

import pytest
from pydantic import JsonValue
from salesforce_site import SETTINGS, Site, chunks, connected, created, new_marker, running

from connectors.kit.interface import Change
from connectors.salesforce import feed
from connectors.salesforce.connector import SalesforceConnector
from model.item import Attachment

INTERNAL: dict[str, JsonValue] = {"object": "Case", "record_type": "Internal_Request"}


async def _drained(salesforce: SalesforceConnector, cursor: str) -> tuple[list[Change], str]:
    """All that waits from the cursor on, and the last cursor."""
    changes: list[Change] = []
    while True:
        page = await salesforce.changes(SETTINGS, cursor)
        changes += page.changes
        cursor = page.cursor
        if not page.more:
            return changes, cursor


async def test_it_starts_now_and_shows_what_changes(salesforce: SalesforceConnector, site: Site) -> None:
    old = await site.made("Case", Subject="Old")
    site.backdate(old, 7200)
    start = await salesforce.changes(SETTINGS, "")
    assert start.changes == ()
    marker = new_marker()
    item_id = (await salesforce.create(SETTINGS, {"summary": "Fresh"}, marker)).ref.id
    page = await salesforce.changes(SETTINGS, start.cursor)
    [told] = [one for one in page.changes if one.id == item_id]
    assert (told.key, told.marker, told.deleted) == ("00001002", marker, False)
    assert (await salesforce.read(item_id)).version.partition("/")[0] == told.version
    await salesforce.update(item_id, {"summary": "Edited"})
    assert item_id in {one.id for one in (await salesforce.changes(SETTINGS, page.cursor)).changes}


async def test_an_empty_org_is_a_start_as_well(salesforce: SalesforceConnector) -> None:
    start = await salesforce.changes(SETTINGS, "")
    item_id = await created(salesforce)
    assert [one.id for one in (await salesforce.changes(SETTINGS, start.cursor)).changes] == [item_id]


async def test_records_of_one_second_are_all_told(salesforce: SalesforceConnector, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "PAGE", 3)
    start = await salesforce.changes(SETTINGS, "")
    made = [await site.made("Case", Subject=f"number {number}") for number in range(11)]
    stamp = site.backdate(made[0], 5)
    for one in made:
        site.world.records[one].values["SystemModstamp"] = stamp
    changes, _ = await _drained(salesforce, start.cursor)
    assert {one.id for one in changes} == set(made)


async def test_records_that_change_while_pages_are_read_come_again(
    salesforce: SalesforceConnector, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "PAGE", 3)
    start = await salesforce.changes(SETTINGS, "")
    made = [await site.made("Case", Subject=f"number {number}") for number in range(9)]
    for place, one in enumerate(made):
        site.backdate(one, 100 - place)
    first = await salesforce.changes(SETTINGS, start.cursor)
    assert [one.id for one in first.changes] == made[:3]
    assert first.more
    await site.edit("Case", made[0], Subject="moved")
    await site.edit("Case", made[4], Subject="moved")
    rest, _ = await _drained(salesforce, first.cursor)
    assert {one.id for one in rest} == {made[0], *made[3:]}
    assert [one.version for one in rest if one.id == made[0]] != [first.changes[0].version]


async def test_a_transaction_that_ends_late_is_told(salesforce: SalesforceConnector, site: Site) -> None:
    start = await salesforce.changes(SETTINGS, "")
    await created(salesforce)
    _, cursor = await _drained(salesforce, start.cursor)
    late = await site.made("Case", Subject="Late")
    site.backdate(late, 500)
    changes, _ = await _drained(salesforce, cursor)
    assert late in {one.id for one in changes}


async def test_a_sweep_that_ends_with_a_full_page_reaches_back_as_well(
    salesforce: SalesforceConnector, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "PAGE", 3)
    start = await salesforce.changes(SETTINGS, "")
    for number in range(3):
        await site.made("Case", Subject=f"number {number}")
    changes, cursor = await _drained(salesforce, start.cursor)
    assert len(changes) == 3
    late = await site.made("Case", Subject="Late")
    site.backdate(late, 500)
    changes, _ = await _drained(salesforce, cursor)
    assert late in {one.id for one in changes}


async def test_a_quiet_org_hands_out_the_same_versions(salesforce: SalesforceConnector, site: Site) -> None:
    start = await salesforce.changes(SETTINGS, "")
    item_id = await created(salesforce)
    await site.made("CaseComment", ParentId=item_id, CommentBody="x")
    first, cursor = await _drained(salesforce, start.cursor)
    again, last = await _drained(salesforce, cursor)
    assert again == first
    assert last == cursor


async def test_a_deleted_record_is_told_as_deleted(salesforce: SalesforceConnector, site: Site) -> None:
    start = await salesforce.changes(SETTINGS, "")
    item_id = await created(salesforce)
    await site.delete("Case", item_id)
    assert [one.deleted for one in (await salesforce.changes(SETTINGS, start.cursor)).changes if one.id == item_id] == [True]


async def test_comments_and_files_are_told_of_though_they_move_no_stamp(salesforce: SalesforceConnector, site: Site) -> None:
    item_id, other = await created(salesforce), await created(salesforce)
    for one in (item_id, other):
        site.backdate(one, 7200)
    start = await salesforce.changes(SETTINGS, "")

    async def told() -> set[str]:
        changes = (await salesforce.changes(SETTINGS, start.cursor)).changes
        return {one.version for one in changes if one.id == item_id and not one.deleted}

    before = await told()
    comment = await site.made("CaseComment", ParentId=item_id, CommentBody="x")
    with_comment = await told()
    await site.delete("CaseComment", comment)
    without = await told()
    file = Attachment(id="", filename="a.txt", size=1)
    added = await salesforce.upload(item_id, file, chunks(b"x"), new_marker())
    with_file = await told()
    await site.delete("ContentDocument", added.id)
    steps = [before, with_comment, without, with_file, await told()]
    assert all(later - earlier for earlier, later in pairwise(steps))
    shared = await site.made("ContentVersion", Title="b", PathOnClient="b.txt", VersionData="eA==")
    document = str(site.world.records[shared].values["ContentDocumentId"])
    await site.made("ContentDocumentLink", ContentDocumentId=document, LinkedEntityId=other)
    assert other in {one.id for one in (await salesforce.changes(SETTINGS, start.cursor)).changes}


async def test_posts_of_other_objects_are_told_and_those_of_others_are_not(salesforce: SalesforceConnector, site: Site) -> None:
    incident: dict[str, JsonValue] = {"object": "Incident_Report__c"}
    item_id = (await salesforce.create(incident, {"summary": "Lamp"}, new_marker())).ref.id
    case = await created(salesforce)
    start = await salesforce.changes(incident, "")
    await site.made("FeedItem", ParentId=item_id, Body="x")
    await site.made("FeedItem", ParentId=case, Body="x")
    await site.made("FeedItem", ParentId=item_id, Type="TrackedChange")
    changes = (await salesforce.changes(incident, start.cursor)).changes
    assert {one.id for one in changes} == {item_id}
    assert len(changes) == 2


async def test_a_record_that_gets_another_record_type_is_still_told(salesforce: SalesforceConnector, site: Site) -> None:
    inside = (await salesforce.create(INTERNAL, {"summary": "Inside"}, new_marker())).ref.id
    start = await salesforce.changes(INTERNAL, "")
    await site.edit("Case", inside, RecordTypeId=site.world.record_type("Support").id)
    assert inside in {one.id for one in (await salesforce.changes(INTERNAL, start.cursor)).changes}
    assert inside not in {one.id for one in await salesforce.search(INTERNAL, "", None)}


async def test_pages_that_salesforce_cuts_short_are_gone_on_with() -> None:
    async with running({"page": 2}) as site, connected(site) as salesforce:
        start = await salesforce.changes(SETTINGS, "")
        made = [await site.made("Case", Subject=f"number {number}") for number in range(5)]
        first = await salesforce.changes(SETTINGS, start.cursor)
        assert (len(first.changes), first.more) == (2, True)
        changes, _ = await _drained(salesforce, start.cursor)
        assert [one.id for one in changes] == made


@pytest.mark.parametrize("cursor", ["nonsense", "{}", '{"streams": {"items": {"since": "2026-01-01T00:00:00Z"}}}', "[]"])
async def test_a_cursor_that_is_not_ours_starts_from_now(salesforce: SalesforceConnector, cursor: str) -> None:
    await created(salesforce)
    page = await salesforce.changes(SETTINGS, cursor)
    assert page.changes == ()
    assert feed.parse(page.cursor) is not None
