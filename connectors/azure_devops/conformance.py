"""How the conformance suite works with this connector and its fake."""

import json
from collections.abc import Mapping

from pydantic import JsonValue

from connectors.kit.conformance.subject import Call, Hand, Person, Sample, Subject
from model.item import Attachment, ItemRef

ITEMS = "/acme/_apis/wit/workitems"
TALK = "/acme/Acme%20Shop/_apis/wit/workItems"
PATCH = "application/json-patch+json"


async def _retitle(hand: Hand, item: ItemRef, summary: str) -> None:
    operations: list[JsonValue] = [{"op": "replace", "path": "/fields/System.Title", "value": summary}]
    await hand(Call("PATCH", f"{ITEMS}/{item.id}?api-version=7.1", operations, PATCH))


async def _say(hand: Hand, item: ItemRef, text: str) -> None:
    await hand(Call("POST", f"{TALK}/{item.id}/comments?api-version=7.1-preview.4", {"text": text}))


async def _delete(hand: Hand, item: ItemRef) -> None:
    await hand(Call("DELETE", f"{ITEMS}/{item.id}?api-version=7.1"))


async def _shows(hand: Hand, item: ItemRef, file: Attachment) -> bool:
    fields = json.dumps(await hand(Call("GET", f"{ITEMS}/{item.id}?api-version=7.1")))
    said = json.dumps(await hand(Call("GET", f"{TALK}/{item.id}/comments?api-version=7.1-preview.4")))
    return all(f"/_apis/wit/attachments/{file.id}?fileName=" in one for one in (fields, said))


def _signed(body: bytes, secret: str) -> Mapping[str, str]:
    del body
    return {"x-twinline-token": secret, "authorization": ""}


SUBJECT = Subject(
    user="bot",
    secret="acme-bot-token",  # noqa: S106
    credentials={"token": "acme-bot-token"},
    settings={"project": "Acme Shop"},
    # HTTP Basic, signed in as Ann by her token.
    person=Person({"Authorization": "Basic OmFubi10b2tlbg==", "X-TFS-FedAuthRedirect": "Suppress"}, _retitle, _say, _delete),
    samples=(
        Sample({"summary": "Crash <b> & é😀"}),
        Sample({"description": "Hello **Ann**\n\n- one\n- two"}),
        Sample({"status": {"name": "Active"}}, on_creation=False, moves=frozenset({"Reason"})),
        Sample({"priority": {"name": "1"}}),
        Sample({"type": {"name": "Bug"}}, moves=frozenset({"description", "Severity", "status"})),
        Sample({"labels": [{"label": "checkout"}, {"label": "sync"}]}),
        Sample({"assignee": {"email": "bob@acme.test"}}),
        Sample({"due": "2031-02-03"}),
        Sample({"areaPath": "Acme Shop\\Checkout"}),
        Sample({"iterationPath": "Acme Shop\\Sprint 1"}),
        Sample({"parentId": "2"}),
    ),
    statuses=("Active", "Closed"),
    absent="999999",
    query=lambda word: f"[System.Title] CONTAINS '{word}'",
    bad_query="[System.Colour] = 'blue'",
    feed_page=200,
    signed=_signed,
    root="/acme",
    shows=_shows,
    custom_field=("Customer Reference", "ACME-7"),
)
