"""Values on their way, as tables of cases."""

from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from connectors.azure_devops import mapping, text
from connectors.azure_devops.config import Settings, identities_url
from connectors.azure_devops.payloads import (
    CommentPayload,
    FieldPayload,
    IdentityPayload,
    RelationPayload,
    StatePayload,
    TypePayload,
    WorkItemPayload,
)
from connectors.azure_devops.values import Options, own_value, to_operations
from model.errors import Refused

MARKER = "acme-to-sync:0f1e"
OPTIONS = Options("acme", mapping.Kind())


def comment(version: int = 1, **more: object) -> CommentPayload:
    return CommentPayload.model_validate({"id": 1, "version": version, **more})


@pytest.mark.parametrize(
    ("stored", "day"),
    [
        ("2031-02-03T00:00:00Z", "2031-02-03"),
        ("2031-02-02T23:00:00Z", "2031-02-03"),
        ("2031-02-03T08:00:00Z", "2031-02-03"),
        ("2031-02-03T11:59:59.9999999Z", "2031-02-03"),
        (None, None),
        ("soon", None),
    ],
    ids=["UTC", "Berlin", "Los Angeles", "far west", "none", "no date"],
)
def test_the_day_is_the_one_that_was_chosen(stored: str | None, day: str | None) -> None:
    assert mapping.day(stored) == day


def test_times_have_up_to_seven_digits_of_a_second() -> None:
    assert mapping.milliseconds(mapping.moment("2031-02-03T01:02:03.4567891Z")) == 1927846923457
    assert mapping.moment("2031-02-03T01:02:03Z") == datetime(2031, 2, 3, 1, 2, 3, tzinfo=UTC)


def test_states_are_told_by_category() -> None:
    states = [StatePayload(name=name, category=name) for name in ("Proposed", "InProgress", "Resolved", "Completed", "Removed", "Odd")]
    categories = [mapping.state(one.name, states)["category"] for one in states]
    assert categories == ["new", "indeterminate", "indeterminate", "done", "done", "indeterminate"]


@pytest.mark.parametrize(
    ("told", "name", "email"),
    [
        ({"id": "i", "displayName": "Ann", "uniqueName": "ann@acme.test"}, "Ann", "ann@acme.test"),
        ({"id": "i", "displayName": "Ann", "uniqueName": "ACME\\ann"}, "Ann", None),
        ("Ann <ann@acme.test>", "Ann", "ann@acme.test"),
        ("Ann", "Ann", None),
    ],
)
def test_people_come_as_objects_and_as_texts(told: JsonValue, name: str, email: str | None) -> None:
    person = mapping.person_in(told)
    assert person is not None
    assert (person["displayName"], person["email"]) == (name, email)


def test_nobody_is_nobody() -> None:
    assert mapping.person_in({}) is None
    assert mapping.person(None) is None


def test_a_servers_mail_address_is_taken_from_the_identity() -> None:
    told = IdentityPayload.model_validate(
        {
            "id": "i",
            "providerDisplayName": "Ann",
            "properties": {"Account": {"$value": "ann"}, "Domain": {"$value": "ACME"}, "Mail": {"$value": "ann@acme.test"}},
        }
    )
    assert mapping.identity(told) == {"key": "i", "username": "ACME\\ann", "email": "ann@acme.test", "displayName": "Ann"}


@pytest.mark.parametrize(
    ("properties", "unique"),
    [
        ({"Account": "ann", "Domain": "ACME"}, "ACME\\ann"),
        ({"Account": "ann@acme.test", "Domain": "6b2266bf-a155-4582-a475-ca4da68193ef"}, "ann@acme.test"),
        ({"Mail": "ann@acme.test"}, "ann@acme.test"),
        ({}, ""),
    ],
)
def test_an_account_is_named_with_its_domain_on_a_server(properties: dict[str, str], unique: str) -> None:
    told = {"id": "i", "properties": {name: {"$value": value} for name, value in properties.items()}}
    assert IdentityPayload.model_validate(told).ref.unique_name == unique


