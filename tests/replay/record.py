"""Records histories of every workflow, in the world of the end-to-end tests and with stand-ins: `python -m tests.replay.record`.

Record anew when a workflow gets other commands, and keep the histories of released versions: workflows that began with those still run.
"""

import asyncio
import os
import tempfile
from pathlib import Path

from activities.signals import connection_id, feed_id
from connectors import declaration
from model.deployment import SideDeclaration
from model.twin import Twin
from model.words import ConflictPolicy, Side, TwinStatus
from operations.conflicts import resolve
from operations.connections import activate, deactivate
from tests.e2e.bare_jira import BareJira
from tests.e2e.temporal_server import temporal_server
from tests.e2e.world import World, eventually, opened_world
from tests.replay.keeping import HISTORIES, keep
from tests.replay.states import record_states

SUFFIX = "recorded"
REFUSING = 'if (replica.summary == "Parked") { throw new IllegalStateException("no") }\nissue.summary = replica.summary\n'
POLL = 5.0
HELD = {"default": ConflictPolicy.HOLD}


async def _twin(world: World, key: str) -> Twin:
    return next(twin for twin in await world.twins() if twin.left and twin.left.key == key)


async def _status(world: World, key: str, status: TwinStatus) -> None:
    async def look() -> list[TwinStatus]:
        return [twin.status for twin in await world.twins() if twin.left and twin.left.key == key]

    await eventually(look, lambda seen: seen == [status], f"{key} {status}")


async def _begin(world: World, names: tuple[str, ...]) -> dict[str, str]:
    """A pair per name, of which the rule refuses one."""
    keys = {name: await world.ann.create("APP", name, "Text", labels=("sync",)) for name in names}
    right = SideDeclaration(settings={"repository": "acme/app"}, outgoing=declaration("github").outgoing, incoming=REFUSING)
    await world.configure(world.deployment(poll=POLL, conflicts=HELD, right=right))
    await world.start_worker()
    await _status(world, keys["Parked"], TwinStatus.ERROR)
    await world.configure(world.deployment(poll=POLL, conflicts=HELD))
    connection = await world.store.configurations.connection(world.connection)
    await world.signals.retry(await _twin(world, keys["Parked"]), connection)
    await world.quiet(len(names))
    return keys


async def _edit(world: World, key: str) -> None:
    """Edits both ways with an answer lost, a comment, a change of status."""
    number = await world.number_of(key)
    await world.github.set(lose_response=1)
    await world.ann.edit(key, summary="Edited by Ann")
    await world.on_github(number, lambda issue: issue["title"] == "Edited by Ann", "title on GitHub")
    await world.quiet(1)
    await world.ann.comment(key, "Comment")
    await world.bob.edit(number, state="closed")
    await world.on_github(number, lambda issue: issue["comments"] == 1, "the comment on GitHub")
    await world.quiet(1)


async def _disagree(world: World, key: str) -> None:
    """Edits of one field on both sides while the connection is deactivated, then a person's decision."""
    number = await world.number_of(key)
    await deactivate(world.store, world.signals, world.connection)
    await world.ann.edit(key, summary="Left")
    await world.bob.edit(number, title="Right")
    await _status(world, key, TwinStatus.HELD)
    await activate(world.store, world.signals, world.connection)
    await _status(world, key, TwinStatus.CONFLICT)
    [recorded] = await world.store.conflicts.open_ones(world.connection)
    await resolve(world.store, world.signals, recorded.id, Side.LEFT, "ann")
    await world.on_github(number, lambda issue: issue["title"] == "Left", "Ann's choice on GitHub")
    await world.quiet(1)


async def _end(world: World, keys: dict[str, str]) -> None:
    """The three ways in which a twin ends."""
    connection = await world.store.configurations.connection(world.connection)
    await world.signals.unlink(await _twin(world, keys["Unlinked"]), connection, force=False)
    await world.signals.unlink(await _twin(world, keys["Forced"]), connection, force=True)
    bare = BareJira(world.jira_url)
    await bare.delete(keys["Deleted"])
    await bare.aclose()
    for name in ("Unlinked", "Forced", "Deleted"):
        await _status(world, keys[name], TwinStatus.UNLINKED)


async def record(home: Path) -> None:
    async with opened_world(home, SUFFIX) as world:
        keys = await _begin(world, ("Edited", "Parked", "Disagreed", "Unlinked", "Forced", "Deleted"))
        await _edit(world, keys["Edited"])
        await _disagree(world, keys["Disagreed"])
        await _end(world, keys)
        for name, key in keys.items():
            await keep(world.client, f"twin-{name.lower()}", (await _twin(world, key)).workflow_id)
        await keep(world.client, "feed", feed_id(world.github_system))
        await keep(world.client, "connection", connection_id(world.connection))
    await record_states(world.client)


def main() -> None:
    for old in HISTORIES.glob("*.json"):
        old.unlink()
    with tempfile.TemporaryDirectory() as home, temporal_server(Path(home)) as address:
        os.environ["TEMPORAL_ADDRESS"] = address
        asyncio.run(record(Path(home)))


if __name__ == "__main__":
    main()
