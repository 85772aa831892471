"""The demo's story, told unattended: forty pairs, edits, comments and conflicts on both sides, and all in line at the end."""

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import cast

from temporalio.client import Client

from cli.demo.measure import actions
from cli.demo.scene import CONNECTION, Scene
from cli.demo.showing import chapter, pairs_table
from cli.demo.stage import until
from cli.demo.texts import RICH, summary
from cli.running import out
from model.errors import Unavailable
from model.frozen import Frozen
from model.item import Fields
from model.text import tidy
from model.twin import StoredConflict
from model.words import ConflictPolicy, TwinStatus
from operations.views import ConflictPage

EACH_SIDE = 20
QUIET_SECONDS = 5
EXTRA = "\n\nSeen again today."


class Result(Frozen):
    """What the last line says. Calls and actions per edit are those of the phase of plain edits, poll calls included."""

    twins: int
    synchronized: int
    errors: int
    conflicts: int
    edits: int
    seconds: float
    vendor_calls_per_edit: float
    temporal_actions_per_edit: float

    @property
    def in_line(self) -> bool:
        return self.errors == 0 and self.synchronized == self.twins >= 2 * EACH_SIDE


class Story:
    """Each chapter acts as people do and waits until both sides agree; Unavailable if they do not."""

    def __init__(self, scene: Scene, client: Client) -> None:
        self._scene = scene
        self._client = client
        self._edits = 0
        self._began = monotonic()
        self._calls_per_edit = 0.0
        self._actions_per_edit = 0.0
        self._looked = 0
        self._seen: dict[str, bool] = {}

    async def tell(self) -> Result:
        await chapter("items appear on the other side", self._appear(), self._began)
        await chapter("rich text survives the round trip", self._rich_text(), self._began)
        await chapter("fields are edited on both sides", self._edit_fields(), self._began)
        await chapter("comments are written, edited and deleted", self._comment(), self._began)
        await chapter("both sides edit the same field", self._conflict(), self._began)
        await chapter("in line, nothing more is written", self._stay_quiet(), self._began)
        return await self._result()

    async def _appear(self) -> None:
        ann, bob = self._scene.ann, self._scene.bob
        for number in range(EACH_SIDE):
            await ann.create("APP", summary(number), f"Reported by **{number}** customers.", ("sync",))
            await bob.create(summary(EACH_SIDE + number), f"- seen {number} times", ("sync",))
        await self._scene.in_line(2 * EACH_SIDE, "creation")

    async def _rich_text(self) -> None:
        key, number = (await self._pairs())[0]
        scene = self._scene
        await scene.ann.edit(key, description=RICH)
        self._edits += 1
        await until(lambda: self._body_has(number, "basket.total()"), "the rich text on GitHub")
        await scene.in_line(2 * EACH_SIDE, "rich text")
        body = str((await scene.bob.see(number))["body"])
        await scene.bob.edit(number, body=body.replace("\n\n<!--", f"{EXTRA}\n\n<!--") if "<!--" in body else body + EXTRA)
        self._edits += 1
        wanted = tidy(RICH + EXTRA)
        await until(lambda: self._described(key, wanted), "the rich text back in Jira, unharmed")

    async def _body_has(self, number: int, text: str) -> bool:
        return text in str((await self._scene.bob.see(number))["body"])

    async def _described(self, key: str, wanted: str) -> bool:
        return tidy(str((await self._scene.ann.see(key))["description"])) == wanted

    async def _edit_fields(self) -> None:
        """One edit of one field for each twin: titles, descriptions, labels, states."""
        scene = self._scene
        await scene.in_line(2 * EACH_SIDE, "before the edits")
        pairs = await self._pairs()
        calls, people = await self._calls(), 0
        spent = await actions(self._client, await scene.twins())
        for index, (key, number) in enumerate(pairs):
            people += await self._edit(index, key, number)
        await scene.in_line(2 * EACH_SIDE, "edits")
        await until(lambda: self._agree(pairs), "the edits on the other side")
        self._edits += len(pairs)
        self._calls_per_edit = (await self._calls() - calls - people - self._looked) / len(pairs)
        self._actions_per_edit = (await actions(self._client, await scene.twins()) - spent) / len(pairs)

    async def _edit(self, index: int, key: str, number: int) -> int:
        """Make one edit; how many calls it took the person."""
        scene = self._scene
        match index % 4:
            case 0:
                await scene.ann.edit(key, summary=f"{key} has a new summary")
            case 1:
                await scene.bob.edit(number, title=f"{key} has a new title")
            case 2:
                await scene.ann.move(key, "Done")
                return 2
            case _:
                await scene.bob.edit(number, state="closed")
        return 1

    async def _agree(self, pairs: Sequence[tuple[str, int]]) -> bool:
        """Titles and states of all pairs; the looks themselves are counted, so that they can be left out."""
        for key, number in pairs:
            left, right = await self._scene.ann.see(key), await self._scene.bob.see(number)
            self._looked += 2
            done = cast("Fields", left["status"])["name"] == "Done"
            if left["summary"] != right["title"] or done != (right["state"] == "closed"):
                return False
        return True

    async def _calls(self) -> int:
        return await self._scene.jira.calls() + await self._scene.github.calls()

    async def _comment(self) -> None:
        scene = self._scene
        pairs = (await self._pairs())[:8]
        ours = [await scene.ann.comment(key, f"Anvil {key} arrived.") for key, _ in pairs]
        theirs = [await scene.bob.comment(number, f"Anvil {number} left.") for _, number in pairs]
        self._edits += 2 * len(pairs)
        await until(lambda: self._comments(pairs, 2), "comments on both sides")
        await scene.in_line(2 * EACH_SIDE, "comments")
        await scene.ann.edit_comment(pairs[0][0], ours[0], "Anvil arrived, dented.")
        await scene.bob.edit_comment(theirs[1], "Anvil left, in two parts.")
        await scene.ann.delete_comment(pairs[2][0], ours[2])
        await scene.bob.delete_comment(theirs[3])
        self._edits += 4
        await until(self._comments_followed(pairs), "edited and deleted comments on the other side")

    async def _comments(self, pairs: Sequence[tuple[str, int]], count: int) -> bool:
        for key, number in pairs:
            left, right = await self._scene.ann.comments(key), await self._scene.bob.comments(number)
            if len(left) != count or len(right) != count:
                return False
        return True

    def _comments_followed(self, pairs: Sequence[tuple[str, int]]):
        async def look() -> bool:
            scene = self._scene
            edited = any("dented" in text for text in await scene.bob.comments(pairs[0][1]))
            edited = edited and any("two parts" in text for text in await scene.ann.comments(pairs[1][0]))
            fewer = len(await scene.bob.comments(pairs[2][1])) == len(await scene.ann.comments(pairs[3][0])) == 1
            return edited and fewer

        return look

    async def _conflict(self) -> None:
        """One true conflict of each policy: while the connection rests, both sides change the same field."""
        scene = self._scene
        await scene.in_line(2 * EACH_SIDE, "before the conflicts")
        pairs = (await self._pairs())[8:12]
        await scene.switch(active=False)
        (latest, latest_number), (left, left_number), (right, right_number), (hold, hold_number) = pairs
        await scene.ann.edit(latest, summary="The earlier edit")
        await scene.ann.edit(left, description="Jira's description")
        await scene.bob.edit(left_number, body="GitHub's description")
        await scene.ann.edit(right, issuetype={"name": "Bug"})
        await scene.bob.edit(right_number, type="Feature")
        await scene.ann.edit(hold, labels=["sync", "from-jira"])
        await scene.bob.edit(hold_number, labels=["sync", "from-github"])
        await asyncio.sleep(1.1)
        await scene.bob.edit(latest_number, title="The later edit")
        self._edits += 8
        await scene.switch(active=True)
        await until(lambda: self._held(hold), "the held conflict")
        await self._decide(hold)
        await scene.in_line(2 * EACH_SIDE, "conflicts")
        await until(lambda: self._settled(pairs), "the winners on both sides", told=lambda: str(self._seen))

    async def _held(self, key: str) -> bool:
        return any(twin.status is TwinStatus.CONFLICT for twin in await self._scene.twins() if twin.left and twin.left.key == key)

    async def _decide(self, key: str) -> None:
        """Someone takes GitHub's labels."""
        api = self._scene.api
        twins = {twin.id for twin in await self._scene.twins() if twin.left and twin.left.key == key}
        found = await api.get(ConflictPage, "/conflicts", {"connection": CONNECTION})
        for conflict in found.conflicts:
            if conflict.twin in twins:
                await api.post(Fields, f"/conflicts/{conflict.id}/resolve", {"use": "right", "who": "ann"})

    async def _settled(self, pairs: Sequence[tuple[str, int]]) -> bool:
        scene = self._scene
        (a, b), (c, d), (e, f), (g, h) = [(await scene.ann.see(key), await scene.bob.see(number)) for key, number in pairs]
        labels = sorted(str(label["name"]) for label in cast("list[Fields]", h["labels"]))
        self._seen = {
            "latest": (a["summary"], b["title"]) == ("The later edit", "The later edit"),
            "left": c["description"] == "Jira's description" and "Jira's description" in str(d["body"]),
            "right": (cast("Fields", e["issuetype"])["name"], cast("Fields", f["type"])["name"]) == ("Story", "Feature"),
            "hold": sorted(cast("list[str]", g["labels"])) == labels == ["from-github", "sync"],
        }
        return all(self._seen.values())

    async def _stay_quiet(self) -> None:
        scene = self._scene
        await scene.in_line(2 * EACH_SIDE, "the end")
        before = await scene.bot_writes()
        await asyncio.sleep(QUIET_SECONDS)
        written = await scene.bot_writes() - before
        if written:
            raise Unavailable(f"{written} writes were made although both sides were in line")

    async def _pairs(self) -> list[tuple[str, int]]:
        return sorted((await self._scene.numbers()).items(), key=lambda pair: pair[1])

    async def _result(self) -> Result:
        twins = await self._scene.twins()
        found = [await self._scene.api.get(_Conflicts, f"/twins/{twin.id}") for twin in twins]
        conflicts = [one for detail in found for one in detail.conflicts]
        self._require_each_policy(conflicts)
        out.print(pairs_table(self._scene.other, twins))
        return Result(
            twins=len(twins),
            synchronized=sum(1 for twin in twins if twin.status is TwinStatus.SYNCHRONIZED),
            errors=sum(1 for twin in twins if twin.status is TwinStatus.ERROR),
            conflicts=len(conflicts),
            edits=self._edits,
            seconds=round(monotonic() - self._began, 1),
            vendor_calls_per_edit=round(self._calls_per_edit, 2),
            temporal_actions_per_edit=round(self._actions_per_edit, 2),
        )

    def _require_each_policy(self, conflicts: Sequence[StoredConflict]) -> None:
        missing = set(ConflictPolicy) - {one.conflict.policy for one in conflicts}
        if missing:
            raise Unavailable(f"no conflict was recorded for {', '.join(sorted(missing))}")


class _Conflicts(Frozen):
    model_config = {"extra": "ignore"}

    conflicts: tuple[StoredConflict, ...]
