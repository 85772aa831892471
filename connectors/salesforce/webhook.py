"""Salesforce has no webhooks. An administrator's flow, or a relay of its change events, may call ours, and an item is then seen sooner.

The call has the header `X-Twinline-Token` with the system's webhook secret, and as body either what a flow tells of its record,
`{"id": "500...", "at": "..."}`, or a change event, or a list of any of these. Equal bodies count as one call that was repeated; `at` makes
them differ. An outbound message cannot carry the header and wants a SOAP answer.

https://developer.salesforce.com/docs/atlas.en-us.change_data_capture.meta/change_data_capture/cdc_event_fields_header.htm
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import cast

from pydantic import BaseModel, Field, JsonValue, TypeAdapter, ValidationError

from connectors.kit.interface import Change, Delivery
from connectors.kit.webhooks import Forged
from connectors.salesforce import soql

_ANY = TypeAdapter[JsonValue](JsonValue)
_PARENTS = ("ParentId", "LinkedEntityId", "FirstPublishLocationId")


class Hint(BaseModel):
    """What a flow sends; anything else in it is left aside."""

    id: str


class Header(BaseModel):
    """Of a change event; a gap names records, an overflow none."""

    record_ids: tuple[str, ...] = Field(default=(), alias="recordIds")
    change_type: str = Field(alias="changeType")
    entity: str = Field(alias="entityName")
    transaction: str = Field(default="", alias="transactionKey")
    sequence: int = Field(default=0, alias="sequenceNumber")


def parse_webhook(headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
    """The records that the call names; no change if it names none in a form that is known."""
    token = headers.get("x-twinline-token", "")
    if not secret or not hmac.compare_digest(token.encode(), secret.encode()):
        raise Forged("the webhook call does not carry the system's webhook secret in X-Twinline-Token")
    identity = headers.get("x-twinline-delivery") or hashlib.sha256(body).hexdigest()
    try:
        told = _ANY.validate_json(body)
    except ValidationError:
        return Delivery(id=identity, changes=())
    changes = [change for one in (told if isinstance(told, list) else [told]) for change in _changes(one)]
    return Delivery(id=identity, changes=tuple({one.id: one for one in changes}.values()))


def _changes(told: JsonValue) -> list[Change]:
    match told:
        case {"payload": dict(inner)} | {"data": {"payload": dict(inner)}}:
            return _changes(cast("JsonValue", inner))
        case {"ChangeEventHeader": dict(header)}:
            return _of_event(cast("JsonValue", header), told)
        case _:
            return _of_flow(told)


def _of_flow(told: JsonValue) -> list[Change]:
    try:
        hint = Hint.model_validate(told)
    except ValidationError:
        return []
    return [_change(hint.id)] if soql.is_id(hint.id) else []


def _of_event(header: JsonValue, event: Mapping[str, JsonValue]) -> list[Change]:
    """The records of the event itself, or the one that a comment or file belongs to."""
    try:
        known = Header.model_validate(header)
    except ValidationError:
        return []
    parents = [one for name in _PARENTS if isinstance(one := event.get(name), str)]
    children = known.entity in {"CaseComment", "FeedItem", "ContentVersion", "ContentDocumentLink"}
    deleted = known.change_type == "DELETE" and not children
    named = parents if children else known.record_ids
    return [_change(one, deleted=deleted) for one in named if soql.is_id(one)]


def _change(record_id: str, *, deleted: bool = False) -> Change:
    identity = soql.long_id(record_id)
    return Change(id=identity, key=identity, version="", deleted=deleted)
