"""Webhooks are kept registered while a feed runs, and what keeps them from it is told without stopping anything."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
import pytest
from acme_world import HOOK_SECRET, SECRET, World
from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.routing import Mount
from structlog.testing import capture_logs
from temporalio.testing import ActivityEnvironment

import webhooks.app
from activities.access import Systems
from activities.engine import Engine
from activities.feed import SystemFeed
from activities.hooks import HookKeeper
from activities.interface import PollRequest
from activities.routing import Router
from activities.ruling import Ruling
from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.http import exchange
from connectors.kit.interface import FakeOptions, Hooks
from model.errors import BadInput, Refused
from model.hooks import HookCheck, HookState
from operations.checking import checked
from operations.deployment import apply
from operations.hooks import registered

SYSTEM = "acme-github"
PUBLIC, MOVED = "https://twinline.acme.test", "https://sync.acme.test"
SCOPES: Mapping[str, dict[str, JsonValue]] = {"acme/app": {"repository": "acme/app"}}
NOW = datetime(2026, 2, 3, 4, 5, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Keeping:
    """A world whose time stands still until it is moved on."""

    world: World
    now: datetime = NOW

    @property
    def engine(self) -> Engine:
        return Engine(self.world.store, self.world.systems, Ruling(lambda: self.now), b"k" * 32, lambda: self.now)

    async def call(self, method: str, path: str, json: object = None) -> Any:
        headers = {"Authorization": "Bearer ann-token"}
        async with httpx.AsyncClient(base_url=self.world.github, trust_env=False) as client:
            answer = await client.request(method, path, json=json, headers=headers)
            return answer.json() if answer.content else None

    async def there(self) -> list[str]:
        """The addresses of the repository's webhooks."""
        return [one["config"]["url"] for one in await self.call("GET", "/repos/acme/app/hooks")]

    async def calls(self) -> int:
        state = cast("dict[str, dict[str, int]]", (await exchange("GET", f"{self.world.github}/_fake/state")).json())
        return sum(state["calls"].values())

    async def check(self) -> HookCheck:
        [found] = (await registered(self.world.store, SYSTEM)).checks
        return found


@asynccontextmanager
async def _keeping(world: World, role: str = "admin", secret: str = HOOK_SECRET) -> AsyncGenerator[Keeping]:
    seed: dict[str, JsonValue] = {"repositories": [{"name": "acme/app", "roles": {"ann": "admin", "acme-bot": role}}]}
    async with serving(declaration("github").fake(FakeOptions(user="acme-bot", secret=SECRET, seed=seed))) as url:
        there = replace(world, github=url)
        signed: dict[str, JsonValue] = {"kind": "github", "url": url, "credentials": {"token": SECRET}, "webhook_secret": secret}
        await apply(there.store, there.signals, there.declared(("systems.acme-github", signed)))
        yield Keeping(there)


async def test_they_are_registered_once_and_looked_at_daily(world: World) -> None:
    async with _keeping(world) as keeping:
        keeper = HookKeeper(keeping.engine, PUBLIC)
        await keeper.keep(SYSTEM, SCOPES)
        first = await keeping.check()
        calls = await keeping.calls()
        keeping.now += DAY - timedelta(seconds=1)
        await keeper.keep(SYSTEM, SCOPES)
        assert (await keeping.calls(), await keeping.check()) == (calls, first)
        keeping.now += timedelta(seconds=1)
        await keeper.keep(SYSTEM, SCOPES)
        again = await keeping.check()
        assert await keeping.there() == [f"{PUBLIC}/webhooks/acme-github"]
    assert (first.scope, first.address, first.note, first.checked) == ("acme/app", f"{PUBLIC}/webhooks/acme-github", "", NOW)
    assert [one.done for one in first.hooks] == ["registered"]
    assert ([one.done for one in again.hooks], again.checked) == ([""], NOW + DAY)


async def test_what_is_registered_calls_the_endpoint_that_reads_it(world: World) -> None:
    endpoint = webhooks.app.build(world.store, world.signals)
    async with _keeping(world) as keeping, serving(Starlette(routes=[Mount("/webhooks", endpoint)])) as public:
        await HookKeeper(keeping.engine, public).keep(SYSTEM, SCOPES)
        await keeping.call("POST", "/repos/acme/app/issues", {"title": "Printer on fire"})
        async with asyncio.timeout(30):
            while not (found := await world.store.inbox.pending(SYSTEM, 9)):
                await keeping.there()
    assert [row.key for row in found] == ["acme/app#1"]


async def test_one_that_was_switched_off_is_switched_on_and_told(world: World) -> None:
    async with _keeping(world) as keeping:
        keeper = HookKeeper(keeping.engine, PUBLIC)
        await keeper.keep(SYSTEM, SCOPES)
        [hook] = (await keeping.check()).hooks
        await keeping.call("PATCH", f"/repos/acme/app/hooks/{hook.id}", {"active": False})
        keeping.now += DAY
        with capture_logs() as logs:
            await keeper.keep(SYSTEM, SCOPES)
        [shown] = await keeping.call("GET", "/repos/acme/app/hooks")
    assert shown["active"] is True
    assert [(one["event"], one["webhook"]) for one in logs] == [("webhook switched on", hook.id)]


async def test_without_a_public_address_nobody_is_asked(world: World) -> None:
    async with _keeping(world) as keeping:
        calls = await keeping.calls()
        await HookKeeper(keeping.engine, "").keep(SYSTEM, SCOPES)
        assert await keeping.calls() == calls
        assert (await registered(world.store, SYSTEM)).checks == ()


