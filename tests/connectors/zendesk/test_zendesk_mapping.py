"""Payloads to items, and hub values to payloads, without a server."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from connectors.zendesk import mapping, text, values
from connectors.zendesk.config import Credentials, root_of
from connectors.zendesk.mapping import Around, Catalogue
from connectors.zendesk.payloads import (
    AttachmentPayload,
    AuditPayload,
    CommentPayload,
    EventPayload,
    FieldPayload,
    MetadataPayload,
    OptionPayload,
    StatusPayload,
    TicketPayload,
    UserPayload,
)
from connectors.zendesk.text import Mark
from model.errors import Refused

NOON = datetime(2031, 1, 2, 12, tzinfo=UTC)
PRODUCT = FieldPayload(id=7, title="Product", type="tagger", custom_field_options=(OptionPayload(name="Anvil", value="prod_anvil"),))
TICKED = FieldPayload(id=8, title="Ticked", type="checkbox", tag="ticked")
AMOUNT = FieldPayload(id=9, title="Amount", type="decimal")
WAITS = StatusPayload(id=50, agent_label="Waits", status_category="pending")
KNOWN = Catalogue(fields=(PRODUCT, TICKED, AMOUNT, FieldPayload(id=1, title="Subject", type="subject", removable=False)), statuses=(WAITS,))
ANN = UserPayload(id=5, name="Ann Archer", email="ann@acme.test", role="agent")
AROUND = Around(root="https://acme.zendesk.com", catalogue=KNOWN, people={5: ANN})


def ticket(**known: object) -> TicketPayload:
    return TicketPayload.model_validate({"id": 17, "created_at": NOON, "updated_at": NOON, **known})


def comment(number: int, html_body: str | None, *files: AttachmentPayload, public: bool = True, body: str = "") -> CommentPayload:
    return CommentPayload(id=number, author_id=5, html_body=html_body, body=body, public=public, created_at=NOON, attachments=files)


def file(number: int, name: str = "a.txt", *, deleted: bool = False) -> AttachmentPayload:
    return AttachmentPayload(id=number, file_name=name, content_url="https://acme.zendesk.com/x", size=3, deleted=deleted)


def test_an_item_of_a_ticket() -> None:
    talk = (comment(1, "<div><p>First <b>of</b> all</p></div>", file(90)), comment(2, "<p>Then</p>", public=False))
    item = mapping.to_item(ticket(subject="Anvil", custom_status_id=50, status="pending", assignee_id=5), talk, {}, AROUND)
    assert item.ref.url == "https://acme.zendesk.com/agent/tickets/17"
    assert item.fields["description"] == "First **of** all"
    assert item.fields["status"] == {"name": "Waits", "id": "50", "category": "indeterminate"}
    assert item.fields["assignee"] == {"key": "5", "username": "ann@acme.test", "email": "ann@acme.test", "displayName": "Ann Archer"}
    assert item.fields["created"] == 1_925_121_600_000
    assert [(one.id, one.internal) for one in item.comments] == [("2", True)]
    assert [one.id for one in item.attachments] == ["90"]
    assert "Subject" not in item.fields


def test_comments_that_only_hold_a_file_are_none() -> None:
    talk = (comment(1, "<p>First</p>"), comment(2, "<p>a.txt</p>", file(90), public=False), comment(3, "<p>x</p>", file(91), public=False))
    marks: dict[int, Mark | None] = {2: Mark(kind="file", marker="f-1"), 3: Mark(kind="comment", marker="c-1")}
    item = mapping.to_item(ticket(), talk, marks, AROUND)
    assert [(one.id, one.marker) for one in item.comments] == [("3", "c-1")]
    assert [(one.id, one.marker) for one in item.attachments] == [("90", "f-1")]


@pytest.mark.parametrize("gone", [file(90, deleted=True), file(90, "redacted.txt")])
def test_redacted_files_are_gone(gone: AttachmentPayload) -> None:
    assert mapping.to_item(ticket(), (comment(1, "<p>x</p>", gone),), {}, AROUND).attachments == ()


@pytest.mark.parametrize(
    ("values_", "shown"),
    [
        ({7: "prod_anvil", 8: True, 9: "2.50"}, {"Product": {"value": "Anvil", "id": "prod_anvil"}, "Ticked": True, "Amount": 2.5}),
        ({7: "prod_gone", 9: "many"}, {"Product": {"value": "prod_gone", "id": "prod_gone"}, "Ticked": False, "Amount": "many"}),
        ({7: None, 8: None, 9: ""}, {"Product": None, "Ticked": False, "Amount": None}),
    ],
)
def test_custom_values(values_: dict[int, JsonValue], shown: dict[str, JsonValue]) -> None:
    given_ = [{"id": number, "value": value} for number, value in values_.items()]
    fields = mapping.to_fields(ticket(custom_fields=given_), AROUND)
    assert {name: fields[name] for name in shown} == shown


@pytest.mark.parametrize(
    ("kind", "said", "shown"),
    [
        ("checkbox", "true", True),
        ("checkbox", "false", False),
        ("multiselect", "prod_anvil other", [{"value": "Anvil", "id": "prod_anvil"}, {"value": "other", "id": "other"}]),
    ],
)
def test_values_as_audits_have_them(kind: str, said: str, shown: JsonValue) -> None:
    assert mapping.own_value(PRODUCT.model_copy(update={"type": kind}), said) == shown


def test_tags_that_are_values_of_fields_are_no_labels() -> None:
    one = ticket(tags=["b", "a", "prod_anvil", "ticked"], custom_fields=[{"id": 7, "value": "prod_anvil"}, {"id": 8, "value": False}])
    assert mapping.to_fields(one, AROUND)["labels"] == [{"label": "a"}, {"label": "b"}, {"label": "ticked"}]


def test_other_tickets_that_a_ticket_tells_of_are_links() -> None:
    closed = {"channel": "web", "source": {"from": {"ticket_id": 4, "subject": "Hot"}, "to": {}, "rel": "follow_up"}}
    one = ticket(problem_id=9, followup_ids=[21, 22], via=closed)
    assert mapping.to_fields(one, AROUND)["issueLinks"] == [
        {"otherIssueId": "9", "linkTypeName": "Problem", "linkName": "is caused by", "isOutward": False},
        {"otherIssueId": "4", "linkTypeName": "Follow-up", "linkName": "follows up", "isOutward": True},
        {"otherIssueId": "21", "linkTypeName": "Follow-up", "linkName": "is followed up by", "isOutward": False},
        {"otherIssueId": "22", "linkTypeName": "Follow-up", "linkName": "is followed up by", "isOutward": False},
    ]


@pytest.mark.parametrize(
    "via",
    [
        None,
        {"channel": 30},
        {"source": None},
        {"source": {"from": None, "rel": "follow_up"}},
        {"source": {"from": {"ticket_id": 4}, "rel": "merge"}},
    ],
)
def test_how_else_a_ticket_came_about_is_no_link(via: JsonValue) -> None:
    assert mapping.to_fields(ticket(via=via, followup_ids=None), AROUND)["issueLinks"] == []


def test_what_nobody_expected_of_a_payload() -> None:
    """Unknown people, statuses and options are shown as they are."""
    fields = mapping.to_fields(ticket(status="parked", priority="p0", requester_id=99, group_id=4, ticket_form_id=4), AROUND)
    assert fields["status"] == {"name": "parked", "id": "parked", "category": "indeterminate"}
    assert fields["priority"] == {"name": "p0", "id": "p0"}
    assert fields["reporter"] == {"key": "99", "username": None, "email": None, "displayName": ""}
    assert (fields["Group"], fields["Form"]) == (None, None)
    assert mapping.to_item(ticket(), (), {}, AROUND).fields["description"] is None


@pytest.mark.parametrize(
    ("asked", "shown", "events", "kept"),
    [
        ({"status": "open"}, {"status": "open"}, [], ""),
        ({"status": "new"}, {"status": "open"}, [], "status"),
        ({"status": "pending"}, {"status": "open"}, [("status", "pending"), ("status", "open")], ""),
        ({"custom_status_id": 50}, {"custom_status_id": 51}, [("custom_status_id", "50")], ""),
        ({"due_at": "2031-01-02T12:00:00Z"}, {"due_at": "2031-01-02T11:00:00Z"}, [], ""),
        ({"due_at": "2031-01-02T12:00:00Z"}, {"due_at": None}, [], "due"),
        ({"due_at": "2031-01-02T12:00:00Z"}, {}, [], ""),
        ({"assignee_id": None}, {"assignee_id": 5}, [], "assignee"),
    ],
)
def test_what_zendesk_left_aside(
    asked: dict[str, JsonValue], shown: dict[str, object], events: list[tuple[str, JsonValue]], kept: str
) -> None:
    audit = AuditPayload(events=tuple(EventPayload(type="Change", field_name=name, value=value) for name, value in events))
    assert values.left_aside(asked, ticket(**shown), audit) == kept


@pytest.mark.parametrize(
    ("kind", "value", "sent"),
    [
        ("text", 5, "5"),
        ("text", True, "true"),
        ("textarea", {"value": "from an option"}, "from an option"),
        ("integer", "12", 12),
        ("integer", 12.0, 12),
        ("decimal", "2.5", 2.5),
        ("date", "2031-01-02T10:00:00Z", "2031-01-02"),
        ("date", 1_893_456_000_000, "2030-01-01"),
        ("checkbox", False, False),
        ("checkbox", None, False),
        ("multiselect", None, []),
        ("text", "", None),
    ],
)
def test_own_values_by_type(kind: str, value: JsonValue, sent: JsonValue) -> None:
    assert values.own_value("acme", FieldPayload(id=1, title="F", type=kind), value) == sent


@pytest.mark.parametrize(
    ("kind", "value"),
    [("text", []), ("integer", "many"), ("integer", 1.5), ("integer", True), ("date", "soon"), ("checkbox", "yes"), ("tagger", 5)],
)
def test_own_values_that_do_not_fit(kind: str, value: JsonValue) -> None:
    with pytest.raises(Refused, match="field 'F' takes") as refused:
        values.own_value("acme", FieldPayload(id=1, title="F", type=kind), value)
    assert refused.value.field == "F"


def test_the_option_of_that_name_comes_before_the_one_of_that_tag() -> None:
    options = (OptionPayload(name="low", value="sev_low"), OptionPayload(name="Other", value="low"))
    field = FieldPayload(id=1, title="F", type="tagger", custom_field_options=options)
    asked: list[JsonValue] = ["Low", "sev_low", {"value": "other"}]
    assert [values.own_value("acme", field, one) for one in asked] == ["sev_low", "sev_low", "low"]


@pytest.mark.parametrize("written", ["a **b** `c`", "- one\n- two", "1 < 2 & 3", "> quoted\n\nplain", "| a |\n|---|\n| 1 |", ""])
def test_text_comes_back_as_it_is_read(written: str) -> None:
    stored = f'<div class="zd-comment" dir="auto">{text.sent(written)}</div>'
    assert text.received(stored, None) == text.as_read(written)


@given(st.text(alphabet="ab *_`<>&\n-#[]()!|\\", max_size=40))
def test_what_is_read_is_written_the_same_again(raw: str) -> None:
    once = text.as_read(raw)
    assert text.as_read(text.as_read(once)) == text.as_read(once)


def test_text_that_could_run_does_not_pass() -> None:
    assert "script" not in text.sent("<script>alert(1)</script>hello")
    assert "href" not in text.sent("<a href='javascript:alert(1)'>x</a> [x](javascript:alert(1))")
    assert text.received("<p onclick='x()'>a</p><script>b</script>", None) == "a"


def test_a_plain_body_is_taken_as_it_is() -> None:
    assert text.received(None, "1 < 2\r\n*not bold*") == "1 \\< 2\\\n\\*not bold\\*"


def test_marks_of_audits() -> None:
    said = EventPayload(id=1, type="Comment")
    changed = EventPayload(id=2, type="Change", field_name="status")
    audits = [
        AuditPayload(events=(said, changed), metadata=MetadataPayload(custom={"twinline": "c-1"})),
        AuditPayload(events=(said.model_copy(update={"id": 3}),), metadata=MetadataPayload(custom={"twinline_file": "f-1"})),
        AuditPayload(events=(said.model_copy(update={"id": 4}),), metadata=MetadataPayload(custom={"twinline": 5, "time_spent": "1m"})),
        AuditPayload(events=(said.model_copy(update={"id": 5}),)),
    ]
    assert text.marks(audits) == {1: Mark(kind="comment", marker="c-1"), 3: Mark(kind="file", marker="f-1"), 4: None, 5: None}


@pytest.mark.parametrize(("external", "marker"), [("twinline:a:1", "a:1"), ("SAP-17", None), ("", None), (None, None)])
def test_the_marker_of_a_ticket(external: str | None, marker: str | None) -> None:
    assert text.marker_of(external) == marker


@pytest.mark.parametrize(
    ("given_", "fine"),
    [
        ({"email": "a@acme.test", "token": "t"}, True),
        ({"token": "t"}, True),
        ({"client_id": "c", "client_secret": "s"}, True),
        ({}, False),
        ({"email": "a@acme.test"}, False),
        ({"client_id": "c"}, False),
        ({"client_id": "c", "client_secret": "s", "token": "t"}, False),
        ({"token": "t", "password": "p"}, False),
    ],
)
def test_credentials(given_: dict[str, str], *, fine: bool) -> None:
    if fine:
        assert "secret" not in repr(Credentials.model_validate(given_)).replace("client_secret", "")
    else:
        with pytest.raises(ValidationError):
            Credentials.model_validate(given_)


@pytest.mark.parametrize("url", ["https://acme.zendesk.com", "https://acme.zendesk.com/", "https://acme.zendesk.com/api/v2/"])
def test_the_address_of_the_account(url: str) -> None:
    assert root_of(url) == "https://acme.zendesk.com"
