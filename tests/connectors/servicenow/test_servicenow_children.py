"""Comments, work notes and files."""

import tracemalloc
from collections.abc import AsyncIterator, Mapping

import pytest
from servicenow_site import Site, access, chunks, connected, created, new_marker, running

from connectors.servicenow.client import TEXT_PAGE, ServiceNowClient
from connectors.servicenow.connector import ServiceNowConnector
from connectors.servicenow.files import upload, whole
from connectors.servicenow.payloads import AttachmentPayload
from model.errors import Ambiguous, NotFound, Refused, Unavailable
from model.item import Attachment

TEXT_FILE = Attachment(id="", filename="notes é.txt", mimetype="text/plain", size=11)
PIECE = 256 * 1024


async def test_comments_and_work_notes_keep_text_author_and_privacy(snow: ServiceNowConnector, site: Site) -> None:
    item_id = await created(snow)
    await site.edit("ann", item_id, comments="From Ann")
    await site.edit(
        "bob", item_id, work_notes="See [code]<b>this</b><script>steal()</script>[/code] @[0123456789abcdef0123456789abcdef:Cat Cole]"
    )
    public = await snow.add_comment(item_id, "Seen.\n\n- **Thanks**", internal=False, marker=new_marker())
    internal = await snow.add_comment(item_id, "For us only", internal=True, marker=new_marker())
    item = await snow.read(item_id)
    by_text = {one.body: one for one in item.comments}
    assert {text: (one.internal, one.marker is not None) for text, one in by_text.items()} == {
        "From Ann": (False, False),
        "See **this** @Cat Cole": (True, False),
        "Seen.\n\n- **Thanks**": (False, True),
        "For us only": (True, True),
    }
    assert (by_text["Seen.\n\n- **Thanks**"], by_text["For us only"]) == (public, internal)
    ann = {"key": site.world.users["ann"].sys_id, "username": "ann", "email": "ann@acme.test", "displayName": "Ann Archer"}
    assert by_text["From Ann"].author == ann
    assert [one["element"] for one in site.world.notes(item_id.partition("/")[2])] == ["comments", "work_notes"] * 2


async def test_a_lost_comment_is_found_by_its_marker(snow: ServiceNowConnector, site: Site) -> None:
    item_id, marker = await created(snow), new_marker()
    await site.control(lose_response=1)
    with pytest.raises(Ambiguous):
        await snow.add_comment(item_id, "Once", internal=False, marker=marker)
    found = await snow.find_comment(item_id, marker)
    assert found is not None
    assert (found.body, found.created) == ("Once", found.updated)
    assert await snow.find_comment(item_id, marker[:-1]) is None


async def test_more_entries_than_a_page_are_all_read(snow: ServiceNowConnector, site: Site) -> None:
    item_id = site.named("Scanner sleeps")
    for number in range(TEXT_PAGE + 5):
        site.world.journal("incident", item_id.partition("/")[2], "comments", f"Note {number}", "ann")
    assert {one.body for one in (await snow.read(item_id)).comments} == {f"Note {number}" for number in range(TEXT_PAGE + 5)}


async def test_entries_are_never_edited_or_removed(snow: ServiceNowConnector, site: Site) -> None:
    assert snow.capabilities.comments == {"internal"}
    item_id = site.named("Printer on fire")
    comment = (await snow.read(item_id)).comments[0]
    with pytest.raises(Refused, match="as they are"):
        await snow.edit_comment(item_id, comment.id, "x")
    with pytest.raises(Refused, match="as they are"):
        await snow.delete_comment(item_id, comment.id)


async def test_a_journal_that_cannot_be_read_back_says_what_is_missing() -> None:
    async with running({"hides_journal": True}) as site, connected(site) as snow:
        with pytest.raises(Refused, match="give Twinline's account a read rule on sys_journal_field"):
            await snow.add_comment(site.named("Printer on fire"), "x", internal=False, marker=new_marker())
    async with running({"unreadable": ["sys_journal_field"]}) as site, connected(site) as snow:
        with pytest.raises(Refused, match=r"'sys_journal_field'.*extend its roles"):
            await snow.read(site.named("Printer on fire"))


