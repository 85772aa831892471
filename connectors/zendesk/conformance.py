"""How the conformance suite works with this connector and its fake."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from connectors.kit.conformance.subject import Call, Hand, Person, Sample, Subject
from connectors.zendesk.webhook import SIGNATURE, TIMESTAMP, signature
from model.item import Attachment, ItemRef

API = "/api/v2"


async def _retitle(hand: Hand, item: ItemRef, summary: str) -> None:
    await hand(Call("PUT", f"{API}/tickets/{item.id}", {"ticket": {"subject": summary}}))


async def _say(hand: Hand, item: ItemRef, text: str) -> None:
    await hand(Call("PUT", f"{API}/tickets/{item.id}", {"ticket": {"comment": {"body": text, "public": True}}}))


async def _delete(hand: Hand, item: ItemRef) -> None:
    await hand(Call("DELETE", f"{API}/tickets/{item.id}"))


async def _shows(hand: Hand, item: ItemRef, file: Attachment) -> bool:
    said = json.dumps(await hand(Call("GET", f"{API}/tickets/{item.id}/comments")), ensure_ascii=False)
    return f'<img src=\\"{file.location}\\"' in said


def _signed(body: bytes, secret: str) -> Mapping[str, str]:
    now = datetime.now(UTC).isoformat()
    return {TIMESTAMP: now, SIGNATURE: signature(now, body, secret)}


SUBJECT = Subject(
    user="bot@acme.test",
    secret="acme-bot-token",  # noqa: S106
    credentials={"email": "bot@acme.test", "token": "acme-bot-token"},
    settings={},
    # HTTP Basic, signed in as Ann.
    person=Person({"Authorization": "Basic YW5uQGFjbWUudGVzdC90b2tlbjphbm4tdG9rZW4="}, _retitle, _say, _delete),
    samples=(
        Sample({"summary": "Crash <b> & é😀"}),
        Sample({"description": "Hello **Ann**\n\n- one\n- two"}, on_update=False),
        Sample({"status": {"name": "Pending"}}),
        Sample({"priority": {"name": "High"}}),
        Sample({"type": {"name": "Task"}}),
        Sample({"labels": [{"label": "acme"}, {"label": "zoo"}]}),
        Sample({"assignee": {"email": "bob@acme.test"}}, moves=frozenset({"Group", "status"})),
        Sample({"reporter": {"email": "ann@acme.test"}}),
        Sample({"type": {"name": "Task"}, "due": "2031-02-03"}),
    ),
    statuses=("Pending", "Open"),
    absent="999999",
    query=lambda word: f"subject:{word}",
    bad_query="created>soon",
    feed_page=500,
    signed=_signed,
    shows=_shows,
    seed={"export_lag_s": 0, "export_calls": 100_000, "calls": 100_000},
    custom_field=("Order number", "A-17"),
)
