"""Answers of the fake have the form that Salesforce documents, and the connector asks for nothing else."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from openapi_schema_validator import OAS30Validator
from pydantic import JsonValue
from referencing import Registry
from referencing.jsonschema import DRAFT4
from salesforce_site import API, SETTINGS, Site, chunks, connected, created, new_marker

from connectors.salesforce.payloads import CompositePayload, DescribePayload, GlobalPayload, QueryPage, TokenPayload
from model.item import Attachment

SHARED = Path(__file__).parents[4] / "shared"
SPEC = SHARED / "specs" / "salesforce" / "slim-salesforce-rest.json"
RECORDED = SHARED / "payloads" / "salesforce" / "restforce-fixtures"

pytestmark = pytest.mark.skipif(not SPEC.is_file(), reason="Salesforce's OpenAPI document is not beside this checkout")


@cache
def _document() -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(SPEC.read_text()))


def _faults(path: str, method: str, answer: httpx.Response) -> list[str]:
    """What is wrong with an answer by the schema of that operation."""
    described = _document()["paths"][path][method]["responses"][str(answer.status_code)]
    if "$ref" in described:
        described = _document()["components"]["responses"][described["$ref"].rpartition("/")[2]]
    if "content" not in described:
        return [] if not answer.content else ["a body where none is described"]
    registry: Registry[Any] = Registry[Any]().with_resource("urn:salesforce", DRAFT4.create_resource(_document()))
    pointer = described["content"]["application/json"]["schema"]
    schema = json.loads(json.dumps(pointer).replace("#/components", "urn:salesforce#/components"))
    return [one.message[:200] for one in OAS30Validator(schema, registry=registry).iter_errors(answer.json())]


BASE = "/services/data/{version}"


@pytest.mark.parametrize(
    ("template", "method", "path", "body", "status"),
    [
        (f"{BASE}/limits", "get", "/limits", None, 200),
        (f"{BASE}/sobjects", "get", "/sobjects", None, 200),
        (f"{BASE}/sobjects/{{sObject}}/describe", "get", "/sobjects/Case/describe", None, 200),
        (f"{BASE}/sobjects/{{sObject}}/describe", "get", "/sobjects/Nope/describe", None, 404),
        (f"{BASE}/sobjects/{{sObject}}", "post", "/sobjects/Case", {"Subject": "x"}, 201),
        (f"{BASE}/sobjects/{{sObject}}", "post", "/sobjects/Case", {"Nope": "x"}, 400),
        (f"{BASE}/sobjects/{{sObject}}/{{id}}", "get", "/sobjects/Case/ID", None, 200),
        (f"{BASE}/sobjects/{{sObject}}/{{id}}", "patch", "/sobjects/Case/ID", {"Subject": "y"}, 204),
        (f"{BASE}/sobjects/{{sObject}}/{{id}}", "delete", "/sobjects/Case/ID", None, 204),
        (f"{BASE}/sobjects/{{sObject}}/{{id}}", "get", "/sobjects/Case/500000000000999AAA", None, 404),
        (f"{BASE}/sobjects/{{sObject}}/{{extIdField}}/{{extIdValue}}", "patch", "/sobjects/Case/Twinline_Id__c/1", {"Subject": "y"}, 201),
        (f"{BASE}/query", "get", "/query?q=SELECT+Id,+Owner.Name+FROM+Case", None, 200),
        (f"{BASE}/query", "get", "/query?q=SELECT", None, 400),
        (f"{BASE}/queryAll", "get", "/queryAll?q=SELECT+Id+FROM+Case", None, 200),
        (f"{BASE}/composite", "post", "/composite", {"compositeRequest": []}, 200),
        (f"{BASE}/composite/sobjects", "post", "/composite/sobjects", {"records": [{"attributes": {"type": "Case"}, "No": 1}]}, 200),
    ],
)
async def test_answers(site: Site, template: str, method: str, path: str, body: object, status: int) -> None:
    identity = await site.made("Case", Subject="x")
    answer = await site.call("ann", method.upper(), path.replace("ID", identity), body)
    assert answer.status_code == status
    assert _faults(template, method, answer) == []


async def test_refusals_of_sessions_and_quota(site: Site) -> None:
    answer = await site.call("nobody", "GET", "/limits")
    assert answer.status_code == 401
    assert _faults(f"{BASE}/limits", "get", answer) == []
    await site.control(reject_next=1)
    answer = await site.call("ann", "GET", "/limits")
    assert answer.status_code == 403
    assert _faults(f"{BASE}/limits", "get", answer) == []


def test_the_check_can_fail() -> None:
    assert _faults(f"{BASE}/query", "get", httpx.Response(200, json={"totalSize": "1", "done": True, "records": []})) != []


async def test_the_connector_asks_what_is_documented_only(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call that it makes is an operation of the document, or one of the User Interface API."""
    asked: list[tuple[str, str]] = []
    send = httpx.AsyncClient.send

    async def noted(self: httpx.AsyncClient, request: httpx.Request, **kwargs: Any) -> httpx.Response:
        asked.append((request.method.lower(), request.url.path))
        return await send(self, request, **kwargs)

    monkeypatch.setattr(httpx.AsyncClient, "send", noted)
    async with connected(site) as salesforce:
        settings: dict[str, JsonValue] = {**SETTINGS, "record_type": "Support"}
        await salesforce.check(settings)
        item_id = await created(salesforce, type={"name": "Other"})
        await salesforce.update(item_id, {"summary": "New"})
        comment = await salesforce.add_comment(item_id, "x", internal=True, marker=new_marker())
        await salesforce.delete_comment(item_id, comment.id)
        file = await salesforce.upload(item_id, Attachment(id="", filename="a.txt", size=1), chunks(b"x"), new_marker())
        async with salesforce.download(file) as content:
            assert [part async for part in content] == [b"x"]
        await salesforce.changes(settings, (await salesforce.changes(settings, "")).cursor)
        await salesforce.lookup(settings, "status", ("New",))
    paths = cast("dict[str, dict[str, Any]]", _document()["paths"])
    known = [(method, re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))) for path, ways in paths.items() for method in ways]
    unknown = {one for one in asked if not any(one[0] == method and re.fullmatch(path, one[1]) for method, path in known)}
    picklists = f"{API}/ui-api/object-info/Case/picklist-values/{site.world.record_type('Support').id}"
    assert unknown == {("get", picklists)}


def test_recorded_answers_are_understood() -> None:
    """Payloads that others recorded from real orgs."""
    one = RECORDED / "sobject"
    described = DescribePayload.model_validate_json((one / "sobject_describe_success_response.json").read_bytes())
    assert described.name == "Whizbang"
    assert {field.type for field in described.fields} >= {"id", "reference", "boolean"}
    assert GlobalPayload.model_validate_json((one / "list_sobjects_success_response.json").read_bytes()).sobjects[0].key_prefix == "001"
    page = QueryPage.model_validate_json((one / "query_paginated_first_page_response.json").read_bytes())
    assert (page.done, page.next_records_url) == (False, "/services/data/v26.0/query/01gD")
    token = TokenPayload.model_validate_json((RECORDED / "refresh_success_response.json").read_bytes())
    assert token.user_id == "bar"
    example = _document()["paths"][f"{BASE}/composite"]["post"]["responses"]["200"]["content"]["application/json"]["example"]
    assert [part.reference_id for part in CompositePayload.model_validate(example).composite_response] == ["refCase", "c1"]
