"""Answers of the fake have the form that Zendesk publishes."""

import json
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from openapi_schema_validator import OAS30Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4
from zendesk_site import ZendeskSite

from connectors.zendesk import payloads

SPECS = Path(__file__).parents[4] / "shared" / "specs" / "zendesk"
EXAMPLES = Path(__file__).parents[4] / "shared" / "payloads" / "zendesk" / "vendor-oas-examples.json"
SUPPORT, WEBHOOKS = "slim-zendesk-support.json", "slim-zendesk-webhooks.json"
HOOK = {"name": "Acme", "endpoint": "http://127.0.0.1:9/none", "http_method": "POST", "request_format": "json", "status": "inactive"}

pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason="Zendesk's OpenAPI documents are not beside this checkout")


@cache
def _document(name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads((SPECS / name).read_text()))


def _faults(document: str, path: str, method: str, status: int, content: object) -> list[str]:
    """What is wrong with an answer by the schema of that operation."""
    answer = _document(document)["paths"][path][method]["responses"][str(status)]
    pointer = answer["content"]["application/json"]["schema"]
    registry: Registry[Any] = Registry[Any]().with_resource("urn:zendesk", DRAFT4.create_resource(_document(document)))
    schema = json.loads(json.dumps(pointer).replace("#/components", "urn:zendesk#/components"))
    validator = OAS30Validator(schema, registry=registry)
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in validator.iter_errors(_said(content))]


def _said(content: object) -> object:
    """Without nulls, which Zendesk gives for what is not set though its document has them nowhere, and values of fields of any type."""
    if isinstance(content, list):
        return [_said(one) for one in cast("list[object]", content)]
    if isinstance(content, dict):
        parts = cast("dict[str, object]", content)
        return {name: _said(one) for name, one in parts.items() if one is not None and name not in {"custom_fields", "fields"}}
    return content


async def test_reads(site: ZendeskSite) -> None:
    await site.attached("ann", "1", "smoke.txt", b"smoke")
    await site.call("ann", "POST", "/webhooks", {"webhook": HOOK})
    reads = {
        "/users/me": "/users/me",
        "/users/{user_id}": "/users/1028",
        "/users": "/users",
        "/users/search": "/users/search?query=email:bob@acme.test",
        "/groups": "/groups",
        "/ticket_fields": "/ticket_fields",
        "/ticket_forms": "/ticket_forms",
        "/custom_statuses": "/custom_statuses",
        "/tickets": "/tickets",
        "/tickets/count": "/tickets/count",
        "/tickets/show_many": "/tickets/show_many?ids=1,2&include=users",
        "/tickets/{ticket_id}": "/tickets/1?include=users,groups",
        "/tickets/{ticket_id}/comments": "/tickets/1/comments?page[size]=10",
        "/tickets/{ticket_id}/comments/count": "/tickets/1/comments/count",
        "/tickets/{ticket_id}/audits": "/tickets/1/audits",
        "/tickets/{ticket_id}/tags": "/tickets/1/tags",
        "/search": "/search?query=anvil",
        "/search/count": "/search/count?query=anvil",
        "/search/export": "/search/export?query=anvil&filter[type]=ticket&page[size]=2",
        "/incremental/tickets/cursor": "/incremental/tickets/cursor?start_time=1",
        "/incremental/tickets": "/incremental/tickets?start_time=1",
        "/incremental/ticket_events": "/incremental/ticket_events?start_time=1",
    }
    for template, path in reads.items():
        answer = await site.call("ann", "GET", path)
        assert answer.status_code == 200, path
        assert _faults(SUPPORT, f"/api/v2{template}", "get", 200, answer.json()) == [], path
    await site.call("ann", "DELETE", "/tickets/3")
    deleted = await site.call("ann", "GET", "/deleted_tickets")
    assert _faults(SUPPORT, "/api/v2/deleted_tickets", "get", 200, deleted.json()) == []
    assert [one["id"] for one in deleted.json()["deleted_tickets"]] == [3]
    hooks = await site.call("ann", "GET", "/webhooks")
    assert _faults(WEBHOOKS, "/api/v2/webhooks", "get", 200, hooks.json()) == []