async def test_when_the_address_changes_the_old_one_is_taken_away(world: World) -> None:
    async with _keeping(world) as keeping:
        await HookKeeper(keeping.engine, PUBLIC).keep(SYSTEM, SCOPES)
        await HookKeeper(keeping.engine, MOVED).keep(SYSTEM, SCOPES)
        assert await keeping.there() == [f"{MOVED}/webhooks/acme-github"]
        assert (await keeping.check()).address == f"{MOVED}/webhooks/acme-github"


async def test_what_cannot_be_taken_away_now_is_taken_away_later(world: World) -> None:
    async with _keeping(world) as keeping:
        await HookKeeper(keeping.engine, PUBLIC).keep(SYSTEM, SCOPES)
        keeper = HookKeeper(keeping.engine, MOVED)
        await exchange("POST", f"{keeping.world.github}/_fake/control", {"down": True})
        await keeper.keep(SYSTEM, SCOPES)
        failed = await keeping.check()
        await exchange("POST", f"{keeping.world.github}/_fake/control", {"down": False})
        keeping.now += HOUR
        await keeper.keep(SYSTEM, SCOPES)
        assert await keeping.there() == [f"{MOVED}/webhooks/acme-github"]
    assert ("503" in failed.note, failed.address, len(failed.hooks)) == (True, f"{PUBLIC}/webhooks/acme-github", 1)


async def test_a_new_secret_is_handed_on_at_once(world: World) -> None:
    async with _keeping(world) as keeping:
        keeper = HookKeeper(keeping.engine, PUBLIC)
        await keeper.keep(SYSTEM, SCOPES)
        changed: dict[str, JsonValue] = {"kind": "github", "url": keeping.world.github, "webhook_secret": "another-secret"}
        signals = keeping.world.signals
        await apply(world.store, signals, keeping.world.declared(("systems.acme-github", changed)))
        calls = await keeping.calls()
        await keeper.keep(SYSTEM, SCOPES)
        assert await keeping.calls() > calls


async def test_missing_rights_are_told_once_and_stop_nothing(world: World) -> None:
    async with _keeping(world, role="write") as keeping:
        feed = SystemFeed(keeping.engine, Router(keeping.engine, world.signals), HookKeeper(keeping.engine, PUBLIC))
        with capture_logs() as logs:
            polled = [await ActivityEnvironment().run(feed.poll, PollRequest(system=SYSTEM)) for _ in range(2)]
            keeping.now += HOUR
            polled.append(await ActivityEnvironment().run(feed.poll, PollRequest(system=SYSTEM)))
        found, whole = await keeping.check(), await checked(world.store, keeping.world.systems, SYSTEM)
    told = [one for one in logs if one["event"] == "webhooks cannot be registered"]
    assert [(one.next_in, one.rejected) for one in polled] == [(30.0, False)] * 3
    assert [(one["system"], one["scope"], one["reason"]) for one in told] == [(SYSTEM, "acme/app", found.note)]
    assert ("give it the role 'Admin'" in found.note, found.checked, found.hooks) == (True, NOW + HOUR, ())
    [permission] = [one for side in whole.sides for one in side.permissions if one.name == "register webhooks"]
    assert (permission.given, permission.remedy, permission.optional) == (False, found.note, True)


async def test_a_drain_leaves_them_alone(world: World) -> None:
    async with _keeping(world) as keeping:
        feed = SystemFeed(keeping.engine, Router(keeping.engine, world.signals), HookKeeper(keeping.engine, PUBLIC))
        await ActivityEnvironment().run(feed.poll, PollRequest(system=SYSTEM, drain_only=True))
        assert await keeping.there() == []
        await ActivityEnvironment().run(feed.poll, PollRequest(system=SYSTEM))
        assert await keeping.there() == [f"{PUBLIC}/webhooks/acme-github"]


async def test_without_a_secret_nothing_is_registered(world: World) -> None:
    async with _keeping(world, secret="") as keeping:
        await HookKeeper(keeping.engine, PUBLIC).keep(SYSTEM, SCOPES)
        assert (await keeping.there(), (await keeping.check()).note) == (
            [],
            "the system has no webhook_secret; give it one in the deployment file and apply that",
        )


class Talkative(Hooks):
    """Quotes what it was sent, or says nothing at all."""

    def __init__(self, *, silent: bool) -> None:
        self.silent = silent
        self.closed = False

    async def ensure(self, settings: Mapping[str, JsonValue], address: str, secret: str) -> tuple[HookState, ...]:
        if self.silent:
            await asyncio.Event().wait()
        raise Refused(f"'{secret}' is no good secret")

    async def remove(self, settings: Mapping[str, JsonValue], address: str) -> None:
        raise AssertionError

    async def aclose(self) -> None:
        self.closed = True


class OneHook(Systems):
    def __init__(self, world: World, hooks: Talkative) -> None:
        super().__init__(world.store)
        self._hooks = hooks

    async def hooks(self, system_id: str) -> Hooks | None:
        return self._hooks


@pytest.mark.parametrize(
    ("silent", "note"),
    [(False, "'…' is no good secret"), (True, "no answer within 0.05 s; look whether acme-github runs")],
)
async def test_no_note_has_the_secret_and_none_is_waited_for(world: World, *, silent: bool, note: str) -> None:
    async with _keeping(world) as keeping:
        hooks = Talkative(silent=silent)
        engine = replace(keeping.engine, systems=OneHook(world, hooks))
        with capture_logs() as logs:
            await HookKeeper(engine, PUBLIC, patience=0.05).keep(SYSTEM, SCOPES)
        assert ((await keeping.check()).note, HOOK_SECRET in str(logs), hooks.closed) == (note, False, True)


async def test_of_a_system_that_is_not_there_nothing_is_known(world: World) -> None:
    with pytest.raises(BadInput, match="no system 'nope'"):
        await registered(world.store, "nope")
