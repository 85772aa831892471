"""What Jira gets for a site's own field, by the field's type."""

import pytest
from jira_site import APP
from pydantic import JsonValue

from connectors.jira import own_fields
from connectors.jira.connector import JiraConnector
from connectors.jira.dialect import Cloud
from connectors.jira.payloads import FieldPayload
from model.errors import Refused

CLOUD = Cloud()


def _field(kind: str, items: str = "", custom: str = "textfield") -> FieldPayload:
    schema: JsonValue = {"type": kind, "items": items, "custom": f"com.atlassian.jira.plugin.system.customfieldtypes:{custom}"}
    return FieldPayload.model_validate({"id": "customfield_1", "name": "Team", "schema": schema})


CASES: list[tuple[FieldPayload, JsonValue, JsonValue]] = [
    (_field("string"), None, None),
    (_field("string"), "x", "x"),
    (_field("string"), True, "true"),
    (_field("string"), 2.5, "2.5"),
    (_field("string"), {"id": "1", "value": "Red"}, "Red"),
    (_field("number"), 3, 3),
    (_field("number"), "2.5", 2.5),
    (_field("date"), "2026-03-01", "2026-03-01"),
    (_field("date"), 1772323200000, "2026-03-01"),
    (_field("datetime"), 1772323200000, "2026-03-01T00:00:00.000+00:00"),
    (_field("option"), "Red", {"value": "Red"}),
    (_field("option"), {"id": 5, "value": "Red"}, {"value": "Red"}),
    (_field("option"), {"id": 5}, {"id": "5"}),
    (_field("option-with-child"), {"value": "Red", "child": {"value": "Crimson"}}, {"value": "Red", "child": {"value": "Crimson"}}),
    (_field("option-with-child"), "Red", {"value": "Red"}),
    (_field("array", "option"), [{"value": "Red"}, "Blue"], [{"value": "Red"}, {"value": "Blue"}]),
    (_field("array", "option"), "Red", [{"value": "Red"}]),
    (_field("array", "string"), [{"label": "a"}, "b"], ["a", "b"]),
    (_field("any"), {"as": ["it", "is"]}, {"as": ["it", "is"]}),
]


@pytest.mark.parametrize(("field", "value", "expected"), CASES)
def test_sent(field: FieldPayload, value: JsonValue, expected: JsonValue) -> None:
    assert own_fields.sent(field, value, CLOUD) == expected


def test_long_text_is_a_document() -> None:
    field = _field("string", custom="textarea")
    made = own_fields.sent(field, "*it*", CLOUD)
    assert isinstance(made, dict)
    assert made["type"] == "doc"
    assert own_fields.shown(field, "*it*", CLOUD) == "*it*"


@pytest.mark.parametrize(
    ("field", "value"), [(_field("string"), [1]), (_field("number"), "many"), (_field("number"), True), (_field("option"), 5)]
)
def test_what_does_not_fit_names_the_field(field: FieldPayload, value: JsonValue) -> None:
    with pytest.raises(Refused, match="'Team'"):
        own_fields.sent(field, value, CLOUD)


async def test_own_fields_are_written_by_name_or_id_and_shown_as_read(jira: JiraConnector) -> None:
    fields: dict[str, JsonValue] = {
        "summary": "Printer", "Customer reference": 77, "Severity": {"id": "5", "value": "Major"}, "reporter": {"email": "ann@acme.test"},
    }  # fmt: skip
    written = await jira.create(APP, fields, "twin:own")
    item = await jira.read(written.ref.id)
    assert written.fields["Customer reference"] == item.fields["Customer reference"] == "77"
    assert item.fields["Severity"] == {"value": "Major", "id": "10102"}
    assert item.fields["reporter"] == written.fields["reporter"]
    changed = await jira.update(written.ref.id, {"Severity": "Minor", "Customer reference": None})
    assert changed.fields == {"Severity": {"value": "Minor", "id": "10101"}}
    assert "Customer reference" not in (await jira.read(written.ref.id)).fields
    await jira.update(written.ref.id, {"10032": {"id": "10102"}})
    assert (await jira.read(written.ref.id)).fields["Severity"] == {"value": "Major", "id": "10102"}


async def test_a_parent_is_set_by_id_or_key_and_taken_away(jira: JiraConnector) -> None:
    parent = await jira.find(APP, "APP-1")
    written = await jira.create(APP, {"summary": "Wheel", "parentId": "APP-1"}, "twin:part")
    assert written.fields["parentId"] == parent.id == (await jira.read(written.ref.id)).fields["parentId"]
    assert (await jira.update(written.ref.id, {"parentId": None})).fields.get("parentId") is None
    assert (await jira.read(written.ref.id)).fields.get("parentId") is None
    assert (await jira.update(written.ref.id, {"parentId": int(parent.id)})).fields == {"parentId": parent.id}


async def test_who_can_be_assigned(jira: JiraConnector) -> None:
    ann = await jira.lookup(APP, "user_by_email", ("ann@acme.test",))
    assert isinstance(ann, dict)
    key = str(ann["key"])
    asked = [("APP", key), ("APP", "nobody"), ("NOPE", key), ("APP", None)]
    assert [await jira.lookup(APP, "user_assignable", one) for one in asked] == [True, False, False, False]
