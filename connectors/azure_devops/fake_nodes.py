"""Areas and iterations of the fake organization's projects.

https://learn.microsoft.com/rest/api/azure/devops/wit/classification-nodes?view=azure-devops-rest-7.1
"""

import uuid

from starlette.responses import Response

from connectors.azure_devops.fake_call import Call, Problem, Resource, answer, bad_parameter, enumerated, listed
from connectors.azure_devops.fake_state import Object, Organization

NODES = "wit/classificationnodes"
GROUPS = ("areas", "iterations")
FIELDS = {"areas": "System.AreaPath", "iterations": "System.IterationPath"}
FORBIDDEN = frozenset('\\/$?*:"&<>#%|+')


def resources() -> list[Resource]:
    return [
        Resource("GET", NODES, roots, scoped=True),
        Resource("GET", NODES + "/{group}", node, scoped=True),
        Resource("GET", NODES + "/{group}/{*node}", node, scoped=True),
        Resource("POST", NODES + "/{group}", create, scoped=True),
        Resource("POST", NODES + "/{group}/{*node}", create, scoped=True),
        Resource("PATCH", NODES + "/{group}/{*node}", update, scoped=True),
        Resource("DELETE", NODES + "/{group}/{*node}", delete, scoped=True),
    ]


def identifier(organization: Organization, group: str, path: str) -> str:
    return organization.node_id(path) if group == "areas" else str(uuid.uuid5(uuid.NAMESPACE_URL, f"{group}/{path}"))


def shown(call: Call, group: str, path: str, depth: int) -> Object:
    """Paths name the kind below the project."""
    name, kind = path.rpartition("\\")[2], group.removesuffix("s")
    known = call.organization.nodes_of(group)
    below = sorted(one for one in known if one.startswith(f"{path}\\") and "\\" not in one.removeprefix(f"{path}\\"))
    project, _, rest = path.partition("\\")
    places = "/".join(rest.split("\\")) if rest else ""
    told: Object = {
        "id": call.organization.node_number(path) * 2 + GROUPS.index(group) + 1,
        "identifier": identifier(call.organization, group, path),
        "name": name,
        "structureType": kind,
        "hasChildren": bool(below),
        "path": "\\".join(("", project, kind.title(), *([rest] if rest else []))),
        "url": f"{call.base}/{call.scope().id}/_apis/wit/classificationNodes/{group.title()}{'/' if places else ''}{places}",
    }
    if group == "iterations" and path in call.organization.dates:
        told["attributes"] = {**call.organization.dates[path]}
    return {**told, "children": [shown(call, group, one, depth - 1) for one in below]} if below and depth > 0 else told


async def roots(call: Call) -> Response:
    """Or the nodes of `ids`."""
    depth = call.number("$depth", 0, 20)
    wanted = [int(one) for one in call.asked("ids").split(",") if one.strip().isdigit()]
    if not wanted:
        return listed([shown(call, group, call.scope().name, depth) for group in GROUPS])
    nodes = [shown(call, group, path, depth) for group in GROUPS for path in sorted(call.organization.nodes_of(group))]
    return listed([one for one in nodes if one["id"] in wanted])


async def node(call: Call) -> Response:
    group, path = _found(call)
    return answer(shown(call, group, path, call.number("$depth", 0, 20)))


def _found(call: Call) -> tuple[str, str]:
    """The group and the path that the address names."""
    group = enumerated(call.values["group"], GROUPS)
    name = call.values.get("node", "").strip("/").replace("/", "\\")
    path = f"{call.scope().name}\\{name}" if name else call.scope().name
    known = call.organization.nodes_of(group) if group in GROUPS else frozenset[str]()
    found = next((one for one in known if one.casefold() == path.casefold()), None)
    if found is None:
        message = f"VS402485: The {group} node {path!r} was not found, or you do not have permissions to access it."
        raise Problem(404, "WorkItemTrackingTreeNodeNotFoundException", message)
    return group, found


def _named(call: Call, group: str, parent: str) -> str:
    """The path of a node of the name that is sent below `parent`."""
    name = str(call.body.get("name") or "").strip()
    if not name or FORBIDDEN & set(name):
        raise bad_parameter(f"VS402375: The classification node name {name!r} is not valid.")
    path = f"{parent}\\{name}"
    if path.casefold() in {one.casefold() for one in call.organization.nodes_of(group)}:
        message = (
            f"VS402371: Classification node name {name} is already in use by a different child of parent classification node {parent}."
        )
        raise Problem(409, "ClassificationNodeDuplicateNameException", message)
    return path


def _date(call: Call, path: str) -> None:
    attributes = call.body.get("attributes")
    if isinstance(attributes, dict):
        told = {name: attributes[name] for name in ("startDate", "finishDate") if attributes.get(name)}
        call.organization.dates[path] = {**call.organization.dates.get(path, {}), **told}


async def create(call: Call) -> Response:
    """Below the node that the address names."""
    group, parent = _found(call)
    path = _named(call, group, parent)
    call.organization.add_node(group, path)
    if group == "iterations":
        _date(call, path)
    return answer(shown(call, group, path, 0), 201)


async def update(call: Call) -> Response:
    """Another name, with which the items and the nodes below go, or other dates."""
    group, path = _found(call)
    name = call.body.get("name")
    if isinstance(name, str) and name and name != path.rpartition("\\")[2]:
        renamed = _named(call, group, path.rpartition("\\")[0])
        for one in sorted(each for each in call.organization.nodes_of(group) if each == path or each.startswith(f"{path}\\")):
            call.organization.move_node(group, one, renamed + one.removeprefix(path))
        _reclassify(call, group, path, renamed)
        path = renamed
    if group == "iterations":
        _date(call, path)
    return answer(shown(call, group, path, 0))


async def delete(call: Call) -> Response:
    """The items go to the node of `$reclassifyId`, or where there is none to the project's root."""
    group, path = _found(call)
    wanted = call.number("$reclassifyId", 0, 10**9)
    places = {call.organization.node_number(one) * 2 + GROUPS.index(group) + 1: one for one in call.organization.nodes_of(group)}
    if wanted and wanted not in places:
        raise bad_parameter(f"VS402376: The classification node {wanted} to move the work items to does not exist.")
    target = places[wanted] if wanted else call.scope().name
    for one in [each for each in call.organization.nodes_of(group) if each == path or each.startswith(f"{path}\\")]:
        call.organization.drop_node(group, one)
    _reclassify(call, group, path, target, whole=True)
    return Response(status_code=204)


def _reclassify(call: Call, group: str, before: str, after: str, *, whole: bool = False) -> None:
    for item in call.organization.items.values():
        place = str(item.now.fields.get(FIELDS[group], ""))
        if place == before or place.startswith(f"{before}\\"):
            moved = after if whole else after + place.removeprefix(before)
            call.organization.revise(item, call.user, {**item.now.fields, FIELDS[group]: moved}, item.now.relations, deleted=item.deleted)
