"""The item, the replica and what is around them, as scripts see them."""

import pytest
from pydantic import JsonValue

from model.errors import ScriptFailed
from model.item import Fields
from rules import compile_rule, run_outgoing
from rules.host.described_values import ITEM_NAMES
from rules.interface import Needed
from rules.trial import Given, Trial, try_incoming, try_outgoing
from tests.rules.conftest import RunIncoming, an_item, surroundings
from tests.rules.test_rules_incoming import received

ITEM: Fields = {
    "id": 1001,
    "key": "ACME-7",
    "summary": "Printer",
    "status": "Open",
    "labels": ["b", "a"],
    "assignee": "ann@acme.test",
    "comments": [{"id": "c1", "body": "x", "remoteId": "r1"}, "y"],
    "components": ["Web"],
    "customFields": {
        "10050": {"name": "Epic Link", "value": "ACME-1", "type": "epic"},
        "Team": {"value": {"value": "Red", "child": {"value": "Crimson"}}},
        "Points": 3,
    },
    "u_state": "2",
}
REPLICA: Fields = {
    "key": "BETA-1",
    "summary": "Toner",
    "comments": [{"id": "r1", "body": "x"}, {"id": "r2", "body": "new", "author": {"displayName": "Bob"}}],
    "workLogs": [{"id": "w1", "startDate": 0, "timeSpent": 60, "comment": "Repair"}],
    "customFields": {"Team": {"name": "Team", "value": {"value": "Blue"}}, "Points": {"value": 5}, "Plain": "p"},
    "customKeys": {"extra": [1]},
}


def trial(
    script: str, *, first: bool = False, item: Fields | None = None, answers: Fields | None = None, previous: Fields | None = None
) -> Trial:
    given = Given(item=ITEM if item is None else item, replica=REPLICA, previous=previous or {}, answers=answers or {}, first_sync=first)
    return try_incoming(compile_rule(script, "incoming"), given)


def sets(script: str, *, first: bool = False) -> JsonValue:
    found = trial(script, first=first)
    assert found.failure == ""
    return found.result


def test_first_of_all() -> None:
    outgoing = compile_rule("replica.priority = issue.priority", "outgoing")
    assert run_outgoing(outgoing, an_item(), surroundings(), {}, {}).fields == {"priority": {"name": "High", "id": "2"}}
    answers: Fields = {"nodeHelper.getPriority": {"High": {"id": "9", "name": "High"}}}
    incoming = compile_rule("issue.priority = nodeHelper.getPriority(replica.priority?.name)", "incoming")
    given = Given(replica={"priority": {"name": "High"}}, answers=answers)
    assert try_incoming(incoming, given).result == {"priority": {"id": "9", "name": "High"}}


