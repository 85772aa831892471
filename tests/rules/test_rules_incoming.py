"""What incoming rules ask for."""

from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from connectors import declaration
from model.errors import ScriptFailed
from model.item import Fields, Work, WorkLog
from rules import compile_rule, run_outgoing
from rules.interface import Lookup, Needed, Received, WorkingWorkLog
from tests.rules.conftest import ANN, RunIncoming, an_item, surroundings

BOB: Fields = {"id": "r9", "body": "Hello", "author": {"displayName": "Bob"}, "internal": False, "created": 1}
JIRA_OUTGOING = "\n".join(
    f"replica.{name} = issue.{name}"
    for name in (
        "key", "type", "assignee", "reporter", "summary", "description", "labels", "comments", "resolution", "status", "parentId",
        "priority", "attachments", "project",
    )
)  # fmt: skip
JIRA_INCOMING = """
if (firstSync) {
   issue.projectKey = "ACME"
   issue.typeName = nodeHelper.getIssueType(replica.type?.name, issue.projectKey)?.name ?: "Task"
}
issue.summary = replica.summary
issue.labels = replica.labels.collect { it.label = it.label.replace(" ", "_"); it }
issue.comments = commentHelper.mergeComments(issue, replica)
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)
def statusMap = ["Open": "To Do", "Open": "New"]
issue.setStatus(statusMap[replica.status.name] ?: replica.status.name)
def priorityMap = ["High": "Critical"]
issue.priority = nodeHelper.getPriority(priorityMap[replica.priority?.name] ?: "Medium", issue)
"""


def received(*, new: bool = False, **changes: object) -> Received:
    replica: Fields = {
        "key": "BETA-1",
        "summary": "Printer",
        "status": {"name": "Open"},
        "priority": {"name": "High"},
        "labels": [{"label": "big fire"}],
        "type": {"name": "Bug"},
        "created": 5,
    }
    base = Received(replica=replica, previous={}, item=None if new else an_item())
    return base.model_copy(update=changes)


def test_usual_outgoing_rule_sends_the_item() -> None:
    sent = run_outgoing(compile_rule(JIRA_OUTGOING, "outgoing"), an_item(), surroundings(), {}, {}).fields
    assert len(sent) == 14
    assert sent["key"] == "ACME-7"
    assert sent["assignee"] == ANN
    assert sent["parentId"] is None
    assert sent["attachments"] == [
        {"id": "a1", "filename": "fire.png", "mimetype": "image/png", "filesize": 12, "author": None, "created": None, "remoteId": None}
    ]  # fmt: skip


def test_usual_incoming_rule_creates_an_item(incoming: RunIncoming) -> None:
    answers: dict[tuple[str, ...], JsonValue] = {
        ("issue_type", "Bug", "ACME"): {"name": "Defect"},
        ("priority", "Critical"): {"name": "Critical", "id": "9"},
    }
    outcome = incoming(JIRA_INCOMING, received(new=True, added_comments=(BOB,)), answers, first_sync=True)
    assert outcome.fields == {
        "project": {"key": "ACME"},
        "type": {"name": "Defect"},
        "summary": "Printer",
        "labels": [{"label": "big_fire"}],
        "status": {"name": "New"},
        "priority": {"name": "Critical", "id": "9"},
    }
    assert [(one.id, one.remote_id, one.body) for one in outcome.comments or ()] == [("", "r9", "Bob commented: \nHello")]
    assert outcome.attachments == ()


def test_default_rules_work_together(incoming: RunIncoming) -> None:
    rules = declaration("jira")
    sent = run_outgoing(compile_rule(rules.outgoing, "outgoing"), an_item(), surroundings(), {}, {}).fields
    answers: dict[tuple[str, ...], JsonValue] = {
        ("user_by_email", "ann@acme.test"): None,
        ("priority", "High"): {"name": "High", "id": "77"},
        ("status", "Open"): None,
        ("status", "To Do"): None,
    }
    outcome = incoming(rules.incoming, Received(replica=sent, previous={}, item=None), answers, first_sync=True)
    assert outcome.fields == {
        "summary": "Printer on fire",
        "description": "It **burns**",
        "labels": [{"label": "fire"}, {"label": "office"}],
        "priority": {"name": "High", "id": "77"},
    }


