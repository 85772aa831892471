"""Versions and components of the fake site's projects.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-versions/ and api-group-project-components/
"""

from dataclasses import replace

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira.fake_call import Call, Problem, paged, route
from connectors.jira.fake_render import Object
from connectors.jira.fake_state import PARTS, Issue, Part, Project, Site

SCHEDULE = ("archived", "released", "startDate", "releaseDate")
"""What a version tells of its own besides its name."""


def routes(site: Site) -> list[Route]:
    return [
        route(site, "POST", "/version", create_version),
        route(site, "POST", "/component", create_component),
        route(site, "GET PUT DELETE", "/version/{part}", version),
        route(site, "GET PUT DELETE", "/component/{part}", component),
        route(site, "GET", "/version/{part}/relatedIssueCounts", version_counts),
        route(site, "GET", "/version/{part}/unresolvedIssueCount", unresolved_count),
        route(site, "GET", "/component/{part}/relatedIssueCounts", component_count),
        route(site, "GET", "/project/{project}/version", version_page),
        route(site, "GET", "/project/{project}/component", component_page),
        route(site, "GET", "/project/{project}/versions", versions),
        route(site, "GET", "/project/{project}/components", components),
    ]


async def create_version(call: Call) -> Response:
    body = call.body
    wanted = str(body.get("projectId") or body.get("project") or "")
    project = next((one for one in call.site.projects.values() if one.called(wanted)), None)
    if project is None:
        raise Problem(404, "The project does not exist or you do not have permission to create versions.")
    made = _made(call, project, "version", "A version with this name already exists in this project.")
    return JSONResponse(call.view.part(project, "version", made), 201)


async def create_component(call: Call) -> Response:
    project = call.project(str(call.body.get("project") or ""))
    name = call.body.get("name")
    made = _made(call, project, "component", f"A component with the name {name} already exists in this project.")
    return JSONResponse(call.view.part(project, "component", made), 201)


async def versions(call: Call) -> Response:
    return JSONResponse(call.view.parts(call.project(call.path("project")), "version"))


async def components(call: Call) -> Response:
    return JSONResponse(call.view.parts(call.project(call.path("project")), "component"))


async def version_page(call: Call) -> Response:
    return paged(call, call.view.parts(call.project(call.path("project")), "version"))


async def component_page(call: Call) -> Response:
    return paged(call, call.view.parts(call.project(call.path("project")), "component"))


async def version(call: Call) -> Response:
    return _one(call, "version")


async def component(call: Call) -> Response:
    return _one(call, "component")


async def version_counts(call: Call) -> Response:
    project, part = _found(call, "version")
    fixed, affected = (len(_naming(call, field, part)) for field in ("fixVersions", "versions"))
    told: Object = {"issuesFixedCount": fixed, "issuesAffectedCount": affected, "issueCountWithCustomFieldsShowingVersion": 0}
    return JSONResponse({"self": call.view.part(project, "version", part)["self"], **told})


async def unresolved_count(call: Call) -> Response:
    project, part = _found(call, "version")
    naming = _naming(call, "fixVersions", part)
    counts: Object = {"issuesUnresolvedCount": sum(one.resolution is None for one in naming), "issuesCount": len(naming)}
    return JSONResponse({"self": call.view.part(project, "version", part)["self"], **counts})


async def component_count(call: Call) -> Response:
    project, part = _found(call, "component")
    return JSONResponse({"self": call.view.part(project, "component", part)["self"], "issueCount": len(_naming(call, "components", part))})


def _naming(call: Call, field: str, part: Part) -> list[Issue]:
    return [one for one in call.site.issues.values() if part.id in one.parts.get(field, [])]


def _found(call: Call, kind: str) -> tuple[Project, Part]:
    wanted = call.path("part")
    for (key, one), parts in call.site.parts.items():
        found = next((part for part in parts if one == kind and part.id == wanted), None)
        if found is not None:
            return call.site.projects[key], found
    raise Problem(
        404, f"Could not find {kind} for id '{wanted}'" if kind == "version" else f"The component with id {wanted} does not exist."
    )


def _one(call: Call, kind: str) -> Response:
    project, part = _found(call, kind)
    known = call.site.parts[project.key, kind]
    if call.request.method == "DELETE":
        known.remove(part)
        for issue in call.site.issues.values():
            for field in (name for name, one in PARTS.items() if one == kind and part.id in issue.parts.get(name, [])):
                issue.parts[field] = [one for one in issue.parts[field] if one != part.id]
        call.site.record(call.user, f"delete {kind}", project.key, name=part.name)
        return Response(status_code=204)
    if call.request.method == "PUT":
        kept = {name: value for name in ("name", "description") if isinstance(value := call.body.get(name), str)}
        told: Object = {name: call.body[name] for name in SCHEDULE if name in call.body} if kind == "version" else {}
        changed = replace(part, **kept, schedule={**part.schedule, **told})
        known[known.index(part)] = part = changed
        call.site.record(call.user, f"edit {kind}", project.key, name=part.name)
    return JSONResponse(call.view.part(project, kind, part))


def _made(call: Call, project: Project, kind: str, taken: str) -> Part:
    name, description = call.body.get("name"), call.body.get("description")
    known = call.site.parts.setdefault((project.key, kind), [])
    if not isinstance(name, str) or not name.strip():
        raise Problem(400, errors={"name": f"You must specify a valid {kind} name."})
    if name.strip().casefold() in {one.name.casefold() for one in known}:
        raise Problem(400, errors={"name": taken})
    schedule: Object = {name: call.body[name] for name in SCHEDULE if name in call.body} if kind == "version" else {}
    said = description if isinstance(description, str) else ""
    part = Part(id=call.site.next_id(), name=name.strip(), description=said, schedule=schedule)
    known.append(part)
    call.site.record(call.user, f"create {kind}", project.key, name=part.name)
    return part
