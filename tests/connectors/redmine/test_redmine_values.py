"""What Redmine kept of a write, told apart from what somebody changed right after it."""

from datetime import UTC, datetime

import pytest

from connectors.redmine.mapping import Person
from connectors.redmine.metadata import Member
from connectors.redmine.payloads import Detail, IssuePayload, JournalPayload, Named, StatusPayload
from connectors.redmine.values import compare, member_like
from model.item import Fields

NOON = datetime(2031, 1, 2, 12, tzinfo=UTC)
US, ANN = 5, 6
ANY = Named(id=1, name="Any")
NEW, CLOSED = StatusPayload(id=1, name="New"), StatusPayload(id=5, name="Closed")


def issue(status: StatusPayload, *history: tuple[int, str, str], allowed: tuple[StatusPayload, ...] = (NEW, CLOSED)) -> IssuePayload:
    journals = tuple(
        JournalPayload(
            id=number,
            user=Named(id=user),
            created_on=NOON,
            details=(Detail(property="attr", name="status_id", old_value=old, new_value=new),),
        )
        for number, (user, old, new) in enumerate(history, 1)
    )
    return IssuePayload(
        id=7,
        project=ANY,
        tracker=ANY,
        status=status,
        priority=ANY,
        subject="S",
        created_on=NOON,
        updated_on=NOON,
        journals=journals,
        allowed_statuses=allowed,
    )


@pytest.mark.parametrize(
    ("read", "left_aside", "superseded"),
    [
        (issue(CLOSED, (US, "1", "5")), (), ()),
        (issue(NEW), ("status",), ()),
        (issue(NEW, (ANN, "2", "1")), ("status",), ()),
        (issue(NEW, (US, "1", "5"), (ANN, "5", "1")), (), ("status",)),
        (issue(NEW, (US, "1", "5"), (ANN, "5", "1"), allowed=(NEW,)), ("status",), ()),
    ],
)
def test_comparison(read: IssuePayload, left_aside: tuple[str, ...], superseded: tuple[str, ...]) -> None:
    fields: Fields = {"status": {"name": "Closed"}}
    compared = compare(fields, {"status_id": 5}, read, US)
    assert (compared.left_aside, compared.superseded) == (left_aside, superseded)


ANNA = Member(id=6, name="Ann Archer", person=Person(login="ann", email="ann@acme.test"))
TEAM = Member(id=9, name="Support team", person=Person())


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"email": "ANN@acme.test", "key": "4711"}, ANNA),
        ({"email": "eve@acme.test", "key": "6"}, None),
        ({"username": "eve", "key": "6", "email": None}, None),
        ({"key": "9", "username": None, "email": None}, TEAM),
        ({"displayName": "support team"}, TEAM),
        ({}, None),
    ],
)
def test_people_are_found_by_what_tells_most(value: Fields, found: Member | None) -> None:
    assert member_like(value, (ANNA, TEAM)) == found
