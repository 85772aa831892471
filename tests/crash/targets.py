"""Where a part may be killed, and what people do meanwhile so that the point is passed."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from model.errors import TwinlineError
from model.item import Fields
from tests.crash import load
from tests.crash.load import Act
from tests.crash.proxy import Cut
from tests.crash.setting import APP, OPS
from tests.crash.stage import Stage, until
from tests.oracle.records import Side

Lure = Callable[[Stage], Awaitable[None]]
KILL = "kill "
PATIENCE_SECONDS = 3.0


@dataclass(frozen=True)
class Target:
    """`lure` is repeated until the point is passed. A `first` target is killed at before, so that this one is met at all."""

    point: str
    lure: Lure
    first: "Target | None" = None


def _acting(act: Act, name: str, side: Side) -> Lure:
    async def lure(stage: Stage) -> None:
        where = next(one for one in stage.load.fields if one.name == name)
        await stage.load.act(act, where, side)

    return lure


async def anything(stage: Stage) -> None:
    await stage.load.step()


async def clash(stage: Stage) -> None:
    await stage.load.act(load.clash, stage.load.chance.choice(stage.load.fields), Side.LEFT)


async def cut(stage: Stage) -> None:
    """A write whose answer does not arrive."""
    stage.proxies["github"].next_write = Cut.AFTER
    await _acting(load.rename, APP.name, Side.LEFT)(stage)


async def overtaken(stage: Stage) -> None:
    """A write that does not arrive, to an item that a person edits before we look again."""
    where = stage.load.fields[0]
    pairs = load.partners(await where.seen())
    if pairs:
        left, right = stage.load.chance.choice(pairs)
        stage.proxies["github"].next_write = Cut.BEFORE
        await where.people[Side.LEFT].edit(left, "summary", stage.load.text("summary"))
        await _until_cut(stage)
        await where.people[Side.RIGHT].edit(right, "summary", stage.load.text("summary"))


async def _until_cut(stage: Stage) -> None:
    async def cut() -> bool:
        return stage.proxies["github"].next_write is None

    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await until(cut)


async def pause(stage: Stage) -> None:
    """Deactivate a connection, let people work, activate it."""
    name = stage.load.chance.choice(stage.load.fields).name
    try:
        await stage.product.post(Fields, f"/connections/{name}/deactivate")
        for _ in range(6):
            await stage.load.step()
        await stage.product.post(Fields, f"/connections/{name}/activate")
    except TwinlineError:
        return


def _both(point: str, lure: Lure, first: Target | None = None) -> tuple[Target, Target]:
    return Target(f"before {point}", lure, first), Target(f"after {point}", lure, first)


_OF_JIRA: dict[str, Lure] = {
    "create": _acting(load.create, APP.name, Side.RIGHT),
    "update": _acting(load.rename, APP.name, Side.RIGHT),
    "transition": _acting(load.move, APP.name, Side.RIGHT),
    "add_comment": _acting(load.comment, APP.name, Side.RIGHT),
    "edit_comment": _acting(load.edit_comment, APP.name, Side.RIGHT),
    "delete_comment": _acting(load.delete_comment, APP.name, Side.RIGHT),
    "upload": _acting(load.attach, OPS.name, Side.LEFT),
    "delete_attachment": _acting(load.detach, OPS.name, Side.LEFT),
}
_OF_GITHUB: dict[str, Lure] = {
    "create": _acting(load.create, APP.name, Side.LEFT),
    "update": _acting(load.rename, APP.name, Side.LEFT),
    "add_comment": _acting(load.comment, APP.name, Side.LEFT),
    "edit_comment": _acting(load.edit_comment, APP.name, Side.LEFT),
    "delete_comment": _acting(load.delete_comment, APP.name, Side.LEFT),
}
_OF_STORE: dict[str, Lure] = {
    "configurations.clear_script_failures": anything,
    "twins.start": _acting(load.create, APP.name, Side.LEFT),
    "twins.hold_unless_active": anything,
    "twins.set_status": pause,
    "twins.settle": anything,
    "transactions.queue": anything,
    "transactions.begin": anything,
    "transactions.advance": anything,
    "transactions.explain": cut,
    "replicas.add": anything,
    "plans.add": anything,
    "journal.open": anything,
    "journal.sent": anything,
    "journal.doubt": cut,
    "journal.acknowledge": anything,
    "journal.reject": overtaken,
    "inbox.add_polled": anything,
    "inbox.routed": anything,
    "inbox.confirm": anything,
    "inbox.save_cursor": anything,
    "conflicts.record": clash,
}
_FEED = ("after jira.changes", "after github.changes", "after jira.search", "after github.search")
_CREATED = Target("after github.create", _OF_GITHUB["create"])

POINTS: tuple[Target, ...] = (
    *(target for name, lure in _OF_JIRA.items() for target in _both(f"jira.{name}", lure)),
    *(target for name, lure in _OF_GITHUB.items() for target in _both(f"github.{name}", lure)),
    *(target for name, lure in _OF_STORE.items() for target in _both(name, lure)),
    *_both("inbox.postpone", anything, _CREATED),
    *_both("signals.item_changed", anything),
    *_both("signals.wake_feed", anything, Target("kill worker", anything)),
    *_both("signals.resume", pause),
    *_both("twin continue-as-new", anything),
    *_both("feed continue-as-new", anything),
    *(Target(point, anything) for point in _FEED),
    *(Target(f"{KILL}{part}", anything) for part in ("worker", "temporal", "api")),
)
DATABASE = Target(f"{KILL}database", anything)