def test_missing_answer_is_asked_for(incoming: RunIncoming) -> None:
    with pytest.raises(Needed) as caught:
        incoming("try { issue.priority = nodeHelper.getPriority('High') } catch (Throwable t) { }", received())
    assert caught.value.lookups == (Lookup(name="priority", arguments=("High",)),)


@pytest.mark.parametrize(
    ("call", "lookup"),
    [
        ("nodeHelper.getStatus('Done')", ("status", "Done", "Bug")),
        ("nodeHelper.getUser('u1')", ("user", "u1")),
        ("nodeHelper.getUserByUsername('ann')", ("user_by_username", "ann")),
        ("nodeHelper.getUserByFullName('ann')", ("user_by_username", "ann")),
        ("userHelper.getByUsername('ann')", ("user_by_username", "ann")),
        ("nodeHelper.getProject('ACME')", ("project", "ACME")),
        ("nodeHelper.getOption(issue, 'Team', 'Red')", ("option", "Team", "Red")),
        ("nodeHelper.getLocalIssueFromRemoteId(12)", ("local_item", "12")),
        ("syncHelper.getLocalIssueKeyFromRemoteId('12')", ("local_item", "12")),
    ],
)
def test_helper_gives_the_answer(incoming: RunIncoming, call: str, lookup: tuple[str, ...]) -> None:
    outcome = incoming(f"issue.found = {call}", received(), {lookup: {"id": "5"}})
    assert outcome.fields == {"found": {"id": "5"}}


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("issue.status = 'Done'", {"status": {"name": "Done"}}),
        ("issue.priority = replica.priority", {"priority": {"name": "High"}}),
        ("issue.type = null\nissue.assignee = null", {"type": None, "assignee": None}),
        ("issue.labels = ['b', nodeHelper.getLabel('a'), 'b']", {"labels": [{"label": "a"}, {"label": "b"}]}),
        ("issue.labels << nodeHelper.getLabel('new')", {"labels": [{"label": "fire"}, {"label": "new"}, {"label": "office"}]}),
        ("issue.customFields.'Remote key'.value = replica.key", {"Remote key": "BETA-1"}),
        ("issue.'Epic Link' = 'X'", {"Epic Link": "X"}),
        ("issue.setSummary('a')", {"summary": "a"}),
        ("issue.seen = replica.created", {"seen": 5}),
        ("issue.nested = [a: 2.50]", {"nested": {"a": 2.5}}),
        ("if (replica.key == 'BETA-1') return\nissue.summary = 'x'", {}),
        ("issue.summary = 'kept'\nreturn", {"summary": "kept"}),
        ("def x = issue.status.name\nstore(issue)", {}),
        ("issue.summary = previous?.summary ?: 'first'", {"summary": "first"}),
        ("issue.summary = 'new'\nissue.other = issueBeforeScript.summary", {"summary": "new", "other": "Printer on fire"}),
    ],
)
def test_what_the_rule_sets(incoming: RunIncoming, script: str, expected: Fields) -> None:
    outcome = incoming(script, received())
    assert outcome.fields == expected
    assert outcome.comments is None
    assert outcome.attachments is None


MERGE = "issue.comments = commentHelper.mergeComments(issue, replica)"
MERGES: list[tuple[str, list[tuple[str, str, str]]]] = [
    (MERGE, [("c1", "r1", "Eve commented: \nedited"), ("", "r9", "Bob commented: \nHello")]),
    (f"{MERGE} {{ it.body = it.body.toUpperCase() }}", [("c1", "r1", "EDITED"), ("", "r9", "HELLO")]),
    ("issue.comments = commentHelper.mergeComments(issue, replica, { c -> c })", [("c1", "r1", "edited"), ("", "r9", "Hello")]),
    ("issue.comments += replica.addedComments", [("c1", "r1", "Call #sync"), ("c2", "r2", "secret"), ("", "r9", "Hello")]),
    ("issue.comments = commentHelper.addComment('hi', false, [])", [("", "", "hi")]),
    ("issue.comments = commentHelper.filterLocal(issue.comments)", [("c1", "r1", "Call #sync")]),
]  # fmt: skip


