"""Records to items and hub values to payloads, without any call."""

import pytest
from pydantic import JsonValue

from connectors.servicenow import mapping, values
from connectors.servicenow.config import scope_of
from connectors.servicenow.mapping import Around, Person, Place
from connectors.servicenow.payloads import AttachmentPayload, Cell, Row
from connectors.servicenow.tables import Choice, Column, Table
from connectors.servicenow.values import Facts
from model.errors import Refused

ANN = Person(sys_id="a" * 32, user_name="ann", name="Ann Archer", email="ann@acme.test")
AROUND = Around(people={ANN.sys_id: ANN}, authors={"ann": ANN})
PRIORITIES = tuple(Choice(value=str(number), label=f"{number} - P{number}") for number in range(1, 6))
STATES = (Choice(value="1", label="New"), Choice(value="2", label="In Progress"), Choice(value="6", label="Resolved"))


def _table(*columns: Column, lineage: tuple[str, ...] = ("incident", "task")) -> Table:
    common = (
        Column(element="number", label="Number", kind="string", read_only=True),
        Column(element="short_description", label="Short description", kind="string"),
        Column(element="state", label="State", kind="integer", chosen=True),
        Column(element="priority", label="Priority", kind="integer", chosen=True),
        Column(element="impact", label="Impact", kind="integer"),
        Column(element="urgency", label="Urgency", kind="integer"),
        Column(element="assigned_to", label="Assigned to", kind="reference", reference="sys_user"),
        Column(element="work_notes", label="Work notes", kind="journal_input"),
        Column(element="correlation_id", label="Correlation ID", kind="string"),
        Column(element="sys_id", label="Sys ID", kind="GUID"),
    )
    known = {one.element: one for one in (*common, *columns)}
    return Table(
        name=lineage[0],
        label="Incident",
        lineage=lineage,
        family=lineage[:1],
        columns=known,
        choices={"state": STATES, "priority": PRIORITIES},
    )


def _row(**given: str | tuple[str, str]) -> Row:
    """Raw values, each with its display value where it has another."""
    base: dict[str, str | tuple[str, str]] = {
        "sys_id": "0" * 32,
        "sys_mod_count": "4",
        "sys_updated_on": "2031-01-02 03:04:05",
        "sys_created_on": "2031-01-01 00:00:00",
        "sys_created_by": "ann",
        "number": "INC1",
    }
    cells = {name: (value, value) if isinstance(value, str) else value for name, value in (base | given).items()}
    return Row({name: Cell(value=value, display_value=shown) for name, (value, shown) in cells.items()})


def test_a_whole_item() -> None:
    table = _table()
    row = _row(short_description="Fire", state=("2", "In Progress"), assigned_to=(ANN.sys_id, "Ann Archer"), correlation_id="m-1")
    note = _row(value="Hello", element="work_notes", sys_created_on="2031-01-02 03:04:05")
    file = AttachmentPayload(sys_id="f", file_name="a.txt", size_bytes="3", sys_created_by="ghost", table_sys_id="0" * 32)
    item = mapping.to_item(Place(url="https://acme.service-now.com/", table=table), row, [note], [file], AROUND)
    assert item.ref.id == f"incident/{'0' * 32}"
    assert item.ref.url == f"https://acme.service-now.com/nav_to.do?uri=%2Fincident.do%3Fsys_id%3D{'0' * 32}"
    assert item.version.startswith("4/2031-01-02T03:04:05Z/")
    assert item.updated.isoformat() == "2031-01-02T03:04:05+00:00"
    assert item.fields["created"] == 1924992000000
    assert item.fields["creator"] == item.fields["assignee"]
    assert (item.comments[0].internal, item.comments[0].author) == (True, item.fields["assignee"])
    ghost = {"key": "ghost", "username": "ghost", "email": None, "displayName": "ghost"}
    assert (item.attachments[0].author, item.attachments[0].location) == (ghost, "/api/now/attachment/f/file")
    assert item.marker is None
    assert mapping.marker_of(table, _row(correlation_id="m-1", correlation_display="Twinline")) == "m-1"


def test_references_to_other_tasks_are_links() -> None:
    known = {"problem_id": "problem", "rfc": "change_request", "caused_by": "change_request", "parent_incident": "incident"}
    columns = [Column(element=name, label=name, kind="reference", reference=table) for name, table in known.items()]
    row = _row(problem_id=("p" * 32, "PRB1"), caused_by=("c" * 32, "CHG1"), rfc="", parent_incident=("i" * 32, "INC2"))
    found = mapping.to_fields(_table(*columns), row, AROUND)["issueLinks"]
    assert found == [
        {"otherIssueId": f"problem/{'p' * 32}", "linkTypeName": "Problem", "linkName": "is caused by", "isOutward": False},
        {"otherIssueId": f"change_request/{'c' * 32}", "linkTypeName": "Caused by Change", "linkName": "is caused by", "isOutward": False},
        {"otherIssueId": f"incident/{'i' * 32}", "linkTypeName": "Parent Incident", "linkName": "child of", "isOutward": False},
    ]
    resolved = {"otherIssueId": "change_request/c", "linkTypeName": "Change Request", "linkName": "is resolved by", "isOutward": False}
    assert mapping.to_fields(_table(*columns), _row(rfc="c"), AROUND)["issueLinks"] == [resolved]
    assert mapping.to_fields(_table(Column(element="rfc", label="RFC", kind="string")), _row(rfc="x"), AROUND)["issueLinks"] == []


