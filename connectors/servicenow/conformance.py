"""How the conformance suite works with this connector and its fake."""

import time
from collections.abc import Mapping

from connectors.kit.conformance.subject import Call, Hand, Person, Sample, Subject
from connectors.servicenow.webhook import signature
from model.item import ItemRef

TABLES = "/api/now/table"


async def _retitle(hand: Hand, item: ItemRef, summary: str) -> None:
    await hand(Call("PATCH", f"{TABLES}/{item.id}", {"short_description": summary}))


async def _say(hand: Hand, item: ItemRef, text: str) -> None:
    await hand(Call("PATCH", f"{TABLES}/{item.id}", {"comments": text}))


async def _delete(hand: Hand, item: ItemRef) -> None:
    await hand(Call("DELETE", f"{TABLES}/{item.id}"))


def _signed(body: bytes, secret: str) -> Mapping[str, str]:
    now = str(int(time.time()))
    return {"webhook-id": "one", "webhook-timestamp": now, "webhook-signature": signature("one", now, body, secret)}


SUBJECT = Subject(
    user="twinline",
    secret="acme-bot-token",  # noqa: S106
    credentials={"user": "twinline", "password": "acme-bot-token"},
    settings={"table": "incident"},
    # HTTP Basic, signed in as Ann.
    person=Person({"Authorization": "Basic YW5uOmFubi1zZWNyZXQ="}, _retitle, _say, _delete),
    samples=(
        Sample({"summary": "Crash <b> & é😀"}),
        Sample({"description": "Hello **Ann**\n\n- one\n- two"}),
        Sample({"status": {"name": "In Progress"}}, moves=frozenset({"Incident state", "incident_state"})),
        Sample({"priority": {"name": "1 - Critical"}}, moves=frozenset({"impact", "urgency", "Impact", "Urgency"})),
        Sample({"resolution": {"name": "Solution provided"}}),
        Sample({"assignee": {"email": "bob@acme.test"}}),
        Sample({"reporter": {"email": "ann@acme.test"}}),
        Sample({"due": "2031-04-05"}),
    ),
    statuses=("In Progress", "On Hold"),
    absent="incident/00000000000000000000000000000000",
    query=lambda word: f"short_descriptionLIKE{word}",
    bad_query="colour=blue",
    feed_page=200,
    signed=_signed,
    custom_field=("Assignment group", {"value": "Network"}),
)
