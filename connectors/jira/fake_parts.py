"""Versions and components of the fake site's projects.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-project-versions/ and api-group-project-components/
"""

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira.fake_call import Call, Problem, route
from connectors.jira.fake_state import Part, Project, Site


def routes(site: Site) -> list[Route]:
    return [
        route(site, "POST", "/version", create_version),
        route(site, "POST", "/component", create_component),
        route(site, "GET", "/project/{project}/versions", versions),
        route(site, "GET", "/project/{project}/components", components),
    ]


async def create_version(call: Call) -> Response:
    body = call.body
    wanted = str(body.get("projectId") or body.get("project") or "")
    project = next((one for one in call.site.projects.values() if wanted in {one.id, one.key}), None)
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


def _made(call: Call, project: Project, kind: str, taken: str) -> Part:
    name, description = call.body.get("name"), call.body.get("description")
    known = call.site.parts.setdefault((project.key, kind), [])
    if not isinstance(name, str) or not name.strip():
        raise Problem(400, errors={"name": f"You must specify a valid {kind} name."})
    if name.strip().casefold() in {one.name.casefold() for one in known}:
        raise Problem(400, errors={"name": taken})
    part = Part(id=call.site.next_id(), name=name.strip(), description=description if isinstance(description, str) else "")
    known.append(part)
    call.site.record(call.user, f"create {kind}", project.key, name=part.name)
    return part
