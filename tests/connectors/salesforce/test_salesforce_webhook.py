import json

import pytest

from connectors.kit.interface import Change
from connectors.kit.webhooks import Forged
from connectors.salesforce.webhook import parse_webhook

SECRET = "s3cret-of-acme"
SIGNED = {"x-twinline-token": SECRET}
CASE = "500000000000001AAA"
OTHER = "500000000000002AAA"


def _event(entity: str = "Case", change: str = "UPDATE", records: tuple[str, ...] = (CASE,), **fields: object) -> dict[str, object]:
    header = {"entityName": entity, "recordIds": [*records], "changeType": change, "transactionKey": "t-1", "sequenceNumber": 1}
    return {"ChangeEventHeader": header, **fields}


def _ids(body: object) -> list[tuple[str, bool]]:
    return [(one.id, one.deleted) for one in parse_webhook(SIGNED, json.dumps(body).encode(), SECRET).changes]


def test_a_flow_names_its_record() -> None:
    delivery = parse_webhook({**SIGNED, "x-twinline-delivery": "d-1"}, b'{"id": "500000000000001", "Subject": "x"}', SECRET)
    assert delivery.id == "d-1"
    assert delivery.changes == (Change(id=CASE, key=CASE, version=""),)


def test_without_a_delivery_id_equal_bodies_are_one_delivery() -> None:
    bodies = (b'{"id": "500000000000001", "n": 1}', b'{"id": "500000000000001", "n": 1}', b'{"id": "500000000000001", "n": 2}')
    ids = [parse_webhook(SIGNED, body, SECRET).id for body in bodies]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (_event(), [(CASE, False)]),
        (_event(records=(CASE, OTHER)), [(CASE, False), (OTHER, False)]),
        (_event(change="DELETE"), [(CASE, True)]),
        (_event(change="GAP_UPDATE"), [(CASE, False)]),
        (_event(change="GAP_OVERFLOW", records=()), []),
        (_event("CaseComment", records=("00a000000000001AAA",), ParentId=CASE), [(CASE, False)]),
        (_event("CaseComment", "DELETE", records=("00a000000000001AAA",)), []),
        (_event("ContentDocumentLink", "CREATE", records=("06A000000000001AAA",), LinkedEntityId=CASE), [(CASE, False)]),
        ({"schema": "x", "payload": _event(), "event": {"replayId": 6}}, [(CASE, False)]),
        ({"data": {"payload": _event()}, "channel": "/data/CaseChangeEvent"}, [(CASE, False)]),
        ([_event(), {"id": OTHER}], [(CASE, False), (OTHER, False)]),
    ],
)
def test_change_events_name_their_records(event: object, told: list[tuple[str, bool]]) -> None:
    assert _ids(event) == told


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"\xff\xfe",
        b"[]",
        b"17",
        b"null",
        b'{"ping": true}',
        b'{"id": 17}',
        b'{"id": "x\' OR"}',
        b'{"id": "500000000000001AAB"}',
        b'{"ChangeEventHeader": {"recordIds": "500000000000001AAA"}}',
        b'{"ChangeEventHeader": "x"}',
        b"<soapenv:Envelope><notifications/></soapenv:Envelope>",
        b"[" * 100_000,
    ],
)
def test_anything_else_changes_nothing(body: bytes) -> None:
    assert parse_webhook(SIGNED, body, SECRET).changes == ()


@pytest.mark.parametrize("headers", [{}, {"x-twinline-token": "s3cret-of-acmf"}, {"x-twinline-token": ""}, {"x-twinline-token": "é"}])
def test_a_wrong_or_missing_secret_is_forged(headers: dict[str, str]) -> None:
    with pytest.raises(Forged):
        parse_webhook(headers, b'{"id": "500000000000001AAA"}', SECRET)


def test_no_secret_set_lets_nobody_in() -> None:
    with pytest.raises(Forged):
        parse_webhook({"x-twinline-token": ""}, b'{"id": "500000000000001AAA"}', "")
