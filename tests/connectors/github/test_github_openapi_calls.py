"""What the connector asks for is what GitHub publishes."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl

import httpx
import pytest
from github_site import SETTINGS, USER, GitHubSite, connected
from starlette.types import Message, Receive, Scope, Send

from connectors.github import DECLARATION
from connectors.kit.fake import serving
from connectors.kit.interface import Fake, FakeOptions
from model.errors import NotFound

SPECS = Path(__file__).parents[4] / "shared" / "specs" / "github"
CALLS = SPECS / "slim-api.github.com.json"

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
            wanted = {
                "summary": "x",
                "description": "y",
                "type": {"name": "Bug"},
                "labels": [{"label": "sync"}],
                "assignee": {"key": "1002"},
            }
            item = (await github.create(SETTINGS, {**wanted}, "acme-to-sync:1")).ref.id
            await github.update(item, {"status": {"name": "closed"}, "resolution": {"name": "not_planned"}})
            comment = await github.add_comment(item, "x", internal=False, marker="acme-to-sync:2")
            await github.edit_comment(item, comment.id, "y")
            assert await github.find_comment(item, "acme-to-sync:2") is not None
            assert (await github.read(item)).fields["summary"] == "x"
            await github.delete_comment(item, comment.id)
            await github.changes(SETTINGS, cursor)
            await github.search(SETTINGS, "is:open label:sync", None)
            await github.lookup(SETTINGS, "user_by_email", ("ann@acme.test",))
            with pytest.raises(NotFound):
                await github.read("acme/app#99")
    assert len(noting.calls) > 12
    unknown = [call for call in noting.calls if not _known(call) and not re.fullmatch(r"/user/\d+", call[1])]
    assert unknown == []


def test_the_checks_can_fail() -> None:
    known: Call = ("get", "/repos/acme/app/issues", frozenset({"since"}), frozenset())
    assert _known(known)
    assert not _known(("get", "/repos/acme/app/issues", frozenset({"weather"}), frozenset()))
    assert not _known(("post", "/repos/acme/app/issues", frozenset(), frozenset({"title", "weather"})))
