"""What a project of the fake organization is made of: areas and iterations, teams, tags, categories of types.

https://learn.microsoft.com/rest/api/azure/devops/wit/classification-nodes?view=azure-devops-rest-7.1
"""

import uuid
from collections.abc import Sequence

from pydantic import JsonValue
from starlette.responses import Response

from connectors.azure_devops.fake_call import Call, Problem, Resource, answer, enumerated, listed
from connectors.azure_devops.fake_meta import no_project
from connectors.azure_devops.fake_render import person
from connectors.azure_devops.fake_state import Object, Project

NODES = "wit/classificationnodes"
GROUPS = ("areas", "iterations")
CATEGORIES = {"Bug": "Bug", "Task": "Task", "Epic": "Epic", "Feature": "Feature"}
OTHERS = "Requirement"


def resources() -> list[Resource]:
    return [
        Resource("GET", NODES, roots, scoped=True),
        Resource("GET", NODES + "/{group}", node, scoped=True),
        Resource("GET", NODES + "/{group}/{*node}", node, scoped=True),
        Resource("GET", "wit/tags", tags, preview=True, scoped=True),
        Resource("GET", "wit/tags/{tag}", tag, preview=True, scoped=True),
        Resource("GET", "wit/workitemtypecategories", categories, scoped=True),
        Resource("GET", "wit/workitemtypecategories/{category}", category, scoped=True),
        Resource("GET", "teams", all_teams, preview=True),
        Resource("GET", "projects/{id}/teams", teams),
        Resource("GET", "projects/{id}/teams/{team}", team),
        Resource("GET", "projects/{id}/teams/{team}/members", members),
    ]


def _guid(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(parts)))


def _node(call: Call, group: str, path: str, depth: int) -> Object:
    """Areas and iterations have the same names here. Their paths name the kind below the project."""
    name, kind = path.rpartition("\\")[2], group.removesuffix("s")
    below = sorted(one for one in call.organization.nodes if one.startswith(f"{path}\\") and "\\" not in one.removeprefix(f"{path}\\"))
    project, _, rest = path.partition("\\")
    places = "/".join(rest.split("\\")) if rest else ""
    shown: Object = {
        "id": sorted(call.organization.nodes).index(path) * 2 + GROUPS.index(group) + 1,
        "identifier": call.organization.node_id(path) if group == "areas" else _guid(group, path),
        "name": name,
        "structureType": kind,
        "hasChildren": bool(below),
        "path": "\\".join(("", project, kind.title(), *([rest] if rest else []))),
        "url": f"{call.base}/{call.scope().id}/_apis/wit/classificationNodes/{group.title()}{'/' if places else ''}{places}",
    }
    return {**shown, "children": [_node(call, group, one, depth - 1) for one in below]} if below and depth > 0 else shown


async def roots(call: Call) -> Response:
    """Or the nodes of `ids`."""
    depth = call.number("$depth", 0, 20)
    wanted = [int(one) for one in call.asked("ids").split(",") if one.strip().isdigit()]
    if not wanted:
        return listed([_node(call, group, call.scope().name, depth) for group in GROUPS])
    nodes = [_node(call, group, path, depth) for group in GROUPS for path in sorted(call.organization.nodes)]
    return listed([one for one in nodes if one["id"] in wanted])


async def node(call: Call) -> Response:
    group = enumerated(call.values["group"], GROUPS)
    name = call.values.get("node", "").strip("/").replace("/", "\\")
    path = f"{call.scope().name}\\{name}" if name else call.scope().name
    found = next((one for one in call.organization.nodes if one.casefold() == path.casefold()), None)
    if group not in GROUPS or found is None:
        message = f"VS402485: The {group} node {path!r} was not found, or you do not have permissions to access it."
        raise Problem(404, "WorkItemTrackingTreeNodeNotFoundException", message)
    return answer(_node(call, group, found, call.number("$depth", 0, 20)))


def _tag(call: Call, name: str) -> Object:
    identity = _guid("tag", name.casefold())
    return {"id": identity, "name": name, "url": f"{call.base}/{call.scope().id}/_apis/wit/tags/{identity}"}


async def tags(call: Call) -> Response:
    return listed([_tag(call, one) for one in sorted(call.organization.tags.values(), key=str.casefold)])


async def tag(call: Call) -> Response:
    wanted = call.values["tag"].casefold()
    found = next((one for one in call.organization.tags.values() if wanted in {one.casefold(), _guid("tag", one.casefold())}), None)
    if found is None:
        raise Problem(404, "TagNotFoundException", f"VS404102: The tag {call.values['tag']} was not found.")
    return answer(_tag(call, found))


def _categories(call: Call) -> list[Object]:
    project, found = call.scope(), dict[str, list[JsonValue]]()
    for one in project.types:
        shown: Object = {"name": one.name, "url": f"{call.base}/{project.id}/_apis/wit/workItemTypes/{one.name}"}
        found.setdefault(CATEGORIES.get(one.name, OTHERS), []).append(shown)
    base = f"{call.base}/{project.id}/_apis/wit/workItemTypeCategories"
    return [
        {
            "name": f"{name} Category",
            "referenceName": f"Microsoft.{name}Category",
            "defaultWorkItemType": kinds[0],
            "workItemTypes": kinds,
            "url": f"{base}/Microsoft.{name}Category",
        }
        for name, kinds in found.items()
    ]


async def categories(call: Call) -> Response:
    return listed([*_categories(call)])


async def category(call: Call) -> Response:
    wanted = call.values["category"].casefold()
    found = next((one for one in _categories(call) if wanted in {str(one["name"]).casefold(), str(one["referenceName"]).casefold()}), None)
    if found is None:
        message = f"VS402324: Work item type category {call.values['category']} does not exist in project {call.scope().name}."
        raise Problem(404, "WorkItemTypeCategoryNotFoundException", message)
    return answer(found)


def _team(call: Call, project: Project) -> Object:
    """The one that each project begins with, of everybody."""
    identity = _guid("team", project.id)
    return {
        "id": identity,
        "name": f"{project.name} Team",
        "url": f"{call.base}/_apis/projects/{project.id}/teams/{identity}",
        "description": "The default project team.",
        "identityUrl": f"{call.base}/_apis/Identities/{identity}",
        "projectName": project.name,
        "projectId": project.id,
    }


def _project(call: Call) -> Project:
    found = call.organization.project(call.values["id"])
    if found is None:
        raise no_project(call.values["id"])
    return found


def _page(call: Call, values: Sequence[JsonValue]) -> Response:
    start = call.number("$skip", 0, len(values))
    return listed([*values[start : start + call.number("$top", 100, 1000)]])


async def all_teams(call: Call) -> Response:
    return _page(call, [_team(call, one) for one in call.organization.projects])


async def teams(call: Call) -> Response:
    return _page(call, [_team(call, _project(call))])


def _named(call: Call) -> Object:
    found = _team(call, _project(call))
    if call.values["team"].casefold() not in {str(found["id"]), str(found["name"]).casefold()}:
        message = f"TF400499: The team {call.values['team']} does not exist in project {found['projectName']}."
        raise Problem(404, "TeamNotFoundException", message, space="Core.WebApi")
    return found


async def team(call: Call) -> Response:
    return answer(_named(call))


async def members(call: Call) -> Response:
    _named(call)
    return _page(call, [{"isTeamAdmin": False, "identity": person(one, call.base)} for one in call.organization.users])
