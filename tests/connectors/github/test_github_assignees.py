"""Who works on an issue: one, several or nobody, and those whom GitHub would leave out without a word."""

from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from github_site import SETTINGS, USER, GitHubSite, connected, running
from pydantic import JsonValue

from connectors.github.connector import GitHubConnector
from model.errors import Refused
from model.item import Fields

ITEM = "acme/app#1"
ANN: JsonValue = {"username": "ann"}
BOB: JsonValue = {"username": "bob"}


@pytest.fixture
async def site() -> AsyncIterator[GitHubSite]:
    people: list[JsonValue] = [{"login": f"p{number}", "token": f"p{number}-token"} for number in range(11)]
    rita: JsonValue = {"login": "rita", "token": "rita-token"}
    repository: JsonValue = {"name": "acme/app", "roles": {"rita": "read"}, "issues": [{"title": "Anvil", "assignees": ["bob"]}]}
    async with running({"users": [*people, rita], "repositories": [repository]}) as site:
        yield site


def _names(found: Fields, field: str = "assignees") -> list[str]:
    return [str(one["username"]) for one in cast("list[dict[str, JsonValue]]", found[field])]


async def test_all_of_them_are_written_and_read(github: GitHubConnector) -> None:
    written = await github.update(ITEM, {"assignees": [ANN, BOB]})
    item = await github.read(ITEM)
    assert _names(written.fields) == ["ann", "bob"]
    assert written.fields["assignees"] == item.fields["assignees"]
    told = cast("list[dict[str, JsonValue]]", item.fields["assignees"])
    assert [one["email"] for one in told] == ["ann@acme.test", "bob@acme.test"]


async def test_a_new_issue_has_them_from_the_start(github: GitHubConnector) -> None:
    written = await github.create(SETTINGS, {"summary": "x", "assignees": [BOB, {"key": "1002"}]}, "acme-1:left:1")
    assert _names((await github.read(written.ref.id)).fields) == ["bob", "ann"]


@pytest.mark.parametrize("nobody", [None, []])
async def test_nobody(github: GitHubConnector, nobody: JsonValue) -> None:
    assert (await github.update(ITEM, {"assignees": nobody})).fields == {"assignees": []}


async def test_the_single_one_comes_first_and_nobody_twice(github: GitHubConnector) -> None:
    written = await github.update(ITEM, {"assignees": [BOB, {"username": "ANN"}], "assignee": ANN})
    assert _names(written.fields) == ["ann", "bob"]
    others = await github.update(ITEM, {"assignee": None, "assignees": [BOB]})
    assert others.fields["assignee"] == (await github.read(ITEM)).fields["assignee"]


async def test_the_single_one_alone_takes_the_place_of_all(github: GitHubConnector) -> None:
    await github.update(ITEM, {"assignees": [ANN, BOB]})
    await github.update(ITEM, {"assignee": BOB})
    assert _names((await github.read(ITEM)).fields) == ["bob"]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"assignees": [ANN, {"username": "rita"}]}, "assignees", "'rita' cannot be assigned in acme/app; add them to acme/app"),
        ({"assignees": [{"username": "nobody"}]}, "assignees", "'nobody' cannot be assigned"),
        ({"assignee": {"username": "rita"}}, "assignee", "'rita' cannot be assigned"),
        ({"assignees": [{"email": "ann@acme.test"}]}, "assignees", "names no GitHub user"),
        ({"assignees": ["ann"]}, "assignees", "takes users, not 'ann'"),
        ({"assignees": ANN}, "assignees", "takes a list of users"),
        ({"assignees": [{"username": f"p{number}"} for number in range(11)]}, "assignees", "at most 10 people"),
    ],
)
async def test_what_github_would_leave_out_is_refused_by_name(
    github: GitHubConnector, site: GitHubSite, fields: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Refused, match=words) as refused:
        await github.update(ITEM, {"summary": "Not written either", **fields})
    assert refused.value.field == field
    assert await site.writes(USER) == []


async def test_who_can_be_assigned_is_remembered(site: GitHubSite) -> None:
    async with connected(site) as github:
        await github.update(ITEM, {"assignees": [ANN]})
        before = await site.calls()
        await github.update(ITEM, {"assignees": [ANN]})
        assert await site.calls() == before + 1


async def test_the_fake_leaves_out_who_cannot_be_assigned(site: GitHubSite) -> None:
    made = await site.call("ann", "PATCH", "/repos/acme/app/issues/1", {"assignees": ["ann", "rita"]})
    assert [one["login"] for one in made.json()["assignees"]] == ["ann"]
    more = await site.call("ann", "POST", "/repos/acme/app/issues/1/assignees", {"assignees": ["rita", "bob"]})
    assert [one["login"] for one in more.json()["assignees"]] == ["ann", "bob"]
