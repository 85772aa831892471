"""What the connector asks for, and what the fake's webhooks carry, has the form that GitHub publishes."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl

import httpx
import pytest
from github_app import installed, seed
from github_site import SETTINGS, USER, GitHubSite, connected, running
from openapi_schema_validator import OAS31Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from starlette.types import Message, Receive, Scope, Send

from connectors.github import DECLARATION
from connectors.github.links import BLOCKS
from connectors.kit.fake import serving
from connectors.kit.interface import Fake, FakeOptions
from model.errors import Misconfigured, NotFound
from model.item import Fields
from model.links import LINKS, LinkChange

SPECS = Path(__file__).parents[4] / "shared" / "specs" / "github"
CALLS, WEBHOOKS = SPECS / "slim-api.github.com.json", SPECS / "slim-webhooks-api.github.com.json"
REPO = "/repos/acme/app"
BEYOND = rf"/user/\d+|{REPO}/pulls/\d+"
"""Calls that GitHub describes elsewhere; of pull requests an independent client checks the answers."""

pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason="GitHub's OpenAPI documents are not beside this checkout")

Call = tuple[str, str, frozenset[str], frozenset[str]]


@cache
def _document(path: Path) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(path.read_text()))


class Noting:
    """Passes calls on to a fake, and notes the method, path, parameters and fields of the body."""

    def __init__(self, fake: Fake) -> None:
        self._fake = fake
        self.calls: set[Call] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""

        async def noted() -> Message:
            nonlocal body
            message = await receive()
            body += message.get("body", b"")
            return message

        await self._fake(scope, noted, send)
        if not scope["path"].startswith("/_fake"):
            query = frozenset(name for name, _ in parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
            fields = frozenset(cast("dict[str, object]", json.loads(body))) if body else frozenset[str]()
            self.calls.add((scope["method"].lower(), scope["path"], query, fields))


def _parameters(operation: Mapping[str, Any]) -> set[str]:
    shared = _document(CALLS)["components"]["parameters"]
    return {(shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one)["name"] for one in operation.get("parameters", [])}


def _fields(operation: Mapping[str, Any]) -> set[str]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return set(content.get("properties", {}))


def _known(call: Call) -> bool:
    method, path, query, fields = call
    return any(
        re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path)
        and method in operations
        and query <= _parameters(operations[method])
        and fields <= _fields(operations[method])
        for template, operations in _document(CALLS)["paths"].items()
    )


async def test_every_call_of_the_connector_is_in_the_document() -> None:
    noting = Noting(DECLARATION.fake(FakeOptions(user=USER, secret="twinline-token")))
    async with serving(noting) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        site = GitHubSite(url, client)
        async with connected(site) as github:
            await github.check(SETTINGS)
            cursor = (await github.changes(SETTINGS, "")).cursor
            wanted: Fields = {
                "summary": "x",
                "description": "y",
                "type": {"name": "Bug"},
                "labels": [{"label": "sync"}],
                "assignee": {"key": "1002"},
                "assignees": [{"username": "bob"}],
            }
            wanted["milestone"] = await github.lookup(SETTINGS, "create_version", ("Spring", None, "Until May"))
            item = (await github.create(SETTINGS, {**wanted}, "acme-to-sync:1")).ref.id
            await github.update(item, {"status": {"name": "closed"}, "resolution": {"name": "not_planned"}})
            blocked = LinkChange(added=(BLOCKS.link("acme/app#1", outward=False), BLOCKS.link("acme/app#2", outward=True)))
            await github.update(item, {LINKS: blocked.as_field()})
            await github.update(item, {LINKS: LinkChange(removed=blocked.added).as_field()})
            comment = await github.add_comment(item, "x", internal=False, marker="acme-to-sync:2")
            await github.edit_comment(item, comment.id, "y")
            assert await github.find_comment(item, "acme-to-sync:2") is not None
            assert (await github.read(item)).fields["summary"] == "x"
            await github.delete_comment(item, comment.id)
            await github.changes(SETTINGS, cursor)
            await github.search(SETTINGS, "is:open label:sync", None)
            await github.lookup(SETTINGS, "user_by_email", ("ann@acme.test",))
            await github.read("acme/app#3")
            with pytest.raises(NotFound):
                await github.read("acme/app#99")
    assert len(noting.calls) > 12
    unknown = [call for call in noting.calls if not _known(call) and not re.fullmatch(BEYOND, call[1])]
    assert unknown == []


async def test_every_call_of_an_app_is_in_the_document() -> None:
    noting = Noting(DECLARATION.fake(FakeOptions(user=USER, secret="twinline-token", seed=seed())))
    async with (
        serving(noting) as url,
        httpx.AsyncClient(base_url=url, trust_env=False) as client,
        installed(GitHubSite(url, client)) as app,
    ):
        await app.account(SETTINGS)
        with pytest.raises(Misconfigured):
            await app.check({"repository": "acme/none"})
    assert {call[1] for call in noting.calls} >= {"/app", "/app/installations", "/installation/repositories"}
    assert [call for call in noting.calls if not _known(call)] == []


def _faults(name: str, content: object) -> list[str]:
    """What is wrong with a webhook call by its published schema."""
    schema = _document(WEBHOOKS)["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
    registry: Registry[Any] = Registry[Any]().with_resource("urn:github", DRAFT202012.create_resource(_document(WEBHOOKS)))
    told = json.loads(json.dumps(schema).replace("#/components", "urn:github#/components"))
    validator = OAS31Validator(told, registry=registry)
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in validator.iter_errors(content)]


async def test_webhooks() -> None:
    async with running() as site:
        config = {"url": "http://127.0.0.1:9/none", "content_type": "json"}
        made = await site.call("ann", "POST", f"{REPO}/hooks", {"config": config, "events": ["issues", "issue_comment", "sub_issues"]})
        await site.call("ann", "POST", f"{REPO}/milestones", {"title": "Spring"})
        edit = {"title": "New", "state": "closed", "labels": ["sync"], "assignees": ["ann"], "milestone": 1, "type": "Task"}
        await site.call("ann", "PATCH", f"{REPO}/issues/1", edit)
        await site.call("ann", "PATCH", f"{REPO}/issues/1", {"state": "open", "milestone": None, "type": None})
        await site.call("ann", "POST", f"{REPO}/issues", {"title": "x"})
        comment = (await site.call("ann", "POST", f"{REPO}/issues/1/comments", {"body": "x"})).json()["id"]
        await site.call("ann", "PATCH", f"{REPO}/issues/comments/{comment}", {"body": "y"})
        await site.call("ann", "DELETE", f"{REPO}/issues/comments/{comment}")
        child = (await site.call("ann", "GET", f"{REPO}/issues/2")).json()["id"]
        await site.call("ann", "POST", f"{REPO}/issues/1/sub_issues", {"sub_issue_id": child})
        sent = f"{REPO}/hooks/{made.json()['id']}/deliveries"
        seen: set[str] = set()
        found: list[tuple[str, str]] = []
        for one in (await site.call("ann", "GET", f"{sent}?per_page=100")).json():
            name = "-".join(part.replace("_", "-") for part in (one["event"], one["action"]) if part)
            seen.add(name)
            found += [
                (name, fault)
                for fault in _faults(name, (await site.call("ann", "GET", f"{sent}/{one['id']}")).json()["request"]["payload"])
            ]
    assert found == []
    issues = ("opened", "edited", "closed", "reopened", "labeled", "unlabeled", "assigned", "unassigned", "milestoned", "demilestoned")
    comments = {f"issue-comment-{one}" for one in ("created", "edited", "deleted")}
    assert seen == {"ping", *(f"issues-{one}" for one in (*issues, "typed", "untyped")), *comments, "sub-issues-sub-issue-added"}


def test_the_checks_can_fail() -> None:
    known: Call = ("get", "/repos/acme/app/issues", frozenset({"since"}), frozenset())
    assert _known(known)
    assert not _known(("get", "/repos/acme/app/issues", frozenset({"weather"}), frozenset()))
    assert not _known(("post", "/repos/acme/app/issues", frozenset(), frozenset({"title", "weather"})))
    assert _faults("issues-edited", {"action": "closed"}) != []
