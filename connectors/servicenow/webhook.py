"""ServiceNow has no webhooks. A business rule of its administrator calls ours; the README has its script.

It signs as Standard Webhooks do (https://www.standardwebhooks.com): `webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over
`id.timestamp.body`, with the bytes of the webhook secret as key. Where an instance cannot sign, `x-twinline-token` is the secret itself.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from pydantic import Field, ValidationError

from connectors.kit.interface import Change, Delivery
from connectors.kit.webhooks import Forged
from connectors.servicenow.mapping import item_id, version
from connectors.servicenow.payloads import Payload

WINDOW_SECONDS = 300


class Event(Payload):
    """`table` is the side's table, `sys_updated_on` raw, `operation` one of GlideRecord's: insert, update, delete."""

    table: str = Field(pattern=r"^[a-z][a-z0-9_]{0,79}$")
    sys_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    number: str = ""
    operation: str = "update"
    sys_mod_count: int | str = ""
    sys_updated_on: str = ""


def parse_webhook(
    headers: Mapping[str, str], body: bytes, secret: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Delivery:
    """The record that a genuine call names; no change where it names none. Forged without a valid signature or outside its time."""
    if not secret:
        raise Forged("the system has no webhook_secret; set one here and in the business rule")
    is_signed = "webhook-signature" in headers
    identity = _require_signature(headers, body, secret, now()) if is_signed else _require_token(headers, body, secret)
    try:
        event = Event.model_validate_json(body)
    except ValidationError:
        return Delivery(id=identity, changes=())
    told = version(str(event.sys_mod_count), event.sys_updated_on) if event.sys_updated_on else ""
    deleted = event.operation == "delete"
    one = Change(id=item_id(event.table, event.sys_id), key=event.number, version=told, deleted=deleted)
    return Delivery(id=identity, changes=(one,))


def signature(identity: str, at: str, body: bytes, secret: str) -> str:
    mac = hmac.new(secret.encode(), f"{identity}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(mac).decode()}"


def _require_signature(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> str:
    """The signed id, which is the same when a call is repeated."""
    identity, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    wanted = signature(identity, at, body, secret).encode()
    given = [hmac.compare_digest(one.encode(), wanted) for one in headers["webhook-signature"].split(" ")]
    if not any(given) or not identity:
        raise Forged("the webhook call's signature does not fit the system's webhook_secret")
    if not at.isdecimal() or abs(now.timestamp() - int(at)) > WINDOW_SECONDS:
        raise Forged(f"the webhook call is not of these {WINDOW_SECONDS} seconds; check the clocks, or it is an old one repeated")
    return identity


def _require_token(headers: Mapping[str, str], body: bytes, secret: str) -> str:
    token = headers.get("x-twinline-token", "")
    if not hmac.compare_digest(token.encode(), secret.encode()):
        raise Forged("the webhook call carries neither a signature nor the system's webhook secret in X-Twinline-Token")
    return headers.get("webhook-id") or hashlib.sha256(body).hexdigest()
