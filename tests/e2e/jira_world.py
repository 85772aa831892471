"""A fake Jira, in which Bob works, and another platform, in which Ann does; and what holds for each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from pydantic import JsonValue

from model.item import Fields
from tests.e2e.stage import eventually
from tests.pairs.jira_platform import JiraColleague, JiraPlatform
from tests.pairs.platform import Platform
from tests.pairs.world import PairWorld

MARKDOWN = "It **burns**:\n\n- paper\n- toner\n\n```\nlp -d printer\n```"
BYTES = bytes(range(256)) * 300 + b"\r\n\n\r"

R_co = TypeVar("R_co", bound=Platform, covariant=True)
Talk = list[tuple[str, bool]]


@dataclass
class JiraWorld(PairWorld[JiraPlatform, R_co], Generic[R_co]):
    @property
    def bob(self) -> JiraColleague:
        return self.left.bob

    async def one_pair(self, summary: str, description: str = "", **fields: JsonValue) -> tuple[str, str]:
        """A running world with one pair that Bob began: his issue's key, and what Ann calls its twin."""
        key = await self.bob.create(str(self.left.settings["project"]), summary, description, labels=("sync",), **fields)
        return key, await self.begin_with(key)

    async def in_jira(self, key: str, wanted: Callable[[Fields], bool], what: str) -> Fields:
        return await eventually(lambda: self.bob.see(key), wanted, what)

    async def talk(self, key: str, item: str, in_jira: Talk, there: Talk) -> None:
        """Wait until the comments, with their privacy, are these on both sides; how lines are broken does not count."""

        async def look() -> tuple[Talk, Talk]:
            return await _said(self.left, key), await _said(self.right, item)

        await eventually(look, lambda seen: seen == (sorted(in_jira), sorted(there)), "comments on both sides")

    async def files_cross(self, key: str, item: str) -> None:
        """Both people attach a file, and both have both, byte for byte."""
        await self.bob.attach(key, "smoke ü.bin", BYTES)
        await self.right.people["ann"].enclose(item, "log.txt", BYTES[::-1])
        wanted = {"smoke ü.bin": BYTES, "log.txt": BYTES[::-1]}
        await eventually(lambda: self.right.people["ann"].enclosures(item), lambda files: files == wanted, "both files there")
        await eventually(lambda: self.bob.files(key), lambda files: files == wanted, "both files in Jira")
        await self.quiet(1)


async def _said(platform: Platform, item: str) -> Talk:
    seen = await platform.people["ann"].look(item)
    return sorted((plain(one.text), one.internal) for one in seen.comments)


def plain(text: object) -> str:
    """Without the platforms' ways of breaking a line."""
    return " ".join(str(text).replace("\\\n", "\n").replace("<br>", "\n").split())


def name_of(value: object) -> str:
    return str(cast("Fields", value)["name"])
