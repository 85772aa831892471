"""Links between items, as the property `issueLinks` has them on every platform.

A link is `{"otherIssueId", "linkTypeName", "isOutward", "linkName"}`: the item at its other end, the platform's name of the type, and what
this item is to the other one in words. A type that reads the same from both ends has no direction: its links are outward from either end.

In an update the property is not the list but what is to become of it, `{"added": [...], "removed": [...]}`. What is there already is not
added again, what is gone counts as removed, and links that are in neither list are left alone.
"""

from collections.abc import Iterable

from pydantic import JsonValue

from model.frozen import Frozen
from model.item import Fields

LINKS = "issueLinks"
Identity = tuple[str, str, bool]


class LinkType(Frozen):
    """A platform's type of links: `outward` is what an item is to the one that it is linked to, `inward` that one to it."""

    name: str
    outward: str
    inward: str

    @property
    def directed(self) -> bool:
        return self.outward != self.inward

    def link(self, other: str, *, outward: bool) -> Fields:
        """To the item of that id."""
        out = outward or not self.directed
        return {"otherIssueId": other, "linkTypeName": self.name, "linkName": self.outward if out else self.inward, "isOutward": out}


class LinkChange(Frozen):
    added: tuple[Fields, ...] = ()
    removed: tuple[Fields, ...] = ()

    def missing(self, there: JsonValue) -> tuple[Fields, ...]:
        """What is still to be added to the links that are there."""
        known = {identity(one) for one in links_in(there)}
        return tuple(one for one in self.added if identity(one) not in known)

    def left(self, there: JsonValue) -> tuple[Fields, ...]:
        """Of the links that are there, what is still to be removed."""
        unwanted = {identity(one) for one in self.removed}
        return tuple(one for one in links_in(there) if identity(one) in unwanted)

    def applied(self, there: JsonValue) -> list[JsonValue]:
        """The links that are there, once it is made."""
        gone = {identity(one) for one in self.removed}
        return [*(one for one in links_in(there) if identity(one) not in gone), *self.missing(there)]

    def as_field(self) -> JsonValue:
        return {"added": list[JsonValue](self.added), "removed": list[JsonValue](self.removed)}


def links_in(value: JsonValue) -> tuple[Fields, ...]:
    """The links of a property; none where it is no list of them."""
    return tuple(one for one in value if isinstance(one, dict) and one.get("otherIssueId")) if isinstance(value, list) else ()


def identity(link: Fields) -> Identity:
    """What two links that are the same have in common. One that does not tell its direction is outward."""
    kind = link.get("linkTypeName") or link.get("linkName") or ""
    return str(link["otherIssueId"]), str(kind).casefold(), link.get("isOutward") is not False


def each_once(links: Iterable[Fields]) -> tuple[Fields, ...]:
    """The first of each, in order."""
    found: dict[Identity, Fields] = {}
    for one in links:
        found.setdefault(identity(one), one)
    return tuple(found.values())


def change_between(before: JsonValue, after: JsonValue) -> LinkChange:
    """What makes one list of links of the other."""
    had, has = links_in(before), each_once(links_in(after))
    old, new = {identity(one) for one in had}, {identity(one) for one in has}
    return LinkChange(
        added=tuple(one for one in has if identity(one) not in old), removed=tuple(one for one in had if identity(one) not in new)
    )
