"""Answers of the fake, and calls of the connector, have the form that Microsoft publishes."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl

import pytest
from azure_site import PATCH, SETTINGS, AzureSite, House, Meddled, a_fake, an_hour_ago, chunks, connected, created, new_marker, opened
from openapi_schema_validator import OAS30Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4
from starlette.responses import Response
from starlette.types import Scope

from model.errors import Gone
from model.item import Attachment

SPECS = Path(__file__).parents[4] / "shared" / "specs" / "azure-devops"
WORK = "/{organization}/{project}/_apis/wit"
HOOKS = "/{organization}/_apis/hooks/subscriptions"
COMMENTS = "7.1-preview.4"
PLACES = "/Acme Shop/_apis/wit"

pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason="Microsoft's OpenAPI documents are not beside this checkout")


@cache
def _document(name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads((SPECS / f"slim-{name}-7.1.oas3.json").read_text(), object_hook=_loosened))


def _loosened(node: dict[str, Any]) -> dict[str, Any]:
    """The documents call values of any type objects, elements of batches texts and descriptors objects; the vendor's examples do not."""
    if "identityType" in node.get("properties", {}):
        return {}
    if node.get("type") == "object" and not node.keys() & {"properties", "allOf", "additionalProperties", "$ref"}:
        return {name: value for name, value in node.items() if name != "type"}
    return {} if node.get("format") == "T" else node


def _faults(name: str, path: str, method: str, content: object) -> list[str]:
    """What is wrong with an answer by the schema of that operation."""
    pointer = _document(name)["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
    registry: Registry[Any] = Registry[Any]().with_resource("urn:azure", DRAFT4.create_resource(_document(name)))
    schema = json.loads(json.dumps(pointer).replace("#/components", "urn:azure#/components"))
    return [
        f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}"
        for one in OAS30Validator(schema, registry=registry).iter_errors(content)
    ]


@pytest.mark.parametrize(
    ("document", "template", "path", "query"),
    [
        ("core", "/{organization}/_apis/projects", "/_apis/projects", {}),
        ("core", "/{organization}/_apis/projects/{projectId}", "/_apis/projects/Acme Shop", {}),
        (
            "identities",
            "/{organization}/_apis/identities",
            "/_apis/identities",
            {"searchFilter": "General", "filterValue": "ann@acme.test"},
        ),
        ("wit", f"{WORK}/fields", "/_apis/wit/fields", {}),
        ("wit", f"{WORK}/fields/{{fieldNameOrRefName}}", "/_apis/wit/fields/System.Title", {}),
        ("wit", f"{WORK}/workitemtypes", f"{PLACES}/workitemtypes", {}),
        ("wit", f"{WORK}/workitemtypes/{{type}}", f"{PLACES}/workitemtypes/Bug", {}),
        ("wit", f"{WORK}/workitemtypes/{{type}}/states", f"{PLACES}/workitemtypes/Bug/states", {}),
        ("wit", f"{WORK}/workitemtypes/{{type}}/fields", f"{PLACES}/workitemtypes/Bug/fields", {"$expand": "allowedValues"}),
        ("wit", f"{WORK}/workitemtypes/{{type}}/fields/{{field}}", f"{PLACES}/workitemtypes/Bug/fields/Severity", {"$expand": "all"}),
        ("wit", f"{WORK}/classificationnodes/{{structureGroup}}/{{path}}", f"{PLACES}/classificationnodes/Areas/Checkout", {}),
        ("wit", f"{WORK}/workitems", f"{PLACES}/workitems", {"ids": "1,2"}),
        ("wit", f"{WORK}/workitems/{{id}}", f"{PLACES}/workitems/1", {"$expand": "all"}),
        ("wit", f"{WORK}/workItems/{{id}}/updates", f"{PLACES}/workItems/1/updates", {}),
        ("wit", f"{WORK}/workItems/{{id}}/revisions", f"{PLACES}/workItems/1/revisions", {}),
        ("wit", f"{WORK}/workItems/{{workItemId}}/comments", f"{PLACES}/workItems/1/comments", {"api": COMMENTS}),
        ("wit", f"{WORK}/reporting/workitemrevisions", f"{PLACES}/reporting/workitemrevisions", {"includeLatestOnly": "true"}),
        ("wit", f"{WORK}/recyclebin", f"{PLACES}/recyclebin", {}),
        ("wit", f"{WORK}/recyclebin/{{id}}", f"{PLACES}/recyclebin/3", {}),
        ("servicehooks", HOOKS, "/_apis/hooks/subscriptions", {}),
    ],
)
async def test_reads(site: AzureSite, document: str, template: str, path: str, query: dict[str, str]) -> None:
    await site.delete("ann", 3)
    await site.edit("ann", 1, Title="New", Tags="a; b")
    hook = {"eventType": "workitem.created", "publisherInputs": {}, "consumerInputs": {"url": "http://127.0.0.1:9/none"}}
    await site.call("ann", "POST", "/_apis/hooks/subscriptions", hook)
    answer = await site.call("ann", "GET", path, **query)
    assert answer.status_code == 200, answer.text
    assert _faults(document, template, "get", answer.json()) == []


