"""Saved queries, and queries about links: https://learn.microsoft.com/azure/devops/boards/queries/wiql-syntax."""

from typing import cast

import pytest
from azure_site import PATCH, AzureSite, Row
from test_azure_fake import SHOP, field, patched, problem
from test_azure_fake_clients import link_to, made_task, values_of

WIQL = "SELECT [System.Id] FROM WorkItems WHERE [System.Title] CONTAINS 'Q-' ORDER BY [System.Id] DESC"
LINKS = (
    "SELECT [System.Id] FROM WorkItemLinks WHERE ([Source].[System.Title] CONTAINS 'Q-' AND [Source].[System.State] = 'New') AND "
    "([System.Links.LinkType] = 'System.LinkTypes.KIND') AND ([Target].[System.WorkItemType] = 'Task') ORDER BY [System.Id] MODE (MODES)"
)


async def _family(site: AzureSite) -> list[int]:
    """A parent with two children, one of which has a child; the last is related to the parent."""
    parent = await made_task(site, "Q-parent")
    first = await made_task(site, "Q-first", link_to("Hierarchy-Reverse", parent))
    second = await made_task(site, "Q-second", link_to("Hierarchy-Reverse", parent))
    below = await made_task(site, "Q-below", link_to("Hierarchy-Reverse", first))
    alone = await made_task(site, "Q-alone", link_to("Related", parent))
    return [parent, first, second, below, alone]


async def _asked(site: AzureSite, query: str) -> Row:
    return site.good(await site.call("ann", "POST", f"{SHOP}/wiql", {"query": query}))


@pytest.mark.parametrize(
    ("kind", "mode", "expected"),
    [
        ("Hierarchy-Forward", "MustContain", ["0", "0>1", "0>2", "1", "1>3"]),
        ("Hierarchy-Reverse", "MustContain", ["1", "1>0", "2", "2>0", "3", "3>1"]),
        ("Related", "MustContain", ["0", "0>4", "4", "4>0"]),
        ("Hierarchy-Forward", "MayContain", ["0", "0>1", "0>2", "1", "1>3", "2", "3", "4"]),
        ("Hierarchy-Forward", "DoesNotContain", ["2", "3", "4"]),
        ("Hierarchy-Forward", "Recursive", ["0", "0>1", "1>3", "0>2", "4"]),
        ("Hierarchy-Forward", "Recursive, ReturnMatchingChildren", ["0", "0>1", "1>3", "0>2", "4"]),
    ],
)
async def test_queries_about_links(site: AzureSite, kind: str, mode: str, expected: list[str]) -> None:
    numbers = await _family(site)
    told = await _asked(site, LINKS.replace("KIND", kind).replace("MODES", mode))
    assert (told["queryType"], told["queryResultType"]) == ("tree" if mode.startswith("Rec") else "oneHop", "workItemLink")
    names = {number: str(place) for place, number in enumerate(numbers)}

    def named(row: Row) -> str:
        assert row["target"]["url"].endswith(f"/workItems/{row['target']['id']}")
        own = names[row["target"]["id"]]
        return f"{names[row['source']['id']]}>{own}" if row["source"] else own

    assert [named(row) for row in told["workItemRelations"]] == expected
    assert {row["rel"] for row in told["workItemRelations"]} - {None} <= {f"System.LinkTypes.{kind}"}


async def test_a_query_about_links_without_more(site: AzureSite) -> None:
    parent, first, *_ = await _family(site)
    query = "SELECT [System.Id] FROM WorkItemLinks WHERE [Source].[System.Id] = SOURCE AND [Target].[System.Id] = TARGET"
    told = await _asked(site, query.replace("SOURCE", str(parent)).replace("TARGET", str(first)))
    assert [row["rel"] for row in told["workItemRelations"]] == [None, "System.LinkTypes.Hierarchy-Forward"]
    bad = await site.call("ann", "POST", f"{SHOP}/wiql", {"query": "SELECT [System.Id] FROM WorkItemLinks MODE (MustContain"})
    assert problem(bad) == (400, "SyntaxException")


