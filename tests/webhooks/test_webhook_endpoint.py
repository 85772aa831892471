import asyncio
import base64
import json
import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

import webhooks.app
from config.opening import Opened, opened
from config.pacing import Limits
from config.settings import Settings
from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.http import post_bytes
from connectors.kit.webhooks import hex_signature
from model.deployment import Deployment
from model.inbox import InboxRow

SECRET = "acme-hook-secret-4711"
EVENT = {
    "webhookEvent": "jira:issue_updated",
    "issue": {"id": "10001", "key": "APP-1", "fields": {"updated": "2026-01-02T03:04:05.678+0000"}},
}


@dataclass
class Endpoint:
    url: str
    opened: Opened

    async def call(self, body: bytes, system: str = "acme-jira", delivery: str = "one", signature: str | None = None) -> int:
        headers = {"X-Hub-Signature": signature or hex_signature(body, SECRET), "X-Atlassian-Webhook-Identifier": delivery}
        return await post_bytes(f"{self.url}/{system}", body, headers)

    async def recorded(self) -> list[InboxRow]:
        return list(await self.opened.store.inbox.pending("acme-jira", 10))


@pytest.fixture
async def endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: None) -> AsyncGenerator[Endpoint]:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    key = SecretStr(base64.b64encode(secrets.token_bytes(32)).decode())
    async with opened(Settings(data=tmp_path, secret_key=key)) as parts:
        login = {"user": "bot@acme.test", "token": "t"}
        jira = {"kind": declaration("jira").kind, "url": "http://127.0.0.1:1", "credentials": login}
        systems = {"acme-jira": {**jira, "webhook_secret": SECRET}, "silent-jira": jira}
        await parts.store.configurations.match(Deployment.model_validate({"workspace": "acme", "systems": systems}))
        async with serving(webhooks.app.build(parts.store, parts.signals)) as url:
            yield Endpoint(url, parts)


async def test_a_genuine_call_is_recorded_though_temporal_is_down(endpoint: Endpoint):
    status = await endpoint.call(json.dumps(EVENT).encode())

    assert status == 202
    assert [(row.item_id, row.key, row.delivery) for row in await endpoint.recorded()] == [("10001", "APP-1", "one")]


async def test_a_repeated_delivery_is_accepted_and_recorded_once(endpoint: Endpoint):
    body = json.dumps(EVENT).encode()
    statuses = await asyncio.gather(*(endpoint.call(body) for _ in range(10)))

    assert set(statuses) == {202}
    assert len(await endpoint.recorded()) == 1


async def test_a_system_that_calls_too_often_is_told_when_to_come_back(endpoint: Endpoint):
    body = json.dumps(EVENT).encode()
    async with serving(webhooks.app.build(endpoint.opened.store, endpoint.opened.signals, Limits(webhooks=2))) as url:
        narrow = Endpoint(url, endpoint.opened)
        forged = [await narrow.call(body, delivery=str(number), signature="sha256=00") for number in range(3)]
        statuses = [await narrow.call(body, delivery=str(number)) for number in range(3)]
        other = await narrow.call(body, system="silent-jira")

    assert (forged, statuses, other) == ([401, 401, 401], [202, 202, 429], 401)
    assert len(await endpoint.recorded()) == 2


async def test_the_signature_is_of_the_very_bytes(endpoint: Endpoint):
    body = json.dumps(EVENT).encode()
    serialised_anew = json.dumps(EVENT, indent=1).encode()

    assert await endpoint.call(serialised_anew, signature=hex_signature(body, SECRET)) == 401
    assert await endpoint.recorded() == []


@pytest.mark.parametrize(
    ("system", "body", "signature", "status"),
    [
        ("acme-jira", b"{}", "sha256=00", 401),
        ("acme-jira", b"not json", "sha256=00", 401),
        ("acme-jira", b"not json", None, 400),
        ("acme-jira", b'{"webhookEvent": "board_created"}', None, 202),
        ("silent-jira", b"{}", hex_signature(b"{}", ""), 401),
        ("nobody", b"{}", None, 404),
    ],
)
async def test_answers(endpoint: Endpoint, system: str, body: bytes, signature: str | None, status: int):
    assert await endpoint.call(body, system=system, signature=signature) == status
    assert await endpoint.recorded() == []


async def test_a_body_over_the_limit_is_refused_unread(endpoint: Endpoint):
    assert await endpoint.call(b" " * (webhooks.app.BODY_LIMIT + 1)) == 413
    assert await endpoint.call(b" " * webhooks.app.BODY_LIMIT) == 400


async def test_what_cannot_be_recorded_is_asked_for_again(endpoint: Endpoint):
    async with endpoint.opened.store.database.writing() as session:
        await (await session.connection()).execute(text("DROP TABLE inbox"))

    assert await endpoint.call(json.dumps(EVENT).encode()) == 503
