"""The merge of links: each is a thing of its own, so two edits of the list never are in conflict.

What the rule asks for besides what it asked for at last agreement is added, what it no longer asks for is removed. All other links of the
target are the target's own and stay.
"""

from dataclasses import dataclass

from pydantic import JsonValue

from model.agreement import Agreed
from model.item import Fields, Item
from model.links import LINKS, LinkChange, change_between


@dataclass(frozen=True)
class MergedLinks:
    """`write` is what an update is to do; None where the target has it all. `agreed` is None where nothing was asked for anew."""

    write: JsonValue
    agreed: Agreed | None


def merge_links(theirs: JsonValue, ours: JsonValue, known: Agreed | None, got: JsonValue) -> MergedLinks:
    """`got` is what the target had at last agreement: links that a person made there since are not in the new base, so that they travel."""
    change = change_between(known.asked if known else None, theirs)
    if not change.added and not change.removed:
        return MergedLinks(None, None if known else Agreed(asked=theirs, got=got))
    agreed = Agreed(asked=theirs, got=change.applied(got))
    open_still = LinkChange(added=change.missing(ours), removed=change.left(ours))
    return MergedLinks(open_still.as_field() if open_still != LinkChange() else None, agreed)


def first_links(value: JsonValue) -> Fields:
    """What an update of a new item is to do; nothing where there are no links."""
    change = change_between(None, value)
    return {LINKS: change.as_field()} if change.added else {}


def links_happened(change: JsonValue, now: Item) -> bool:
    """Whether the item's links are as the update was to make them. It is repeated where they are not: it adds and removes nothing twice."""
    asked, there = _parsed(change), now.fields.get(LINKS)
    return not asked.missing(there) and not asked.left(there)


def _parsed(change: JsonValue) -> LinkChange:
    return LinkChange.model_validate(change)
