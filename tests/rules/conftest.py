"""An item, its surroundings, and how to run a script on them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from model.item import Attachment, Comment, Fields, Item, ItemRef
from rules import Limits, compile_rule, run_incoming, run_outgoing
from rules.interface import Lookup, Outcome, Received, Surroundings
from tests.rules.groovy import Groovy, find_jars

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANN: JsonValue = {"key": "u1", "username": "ann", "email": "ann@acme.test", "displayName": "Ann Example"}
Evaluate = Callable[[str], JsonValue]
RunIncoming = Callable[..., Outcome]


def surroundings(*, first_sync: bool = False) -> Surroundings:
    return Surroundings(
        connection="acme-to-beta",
        local_system="acme",
        remote_system="beta",
        local_url="https://acme.test",
        first_sync=first_sync,
        now=NOW,
    )


def an_item() -> Item:
    fields: Fields = {
        "summary": "Printer on fire",
        "description": "It **burns**",
        "status": {"name": "Open", "id": "1", "category": "new"},
        "priority": {"name": "High", "id": "2"},
        "type": {"name": "Bug", "id": "3"},
        "project": {"key": "ACME", "name": "Acme", "id": "10"},
        "labels": [{"label": "fire"}, {"label": "office"}],
        "assignee": ANN,
        "reporter": None,
        "created": 1767225600000,
        "due": "2026-04-01",
        "Epic Link": "ACME-1",
        "Team": {"value": "Red", "child": {"value": "Crimson"}},
        "Points": 2.5,
    }
    return Item(
        ref=ItemRef(id="1001", key="ACME-7", url="https://acme.test/ACME-7"),
        version="1",
        updated=NOW,
        fields=fields,
        comments=(
            Comment(id="c1", body="Call #sync", author={"displayName": "Ann Example", "email": "ann@acme.test"}, created=NOW),
            Comment(id="c2", body="secret", internal=True),
        ),
        attachments=(Attachment(id="a1", filename="fire.png", mimetype="image/png", size=12),),
    )


@pytest.fixture
def item() -> Item:
    return an_item()


@pytest.fixture
def evaluate() -> Evaluate:
    """The value that a script leaves in `replica.r`."""

    def run(script: str) -> JsonValue:
        program = compile_rule(script, "outgoing")
        return run_outgoing(program, an_item(), surroundings(), {}, {}, limits=Limits(steps=200_000)).fields.get("r")

    return run


@pytest.fixture(scope="session")
def groovy() -> Iterator[Groovy]:
    jars, reason = find_jars()
    if not jars:
        pytest.skip(f"Groovy is not at hand: {reason}")
    server = Groovy(jars)
    yield server
    server.close()


@pytest.fixture
def incoming() -> RunIncoming:
    """Runs an incoming script on the item, or on none yet."""

    def run(
        script: str,
        received: Received,
        answers: Mapping[tuple[str, ...], JsonValue] | None = None,
        *,
        first_sync: bool = False,
    ) -> Outcome:
        lookups = {Lookup(name=name, arguments=tuple(rest)): answer for (name, *rest), answer in (answers or {}).items()}
        return run_incoming(compile_rule(script, "incoming"), received, surroundings(first_sync=first_sync), lookups)

    return run
