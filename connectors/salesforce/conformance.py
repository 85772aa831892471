"""How the conformance suite works with this connector and its fake."""

from collections.abc import Mapping

from connectors.kit.conformance.subject import Call, Hand, Person, Sample, Subject
from model.item import ItemRef

OBJECTS = "/services/data/v60.0/sobjects"


async def _retitle(hand: Hand, item: ItemRef, summary: str) -> None:
    await hand(Call("PATCH", f"{OBJECTS}/Case/{item.id}", {"Subject": summary}))


async def _say(hand: Hand, item: ItemRef, text: str) -> None:
    await hand(Call("POST", f"{OBJECTS}/CaseComment", {"ParentId": item.id, "CommentBody": text, "IsPublished": True}))


async def _delete(hand: Hand, item: ItemRef) -> None:
    await hand(Call("DELETE", f"{OBJECTS}/Case/{item.id}"))


def _signed(body: bytes, secret: str) -> Mapping[str, str]:
    del body
    return {"x-twinline-token": secret}


SUBJECT = Subject(
    user="twinline",
    secret="acme-bot-token",  # noqa: S106
    credentials={"client_id": "twinline", "client_secret": "acme-bot-token"},
    settings={"object": "Case"},
    person=Person({"Authorization": "Bearer ann-token"}, _retitle, _say, _delete),
    samples=(
        Sample({"summary": "Crash <b> & é😀"}),
        Sample({"description": "Hello Ann\n\nIt burns."}),
        Sample({"status": {"name": "Working"}}),
        Sample({"priority": {"name": "High"}}),
        Sample({"type": {"name": "Electrical"}}),
        Sample({"assignee": {"email": "bob@acme.test"}}),
        Sample({"reporter": {"email": "cid@customer.test"}}),
        Sample({"parentId": "500000000000001AAA"}),
        Sample({"due": "2031-02-03"}, settings={"object": "Incident_Report__c"}),
    ),
    statuses=("Working", "Closed"),
    absent="500000000000999AAA",
    query=lambda word: f"Subject LIKE '%{word}%'",
    bad_query="Colour__c = 'blue'",
    feed_page=50,
    signed=_signed,
    seed={"page": 50, "cases": [{"subject": "All printers"}]},
    custom_field=("Severity", {"value": "S1"}),
)
