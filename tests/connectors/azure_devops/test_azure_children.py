"""Comments and files, as the connector promises them, kept against the fake over HTTP."""

import pytest
from azure_site import AzureSite, House, Meddled, a_fake, chunks, connected, created, new_marker, opened
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from connectors.azure_devops.connector import AzureDevOpsConnector
from model.errors import Ambiguous, NotFound, Refused
from model.item import Attachment

COMMENTED = "POST wit/workItems/1/comments"


async def test_comments_live_their_life(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    item_id = await created(azure)
    by_ann = await site.comment("ann", item_id, "<div>From <b>Ann</b></div>")
    marker = new_marker()
    ours = await azure.add_comment(item_id, "Seen.\n\nThanks", internal=False, marker=marker)
    item = await azure.read(item_id)
    assert [(one.id, one.body, one.marker) for one in item.comments] == [
        (str(by_ann), "From **Ann**", None),
        (ours.id, "Seen.\n\nThanks", marker),
    ]
    assert item.comments[1] == ours
    author = item.comments[0].author
    assert author is not None
    assert author["email"] == "ann@acme.test"
    edited = await azure.edit_comment(item_id, ours.id, "Seen again")
    assert edited == await azure.find_comment(item_id, marker)
    assert (edited.body, edited.marker) == ("Seen again", marker)
    await azure.delete_comment(item_id, ours.id)
    await azure.delete_comment(item_id, ours.id)
    assert await azure.find_comment(item_id, marker) is None
    assert len((await azure.read(item_id)).comments) == 1
    with pytest.raises(NotFound):
        await azure.edit_comment(item_id, ours.id, "Too late")
    with pytest.raises(Refused, match="internal one is not added"):
        await azure.add_comment(item_id, "Secret", internal=True, marker=marker)


async def test_more_comments_than_a_page_holds_are_all_read(azure: AzureDevOpsConnector, house: House) -> None:
    texts = [{"text": f"<div>{number}</div>"} for number in range(450)]
    async with (
        opened(house, a_fake({"items": [{"project": "Acme Shop", "title": "Busy", "comments": texts}]})) as busy,
        connected(busy) as connector,
    ):
        item = await connector.read("1")
    assert [one.body for one in item.comments] == [str(number) for number in range(450)]


async def test_a_lost_comment_is_found_by_its_marker(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    marker = new_marker()
    await site.control(lose_response=1)
    with pytest.raises(Ambiguous):
        await azure.add_comment("1", "Once", internal=False, marker=marker)
    found = await azure.find_comment("1", marker)
    assert found is not None
    assert found.body == "Once"


async def test_a_markdown_comment_stays_markdown(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    comment = await site.comment("ann", 1, "1 < 2 and **bold**", format="markdown")
    assert (await azure.read("1")).comments[-1].body == "1 < 2 and **bold**"
    assert (await azure.edit_comment("1", str(comment), "- a\n- b")).body == "- a\n- b"


@pytest.mark.parametrize("revised", [False, True])
async def test_an_edited_or_deleted_comment_is_another_version(revised: bool, house: House) -> None:
    async with opened(house, a_fake({"comment_edits_make_revisions": revised})) as site, connected(site) as azure:
        comment = await site.comment("ann", 1, "<div>First</div>")
        versions = [(await azure.read("1")).version]
        await site.edit_comment("ann", 1, comment, "<div>Second</div>")
        versions.append((await azure.read("1")).version)
        await azure.delete_comment("1", str(comment))
        versions.append((await azure.read("1")).version)
        assert len(set(versions)) == 3
        assert (await azure.update("1", {"summary": "Guarded"}, versions[-1])).fields == {"summary": "Guarded"}


@pytest.mark.parametrize("revised", [False, True])
async def test_an_item_without_its_only_comment_is_another_version(revised: bool, house: House) -> None:
    async with opened(house, a_fake({"comment_edits_make_revisions": revised})) as site, connected(site) as azure:
        item_id = await created(azure)
        versions = [(await azure.read(item_id)).version]
        comment = await site.comment("ann", item_id, "<div>First</div>")
        versions.append((await azure.read(item_id)).version)
        await azure.delete_comment(item_id, str(comment))
        versions.append((await azure.read(item_id)).version)
        assert len(set(versions)) == 3
        assert (await azure.update(item_id, {"summary": "Guarded"}, versions[-1])).fields == {"summary": "Guarded"}


async def test_files_keep_name_type_and_bytes(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    item_id = await created(azure)
    marker = new_marker()
    file = Attachment(id="", filename="notes é.txt", mimetype="text/plain", size=11)
    added = await azure.upload(item_id, file, chunks(b"hello ", b"world"), marker)
    assert (added.filename, added.mimetype, added.size, added.marker) == ("notes é.txt", "text/plain", 11, marker)
    assert (await azure.read(item_id)).attachments == (added,)
    assert await azure.find_attachment(item_id, marker, file) == added
    assert await azure.find_attachment(item_id, new_marker(), file) is None
    async with azure.download(added) as content:
        assert b"".join([part async for part in content]) == b"hello world"
    await azure.delete_attachment(item_id, added.id)
    await azure.delete_attachment(item_id, added.id)
    item = await azure.read(item_id)
    assert (item.attachments, item.marker is not None) == ((), True)
    assert await site.writes("bot", item_id) == ["create", "attach", "delete_attachment"]


async def test_an_attachment_goes_by_itself_though_others_move_places(azure: AzureDevOpsConnector) -> None:
    item_id = await created(azure, parentId="2")
    files = [
        await azure.upload(item_id, Attachment(id="", filename=f"{name}.html", size=1), chunks(name.encode()), new_marker())
        for name in "abc"
    ]
    await azure.delete_attachment(item_id, files[1].id)
    item = await azure.read(item_id)
    assert [one.filename for one in item.attachments] == ["a.html", "c.html"]
    assert item.fields["parentId"] == "2"
    async with azure.download(files[2]) as content:
        assert b"".join([part async for part in content]) == b"c"


async def test_comments_cost_one_call_each_where_the_item_was_read(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    await azure.read("1")
    before = await site.calls()
    for number in range(3):
        await azure.add_comment("1", f"Remark {number}", internal=False, marker=new_marker())
    assert await site.calls() == {**before, "POST": before.get("POST", 0) + 3}


async def test_a_comment_follows_an_item_into_another_project(house: House) -> None:
    calls: list[str] = []

    async def moved_once(scope: Scope) -> Response | None:
        calls.append(f"{scope['method']} {scope['path'].rpartition('/_apis/')[2]}")
        return JSONResponse({"message": "TF401232: Work item 1 does not exist."}, 404) if calls == [COMMENTED] else None

    async with opened(house, Meddled(a_fake(), moved_once)) as site, connected(site) as azure:
        await azure.read("1")
        calls.clear()
        assert (await azure.add_comment("1", "Here, too", internal=False, marker=new_marker())).body == "Here, too"
    assert calls == [COMMENTED, "GET wit/workitems/1", COMMENTED]
