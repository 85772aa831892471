"""What a check of a system finds, and that it writes nothing."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import cast

import pytest
from acme_world import JIRA_USER, SECRET, World
from pydantic import JsonValue
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.http import exchange
from connectors.kit.interface import FakeOptions, Permission
from model.errors import BadInput, LoginRejected, Unavailable
from operations.checking import checked
from operations.deployment import apply
from operations.views import SideCheck

HELD = "no answer within 0.2 s; look whether the system runs"


class Gate:
    """Stands before a fake Jira: a call with `held` in its address waits until the test is over, one with `refused` is forbidden."""

    def __init__(self, seed: dict[str, JsonValue] | None = None) -> None:
        self.held = self.refused = "/nothing"
        self.over = asyncio.Event()
        self._fake = declaration("jira").fake(FakeOptions(user=JIRA_USER, secret=SECRET, seed=seed))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = f"{scope['path']}?{scope['query_string'].decode()}"
        if self.held in address:
            await self.over.wait()
        if self.refused in address:
            await JSONResponse({"errorMessages": ["Not for you."], "errors": {}}, 403)(scope, receive, send)
        else:
            await self._fake(scope, receive, send)


@asynccontextmanager
async def _gated(world: World, gate: Gate) -> AsyncGenerator[World]:
    """The world with that Jira, applied."""
    async with serving(gate) as url:
        there = replace(world, jira=url)
        await apply(there.store, there.signals, there.declared())
        try:
            yield there
        finally:
            gate.over.set()


async def _written(url: str) -> JsonValue:
    """What anybody wrote."""
    return cast("dict[str, JsonValue]", (await exchange("GET", f"{url}/_fake/state")).json())["log"]


def _lacks(part: SideCheck) -> dict[str, str]:
    return {one.name: one.remedy for one in part.permissions if one.given is False}


async def test_all_that_reads_is_tried_and_nothing_written(world: World) -> None:
    await apply(world.store, world.signals, world.declared())
    jira, github = [await checked(world.store, world.systems, name) for name in ("acme-jira", "acme-github")]

    assert (jira.system, jira.kind, jira.url, jira.account) == ("acme-jira", "jira", world.jira, f"Twinline ({JIRA_USER})")
    [left] = jira.sides
    assert (left.connection, left.side) == ("app-bugs", "left")
    assert [one.name for one in left.permissions[:4]] == [
        "find what the side names",
        "list changes",
        "search 'project = APP AND labels = sync'",
        "see issues",
    ]
    [right] = github.sides
    assert [one.name for one in right.permissions[:3]] == ["find what the side names", "list changes", "see issues"]
    assert (jira.missing, github.missing) == ((), ())
    assert [await _written(url) for url in (world.jira, world.github)] == [[], []]


async def test_what_is_lacking_is_missing_unless_it_is_optional(world: World) -> None:
    seed: dict[str, JsonValue] = {"users": [{"name": "ann", "lacks": ["ADD_COMMENTS", "MODIFY_REPORTER"]}, {"name": "bob"}]}
    async with serving(Gate(seed)) as url:
        ann: dict[str, JsonValue] = {"user": "ann@acme.test", "token": "ann-token"}
        there = replace(world, jira=url)
        await apply(there.store, there.signals, there.declared(("systems.acme-jira.credentials", ann)))
        found = await checked(there.store, there.systems, "acme-jira")
    assert [one.name for one in found.missing] == ["add comments"]
    assert set(_lacks(found.sides[0])) == {"add comments", "set the reporter"}


async def test_a_system_that_no_connection_uses_has_no_sides(world: World) -> None:
    await apply(world.store, world.signals, world.declared(("connections", {}), ("integrations", {})))
    assert (await checked(world.store, world.systems, "acme-jira")).sides == ()


async def test_what_fails_on_one_side_is_told_there(world: World) -> None:
    gate = Gate()
    async with _gated(world, gate) as there:
        gate.refused = "/jql/parse"
        [left] = (await checked(there.store, there.systems, "acme-jira")).sides
        assert list(_lacks(left)) == ["search 'project = APP AND labels = sync'"]
        gate.refused = "projectKey=APP"
        [left] = (await checked(there.store, there.systems, "acme-jira")).sides
        assert list(_lacks(left)) == ["tell what the account may do"]
        gate.refused = "/project/APP"
        found = await checked(there.store, there.systems, "acme-jira")
    assert [one.name for one in found.sides[0].permissions] == ["find what the side names"]
    assert "Not for you." in found.missing[0].remedy


async def test_silence_is_told(world: World) -> None:
    gate = Gate()
    async with _gated(world, gate) as there:
        gate.held = "/project/APP"
        [left] = (await checked(there.store, there.systems, "acme-jira", 0.2)).sides
        assert left.permissions == (Permission(name="find what the side names", given=False, remedy=HELD),)
        gate.held = "/serverInfo"
        with pytest.raises(Unavailable, match=r"acme-jira at .* gave no answer within 0.2 s"):
            await checked(there.store, there.systems, "acme-jira", 0.2)


async def test_who_is_not_let_in_is_told_so(world: World) -> None:
    gate = Gate()
    async with _gated(world, gate) as there:
        gate.refused = "/myself"
        with pytest.raises(LoginRejected):
            await checked(there.store, there.systems, "acme-jira")
    with pytest.raises(BadInput, match="no system 'nope'"):
        await checked(world.store, world.systems, "nope")
