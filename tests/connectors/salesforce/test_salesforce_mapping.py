"""Payloads to items, where no platform is needed to tell."""

import pytest
from pydantic import JsonValue

from connectors.salesforce import mapping, soql
from connectors.salesforce.mapping import Whole
from connectors.salesforce.payloads import DescribePayload, FieldPayload, LinkRow, Person, PicklistValue, Row, StatusRow
from connectors.salesforce.scalars import chosen
from connectors.salesforce.shape import Shape
from model.errors import Refused


def _field(name: str, label: str = "", kind: str = "string", **more: JsonValue) -> FieldPayload:
    return FieldPayload.model_validate({"name": name, "label": label or name, "type": kind, "updateable": True, **more})


def _shape(*fields: FieldPayload, name: str = "Case", prefix: str = "500") -> Shape:
    return Shape(DescribePayload(name=name, label=name, key_prefix=prefix, fields=fields))


def _row(**values: JsonValue) -> Row:
    at = "2026-05-06T12:08:29.000+0000"
    return {"Id": "500000000000001AAA", "CreatedDate": at, "LastModifiedDate": at, "SystemModstamp": at, **values}


def _whole(**values: JsonValue) -> Whole:
    return Whole(row=_row(**values), people={})


def test_a_field_that_is_hidden_from_the_account_is_absent() -> None:
    shape = _shape(_field("Subject"), _field("Description", kind="textarea"), _field("Priority", kind="picklist"))
    fields = mapping.to_fields(shape, _whole(Subject=None, Priority=None), ())
    assert (fields["summary"], fields["priority"]) == ("", None)
    assert "description" not in fields


def test_times_are_milliseconds_of_utc() -> None:
    fields = mapping.to_fields(_shape(_field("Subject")), _whole(Subject="x"), ())
    assert fields["created"] == fields["updated"] == 1778069309000
    assert mapping.to_change(_shape(_field("Subject")), _row()).version == "2026-05-06T12:08:29Z"


def test_two_fields_of_one_label_go_by_their_api_names() -> None:
    shape = _shape(_field("A__c", "Twice"), _field("B__c", "Twice"), _field("C__c", "Once"), _field("D__c", "summary"))
    fields = mapping.to_fields(shape, _whole(A__c="a", B__c="b", C__c="c", D__c="d"), ())
    assert {name: fields[name] for name in ("A__c", "B__c", "Once", "D__c")} == {"A__c": "a", "B__c": "b", "Once": "c", "D__c": "d"}
    assert shape.own("once").name == "C__c"
    with pytest.raises(Refused):
        shape.own("Twice")


def test_the_marker_field_may_come_from_a_package_and_is_no_field_of_rules() -> None:
    shape = _shape(_field("Subject"), _field("acme__Twinline_Id__c", "Twinline Id"))
    fields = mapping.to_fields(shape, _whole(acme__Twinline_Id__c="m:1", Subject="x"), ())
    assert mapping.marker_of(shape, _row(acme__Twinline_Id__c="m:1")) == "m:1"
    assert "Twinline Id" not in fields


def test_an_object_without_a_subject_has_its_name_as_summary_if_it_may_be_written() -> None:
    named = _shape(_field("Name", name_field=True), name="A__c")
    numbered = _shape(_field("Name", name_field=True, updateable=False), name="B__c")
    assert mapping.to_fields(named, _whole(Name="x"), ())["summary"] == "x"
    assert "summary" not in mapping.to_fields(numbered, _whole(Name="A-1"), ())
    assert mapping.key_of(numbered, _row(Name="A-1")) == "A-1"


def test_a_status_has_its_label_and_its_category() -> None:
    options = (PicklistValue(value="new", label="Neu"), PicklistValue(value="done", label="Fertig"), PicklistValue(value="mid"))
    table = (StatusRow(ApiName="done", IsClosed=True, IsDefault=False), StatusRow(ApiName="mid", IsClosed=False, IsDefault=True))
    assert mapping.status("done", options, table) == {"name": "Fertig", "id": "done", "category": "done"}
    assert mapping.status("mid", options, table) == {"name": "mid", "id": "mid", "category": "new"}
    assert mapping.status("new", options, ()) == {"name": "Neu", "id": "new", "category": "new"}
    assert mapping.status("gone", options, ()) == {"name": "gone", "id": "gone", "category": "indeterminate"}


def test_options_are_met_by_label_and_by_api_name() -> None:
    options = (PicklistValue(value="1", label="High"), PicklistValue(value="2"))
    given: list[JsonValue] = [{"name": "high"}, {"value": "1"}, {"id": "2"}, 2, None, ""]
    assert [chosen("x", one, options) for one in given] == ["1", "1", "2", "2", None, None]
    assert chosen("x", "free", options, restricted=False) == "free"
    wrong_ones: list[JsonValue] = [["a"], True, {"x": 1}, "free"]
    for wrong in wrong_ones:
        with pytest.raises(Refused):
            chosen("x", wrong, options)


@pytest.mark.parametrize(
    ("title", "extension", "filename"),
    [("a.txt", "txt", "a.txt"), ("a", "txt", "a.txt"), ("a.TXT", "txt", "a.TXT"), ("a", None, "a"), ("a.b", "b.c", "a.b.b.c")],
)
def test_a_file_has_the_name_that_people_gave_it(title: str, extension: str | None, filename: str) -> None:
    document: dict[str, JsonValue] = {
        "Title": title,
        "FileExtension": extension,
        "ContentSize": 3,
        "LatestPublishedVersionId": "068000000000001AAA",
        "CreatedDate": "2026-05-06T12:08:29.000+0000",
        "CreatedById": "005000000000001AAA",
        "CreatedBy": None,
    }
    row: Row = {"Id": "06A1", "ContentDocumentId": "0691", "LinkedEntityId": "5001", "ContentDocument": document}
    attachment = mapping.to_attachment(LinkRow.model_validate(row))
    assert (attachment.filename, attachment.location) == (filename, "068000000000001AAA")


def test_a_person_s_new_name_is_another_version() -> None:
    row = _row()
    one, other = (Whole(row=row, people={"Contact": Person(Name=name)}) for name in ("Cid", "Cyd"))
    assert mapping.version_of(one) != mapping.version_of(other)
    assert mapping.version_of(one) == mapping.version_of(Whole(row={**row, "LastViewedDate": "x"}, people=one.people))


def test_a_whole_query() -> None:
    assert soql.select("Id", "Case") == "SELECT Id FROM Case"
    wanted = "SELECT Id FROM Case WHERE A = 'b' AND C = 1 ORDER BY Id LIMIT 2"
    assert soql.select("Id", "Case", "A = 'b'", "", "C = 1", order="Id", limit=2) == wanted
