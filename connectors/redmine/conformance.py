"""How the conformance suite works with this connector and its fake."""

import json
from collections.abc import Mapping

from connectors.kit.conformance.subject import Call, Hand, Person, Sample, Subject
from model.item import Attachment, ItemRef


async def _retitle(hand: Hand, item: ItemRef, summary: str) -> None:
    await hand(Call("PUT", f"/issues/{item.id}.json", {"issue": {"subject": summary}}))


async def _say(hand: Hand, item: ItemRef, text: str) -> None:
    await hand(Call("PUT", f"/issues/{item.id}.json", {"issue": {"notes": text}}))


async def _delete(hand: Hand, item: ItemRef) -> None:
    await hand(Call("DELETE", f"/issues/{item.id}.json"))


async def _shows(hand: Hand, item: ItemRef, file: Attachment) -> bool:
    issue = json.dumps(await hand(Call("GET", f"/issues/{item.id}.json?include=journals,attachments")))
    return issue.count("](a%20fire%20%28%C3%A9%29.png)") == 2 and json.dumps(file.filename) in issue


def _signed(body: bytes, secret: str) -> Mapping[str, str]:
    del body
    return {"x-twinline-token": secret}


SUBJECT = Subject(
    user="agent",
    secret="acme-bot-token",  # noqa: S106
    credentials={"key": "acme-bot-token"},
    settings={"project": "sync"},
    person=Person({"X-Redmine-API-Key": "ann-token"}, _retitle, _say, _delete),
    samples=(
        Sample({"summary": "Crash <b> & é😀"}),
        Sample({"description": "Hello **Ann**\n\n- one\n- two"}),
        Sample({"status": {"name": "In Progress"}}, on_creation=False),
        Sample({"priority": {"name": "High"}}),
        Sample({"type": {"name": "Feature"}}),
        Sample({"assignee": {"email": "ann@acme.test"}}),
        Sample({"due": "2031-02-03"}),
    ),
    statuses=("In Progress", "Closed"),
    absent="999999",
    query=lambda word: f"subject=~{word}",
    bad_query="labels=sync",
    feed_page=100,
    signed=_signed,
    shows=_shows,
)