async def test_writes(site: ZendeskSite) -> None:
    ticket = {"subject": "x", "comment": {"body": "y"}, "requester": {"name": "Eve", "email": "eve@acme.test"}, "type": "task"}
    writes = (
        ("/tickets", "post", "/tickets", {"ticket": {**ticket, "due_at": "2031-01-02"}}, 201),
        ("/tickets/{ticket_id}", "put", "/tickets/1", {"ticket": {"status": "pending", "comment": {"body": "z", "public": False}}}, 200),
        ("/tickets/{ticket_id}/tags", "put", "/tickets/1/tags", {"tags": ["new"]}, 200),
        ("/tickets/{ticket_id}/tags", "post", "/tickets/1/tags", {"tags": ["set"]}, 201),
        ("/users/create_or_update", "post", "/users/create_or_update", {"user": {"name": "Eve", "email": "eve@acme.test"}}, 200),
    )
    for template, method, path, body, status in writes:
        answer = await site.call("ann", method.upper(), path, body)
        assert answer.status_code == status, path
        assert _faults(SUPPORT, f"/api/v2{template}", method, status, answer.json()) == [], path
    made = await site.call("ann", "POST", "/webhooks", {"webhook": HOOK})
    assert _faults(WEBHOOKS, "/api/v2/webhooks", "post", 201, made.json()) == []


@pytest.mark.skipif(not EXAMPLES.is_file(), reason="Zendesk's published examples are not beside this checkout")
async def test_a_ticket_has_every_property_of_the_published_example(site: ZendeskSite) -> None:
    examples = json.loads(EXAMPLES.read_text())
    shown = (await site.call("ann", "GET", "/tickets/1")).json()["ticket"]
    assert set(examples["TicketResponseExample"]["ticket"]) <= set(shown)
    comment = (await site.call("ann", "GET", "/tickets/1/comments")).json()["comments"][0]
    assert set(examples["TicketCommentsResponseExample"]["comments"][0]) <= set(comment)
    audit = (await site.call("ann", "GET", "/tickets/1/audits")).json()["audits"][0]
    assert set(examples["TicketAuditsForTicketResponseExample"]["audits"][0]) <= set(audit)


@pytest.mark.skipif(not EXAMPLES.is_file(), reason="Zendesk's published examples are not beside this checkout")
@pytest.mark.parametrize(
    ("example", "model"),
    [
        ("AttachmentUploadResponseExample", payloads.UploadAnswer),
        ("CurrentUserResponseExample", payloads.UserAnswer),
        ("CursorBasedExportIncrementalTicketsResponseExample", payloads.ExportPage),
        ("CustomStatusesResponseExample", payloads.StatusesAnswer),
        ("GroupsResponseExample", payloads.GroupPage),
        ("ListDeletedTicketsResponseExample", payloads.DeletedPage),
        ("OAuthTokenForGrantTypesResponseExample", payloads.TokenAnswer),
        ("SearchUsersResponseExample", payloads.UsersAnswer),
        ("TicketAuditsForTicketResponseExample", payloads.AuditPage),
        ("TicketCommentsResponseExample", payloads.CommentPage),
        ("TicketFieldsResponseExample", payloads.FieldPage),
        ("TicketFormsResponseExample", payloads.FormsAnswer),
        ("TicketResponseExample", payloads.TicketAnswer),
        ("TicketsResponseExample", payloads.TicketPage),
    ],
)
def test_the_connector_reads_published_examples(example: str, model: type[payloads.Payload]) -> None:
    said = json.loads(EXAMPLES.read_text())[example]
    read = model.model_validate(said)
    assert read.model_dump(exclude_unset=True) != {}


def test_the_check_can_fail() -> None:
    assert _faults(SUPPORT, "/api/v2/tickets", "get", 200, {"tickets": [{"id": "one", "requester_id": 1}]}) != []