def test_versions_count_edits_of_comments_and_give_the_rev_back() -> None:
    item = WorkItemPayload(id=1, rev=12, fields={"System.CommentCount": 2})
    assert mapping.version(item, [comment(), comment()]) == mapping.version(item) == "12/0"
    assert mapping.version(item, [comment(3), comment(2)]) == "12/3"
    assert mapping.version(WorkItemPayload(id=1, rev=12)) == "12/0"
    assert mapping.version(WorkItemPayload(id=1, rev=12, fields={"System.CommentCount": 0})) == "12"
    assert (mapping.rev_of("12"), mapping.rev_of("12/3"), mapping.rev_of(""), mapping.rev_of("x")) == (12, 12, None, None)


def test_the_vendors_examples_call_a_comments_id_otherwise() -> None:
    assert CommentPayload.model_validate({"commentId": 50, "text": None}).id == 50


def test_bugs_are_described_by_their_repro_steps() -> None:
    fields = {
        "Microsoft.VSTS.TCM.ReproSteps": FieldPayload(name="Repro Steps", reference_name="Microsoft.VSTS.TCM.ReproSteps", type="html")
    }
    bug = TypePayload.model_validate({"name": "Bug", "fields": [{"referenceName": "Microsoft.VSTS.TCM.ReproSteps"}]})
    item = WorkItemPayload(id=1, rev=1, fields={"Microsoft.VSTS.TCM.ReproSteps": "<b>x</b>"})
    assert mapping.hub_fields(item, mapping.kind_of(bug, fields))["description"] == "**x**"
    other = mapping.hub_fields(item, mapping.kind_of(TypePayload(name="Task"), fields))
    assert (other["description"], other["Repro Steps"]) == (None, "**x**")


def test_what_nobody_asked_for_is_left_out() -> None:
    fields: dict[str, JsonValue] = {"WEF_1_Kanban.Column": "New", "System.Watermark": 7, "System.AreaLevel1": "Acme", "Custom.X": "kept"}
    shown = mapping.hub_fields(WorkItemPayload(id=1, rev=1, fields=fields), mapping.Kind())
    assert "Custom.X" in shown
    assert shown.keys().isdisjoint(fields.keys() - {"Custom.X"})


def test_files_are_told_by_their_links() -> None:
    url = "https://dev.azure.com/acme/_apis/wit/attachments/6B2266BF-a155-4582-a475-ca4da68193ef?fileName=x"
    told = {"rel": "AttachedFile", "url": url, "attributes": {"name": "a.png", "resourceSize": 3, "comment": f"twinline:{MARKER}"}}
    file = mapping.attachment(RelationPayload.model_validate(told))
    assert (file.id, file.mimetype, file.size, file.marker) == ("6b2266bf-a155-4582-a475-ca4da68193ef", "image/png", 3, MARKER)
    item = WorkItemPayload.model_validate(
        {"id": 1, "rev": 1, "relations": [told, {"rel": "AttachedFile", "url": "https://elsewhere.test/x"}]}
    )
    assert len(mapping.attachments(item)) == 1


@pytest.mark.parametrize("markdown", [False, True])
@pytest.mark.parametrize("body", ["", "Plain", "**Bold**\n\n- a\n- b", "```\ncode\n```", "| a | b |\n| --- | --- |\n| 1 | 2 |"])
def test_texts_come_back_with_their_marker(body: str, markdown: bool) -> None:
    sent = text.sent_markdown(body, MARKER) if markdown else text.sent(body, MARKER)
    assert text.received(sent, markdown=markdown) == (body, MARKER)


def test_a_marker_in_a_persons_text_is_not_sent_on() -> None:
    quoted = f"Look: [x]({text.address(MARKER)})"
    assert text.received(text.sent(quoted)) == ("Look:", None)
    assert text.received(text.sent_markdown(quoted), markdown=True) == ("Look:", None)
    assert text.received(text.sent(quoted, "ours"))[1] == "ours"


