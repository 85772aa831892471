"""Tiny Tracker's payloads to items, and back; pure."""

from pydantic import JsonValue

from cli.scaffold.tiny_tracker.payloads import CardPayload, CommentPayload
from connectors.kit.interface import Change
from connectors.kit.richtext import tidy
from model.errors import Refused
from model.item import Comment, Fields, Item, ItemRef

STATES = {"Open": "new", "Doing": "indeterminate", "Done": "done"}
NAMES = {"summary": "title", "description": "text", "status": "state"}
"""For each property that can be written, what Tiny Tracker calls it."""


def to_ref(card: CardPayload, url: str) -> ItemRef:
    return ItemRef(id=str(card.id), key=f"{card.board}-{card.id}", url=f"{url}/cards/{card.id}")


def to_item(card: CardPayload, url: str) -> Item:
    return Item(
        ref=to_ref(card, url),
        version=str(card.revision),
        updated=card.updated,
        fields=to_fields(card),
        comments=tuple(map(to_comment, card.comments)),
        marker=card.reference,
    )


def to_fields(card: CardPayload) -> Fields:
    return {
        "summary": card.title,
        "description": tidy(card.text) or None,
        "status": {"name": card.state, "id": card.state, "category": STATES.get(card.state, "indeterminate")},
        "project": {"key": card.board, "name": card.board, "id": card.board},
        "created": round(card.created.timestamp() * 1000),
        "updated": round(card.updated.timestamp() * 1000),
    }


def to_comment(one: CommentPayload) -> Comment:
    author: dict[str, JsonValue] = {"key": one.author, "username": one.author, "email": None, "displayName": one.author}
    return Comment(id=str(one.id), body=tidy(one.text), author=author, created=one.created, marker=one.reference)


def to_change(card: CardPayload) -> Change:
    return Change(id=str(card.id), key=f"{card.board}-{card.id}", version=str(card.revision), marker=card.reference)


def to_payload(fields: Fields) -> dict[str, JsonValue]:
    """Refused with the field's name where a value does not fit."""
    unknown = sorted(fields.keys() - NAMES.keys())
    if unknown:
        raise Refused(f"Tiny Tracker has no field {unknown[0]!r}; it takes: {', '.join(NAMES)}", unknown[0])
    return {NAMES[name]: _sent(name, value) for name, value in fields.items()}


def _sent(name: str, value: JsonValue) -> str:
    if name == "status":
        named = value.get("name") if isinstance(value, dict) else None
        if named not in STATES:
            raise Refused(f"'status' has no option {named!r} (options: {', '.join(map(repr, STATES))})", "status")
        return str(named)
    if value is None and name == "description":
        return ""
    if not isinstance(value, str):
        raise Refused(f"{name!r} takes text, not {value!r}", name)
    return value
