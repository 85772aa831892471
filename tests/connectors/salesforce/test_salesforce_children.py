"""Comments and files, over HTTP."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import JsonValue
from salesforce_site import ANN, SETTINGS, Site, chunks, connected, created, host, new_marker, running

from connectors.salesforce.connector import SalesforceConnector
from model.errors import NotFound, Refused, Unavailable
from model.item import Attachment

TEXT_FILE = Attachment(id="", filename='notes é "1".txt', mimetype="text/plain", size=11)
INCIDENT: dict[str, JsonValue] = {"object": "Incident_Report__c"}


async def test_comments_live_their_life(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    await site.made("CaseComment", ParentId=item_id, CommentBody="From Ann\r\nsecond line", IsPublished=True)
    marker = new_marker()
    public = await salesforce.add_comment(item_id, "Seen.\n\nThanks '@{a.b}'", internal=False, marker=marker)
    private = await salesforce.add_comment(item_id, "For us only", internal=True, marker=new_marker())
    comments = (await salesforce.read(item_id)).comments
    assert [(one.body, one.internal, one.marker is not None) for one in comments] == [
        ("From Ann\\\nsecond line", False, False),
        ("Seen.\n\nThanks '@{a.b}'", False, True),
        ("For us only", True, True),
    ]
    assert comments[0].author == ANN
    assert comments[1:] == (public, private)
    assert [one["public"] for one in (await site.raw(item_id))["comments"]] == [True, True, False]
    edited = await salesforce.edit_comment(item_id, public.id, "Seen again")
    found = await salesforce.find_comment(item_id, marker)
    assert found is not None
    assert (found.id, found.body, found.marker, found.internal) == (edited.id, "Seen again", marker, False)
    assert (edited.body, edited.marker) == ("Seen again", marker)
    await salesforce.delete_comment(item_id, public.id)
    await salesforce.delete_comment(item_id, public.id)
    assert await salesforce.find_comment(item_id, marker) is None
    assert len((await salesforce.read(item_id)).comments) == 2
    with pytest.raises(NotFound):
        await salesforce.edit_comment(item_id, public.id, "Too late")


async def test_a_comment_of_another_case_is_not_touched(salesforce: SalesforceConnector, site: Site) -> None:
    one, other = await created(salesforce), await created(salesforce)
    comment = await site.made("CaseComment", ParentId=other, CommentBody="Mine")
    with pytest.raises(NotFound):
        await salesforce.edit_comment(one, comment, "Yours")
    assert (await site.raw(other))["comments"][0]["CommentBody"] == "Mine"


async def test_a_comment_is_limited_in_bytes(salesforce: SalesforceConnector) -> None:
    item_id = await created(salesforce)
    with pytest.raises(Refused, match="STRING_TOO_LONG") as refused:
        await salesforce.add_comment(item_id, "é" * 2000, internal=False, marker=new_marker())
    assert refused.value.field == "comments"
    assert (await salesforce.read(item_id)).comments == ()


async def test_other_objects_have_posts(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = (await salesforce.create(INCIDENT, {"summary": "Lamp"}, new_marker())).ref.id
    marker = new_marker()
    public = await salesforce.add_comment(item_id, "For all", internal=False, marker=marker)
    await salesforce.add_comment(item_id, "For us", internal=True, marker=new_marker())
    await site.made("FeedItem", ParentId=item_id, Body="<p>Rich <b>one</b></p>", IsRichText=True, Visibility="AllUsers")
    await site.made("FeedItem", ParentId=item_id, Body="status", Type="TrackedChange")
    comments = (await salesforce.read(item_id)).comments
    assert [(one.body, one.internal) for one in comments] == [("For all", False), ("For us", True), ("Rich **one**", False)]
    await salesforce.edit_comment(item_id, public.id, "For everyone")
    found = await salesforce.find_comment(item_id, marker)
    assert found is not None
    assert found.body == "For everyone"
    await salesforce.delete_comment(item_id, public.id)
    assert len((await salesforce.read(item_id)).comments) == 2


async def test_in_an_org_without_sites_every_post_is_internal() -> None:
    async with running({"sites": False}) as site, connected(site) as salesforce:
        item_id = (await salesforce.create(INCIDENT, {"summary": "Lamp"}, new_marker())).ref.id
        comment = await salesforce.add_comment(item_id, "For us", internal=True, marker=new_marker())
        await site.made("FeedItem", ParentId=item_id, Body="From Ann")
        comments = (await salesforce.read(item_id)).comments
        assert comments[0] == comment
        assert [(one.body, one.internal) for one in comments] == [("For us", True), ("From Ann", True)]


async def test_an_org_without_chatter_has_comments_of_cases_only() -> None:
    async with running({"chatter": False}) as site, connected(site) as salesforce:
        item_id = (await salesforce.create(INCIDENT, {"summary": "Lamp"}, new_marker())).ref.id
        assert (await salesforce.read(item_id)).comments == ()
        assert await salesforce.find_comment(item_id, new_marker()) is None
        with pytest.raises(Refused, match="has no Chatter"):
            await salesforce.add_comment(item_id, "x", internal=True, marker=new_marker())
        start = await salesforce.changes(INCIDENT, "")
        assert [one.id for one in (await salesforce.changes(INCIDENT, start.cursor)).changes] == [item_id]
        case = await created(salesforce)
        await salesforce.add_comment(case, "x", internal=True, marker=new_marker())
        assert len((await salesforce.read(case)).comments) == 1


async def test_files_keep_name_and_bytes(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    marker = new_marker()
    added = await salesforce.upload(item_id, TEXT_FILE, chunks(b"hello ", b"world"), marker)
    assert (added.filename, added.mimetype, added.size, added.marker) == (TEXT_FILE.filename, "text/plain", 11, marker)
    assert (await salesforce.read(item_id)).attachments == (added,)
    assert await salesforce.find_attachment(item_id, marker, TEXT_FILE) == added
    assert await salesforce.find_attachment(item_id, new_marker(), TEXT_FILE) is None
    async with salesforce.download(added) as content:
        assert b"".join([part async for part in content]) == b"hello world"
    await salesforce.delete_attachment(item_id, added.id)
    await salesforce.delete_attachment(item_id, added.id)
    assert (await salesforce.read(item_id)).attachments == ()
    assert (await site.raw(item_id))["attachments"] == []


async def test_a_file_of_unknown_size_is_sent_as_well(salesforce: SalesforceConnector) -> None:
    item_id = await created(salesforce)
    added = await salesforce.upload(item_id, TEXT_FILE.model_copy(update={"size": 0}), chunks(b"\r\n--", b"x\r\n"), new_marker())
    async with salesforce.download(added) as content:
        assert b"".join([part async for part in content]) == b"\r\n--x\r\n"


async def test_a_file_is_sent_and_taken_piece_by_piece(salesforce: SalesforceConnector) -> None:
    """No piece is asked for before those up to a megabyte ahead of it have arrived."""
    item_id = await created(salesforce)
    piece, pieces, ahead = b"x" * 65536, 160, 16
    before = host().received

    async def content() -> AsyncIterator[bytes]:
        async with asyncio.timeout(10):
            for number in range(pieces):
                while host().received - before < (number - ahead) * len(piece):
                    await asyncio.sleep(0.001)
                yield piece

    size = len(piece) * pieces
    added = await salesforce.upload(item_id, TEXT_FILE.model_copy(update={"size": size}), content(), new_marker())
    taken, longest = 0, 0
    async with salesforce.download(added) as coming:
        async for part in coming:
            taken, longest = taken + len(part), max(longest, len(part))
    assert (added.size, taken) == (size, size)
    assert longest < ahead * len(piece)


async def test_a_shared_file_is_taken_from_this_record_only(salesforce: SalesforceConnector, site: Site) -> None:
    one, other = await created(salesforce), await created(salesforce)
    added = await salesforce.upload(one, TEXT_FILE, chunks(b"hello world"), new_marker())
    await salesforce.delete_attachment(other, added.id)
    assert (await salesforce.read(one)).attachments == (added,)
    await site.made("ContentDocumentLink", ContentDocumentId=added.id, LinkedEntityId=other)
    await salesforce.delete_attachment(one, added.id)
    assert (await salesforce.read(one)).attachments == ()
    assert [file.id for file in (await salesforce.read(other)).attachments] == [added.id]


async def test_a_file_that_a_person_added_has_its_ending(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    await site.made("ContentVersion", Title="photo", PathOnClient="photo.png", VersionData="aGVsbG8=", FirstPublishLocationId=item_id)
    [file] = (await salesforce.read(item_id)).attachments
    assert (file.filename, file.mimetype, file.size, file.marker) == ("photo.png", "image/png", 5, None)


async def test_a_session_that_ends_during_an_upload_is_renewed_for_the_next_try(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    site.end_sessions()
    with pytest.raises(Unavailable, match="session ended"):
        await salesforce.upload(item_id, TEXT_FILE, chunks(b"hello world"), new_marker())
    assert (await salesforce.read(item_id)).attachments == ()
    await salesforce.upload(item_id, TEXT_FILE, chunks(b"hello world"), new_marker())
    assert len((await salesforce.read(item_id)).attachments) == 1


async def test_a_session_that_ends_before_a_download_is_renewed(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    added = await salesforce.upload(item_id, TEXT_FILE, chunks(b"hello world"), new_marker())
    site.end_sessions()
    async with salesforce.download(added) as content:
        assert b"".join([part async for part in content]) == b"hello world"


async def test_many_comments_are_read_page_by_page() -> None:
    async with running({"page": 3}) as site, connected(site) as salesforce:
        item_id = await created(salesforce)
        for number in range(8):
            await site.made("CaseComment", ParentId=item_id, CommentBody=f"number {number}")
        assert [one.body for one in (await salesforce.read(item_id)).comments] == [f"number {number}" for number in range(8)]
        assert len(await salesforce.search(SETTINGS, "", None)) == 1