def test_what_could_run_is_left_out_and_mentions_tell_whom() -> None:
    mention = '<a href="#" data-vss-mention="version:2.0,6b2266bf">@Ann Archer</a>'
    assert text.received(f"<div>{mention} <script>alert(1)</script>look</div>")[0] == "[@Ann Archer](mention:6b2266bf) look"
    assert text.sent('<a href="javascript:alert(1)">x</a> <img src="y" onerror="alert(1)">') == '<p><a>x</a> <img src="y"></p>'


@pytest.mark.parametrize("url", ["https://twinline.invalid/", "https://twinline.invalid.acme.test/x", "https://acme.test/"])
def test_other_links_are_no_marks(url: str) -> None:
    assert text.marker_of(url) is None


OWN = {
    "integer": (3, [(3, 3), ("3", 3), (3.0, 3)], [True, 1.5, "three", [1]]),
    "double": (1.5, [(1.5, 1.5), ("1.5", 1.5), (2, 2)], [False, "x", {"a": 1}]),
    "boolean": (True, [(True, True), ("true", True), ("False", False)], [1, "yes"]),
    "dateTime": (
        0,
        [
            (0, "1970-01-01T00:00:00.000Z"),
            ("2031-02-03T01:00:00+01:00", "2031-02-03T00:00:00.000Z"),
            ("2031-02-03", "2031-02-03T00:00:00.000Z"),
        ],
        [True, "soon", 1.5],
    ),
    "string": ("x", [("x", "x"), (3, "3"), (True, "true"), ({"value": "x"}, "x"), ({"name": "x"}, "x")], [["x"], {"a": "b"}]),
    "html": ("x", [("**x**", "<p><strong>x</strong></p>")], [3, ["x"]]),
}


@pytest.mark.parametrize(("kind", "value", "sent"), [(kind, value, sent) for kind, (_, good, _) in OWN.items() for value, sent in good])
def test_own_fields_take_what_fits(kind: str, value: JsonValue, sent: JsonValue) -> None:
    assert own_value("X", FieldPayload(name="X", reference_name="Custom.X", type=kind), value, OPTIONS) == sent


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, (_, _, bad) in OWN.items() for value in bad])
def test_own_fields_refuse_what_does_not(kind: str, value: JsonValue) -> None:
    with pytest.raises(Refused) as caught:
        own_value("X", FieldPayload(name="X", reference_name="Custom.X", type=kind), value, OPTIONS)
    assert caught.value.field == "X"


def test_tags_are_replaced_and_not_added_to() -> None:
    labels: list[JsonValue] = [{"label": "b"}, "a"]
    assert to_operations({"labels": labels}, OPTIONS) == [{"op": "replace", "path": "/fields/System.Tags", "value": "a; b"}]
    assert to_operations({"labels": labels}, OPTIONS, create=True) == [{"op": "add", "path": "/fields/System.Tags", "value": "a; b"}]
    assert to_operations({"labels": [], "due": None}, OPTIONS) == [
        {"op": "remove", "path": "/fields/System.Tags"},
        {"op": "remove", "path": "/fields/Microsoft.VSTS.Scheduling.DueDate"},
    ]


@pytest.mark.parametrize(
    ("url", "people"),
    [
        ("https://dev.azure.com/acme", "https://vssps.dev.azure.com/acme"),
        ("https://acme.visualstudio.com", "https://acme.vssps.visualstudio.com"),
        ("https://tfs.acme.test:8080/tfs/Default", "https://tfs.acme.test:8080/tfs/Default"),
        ("https://dev.azure.com.acme.test/acme", "https://dev.azure.com.acme.test/acme"),
    ],
)
def test_people_are_asked_for_where_they_are(url: str, people: str) -> None:
    assert identities_url(url) == people


@pytest.mark.parametrize("name", ["..", ".x", "_x", "a/b", "a?b", "a#b", "", "x" * 65])
def test_a_projects_name_cannot_lead_elsewhere(name: str) -> None:
    with pytest.raises(ValueError, match="project"):
        Settings(project=name)