@pytest.mark.parametrize("name", ITEM_NAMES)
def test_the_item_has_many_names(name: str) -> None:
    assert sets(f"{name}.summary = {name}.summary + '!'") == {"summary": "Printer!"}


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("issue.a = issue.status.name", {"a": "Open"}),
        ("issue.a = issue.id", {"a": 1001}),
        ("issue.a = issueKey.idStr + issueKey.URN", {"a": "1001ACME-7"}),
        ("issue.a = issue.assignee.email", {"a": "ann@acme.test"}),
        ("issue.a = issue.labels.label", {"a": ["b", "a"]}),
        ("issue.a = issue.components[0].name", {"a": "Web"}),
        ("issue.a = issue.comments.body", {"a": ["x", "y"]}),
        ("issue.a = issue.u_state", {"a": "2"}),
        ("issue.a = issue.get('u_state')", {"a": "2"}),
        ("issue.put('a', 1)", {"a": 1}),
        ("issue.a = issue.containsKey('summary')", {"a": True}),
        ("issue.a = issue.'Epic Link'", {"a": "ACME-1"}),
        ("issue.a = issue.customFields.'Epic Link'.value", {"a": "ACME-1"}),
        ("issue.a = issue.customFields.'10050'.value", {"a": "ACME-1"}),
        ("issue.a = issue.customFields.'customfield_10050'.value", {"a": "ACME-1"}),
        ("issue.a = issue.customFields.'10050'.name + issue.customFields.'Epic Link'.id", {"a": "Epic Link10050"}),
        ("issue.a = issue.customFields.'Epic Link'.type", {"a": "epic"}),
        ("issue.a = issue.customFields.Points.value", {"a": 3}),
        ("issue.a = issue.customFields.Team.value.child.value", {"a": "Crimson"}),
        ("issue.a = issue.customFields.Team.value.parent.value", {"a": "Red"}),
        ("issue.a = issue.customFields.Nope?.value?.value", {"a": None}),
        ("issue.a = issue.customFields.Nope == null", {"a": True}),
        ("issue.a = issue.customFields.findAll { k, v -> v.value == 3 }.keySet()", {"a": ["Points"]}),
        ("issue.customFields.'10050'.value = 'X'", {"customFields": {"Epic Link": {"value": "X"}}}),
        ("issue.'Epic Link' = 'X'", {"customFields": {"Epic Link": {"value": "X"}}}),
        ("issue.customFields.Team = replica.customFields.Team", {"customFields": {"Team": {"value": {"value": "Blue"}}}}),
        ("issue.customFields.Points = replica.customFields.Points", {"customFields": {"Points": {"value": 5}}}),
        ("issue.a = replica.customFields.Plain?.value", {"a": "p"}),
        ("issue.a = replica.customKeys.extra[0] + replica.extra[0]", {"a": 2}),
        ("issue.typeName = 'Bug'", {"type": {"name": "Bug"}, "typeName": "Bug"}),
        ("issue.projectKey = 'X'", {"project": {"key": "X"}, "projectKey": "X"}),
        ("issue.repository = 'acme/app'", {"project": {"key": "acme/app"}, "repository": "acme/app"}),
        ("issue.fixVersions = ['1.0']", {"fixVersions": [{"name": "1.0"}]}),
        ("issue.labels = ['z', 'a', 'z']", {"labels": [{"label": "z"}, {"label": "a"}]}),
        ("issue.a = connection.name + relation.remoteInstance.name", {"a": "connectionremote"}),
        ("issue.a = connection.fieldValues.'localInstanceName'", {"a": "local"}),
        ("issue.a = entityType + traces.size() + blobMetadataList.size()", {"a": "issue00"}),
        ("issue.a = firstSync", {"a": False}),
        ("sprint = replica.summary\ndef f() { sprint }\nissue.a = f()", {"a": "Toner"}),
        ("issue.a = new groovy.json.JsonSlurper().parseText(replica.customFields.Team).value.value", {"a": "Blue"}),
        ("issue.a = com.exalate.api.domain.hubobject.v1.HubAssigneeType.PROJECT_DEFAULT.name()", {"a": "PROJECT_DEFAULT"}),
        ("class Both { static def of(a, b) { a.key + b.key } }\nissue.a = Both.of(issue, replica)", {"a": "ACME-7BETA-1"}),
        ("def r = [:]\nissue.customFields.each { k, v -> r[k] = v.value }\nissue.a = r.Points", {"a": 3}),
        ("issue.workLogs = workLogHelper.mergeWorkLogs(issue, replica)",
         {"workLogs": [{"id": None, "startDate": 0, "timeSpent": 60, "comment": "Repair", "remoteId": "w1"}]}),
    ],
)  # fmt: skip
def test_what_scripts_see_and_set(script: str, expected: JsonValue) -> None:
    assert sets(script) == expected


def test_what_was_read_only_is_not_sent() -> None:
    script = "if (replica.x || replica.labels || replica.comments) replica.y = 1\n"
    script += "replica.project = issue.project\nreplica.project?.versions = []"
    sent = try_outgoing(compile_rule(script, "outgoing"), Given(item={"project": "ACME"})).result
    assert sent == {"project": {"key": "ACME", "versions": []}}


