"""Issues of the fake site: create, read, edit, delete."""

import copy

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira import fake_fields, fake_rendered, fake_transitions
from connectors.jira.fake_call import Call, Problem, object_in, objects_in, route, texts
from connectors.jira.fake_comments import add_comment
from connectors.jira.fake_render import SETTABLE, Object
from connectors.jira.fake_shown import marker_in
from connectors.jira.fake_state import PARTS, Issue, Project, Site
from connectors.kit.fake import READ, moved


def routes(site: Site) -> list[Route]:
    return [
        route(site, "POST", "/issue", create),
        *([] if site.server else [route(site, "POST", "/issue/bulkfetch", bulk_fetch)]),
        route(site, "GET", "/issue/{issue}", read),
        route(site, "PUT", "/issue/{issue}", edit),
        route(site, "DELETE", "/issue/{issue}", delete),
        route(site, "PUT", "/issue/{issue}/assignee", assign),
        route(site, "GET", "/issue/{issue}/editmeta", edit_meta),
        *fake_transitions.routes(site),
        route(site, "GET", "/issue/{issue}/properties", property_keys),
        route(site, "GET PUT DELETE", "/issue/{issue}/properties/{key}", issue_property),
    ]


async def create(call: Call) -> Response:
    issue = made(call)
    return JSONResponse({"id": issue.id, "key": issue.key, "self": f"{call.view.api}/issue/{issue.id}"}, 201)


def made(call: Call) -> Issue:
    """A new issue as the body asks for it."""
    fields = object_in(call.body, "fields")
    project, kind = _place(call, fields)
    now = call.site.clock.now()
    creator = call.user.account_id
    issue = Issue("", "", project.key, kind, "", project.statuses[0], "Medium", creator, creator, now, now)
    rest = {name: value for name, value in fields.items() if name not in {"project", "issuetype"}}
    changelog = fake_fields.change(call, issue, {"summary": None, **rest})
    issue.properties = _properties(call.body)
    issue.id, issue.key = call.site.next_id(), call.site.next_key(project.key)
    call.site.store(issue)
    call.site.record(
        call.user,
        "create",
        issue.key,
        marker=marker_in(issue.properties),
        fields=list[JsonValue](sorted(fields)),
        **moved({}, issue.told()),
    )
    log: Object = {"id": call.site.next_id(), "items": changelog}
    call.emit("jira:issue_created", issue, issue_event_type_name="issue_created", changelog=log)
    return issue


def _place(call: Call, fields: Object) -> tuple[Project, str]:
    """The project and the type that the fields name; both wrong ones are told at once."""
    match fields.get("project"):
        case {"id": str() | int() as wanted} | {"key": str(wanted)}:
            project = next((one for one in call.site.projects.values() if one.called(str(wanted))), None)
        case _:
            project = None
    if project is None:
        raise Problem(400, errors={"project": "Specify a valid project ID or key"})
    try:
        return project, str(fake_fields.accepted(call, project.key, "issuetype", fields.get("issuetype")))
    except fake_fields.Wrong as reason:
        raise Problem(400, errors={"issuetype": str(reason)}) from None


async def read(call: Call) -> Response:
    issue, wanted = call.issue(), call.listed("fields") or ["*all"]
    if "*all" in wanted:
        call.site.record(call.user, READ, issue.key)
    return JSONResponse(_whole(call, issue, wanted, call.listed("properties")))


