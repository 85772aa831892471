"""The feed loses nothing: pages, edits while pages are read, deletions, comments that raise no revision."""

from azure_site import SCRUM, SETTINGS, AzureSite, House, a_fake, connected, created, new_marker, opened

from connectors.azure_devops import feed
from connectors.azure_devops.connector import AzureDevOpsConnector
from connectors.azure_devops.feed import Cursor
from connectors.azure_devops.payloads import CommentVersion, Revision
from connectors.kit.interface import Change

Told = list[tuple[str, str, bool]]


async def start(azure: AzureDevOpsConnector) -> str:
    """A cursor behind all that is there now."""
    first = await azure.changes(SETTINGS, "")
    assert first.changes == ()
    return (await drained(azure, first.cursor))[1]


async def drained(azure: AzureDevOpsConnector, cursor: str) -> tuple[list[Change], str]:
    """All that waits, and the cursor behind it."""
    found: list[Change] = []
    while True:
        page = await azure.changes(SETTINGS, cursor)
        found.extend(page.changes)
        cursor = page.cursor
        if not page.more:
            return found, cursor


def told(changes: list[Change]) -> Told:
    return [(one.id, one.version, one.deleted) for one in changes]


async def test_what_changes_is_told_once_with_its_marker(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    cursor = await start(azure)
    marker = new_marker()
    item_id = (await azure.create(SETTINGS, {"summary": "Fresh"}, marker)).ref.id
    await azure.create(SCRUM, {"summary": "Elsewhere"}, new_marker())
    changes, cursor = await drained(azure, cursor)
    assert [(one.id, one.key, one.version, one.marker) for one in changes] == [(item_id, f"#{item_id}", "1", marker)]
    assert (await drained(azure, cursor))[0] == []
    await site.edit("ann", item_id, Title="Once")
    await site.edit("ann", item_id, Title="Twice")
    changes, cursor = await drained(azure, cursor)
    assert told(changes) == [(item_id, "3", False)]


async def test_the_first_poll_reaches_back_a_little(azure: AzureDevOpsConnector) -> None:
    first = await azure.changes(SETTINGS, "")
    assert {one.id for one in (await drained(azure, first.cursor))[0]} == {"1", "2", "3"}


async def test_pages_hold_all_items_though_some_are_edited_meanwhile(house: House) -> None:
    items = [{"project": "Acme Shop", "title": f"Number {number}"} for number in range(520)]
    async with opened(house, a_fake({"items": items})) as site, connected(site) as azure:
        assert [one.id for one in await azure.search(SETTINGS, "", None)] == [str(number) for number in range(1, 521)]
        page = await azure.changes(SETTINGS, (await azure.changes(SETTINGS, "")).cursor)
        assert (len(page.changes), page.more) == (200, True)
        await site.edit("ann", 7, Title="Seen, then edited")
        await site.edit("ann", 440, Title="Edited before it was seen")
        rest, cursor = await drained(azure, page.cursor)
        every = [*page.changes, *rest]
        assert {one.id for one in every} == {str(number) for number in range(1, 521)}
        assert told([one for one in rest if one.id in {"7", "440"}]) == [("7", "2", False), ("440", "2", False)]
        assert (await drained(azure, cursor))[0] == []


async def test_deletion_and_restoration_are_told(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    item_id = await created(azure)
    cursor = await start(azure)
    await site.delete("ann", item_id)
    changes, cursor = await drained(azure, cursor)
    assert told(changes) == [(item_id, "2", True)]
    await site.restore("ann", item_id)
    assert told((await drained(azure, cursor))[0]) == [(item_id, "3", False)]


async def test_an_edited_comment_is_told_though_it_raises_no_revision(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    cursor = await start(azure)
    comment = await site.comment("ann", 1, "<div>First</div>")
    changes, cursor = await drained(azure, cursor)
    rev = str((await site.see(1))["rev"])
    assert told(changes) == [("1", f"{rev}/0", False)]
    await site.edit_comment("ann", 1, comment, "<div>Second</div>")
    changes, cursor = await drained(azure, cursor)
    assert told(changes) == [("1", f"{rev}/c{comment}.2", False)]
    await azure.delete_comment("1", str(comment))
    changes, cursor = await drained(azure, cursor)
    assert told(changes) == [("1", f"{rev}/c{comment}.3", False)]
    assert (await drained(azure, cursor))[0] == []


async def test_what_the_index_hides_for_a_while_is_told_later(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    cursor = await start(azure)
    await site.control(lag_s=60)
    item_id = await created(azure)
    changes, cursor = await drained(azure, cursor)
    assert changes == []
    await site.control(lag_s=0)
    assert told((await drained(azure, cursor))[0]) == [(item_id, "1", False)]


async def test_a_token_that_is_refused_is_replaced_by_the_time_of_the_last_change(azure: AzureDevOpsConnector) -> None:
    cursor = Cursor.model_validate_json(await start(azure))
    item_id = await created(azure)
    broken = cursor.model_copy(update={"token": "not-a-token"}).model_dump_json()
    changes, _ = await drained(azure, broken)
    assert item_id in {one.id for one in changes}


def test_a_cursor_that_is_not_ours_starts_anew() -> None:
    assert feed.parse("") is None
    assert feed.parse('{"since": "yesterday"}') is None


def test_the_last_revision_of_an_item_counts() -> None:
    rows = [Revision(id=1, rev=1), Revision(id=2, rev=1), Revision(id=1, rev=2)]
    assert [(one.id, one.rev) for one in feed.latest(rows)] == [(2, 1), (1, 2)]


def test_both_ways_to_say_that_an_item_is_deleted_count() -> None:
    assert feed.plain(Revision(id=1, rev=2, fields={"System.IsDeleted": True})).deleted
    assert feed.plain(Revision(id=1, rev=2, is_deleted=True)).deleted
    assert not feed.plain(Revision(id=1, rev=2, fields={"System.IsDeleted": False})).deleted


def test_an_added_comment_is_left_to_the_revisions() -> None:
    about = (CommentVersion(comment_id=5, version=1), CommentVersion(comment_id=5, version=1, is_deleted=True), None)
    rows = [Revision(id=1, rev=3, comment_version_ref=one) for one in about]
    assert [one.version for one in feed.edited(rows)] == ["3/c5.1"]
