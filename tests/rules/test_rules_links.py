"""`nodeHelper.mergeLinks`: the other side's links as links of this one."""

import pytest
from pydantic import JsonValue

from model.errors import ScriptFailed
from model.item import Fields
from model.links import LinkType
from rules.interface import Lookup, Needed, Received
from tests.rules.conftest import RunIncoming, an_item

JIRA = (
    LinkType(name="Blocks", outward="blocks", inward="is blocked by"),
    LinkType(name="Duplicate", outward="duplicates", inward="is duplicated by"),
    LinkType(name="Relates", outward="relates to", inward="relates to"),
    LinkType(name="Causes", outward="causes", inward="is caused by"),
)
AZURE = (
    LinkType(name="System.LinkTypes.Related", outward="Related", inward="Related"),
    LinkType(name="System.LinkTypes.Dependency", outward="Successor", inward="Predecessor"),
    LinkType(name="System.LinkTypes.Duplicate", outward="Duplicate", inward="Duplicate Of"),
)
REDMINE = (
    LinkType(name="relates", outward="relates", inward="relates"),
    LinkType(name="precedes", outward="precedes", inward="follows"),
    LinkType(name="duplicates", outward="duplicates", inward="duplicated"),
)
GITHUB = (LinkType(name="blocks", outward="blocks", inward="blocked by"),)
MERGED = "issue.issueLinks = nodeHelper.mergeLinks(issue, replica)"


def link(other: str, name: str, words: str, *, outward: bool = True) -> Fields:
    return {"otherIssueId": other, "linkTypeName": name, "linkName": words, "isOutward": outward}


def merged(
    incoming: RunIncoming, remote: list[Fields], types: tuple[LinkType, ...] = JIRA, *, here: tuple[Fields, ...] = (), script: str = MERGED
) -> JsonValue:
    """What becomes of the other side's links: its items 1, 2 and 4 have the copies 1001, 1002 and 1004, links to 4 are not ours."""
    item = an_item()
    item = item.model_copy(update={"fields": {**item.fields, "issueLinks": list[JsonValue](here)}})
    answers: dict[tuple[str, ...], JsonValue] = {
        ("link_types",): [one.model_dump() for one in types],
        ("linked_item", "1"): {"id": "1001", "key": "ACME-1", "urn": "ACME-1", "carries": True},
        ("linked_item", "2"): {"id": "1002", "key": "ACME-2", "urn": "ACME-2", "carries": True},
        ("linked_item", "3"): None,
        ("linked_item", "4"): {"id": "1004", "key": "ACME-4", "urn": "ACME-4", "carries": False},
    }
    replica: Fields = {"issueLinks": list[JsonValue](remote)}
    return incoming(script, Received(replica=replica, previous={}, item=item), answers).fields.get("issueLinks")


@pytest.mark.parametrize(
    ("remote", "types", "expected"),
    [
        (link("1", "Blocks", "blocks"), JIRA, link("1001", "Blocks", "blocks")),
        (link("1", "Blocks", "is blocked by", outward=False), JIRA, link("1001", "Blocks", "is blocked by", outward=False)),
        (link("1", "Blocks", "blocks"), AZURE, link("1001", "System.LinkTypes.Dependency", "Successor")),
        (link("1", "Blocks", "is blocked by", outward=False), GITHUB, link("1001", "blocks", "blocked by", outward=False)),
        (link("1", "Blocks", "blocks"), REDMINE, link("1001", "precedes", "precedes")),
        (link("1", "Duplicate", "duplicates"), AZURE, link("1001", "System.LinkTypes.Duplicate", "Duplicate Of", outward=False)),
        (link("1", "System.LinkTypes.Duplicate", "Duplicate"), JIRA, link("1001", "Duplicate", "is duplicated by", outward=False)),
        (link("1", "duplicates", "duplicated", outward=False), JIRA, link("1001", "Duplicate", "is duplicated by", outward=False)),
        (link("1", "copied_to", "copied_to"), JIRA, link("1001", "Relates", "relates to")),
        (link("1", "Causes", "is caused by", outward=False), AZURE, link("1001", "System.LinkTypes.Related", "Related")),
        (link("1", "Blocks", "", outward=False), AZURE, link("1001", "System.LinkTypes.Dependency", "Predecessor", outward=False)),
        (link("1", "Own type", "is like"), JIRA, link("1001", "Relates", "relates to")),
    ],
)
def test_a_link_comes_in_a_type_of_this_side(incoming: RunIncoming, remote: Fields, types: tuple[LinkType, ...], expected: Fields) -> None:
    assert merged(incoming, [remote], types) == [expected]


