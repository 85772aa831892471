"""Webhook calls: genuine ones give hints, all others nothing."""

import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from connectors.jira.webhook import parse_webhook
from connectors.kit.webhooks import Forged, hex_signature
from model.errors import BadInput

SECRET = "acme-secret"
PAYLOADS = Path(__file__).parents[4] / "shared" / "payloads" / "jira" / "webhooks"


def event(name: str, **rest: JsonValue) -> bytes:
    issue: JsonValue = {"id": "10002", "key": "APP-1", "fields": {"updated": "2026-04-28T15:41:27.114+0200"}}
    return json.dumps({"timestamp": 1, "webhookEvent": name, "issue": issue, **rest}).encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-hub-signature": hex_signature(body, secret), "x-atlassian-webhook-identifier": "d-1"}


def test_an_update_names_item_and_version_in_utc() -> None:
    body = event("jira:issue_updated")
    delivery = parse_webhook(signed(body), body, SECRET)
    assert delivery.id == "d-1"
    [change] = delivery.changes
    assert (change.id, change.key, change.version, change.deleted) == ("10002", "APP-1", "2026-04-28T13:41:27.114Z", False)


def test_a_deletion_is_proof() -> None:
    body = event("jira:issue_deleted")
    assert parse_webhook(signed(body), body, SECRET).changes[0].deleted


@pytest.mark.parametrize("body", [event("user_created"), b'{"webhookEvent": "attachment_created"}', b"{}"])
def test_events_without_an_item_of_ours_hint_at_nothing(body: bytes) -> None:
    assert parse_webhook(signed(body), body, SECRET).changes == ()


def test_a_call_without_identifier_is_known_by_its_body() -> None:
    body, other = event("jira:issue_updated"), event("comment_created")
    ids = [parse_webhook({"x-hub-signature": hex_signature(one, SECRET)}, one, SECRET).id for one in (body, body, other)]
    assert ids[0] == ids[1] != ids[2]


def test_every_flipped_bit_is_noticed() -> None:
    body = event("jira:issue_updated")
    headers = signed(body)
    for at in range(0, len(body), 7):
        flipped = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        with pytest.raises(Forged):
            parse_webhook(headers, flipped, SECRET)


@pytest.mark.parametrize(
    "headers", [{}, {"x-hub-signature": ""}, {"x-hub-signature": "sha256="}, signed(event("jira:issue_updated"), "other")]
)
def test_missing_and_wrong_signatures_are_forged(headers: dict[str, str]) -> None:
    with pytest.raises(Forged):
        parse_webhook(headers, event("jira:issue_updated"), SECRET)


def test_a_signed_body_that_is_no_event_is_bad_input() -> None:
    with pytest.raises(BadInput):
        parse_webhook(signed(b"[1]"), b"[1]", SECRET)


@pytest.mark.parametrize("name", ["jira_issue_created", "jira_issue_updated", "comment_created"])
def test_published_payloads(name: str) -> None:
    path = PAYLOADS / f"{name}.json"
    if not path.exists():
        pytest.skip(f"no vendor payloads beside the checkout ({path})")
    body = json.dumps(json.loads(path.read_text())["body"]).encode()
    [change] = parse_webhook(signed(body), body, SECRET).changes
    assert (change.id, change.key) == ("10002", "ED-1")
    assert change.version == ("" if name == "comment_created" else "2024-01-03T17:31:09.063Z")
