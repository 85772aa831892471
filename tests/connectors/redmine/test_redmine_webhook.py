import pytest

from connectors.kit.interface import Change
from connectors.kit.webhooks import Forged
from connectors.redmine.webhook import parse_webhook

SECRET = "s3cret-of-acme"


def test_a_hint_names_its_issue() -> None:
    delivery = parse_webhook({"x-twinline-token": SECRET, "x-twinline-delivery": "d-1"}, b'{"issue_id": 17}', SECRET)
    assert delivery.id == "d-1"
    assert delivery.changes == (Change(id="17", key="#17", version=""),)


def test_without_a_delivery_id_equal_bodies_are_one_delivery() -> None:
    bodies = (b'{"issue_id": 17, "journal_id": 1}', b'{"issue_id": 17, "journal_id": 1}', b'{"issue_id": 17, "journal_id": 2}')
    ids = [parse_webhook({"x-twinline-token": SECRET}, body, SECRET).id for body in bodies]
    assert ids[0] == ids[1] != ids[2]


def test_anything_else_changes_nothing() -> None:
    assert parse_webhook({"x-twinline-token": SECRET}, b'{"ping": true}', SECRET).changes == ()
    assert parse_webhook({"x-twinline-token": SECRET}, b"hello", SECRET).changes == ()


@pytest.mark.parametrize("headers", [{}, {"x-twinline-token": "s3cret-of-acmf"}, {"x-twinline-token": ""}])
def test_a_wrong_or_missing_secret_is_forged(headers: dict[str, str]) -> None:
    with pytest.raises(Forged):
        parse_webhook(headers, b'{"issue_id": 17}', SECRET)


def test_no_secret_set_lets_nobody_in() -> None:
    with pytest.raises(Forged):
        parse_webhook({"x-twinline-token": ""}, b'{"issue_id": 17}', "")
