"""Typed calls of GitHub's API: https://docs.github.com/en/rest, https://docs.github.com/en/graphql. No decisions are made here."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Generic, TypeVar
from urllib.parse import parse_qsl, quote, urlsplit

from pydantic import JsonValue, TypeAdapter, ValidationError

from connectors.github import refusals
from connectors.github.account import SignedIn
from connectors.github.payloads import (
    Comment,
    Hook,
    Issue,
    IssuesFound,
    Milestone,
    Named,
    Payload,
    Pull,
    RepositoriesFound,
    Repository,
    User,
    UsersFound,
    parsed,
)
from connectors.github.session import Session
from connectors.github.several import Answer as Asked
from connectors.kit import rest
from connectors.kit.http import Answer, Body, Http
from connectors.kit.interface import SystemAccess
from model.errors import Misconfigured, NotFound, Unavailable

PAGE = 100
BESIDE = "/api/v3"
"""Where an Enterprise Server has REST; GraphQL is beside it: https://docs.github.com/en/enterprise-server/graphql/guides."""
_LINK = re.compile(r'<([^>]+)>;\s*rel="(\w+)"')
_REPOSITORY = re.compile(r"/repos/([^/?]+)/")
_LIST = TypeAdapter(list[object])
_MOVED = (301, 302, 307, 308)

Parameters = Mapping[str, str | int]
P = TypeVar("P", bound=Payload)


@dataclass(frozen=True)
class Page(Generic[P]):
    """One page of a list.

    `links` holds the query of the pages that GitHub names (`next`, `prev`, `last`). `unchanged` is true where the list is still the
    one that `etag` stood for; `items` is empty then. `date` is GitHub's clock.
    """

    items: tuple[P, ...]
    links: Mapping[str, dict[str, str | int]]
    etag: str
    date: datetime
    unchanged: bool = False