async def test_a_link_is_seen_from_both_ends(site: AzureSite) -> None:
    first, second = await made_task(site, "One"), await made_task(site, "Two")
    await patched(site, first, link_to("Dependency-Forward", second))
    for number, name in ((first, "Successor"), (second, "Predecessor")):
        assert [one["attributes"]["name"] for one in (await site.see(number))["relations"]] == [name]
    await site.delete("ann", first)
    assert "relations" not in await site.see(second)


async def _new(site: AzureSite, folder: str, who: str = "ann", **body: object) -> Row:
    answer = await site.call(who, "POST", f"{SHOP}/queries/{folder}", body)
    assert answer.status_code == 201, answer.text
    return cast("Row", answer.json())


async def test_one_life_of_a_saved_query(site: AzureSite) -> None:
    await _family(site)
    roots = await values_of(site, f"{SHOP}/queries")
    assert [(one["name"], one["isPublic"], one["hasChildren"]) for one in roots] == [
        ("My Queries", False, False),
        ("Shared Queries", True, False),
    ]
    folder = await _new(site, "Shared Queries", name="Team", isFolder=True)
    made = await _new(site, "Shared Queries/Team", name="Crowd", wiql=WIQL)
    assert (made["path"], made["queryType"], made["isPublic"]) == ("Shared Queries/Team/Crowd", "flat", True)
    shown = site.good(await site.call("bob", "GET", f"{SHOP}/queries/shared queries/team/crowd", **{"$expand": "2"}))
    assert (shown["wiql"], shown["columns"][0]["referenceName"]) == (WIQL, "System.Id")
    found = site.good(await site.call("bob", "GET", f"{SHOP}/wiql/{made['id']}"))["workItems"]
    assert len(found) == 5
    tree = await values_of(site, f"{SHOP}/queries", **{"$depth": "2"})
    assert tree[1]["children"][0]["children"][0]["id"] == made["id"]
    path = f"{SHOP}/queries/{made['id']}"
    changed = site.good(
        await site.call("ann", "PATCH", path, {"name": "All", "wiql": LINKS.replace("KIND", "Related").replace("MODES", "Recursive")})
    )
    assert (changed["name"], changed["queryType"]) == ("All", "tree")
    searched = site.good(await site.call("ann", "GET", f"{SHOP}/queries", **{"$filter": "al", "$top": "1"}))
    assert ([one["name"] for one in searched["value"]], searched["hasMore"]) == (["All"], False)
    assert (await site.call("ann", "DELETE", f"{SHOP}/queries/{folder['id']}")).status_code == 204
    assert problem(await site.call("ann", "GET", path)) == (404, "QueryItemNotFoundException")


async def test_whose_a_query_is_and_what_is_refused(site: AzureSite) -> None:
    made = await _new(site, "My Queries", name="Mine", wiql=WIQL)
    assert problem(await site.call("bob", "GET", f"{SHOP}/queries/{made['id']}")) == (404, "QueryItemNotFoundException")
    assert site.good(await site.call("bob", "GET", f"{SHOP}/queries", **{"$filter": "Mine"}))["count"] == 0
    refused = [
        ("My Queries", {"name": "mine", "wiql": WIQL}, 409),
        ("My Queries", {"wiql": WIQL}, 400),
        ("My Queries", {"name": "Other", "wiql": "SELECT"}, 400),
        (f"{made['id']}", {"name": "Below", "wiql": WIQL}, 400),
        ("Their Queries", {"name": "Other", "wiql": WIQL}, 404),
    ]
    for folder, body, status in refused:
        assert (await site.call("ann", "POST", f"{SHOP}/queries/{folder}", body)).status_code == status
    assert (await site.call("ann", "PATCH", f"{SHOP}/queries/{made['id']}", {"wiql": "SELECT"})).status_code == 400
    root = (await values_of(site, f"{SHOP}/queries"))[0]["id"]
    assert (await site.call("ann", "GET", f"{SHOP}/wiql/{root}")).status_code == 400
    assert (await site.call("ann", "POST", f"{SHOP}/workitems/$Task", [field("System.Title", "x")], PATCH)).status_code == 200
