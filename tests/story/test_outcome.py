"""The story's judgement notices what must not be."""

from datetime import UTC, datetime

import pytest

from model.audit import AuditEntry, Outcome
from tests.story.outcome import Deed, Seen, differences, gaps

ONE = Seen("item-0 as Ann says", "What Bob found.", ("sync",), done=False, remarks=("remark-0-ann",))


def test_equal_sides_have_no_differences():
    assert differences([ONE], [ONE], range(1), ["remark-0-ann"]) == []


@pytest.mark.parametrize(
    ("right", "found"),
    [
        ([ONE, ONE], "GitHub has item-0 2 times, not 1"),
        ([], "GitHub has item-0 0 times, not 1"),
        ([ONE._replace(remarks=("remark-0-ann", "remark-0-ann"))], "GitHub has remark-0-ann 2 times, not 1"),
        ([ONE._replace(remarks=())], "GitHub has remark-0-ann 0 times, not 1"),
        ([ONE._replace(description="What Ann found.")], "not equal"),
        ([ONE._replace(labels=())], "not equal"),
        ([ONE._replace(done=True)], "not equal"),
    ],
)
def test_what_is_doubled_missing_or_different_is_told(right: list[Seen], found: str):
    assert any(one.startswith(found) for one in differences([ONE], right, range(1), ["remark-0-ann"]))


@pytest.mark.parametrize(
    ("deeds", "count"),
    [
        ([("activate_connection", "app-bugs")], 0),
        ([], 1),
        ([("activate_connection", "")], 2),
        ([("activate_connection", "app-bugs")] * 2, 1),
    ],
)
def test_the_audit_log_has_each_deed_as_often_as_it_was_done(deeds: list[Deed], count: int):
    kept = AuditEntry(
        id=1,
        workspace="acme",
        who="ada",
        outcome=Outcome.DONE,
        operation="activate_connection",
        subject="app-bugs",
        moment=datetime.now(UTC),
        address="127.0.0.1",
        previous="",
        key_id="",
        hash="",
    )
    log = [kept, kept.model_copy(update={"who": "bob"}), kept.model_copy(update={"outcome": Outcome.REFUSED})]
    assert len(gaps(log, "ada", deeds)) == count
