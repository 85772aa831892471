"""What happens around a write: answers that are lost, and other people."""

from collections.abc import Awaitable, Callable

import pytest
from pydantic import JsonValue
from salesforce_site import SETTINGS, Site, an_hour_ago, chunks, created, host, new_marker
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from connectors.salesforce.connector import SalesforceConnector
from model.errors import Ambiguous, Unavailable
from model.item import Attachment

FILE = Attachment(id="", filename="a.txt", mimetype="text/plain", size=5)


def _around(site: Site, step: Callable[[Scope, Callable[[], Awaitable[None]], Receive, Send], Awaitable[None]]) -> None:
    """Lets `step` serve each call of the test; it may have the org do so."""
    app = host().app
    assert app is not None

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await step(scope, lambda: app(scope, receive, send), receive, send)

    host().app = serve


async def test_a_create_whose_answer_is_lost_is_found_by_its_marker(salesforce: SalesforceConnector, site: Site) -> None:
    await salesforce.check(SETTINGS)
    await site.control(lose_response=1)
    marker = new_marker()
    with pytest.raises(Ambiguous):
        await salesforce.create(SETTINGS, {"summary": "Lost"}, marker)
    found = await salesforce.find_by_marker(SETTINGS, marker, an_hour_ago())
    assert found is not None
    assert found.fields["summary"] == "Lost"


async def test_a_comment_whose_answer_is_lost_is_found_by_its_marker(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    await salesforce.read(item_id)
    await site.control(lose_response=1)
    marker = new_marker()
    with pytest.raises(Ambiguous):
        await salesforce.add_comment(item_id, "Lost", internal=True, marker=marker)
    found = await salesforce.find_comment(item_id, marker)
    assert found is not None
    assert (found.body, found.internal) == ("Lost", True)


async def test_a_file_whose_answer_is_lost_is_found_by_its_marker(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    await site.control(lose_response=1)
    marker = new_marker()
    with pytest.raises(Ambiguous):
        await salesforce.upload(item_id, FILE, chunks(b"hello"), marker)
    found = await salesforce.find_attachment(item_id, marker, FILE)
    assert found is not None
    assert (found.filename, found.size) == ("a.txt", 5)


@pytest.mark.parametrize("content", [b"hel", b"", b"hello!"])
async def test_a_file_of_another_size_is_not_there(salesforce: SalesforceConnector, content: bytes) -> None:
    item_id = await created(salesforce)
    marker = new_marker()
    with pytest.raises(Unavailable):
        await salesforce.upload(item_id, FILE, chunks(content), marker)
    assert await salesforce.find_attachment(item_id, marker, FILE) is None


async def test_a_write_that_cannot_be_looked_at_is_a_write_all_the_same(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    await salesforce.read(item_id)

    async def blind(scope: Scope, served: Callable[[], Awaitable[None]], receive: Receive, send: Send) -> None:
        await (Response("", 503)(scope, receive, send) if scope["path"].endswith("/composite") else served())

    _around(site, blind)
    written = await salesforce.update(item_id, {"summary": "New"})
    assert (written.ref.id, written.fields, written.version) == (item_id, {}, "")
    assert site.world.records[item_id].values["Subject"] == "New"


async def test_what_somebody_else_wrote_in_the_moment_between_is_not_taken_for_ours(salesforce: SalesforceConnector, site: Site) -> None:
    item_id = await created(salesforce)
    theirs: dict[str, JsonValue] = {"Subject": "By Bob", "LastModifiedById": site.world.logins["bob"].id}

    async def with_bob(scope: Scope, served: Callable[[], Awaitable[None]], receive: Receive, send: Send) -> None:
        del receive, send
        await served()
        if scope["method"] == "PATCH":
            site.world.records[item_id].values |= theirs

    _around(site, with_bob)
    written = await salesforce.update(item_id, {"summary": "Ours", "priority": {"name": "Low"}})
    assert written.fields == {"priority": {"name": "Low", "id": "Low"}}


async def test_text_that_looks_like_a_reference_of_a_composite_call_is_written_as_it_is(
    salesforce: SalesforceConnector, site: Site
) -> None:
    item_id = await created(salesforce, summary="@{made.id}", description="@{row.Id} and %40%7Bx%7D")
    await salesforce.update(item_id, {"summary": "Again @{row.Id}"})
    values = await site.raw(item_id)
    assert (values["Subject"], values["Description"]) == ("Again @{row.Id}", "@{row.Id} and %40%7Bx%7D")
