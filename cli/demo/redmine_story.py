"""The story of the demo with a real Redmine: pairs, edits, statuses, public and private notes, files, and all in line at the end."""

import asyncio
from time import monotonic
from typing import cast

from cli.demo.redmine_scene import SUPPORT, RedmineScene
from cli.demo.showing import chapter, pairs_table
from cli.demo.stage import BOT, until
from cli.demo.texts import summary
from cli.running import out
from model.errors import Unavailable
from model.frozen import Frozen
from model.item import Fields
from model.words import TwinStatus

EACH_SIDE = 3
QUIET_SECONDS = 8
MARKDOWN = "It **burns**:\n\n- paper\n- toner"
FILE = bytes(range(256)) * 64

Talk = list[tuple[str, bool]]


class Result(Frozen):
    """What the last line says."""

    twins: int
    synchronized: int
    errors: int
    edits: int
    seconds: float

    @property
    def in_line(self) -> bool:
        return self.errors == 0 and self.synchronized == self.twins >= 2 * EACH_SIDE


class RedmineStory:
    """Each chapter acts as people do and waits until both sides agree; Unavailable if they do not."""

    def __init__(self, scene: RedmineScene) -> None:
        self._scene = scene
        self._bob, self._ann = scene.bob, scene.ann
        self._edits = 0
        self._began = monotonic()
        self._keys: list[str] = []
        self._numbers: list[int] = []

    async def tell(self) -> Result:
        for title, telling in (
            ("items appear on the other side", self._appear),
            ("summaries and descriptions are edited on both sides", self._edit),
            ("statuses change on both sides", self._move),
            ("public comments stay public, private ones private", self._comment),
            ("a file crosses each way", self._attach),
            ("in line, nothing more is written", self._stay_quiet),
        ):
            await chapter(title, telling(), self._began)
            await self._scene.in_line(2 * EACH_SIDE, title)
        return await self._result()

    async def _appear(self) -> None:
        for number in range(EACH_SIDE):
            self._keys.append(await self._bob.create("HELP", summary(number), MARKDOWN, ("sync",)))
            self._numbers.append(await self._ann.create(summary(20 + number), MARKDOWN, tracker_id=SUPPORT))
        await until(self._paired, "a twin for each new issue", 90)

    async def _paired(self) -> bool:
        found = await self._scene.numbers()
        return found.keys() >= set(self._keys) and set(found.values()) >= set(self._numbers)

    async def _pairs(self) -> tuple[tuple[str, int], tuple[str, int]]:
        """One that Bob began, and one that Ann began."""
        found = await self._scene.numbers()
        by_number = {number: key for key, number in found.items()}
        return (self._keys[0], found[self._keys[0]]), (by_number[self._numbers[0]], self._numbers[0])

    async def _edit(self) -> None:
        (key, number), (other_key, other) = await self._pairs()
        await self._bob.edit(key, summary="The printer burns again")
        await self._ann.edit(other, subject="The scanner wakes")
        await self._bob.edit(other_key, description=f"{MARKDOWN}\n\nSince noon.")
        await self._ann.edit(number, description="Put **out**.\n\nTwice.")
        self._edits += 4

        async def agreed() -> bool:
            issue, other_issue = await self._bob.see(key), await self._ann.see(other)
            here = (issue["description"], (await self._bob.see(other_key))["summary"])
            there = ("Since noon." in str(other_issue["description"]), (await self._ann.see(number))["subject"])
            return here == ("Put **out**.\n\nTwice.", "The scanner wakes") and there == (True, "The printer burns again")

        await until(agreed, "the edits on the other side")

    async def _move(self) -> None:
        (key, number), (other_key, other) = await self._pairs()
        await self._bob.move(key, "Done")
        await self._ann.move(other, "In Progress")
        self._edits += 2

        async def agreed() -> bool:
            here, there = (await self._bob.see(other_key))["status"], (await self._ann.see(number))["status"]
            return (cast("Fields", here)["name"], cast("Fields", there)["name"]) == ("In Progress", "Closed")

        await until(agreed, "the statuses on the other side")

    async def _comment(self) -> None:
        (key, number), _ = await self._pairs()
        await self._bob.comment(key, "Help is near.")
        await self._bob.note(key, "It was the intern.")
        await self._ann.note(number, "Thanks.")
        await self._ann.note(number, "Warn him.", private=True)
        self._edits += 4
        wanted = [("Help is near.", False), ("It was the intern.", True), ("Thanks.", False), ("Warn him.", True)]

        async def agreed() -> bool:
            here, there = await self._bob.talk(key), await self._ann.notes(number)
            return _are(here, wanted) and _are(there, wanted)

        await until(agreed, "all comments on both sides, as private as they were written")

    async def _attach(self) -> None:
        (key, number), _ = await self._pairs()
        await self._bob.attach(key, "smoke.bin", FILE)
        await self._ann.attach(number, "printer.log", FILE[::-1])
        self._edits += 2
        wanted = {"smoke.bin": FILE, "printer.log": FILE[::-1]}

        async def agreed() -> bool:
            return await self._ann.files(number) == wanted == await self._bob.files(key)

        await until(agreed, "both files on both sides, byte for byte")

    async def _stay_quiet(self) -> None:
        before = await self._written()
        await asyncio.sleep(QUIET_SECONDS)
        if await self._written() != before:
            raise Unavailable("something was written although both sides were in line")

    async def _written(self) -> tuple[int, list[Fields]]:
        """Twinline's writes in Jira, and the issues in Redmine with their history."""
        return await self._scene.jira.writes(BOT), [await self._ann.see(one) for one in sorted((await self._scene.numbers()).values())]

    async def _result(self) -> Result:
        twins = await self._scene.twins()
        out.print(pairs_table(self._scene.other, twins))
        return Result(
            twins=len(twins),
            synchronized=sum(1 for twin in twins if twin.status is TwinStatus.SYNCHRONIZED),
            errors=sum(1 for twin in twins if twin.status is TwinStatus.ERROR),
            edits=self._edits,
            seconds=round(monotonic() - self._began, 1),
        )


def _are(talk: Talk, wanted: Talk) -> bool:
    """Whether the comments are these, apart from the lines that tell the author of a copy, and the marker."""
    said = sorted((hidden, body.partition("\n\n<!--")[0].strip()) for body, hidden in talk)
    expected = sorted((hidden, body) for body, hidden in wanted)
    if len(said) != len(expected):
        return False
    return all(any(hidden == private and text.endswith(body) for private, text in said) for hidden, body in expected)
