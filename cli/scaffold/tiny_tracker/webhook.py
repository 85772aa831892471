"""Webhook calls: `X-Tracker-Signature` is `sha256=` and the hex of HMAC-SHA256 over the body."""

import hashlib
from collections.abc import Mapping

from pydantic import ValidationError

from cli.scaffold.tiny_tracker.payloads import Payload
from connectors.kit.interface import Change, Delivery
from connectors.kit.webhooks import Forged, require_hex_signature


class Event(Payload):
    card: int
    board: str
    revision: int
    deleted: bool = False


def parse_webhook(headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
    """The card of a genuine call, no change where it names none; Forged without a valid signature."""
    if not secret:
        raise Forged("the system has no webhook_secret; set the same one here and in Tiny Tracker")
    require_hex_signature(body, secret, headers.get("x-tracker-signature"))
    identity = hashlib.sha256(body).hexdigest()
    try:
        event = Event.model_validate_json(body)
    except ValidationError:
        return Delivery(id=identity, changes=())
    one = Change(id=str(event.card), key=f"{event.board}-{event.card}", version=str(event.revision), deleted=event.deleted)
    return Delivery(id=identity, changes=(one,))
