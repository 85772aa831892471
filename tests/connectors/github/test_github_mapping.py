"""One issue as GitHub sends it, and the item it is."""

from datetime import UTC, datetime

from pydantic import JsonValue

from connectors.github import mapping
from connectors.github.payloads import Comment, Issue, Merging
from model.item import Fields, Item, ItemRef

ANN: JsonValue = {"key": "7", "username": "ann", "email": None, "displayName": "ann"}
BOB: Fields = {"key": "8", "username": "bob", "email": None, "displayName": "bob"}
ISSUE = Issue.model_validate(
    {
        "id": 1000012,
        "number": 12,
        "title": "Anvil arrives bent",
        "body": "Seen **twice** by @\u2060bob\r\n\r\n\r\n\r\n<!-- twinline:acme:1 -->",
        "state": "closed",
        "state_reason": "not_planned",
        "user": {"id": 7, "login": "ann", "site_admin": False},
        "labels": ["plain", {"id": 1, "name": "bug", "color": "ff0000"}],
        "assignees": [{"id": 8, "login": "bob"}, {"id": 7, "login": "ann"}],
        "milestone": {"number": 1, "title": "Spring"},
        "type": {"id": 3, "name": "Bug"},
        "comments": 1,
        "html_url": "https://github.com/Acme/app/issues/12",
        "created_at": "2026-01-02T03:04:05Z",
        "updated_at": "2026-01-02T03:04:06Z",
    }
)
COMMENT = Comment.model_validate(
    {
        "id": 99,
        "body": "Yes.\r\n",
        "user": {"id": 8, "login": "bob"},
        "html_url": "https://github.com/Acme/app/issues/12#issuecomment-99",
        "issue_url": "https://api.github.com/repos/Acme/app/issues/12",
        "created_at": "2026-01-02T03:04:06Z",
        "updated_at": "2026-01-02T03:04:09Z",
    }
)


def test_an_issue_as_an_item() -> None:
    item = mapping.item("acme/app#12", ISSUE, [COMMENT], {"bob": "bob@acme.test"})
    assert item == Item(
        ref=ItemRef(id="acme/app#12", key="Acme/app#12", url="https://github.com/Acme/app/issues/12"),
        version=item.version,
        updated=datetime(2026, 1, 2, 3, 4, 9, tzinfo=UTC),
        marker="acme:1",
        comments=(mapping.comment(COMMENT),),
        fields={
            "summary": "Anvil arrives bent",
            "description": "Seen **twice** by @bob",
            "status": {"name": "closed", "id": "closed", "category": "done"},
            "resolution": {"name": "not_planned", "id": "not_planned"},
            "type": {"name": "Bug", "id": "3"},
            "priority": None,
            "project": {"key": "Acme/app", "name": "app", "id": "acme/app"},
            "labels": [{"label": "bug"}, {"label": "plain"}],
            "assignee": {**BOB, "email": "bob@acme.test"},
            "assignees": [{**BOB, "email": "bob@acme.test"}, ANN],
            "reporter": ANN,
            "creator": ANN,
            "created": 1767323045000,
            "updated": 1767323046000,
            "due": None,
            "milestone": "Spring",
            "parentId": None,
            "issueLinks": [],
        },
    )
    assert item.version.startswith("c2026-01-02T03:04:09Z-")


def test_a_comment() -> None:
    comment = mapping.comment(COMMENT)
    assert (comment.id, comment.body, comment.author, comment.marker, comment.internal) == ("99", "Yes.", BOB, None, False)


def test_a_version_tells_a_second_edit_in_the_same_second() -> None:
    other = ISSUE.model_copy(update={"title": "Anvil arrives straight"})
    same_second = COMMENT.model_copy(update={"updated_at": ISSUE.updated_at})
    versions = {
        mapping.version(ISSUE),
        mapping.version(other),
        mapping.version(ISSUE, [COMMENT]),
        mapping.version(ISSUE, [same_second]),
        mapping.version(ISSUE, [same_second.model_copy(update={"body": "No."})]),
    }
    assert len(versions) == 5


def test_a_version_tells_what_became_of_a_pull_request_in_the_same_second() -> None:
    ready = ISSUE.model_copy(update={"pull_request": Merging(), "state_reason": None})
    merged = ready.model_copy(update={"pull_request": Merging(merged_at=ISSUE.updated_at)})
    assert len({mapping.version(one) for one in (ready, ready.model_copy(update={"draft": True}), merged)}) == 3


def test_what_is_written() -> None:
    fields: Fields = {
        "summary": "x",
        "description": "y",
        "labels": [{"label": "b"}, {"label": "a"}, {"label": "b"}],
        "assignee": {"username": "ann"},
        "status": {"name": "Closed"},
        "resolution": {"name": "Not planned"},
        "type": None,
    }
    assert mapping.to_payload(fields, "m-1", ["ann", "bob"]) == {
        "title": "x",
        "body": "y\n\n<!-- twinline:m-1 -->",
        "labels": ["a", "b"],
        "assignees": ["ann", "bob"],
        "state": "closed",
        "state_reason": "not_planned",
        "type": None,
    }
    assert mapping.to_payload({"resolution": None, "description": None, "assignee": None}, None, ()) == {"body": "", "assignees": []}