async def test_files_keep_name_type_and_bytes(snow: ServiceNowConnector) -> None:
    item_id = await created(snow)
    before = (await snow.read(item_id)).version
    added = await snow.upload(item_id, TEXT_FILE, chunks(b"hello ", b"world"), "m-1")
    assert (added.filename, added.mimetype, added.size) == ("notes é.txt", "text/plain", 11)
    item = await snow.read(item_id)
    assert item.attachments == (added,)
    assert item.version != before
    assert await snow.find_attachment(item_id, "m-1", TEXT_FILE) == added
    assert await snow.find_attachment(item_id, "m-1", TEXT_FILE, {added.id}) is None
    assert await snow.find_attachment(item_id, "m-1", TEXT_FILE.model_copy(update={"size": 12})) is None
    assert await snow.find_attachment(item_id, "m-1", TEXT_FILE.model_copy(update={"size": 0})) == added
    async with snow.download(added) as content:
        assert b"".join([part async for part in content]) == b"hello world"
    await snow.delete_attachment(item_id, added.id)
    await snow.delete_attachment(item_id, added.id)
    assert (await snow.read(item_id)).attachments == ()
    with pytest.raises(NotFound):
        async with snow.download(added):
            pass


async def test_a_file_needs_a_name_and_a_record(snow: ServiceNowConnector, site: Site) -> None:
    item_id = site.named("Scanner sleeps")
    with pytest.raises(Refused, match="has no name"):
        await snow.upload(item_id, TEXT_FILE.model_copy(update={"filename": ""}), chunks(b"x"), "m-1")
    with pytest.raises(NotFound, match=f"incident '{'0' * 32}' does not exist"):
        await snow.upload(f"incident/{'0' * 32}", TEXT_FILE, chunks(b"x"), "m-1")


async def test_images_inside_texts_are_no_files_of_the_record(snow: ServiceNowConnector, site: Site) -> None:
    item_id = site.named("Scanner sleeps")
    await site.attach("ann", item_id, "inline.png", b"png")
    [file] = site.world.attachments(item_id.partition("/")[2])
    site.world.put("sys_attachment", {**file, "table_name": "ZZ_YYincident"})
    assert (await snow.read(item_id)).attachments == ()


class Careless(ServiceNowClient):
    """An instance that keeps something else than it was sent."""

    kept: Mapping[str, str]

    async def upload(self, table: str, sys_id: str, name: str, kind: str, content: AsyncIterator[bytes]) -> AttachmentPayload:
        return (await super().upload(table, sys_id, name, kind, content)).model_copy(update=self.kept)


@pytest.mark.parametrize("kept", [{"size_bytes": "5"}, {"hash": "0" * 64}])
async def test_a_file_that_is_kept_otherwise_is_taken_back(site: Site, kept: Mapping[str, str]) -> None:
    client = Careless(access(site.url))
    client.kept = kept
    with pytest.raises(Unavailable, match="it is tried again"):
        await upload(client, "incident", site.named("Scanner sleeps").partition("/")[2], TEXT_FILE, chunks(b"hello world"))
    await client.aclose()
    assert await site.writes("twinline") == ["attach", "detach"]


async def test_a_download_that_ends_early_is_no_file() -> None:
    with pytest.raises(Unavailable, match="sent 5 of 11 bytes"):
        assert [one async for one in whole("acme-snow", TEXT_FILE, chunks(b"hello"))] == []


async def test_large_files_pass_in_pieces(snow: ServiceNowConnector) -> None:
    """A few pieces are held at a time, whatever the size: the fake, in the same process, has the file twice while it joins it."""
    item_id = await created(snow)
    size = 40 * PIECE

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield bytes(PIECE)

    async def passing() -> None:
        added = await snow.upload(item_id, Attachment(id="", filename="big.bin", size=size), pieces(), "m-1")
        total, largest = 0, 0
        async with snow.download(added) as content:
            async for piece in content:
                total, largest = total + len(piece), max(largest, len(piece))
        assert total == size
        assert largest <= PIECE

    tracemalloc.start()
    try:
        await passing()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2.5 * size