def _whole(call: Call, issue: Issue, wanted: list[str], properties: list[str]) -> Object:
    shown = call.view.issue(issue, wanted, properties)
    expand = call.listed("expand")
    if "names" in expand:
        fields = shown.get("fields")
        named = [name for name in fields if _has_title(call, name)] if isinstance(fields, dict) else []
        shown["names"] = {name: call.view.field(name)["name"] for name in named}
    if "schema" in expand and isinstance(fields := shown.get("fields"), dict):
        shown["schema"] = {name: call.view.field(name)["schema"] for name in fields if _has_title(call, name)}
    if "changelog" in expand:
        shown["changelog"] = call.view.changelog(issue)
    if "renderedFields" in expand and isinstance(fields := shown.get("fields"), dict):
        shown["renderedFields"] = fake_rendered.fields(call.view, issue, fields)
    if "editmeta" in expand:
        shown["editmeta"] = {"fields": _editable(call, issue)}
    if "operations" in expand:
        shown["operations"] = {"linkGroups": []}
    if "transitions" in expand:
        shown["transitions"] = [call.view.transition(one) for one in fake_transitions.ways(call, issue)]
    return shown


def _has_title(call: Call, name: str) -> bool:
    return name in call.site.fields or name in {"summary", "description", "environment", *SETTABLE}


async def bulk_fetch(call: Call) -> Response:
    ids = call.body.get("issueIdsOrKeys")
    wanted = [str(one) for one in ids] if isinstance(ids, list) else []
    if not 0 < len(wanted) <= 100:
        raise Problem(400, "The number of issues must be between 1 and 100.")
    found = [issue for one in wanted if (issue := call.site.issue(one))]
    for issue in found:
        call.site.record(call.user, READ, issue.key)
    fields, properties = texts(call.body.get("fields")) or ["*navigable"], texts(call.body.get("properties"))
    return JSONResponse({"issues": [call.view.issue(one, fields, properties) for one in found], "issueErrors": []})


async def edit(call: Call) -> Response:
    issue = call.issue()
    fields, update = object_in(call.body, "fields"), object_in(call.body, "update")
    if both := sorted(set(fields) & set(update)):
        message = f"Field '{both[0]}' cannot appear in both 'fields' and 'update'"
        raise Problem(400, errors=dict.fromkeys(both, message))
    draft = copy.deepcopy(issue)
    comments = objects_in(update.pop("comment", []))
    results = {name: _result(call, issue, name, objects_in(one)) for name, one in update.items()}
    changelog = fake_fields.change(call, draft, {**fields, **results})
    draft.properties.update(_properties(call.body))
    names = sorted(str(one["field"]) for one in changelog if isinstance(one, dict))
    sent = sorted({*fields, *update})
    values = moved(issue.told(), draft.told())
    call.site.record(call.user, "update", issue.key, fields=list[JsonValue](sent), changed=list[JsonValue](names), **values)
    if changelog:
        call.site.touch(draft)
        log: Object = {"id": call.site.next_id(), "items": changelog}
        call.emit("jira:issue_updated", draft, issue_event_type_name="issue_generic", changelog=log)
    else:
        call.site.issues[draft.id] = draft
    for operation in comments:
        await add_comment(call, draft, object_in(operation, "add"))
    if call.asked("returnIssue") == "true" and not call.site.server:
        return JSONResponse(_whole(call, draft, ["*all"], []))
    return Response(status_code=204)


def _result(call: Call, issue: Issue, name: str, operations: list[Object]) -> JsonValue:
    """The value after the operations of an `update`."""
    value: JsonValue = list[JsonValue](issue.labels) if name == "labels" else None
    if name in PARTS:
        value = [{"id": one} for one in issue.parts.get(name, [])]
    for operation in operations:
        match operation:
            case {"set": wanted}:
                value = wanted
            case {"add": str(label)} if isinstance(value, list) and name == "labels":
                value = [*value, label]
            case {"add": dict(part)} if isinstance(value, list) and name in PARTS:
                value = [*value, part]
            case {"remove": dict(part)} if isinstance(value, list) and name in PARTS:
                known = call.site.parts.get((issue.project, PARTS[name]), [])
                gone = {one.id for one in known if part in ({"name": one.name}, {"id": one.id})}
                value = [one for one in value if not (isinstance(one, dict) and one.get("id") in gone)]
            case {"remove": str(label)} if isinstance(value, list):
                value = [one for one in value if one != label]
            case _:
                raise Problem(400, errors={name: f"Field '{name}' does not support operation '{next(iter(operation), '')}'"})
    return value