def test_any_difference_makes_another_version() -> None:
    place = Place(url="https://acme.test", table=_table())
    file = AttachmentPayload(sys_id="f", table_sys_id="0" * 32)
    items = [
        mapping.to_item(place, _row(), [], [], AROUND),
        mapping.to_item(place, _row(short_description="x"), [], [], AROUND),
        mapping.to_item(place, _row(), [_row(value="Hello", element="comments")], [], AROUND),
        mapping.to_item(place, _row(), [], [file], AROUND),
    ]
    assert len({one.version for one in items}) == 4


def test_what_the_account_may_not_read_is_absent_and_an_unknown_person_keeps_the_name() -> None:
    fields = mapping.to_fields(_table(), _row(assigned_to=("b" * 32, "Bob Baker")), AROUND)
    assert "summary" not in fields
    assert "impact" not in fields
    assert fields["assignee"] == {"key": "b" * 32, "username": None, "email": None, "displayName": "Bob Baker"}


@pytest.mark.parametrize(
    ("kind", "raw", "label", "shown"),
    [
        ("decimal", "1,234.5", "1,234.5", 1234.5),
        ("decimal", "many", "many", "many"),
        ("integer", "-7", "-7", -7),
        ("integer", "7.0", "7.0", "7.0"),
        ("boolean", "0", "false", False),
        ("boolean", "1", "true", True),
        ("glide_list", "a,b", "Ann, Bob", [{"value": "Ann", "id": "a"}, {"value": "Bob", "id": "b"}]),
        ("glide_list", "a,b", "Archer, Ann, Bob", [{"value": "a", "id": "a"}, {"value": "b", "id": "b"}]),
        ("reference", "x", "", {"value": "x", "id": "x"}),
        ("glide_duration", "1970-01-02 01:00:00", "1 Day 1 Hour", 90000),
        ("string", "", "", None),
    ],
)
def test_values_of_columns(kind: str, raw: str, label: str, shown: JsonValue) -> None:
    column = Column(element="u_x", label="X", kind=kind, reference="cmdb_ci")
    assert mapping.to_fields(_table(column), _row(u_x=(raw, label)), AROUND)["X"] == shown


def test_an_own_column_that_is_labelled_like_another_is_reached_by_its_element() -> None:
    twins = (Column(element="u_a", label="Site", kind="string"), Column(element="u_b", label="Site", kind="string"))
    fields = mapping.to_fields(_table(*twins), _row(u_a="first", u_b="second"), AROUND)
    assert (fields["Site"], fields["u_a"], fields["u_b"]) == ("first", "first", "second")
    payload = values.to_payload({"Site": "x", "u_b": "y"}, Facts(system="acme", table=_table(*twins)))
    assert payload == {"u_a": "x", "u_b": "y"}


def test_priority_is_written_as_it_is_where_the_table_does_not_compute_it() -> None:
    facts = Facts(system="acme", table=_table(lineage=("sc_task", "task")))
    assert values.to_payload({"priority": {"name": "2 - P2"}}, facts) == {"priority": "2"}


def test_priority_that_no_pair_gives_is_refused() -> None:
    facts = Facts(system="acme", table=_table(), priorities={("1", "1"): "1", ("3", "3"): "4"})
    assert values.to_payload({"priority": "4 - P4"}, facts) == {"impact": "3", "urgency": "3"}
    with pytest.raises(Refused, match="no pair of impact and urgency gives it; write 'impact' and 'urgency'"):
        values.to_payload({"priority": "5 - P5"}, facts)


def test_texts_take_what_can_be_shown_as_text() -> None:
    site = Column(element="u_site", label="Site", kind="string")
    facts = Facts(system="acme", table=_table(site))
    given: list[JsonValue] = [True, 7, {"value": "Antwerp", "id": "1"}, {"name": "Ghent"}, None]
    assert [values.to_payload({"Site": one}, facts)["u_site"] for one in given] == ["true", "7", "Antwerp", "Ghent", ""]


def test_a_value_that_became_something_else_is_not_left_aside() -> None:
    before, after = _row(short_description="a", impact="3"), _row(short_description="cut", impact="3")
    assert values.left_aside({"short_description": "longer", "impact": "3.0", "unread": "x"}, before, after) == ()
    assert values.left_aside({"short_description": "longer", "impact": "1"}, before, after) == ("impact",)


def test_sides_with_the_same_table_share_a_feed_whatever_their_query() -> None:
    assert scope_of({}) == scope_of({"table": "incident", "query": "active=true"}) == "incident"
    assert scope_of({"table": "problem"}) == "problem"
