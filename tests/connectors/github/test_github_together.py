"""What many ask for at the same time is one question of GraphQL, which tells it as REST does, or not at all."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx
import pytest
from github_site import SECRET, SETTINGS, USER, GitHubSite, access, connected
from pydantic import JsonValue
from starlette.types import Message, Scope, Send

from connectors.github import DECLARATION
from connectors.github.connector import GitHubConnector
from connectors.github.reading import MOST
from connectors.kit.fake import serving
from connectors.kit.interface import Fake, FakeOptions
from model.errors import NotFound, RateLimited
from model.item import Item

Row = dict[str, Any]
Change = Callable[[Row], None]

GRAPHQL, ISSUE, COMMENTS, TYPES = "POST graphql", "GET issues/{}", "GET issues/{}/comments", "GET issue-types"
NAMES = {"/graphql": GRAPHQL, "/api/graphql": GRAPHQL, "/api/v3/graphql": "POST graphql below REST"}
ISSUES: list[JsonValue] = [
    {"title": "First", "body": "Plain", "user": "ann"},
    {
        "title": "Second",
        "user": "bob",
        "labels": ["b", "a"],
        "assignees": ["bob"],
        "type": "Bug",
        "state": "closed",
        "state_reason": "duplicate",
        "comments": [{"user": "ann", "body": "One"}, {"user": USER, "body": "Two\r\n<!-- twinline:c-1 -->"}],
    },
    {"title": "Third", "body": "", "user": "ann", "comments": [{"user": "bob", "body": f"Remark {number}"} for number in range(230)]},
    {"title": "Fourth, a pull request", "user": "bob", "pull_request": True, "head": "fix"},
    {"title": "Fifth, of two", "user": "ann", "assignees": ["bob", "ann"]},
    {"title": "Sixth, with a word of nobody", "user": "ann", "comments": [{"user": "gone", "body": "Bye"}]},
    {"title": "Seventh, of a bot", "user": "helper[bot]", "assignees": ["helper[bot]"]},
    {"title": "Eighth", "user": "ann", "comments": [{"user": "helper[bot]", "body": "Beep"}]},
]
SEED: Mapping[str, JsonValue] = {
    "users": [{"login": "helper[bot]", "token": "helper-token"}],
    "repositories": [
        {"name": "acme/app", "roles": {"ann": "admin", USER: "admin"}, "issue_types": ["Bug"], "issues": ISSUES},
        {"name": "other/tools", "issues": [{"title": f"Tool {number}", "user": "ann"} for number in range(2 * MOST + 4)]},
    ],
}


class Counted:
    """A fake whose calls are counted by kind, and that answers GraphQL by `answer` (status, headers, body) where there is one.

    Or somebody changes GraphQL's answers before they arrive.
    """

    def __init__(self, seed: Mapping[str, JsonValue] = SEED, change: Change = lambda answer: None) -> None:
        self._fake: Fake = DECLARATION.fake(FakeOptions(user=USER, secret=SECRET, seed=seed))
        self._change = change
        self.answer: tuple[int, Mapping[str, str], JsonValue] | None = None
        self.calls: dict[str, int] = {}

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        kind, answered = _kind(cast("Scope", scope)), cast("Send", send)
        self.calls[kind] = self.calls.get(kind, 0) + 1
        parts: list[Message] = []

        async def keep(message: Message) -> None:
            parts.append(message)

        await self._fake(scope, receive, keep)
        start, body = parts[0], b"".join(one.get("body", b"") for one in parts[1:])
        if kind == GRAPHQL and self.answer is not None:
            status, headers, told = self.answer
            body = json.dumps(told).encode()
            start = {**start, "status": status, "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
        elif kind == GRAPHQL:
            content = cast("Row", json.loads(body))
            self._change(content)
            body = json.dumps(content).encode()
            start["headers"] = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        await answered(start)
        await answered({"type": "http.response.body", "body": body})


def _kind(scope: Scope) -> str:
    path = str(scope["path"])
    if path in NAMES:
        return NAMES[path]
    words = ["{}" if word.isdigit() else word for word in path.partition("/repos/")[2].split("/")[2:]]
    return f"{scope['method']} {'/'.join(words)}"


@asynccontextmanager
async def opened(counted: Counted, below: str = "") -> AsyncGenerator[tuple[GitHubSite, GitHubConnector]]:
    async with serving(counted) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        github = GitHubConnector(access(url + below))
        yield GitHubSite(url, client), github
        await github.aclose()


async def asked(counted: Counted, github: GitHubConnector, numbers: Sequence[int]) -> tuple[list[Item | BaseException], dict[str, int]]:
    """What is read of issues that are asked for at once, and what that costs. The first one is read by itself."""
    before = dict(counted.calls)
    answers = await asyncio.gather(*(github.read(f"acme/app#{one}") for one in numbers), return_exceptions=True)
    cost = {kind: count - before.get(kind, 0) for kind, count in counted.calls.items() if count > before.get(kind, 0)}
    return answers, {kind: count for kind, count in cost.items() if kind != "GET "}


async def test_many_issues_cost_one_call_and_are_as_those_that_are_read_alone() -> None:
    counted = Counted()
    async with opened(counted) as (site, github):
        await site.call("ann", "POST", "/repos/acme/app/milestones", {"title": "1.0", "description": "Soon"})
        await site.call("ann", "PATCH", "/repos/acme/app/issues/2", {"milestone": 1})
        second = (await site.call("ann", "GET", "/repos/acme/app/issues/2")).json()["id"]
        await site.call("ann", "POST", "/repos/acme/app/issues/1/sub_issues", {"sub_issue_id": second})
        one_by_one = [await github.read(f"acme/app#{one}") for one in (1, 2, 3)]
        answers, cost = await asked(counted, github, (1, 2, 3))
        assert answers == one_by_one
        assert cost == {ISSUE: 1, GRAPHQL: 3, TYPES: 1}
        [_, item, long] = one_by_one
        names = ("milestone", "parentId", "type", "resolution")
        assert [item.fields[name] for name in names] == [
            "1.0",
            "acme/app#1",
            {"name": "Bug", "id": "100"},
            {"name": "duplicate", "id": "duplicate"},
        ]
        assert ([one.marker for one in item.comments], len(long.comments)) == ([None, "c-1"], 230)
        log = (await site.client.get("/_fake/log")).json()
        assert [one["item"] for one in log if one["action"] == "read"].count("acme/app#2") == 3


async def test_what_graphql_tells_otherwise_is_read_as_rest_tells_it() -> None:
    counted = Counted()
    async with opened(counted) as (site, github), connected(site) as other:
        one_by_one = [await other.read(f"acme/app#{number}") for number in range(1, 9)]
        answers, cost = await asked(counted, github, (1, 2, 4, 5, 6, 7, 8, 99))
        assert answers[:-1] == [*one_by_one[:2], *one_by_one[3:]]
        assert isinstance(answers[-1], NotFound)
        assert cost == {ISSUE: 7, COMMENTS: 2, "GET pulls/{}": 1, GRAPHQL: 1, TYPES: 1}
        again, cost = await asked(counted, github, (1, 7, 8))
        assert again == [one_by_one[0], *one_by_one[6:]]
        assert cost == {ISSUE: 1, GRAPHQL: 1}


async def test_issues_with_dependencies_are_as_those_that_are_read_alone() -> None:
    counted = Counted()
    async with opened(counted) as (site, github), connected(site) as other:
        second = (await site.call("ann", "GET", "/repos/acme/app/issues/2")).json()["id"]
        await site.call("ann", "POST", "/repos/acme/app/issues/3/dependencies/blocked_by", {"issue_id": second})
        one_by_one = [await other.read(f"acme/app#{number}") for number in (1, 2, 3)]
        answers, cost = await asked(counted, github, (1, 2, 3))
        assert answers == one_by_one
        assert (cost[ISSUE], cost["GET issues/{}/dependencies/blocking"], cost["GET issues/{}/dependencies/blocked_by"]) == (3, 1, 1)
        assert [len(cast("list[JsonValue]", one.fields["issueLinks"])) for one in one_by_one] == [0, 1, 1]


async def test_more_issues_than_a_question_asks_for_and_those_of_other_owners() -> None:
    counted = Counted()
    async with opened(counted) as (_, github):
        tools = [f"other/tools#{number}" for number in range(1, 2 * MOST + 3)]
        items = await asyncio.gather(*map(github.read, ["acme/app#1", "acme/app#2", *tools, "nothing"]), return_exceptions=True)
        assert [one.ref.id for one in items if isinstance(one, Item)] == ["acme/app#1", "acme/app#2", *tools]
        assert isinstance(items[-1], NotFound)
        assert (counted.calls[ISSUE], counted.calls[GRAPHQL]) == (1, 4)


async def test_each_issue_is_read_after_it_was_asked_for() -> None:
    async with opened(Counted()) as (site, github):

        async def edited(number: int) -> str:
            await site.call("ann", "PATCH", f"/repos/other/tools/issues/{number}", {"title": f"Edit {number}"})
            return str((await github.read(f"other/tools#{number}")).fields["summary"])

        assert await asyncio.gather(*map(edited, range(1, 21))) == [f"Edit {number}" for number in range(1, 21)]


async def test_an_enterprise_server_has_graphql_beside_rest() -> None:
    counted = Counted()
    async with opened(counted, "/api/v3") as (_, github):
        answers, cost = await asked(counted, github, (1, 2, 3))
        assert cost == {ISSUE: 1, GRAPHQL: 3, TYPES: 1}
        assert answers == [await github.read(f"acme/app#{one}") for one in (1, 2, 3)]


NO_FIELD: JsonValue = {"errors": [{"message": "Field 'parent' doesn't exist on type 'Issue'", "path": ["fragment asked", "parent"]}]}
FORBIDDEN: JsonValue = {"data": {"r0": None}, "errors": [{"type": "FORBIDDEN", "path": ["r0"], "message": "Resource not accessible"}]}


@pytest.mark.parametrize(
    "answer",
    [(404, {"message": "Not Found"}), (403, {"message": "No"}), (502, {"message": "Bad"}), (200, ["x"]), (200, NO_FIELD), (200, FORBIDDEN)],
    ids=["absent", "forbidden", "broken", "not GraphQL", "an older server", "not for this token"],
)
async def test_without_graphql_issues_are_read_one_by_one(answer: tuple[int, JsonValue]) -> None:
    counted = Counted()
    counted.answer = (answer[0], {}, answer[1])
    async with opened(counted) as (_, github):
        answers, cost = await asked(counted, github, (1, 2, 8))
        assert [one.fields["summary"] for one in answers if isinstance(one, Item)] == ["First", "Second", "Eighth"]
        assert cost == {ISSUE: 3, COMMENTS: 2, GRAPHQL: 1}
        _, cost = await asked(counted, github, (1, 2, 8))
        assert cost == {ISSUE: 3, COMMENTS: 2}


async def test_points_that_are_used_up_leave_rests_own_calls() -> None:
    counted = Counted({**SEED, "limits": {"graphql": 3}})
    async with opened(counted) as (site, github):
        tools = [f"other/tools#{number}" for number in range(1, MOST + 2)]
        for _ in range(3):
            assert [one.ref.id for one in await asyncio.gather(*map(github.read, tools))] == tools
        limits = (await site.call(USER, "GET", "/rate_limit")).json()["resources"]["graphql"]
        assert (counted.calls[GRAPHQL], limits["used"], limits["remaining"]) == (2, 4, 0)
        assert counted.calls[ISSUE] == 1 + 51 + 51


async def test_of_the_points_no_more_than_our_share_is_used() -> None:
    counted = Counted({**SEED, "limits": {"graphql": 8}})
    async with opened(counted) as (site, _):
        github = GitHubConnector(access(site.url).model_copy(update={"quota_share": 0.5}))
        tools = [f"other/tools#{number}" for number in range(1, MOST + 2)]
        for _ in range(3):
            assert [one.ref.id for one in await asyncio.gather(*map(github.read, tools))] == tools
        await github.aclose()
        assert (counted.calls[GRAPHQL], counted.calls[ISSUE]) == (2, 1 + 1 + 51)


@pytest.mark.parametrize(
    ("status", "headers", "wait"), [(403, {"retry-after": "7"}, 7), (200, {}, 60)], ids=["refused", "in an answer of GraphQL"]
)
async def test_a_secondary_limit_is_kept_by_all_who_asked(status: int, headers: Mapping[str, str], wait: float) -> None:
    counted = Counted()
    told = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    counted.answer = (status, headers, {"message": told, "errors": [{"message": told}]})
    async with opened(counted) as (_, github):
        answers, cost = await asked(counted, github, (1, 2, 3))
        assert [type(one) for one in answers] == [Item, RateLimited, RateLimited]
        assert [one.retry_after for one in answers if isinstance(one, RateLimited)] == [wait, wait]
        assert cost == {ISSUE: 1, GRAPHQL: 1}


def _cut(answer: Row) -> None:
    """As where GitHub gave up on a part: https://docs.github.com/en/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api."""
    told = answer["data"]["r0"]
    if "i2" in told and told["i2"].get("title"):
        told["i2"]["comments"]["nodes"] = [None]
        answer["errors"] = [{"type": "RESOURCE_LIMITS_EXCEEDED", "path": ["r0", "i3", "comments"], "message": "Resource limits exceeded"}]


