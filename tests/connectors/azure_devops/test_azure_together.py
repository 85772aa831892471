"""What many ask for at the same time is read together, and comments only where there are any."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

import pytest
from azure_site import PATCH, SETTINGS, AzureSite, House, Row, a_fake, connected, created, opened
from starlette.types import Message, Scope, Send

from connectors.azure_devops.client import WHOLE_BATCH
from connectors.azure_devops.connector import AzureDevOpsConnector
from connectors.kit.interface import Fake
from model.errors import Gone, NotFound
from model.item import Item

ITEM, BATCH, COMMENTS, BIN = "GET workitems", "POST workitemsbatch", "GET comments", "GET recyclebin"


class Told:
    """A fake whose answers somebody changes before they arrive, and whose calls are counted by kind."""

    def __init__(self, change: Callable[[str, Row], None] = lambda _kind, _answer: None) -> None:
        self._fake: Fake = a_fake({"items": [{"project": "Acme Shop", "title": f"Number {number}"} for number in range(120)]})
        self._change = change
        self.calls: dict[str, int] = {}

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        kind, answered = _kind(cast("Scope", scope)), cast("Send", send)
        self.calls[kind] = self.calls.get(kind, 0) + 1
        parts: list[Message] = []

        async def keep(message: Message) -> None:
            parts.append(message)

        await self._fake(scope, receive, keep)
        start, body = parts[0], b"".join(one.get("body", b"") for one in parts[1:])
        if start["status"] == 200 and kind in {ITEM, BATCH}:
            answer = cast("Row", json.loads(body))
            self._change(kind, answer)
            body = json.dumps(answer).encode()
            start["headers"] = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        await answered(start)
        await answered({"type": "http.response.body", "body": body})


def _kind(scope: Scope) -> str:
    words = [word for word in str(scope["path"]).partition("/_apis/wit/")[2].split("/") if not word.isdigit()]
    return f"{scope['method']} {words[-1] if words else ''}"


async def counted(told: Told, azure: AzureDevOpsConnector, *ids: str) -> tuple[list[Item | BaseException], dict[str, int]]:
    """What is read of items that are asked for at once, and what that costs."""
    before = dict(told.calls)
    answers = await asyncio.gather(*map(azure.read, ids), return_exceptions=True)
    return answers, {kind: count - before.get(kind, 0) for kind, count in told.calls.items() if count > before.get(kind, 0)}


async def test_many_items_cost_one_call_and_one_for_the_comments_of_each_that_has_any(house: House) -> None:
    told = Told()
    async with opened(house, told) as site, connected(site) as azure:
        await azure.read("1")
        for number in (3, 5):
            await site.comment("ann", number, f"<div>About {number}</div>")
        await site.delete("ann", 7)
        answers, cost = await counted(told, azure, "1", "2", "3", "4", "5", "6", "7", "999", "x", "03")
        by_id = [one for one in answers if isinstance(one, Item)]
        assert [(one.ref.id, one.fields["summary"], [each.body for each in one.comments]) for one in by_id] == [
            ("1", "Number 0", []),
            ("2", "Number 1", []),
            ("3", "Number 2", ["About 3"]),
            ("4", "Number 3", []),
            ("5", "Number 4", ["About 5"]),
            ("6", "Number 5", []),
            ("3", "Number 2", ["About 3"]),
        ]
        assert [type(one) for one in answers[6:9]] == [Gone, NotFound, NotFound]
        assert cost == {ITEM: 4, BATCH: 1, COMMENTS: 3, BIN: 2, "GET x": 2}
        assert by_id == [await azure.read(one) for one in ("1", "2", "3", "4", "5", "6", "03")]


async def test_what_all_items_need_is_asked_for_once(house: House) -> None:
    told = Told()
    async with opened(house, told) as site, connected(site) as azure:
        _, cost = await counted(told, azure, *map(str, range(1, 21)))
        assert cost == {ITEM: 1, BATCH: 1, "GET workitemtypes": 1, "GET fields": 1}
        before = dict(told.calls)
        async with connected(site) as other:
            await asyncio.gather(*(other.lookup(SETTINGS, "issue_type", ("Bug",)) for _ in range(9)))
        assert told.calls == {**before, "GET workitemtypes": 2}


async def test_more_items_than_an_answer_holds_are_read_in_several(house: House) -> None:
    told = Told()
    async with opened(house, told) as site, connected(site) as azure:
        await azure.read("1")
        ids = [str(number) for number in range(1, 2 * WHOLE_BATCH + 4)]
        answers, cost = await counted(told, azure, *ids)
        assert [one.ref.id for one in answers if isinstance(one, Item)] == ids
        assert cost == {ITEM: 1, BATCH: 3}


async def test_each_item_is_read_after_it_was_asked_for(house: House) -> None:
    async with opened(house, Told()) as site, connected(site) as azure:

        async def edited(number: int) -> str:
            await site.edit("ann", number, Title=f"Edit {number}")
            return str((await azure.read(str(number))).fields["summary"])

        assert await asyncio.gather(*map(edited, range(1, 21))) == [f"Edit {number}" for number in range(1, 21)]


async def test_the_fakes_log_has_each_reading_of_a_whole_item(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    await asyncio.gather(*map(azure.read, ("1", "2", "3")))
    log = (await site.client.get("/_fake/log")).json()
    assert sorted(one["item"] for one in log if one["action"] == "read") == ["1", "2", "3"]


async def test_comments_are_asked_for_only_where_there_are_any(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    item_id = await created(azure)
    await azure.read(item_id)

    async def cost() -> int:
        before = (await site.calls())["GET"]
        await azure.read(item_id)
        return int((await site.calls())["GET"]) - int(before)

    costs = [await cost()]
    comment = await site.comment("ann", item_id, "<div>Seen</div>")
    costs.append(await cost())
    await azure.delete_comment(item_id, str(comment))
    assert [*costs, await cost()] == [1, 2, 1]


async def test_an_item_that_does_not_tell_how_many_comments_it_has_may_have_some(house: House) -> None:
    def silent(kind: str, answer: Row) -> None:
        if kind == ITEM:
            del answer["fields"]["System.CommentCount"]

    async with opened(house, Told(silent)) as site, connected(site) as azure:
        await site.comment("ann", 1, "<div>Seen</div>")
        assert [one.body for one in (await azure.read("1")).comments] == ["Seen"]


def without_formats(*kinds: str) -> Callable[[str, Row], None]:
    def change(kind: str, answer: Row) -> None:
        items: list[dict[str, Any]] = answer.get("value", [answer])
        for one in items if kind in kinds else ():
            one["multilineFieldsFormat"] = {}

    return change


@pytest.mark.parametrize(
    ("untold", "cost", "description"),
    [
        ((), {ITEM: 1, BATCH: 1}, "a **b**"),
        ((BATCH,), {ITEM: 2, BATCH: 1}, "a **b**"),
        ((ITEM, BATCH), {ITEM: 1, BATCH: 1}, "a \\*\\*b\\*\\*"),
    ],
    ids=["told", "not told of several", "not told at all"],
)
async def test_a_text_that_may_be_markdown_is_read_where_that_is_told(
    house: House, untold: tuple[str, ...], cost: dict[str, int], description: str
) -> None:
    told = Told(without_formats(*untold))
    async with opened(house, told) as site, connected(site) as azure:
        patch = [
            {"op": "add", "path": "/fields/System.Description", "value": "a **b**"},
            {"op": "add", "path": "/multilineFieldsFormat/System.Description", "value": "Markdown"},
        ]
        site.good(await site.call("ann", "PATCH", "/_apis/wit/workitems/4", patch, PATCH))
        await azure.read("4")
        answers, calls = await counted(told, azure, "1", "2", "3", "4", "5")
        assert [one.fields["description"] for one in answers if isinstance(one, Item)] == [None, None, None, description, None]
        assert calls == cost
