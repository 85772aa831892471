"""Webhook calls: https://developer.zendesk.com/documentation/webhooks/verifying/.

`X-Zendesk-Webhook-Signature` is the base64 of the HMAC-SHA256, under the webhook's signing secret, of the timestamp header and the body.
The timestamp is signed, so a call that is repeated later by somebody else is old; the event's own id is signed too, so one that is
repeated at once is the same delivery. The invocation id in the headers is not signed and proves nothing.

A webhook that `hooks` registered proves itself by the system's own secret, which it carries as a bearer token: Zendesk signs with a secret
that it makes itself.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

from pydantic import JsonValue

from connectors.kit.interface import Change, Delivery
from connectors.kit.webhooks import Forged
from connectors.zendesk.mapping import stamp

WINDOW = timedelta(minutes=5)
SIGNATURE = "x-zendesk-webhook-signature"
TIMESTAMP = "x-zendesk-webhook-signature-timestamp"
_TICKET = re.compile(r"zen:ticket:(\d+)")


def parse(headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
    """The ticket of a genuine call; no change where it names none. Forged if token and signature are missing, wrong or old."""
    return read(headers, body, secret, datetime.now(UTC))


def read(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Delivery:
    """`parse` at the time `now`."""
    said = headers.get(TIMESTAMP, "")
    if not (secret and hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {secret}".encode())):
        _require_signature(headers, said, body, secret, now)
    event = _object(body)
    identity = event.get("id")
    delivery = identity if isinstance(identity, str) and identity else hashlib.sha256(said.encode() + body).hexdigest()
    change = _change(event)
    return Delivery(id=delivery, changes=(change,) if change else ())


def _require_signature(headers: Mapping[str, str], said: str, body: bytes, secret: str, now: datetime) -> None:
    if not secret or SIGNATURE not in headers or not said:
        raise Forged("the webhook call carries no signature; enter the webhook's signing secret as the system's webhook_secret")
    if not hmac.compare_digest(signature(said, body, secret).encode(), headers[SIGNATURE].encode()):
        raise Forged("the webhook call's signature does not fit the system's webhook_secret")
    moment = _moment(said)
    if moment is None or abs(now - moment) > WINDOW:
        raise Forged(f"the webhook call was signed at {said[:40]!r}, more than five minutes from now; look at the clocks")


def signature(timestamp: str, body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).digest()).decode()


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _object(body: bytes) -> dict[str, JsonValue]:
    try:
        event = cast("JsonValue", json.loads(body))
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _change(event: Mapping[str, JsonValue]) -> Change | None:
    """Of an event that Zendesk describes, or of the body that README.md gives for a trigger."""
    named = _TICKET.fullmatch(str(event.get("subject")))
    ticket = named[1] if named else str(event.get("ticket_id"))
    if not (ticket.isascii() and ticket.isdecimal()):
        return None
    kind = str(event.get("type")).rpartition(".")[2]
    deleted = named is not None and kind in {"soft_deleted", "permanently_deleted"}
    return Change(id=ticket, key=f"#{ticket}", version=_version(event), deleted=deleted)


def _version(event: Mapping[str, JsonValue]) -> str:
    """The ticket's time to the second, as reads give it; empty where the event does not tell."""
    detail = event.get("detail")
    said = detail.get("updated_at") if isinstance(detail, dict) else None
    moment = _moment(said) if isinstance(said, str) else None
    return stamp(moment) if moment else ""