async def test_what_was_answered_in_part_is_read_by_itself() -> None:
    counted = Counted(change=_cut)
    async with opened(counted) as (_, github):
        answers, cost = await asked(counted, github, (1, 1, 2, 3, 8))
        await github.read("acme/app#8")
        assert [len(one.comments) for one in answers if isinstance(one, Item)] == [0, 0, 2, 230, 1]
        assert cost == {ISSUE: 4, COMMENTS: 5, GRAPHQL: 1}


def _no_second_page(answer: Row) -> None:
    told = answer["data"]["r0"]
    if "title" not in told.get("i3", {"title": ""}):
        answer["data"]["r0"] = None


async def test_comments_that_are_not_all_told_are_read_by_rest() -> None:
    counted = Counted(change=_no_second_page)
    async with opened(counted) as (_, github):
        answers, cost = await asked(counted, github, (1, 2, 3))
        assert [len(one.comments) for one in answers if isinstance(one, Item)] == [0, 2, 230]
        assert cost == {ISSUE: 2, COMMENTS: 3, GRAPHQL: 2, TYPES: 1}


async def test_what_is_found_by_its_marker_is_read_whole(github: GitHubConnector) -> None:
    written = await github.create(SETTINGS, {"summary": "Marked"}, "m-1")
    first, second = await asyncio.gather(github.read("acme/app#1"), github.read(written.ref.id))
    assert (first.marker, second.marker, second.version) == (None, "m-1", written.version)
