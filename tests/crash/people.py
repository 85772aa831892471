"""Who works on the two sides of a connection while parts die: through the platforms' own APIs, each as people there do."""

import re
from dataclasses import dataclass
from typing import Protocol, cast

from pydantic import JsonValue

from cli.demo.people import GitHubPerson, JiraPerson

SYNC = "sync"
_MARKER = re.compile(r"\n*<!-- twinline:.*?-->\s*$")


class Person(Protocol):
    """Items are named by their keys, comments and files by their ids. `statuses` and `priorities` are what the person chooses from."""

    @property
    def statuses(self) -> tuple[str, ...]: ...

    @property
    def priorities(self) -> tuple[str, ...]: ...

    @property
    def files(self) -> bool: ...

    async def create(self, summary: str, description: str) -> str: ...

    async def edit(self, key: str, subject: str, value: str) -> None: ...

    async def comment(self, key: str, text: str) -> str: ...

    async def edit_comment(self, key: str, comment: str, text: str) -> None: ...

    async def delete_comment(self, key: str, comment: str) -> None: ...

    async def attach(self, key: str, filename: str, content: bytes) -> str: ...

    async def detach(self, key: str, file: str) -> None: ...


@dataclass(frozen=True)
class InJira:
    person: JiraPerson
    project: str
    statuses: tuple[str, ...] = ("To Do", "In Progress", "Done")
    priorities: tuple[str, ...] = ()
    files: bool = True

    async def create(self, summary: str, description: str) -> str:
        return await self.person.create(self.project, summary, description, (SYNC,))

    async def edit(self, key: str, subject: str, value: str) -> None:
        match subject:
            case "status":
                await self.person.move(key, value)
            case "labels":
                await self.person.edit(key, labels=[SYNC, value])
            case "priority":
                await self.person.edit(key, priority={"name": value})
            case _:
                await self.person.edit(key, **{subject: value})

    async def comment(self, key: str, text: str) -> str:
        return await self.person.comment(key, text)

    async def edit_comment(self, key: str, comment: str, text: str) -> None:
        await self.person.edit_comment(key, comment, text)

    async def delete_comment(self, key: str, comment: str) -> None:
        await self.person.delete_comment(key, comment)

    async def attach(self, key: str, filename: str, content: bytes) -> str:
        return await self.person.attach(key, filename, content)

    async def detach(self, key: str, file: str) -> None:
        del key
        await self.person.detach(file)


@dataclass(frozen=True)
class InGitHub:
    """An edit keeps the hidden line at the end of a text, as it does in GitHub's own editor."""

    person: GitHubPerson
    repository: str
    statuses: tuple[str, ...] = ("open", "closed")
    priorities: tuple[str, ...] = ()
    files: bool = False

    async def create(self, summary: str, description: str) -> str:
        return f"{self.repository}#{await self.person.create(summary, description, (SYNC,))}"

    async def edit(self, key: str, subject: str, value: str) -> None:
        number = _number(key)
        match subject:
            case "status":
                await self.person.edit(number, state=value)
            case "labels":
                await self.person.edit(number, labels=[SYNC, value])
            case "description":
                await self.person.edit(number, body=_kept((await self.person.see(number))["body"], value))
            case _:
                await self.person.edit(number, title=value)

    async def comment(self, key: str, text: str) -> str:
        return str(await self.person.comment(_number(key), text))

    async def edit_comment(self, key: str, comment: str, text: str) -> None:
        del key
        before = await self.person.see_comment(int(comment))
        await self.person.edit_comment(int(comment), _kept(before["body"], text))

    async def delete_comment(self, key: str, comment: str) -> None:
        del key
        await self.person.delete_comment(int(comment))

    async def attach(self, key: str, filename: str, content: bytes) -> str:
        raise NotImplementedError

    async def detach(self, key: str, file: str) -> None:
        raise NotImplementedError


def _number(key: str) -> int:
    return int(key.rpartition("#")[2])


def _kept(before: JsonValue, text: str) -> str:
    hidden = _MARKER.search(cast("str", before or ""))
    return text + (hidden[0] if hidden else "")
