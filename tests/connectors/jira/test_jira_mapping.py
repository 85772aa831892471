"""Payloads to items and back."""

from datetime import UTC, datetime

import pytest
from jira_site import document
from pydantic import JsonValue

from connectors.jira import mapping
from connectors.jira.dialect import Cloud
from connectors.jira.feed import jql_minute, without_order
from connectors.jira.payloads import CommentPayload, IssuePayload
from model.errors import Refused

CLOUD = Cloud()
PERSON: dict[str, JsonValue] = {"accountId": "712020:1", "displayName": "Ann Archer"}
NOTE = document("hello")


def issue(**fields: JsonValue) -> IssuePayload:
    payload = {"id": 10002, "key": "APP-1", "fields": fields, "names": {"customfield_10001": "Notes"}}
    return IssuePayload.model_validate({**payload, "properties": {"twinline": {"marker": "m-1"}}})


def test_golden_item() -> None:
    read = mapping.item(
        issue(
            summary="Printer on fire",
            description=NOTE,
            status={"id": "3", "name": "In Progress", "statusCategory": {"id": 4, "key": "indeterminate"}},
            priority=None,
            labels=["b", "a"],
            assignee=PERSON,
            created="2026-04-28T15:41:27.114+0200",
            updated="2026-04-28T15:41:27.115+0200",
            duedate="2026-05-01",
            votes={"votes": 0},
            customfield_10001=NOTE,
            customfield_10002=None,
        ),
        (),
        "https://acme.atlassian.net/",
        CLOUD,
    )
    assert read.model_dump(mode="json") == {
        "ref": {"id": "10002", "key": "APP-1", "url": "https://acme.atlassian.net/browse/APP-1"},
        "version": "2026-04-28T13:41:27.115Z",
        "updated": "2026-04-28T15:41:27.115000+02:00",
        "fields": {
            "Notes": "hello",
            "summary": "Printer on fire",
            "description": "hello",
            "status": {"name": "In Progress", "id": "3", "category": "indeterminate"},
            "priority": None,
            "labels": [{"label": "a"}, {"label": "b"}],
            "assignee": {"key": "712020:1", "username": "Ann Archer", "email": None, "displayName": "Ann Archer"},
            "created": 1777383687114,
            "updated": 1777383687115,
            "due": "2026-05-01",
        },
        "comments": [],
        "attachments": [],
        "work_logs": [],
        "marker": "m-1",
        "unread": False,
    }


@pytest.mark.parametrize(
    ("extra", "internal"),
    [
        ({}, False),
        ({"jsdPublic": True}, False),
        ({"jsdPublic": False}, True),
        ({"jsdPublic": True, "visibility": {"type": "role", "value": "Developers"}}, True),
    ],
)
def test_restricted_comments_read_as_internal(extra: dict[str, JsonValue], internal: bool) -> None:
    moment = "2026-04-28T15:41:27.114+0000"
    payload = {"id": "1", "body": NOTE, "created": moment, "updated": moment, **extra}
    assert mapping.comment(CommentPayload.model_validate(payload), CLOUD).internal is internal


@pytest.mark.parametrize("body", ["", "  \n", None])
def test_no_text_is_no_document(body: str | None) -> None:
    assert CLOUD.document(body) is None
    assert CLOUD.text(None) is None


@pytest.mark.parametrize("body", ["plain", "**bold** and `code`", "# Title\n\n- one\n- two\n\n1. first", "[site](<https://acme.test>)"])
def test_rich_text_survives_the_way_there_and_back(body: str) -> None:
    assert CLOUD.text(CLOUD.document(body)) == body


def test_labels_are_a_sorted_set() -> None:
    assert mapping.sent_labels([{"label": "b"}, "a", {"label": "b"}]) == ["a", "b"]
    with pytest.raises(Refused):
        mapping.sent_labels([{"name": "a"}])


@pytest.mark.parametrize(
    ("at", "zone", "told"),
    [
        ("2026-07-01T10:15:59", "UTC", "2026-07-01 10:15"),
        ("2026-07-01T10:15:59", "Europe/Warsaw", "2026-07-01 12:15"),
        ("2026-10-25T00:30:00", "Europe/Warsaw", "2026-10-25 01:30"),
        ("2026-10-25T01:30:00", "Europe/Warsaw", "2026-10-25 01:30"),
        ("2026-07-01T10:15:59", "Acme/Moon", "2026-06-30 22:15"),
    ],
)
def test_jql_minutes_are_of_the_users_zone_and_never_late(at: str, zone: str, told: str) -> None:
    assert jql_minute(datetime.fromisoformat(at).replace(tzinfo=UTC), zone) == told


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("type = Bug ORDER BY created", "type = Bug"),
        ("order by created", ""),
        ('summary ~ "order by" Order  By key', 'summary ~ "order by"'),
        ("summary ~ 'an order by post'", "summary ~ 'an order by post'"),
    ],
)
def test_order_is_taken_off(query: str, left: str) -> None:
    assert without_order(query) == left