TITLE = [{"op": "add", "path": "/fields/System.Title", "value": "x"}]
LINK = [{"op": "add", "path": "/relations/-", "value": {"rel": "Hyperlink", "url": "https://acme.test/", "attributes": {"comment": "x"}}}]
QUERY = {"query": "SELECT [System.Id], [System.Title] FROM WorkItems ORDER BY [System.Title]"}


@pytest.mark.parametrize(
    ("template", "method", "path", "body", "kind", "api"),
    [
        (f"{WORK}/workitems/${{type}}", "post", f"{PLACES}/workitems/$Bug", TITLE, PATCH, "7.1"),
        (f"{WORK}/workitems/{{id}}", "patch", f"{PLACES}/workitems/1", LINK, PATCH, "7.1"),
        (f"{WORK}/workitems/{{id}}", "delete", f"{PLACES}/workitems/1", None, "", "7.1"),
        (f"{WORK}/workitemsbatch", "post", f"{PLACES}/workitemsbatch", {"ids": [1, 2], "$expand": "all"}, "", "7.1"),
        (f"{WORK}/workItems/{{workItemId}}/comments", "post", f"{PLACES}/workItems/1/comments", {"text": "x"}, "", COMMENTS),
        ("/{organization}/{project}/{team}/_apis/wit/wiql", "post", f"{PLACES}/wiql", QUERY, "", "7.1"),
    ],
)
async def test_writes(site: AzureSite, template: str, method: str, path: str, body: object, kind: str, api: str) -> None:
    answer = await site.call("ann", method.upper(), path, body, kind, api=api, **{"$expand": "all"})
    assert answer.status_code == 200, answer.text
    assert _faults("wit", template, method, answer.json()) == []


UNTOLD = ("connectionData",)
"""What Microsoft's documents leave out, though its own clients call it."""


def _known(call: tuple[str, str, frozenset[str]]) -> bool:
    """Whether the documents have the operation, with all parameters of the query. They spell each path in one of its cases only."""
    method, path, query = call
    return any(
        re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template.partition("/_apis/")[2])), path, re.IGNORECASE)
        and method in operations
        and query <= {one["name"] for one in operations[method].get("parameters", []) if "name" in one} | {"api-version"}
        for name in ("wit", "core", "identities")
        for template, operations in _document(name)["paths"].items()
    )


async def test_every_call_of_the_connector_is_in_the_documents(house: House) -> None:
    calls: set[tuple[str, str, frozenset[str]]] = set()

    async def note(scope: Scope) -> Response | None:
        query = frozenset(name for name, _ in parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
        calls.add((scope["method"].lower(), str(scope["path"]).partition("/_apis/")[2], query))
        return None

    async with opened(house, Meddled(a_fake(), note)) as site, connected(site) as azure:
        await azure.check({**SETTINGS, "area": "Acme Shop\\Checkout"})
        cursor = (await azure.changes(SETTINGS, (await azure.changes(SETTINGS, "")).cursor)).cursor
        item = await created(azure, assignee={"email": "bob@acme.test"}, parentId="2")
        await azure.update(item, {"description": "x", "type": {"name": "Bug"}})
        comment = await azure.add_comment(item, "x", internal=False, marker=new_marker())
        await azure.edit_comment(item, comment.id, "y")
        await azure.delete_comment(item, comment.id)
        file = await azure.upload(item, Attachment(id="", filename="a.txt"), chunks(b"a"), new_marker())
        async with azure.download(file) as content:
            assert [part async for part in content] == [b"a"]
        await azure.delete_attachment(item, file.id)
        await azure.changes(SETTINGS, cursor)
        await azure.find_by_marker(SETTINGS, new_marker(), an_hour_ago())
        await azure.history(item, an_hour_ago())
        await azure.lookup(SETTINGS, "priority", ("1",))
        await azure.lookup(SETTINGS, "user", ("6b2266bf-a155-4582-a475-ca4da68193ef",))
        await site.delete("ann", item)
        with pytest.raises(Gone):
            await azure.read(item)
    assert len(calls) > 20
    assert sorted(call[1] for call in calls if not _known(call) and call[1] not in UNTOLD) == []


def test_the_check_can_fail() -> None:
    assert not _known(("get", "wit/workitems/1", frozenset({"weather"})))
    assert not _known(("put", "wit/workitems/1", frozenset()))
    assert not _known(("get", "wit/weather", frozenset()))
    assert _faults("wit", f"{WORK}/workitems/{{id}}", "get", {"id": "one", "rev": 1}) != []
    assert _faults("wit", f"{WORK}/workItems/{{workItemId}}/comments", "get", {"comments": [{"id": "x"}]}) != []
