"""One vocabulary: capabilities, their checks, quality.toml and the declarations agree."""

import pytest

from connectors import declarations
from connectors.kit.conformance.capability import FREE, MANDATORY, TITLES, Capability, declared
from connectors.kit.conformance.quality import Quality, faults, load, parse
from connectors.kit.conformance.suite import CHECKS
from connectors.kit.interface import Capabilities
from connectors.kit.registry import found
from model.errors import Misconfigured

PLAIN = Capabilities(
    writable=frozenset({"summary"}),
    status_by="field",
    created_with_status=False,
    comments=frozenset(),
    attachments=False,
    exact_versions=False,
    search_lag=0.0,
)
FULL = Capabilities(
    writable=frozenset({"summary"}),
    status_by="field",
    created_with_status=True,
    comments=frozenset({"internal", "edit", "delete"}),
    attachments=True,
    work_logs=True,
    links=True,
    exact_versions=True,
    search_lag=0.0,
    own_fields=True,
    compare_and_set=True,
    create_key=True,
    change_history=True,
    hooks=True,
    images="written",
)
GOOD = Quality(
    platform="Acme Tracker",
    versions=["1"],
    tried_on=[],
    fields_written=["summary"],
    supported=dict.fromkeys(map(str, sorted(MANDATORY)), ""),
    missing=dict.fromkeys(map(str, sorted(set(Capability) - MANDATORY)), "not there"),
)
TEXT = """
platform = "Acme Tracker"
versions = ["1"]
tried_on = []
fields_written = ["summary"]
[supported]
[missing]
"""


def test_every_capability_has_checks_and_a_title() -> None:
    assert set(CHECKS) == set(TITLES) == set(Capability)
    assert [name for name, checks in CHECKS.items() if not checks] == []
    every = [check for checks in CHECKS.values() for check in checks]
    assert len(every) == len(set(every))


def test_every_capability_is_declared_or_free() -> None:
    assert declared(PLAIN) == MANDATORY
    assert declared(FULL) | FREE == set(Capability)
    assert not declared(FULL) & FREE


@pytest.mark.parametrize("kind", declarations())
def test_a_connector_says_to_people_what_it_says_to_the_engine(kind: str) -> None:
    declared_there = declarations()[kind]
    assert faults(load(found(kind).package), declared_there.capabilities) == []
    assert declared_there.capabilities.hooks == (declared_there.hooks is not None)


def _with(**changed: object) -> Quality:
    return GOOD.model_copy(update=changed)


def test_a_file_that_agrees_has_no_faults() -> None:
    assert faults(GOOD, PLAIN) == []


@pytest.mark.parametrize(
    ("quality", "capabilities", "said"),
    [
        (_with(supported={**GOOD.supported, "telepathy": ""}), PLAIN, "'telepathy' is no capability"),
        (_with(supported={name: "" for name in GOOD.supported if name != "read"}), PLAIN, "the declaration has 'read'"),
        (GOOD, PLAIN.model_copy(update={"attachments": True}), "the declaration has 'attachments'"),
        (_with(supported={**GOOD.supported, "create_key": ""}), PLAIN, "names 'create_key', which the declaration does not have"),
        (_with(supported={**GOOD.supported, "users": ""}), PLAIN, "'users' is in [supported] and in [missing]"),
        (_with(missing={}), PLAIN, "nothing is said of 'attachments'"),
        (_with(fields_written=["summary", "due"]), PLAIN, "differ in: due"),
    ],
)
def test_what_does_not_agree_is_named(quality: Quality, capabilities: Capabilities, said: str) -> None:
    assert any(said in fault for fault in faults(quality, capabilities))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT.replace('["1"]', "1"), "versions"),
        (TEXT + "[tested]\nconnector = 'fake'", "tested"),
        (TEXT.replace("[supported]", "[supported]\nread = true"), "supported.read"),
        (TEXT + "[evidence]\nhearsay = 'x'", "evidence.hearsay"),
        (TEXT.replace('platform = "Acme Tracker"', ""), "platform"),
        ("platform =", "not TOML"),
    ],
)
def test_a_file_of_another_form_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        parse(text, "acme_tracker")


def test_a_file_of_that_form_is_read() -> None:
    assert parse(TEXT, "acme_tracker").platform == "Acme Tracker"
