"""Links are merged one by one: what the source adds and removes, and nothing of what is the target's own."""

from dataclasses import replace

import pytest
from pydantic import JsonValue
from sync_samples import abilities, item, judge, situation

from model.agreement import Agreed, Base
from model.errors import Refused
from model.item import Fields
from model.links import LINKS, LinkType, change_between, each_once, identity, links_in
from model.plan import Acknowledgement, CreateItem, UpdateItem
from sync.canonical import same
from sync.links import MergedLinks, merge_links
from sync.merge import merge
from sync.plan import Wishes, make_plan
from sync.settle import outcome_of_update, settle

BLOCKS = LinkType(name="Blocks", outward="blocks", inward="is blocked by")
RELATES = LinkType(name="Relates", outward="relates to", inward="relates to")
ONE, TWO, OWN = BLOCKS.link("1", outward=True), BLOCKS.link("2", outward=False), RELATES.link("9", outward=True)


def links(*several: Fields) -> list[JsonValue]:
    return list(several)


def written(*, added: tuple[Fields, ...] = (), removed: tuple[Fields, ...] = ()) -> JsonValue:
    return {"added": links(*added), "removed": links(*removed)}


@pytest.mark.parametrize(
    ("asked", "theirs", "ours", "write", "got"),
    [
        pytest.param([ONE], [ONE], [], None, None, id="nothing new, though a person removed it"),
        pytest.param([], [ONE], [], written(added=(ONE,)), [ONE], id="added"),
        pytest.param([], [ONE], [OWN], written(added=(ONE,)), [ONE], id="a person's own link there stays, and is not agreed"),
        pytest.param([], [ONE], [ONE], None, [ONE], id="there already"),
        pytest.param([ONE, TWO], [TWO], [ONE, TWO, OWN], written(removed=(ONE,)), [TWO], id="removed"),
        pytest.param([ONE], [], [OWN], None, [], id="gone already"),
        pytest.param([ONE], [TWO], [ONE], written(added=(TWO,), removed=(ONE,)), [TWO], id="another one instead"),
        pytest.param(None, [ONE], None, written(added=(ONE,)), [ONE], id="never agreed"),
    ],
)
def test_links_are_merged_one_by_one(asked: JsonValue, theirs: JsonValue, ours: JsonValue, write: JsonValue, got: JsonValue) -> None:
    known = None if asked is None else Agreed(asked=asked, got=asked)
    found = merge_links(theirs, ours, known, asked)
    assert found == MergedLinks(write, None if got is None else Agreed(asked=theirs, got=got))


def test_an_item_without_links_is_agreed_on_that() -> None:
    assert merge_links([], [OWN], None, [OWN]) == MergedLinks(None, Agreed(asked=[], got=[OWN]))


def test_links_are_never_in_conflict() -> None:
    base = Base(agreed={LINKS: Agreed(asked=links(ONE), got=links(ONE)), "summary": Agreed(asked="old", got="old")})
    merged = merge({LINKS: links(TWO), "summary": "new"}, {LINKS: links(ONE, OWN), "summary": "old"}, base, judge())
    assert merged.writes == {LINKS: written(added=(TWO,), removed=(ONE,)), "summary": "new"}
    assert merged.conflicts == ()
    assert merged.agreed[LINKS] == Agreed(asked=links(TWO), got=links(TWO))


def test_links_that_nobody_asked_for_anew_leave_the_base_alone() -> None:
    base = Base(agreed={LINKS: Agreed(asked=links(ONE), got=links(ONE))})
    merged = merge({LINKS: links(ONE)}, {LINKS: links(OWN)}, base, judge())
    assert (merged.writes, merged.agreed) == ({}, {})