class GitHubClient:
    """Calls of one account or app, on an Enterprise Server where `is_server`. Repositories are named `owner/name`."""

    def __init__(self, access: SystemAccess) -> None:
        self.system = access.name
        self._base = urlsplit(access.url.rstrip("/"))
        self.is_server = self._base.path.endswith(BESIDE)
        root = self._base.path.removesuffix(BESIDE)
        self._graphql = f"{self._base.scheme}://{self._base.netloc}{root}/api/graphql" if self.is_server else "/graphql"
        self._session = Session(access)

    async def aclose(self) -> None:
        await self._session.aclose()

    async def look(self, question: tuple[str | None, ...]) -> JsonValue:
        """What a sync rule asks of the API itself."""
        path = (question[1] if len(question) > 1 else None) or ""
        return await self._session.call(_owner(path), lambda http: rest.look(http, question))

    async def signed_in(self, repository: str) -> SignedIn:
        """Who we are in that repository, or where it is empty anywhere, by which kind of token, and on what."""
        owner, app = repository.partition("/")[0], self._session.app
        answer = await self._get("/user") if app is None else await self._get("/installation/repositories", {"per_page": 1}, owner=owner)
        scopes, server = answer.headers.get("x-oauth-scopes"), answer.headers.get("x-github-enterprise-version")
        return SignedIn(
            login=parsed(User, answer).login if app is None else await app.login(),
            scopes=None if scopes is None else frozenset(one.strip() for one in scopes.split(",")),
            granted=await self._session.granted(owner),
            platform=f"GitHub Enterprise Server {server}" if server else "GitHub",
        )

    async def repository(self, name: str) -> Repository:
        return parsed(Repository, await self._get(f"/repos/{name}"))

    async def known_repository(self, name: str) -> Repository | None:
        """None if there is none, or none that the token may see."""
        try:
            return await self.repository(name)
        except Misconfigured:
            return None

    async def my_repositories(self, owner: str) -> tuple[Repository, ...]:
        """Of an account the ones that changed last, of an app those of `owner`."""
        if self._session.app is None:
            return (await self._page(Repository, "/user/repos", {"per_page": 20, "sort": "pushed"})).items
        answer = await self._get("/installation/repositories", {"per_page": 20}, owner=owner)
        return parsed(RepositoriesFound, answer).repositories

    async def issue_types(self, repository: str) -> tuple[Named, ...]:
        """None at all where the repository's owner, or the server, has no issue types."""
        try:
            return (await self._page(Named, f"/repos/{repository}/issue-types", {})).items
        except Misconfigured:
            return ()

    async def milestones(self, repository: str) -> tuple[Milestone, ...]:
        """Open and closed ones."""
        path = f"/repos/{repository}/milestones"
        return tuple([one async for page in self._pages(Milestone, path, {"state": "all", "per_page": PAGE}) for one in page.items])

    async def create_milestone(self, repository: str, title: str, description: str) -> Milestone:
        payload: dict[str, JsonValue] = {"title": title, "description": description}
        return parsed(Milestone, await self._write("POST", f"/repos/{repository}/milestones", payload))

    async def issue(self, repository: str, number: int) -> Issue:
        """Follows an issue that was transferred."""
        return parsed(Issue, await self._get(f"/repos/{repository}/issues/{number}"))

    async def pull(self, repository: str, number: int) -> Pull:
        return parsed(Pull, await self._get(f"/repos/{repository}/pulls/{number}"))

    async def issues(self, repository: str, parameters: Parameters, etag: str = "") -> Page[Issue]:
        return await self._page(Issue, f"/repos/{repository}/issues", {"state": "all", "per_page": PAGE, **parameters}, etag)

    async def create_issue(self, repository: str, payload: dict[str, JsonValue]) -> Issue:
        return parsed(Issue, await self._write("POST", f"/repos/{repository}/issues", payload))

    async def update_issue(self, repository: str, number: int, payload: dict[str, JsonValue]) -> Issue:
        return parsed(Issue, await self._write("PATCH", f"/repos/{repository}/issues/{number}", payload))

    async def add_sub_issue(self, repository: str, number: int, identity: int) -> None:
        """Below that issue, and no longer below another; `identity` is the sub-issue's id and not its number."""
        path = f"/repos/{repository}/issues/{number}/sub_issues"
        await self._write("POST", path, {"sub_issue_id": identity, "replace_parent": True})

    async def remove_sub_issue(self, repository: str, number: int, identity: int) -> None:
        await self._write("DELETE", f"/repos/{repository}/issues/{number}/sub_issue", {"sub_issue_id": identity})

    async def blocked_by(self, repository: str, number: int) -> tuple[Issue, ...]:
        """The issues that block it."""
        return await self._dependencies(repository, number, "blocked_by")

    async def blocking(self, repository: str, number: int) -> tuple[Issue, ...]:
        """The issues that it blocks."""
        return await self._dependencies(repository, number, "blocking")

    async def _dependencies(self, repository: str, number: int, which: str) -> tuple[Issue, ...]:
        path = f"/repos/{repository}/issues/{number}/dependencies/{which}"
        return tuple([one async for page in self._pages(Issue, path, {"per_page": PAGE}) for one in page.items])

    async def add_blocked_by(self, repository: str, number: int, identity: int) -> None:
        """`identity` is the id, and not the number, of the issue that blocks it. Refused if it does so already."""
        await self._write("POST", f"/repos/{repository}/issues/{number}/dependencies/blocked_by", {"issue_id": identity})

    async def remove_blocked_by(self, repository: str, number: int, identity: int) -> None:
        await self._write("DELETE", f"/repos/{repository}/issues/{number}/dependencies/blocked_by/{identity}", None)

    async def comments(self, repository: str, number: int) -> tuple[Comment, ...]:
        """All comments of an issue, oldest first."""
        path = f"/repos/{repository}/issues/{number}/comments"
        return tuple([one async for page in self._pages(Comment, path, {"per_page": PAGE}) for one in page.items])

    async def comments_backwards(self, repository: str, number: int) -> AsyncIterator[Comment]:
        """The comments of an issue, newest first, as far as they are asked for."""
        path = f"/repos/{repository}/issues/{number}/comments"
        first = await self._page(Comment, path, {"per_page": PAGE})
        there = first.links.get("last")
        while there is not None:
            page = await self._page(Comment, path, there)
            for one in reversed(page.items):
                yield one
            before = page.links.get("prev")
            there = None if before == page.links.get("first") else before
        for one in reversed(first.items):
            yield one

    async def repository_comments(self, repository: str, parameters: Parameters, etag: str = "") -> Page[Comment]:
        return await self._page(Comment, f"/repos/{repository}/issues/comments", {"per_page": PAGE, **parameters}, etag)

    async def comment(self, repository: str, identity: str) -> Comment:
        return parsed(Comment, await self._get(_comment_path(repository, identity)))

    async def create_comment(self, repository: str, number: int, body: str) -> Comment:
        return parsed(Comment, await self._write("POST", f"/repos/{repository}/issues/{number}/comments", {"body": body}))

    async def update_comment(self, repository: str, identity: str, body: str) -> Comment:
        return parsed(Comment, await self._write("PATCH", _comment_path(repository, identity), {"body": body}))

    async def delete_comment(self, repository: str, identity: str) -> None:
        await self._write("DELETE", _comment_path(repository, identity), None)

    async def search_issues(self, repository: str, parameters: Parameters) -> tuple[IssuesFound, dict[str, str | int] | None]:
        """One page, and the query of the next."""
        answer = await self._get("/search/issues", parameters, owner=repository.partition("/")[0])
        return parsed(IssuesFound, answer), _links(answer).get("next")

    async def search_users(self, query: str) -> tuple[User, ...]:
        return parsed(UsersFound, await self._get("/search/users", {"q": query, "per_page": 5})).items

    async def require_assignable(self, repository: str, login: str) -> None:
        """NotFound if nobody of that login can be assigned to the repository's issues."""
        await self._get(f"/repos/{repository}/assignees/{quote(login, safe='')}")

    async def user(self, login: str) -> User:
        return parsed(User, await self._get(f"/users/{quote(login, safe='')}"))

    async def user_by_id(self, identity: int) -> User:
        return parsed(User, await self._get(f"/user/{identity}"))

    async def ask(self, owner: str, question: str) -> Asked | None:
        """What GraphQL answers, signed in for `owner`; None while its points are used up, which are counted apart from REST's calls.

        RateLimited where it asks to go slower, which is meant for all calls.
        """
        answer = await self._session.call(owner, lambda http: self._asked(http, question))
        if answer is None:
            return None
        told = parsed(Asked, answer)
        refusals.require_pace(self.system, answer, [one.message for one in told.errors])
        return told

    async def _asked(self, http: Http, question: str) -> Answer | None:
        return None if http.is_used_up(self._graphql) else await http.query(self._graphql, {"query": question})

    async def hooks(self, repository: str) -> tuple[Hook, ...]:
        return tuple([one async for page in self._pages(Hook, f"/repos/{repository}/hooks", {"per_page": PAGE}) for one in page.items])

    async def create_hook(self, repository: str, payload: dict[str, JsonValue]) -> Hook:
        return parsed(Hook, await self._write("POST", f"/repos/{repository}/hooks", payload))

    async def update_hook(self, repository: str, identity: int, payload: dict[str, JsonValue]) -> None:
        await self._write("PATCH", f"/repos/{repository}/hooks/{identity}", payload)

    async def delete_hook(self, repository: str, identity: int) -> None:
        await self._write("DELETE", f"/repos/{repository}/hooks/{identity}", None)

    async def _get(
        self, path: str, parameters: Parameters | None = None, headers: Mapping[str, str] | None = None, owner: str | None = None
    ) -> Answer:
        """Signed in for `owner`, or where there is none for the owner of the repository in the path."""
        return await self._session.call(_owner(path) if owner is None else owner, lambda http: http.get(path, parameters, headers))

    async def _pages(self, model: type[P], path: str, parameters: Parameters) -> AsyncIterator[Page[P]]:
        there: Parameters | None = parameters
        while there is not None:
            page = await self._page(model, path, there)
            yield page
            there = page.links.get("next")

    async def _page(self, model: type[P], path: str, parameters: Parameters, etag: str = "") -> Page[P]:
        answer = await self._get(path, parameters, {"If-None-Match": etag} if etag else None)
        if answer.status == 304:
            return Page((), {}, etag, _date(answer), unchanged=True)
        try:
            items = tuple(model.model_validate(one) for one in _LIST.validate_json(answer.body))
        except ValidationError as error:
            raise Unavailable(f"{answer.url} answered with something that is not GitHub's list; check the URL") from error
        return Page(items, _links(answer), answer.headers.get("etag", ""), _date(answer))

    async def _write(self, method: str, path: str, payload: JsonValue) -> Answer:
        """Send a write, once more to where the issue went if it was transferred."""
        body, owner = Body(json=payload) if payload is not None else None, _owner(path)
        answer = await self._session.call(owner, lambda http: http.write(method, path, body))
        if answer.status not in _MOVED:
            return answer
        there = urlsplit(answer.headers.get("location", ""))
        if there.netloc != self._base.netloc or not there.path.startswith(f"{self._base.path}/"):
            raise Misconfigured(f"{self.system} sends writes to another host, {there.netloc!r}; enter the address of its API as URL")
        moved = there.path.removeprefix(self._base.path)
        return await self._session.call(owner, lambda http: http.write(method, moved, body))


def _owner(path: str) -> str:
    """Empty where the path names no repository."""
    found = _REPOSITORY.search(path)
    return found[1] if found else ""


def _comment_path(repository: str, identity: str) -> str:
    if not identity.isdecimal():
        raise NotFound(f"{identity!r} is no id of a GitHub comment")
    return f"/repos/{repository}/issues/comments/{identity}"


def _links(answer: Answer) -> dict[str, dict[str, str | int]]:
    """The query of each linked page: with our own base URL it works behind a proxy too, and no token goes to another host."""
    found: list[tuple[str, str]] = _LINK.findall(answer.headers.get("link", ""))
    return {relation: dict(parse_qsl(urlsplit(url).query)) for url, relation in found}


def _date(answer: Answer) -> datetime:
    sent = answer.headers.get("date")
    return parsedate_to_datetime(sent) if sent else datetime.now(UTC)
