"""What Jira gets for a site's own field, by the field's type."""

import pytest
from pydantic import JsonValue

from connectors.jira import own_fields
from connectors.jira.payloads import FieldPayload
from model.errors import Refused


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
    assert own_fields.sent(field, value) == expected


def test_long_text_is_a_document() -> None:
    field = _field("string", custom="textarea")
    made = own_fields.sent(field, "*it*")
    assert isinstance(made, dict)
    assert made["type"] == "doc"
    assert own_fields.shown(field, "*it*") == "*it*"


@pytest.mark.parametrize(
    ("field", "value"), [(_field("string"), [1]), (_field("number"), "many"), (_field("number"), True), (_field("option"), 5)]
)
def test_what_does_not_fit_names_the_field(field: FieldPayload, value: JsonValue) -> None:
    with pytest.raises(Refused, match="'Team'"):
        own_fields.sent(field, value)
