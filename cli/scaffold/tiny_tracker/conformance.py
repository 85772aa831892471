"""How the conformance suite works with this connector and its fake."""

from collections.abc import Mapping

from connectors.kit.conformance.subject import Call, Hand, Person, Sample, Subject
from connectors.kit.webhooks import hex_signature
from model.item import ItemRef


async def _retitle(hand: Hand, item: ItemRef, summary: str) -> None:
    await hand(Call("PATCH", f"/api/cards/{item.id}", {"title": summary}))


async def _say(hand: Hand, item: ItemRef, text: str) -> None:
    await hand(Call("POST", f"/api/cards/{item.id}/comments", {"text": text}))


async def _delete(hand: Hand, item: ItemRef) -> None:
    await hand(Call("DELETE", f"/api/cards/{item.id}"))


def _signed(body: bytes, secret: str) -> Mapping[str, str]:
    return {"x-tracker-signature": hex_signature(body, secret)}


SUBJECT = Subject(
    user="twinline",
    secret="acme-bot-token",  # noqa: S106
    credentials={"token": "acme-bot-token"},
    settings={"board": "support"},
    person=Person({"Authorization": "Bearer ann-token"}, _retitle, _say, _delete),
    samples=(
        Sample({"summary": "Crash <b> & é😀"}),
        Sample({"description": "It *is* empty.\n\n- tray 1\n- tray 2"}),
        Sample({"status": {"name": "Doing"}}),
    ),
    statuses=("Doing", "Done"),
    absent="999999",
    query=lambda word: f"title~{word}",
    bad_query="all of them",
    feed_page=50,
    signed=_signed,
)
