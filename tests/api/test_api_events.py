"""What moves is told to whoever listens."""

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import text

import api.app
from api.events import Watch
from config.http import serve
from connectors.kit.fake import serving
from model.item import ItemRef
from model.members import Role
from model.operation import Entry, Parameters, Target
from model.words import ItemState, OperationKind, Side, TwinStatus
from operations.watching import OperationMoved, QueueMoved, TwinMoved
from tests.api.api_site import Site
from tests.api.test_api_access import OTHERS, call, owned, token

PATIENCE_SECONDS = 20


@dataclass
class Heard:
    """Events in the order in which they came."""

    lines: AsyncIterator[str]
    last: str = ""

    async def next(self, kind: str) -> str:
        """The data of the next event of that kind."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            current = ""
            async for line in self.lines:
                name, _, value = line.partition(": ")
                if name == "id":
                    self.last = value
                elif name == "event":
                    current = value
                elif name == "data" and current == kind:
                    return value
        raise AssertionError("the stream ended")

    async def queue(self, connection: str = "app-bugs") -> int:
        while True:
            moved = QueueMoved.model_validate_json(await self.next("queue"))
            if moved.connection == connection:
                return moved.waiting


@asynccontextmanager
async def listening(url: str, query: str = "", token: str = "", **headers: str) -> AsyncGenerator[Heard]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()} | ({"Authorization": f"Bearer {token}"} if token else {})
    client = httpx.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS)
    async with client, client.stream("GET", f"{url}/api/v1/events{query}", headers=sent) as answer:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        yield Heard(answer.aiter_lines())


async def _twin(site: Site, number: int, connection: str = "app-bugs") -> str:
    twin = await site.opened.store.twins.start(connection, Side.LEFT, ItemRef(id=str(number), key=f"APP-{number}", url=""))
    assert twin
    await site.opened.store.transactions.queue(twin.id, Side.LEFT)
    return twin.id


async def test_queues_twins_and_operations_are_told_as_they_move(site: Site):
    await site.post("/api/v1/deployment", site.content())
    store = site.opened.store
    async with listening(site.url) as heard:
        assert await heard.queue() == 0
        twin = await _twin(site, 1)
        assert await heard.queue() == 1
        moved = TwinMoved.model_validate_json(await heard.next("twin"))
        assert (moved.twin, moved.status) == (twin, TwinStatus.SYNCING)
        operation = await store.operations.add(
            OperationKind.RETRY, "app-bugs", Parameters(per_minute=60), "", [Entry(mark="1", subject="APP-1", target=Target(twin=twin))]
        )
        began = OperationMoved.model_validate_json(await heard.next("operation"))
        await store.operations.cancel(operation.id)
        ended = OperationMoved.model_validate_json(await heard.next("operation"))
        assert [(one.operation, one.status, one.items[ItemState.WAITING]) for one in (began, ended)] == [
            (operation.id, "running", 1),
            (operation.id, "cancelled", 0),
        ]


async def test_a_listener_who_comes_back_gets_what_he_missed(site: Site):
    await site.post("/api/v1/deployment", site.content())
    async with listening(site.url) as heard:
        await heard.queue()
    missed = await _twin(site, 1)
    async with listening(site.url, Last_Event_ID=heard.last) as again:
        assert await again.queue() == 1
        assert TwinMoved.model_validate_json(await again.next("twin")).twin == missed


async def test_only_what_the_caller_may_see_and_wants_is_told(site: Site):
    owner = await owned(site)
    store = site.opened.store
    async with store.database.writing() as session:
        for statement in OTHERS.split(";"):
            await (await session.connection()).execute(text(statement))
        await (await session.connection()).execute(text("UPDATE connection SET name = id"))
    async with listening(site.url, "?connection=app-bugs", token=owner) as chosen, listening(site.url, token=owner) as heard:
        await chosen.queue()
        await heard.queue()
        await _twin(site, 1, "other-app-bugs")
        own = await _twin(site, 2)
        for one in (chosen, heard):
            assert QueueMoved.model_validate_json(await one.next("queue")).connection == "app-bugs"
            assert TwinMoved.model_validate_json(await one.next("twin")).twin == own


async def test_a_listener_to_whom_nothing_is_told_gets_signs_of_life_to_resume_from(site: Site):
    app = api.app.build(site.opened, {})
    app.state.watch = Watch(site.opened, heartbeat=0.0)
    async with serving(app) as url, listening(url) as heard, asyncio.timeout(PATIENCE_SECONDS):
        lines = [await anext(heard.lines) for _ in range(6)]
        app.state.watch.close()
    ids = [line.removeprefix("id: ") for line in lines if line.startswith("id: ")]
    assert lines == [": still here", f"id: {ids[0]}", "", ": still here", f"id: {ids[1]}", ""]
    assert int(ids[1]) > int(ids[0])


async def test_an_id_that_is_none_is_refused(site: Site):
    async with httpx.AsyncClient(trust_env=False) as client:
        for last in ("nonsense", "-1", "9" * 14, "1.5"):
            answer = await client.get(f"{site.url}/api/v1/events", headers={"Last-Event-ID": last})
            assert (answer.status_code, "Last-Event-ID" in answer.json()["detail"]) == (400, True)


async def test_nobody_looks_once_nobody_listens_and_a_stop_ends_the_streams(site: Site):
    await site.post("/api/v1/deployment", site.content())
    app = api.app.build(site.opened, {})
    listener, stop = socket.create_server(("127.0.0.1", 0)), asyncio.Event()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    serving = asyncio.create_task(serve(app, listener, stop, app.state.watch.close))
    async with listening(url) as heard:
        await heard.queue()
        assert app.state.watch.looks
    async with asyncio.timeout(PATIENCE_SECONDS):
        while app.state.watch.looks:
            await asyncio.sleep(0.01)
    async with listening(url) as heard:
        await heard.queue()
        stop.set()
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert [line async for line in heard.lines if line.startswith("event")] == []
            await serving
    assert not app.state.watch.looks


async def _ended(heard: Heard) -> bool:
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for _ in heard.lines:
            pass
    return True


@pytest.mark.parametrize("how", ["revoked", "removed", "expired"])
async def test_a_stream_ends_with_what_let_its_listener_in(site: Site, how: str):
    owner = await owned(site)
    viewer = await token(site, owner, Role.VIEWER)
    async with listening(site.url, token=owner) as other, listening(site.url, token=viewer) as heard:
        await heard.queue()
        await other.queue()
        if how == "revoked":
            await call(site, f"POST /tokens/{viewer.split('_')[1]}/revoke", owner)
        elif how == "removed":
            await call(site, "POST /members/viewer@acme.test/remove", owner)
        else:
            async with site.opened.store.database.writing() as session:
                late = text("UPDATE token SET expires = created WHERE id = :id").bindparams(id=viewer.split("_")[1])
                await (await session.connection()).execute(late)
        assert await _ended(heard)
        await _twin(site, 1)
        assert await other.queue() == 1


async def test_a_stream_that_needed_no_token_ends_with_the_first_member(site: Site):
    await site.post("/api/v1/deployment", site.content())
    async with listening(site.url) as heard:
        await heard.queue()
        await site.post("/api/v1/members", {"name": "ada@acme.test", "role": "owner"})
        assert await _ended(heard)
