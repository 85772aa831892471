"""Links between work items, as operations of one patch. Pure."""

from connectors.azure_devops import mapping, values
from connectors.azure_devops.payloads import WorkItemPayload
from model.item import Fields
from model.links import LinkChange, LinkType, identity

LINK_TYPES = (
    LinkType(name=f"{mapping.LINK}Related", outward="Related", inward="Related"),
    LinkType(name=f"{mapping.LINK}Dependency", outward="Successor", inward="Predecessor"),
    LinkType(name=f"{mapping.LINK}Duplicate", outward="Duplicate", inward="Duplicate Of"),
)
"""Those of https://learn.microsoft.com/azure/devops/boards/queries/link-type-reference that any process has, but for a parent's."""
_DIRECTED = frozenset(one.name for one in LINK_TYPES if one.directed)


def operations(item: WorkItemPayload, change: LinkChange, address: str) -> values.Operations:
    """What makes the change; a link is taken away by its place, which holds for the item's revision only."""
    there = mapping.links(item)
    unwanted = {identity(one) for one in change.left(there)}
    places = [place for place, one in enumerate(item.relations) if (link := mapping.link(one)) and identity(link) in unwanted]
    removals = [one for place in reversed(places) for one in values.unlink(place)]
    return [*removals, *(one for link in change.missing(there) for one in values.link(_relation(link), _address(link, address)))]


def _relation(link: Fields) -> str:
    name = str(link["linkTypeName"])
    return name if name not in _DIRECTED else f"{name}-Forward" if link["isOutward"] else f"{name}-Reverse"


def _address(link: Fields, address: str) -> str:
    return f"{address}/_apis/wit/workItems/{link['otherIssueId']}"
