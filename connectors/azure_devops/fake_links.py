"""Links between items, from both of their ends, and the queries about them.

https://learn.microsoft.com/azure/devops/boards/queries/wiql-syntax#query-for-links-between-work-items
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from connectors.azure_devops.fake_state import Object, Organization

TYPES = "System.LinkTypes."
INVERSE = {
    f"{TYPES}Hierarchy-Forward": f"{TYPES}Hierarchy-Reverse",
    f"{TYPES}Hierarchy-Reverse": f"{TYPES}Hierarchy-Forward",
    f"{TYPES}Dependency-Forward": f"{TYPES}Dependency-Reverse",
    f"{TYPES}Dependency-Reverse": f"{TYPES}Dependency-Forward",
    f"{TYPES}Duplicate-Forward": f"{TYPES}Duplicate-Reverse",
    f"{TYPES}Duplicate-Reverse": f"{TYPES}Duplicate-Forward",
    f"{TYPES}Related": f"{TYPES}Related",
}
TREE = f"{TYPES}Hierarchy-Forward"

Test = Callable[[Object], bool]


@dataclass(frozen=True)
class Link:
    source: int
    rel: str
    target: int


@dataclass(frozen=True)
class LinkQuery:
    """What is asked of the source, the link and the target; `mode` is in capitals."""

    source: Test
    link: Test
    target: Test
    mode: str


def links(organization: Organization) -> list[Link]:
    """Of items that are not in the recycle bin, each told from both ends."""
    found: dict[Link, None] = {}
    for item in organization.items.values():
        for one in item.now.relations:
            if item.deleted or one.rel not in INVERSE or organization.item(int(one.target)) is None:
                continue
            found[Link(item.id, one.rel, int(one.target))] = None
            found[Link(int(one.target), INVERSE[one.rel], item.id)] = None
    return list(found)


def answered(query: LinkQuery, known: Sequence[Link], fields: Mapping[int, Object]) -> list[JsonValue]:
    """`workItemRelations`: the sources without a link, each before its links; `fields` are in the order of the answer."""
    fitting = [one for one in known if one.source in fields and one.target in fields and query.link({"System.Links.LinkType": one.rel})]
    if query.mode.startswith("RECURSIVE") or "RETURNMATCHINGCHILDREN" in query.mode:
        return _tree(query, fitting, fields)
    rows: list[JsonValue] = []
    for number, values in fields.items():
        own = [one for one in _sorted(fitting, fields) if one.source == number and query.target(fields[one.target])]
        wanted = {"MAYCONTAIN": True, "DOESNOTCONTAIN": not own}.get(query.mode, bool(own))
        if query.source(values) and wanted:
            rows.append(_row(number))
            rows += [_row(one.target, one) for one in own if query.mode != "DOESNOTCONTAIN"]
    return rows


def _tree(query: LinkQuery, fitting: Sequence[Link], fields: Mapping[int, Object]) -> list[JsonValue]:
    """From the sources that are below no other one, down to whatever targets fit."""
    below = {one.target for one in fitting if query.source(fields[one.source]) and query.target(fields[one.target])}
    rows: list[JsonValue] = []
    seen: set[int] = set()

    def walk(number: int) -> None:
        seen.add(number)
        for one in _sorted(fitting, fields):
            if one.source == number and one.target not in seen and query.target(fields[one.target]):
                rows.append(_row(one.target, one))
                walk(one.target)

    for number, values in fields.items():
        if query.source(values) and number not in below and number not in seen:
            rows.append(_row(number))
            walk(number)
    return rows


def _sorted(known: Iterable[Link], fields: Mapping[int, Object]) -> list[Link]:
    order = {number: place for place, number in enumerate(fields)}
    return sorted(known, key=lambda one: order[one.target])


def _row(target: int, link: Link | None = None) -> Object:
    if link is None:
        return {"rel": None, "source": None, "target": {"id": target}}
    return {"rel": link.rel, "source": {"id": link.source}, "target": {"id": target}}