async def assign(call: Call) -> Response:
    issue = call.issue()
    before = issue.told()
    changelog = fake_fields.change(call, issue, {"assignee": call.payload})
    values = moved(before, issue.told())
    call.site.record(call.user, "update", issue.key, fields=["assignee"], changed=["assignee"] if changelog else [], **values)
    if changelog:
        call.site.touch(issue)
        log: Object = {"id": call.site.next_id(), "items": changelog}
        call.emit("jira:issue_updated", issue, issue_event_type_name="issue_assigned", changelog=log)
    return Response(status_code=204)


async def delete(call: Call) -> Response:
    issue = call.issue()
    children = [one for one in call.site.issues.values() if one.parent == issue.id and one.type == "Sub-task"]
    if children and call.asked("deleteSubtasks") != "true":
        told = "You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks."
        raise Problem(400, f"The issue '{issue.key}' has subtasks.  {told}")
    for one in (*children, issue):
        _delete(call, one)
    return Response(status_code=204)


def _delete(call: Call, issue: Issue) -> None:
    call.site.remove(issue)
    call.site.record(call.user, "delete", issue.key)
    call.emit("jira:issue_deleted", issue, issue_event_type_name="issue_deleted")


async def edit_meta(call: Call) -> Response:
    return JSONResponse({"fields": _editable(call, call.issue())})


def _editable(call: Call, issue: Issue) -> Object:
    return {one: field_meta(call, call.site.projects[issue.project], one) for one in [*SETTABLE, *call.site.fields]}


def field_meta(call: Call, project: Project, name: str) -> Object:
    """One field of `createmeta` and `editmeta`."""
    told = call.view.field(name)
    meta: Object = {
        "required": name in {"summary", "issuetype"},
        "schema": told["schema"],
        "name": told["name"],
        "key": name,
        "hasDefaultValue": name == "priority",
        "operations": ["add", "set", "remove"] if name in {"labels", *PARTS} else ["set"],
    }
    if name == "priority":
        meta["allowedValues"] = [call.view.priority(one) for one in call.site.priorities.values()]
    elif name in PARTS:
        meta["allowedValues"] = call.view.parts(project, PARTS[name])
    elif name == "issuetype":
        meta["allowedValues"] = [call.view.issue_type(call.site.types[one]) for one in project.types]
    elif name in call.site.fields and call.site.fields[name].options:
        own = call.site.fields[name]
        meta["allowedValues"] = [call.view.own(own, one.name) for one in own.options]
    return meta


async def property_keys(call: Call) -> Response:
    issue = call.issue()
    keys = [{"self": f"{call.view.api}/issue/{issue.id}/properties/{key}", "key": key} for key in issue.properties]
    return JSONResponse({"keys": keys})


async def issue_property(call: Call) -> Response:
    issue = call.issue()
    return change_property(call, issue.properties, issue)


def change_property(call: Call, properties: Object, issue: Issue) -> Response:
    """GET, PUT or DELETE of one entity property; none of them moves `updated`."""
    key = call.path("key")
    known = key in properties
    if call.request.method == "PUT":
        properties[key] = call.payload
        call.site.store(issue)
        call.site.record(call.user, "property", issue.key, key=key)
        return JSONResponse(None, 200 if known else 201)
    if not known:
        raise Problem(404, f"The property {key} does not exist.")
    if call.request.method == "DELETE":
        del properties[key]
        call.site.store(issue)
        call.site.record(call.user, "property", issue.key, key=key)
        return Response(status_code=204)
    return JSONResponse({"key": key, "value": properties[key]})


def _properties(body: Object) -> Object:
    return {str(one["key"]): one.get("value") for one in objects_in(body.get("properties")) if "key" in one}