@pytest.mark.parametrize(("script", "expected"), MERGES, ids=[one for one, _ in MERGES])
def test_comments(incoming: RunIncoming, script: str, expected: list[tuple[str, str, str]]) -> None:
    changed: Fields = {"id": "r1", "body": "edited", "author": {"displayName": "Eve"}}
    given = received(
        added_comments=(BOB,), changed_comments=(changed,), removed_comments=({"id": "r2"},), remote_ids={"c1": "r1", "c2": "r2"}
    )
    outcome = incoming(script, given)
    assert [(one.id, one.remote_id, one.body) for one in outcome.comments or ()] == expected
    assert outcome == incoming(script, given)


def test_own_comment_gets_no_prefix_and_closures_set_the_rest(incoming: RunIncoming) -> None:
    script = "issue.comments = commentHelper.mergeComments(issue, replica)"
    outcome = incoming(script, received(new=True, added_comments=({**BOB, "ours": True},)))
    assert [one.body for one in outcome.comments or ()] == ["Hello"]
    script = "issue.comments = commentHelper.mergeComments(issue, replica, { it.internal = true; it.executor = nodeHelper.getUser('u1') })"
    comments = incoming(script, received(new=True, added_comments=(BOB,)), {("user", "u1"): ANN}).comments or ()
    assert [(one.internal, one.executor) for one in comments] == [(True, ANN)]


def test_attachments_are_merged(incoming: RunIncoming) -> None:
    added: Fields = {"id": "ra", "filename": "new.txt"}
    given = received(added_attachments=(added,), removed_attachments=({"id": "old"},), remote_files={"a1": "old"})
    outcome = incoming("issue.attachments = attachmentHelper.mergeAttachments(issue, replica)", given)
    assert [(one.id, one.remote_id, one.filename) for one in outcome.attachments or ()] == [("", "ra", "new.txt")]


def test_flags(incoming: RunIncoming) -> None:
    outcome = incoming("syncHelper.syncBackAfterProcessing()\nsyncHelper.unExalateAfterProcessing()", received())
    assert (outcome.sync_back, outcome.unlink) == (True, True)


def test_wrong_arguments_are_explained(incoming: RunIncoming) -> None:
    with pytest.raises(ScriptFailed, match=r"mergeComments\(issue, replica\)"):
        incoming("commentHelper.mergeComments(replica, issue)", received())


def test_work_logs_and_transitions(incoming: RunIncoming) -> None:
    assert incoming("issue.n = workLogHelper.mergeWorkLogs(issue, replica).size()", received()).fields == {"n": 0}
    assert incoming("workflowHelper.transition(issue, 'Done')", received()).fields == {"status": {"name": "Done"}}


def test_custom_fields_and_free_properties_travel() -> None:
    script = "replica.customFields.'Team' = issue.customFields.'Team'\nreplica.points = issue.Points\nreplica.customKeys.a = [1]"
    sent = run_outgoing(compile_rule(script, "outgoing"), an_item(), surroundings(), {}, {}).fields
    assert sent == {
        "customFields": {"Team": {"name": "Team", "value": {"value": "Red", "child": {"value": "Crimson"}}}},
        "points": 2.5,
        "a": [1],
    }


def test_custom_field_of_the_replica(incoming: RunIncoming) -> None:
    replica: Fields = {"customFields": {"Team": {"name": "Team", "value": {"value": "Red"}}}}
    script = "issue.customFields.'Team'.value = replica.customFields.'Team'?.value?.value\nissue.b = replica.customFields.No?.value"
    assert incoming(script, received(replica=replica)).fields == {"Team": "Red", "b": None}