def test_custom_keys_are_properties_of_the_replica() -> None:
    script = "replica.customKeys.a = 1\nreplica.customKeys = [b: 2]\nreplica.c = replica.customKeys.a + replica.b\n"
    script += "replica.customKeys.put('d', 4)"
    sent = try_outgoing(compile_rule(script, "outgoing"), Given(item=ITEM)).result
    assert sent == {"a": 1, "b": 2, "c": 3, "d": 4, "customKeys": {"a": 1, "b": 2, "d": 4}}
    assert run_outgoing(compile_rule(script, "outgoing"), an_item(), surroundings(), {}, {}).fields == {"a": 1, "b": 2, "c": 3, "d": 4}


def test_added_comments_are_those_without_a_counterpart() -> None:
    assert sets("issue.a = replica.addedComments.body") == {"a": ["new"]}
    assert sets("issue.a = replica.addedComments.remoteId", first=True) == {"a": ["r1", "r2"]}
    before: Fields = {"comments": [{"id": "r1", "body": "old"}, {"id": "r0", "body": "gone"}]}
    script = "issue.a = [replica.addedComments.id, replica.changedComments.id, replica.removedComments.id, previous.comments.size()]"
    assert trial(script, previous=before).result == {"a": [["r2"], ["r1"], ["r0"], 2]}


def test_connecting_to_an_existing_item() -> None:
    found = trial("issue.id = '1002'\nissue.key = 'ACME-8'\nissue.a = issue.key", first=True, item={})
    assert (found.effects, found.result) == ({"connect": "1002"}, {"a": "ACME-8"})
    assert trial("issue.id = null\nissue.key = null", first=True, item={}).effects == {}
    assert "on the first sync only" in trial("issue.id = '1002'").failure
    assert trial("issue.id = '1001'").failure == ""


def test_connecting_reaches_the_caller(incoming: RunIncoming) -> None:
    outcome = incoming("issue.key = 'ACME-8'\nsyncHelper.exalate(new BasicIssueKey(7, 'ACME-9'))", received(new=True), first_sync=True)
    assert (outcome.connect, outcome.also, outcome.fields) == ("ACME-8", ("ACME-9",), {})


def test_a_pair_returned_says_that_the_item_is_handled() -> None:
    script = (
        "issue.summary = 'x'\n"
        "traces.add(new com.exalate.basic.domain.BasicNonPersistentTrace().setType(com.exalate.api.domain.twintrace.TraceType.COMMENT)"
        ".setToSynchronize(true).setLocalId('5'))\n"
        "return new scala.Tuple2(new BasicIssueKey('1002', 'ACME-8'), scala.collection.JavaConverters.asScalaBuffer(traces).toSeq())"
    )
    found = trial(script, first=True, item={})
    assert (found.result, found.effects) == ({}, {"handled": True, "connect": "1002"})


def test_a_pair_that_names_no_item_is_a_mistake() -> None:
    assert "names no item of this side" in trial("return new scala.Tuple2(issueKey, traces)", first=True, item={}).failure
    assert trial("issue.summary = 'x'\nreturn new scala.Tuple2(issueKey, traces)").result == {}


def test_a_status_without_a_name_is_not_set(incoming: RunIncoming) -> None:
    assert incoming("issue.setStatus(null)\nissue.a = 1", received()).fields == {"a": 1}


def test_attachments_can_be_changed_while_merged() -> None:
    given = Given(replica={"attachments": ["a.txt"]})
    script = "issue.attachments = attachmentHelper.mergeAttachments(issue, replica) { it.filename = 'x-' + it.filename }"
    assert try_incoming(compile_rule(script, "incoming"), given).result == {
        "attachments": [{"filename": "x-a.txt", "remoteId": None, "id": None}]
    }


def test_there_is_no_key_before_there_is_an_item() -> None:
    assert trial("issue.a = [issueKey, issueUrl, issue.key]", item={}).result == {"a": [None, None, None]}
    assert trial("issue.a = [issueKey, issueUrl]", item={"summary": "x"}).result == {"a": [None, None]}


