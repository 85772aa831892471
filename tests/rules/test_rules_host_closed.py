"""Whatever a script gives to helpers and host objects, nothing but the language's own errors comes out."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from model.errors import ScriptFailed
from model.item import Fields
from rules import RuleErrors, compile_rule, run_incoming
from rules.host.described import HELPERS
from rules.host.description import Call, Helper
from rules.host.rich_text import html_of, markdown_of, without_tags
from rules.interface import Needed, Received
from rules.trial import Given, try_incoming, try_outgoing
from tests.rules.conftest import an_item, surroundings

CALLS = [(helper, call) for helper in HELPERS for call in helper.calls]
VALUES = (
    "null", "true", "0", "-7L", "2.5", "''", "'x'", "'a' * 300", "[]", "[1, [2], null]", "[:]", "[id: 5, key: [1], value: null]", "issue",
    "replica", "previous", "nodeHelper", "issue.comments", "replica.addedComments", "issue.customFields", "issue.customFields.Team",
    "{ it }", "{ a, b -> throw new Exception('no') }", "~/x/", "1..3", "new Date(0)", "new BasicIssueKey(1, null)", "TraceType", "traces",
    "'2026/03/01'", "'GET'", "[a: [b: [c: issue]]]", "new scala.Tuple2(1, 2)", "JsonOutput",
)  # fmt: skip
PROPERTIES = (
    "id", "key", "url", "summary", "status", "labels", "assignee", "comments", "attachments", "workLogs", "customFields", "customKeys",
    "typeName", "projectKey", "fixVersions", "Team", "__class__", "class", "fields", "item", "metaClass", "read", "mro", "value", "",
)  # fmt: skip


def survives(script: str, *, answers: bool = False) -> None:
    try:
        program = compile_rule(script, "incoming")
    except RuleErrors:
        return
    if answers:
        item: Fields = {"comments": ["a"], "customFields": {"Team": 1}}
        tried = Given(item=item, replica={"comments": ["b"]}, answers={"store": {"*": {"id": 1}}})
        try_incoming(program, tried)
        try_outgoing(program, tried)
        return
    try:
        run_incoming(program, Received(replica={"summary": "x"}, previous={"a": 1}, item=an_item()), surroundings(first_sync=True), {})
    except (ScriptFailed, Needed):
        return


@pytest.mark.parametrize(("helper", "call"), CALLS, ids=[f"{helper.name}.{call.name}" for helper, call in CALLS])
def test_helpers_take_anything(helper: Helper, call: Call) -> None:
    chance = random.Random(f"{helper.name}.{call.name}")
    for _ in range(25):
        count = chance.randint(call.least, call.most)
        arguments = ", ".join(chance.choice(VALUES) for _ in range(count))
        script = f"issue.x = {helper.name}{'.' if helper.name else ''}{call.name}({arguments})"
        survives(script)
        survives(script, answers=True)


@pytest.mark.parametrize("name", PROPERTIES)
def test_properties_take_anything(name: str) -> None:
    for owner, value in itertools.product(("issue", "replica", "issue.customFields", "replica.customFields", "previous"), VALUES):
        survives(f"{owner}.'{name}' = {value}\nissue.y = {owner}.'{name}'", answers=True)
        survives(f"{owner}.'{name}' = {value}\ndef r = {owner}.'{name}'.toString()")


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="<>/!-[]?&;\"'= abpuliq\n*_`#|(){}", max_size=200))
def test_conversions_take_any_text(text: str) -> None:
    for convert in (markdown_of, html_of, without_tags):
        assert isinstance(convert(text), str)


SCRIPT = compile_rule(
    """
if (firstSync) { issue.projectKey = replica.project?.key }
issue.comments = commentHelper.mergeComments(issue, replica)
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)
issue.workLogs = workLogHelper.mergeWorkLogs(issue, replica)
issue.customFields = replica.customFields
issue.labels = replica.labels
issue.a = [issue.status, issue.assignee, issue.components, issue.customFields.size(), issue.typeName, issueKey, previous?.status]
issue.b = nodeHelper.getUser(replica.key)
replica.each { k, v -> issue.put(k + "2", v) }
""",
    "incoming",
)
NAMES = st.sampled_from(
    ("id", "key", "status", "assignee", "labels", "comments", "addedComments", "attachments", "workLogs", "customFields", "customKeys",
     "hubIssue", "project", "typeName", "components", "name", "value", "body", "author", "remoteId", "label", "url", "entityType",
     "created", "due", "x")
)  # fmt: skip
NUMBERS = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(max_size=5)
NESTED = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3))
OBJECTS = st.dictionaries(NAMES, NESTED)


@settings(max_examples=300, deadline=None)
@given(OBJECTS, OBJECTS, OBJECTS, st.booleans(), SCALARS | OBJECTS)
def test_items_and_replicas_may_be_anything(item: Fields, replica: Fields, previous: Fields, first: bool, answer: JsonValue) -> None:
    answers: Fields = {"nodeHelper.getUser": answer}
    tried = try_incoming(SCRIPT, Given(item=item, replica=replica, previous=previous, answers=answers, first_sync=first))
    assert (tried.result is None) == bool(tried.failure)


@pytest.mark.parametrize("call", ["toMarkDownFromHtml", "stripHtml"])
def test_conversions_are_bounded(call: str) -> None:
    found = try_incoming(compile_rule(f"issue.x = nodeHelper.{call}('<a' * 150_000)", "incoming"), Given())
    assert "is not converted" in found.failure
