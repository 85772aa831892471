"""The story of a deployment: from its first member through crashes, mistakes and outages to a clean-up, and back in line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from model.twin import Twin
from model.words import ItemState, OperationStatus, Side, TwinStatus
from tests.story.hands import Hands
from tests.story.outcome import Deed, differences, gaps, in_jira, markers, on_github
from tests.story.stage import CONNECTION, GITHUB_IN, QUERY, TRIGGER, Stage, until

OWNER = "ada@acme.test"
PARTING = "parting"
BROKEN = f"issue.assignee = nodeHelper.getUserByEmail(replica.owner.email)\n{GITHUB_IN}"
FIXED = f"issue.assignee = nodeHelper.getUserByEmail(replica.owner?.email)\n{GITHUB_IN}"
MISTAKES = 3
"""Items that meet the broken script; five in a row would stop the connection."""


@dataclass(frozen=True)
class Size:
    """How many items there are, ten at least; of 2,000, 300 are edited on both sides and 50 unlinked. `seconds` is our patience."""

    items: int
    seconds: float = 300.0

    @property
    def edits(self) -> int:
        return self.items * 3 // 20

    @property
    def unlinks(self) -> int:
        return max(2, self.items // 40)


@dataclass
class Story:
    """`told` is called with each step when it is over, and how many seconds it took."""

    stage: Stage
    hands: Hands
    size: Size
    told: Callable[[str, float], None]
    keys: list[str] = field(default_factory=list[str], init=False)
    remarks: list[str] = field(default_factory=list[str], init=False)
    deeds: list[Deed] = field(default_factory=list[Deed], init=False)

    async def play(self) -> None:
        """AssertionError where it does not go as it has to."""
        for step in (
            self.people_work,
            self.configure,
            self.try_the_trigger,
            self.exalate_through_a_crash,
            self.edit_while_deactivated,
            self.break_a_script,
            self.fix_the_script,
            self.unlink_and_relink,
            self.force_unlink_in_an_outage,
            self.clean_up_and_connect,
            self.go_on,
            self.compare,
            self.audit,
        ):
            began = monotonic()
            await step()
            self.told(step.__name__.replace("_", " "), monotonic() - began)

    async def people_work(self) -> None:
        """Bugs of which nothing is known on the other side yet; the last ones will be parted."""
        first_parting = self.size.items - self.size.unlinks
        for number in range(self.size.items):
            labels = ("sync", PARTING) if number >= first_parting else ("sync",)
            self.keys.append(await self.stage.ann.create("APP", f"item-{number}", f"What Ann found, {number}.", labels))
        for number in range(self.size.edits):
            await self._ann_remarks(number, "first")

    async def configure(self) -> None:
        """A workspace with an owner, who declares the rest."""
        await self.hands.apply(self.stage.script("workspace.yaml", "workspace: acme\n"))
        await self.hands.add_owner(OWNER)
        applied = await self.hands.apply(self.stage.file)
        assert applied.applied, applied
        assert not applied.warnings, applied
        self.deeds += [("apply_deployment", one.name) for one in applied.differences]

    async def try_the_trigger(self) -> None:
        found = await self.hands.dry_run(CONNECTION, Side.LEFT, TRIGGER)
        assert (found.starts, found.synced, found.unlinked) == (self.size.items, 0, 0), found
        assert not on_github(await self.stage.github.state()), "a dry run made items"
        self.deeds.append(("try_trigger", f"{CONNECTION} left {TRIGGER}"))

    async def exalate_through_a_crash(self) -> None:
        operation = await self.hands.bulk_exalate(CONNECTION, Side.LEFT, QUERY)
        self.deeds.append(("bulk_exalate", CONNECTION))

        async def third() -> str:
            made = len(on_github(await self.stage.github.state()))
            return "" if made * 3 >= self.size.items else f"{made} items made"

        await until(third, "a third of the items made", self.size.seconds)
        await self.stage.worker.kill()
        made = len(on_github(await self.stage.github.state()))
        assert made < self.size.items, "the crash came too late"
        assert (await self.hands.operation(operation)).status is OperationStatus.RUNNING
        await self.stage.worker.start()
        await self._done(operation, self.size.items)
        await self._in_line(self.size.items)

    async def edit_while_deactivated(self) -> None:
        await self.hands.deactivate(CONNECTION)
        twins = await self._twins()
        for number in range(self.size.edits):
            key = twins[number].right
            assert key
            await self.stage.ann.edit(self.keys[number], summary=f"item-{number} as Ann says")
            await self.stage.bob.edit(key.key, "description", f"What Bob found, {number}.")
            await self._ann_remarks(number, "ann")
            self.remarks.append(f"remark-{number}-bob")
            await self.stage.bob.comment(key.key, f"remark-{number}-bob")
        await self.hands.activate(CONNECTION)
        self.deeds += [("deactivate_connection", CONNECTION), ("activate_connection", CONNECTION)]
        await self._crossed(self.size.edits)
        await self._in_line(self.size.items)

    async def break_a_script(self) -> None:
        await self._publish(BROKEN, "who owns it")
        for number in range(MISTAKES):
            await self.stage.ann.edit(self.keys[number], summary=f"item-{number} is urgent")

        async def parked() -> str:
            found = await self.hands.errors(CONNECTION)
            return "" if len(found) == MISTAKES else f"{found}"

        await until(parked, "items in error", self.size.seconds)
        found = await self.hands.errors(CONNECTION)
        assert {one.left.key for one in found if one.left} == set(self.keys[:MISTAKES]), found
        for one in found:
            assert "line 1" in one.reason, one
            assert "replica.owner.email" in one.reason, one

    async def fix_the_script(self) -> None:
        version = await self._drafted(FIXED, "nobody may own it")
        tried = await self.hands.test_run(CONNECTION, version, self.keys[:MISTAKES])
        self.deeds.append(("run_test", CONNECTION))
        for number, item in enumerate(tried.items):
            (there,) = (one for one in item.directions if one.source is Side.LEFT)
            assert not item.error, item
            assert not there.error, item
            assert [(one.name, one.new) for one in there.changes] == [("summary", f"item-{number} is urgent")], item
        await self.hands.publish(CONNECTION, version)
        await self.hands.retry_all(CONNECTION)
        self.deeds += [("publish_version", f"{CONNECTION} {version}"), ("retry_errors", CONNECTION)]
        await self._in_line(self.size.items)
        assert not await self.hands.errors(CONNECTION)

    async def unlink_and_relink(self) -> None:
        """Half of them with the values of each side; what people say meanwhile is heard on both."""
        before = await self._twins()
        operation = await self.hands.bulk_unlink(CONNECTION, Side.LEFT, f"project = APP AND labels = {PARTING}")
        self.deeds.append(("bulk_unlink", CONNECTION))
        await self._done(operation, self.size.unlinks)
        await self._in_line(self.size.items - self.size.unlinks)
        for number in range(self.size.items - self.size.unlinks, self.size.items):
            twin = before[number]
            assert twin.right
            await self.stage.ann.edit(self.keys[number], summary=f"item-{number} on the left")
            await self.stage.bob.edit(twin.right.key, "summary", f"item-{number} on the right")
            await self._ann_remarks(number, "apart")
        for number in range(self.size.items - self.size.unlinks, self.size.items):
            await self.hands.relink(before[number].id, _source(number))
            self.deeds.append(("relink_twin", CONNECTION))
        await self._in_line(self.size.items)
        titles = {one.summary for one in on_github(await self.stage.github.state())}
        wanted = {f"item-{number} on the {_source(number)}" for number in range(self.size.items - self.size.unlinks, self.size.items)}
        assert wanted <= titles, wanted - titles

    async def force_unlink_in_an_outage(self) -> None:
        twin = (await self._twins())[0]
        await self.stage.github.set(down=True)
        await self.stage.ann.edit(self.keys[0], summary="item-0 in the outage")

        async def waits() -> str:
            return "" if (await self.hands.connection(CONNECTION)).queue else "nothing is under way"

        await until(waits, "a change that waits", self.size.seconds)
        await self.hands.force_unlink(twin.id)
        assert twin.id in {one.id for one in await self.hands.twins(CONNECTION, TwinStatus.UNLINKED)}
        await self.stage.github.set(down=False)
        await self.hands.relink(twin.id, Side.LEFT)
        self.deeds += [("unlink_twin", twin.id), ("relink_twin", CONNECTION)]
        await self._in_line(self.size.items)

    async def clean_up_and_connect(self) -> None:
        file = self.stage.home / "pairs.csv"
        operation = await self.hands.clean_up(CONNECTION)
        await self._done(operation, self.size.items)
        await self._in_line(0)
        await self.hands.pairs(operation, file)
        for dry_run in (True, False):
            operation = await self.hands.bulk_connect(CONNECTION, file, Side.LEFT, dry_run=dry_run)
            await self._done(operation, self.size.items)
            await self._in_line(0 if dry_run else self.size.items)
        self.deeds += [("clean_up_connection", CONNECTION), ("bulk_connect", CONNECTION), ("bulk_connect", CONNECTION)]

    async def go_on(self) -> None:
        """An edit on each side crosses as ever."""
        twins = await self._twins()
        last = twins[-1].right
        assert last
        await self.stage.ann.edit(self.keys[0], summary="item-0 in the end")
        await self.stage.bob.edit(last.key, "summary", f"item-{len(self.keys) - 1} in the end")

        async def crossed() -> str:
            left, right = in_jira(await self.stage.jira.state()), on_github(await self.stage.github.state())
            ended = [sum(one.summary.endswith("in the end") for one in items) for items in (left, right)]
            return "" if ended == [2, 2] else f"{ended} of 2"

        await until(crossed, "edits crossed", self.size.seconds)
        await self._in_line(self.size.items)

    async def compare(self) -> None:
        jira, github = await self.stage.jira.state(), await self.stage.github.state()
        found = differences(in_jira(jira), on_github(github), range(self.size.items), self.remarks)
        assert not found, "\n".join(found[:20])
        twice = {marker: times for state in (jira, github) for marker, times in markers(state).items() if times > 1}
        assert not twice, twice

    async def audit(self) -> None:
        found = gaps(await self.hands.audit(), OWNER, self.deeds)
        assert not found, "\n".join(found[:20])

    async def _ann_remarks(self, number: int, about: str) -> None:
        self.remarks.append(f"remark-{number}-{about}")
        await self.stage.ann.comment(self.keys[number], f"remark-{number}-{about}")

    async def _drafted(self, script: str, why: str) -> int:
        version = await self.hands.draft(CONNECTION, why)
        await self.hands.edit(CONNECTION, version, self.stage.script("github-in.groovy", script))
        self.deeds += [("draft_version", CONNECTION), ("edit_version", f"{CONNECTION} {version}")]
        return version

    async def _publish(self, script: str, why: str) -> None:
        version = await self._drafted(script, why)
        await self.hands.publish(CONNECTION, version)
        self.deeds.append(("publish_version", f"{CONNECTION} {version}"))

    async def _twins(self) -> Sequence[Twin]:
        """In the order of the items' numbers."""
        places = {key: place for place, key in enumerate(self.keys)}
        twins = await self.hands.twins(CONNECTION, TwinStatus.SYNCHRONIZED)
        return sorted(twins, key=lambda twin: places[twin.left.key if twin.left else ""])

    async def _done(self, operation: str, count: int) -> None:
        async def look() -> str:
            view = await self.hands.operation(operation)
            return "" if view.status is OperationStatus.DONE else f"{view.status} {view.reason} {view.items}"

        await until(look, "operation done", self.size.seconds)
        items = (await self.hands.operation(operation)).items
        assert (items[ItemState.DONE], sum(items.values())) == (count, count), items

    async def _in_line(self, count: int) -> None:
        """As many twins are synchronized, none is anything else but unlinked, and nothing waits."""

        async def look() -> str:
            seen = await self.hands.connection(CONNECTION)
            live = {status: times for status, times in seen.twins.items() if times and status is not TwinStatus.UNLINKED}
            settled = live == ({TwinStatus.SYNCHRONIZED: count} if count else {}) and not seen.queue
            return "" if settled else f"{seen.status} {live}, queue {seen.queue}"

        await until(look, f"{count} twins in line", self.size.seconds)

    async def _crossed(self, edits: int) -> None:
        """What was queued while nothing was sent has arrived: the twins alone would look settled before it was found."""

        async def look() -> str:
            arrived = sum(one.summary.endswith("as Ann says") for one in on_github(await self.stage.github.state()))
            returned = sum(one.description.startswith("What Bob found") for one in in_jira(await self.stage.jira.state()))
            return "" if arrived == returned == edits else f"{arrived} and {returned} of {edits}"

        await until(look, "edits of both sides crossed", self.size.seconds)


def _source(number: int) -> Side:
    return Side.LEFT if number % 2 else Side.RIGHT