def test_a_replica_stays_as_it_was_sent_and_a_text_stands_for_its_name() -> None:
    sent: Fields = {"type": "Bug", "labels": ["a"], "assignee": "bob@beta.test", "status": {"name": "Open"}}
    script = (
        "issue.a = [replica.type.toLowerCase(), replica.type.name, replica.labels.label, replica.assignee?.email, replica.status.name]\n"
        "issue.labels = replica.labels\nissue.status = replica.type"
    )
    found = try_incoming(compile_rule(script, "incoming"), Given(replica=sent))
    assert found.result == {
        "a": ["bug", "Bug", ["a"], "bob@beta.test", "Open"], "labels": [{"label": "a"}], "status": {"name": "Bug"},
    }  # fmt: skip


@pytest.mark.parametrize("envelope", ["hubIssue", "issue", "entity"])
def test_an_envelope_is_taken_off(envelope: str) -> None:
    script = compile_rule("issue.a = issue.summary + replica.summary", "incoming")
    found = try_incoming(script, Given(item={envelope: {"summary": "x"}}, replica={envelope: {"summary": "y"}}))
    assert found.result == {"a": "xy"}


def test_what_stands_in_a_list_twice_counts_once() -> None:
    script = "issue.comments += commentHelper.addComment('new', issue.comments)"
    found = trial(script).result
    assert found is not None
    comments = found["comments"]
    assert isinstance(comments, list)
    assert [one["body"] for one in comments if isinstance(one, dict)] == ["x", "y", "y", "new"]


def test_store_gives_the_item_its_key() -> None:
    found = trial("store(issue)\nissue.a = issue.key", item={}, answers={"store": {"*": {"id": "5", "key": "ACME-9"}}})
    assert found.result == {"a": "ACME-9"}


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("nodeHelper.getHtmlField(replica, 'x')", "takes the issue first"),
        ("nodeHelper.createVersion(replica, 'x', 'y')", "createVersion(issue, name, description)"),
        ("nodeHelper.getOptions(issue, 'x', 'y')", "a list of values"),
        ("workLogHelper.addWorkLog('tomorrow', '1h')", "yyyy/MM/dd"),
        ("workLogHelper.addWorkLog('2026/03/01', 'long')", "1w 2d 3h 4m"),
        ("syncHelper.exalate(null)", "takes the key of an item"),
        ("workflowHelper.transition(replica, 'Done')", "takes the issue first"),
        ("httpClient.get(null)", "takes a path"),
        ("new scala.Tuple2(1)", "takes the key"),
        ("new BasicIssueKey()", "takes an id and a key"),
        ("def x = TraceType.NOPE", "NOPE"),
        ("issue.customFields = 5", "customFields of a replica"),
    ],
)
def test_mistakes_are_explained(script: str, message: str) -> None:
    assert message in trial(script).failure


def test_who_can_be_assigned_where_the_platform_does_not_tell(incoming: RunIncoming) -> None:
    script = "def u = [key: 'u1']\nissue.a = [nodeHelper.isUserAssignable('ACME', u), nodeHelper.isUserAssignable('ACME', null)]"
    assert incoming(script, received(), {("user_assignable", "ACME", "u1"): None}).fields == {"a": [True, False]}
    assert incoming(script, received(), {("user_assignable", "ACME", "u1"): False}).fields == {"a": [False, False]}


def test_a_field_by_its_id_asks_the_platform(incoming: RunIncoming) -> None:
    answers: dict[tuple[str, ...], JsonValue] = {("custom_field", "10016", None, None): {"name": "Points"}}  # type: ignore[dict-item]
    assert incoming("issue.customFields.'10016'.value = 8", received(), answers).fields == {"Points": 8}
    with pytest.raises(Needed):
        incoming("issue.customFields.'10017'.value = 8", received())


def test_the_run_reports_where_it_failed() -> None:
    found = trial("log.info('one')\nissue.a = 1\nthrow new com.exalate.api.exception.IssueTrackerException('stop ' + replica.key)")
    assert found.result is None
    assert found.lines == ("info: one",)
    assert found.failure.startswith("incoming, line 3, column 1: stop BETA-1")
    with pytest.raises(ScriptFailed):
        run_outgoing(compile_rule("debug.error('x')", "outgoing"), an_item(), surroundings(), {}, {})
