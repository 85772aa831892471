"""What a project of the fake organization is made of: teams, tags, categories of types.

https://learn.microsoft.com/rest/api/azure/devops/core/teams?view=azure-devops-rest-7.1
"""

import uuid
from collections.abc import Sequence

from pydantic import JsonValue
from starlette.responses import Response

from connectors.azure_devops.fake_call import Call, Problem, Resource, answer, bad_parameter, listed
from connectors.azure_devops.fake_meta import no_project
from connectors.azure_devops.fake_process import PROCESSES
from connectors.azure_devops.fake_render import person
from connectors.azure_devops.fake_state import Object, Project

CATEGORIES = {"Bug": "Bug", "Task": "Task", "Epic": "Epic", "Feature": "Feature"}
OTHERS = "Requirement"


def resources() -> list[Resource]:
    return [
        Resource("GET", "wit/tags", tags, preview=True, scoped=True),
        Resource("GET PATCH DELETE", "wit/tags/{tag}", tag, preview=True, scoped=True),
        Resource("GET", "wit/workitemtypecategories", categories, scoped=True),
        Resource("GET", "wit/workitemtypecategories/{category}", category, scoped=True),
        Resource("GET", "process/processes", processes),
        Resource("GET", "process/processes/{id}", one_process),
        Resource("GET", "projects/{id}/properties", properties, preview=True),
        Resource("GET", "wit/templates", no_templates, scoped=True),
        Resource("GET", "teams", all_teams, preview=True),
        Resource("GET", "projects/{id}/teams", teams),
        Resource("GET", "projects/{id}/teams/{team}", team),
        Resource("GET", "projects/{id}/teams/{team}/members", members),
    ]


def _guid(*parts: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(parts)))


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
    if call.request.method == "DELETE":
        _retag(call, found, "")
        return Response(status_code=204)
    if call.request.method == "PATCH":
        name = str(call.body.get("name") or "").strip()
        if not name or {",", ";"} & set(name):
            raise bad_parameter(f"VS403349: The tag name {name!r} is not valid.")
        if name.casefold() != found.casefold() and name.casefold() in call.organization.tags:
            raise Problem(409, "DuplicateTagNameException", f"VS403350: A tag {name} exists already.")
        _retag(call, found, name)
        found = name
    return answer(_tag(call, found))


def _retag(call: Call, before: str, after: str) -> None:
    """Another name of a tag, or none, for all items that have it."""
    organization = call.organization
    del organization.tags[before.casefold()]
    if after:
        organization.tags[after.casefold()] = after
    for item in organization.items.values():
        names = [one.strip() for one in str(item.now.fields.get("System.Tags", "")).split(";") if one.strip()]
        if before.casefold() in {one.casefold() for one in names}:
            kept = [after if one.casefold() == before.casefold() else one for one in names]
            fields = {name: value for name, value in item.now.fields.items() if name != "System.Tags"}
            if any(kept):
                fields["System.Tags"] = "; ".join(sorted(filter(None, kept), key=str.casefold))
            organization.revise(item, call.user, fields, item.now.relations, deleted=item.deleted)


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


def _process(call: Call, name: str) -> Object:
    identity = _guid("process", name)
    return {
        "id": identity,
        "name": name,
        "description": f"The process {name}.",
        "type": "system",
        "isDefault": name == "Agile",
        "url": f"{call.base}/_apis/process/processes/{identity}",
    }


async def processes(call: Call) -> Response:
    return listed([_process(call, one) for one in PROCESSES])


async def one_process(call: Call) -> Response:
    found = next((one for one in PROCESSES if _guid("process", one) == call.values["id"].lower()), None)
    if found is None:
        raise Problem(404, "ProcessNotFoundException", f"VS402300: The process {call.values['id']} does not exist.", space="Core.WebApi")
    return answer(_process(call, found))


async def properties(call: Call) -> Response:
    process = _project(call).process
    told = {"System.CurrentProcessTemplateId": _guid("process", process), "System.Process Template": process}
    return listed([{"name": name, "value": value} for name, value in told.items()])


async def no_templates(call: Call) -> Response:
    del call
    return listed([])


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