@pytest.mark.parametrize("apart", [frozenset[str](), frozenset({LINKS})])
def test_links_have_a_call_of_their_own(apart: frozenset[str]) -> None:
    can = replace(abilities(links=True), apart=apart)
    wishes = Wishes(fields={"summary": "Anvil", LINKS: links(ONE)})
    alone = UpdateItem(fields={LINKS: written(added=(ONE,))})
    created = make_plan(situation(None, can=can), wishes)
    assert created.steps == (CreateItem(fields={"summary": "Anvil"}), alone)
    assert created.agreed[LINKS] == Agreed(asked=links(ONE), got=links(ONE))
    assert make_plan(situation(item(), can=can), wishes).steps == (UpdateItem(fields={"summary": "Anvil"}), alone)


def test_a_new_item_without_links_needs_no_call_for_them() -> None:
    can = abilities(links=True)
    assert make_plan(situation(None, can=can), Wishes(fields={LINKS: []})).steps == (CreateItem(fields={}),)


def test_a_platform_without_links_is_told_from_one_that_has_them() -> None:
    with pytest.raises(Refused) as caught:
        make_plan(situation(item(), can=abilities(own_fields=True)), Wishes(fields={LINKS: []}))
    assert (caught.value.field, caught.value.message.split(";")[0]) == (LINKS, "acme-jira has no links between items")


def test_what_is_settled_is_ours_and_not_what_a_person_added_meanwhile() -> None:
    can = abilities(links=True)
    base = Base(item=item({LINKS: links(TWO)}), agreed={LINKS: Agreed(asked=links(TWO), got=links(TWO))})
    plan = make_plan(situation(item({LINKS: links(TWO, OWN)}), can=can, right=base), Wishes(fields={LINKS: links(TWO, ONE)}))
    [step] = plan.steps
    answer = Acknowledgement(id="1", item_id="1", version="v2", fields={LINKS: links(TWO, OWN, ONE)})
    settled = settle(plan, base, (), [(step, answer)], complete=True)
    assert settled.agreed[LINKS] == Agreed(asked=links(TWO, ONE), got=links(TWO, ONE))
    assert settled.item is not None
    assert settled.item.fields[LINKS] == links(TWO, ONE)
    assert (settled.written, settled.item.version) == ((LINKS,), "v2")


@pytest.mark.parametrize(
    ("now", "outcome"),
    [([ONE, OWN], True), ([ONE, TWO], False), ([], False), (None, False)],
)
def test_an_update_of_links_happened_where_they_are_as_asked(now: JsonValue, outcome: bool) -> None:
    step = UpdateItem(fields={LINKS: written(added=(ONE,), removed=(TWO,))})
    assert outcome_of_update(step, None, item({LINKS: now})) is outcome


def test_what_a_platform_knows_of_a_link_besides_does_not_count() -> None:
    assert same(links({**ONE, "id": "10400", "otherIssueKey": "ACME-1"}, TWO), links(TWO, ONE))
    assert not same(links(ONE), links({**ONE, "isOutward": False}))
    assert not same(links(ONE), links({**ONE, "linkTypeName": "Relates"}))


def test_a_type_that_reads_the_same_from_both_ends_has_no_direction() -> None:
    assert RELATES.link("9", outward=False) == OWN
    assert TWO == {"otherIssueId": "2", "linkTypeName": "Blocks", "linkName": "is blocked by", "isOutward": False}


def test_a_link_may_name_its_type_in_words_only() -> None:
    assert identity({"otherIssueId": 7, "linkName": "Blocks"}) == identity(
        {"otherIssueId": "7", "linkTypeName": "blocks", "isOutward": True}
    )


def test_links_that_stand_there_twice_are_one() -> None:
    assert each_once([ONE, TWO, {**ONE, "id": "1"}]) == (ONE, TWO)
    assert change_between([], [ONE, ONE]).added == (ONE,)


@pytest.mark.parametrize("value", [None, "", ["1"], [{"linkName": "blocks"}]])
def test_what_is_no_link_is_left_out(value: JsonValue) -> None:
    assert links_in(value) == ()
