"""Comments and files."""

from random import Random

from connectors.kit.conformance.expect import expect, same, told
from connectors.kit.conformance.live import Live, new_marker, pieces
from model.errors import Ambiguous, NotFound
from model.item import Attachment, Comment
from model.pictures import names_in, target_of

MINUTES = 600.0


async def comments_are_added_and_found(live: Live) -> None:
    item = await live.made()
    await live.say(item.ref, "From a person")
    marker = new_marker()
    await live.connector.read(item.ref.id)
    if live.connector.capabilities.search_lag:
        await live.control(lag_s=MINUTES)
    added = await live.connector.add_comment(item.ref.id, "Seen.\n\nThanks", internal=False, marker=marker)
    same("the comment", (added.body, added.internal, added.marker), ("Seen.\n\nThanks", False, marker))
    found = await live.connector.find_comment(item.ref.id, marker)
    same("the comment of the marker, while no index has it", found and (found.id, found.body), (added.id, added.body))
    same("the comment of no marker", await live.connector.find_comment(item.ref.id, new_marker()), None)
    read = await live.connector.read(item.ref.id)
    same("the comments", {one.body: one.marker for one in read.comments}, {"From a person": None, "Seen.\n\nThanks": marker})
    for one in read.comments:
        expect(one.author is not None and one.created is not None, f"the comment {one.body!r} tells who wrote it, and when")


async def internal_comments_stay_internal(live: Live) -> None:
    item_id = (await live.made()).ref.id
    public, internal = new_marker(), new_marker()
    await live.connector.add_comment(item_id, "For all", internal=False, marker=public)
    told_of = await live.connector.add_comment(item_id, "For us", internal=True, marker=internal)
    same("the internal comment as it was added", told_of.internal, True)
    comments = (await live.connector.read(item_id)).comments
    same("which comments are internal", {one.body: one.internal for one in comments}, {"For all": False, "For us": True})


async def comments_are_edited(live: Live) -> None:
    item_id, marker, added = await _commented(live)
    other = new_marker()
    await live.connector.add_comment(item_id, "Another one", internal=False, marker=other)
    edited = await live.connector.edit_comment(item_id, added.id, "Second")
    same("the edited comment", (edited.id, edited.body, edited.marker), (added.id, "Second", marker))
    comments = (await live.connector.read(item_id)).comments
    same("the comments", {one.body: one.marker for one in comments}, {"Second": marker, "Another one": other})


async def comments_are_deleted(live: Live) -> None:
    item_id, marker, added = await _commented(live)
    other = new_marker()
    await live.connector.add_comment(item_id, "Another one", internal=False, marker=other)
    for _ in range(2):
        await live.connector.delete_comment(item_id, added.id)
    comments = (await live.connector.read(item_id)).comments
    same("the comments that are left", [one.marker for one in comments], [other])
    same("the deleted comment", await live.connector.find_comment(item_id, marker), None)


async def an_absent_comment_is_not_edited(live: Live) -> None:
    if "delete" not in live.connector.capabilities.comments:
        return
    item_id, _, added = await _commented(live)
    await live.connector.delete_comment(item_id, added.id)
    with told(NotFound, "a comment is edited that is no longer there"):
        await live.connector.edit_comment(item_id, added.id, "Too late")


async def _commented(live: Live) -> tuple[str, str, Comment]:
    item_id, marker = (await live.made()).ref.id, new_marker()
    return item_id, marker, await live.connector.add_comment(item_id, "First", internal=False, marker=marker)


async def files_keep_their_bytes(live: Live) -> None:
    item_id = (await live.made()).ref.id
    content = Random(7).randbytes(300_001)  # noqa: S311
    like = Attachment(id="", filename="log é.bin", mimetype="application/octet-stream", size=len(content))
    marker = new_marker()
    same("the file before it is there", await live.connector.find_attachment(item_id, marker, like), None)
    added = await live.connector.upload(item_id, like, pieces(content), marker)
    same("the file", (added.filename, added.size), (like.filename, like.size))
    (shown,) = (await live.connector.read(item_id)).attachments
    same("the file as it is read", (shown.id, shown.filename, shown.size), (added.id, like.filename, like.size))
    found = await live.connector.find_attachment(item_id, marker, like)
    same("the file of the marker", found and found.id, added.id)
    async with live.connector.download(shown) as stream:
        expect(b"".join([one async for one in stream]) == content, "a file comes back with the bytes that were sent")
    for _ in range(2):
        await live.connector.delete_attachment(item_id, added.id)
    same("the files after the removal", (await live.connector.read(item_id)).attachments, ())


async def a_picture_shows_a_file_of_the_item(live: Live) -> None:
    """At once, or when the text is written again; what is read is the same before and after."""
    like = Attachment(id="", filename="a fire (é).png", mimetype="image/png", size=9)
    text = f"It burns:\n\n![flames]({target_of(like.filename)})"
    item = await live.made(description=text)
    shown = live.connector.as_read(text)
    same("what the text shows", names_in(shown), {like.filename})
    same("the description before the file is there", item.fields["description"], shown)
    file = await live.connector.upload(item.ref.id, like, pieces(b"\x89PNG\r\n\x1a\n."), new_marker())
    if live.connector.capabilities.images != "once":
        written = await live.connector.update(item.ref.id, {"description": text})
        same("the description as it was written again", written.fields["description"], shown)
    comment = await live.connector.add_comment(item.ref.id, text, internal=False, marker=new_marker())
    same("the comment as it was added", comment.body, shown)
    item = await live.connector.read(item.ref.id)
    same("the texts as they are read", (item.fields["description"], item.comments[-1].body), (shown, shown))
    same("the files", [one.id for one in item.attachments], [file.id])
    seen = live.subject.shows and await live.subject.shows(live.by_hand, item.ref, file)
    expect(seen is True, "a picture in a text is the item's file where it is seen")


async def finds_a_comment_whose_answer_was_lost(live: Live) -> None:
    item_id, _, _ = await _commented(live)
    marker = new_marker()
    await live.control(lose_response=1)
    with told(Ambiguous, "the answer to a comment is lost"):
        await live.connector.add_comment(item_id, "In the dark", internal=False, marker=marker)
    await live.control(lose_response=0)
    found = await live.connector.find_comment(item_id, marker)
    same("the comment in doubt", found and found.body, "In the dark")
