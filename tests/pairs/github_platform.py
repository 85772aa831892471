"""GitHub: the repository acme/app."""

from collections.abc import Mapping
from typing import cast

from pydantic import JsonValue

from cli.demo.people import GitHubPerson
from connectors.github import text
from connectors.github.fake_seed import DEFAULT
from model.item import Fields, ItemRef
from tests.pairs.platform import COLLEAGUE, PEOPLE, SECRET, Person, Platform, Report, Said, Seen, first_name

BOT = "acme-bot"
REPOSITORY = "acme/app"


class GitHubColleague(GitHubPerson, Person):
    """Someone who works with the repository's issues."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__(url, f"{name}-token", REPOSITORY)

    async def report(self, report: Report) -> str:
        number = await self.create(report.summary, report.description.replace(COLLEAGUE, "@bob"), ("sync",))
        if report.assignee:
            await self.edit(number, assignees=[report.assignee])
        return str(number)

    async def reword(self, item: str, *, summary: str | None = None, description: str | None = None) -> None:
        told = {"title": summary, "body": description}
        await self.edit(int(item), **{name: value for name, value in told.items() if value is not None})

    async def finish(self, item: str) -> None:
        await self.edit(int(item), state="closed")

    async def say(self, item: str, text: str, *, internal: bool = False) -> None:
        assert not internal, "GitHub has no internal comments"
        await self.comment(int(item), text)

    async def enclose(self, item: str, filename: str, content: bytes) -> None:
        raise AssertionError("GitHub takes no files over its API")

    async def look(self, item: str) -> Seen:
        issue = await self.see(int(item))
        answer = await self._http.get(f"{self._issues}/{item}/comments", {"per_page": 100})
        return Seen(
            summary=str(issue["title"]),
            description=text.received(cast("str | None", issue["body"]))[0],
            done=issue["state"] == "closed",
            high=False,
            assignee=first_name("".join(_login(one) for one in cast("list[Fields]", issue["assignees"]))),
            labels=frozenset(str(one["name"]) for one in cast("list[Fields]", issue["labels"])),
            comments=tuple(_said(one) for one in cast("list[Fields]", answer.json())),
        )

    async def enclosures(self, item: str) -> dict[str, bytes]:
        del item
        return {}


class GitHubPlatform(Platform):
    kind, bot, trigger = "github", BOT, f"repo:{REPOSITORY} is:issue label:sync"
    settings = {"repository": REPOSITORY}
    credentials = {"token": SECRET}
    seed = {**DEFAULT, "users": [{"login": "cat", "token": "cat-token", "name": PEOPLE["cat"], "email": "cat@acme.test"}]}
    search_lag = 1

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.ann, self.bob, self.cat = (GitHubColleague(url, name) for name in PEOPLE)

    @property
    def people(self) -> Mapping[str, GitHubColleague]:
        return {"ann": self.ann, "bob": self.bob, "cat": self.cat}

    def address(self, ref: ItemRef) -> str:
        return ref.key.rpartition("#")[2]


def _login(user: JsonValue) -> str:
    return str(cast("Fields", user)["login"])


def _said(comment: Fields) -> Said:
    return Said(author=_login(comment["user"]), text=text.received(str(comment["body"]))[0], internal=False)
