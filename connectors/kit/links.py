"""What connectors share that link items: what an update asks for, in the types of their platform."""

from collections.abc import Iterable, Sequence

from pydantic import JsonValue, ValidationError

from model.errors import Refused
from model.item import Fields
from model.links import LINKS, LinkChange, LinkType, links_in

TYPES = "link_types"


def as_answer(types: Iterable[LinkType]) -> JsonValue:
    """To the question `link_types`."""
    return [one.model_dump() for one in types]


def change_of(system: str, value: JsonValue, types: Sequence[LinkType]) -> LinkChange:
    """What the update is to do. Refused, with the types that there are, where it names another one."""
    try:
        asked = LinkChange.model_validate(value)
    except ValidationError as error:
        raise Refused(f"{system}: {LINKS!r} is written as what to add and what to remove, not as {value!r}", LINKS) from error
    return LinkChange(
        added=tuple(_typed(system, one, types) for one in links_in([*asked.added])),
        removed=tuple(_typed(system, one, types) for one in links_in([*asked.removed])),
    )


def absent(system: str, other: JsonValue) -> Refused:
    """There is no such item to link to."""
    return Refused(f"{system} has no item {other!r} to link to; bring that under sync first", LINKS)


def between(there: JsonValue, other: JsonValue) -> tuple[Fields, ...]:
    """The links that lead to that item."""
    return tuple(one for one in links_in(there) if str(one["otherIssueId"]) == str(other))


def _typed(system: str, link: Fields, types: Sequence[LinkType]) -> Fields:
    name, words, outward = str(link.get("linkTypeName") or ""), str(link.get("linkName") or ""), link.get("isOutward") is not False
    for one in types:
        if one.name.casefold() == name.casefold():
            return one.link(str(link["otherIssueId"]), outward=outward)
    for one in types:
        for said, out in ((one.outward, True), (one.inward, False)):
            if said.casefold() == words.casefold():
                return one.link(str(link["otherIssueId"]), outward=out)
    known = ", ".join(repr(one.name) for one in types) or "none"
    raise Refused(f"{system} has no type of links {name or words!r} (types: {known}); map it in the incoming rules", LINKS)
