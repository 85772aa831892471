"""JQL of the fake about the past: `WAS` and `CHANGED`."""

import pytest
from jira_site import Site


async def keys(site: Site, jql: str) -> list[str]:
    answer = await site.call("POST", "/search/jql", {"jql": f"key in (APP-1, APP-2) AND {jql} ORDER BY key", "fields": ["summary"]})
    assert answer.status_code == 200, answer.text
    return [one["key"] for one in answer.json()["issues"]]


async def moved(site: Site, name: str, key: str, status: str) -> None:
    offered = (await site.call("GET", f"/issue/{key}/transitions", name=name)).json()["transitions"]
    chosen = next(one["id"] for one in offered if one["to"]["name"] == status)
    assert (await site.call("POST", f"/issue/{key}/transitions", {"transition": {"id": chosen}}, name=name)).status_code == 204


@pytest.mark.parametrize(
    ("jql", "found"),
    [
        ("status WAS 'To Do'", ["APP-1"]),
        ("status was in ('To Do', Done)", ["APP-1"]),
        ("status WAS NOT 'To Do'", ["APP-2"]),
        ("NOT status was 'To Do'", ["APP-2"]),
        ("status was not in ('To Do')", ["APP-2"]),
        ("status WAS 'In Progress' BY bob@acme.test", ["APP-1", "APP-2"]),
        ("status WAS 'In Progress' BY ann@acme.test", []),
        ("status WAS 'To Do' BEFORE -1d", []),
        ("status WAS 'To Do' AFTER -1d", ["APP-1"]),
        ("status WAS 'To Do' ON startOfDay()", ["APP-1"]),
        ("status WAS 'To Do' DURING (startOfDay(-2d), endOfDay(-1d))", []),
        ("status CHANGED", ["APP-1"]),
        ("NOT status changed", ["APP-2"]),
        ("status changed FROM 'To Do' TO ('In Progress', Done) BY bob@acme.test AFTER -5m", ["APP-1"]),
        ("status changed FROM Done", []),
        ("status changed BEFORE -5m", []),
        ("status changed DURING (-5m, now())", ["APP-1"]),
        ("priority changed", []),
        ("resolution was Unresolved", ["APP-1", "APP-2"]),
        ("assignee was EMPTY", ["APP-2"]),
    ],
)
async def test_the_past_is_told(site: Site, jql: str, found: list[str]) -> None:
    await moved(site, "bob", "APP-1", "In Progress")
    assert await keys(site, jql) == found


@pytest.mark.parametrize(
    ("jql", "words"),
    [
        ("summary was x", "History searches do not support the 'summary' field."),
        ("status was Nowhere", "The value 'Nowhere' does not exist for the field 'status'."),
        ("status was Done FROM 'To Do'", "The predicate 'from' can only be used with the 'changed' operator."),
        ("status changed DURING (-5m)", "The predicate 'during' needs 2 dates."),
        ("status changed AFTER yesterday", "Date value 'yesterday'"),
    ],
)
async def test_a_wrong_question_about_the_past_is_refused(site: Site, jql: str, words: str) -> None:
    answer = await site.call("POST", "/search/jql", {"jql": jql})
    assert answer.status_code == 400
    assert words in answer.json()["errorMessages"][0]
