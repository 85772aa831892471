"""Entity tags: what was read need not be read again, and is not overwritten unseen."""

import asyncio
from typing import cast

import pytest
from pydantic import JsonValue

from api.problems import ProblemDetails
from connectors.kit.http import Answer, exchange
from model.audit import AuditFilter, Outcome
from model.words import ConnectionStatus
from operations.views import Application
from tests.api.api_site import TOKEN, Site

DEPLOYMENT = "/api/v1/deployment"
CONNECTION = "/api/v1/connections/app-bugs"
AT_ONCE = 6


@pytest.fixture
async def applied(site: Site) -> Site:
    assert (await site.post(DEPLOYMENT, site.content())).status == 200
    return site


async def _tag(site: Site, path: str) -> str:
    return (await site.get(path)).headers["etag"]


async def _sent(site: Site, method: str, path: str, payload: JsonValue = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await exchange(method, f"{site.url}{path}", payload, None, named)


def _part(content: JsonValue, *names: str) -> dict[str, JsonValue]:
    for name in names:
        content = cast("dict[str, JsonValue]", content)[name]
    return cast("dict[str, JsonValue]", content)


@pytest.mark.parametrize("path", [DEPLOYMENT, "/api/v1/systems", "/api/v1/systems/acme-jira", CONNECTION, f"{CONNECTION}/versions/1"])
async def test_what_the_caller_has_is_not_sent_again(applied: Site, path: str):
    tag = await _tag(applied, path)
    same = await _sent(applied, "GET", path, If_None_Match=f'"other", W/{tag}')
    other = await _sent(applied, "GET", path, If_None_Match='"other"')

    assert (same.status, same.body, same.headers["etag"]) == (304, b"", tag)
    assert (other.status, other.headers["etag"]) == (200, tag)


async def test_the_deployment_as_it_is_declared_has_no_secret_and_changes_nothing_when_it_is_applied(applied: Site):
    shown = await applied.get(DEPLOYMENT)
    content = shown.json()
    assert TOKEN.encode() not in shown.body
    assert _part(content, "systems", "acme-jira")["credentials"] == {"user": "***", "token": "***"}
    assert _part(content, "systems", "acme-jira") == (await applied.get("/api/v1/systems/acme-jira")).json()

    again = Application.model_validate_json((await applied.post(DEPLOYMENT, content)).body)
    assert again.differences == ()
    assert await applied.opened.store.configurations.credentials("acme-jira") == {"user": "bot@acme.test", "token": TOKEN}


@pytest.mark.parametrize("status", [ConnectionStatus.ERROR, ConnectionStatus.PENDING])
async def test_applying_what_is_declared_lets_a_status_be_that_is_neither_on_nor_off(applied: Site, status: ConnectionStatus):
    await applied.opened.store.configurations.set_status("app-bugs", status)
    await applied.post(DEPLOYMENT, (await applied.get(DEPLOYMENT)).json())
    assert (await applied.opened.store.configurations.connection("app-bugs")).status is status


async def test_one_secret_changes_and_the_masked_ones_stay(applied: Site):
    content = (await applied.get(DEPLOYMENT)).json()
    tag = await _tag(applied, DEPLOYMENT)
    _part(content, "systems", "acme-jira")["credentials"] = {"user": "***", "token": TOKEN}
    _part(content, "systems", "acme-jira")["webhook_secret"] = "acme-hooks-4711"
    assert (await applied.post(DEPLOYMENT, content)).status == 200
    assert await applied.opened.store.configurations.credentials("acme-jira") == {"user": "bot@acme.test", "token": TOKEN}
    assert await applied.opened.store.configurations.webhook_secret("acme-jira") == "acme-hooks-4711"

    second = await _tag(applied, DEPLOYMENT)
    _part(content, "systems", "acme-jira")["webhook_secret"] = "acme-hooks-0815"
    await applied.post(DEPLOYMENT, content)
    assert len({tag, second, await _tag(applied, DEPLOYMENT)}) == 3


@pytest.mark.parametrize("url", ["https://elsewhere.example", None])
async def test_a_mask_with_nothing_to_keep_is_refused(applied: Site, url: str | None):
    """Credentials never go to another address than the one that they were given for."""
    content = (await applied.get(DEPLOYMENT)).json()
    if url:
        _part(content, "systems", "acme-jira")["url"] = url
    else:
        _part(content, "systems")["acme-wiki"] = _part(content, "systems").pop("acme-jira")
    _part(content, "systems", "acme-github")["webhook_secret"] = "***"
    name = "acme-jira" if url else "acme-wiki"
    refused = ProblemDetails.model_validate_json((await applied.post(DEPLOYMENT, content)).body)

    places = {one.place for one in refused.problems if "masked" in one.message}
    assert places == {f"systems.{name}.credentials.user", f"systems.{name}.credentials.token", "systems.acme-github.webhook_secret"}


async def test_a_deployment_that_was_changed_meanwhile_is_not_overwritten(applied: Site):
    tag, content = await _tag(applied, DEPLOYMENT), applied.content()
    _part(content, "systems", "acme-jira")["poll"] = "7s"
    first = await _sent(applied, "POST", DEPLOYMENT, content, If_Match=tag)
    _part(content, "systems", "acme-jira")["poll"] = "9s"
    second = await _sent(applied, "POST", DEPLOYMENT, content, If_Match=tag)

    assert (first.status, second.status, second.headers["content-type"]) == (200, 412, "application/problem+json")
    assert "read it again" in ProblemDetails.model_validate_json(second.body).detail
    assert (await applied.opened.store.configurations.system("acme-jira")).poll_seconds == 7
    assert (await _sent(applied, "POST", DEPLOYMENT, content, If_Match=second.headers["etag"])).status == 200
    assert (await _sent(applied, "POST", DEPLOYMENT, content, If_Match=f"W/{await _tag(applied, DEPLOYMENT)}")).status == 412
    assert (await _sent(applied, "POST", DEPLOYMENT, content, If_Match="*")).status == 200


@pytest.mark.parametrize("change", ["deployment", "rename", "deactivate", "edit"])
async def test_of_calls_with_one_tag_at_the_same_moment_one_takes_effect(applied: Site, change: str):
    await applied.post(f"{CONNECTION}/versions", {})
    path, read = {
        "deployment": (DEPLOYMENT, DEPLOYMENT),
        "rename": (f"{CONNECTION}/rename", CONNECTION),
        "deactivate": (f"{CONNECTION}/deactivate", CONNECTION),
        "edit": (f"{CONNECTION}/versions/2/edit", f"{CONNECTION}/versions/2"),
    }[change]
    tag = await _tag(applied, read)
    answers = await asyncio.gather(*(_sent(applied, "POST", path, _other(applied, change, one), If_Match=tag) for one in range(AT_ONCE)))
    assert sorted(one.status for one in answers) == [200, *[412] * (AT_ONCE - 1)]
    refused = await applied.opened.store.audit.page(AuditFilter(), AT_ONCE - 1)
    assert [one.outcome for one in refused].count(Outcome.REFUSED) >= AT_ONCE - 2
    assert (await applied.opened.store.audit.verify()).intact


def _other(site: Site, change: str, number: int) -> JsonValue:
    """Each call wants something else."""
    content = site.content()
    _part(content, "systems", "acme-jira")["poll"] = f"{number + 5}s"
    bodies: dict[str, JsonValue] = {
        "deployment": content,
        "rename": {"name": f"app-{number}"},
        "edit": {"left": {"incoming": f"issue.summary = replica.summary + '{number}'"}},
    }
    return bodies.get(change)


@pytest.mark.parametrize(
    ("method", "path", "payload"),
    [
        ("POST", "/activate", None),
        ("POST", "/deactivate", None),
        ("POST", "/accept", None),
        ("POST", "/copy", {"name": "app-copy"}),
        ("POST", "/rename", {"name": "app-faults"}),
        ("DELETE", "", None),
    ],
)
async def test_a_connection_that_was_changed_meanwhile_is_left_alone(applied: Site, method: str, path: str, payload: JsonValue):
    before = await _tag(applied, CONNECTION)
    await applied.post(f"{CONNECTION}/deactivate?side=left")
    assert (await _sent(applied, method, f"{CONNECTION}{path}", payload, If_Match=before)).status == 412
    assert [one.name for one in await applied.opened.store.configurations.connections()] == ["app-bugs"]
    now = await _sent(applied, method, f"{CONNECTION}{path}", payload, If_Match=await _tag(applied, CONNECTION))
    assert now.status != 412


async def test_what_goes_on_does_not_change_the_tag_of_a_connection(applied: Site):
    before = await applied.get(CONNECTION)
    await applied.post(f"{CONNECTION}/sync", {"item": "APP-1", "side": "left"})
    after = await applied.get(CONNECTION)
    assert before.body != after.body
    assert before.headers["etag"] == after.headers["etag"]


@pytest.mark.parametrize("what", ["edit", "publish", "rollback", "discard"])
async def test_a_version_that_was_changed_meanwhile_is_left_alone(applied: Site, what: str):
    await applied.post(f"{CONNECTION}/versions", {})
    draft = f"{CONNECTION}/versions/2"
    before, script = await _tag(applied, draft), {"left": {"incoming": "issue.summary = replica.summary"}}
    edited = await _sent(applied, "POST", f"{draft}/edit", cast("JsonValue", script), If_Match=before)
    late = await _sent(applied, "POST", f"{draft}/{what}", {}, If_Match=before)
    assert (edited.status, late.status) == (200, 412)
    assert (await applied.get(draft)).json() == edited.json()


async def test_another_active_version_changes_the_tags_of_all(applied: Site):
    paths = (DEPLOYMENT, CONNECTION, f"{CONNECTION}/versions/2")
    await applied.post(f"{CONNECTION}/versions", {})
    await applied.post(f"{CONNECTION}/versions", {})
    await applied.post(f"{CONNECTION}/versions/3/edit", {"left": {"incoming": "issue.summary = replica.summary"}})
    before = [await _tag(applied, path) for path in paths]
    assert (await applied.post(f"{CONNECTION}/versions/3/publish", {})).status == 200
    assert not set(before) & {await _tag(applied, path) for path in paths}
