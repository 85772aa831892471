"""How issues of the fake site move through their workflow."""

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira import fake_fields
from connectors.jira.fake_call import Call, Problem, object_in, objects_in, route
from connectors.jira.fake_comments import add_comment
from connectors.jira.fake_history import log_item
from connectors.jira.fake_render import Object
from connectors.jira.fake_state import Issue, Project, Site, Status, Transition
from connectors.kit.fake import moved

ILLEGAL = "It seems that you have tried to perform an illegal workflow operation."
CATEGORIES = {"new": "TODO", "indeterminate": "IN_PROGRESS", "done": "DONE"}


def routes(site: Site) -> list[Route]:
    return [
        route(site, "GET", "/issue/{issue}/transitions", transitions),
        route(site, "POST", "/issue/{issue}/transitions", do_transition),
        *([] if site.server else [route(site, "POST", "/workflows", workflows)]),
    ]


def ways(call: Call, issue: Issue) -> list[Transition]:
    """The transitions that are open to the issue."""
    return [one for one in call.site.projects[issue.project].transitions if not one.sources or issue.status in one.sources]


async def transitions(call: Call) -> Response:
    chosen, screens = call.asked("transitionId"), "transitions.fields" in call.listed("expand")
    found = [one for one in ways(call, call.issue()) if not chosen or one.id == chosen]
    shown = [{**call.view.transition(one), **({"fields": _screen(call, one)} if screens else {})} for one in found]
    return JSONResponse({"expand": "transitions", "transitions": shown})


def _screen(call: Call, one: Transition) -> Object:
    if not one.asks_resolution:
        return {}
    told = call.view.field("resolution")
    allowed = list[JsonValue](call.view.resolution(choice) for choice in call.site.resolutions.values())
    about: Object = {"required": True, "schema": told["schema"], "name": told["name"], "key": "resolution", "hasDefaultValue": False}
    return {"resolution": {**about, "operations": ["set"], "allowedValues": allowed}}


async def do_transition(call: Call) -> Response:
    issue = call.issue()
    match call.body.get("transition"):
        case {"id": str() | int() as wanted}:
            way = next((one for one in ways(call, issue) if one.id == str(wanted)), None)
        case _:
            raise Problem(400, "Missing 'transition' identifier")
    if way is None:
        raise Problem(400, ILLEGAL)
    fields = object_in(call.body, "fields")
    resolution = _resolution(call, way, fields.pop("resolution", None)) if way.asks_resolution else None
    changelog = fake_fields.change(call, issue, fields)
    before, after = call.site.statuses[issue.status], call.site.statuses[way.target]
    told, issue.status = issue.told(), way.target
    issue.resolution = resolution if after.category == "done" else None
    changelog.append(log_item("status", (before.id, before.name), (after.id, after.name)))
    call.site.touch(issue)
    call.site.record(call.user, "transition", issue.key, status=after.name, **moved(told, issue.told()))
    log: Object = {"id": call.site.next_id(), "items": changelog}
    call.emit("jira:issue_updated", issue, issue_event_type_name="issue_generic", changelog=log)
    for operation in objects_in(object_in(call.body, "update").get("comment", [])):
        await add_comment(call, issue, object_in(operation, "add"))
    return Response(status_code=204)


def _resolution(call: Call, way: Transition, wanted: JsonValue) -> str:
    """What the screen's field is filled with, by id or name."""
    if not isinstance(wanted, dict):
        raise Problem(400, errors={"resolution": "Resolution is required."})
    found = next((one for one in call.site.resolutions.values() if wanted.get("id") == one.id or wanted.get("name") == one.name), None)
    if found is None:
        raise Problem(400, errors={"resolution": f"Could not find valid 'id' or 'name' in the resolution object of {way.name}."})
    return found.name


async def workflows(call: Call) -> Response:
    """Of the projects that are asked for; who may not look at one is told nothing of it."""
    if "VIEW_READONLY_WORKFLOW" in call.user.lacks:
        raise Problem(403, "Only users with the Administer Jira global permission can access this resource.")
    asked = [str(one.get("projectId")) for one in objects_in(call.body.get("projectAndIssueTypes"))]
    if not asked:
        raise Problem(400, "At least one of projectAndIssueTypes, workflowIds and workflowNames must be given.")
    projects = [one for one in call.site.projects.values() if one.id in asked]
    told = [_workflow(call, one) for one in projects]
    return JSONResponse({"statuses": [_status(one) for one in call.site.statuses.values()], "workflows": told})


def _status(one: Status) -> Object:
    about: Object = {"id": one.id, "statusReference": one.id, "name": one.name, "statusCategory": CATEGORIES[one.category]}
    return {**about, "scope": {"type": "GLOBAL"}}


def _workflow(call: Call, project: Project) -> Object:
    references: list[JsonValue] = [{"statusReference": call.site.statuses[one].id} for one in project.statuses]
    first = call.site.statuses[project.statuses[0]].id
    initial: Object = {"id": "1", "name": "Create", "type": "INITIAL", "links": [], "toStatusReference": first}
    listed: list[JsonValue] = [initial, *(_transition(call, one) for one in project.transitions)]
    about: Object = {"id": f"workflow-{project.id}", "name": f"Workflow of {project.key}", "scope": {"type": "GLOBAL"}, "isEditable": True}
    return {**about, "statuses": references, "transitions": listed}


def _transition(call: Call, one: Transition) -> Object:
    begins = [call.site.statuses[source].id for source in sorted(one.sources)]
    links: list[JsonValue] = [{"fromStatusReference": id, "fromPort": 0, "toPort": 0} for id in begins]  # noqa: A001
    kind = "DIRECTED" if one.sources else "GLOBAL"
    return {
        "id": one.id,
        "name": one.name,
        "type": kind,
        "links": links,
        "toStatusReference": call.site.statuses[one.target].id,
        "description": "",
    }