@pytest.mark.parametrize(
    ("remote", "types"),
    [
        pytest.param(link("3", "Blocks", "blocks"), JIRA, id="an item without a copy"),
        pytest.param(link("1", "System.LinkTypes.Hierarchy", "Child"), JIRA, id="what belongs to a parent"),
        pytest.param(link("1", "Relates", "relates to"), GITHUB, id="no type for it, nor a plain one"),
        pytest.param(link("1", "Blocks", "blocks"), (), id="a platform without links"),
        pytest.param({"linkName": "blocks", "url": "https://acme.test"}, JIRA, id="a link to elsewhere"),
    ],
)
def test_a_link_is_left_out(incoming: RunIncoming, remote: Fields, types: tuple[LinkType, ...]) -> None:
    assert merged(incoming, [remote], types) == []


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("['Causes': 'Blocks']", [link("1001", "Blocks", "blocks")]),
        ("['causes': 'is blocked by']", [link("1001", "Blocks", "is blocked by", outward=False)]),
        ("['Causes': null]", []),
        ("['Other': 'Blocks']", [link("1001", "Causes", "causes")]),
    ],
)
def test_a_map_says_which_type_is_meant(incoming: RunIncoming, names: str, expected: list[Fields]) -> None:
    script = f"issue.issueLinks = nodeHelper.mergeLinks(issue, replica, {names})"
    assert merged(incoming, [link("1", "Causes", "causes")], script=script) == expected


@pytest.mark.parametrize(
    ("remote", "here"),
    [
        pytest.param(link("1", "Blocks", "blocks"), link("1001", "precedes", "precedes"), id="one that means the same"),
        pytest.param(link("1", "Relates", "relates to"), link("1001", "blocks", "blocks"), id="any for a plain one"),
    ],
)
def test_a_link_that_is_there_stands_for_another(incoming: RunIncoming, remote: Fields, here: Fields) -> None:
    types = (*REDMINE, LinkType(name="blocks", outward="blocks", inward="blocked"))
    assert merged(incoming, [remote], types, here=(here,)) == [here]


def test_what_belongs_to_a_parent_stands_for_no_link(incoming: RunIncoming) -> None:
    child = link("1001", "System.LinkTypes.Hierarchy", "Child")
    plain = link("1001", "System.LinkTypes.Related", "Related")
    assert merged(incoming, [link("1", "Relates", "relates to")], AZURE, here=(child,)) == [plain]


def test_a_link_that_is_anothers_business_is_not_made_but_stays(incoming: RunIncoming) -> None:
    remote, there = link("4", "Blocks", "blocks"), link("1004", "Blocks", "blocks")
    assert merged(incoming, [remote]) == []
    assert merged(incoming, [remote], here=(there,)) == [there]


def test_two_links_that_come_to_the_same_are_one(incoming: RunIncoming) -> None:
    remote = [link("1", "relates", "relates"), link("1", "copied_to", "copied_to"), link("2", "relates", "relates")]
    assert merged(incoming, remote) == [link("1001", "Relates", "relates to"), link("1002", "Relates", "relates to")]


def test_all_is_asked_at_once(incoming: RunIncoming) -> None:
    replica: Fields = {"issueLinks": [link("1", "Blocks", "blocks"), link("2", "Blocks", "blocks"), link("1", "Relates", "relates to")]}
    with pytest.raises(Needed) as caught:
        incoming(MERGED, Received(replica=replica, previous={}, item=None), {("link_types",): []})
    assert caught.value.lookups == (Lookup(name="linked_item", arguments=("1",)), Lookup(name="linked_item", arguments=("2",)))


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (
            "issue.issueLinks = replica.issueLinks",
            "the replica's links lead to items of the other side; write issue.issueLinks = nodeHelper.",
        ),
        ("nodeHelper.mergeLinks(replica, issue)", "mergeLinks() takes the issue and the replica: mergeLinks(issue, replica)"),
        ("nodeHelper.mergeLinks(issue, replica, 'Blocks')", "mergeLinks() takes a map of link types"),
        (
            "nodeHelper.mergeLinks(issue, replica, [Blocks: 'Blocker'])",
            "there is no type of links 'Blocker' here (types: 'Blocks', 'Duplicate', 'Relates', 'Causes'); correct the map",
        ),
    ],
)
def test_what_a_script_gets_wrong(incoming: RunIncoming, script: str, said: str) -> None:
    with pytest.raises(ScriptFailed) as caught:
        merged(incoming, [link("1", "Blocks", "blocks")], script=script)
    assert said in caught.value.message
