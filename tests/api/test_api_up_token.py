"""`twinline up` calls the API that it runs with a token of its own, also once there are members."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from config.settings import Settings
from config.up_token import leave, left
from connectors.kit.http import Answer, exchange
from model.audit import AuditFilter
from tests.api.api_site import KEY, Site, opened_site


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: None) -> AsyncGenerator[Site]:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    settings = Settings(data=tmp_path, secret_key=KEY)
    leave(settings.up_token)
    async with opened_site(settings) as site:
        yield site


async def _call(site: Site, method: str, path: str, token: str, *header: tuple[str, str]) -> Answer:
    return await exchange(method, f"{site.url}/api/v1{path}", None, None, {"Authorization": f"Bearer {token}", **dict(header)})


def _own(site: Site) -> str:
    assert site.opened.up_token
    return site.opened.up_token.get_secret_value()


async def test_it_lets_in_with_members_too_from_this_machine_alone_and_is_recorded(site: Site):
    await site.post("/api/v1/deployment", site.content())
    await site.post("/api/v1/members", {"name": "ada@acme.test", "role": "owner"})
    done = await _call(site, "POST", "/connections/app-bugs/deactivate", _own(site))
    proxied = await _call(site, "GET", "/twins", _own(site), ("X-Forwarded-For", "127.0.0.1"))
    named = await _call(site, "GET", "/twins", _own(site), ("Host", "twinline.acme.test"))
    (entry, *_) = await site.opened.store.audit.page(AuditFilter(), 1)

    assert json.loads(done.body)["status"] == "Deactivated"
    assert (proxied.status, named.status) == (401, 401)
    assert (entry.operation, entry.who) == ("deactivate_connection", "twinline up")


async def test_that_of_an_earlier_run_lets_nobody_in(site: Site, tmp_path: Path):
    earlier = _own(site)
    await site.post("/api/v1/deployment", site.content())
    await site.post("/api/v1/members", {"name": "ada@acme.test", "role": "owner"})
    leave(tmp_path / "up.token")
    async with opened_site(Settings(data=tmp_path, secret_key=KEY)) as again:
        stale = await _call(again, "GET", "/twins", earlier)
        fresh = await _call(again, "GET", "/twins", _own(again))

    assert (stale.status, fresh.status) == (401, 200)


def test_only_its_user_can_read_the_file(tmp_path: Path):
    file = tmp_path / "up.token"
    file.write_text("an earlier one")
    file.chmod(0o644)
    token = leave(file)

    assert file.stat().st_mode & 0o777 == 0o600
    assert left(file) == token
    assert left(tmp_path / "none") is None
