"""Answers of the fake have the form that ServiceNow documents."""

import json
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from openapi_schema_validator import OAS30Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4
from servicenow_site import Site

from connectors.servicenow.payloads import AttachmentsAnswer, RowAnswer, RowsAnswer

SHARED = Path(__file__).parents[4] / "shared"
SPEC = SHARED / "specs" / "servicenow" / "slim-servicenow.json"
EXAMPLES = SHARED / "payloads" / "servicenow" / "servicenowdocs-examples.json"
TABLE, ROW = "/api/now/table/{tableName}", "/api/now/table/{tableName}/{sys_id}"
FILES = "/api/now/attachment"

documented = pytest.mark.skipif(not SPEC.is_file(), reason="the OpenAPI document of ServiceNow's APIs is not beside this checkout")


@cache
def _document() -> dict[str, Any]:
    """A reference fits two of the forms of a value, which the document means to be one of either."""
    return cast("dict[str, Any]", json.loads(SPEC.read_text().replace('"oneOf"', '"anyOf"')))


def _faults(path: str, method: str, status: int, content: object) -> list[str]:
    """What is wrong with an answer by the schema of that operation."""
    answer = _document()["paths"][path][method]["responses"][str(status)]
    if "$ref" in answer:
        answer = _document()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    registry: Registry[Any] = Registry[Any]().with_resource("urn:snow", DRAFT4.create_resource(_document()))
    schema = json.loads(json.dumps(answer["content"]["application/json"]["schema"]).replace("#/components", "urn:snow#/components"))
    found = OAS30Validator(schema, registry=registry).iter_errors(content)
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in found]


@documented
async def test_answers_have_the_documented_form(site: Site) -> None:
    item = f"/api/now/table/{site.named('Printer on fire')}"
    sys_id = item.rpartition("/")[2]
    await site.attach("ann", site.named("Printer on fire"), "a.txt", b"abc")
    cases: list[tuple[str, str, str, object, int]] = [
        (TABLE, "get", "/api/now/table/incident", None, 200),
        (TABLE, "get", "/api/now/table/incidnt", None, 400),
        (ROW, "get", item, None, 200),
        (ROW, "get", item[:-4] + "0000", None, 404),
        (TABLE, "post", "/api/now/table/incident", {"short_description": "x"}, 201),
        (ROW, "patch", item, {"state": "2", "work_notes": "x"}, 200),
        (ROW, "put", item, {"state": "6"}, 403),
        (FILES, "get", f"{FILES}?sysparm_query=table_sys_id={sys_id}", None, 200),
        ("/api/now/stats/{tableName}", "get", "/api/now/stats/incident?sysparm_count=true", None, 200),
    ]
    for template, method, path, body, status in cases:
        answer = await site.call("ann", method.upper(), path, body)
        assert answer.status_code == status, path
        assert _faults(template, method, status, answer.json()) == [], path
    uploaded = {"table_name": "incident", "table_sys_id": sys_id, "file_name": "b.txt"}
    answer = await site.client.post(f"{FILES}/file", params=uploaded, content=b"x", auth=("ann", "ann-secret"))
    assert _faults(f"{FILES}/file", "post", 201, answer.json()) == []
    form = {"grant_type": "client_credentials", "client_id": "acme-client", "client_secret": "acme-client-secret"}
    token = await site.client.post("/oauth_token.do", data=form)
    assert _faults("/oauth_token.do", "post", 200, token.json()) == []
    assert _faults(FILES, "get", 200, {"result": [{"sys_id": 1}]}) != []


@documented
async def test_every_parameter_of_ours_is_documented(site: Site) -> None:
    """And what the fake tells of a file is what the documentation lists."""
    names = {str(one.get("name")) for one in _document()["paths"][TABLE]["get"]["parameters"]}
    ours = {"sysparm_query", "sysparm_fields", "sysparm_limit", "sysparm_offset", "sysparm_display_value", "sysparm_exclude_reference_link"}
    assert ours <= names
    await site.attach("ann", site.named("Printer on fire"), "a.txt", b"abc")
    [file] = (await site.call("ann", "GET", FILES)).json()["result"]
    assert set(file) - set(_document()["components"]["schemas"]["Attachment"]["properties"]) == set()


@pytest.mark.skipif(not EXAMPLES.is_file(), reason="examples of ServiceNow's documentation are not beside this checkout")
def test_published_examples_are_understood() -> None:
    """Every record and file that the documentation shows."""
    examples = cast("dict[str, list[dict[str, Any]]]", json.loads(EXAMPLES.read_text()))
    seen = 0
    for title, answers in examples.items():
        for one in answers:
            if title.startswith("## Table"):
                result = one["result"]
                rows = RowsAnswer.model_validate(one).result if isinstance(result, list) else (RowAnswer.model_validate(one).result,)
                assert all(len(row.sys_id) == 32 and row.raw("short_description") for row in rows), title
                seen += 1
            elif title == "## Attachment - GET /now/attachment":
                assert all(len(file.sys_id) == 32 and file.file_name for file in AttachmentsAnswer.model_validate(one).result)
                seen += 1
    assert seen >= 6
