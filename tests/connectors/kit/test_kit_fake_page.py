"""The page that a fake shows to people."""

import httpx
from starlette.applications import Starlette

from connectors.kit.fake import serving
from connectors.kit.fake_page import Entry, Note, page_route


async def _page(*entries: Entry) -> str:
    async with serving(Starlette(routes=[page_route("Acme & Co", lambda: entries)])) as url, httpx.AsyncClient(trust_env=False) as client:
        return (await client.get(url)).text


async def test_items_with_what_belongs_to_them() -> None:
    notes = (Note("Ann", "today", "Seen"), Note("Bob", "later", "Costs <b>", internal=True))
    page = await _page(Entry("A-1", "Burns <again>", (("Status", "Open"), ("Owner", "")), "It\nburns", notes, ("a.txt",)))
    assert "<h1>Acme &amp; Co</h1>" in page
    assert "<h2>A-1: Burns &lt;again&gt;</h2><dl><dt>Status</dt><dd>Open</dd></dl><pre>It\nburns</pre>" in page
    assert '<div class="note"><small>Ann, today</small><pre>Seen</pre></div>' in page
    assert '<div class="note internal"><small>Bob, later (internal)</small><pre>Costs &lt;b&gt;</pre></div><ul><li>a.txt</li></ul>' in page


async def test_nothing_to_show() -> None:
    assert "Nothing here yet." in await _page()
