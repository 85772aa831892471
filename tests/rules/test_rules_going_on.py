"""A rule that stores a new item goes on when the item is there."""

import pytest
from pydantic import JsonValue

from rules import compile_rule, run_incoming
from rules.interface import Lookup, Needed, Outcome, Received, Surroundings
from tests.rules.conftest import an_item, surroundings

NEW = Received(replica={"summary": "Printer"}, previous={}, item=None)
FIRST = surroundings().model_copy(update={"first_sync": True})


def _run(script: str, received: Received = NEW, lookups: dict[Lookup, JsonValue] | None = None, around: Surroundings = FIRST) -> Outcome:
    return run_incoming(compile_rule(script, "incoming"), received, around, lookups or {})


@pytest.mark.parametrize(
    "asking",
    [
        "issue.labels = [issue.key]",
        "issue.labels = [issue.id]",
        "try { issue.labels = [issue.key] } catch (Exception e) { issue.labels = ['caught'] }",
        "httpClient.post('/x', '{}')",
        "[1].each { httpClient.http('DELETE', '/x') }",
    ],
)
def test_it_ends_where_it_needs_the_item(asking: str) -> None:
    found = _run(f"issue.summary = replica.summary\nstore(issue)\n{asking}\nissue.description = 'later'")
    assert (found.goes_on, found.fields) == (True, {"summary": "Printer"})


@pytest.mark.parametrize(
    "script",
    [
        "issue.summary = 'a'\nstore(issue)\nissue.description = issue.summary\nhttpClient",
        "issue.summary = issue.key\nstore(issue)",
        "issue.key = 'ACME-1'\nstore(issue)\nissue.summary = issue.key",
    ],
)
def test_it_comes_to_its_end_where_it_does_not(script: str) -> None:
    assert not _run(script).goes_on


def test_an_item_that_is_there_is_asked_and_written_to() -> None:
    script = "store(issue)\nissue.summary = issue.key\nhttpClient.put('/x', '{}')\nissue.labels = ['b']"
    there = NEW.model_copy(update={"item": an_item()})
    with pytest.raises(Needed) as needed:
        _run(script, there)
    found = _run(script, there, {key: {"code": 204, "body": None, "headers": {}} for key in needed.value.lookups})
    assert not found.goes_on
    assert found.fields["summary"] == an_item().ref.key


def test_what_follows_a_write_is_asked_anew() -> None:
    script = "2.times { httpClient.get('/x'); httpClient.post('/x', 'a') }"
    asked: dict[Lookup, JsonValue] = {}
    there = NEW.model_copy(update={"item": an_item()})
    while True:
        try:
            _run(script, there, asked)
            break
        except Needed as needed:
            asked |= {key: {"code": 200, "body": {}, "headers": {}} for key in needed.lookups}
    assert [(one.arguments[0], *one.arguments[5:]) for one in asked] == [("GET",), ("POST",), ("GET", "1"), ("POST", "1")]
