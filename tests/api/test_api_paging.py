"""All lists that can be long come in pages of one shape."""

from typing import cast

import pytest
from pydantic import JsonValue

from api.problems import ProblemDetails
from connectors.kit.http import Answer
from model.item import ItemRef
from model.operation import Entry, Parameters, Target
from model.plan import Conflict
from model.words import ConflictPolicy, OperationKind, Side
from tests.api.api_site import Site

API = "/api/v1"

LISTS = {
    "/twins?text=APP": "twins",
    "/queue?stage=queued&stage=fetched": "entries",
    "/errors": "failures",
    "/conflicts": "conflicts",
    "/operations": "operations",
    "/operations/{operation}/items": "items",
    "/audit?operation=draft_version": "entries",
    "/connections/app-bugs/versions": "versions",
}
"""Each with the name of what it lists; there are three of each."""


async def _stocked(site: Site) -> str:
    """Three of everything; the id of an operation with items."""
    await site.post(f"{API}/deployment", site.content())
    store = site.opened.store
    operation = ""
    for number in range(3):
        twin = await store.twins.start("app-bugs", Side.LEFT, ItemRef(id=str(number), key=f"APP-{number}", url=""))
        assert twin
        transaction = await store.transactions.begin(twin.id, Side.LEFT)
        conflict = Conflict(target=Side.RIGHT, subject="summary", left="a", right="b", policy=ConflictPolicy.HOLD, winner=None)
        await store.conflicts.record(twin.id, transaction.id, [conflict])
        await store.transactions.park(transaction.id, "no such option")
        await store.transactions.queue(twin.id, Side.RIGHT)
        entries = [Entry(mark=str(one), subject=f"APP-{one}", target=Target()) for one in range(3)]
        operation = (await store.operations.add(OperationKind.RETRY, "app-bugs", Parameters(per_minute=60), "", entries)).id
        await site.post(f"{API}/connections/app-bugs/versions", {})
    draft = await store.versions.listing("app-bugs", 1)
    await store.versions.discard("app-bugs", draft[0].number)
    return operation


def _listed(answer: Answer, name: str) -> list[JsonValue]:
    assert answer.status == 200, answer.body
    return cast("dict[str, list[JsonValue]]", answer.json())[name]


async def test_following_the_link_reads_the_whole_list(site: Site):
    operation = await _stocked(site)
    for path, name in LISTS.items():
        await _require_whole(site, path.format(operation=operation), name)


async def _require_whole(site: Site, path: str, name: str) -> None:
    whole = await site.get(f"{API}{path}")
    sign = "&" if "?" in path else "?"
    found: list[JsonValue] = []
    answer = await site.get(f"{API}{path}{sign}limit=2")
    while "link" in answer.headers:
        found += _listed(answer, name)
        address, _, relation = answer.headers["link"].partition(">; ")
        assert relation == 'rel="next"'
        answer = await site.get(address.removeprefix("<"))
    found += _listed(answer, name)

    assert cast("dict[str, str]", answer.json())["after"] == ""
    assert len(found) == 3, path
    assert "link" not in whole.headers
    assert [_named(one) for one in found] == [_named(one) for one in _listed(whole, name)]


def _named(listed: JsonValue) -> JsonValue:
    """Without what depends on the time."""
    return {name: value for name, value in cast("dict[str, JsonValue]", listed).items() if name not in {"age_seconds", "ends"}}


async def test_a_cursor_that_is_none_of_ours_is_refused(site: Site):
    operation = await _stocked(site)
    for path in LISTS:
        for after in ("nonsense", "-1", "9" * 19, "0x1f", "%00", "%D9%A3", "1" * 33, "0" * 32 + "%0A"):
            answer = await site.get(f"{API}{path.format(operation=operation)}{'&' if '?' in path else '?'}after={after}")
            assert answer.status == 400, (path, after, answer.body)
            assert "leave after out" in ProblemDetails.model_validate_json(answer.body).detail


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "many"])
async def test_pages_have_a_thousand_at_most(site: Site, limit: str):
    await site.post(f"{API}/deployment", site.content())
    assert (await site.get(f"{API}/twins?limit={limit}")).status == 422