ANNS_WORK: Fields = {
    "id": "w1",
    "startDate": 1767344645000,
    "timeSpent": 1800,
    "comment": "Repair",
    "author": {"displayName": "Ann Archer"},
}
MERGE_WORK = "issue.workLogs = workLogHelper.mergeWorkLogs(issue, replica)"


def worked(*, target: tuple[WorkLog, ...] = (), **changes: object) -> Received:
    item = an_item().model_copy(update={"work_logs": target})
    return received(item=item, remote_logs={"r1": "w1"}).model_copy(update=changes)


@pytest.mark.parametrize(
    ("comment", "said"),
    [("Repair", "Ann Archer logged: Repair"), ("One\n\nTwo", "Ann Archer logged:\n\nOne\n\nTwo"), (None, "Ann Archer logged:")],
)
def test_a_new_work_log_begins_with_its_authors_name(incoming: RunIncoming, comment: str | None, said: str) -> None:
    logs = incoming(MERGE_WORK, worked(added_work_logs=({**ANNS_WORK, "comment": comment},))).work_logs
    work = Work(started=datetime(2026, 1, 2, 9, 4, 5, tzinfo=UTC), spent=1800, comment=said)
    assert logs == (WorkingWorkLog(id="", remote_id="w1", work=work),)


@pytest.mark.parametrize(
    ("changed", "closure", "said"),
    [
        (ANNS_WORK, "", "Ann Archer logged: Repair"),
        ({**ANNS_WORK, "ours": True}, "", "Repair"),
        ({**ANNS_WORK, "author": None}, "", "Repair"),
        (ANNS_WORK, ' { it.comment = "[${it.author.displayName}] ${it.comment}" }', "[Ann Archer] Repair"),
    ],
)
def test_a_changed_work_log_takes_the_place_of_its_copy(incoming: RunIncoming, changed: Fields, closure: str, said: str) -> None:
    copy = WorkLog(id="r1", started=datetime(2026, 1, 2, tzinfo=UTC), spent=60, comment="Old")
    own = copy.model_copy(update={"id": "r2", "comment": "Own"})
    logs = incoming(MERGE_WORK + closure, worked(target=(copy, own), changed_work_logs=(changed,))).work_logs or ()
    assert [(one.id, one.work.spent, one.work.comment) for one in logs] == [("r1", 1800, said), ("r2", 60, "Own")]


def test_a_removed_work_log_goes(incoming: RunIncoming) -> None:
    copy = WorkLog(id="r1", started=datetime(2026, 1, 2, tzinfo=UTC), spent=60)
    assert incoming(MERGE_WORK, worked(target=(copy,), removed_work_logs=({"id": "w1"},))).work_logs == ()
    assert incoming("issue.summary = 'x'", worked(target=(copy,))).work_logs is None


def test_time_without_a_start_is_refused_with_what_to_do(incoming: RunIncoming) -> None:
    with pytest.raises(ScriptFailed, match="leave startDate and timeSpent as they are"):
        incoming(MERGE_WORK, worked(added_work_logs=({"id": "w1", "timeSpent": 60},)))


@pytest.mark.parametrize("name", ["closed", "Closed"])
def test_what_is_closed_elsewhere_is_solved_on_zendesk_since_closed_is_for_ever_there(name: str, incoming: RunIncoming) -> None:
    replica: Fields = {"summary": "Printer", "labels": [], "status": {"name": name, "category": "done"}}
    answers: dict[tuple[str, ...], JsonValue] = {
        ("status", name, "Bug"): {"name": "Closed"},
        ("status", "Solved", "Bug"): {"name": "Solved"},
    }
    outcome = incoming(declaration("zendesk").incoming, Received(replica=replica, previous={}, item=an_item()), answers, first_sync=True)
    assert outcome.fields["status"] == {"name": "Solved"}
