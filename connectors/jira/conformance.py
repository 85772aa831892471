"""How the conformance suite works with this connector and its fake."""

import json
from collections.abc import Mapping

from connectors.kit.conformance.subject import Call, Hand, Person, Sample, Subject
from connectors.kit.richtext import to_adf
from connectors.kit.webhooks import hex_signature
from model.item import Attachment, ItemRef

API = "/rest/api/3"


async def _retitle(hand: Hand, item: ItemRef, summary: str) -> None:
    await hand(Call("PUT", f"{API}/issue/{item.id}", {"fields": {"summary": summary}}))


async def _say(hand: Hand, item: ItemRef, text: str) -> None:
    await hand(Call("POST", f"{API}/issue/{item.id}/comment", {"body": to_adf(text)}))


async def _delete(hand: Hand, item: ItemRef) -> None:
    await hand(Call("DELETE", f"{API}/issue/{item.id}"))


async def _shows(hand: Hand, item: ItemRef, file: Attachment) -> bool:
    parts = ("?fields=description", "/comment")
    texts = [json.dumps(await hand(Call("GET", f"{API}/issue/{item.id}{part}"))) for part in parts]
    return all(f"{API}/attachment/content/{file.id}?name=" in text for text in texts)


def _signed(body: bytes, secret: str) -> Mapping[str, str]:
    return {"x-hub-signature": hex_signature(body, secret)}


SUBJECT = Subject(
    user="twinline@acme.test",
    secret="acme-bot-token",  # noqa: S106
    credentials={"user": "twinline@acme.test", "token": "acme-bot-token"},
    settings={"project": "APP"},
    # HTTP Basic, signed in as Ann.
    person=Person({"Authorization": "Basic YW5uQGFjbWUudGVzdDphbm4tdG9rZW4="}, _retitle, _say, _delete),
    samples=(
        Sample({"summary": "Crash <b> & é😀"}),
        Sample({"description": "It *is* empty.\n\n- tray 1\n- tray 2"}),
        Sample({"environment": "Two printers"}),
        Sample({"status": {"name": "In Progress"}}, on_creation=False, on_update=False),
        Sample({"priority": {"name": "High"}}),
        Sample({"type": {"name": "Bug"}}),
        Sample({"labels": [{"label": "acme"}, {"label": "zoo"}]}),
        Sample({"assignee": {"email": "bob@acme.test"}}),
        Sample({"reporter": {"email": "ann@acme.test"}}),
        Sample({"due": "2031-02-03"}),
        Sample({"parentId": "10001"}),
        Sample({"fixVersions": [{"name": "1.0"}], "affectedVersions": [{"name": "1.0"}], "components": [{"name": "Web"}]}),
    ),
    statuses=("In Progress", "Done"),
    absent="99999",
    query=lambda word: f'summary ~ "{word}"',
    bad_query="universe = 42",
    feed_page=100,
    signed=_signed,
    before=(
        Call("POST", f"{API}/version", {"name": "1.0", "project": "APP"}),
        Call("POST", f"{API}/component", {"name": "Web", "project": "APP"}),
    ),
    shows=_shows,
    custom_field=("Customer reference", "ACME-77"),
)
