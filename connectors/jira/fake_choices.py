"""Single things of the fake site by their ids, its roles and groups, and people as pickers show them.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/ and, for Data Center, https://developer.atlassian.com/server/jira/platform/rest/
"""

from collections.abc import Iterable

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira.fake_call import Call, Problem, paged, route
from connectors.jira.fake_render import LINK_TYPES, Object
from connectors.jira.fake_state import ROLES, STATUS_CATEGORIES, Site

GROUPS = {"jira-administrators": "Administrators", "jira-users": ""}
"""The site's groups, and the role that their members have; everybody is in the one without."""
FIRST_ROLE = 10002


def routes(site: Site) -> list[Route]:
    shared = [
        route(site, "GET", "/status/{one}", status),
        route(site, "GET", "/statuscategory", categories),
        route(site, "GET", "/statuscategory/{one}", category),
        route(site, "GET", "/priority/{one}", priority),
        route(site, "GET", "/resolution/{one}", resolution),
        route(site, "GET", "/issuetype/{one}", issue_type),
        route(site, "GET", "/issueLinkType/{one}", link_type),
        route(site, "GET", "/role", roles),
        route(site, "GET", "/project/{project}/role", project_roles),
        route(site, "GET", "/project/{project}/role/{role}", project_role),
        route(site, "GET", "/project/{project}/securitylevel", security_levels),
        route(site, "GET", "/groups/picker", groups),
        route(site, "GET", "/group", group),
        route(site, "GET", "/group/member", members),
        route(site, "GET", "/user/picker", user_picker),
        route(site, "GET", "/configuration", configuration),
        route(site, "GET", "/listApplicationlinks", no_sites, root="/rest/applinks/latest"),
    ]
    if site.server:
        return shared
    return [
        *shared,
        route(site, "GET", "/users/search", everybody),
        route(site, "GET", "/users", everybody),
        route(site, "GET", "/field/search", fields),
        route(site, "GET", "/group/bulk", groups_page),
    ]


def _one(call: Call, kind: str, known: Iterable[Object]) -> Response:
    wanted = call.path("one")
    found = next((one for one in known if wanted in {str(one["id"]), str(one["name"]), str(one.get("key"))}), None)
    if found is None:
        raise Problem(404, f"The {kind} with id '{wanted}' does not exist")
    return JSONResponse(found)


async def status(call: Call) -> Response:
    return _one(call, "status", map(call.view.status, call.site.statuses.values()))


async def priority(call: Call) -> Response:
    return _one(call, "priority", map(call.view.priority, call.site.priorities.values()))


async def resolution(call: Call) -> Response:
    return _one(call, "resolution", map(call.view.resolution, call.site.resolutions.values()))


async def issue_type(call: Call) -> Response:
    return _one(call, "issue type", map(call.view.issue_type, call.site.types.values()))


async def link_type(call: Call) -> Response:
    return _one(call, "issue link type", map(call.view.link_type, LINK_TYPES))


def _categories(call: Call) -> list[Object]:
    known = {"undefined": (1, "No Category", "medium-gray"), **STATUS_CATEGORIES}
    return [
        {"self": f"{call.view.api}/statuscategory/{number}", "id": number, "key": key, "colorName": colour, "name": name}
        for key, (number, name, colour) in known.items()
    ]


async def categories(call: Call) -> Response:
    return JSONResponse(_categories(call))


async def category(call: Call) -> Response:
    return _one(call, "status category", _categories(call))


def _role(call: Call, project_id: str, name: str) -> Object:
    number = FIRST_ROLE + ROLES.index(name)
    place = f"project/{project_id}/role" if project_id else "role"
    return {"self": f"{call.view.api}/{place}/{number}", "name": name, "id": number, "description": ""}


async def roles(call: Call) -> Response:
    return JSONResponse([{**_role(call, "", name), "actors": []} for name in ROLES])


async def project_roles(call: Call) -> Response:
    found = call.project(call.path("project"))
    return JSONResponse({name: _role(call, found.id, name)["self"] for name in call.view.roles(found)})


async def project_role(call: Call) -> Response:
    found, wanted = call.project(call.path("project")), call.path("role")
    known = {str(FIRST_ROLE + ROLES.index(name)): name for name in call.view.roles(found)}
    if wanted not in known:
        raise Problem(404, f"Can not retrieve a role actor for id '{wanted}'")
    actors: list[JsonValue] = []
    for number, one in enumerate(call.site.users.values(), 10100):
        if known[wanted] in one.roles:
            person: Object = {"name": one.name} if call.site.server else {"actorUser": {"accountId": one.account_id}}
            actors.append({"id": number, "displayName": one.display_name, "type": "atlassian-user-role-actor", **person})
    return JSONResponse({**_role(call, found.id, known[wanted]), "actors": actors})


async def security_levels(call: Call) -> Response:
    call.project(call.path("project"))
    return JSONResponse({"levels": []})


def _group(call: Call, name: str) -> Object:
    if call.site.server:
        return {"name": name, "self": f"{call.view.api}/group?groupname={name}"}
    identity = f"00000000-0000-4000-8000-{list(GROUPS).index(name):012d}"
    return {"name": name, "groupId": identity, "self": f"{call.view.api}/group?groupId={identity}"}


def _members(call: Call) -> list[JsonValue]:
    named = {name for name in GROUPS if call.asked("groupname") == name or call.asked("groupId") == _group(call, name).get("groupId")}
    if not named:
        raise Problem(404, f"The group named '{call.asked('groupname')}' does not exist.")
    role = GROUPS[named.pop()]
    return [call.view.user(one.account_id) for one in call.site.users.values() if not role or role in one.roles]


async def groups(call: Call) -> Response:
    words = call.asked("query").casefold()
    found: list[JsonValue] = [{**_group(call, one), "html": one, "labels": []} for one in GROUPS if words in one]
    return JSONResponse({"header": f"Showing {len(found)} of {len(found)} matching groups", "total": len(found), "groups": found})


async def groups_page(call: Call) -> Response:
    chosen = call.listed("groupName")
    return paged(call, [{"name": one, "groupId": _group(call, one)["groupId"]} for one in GROUPS if not chosen or one in chosen])


async def members(call: Call) -> Response:
    return paged(call, _members(call), 50, 50)


async def group(call: Call) -> Response:
    people = _members(call)
    users: Object = {"size": len(people), "items": people, "max-results": 50, "start-index": 0, "end-index": max(0, len(people) - 1)}
    return JSONResponse({**_group(call, call.asked("groupname")), "users": users, "expand": "users"})


async def user_picker(call: Call) -> Response:
    words = call.asked("query").casefold()
    found: list[JsonValue] = []
    for one in call.site.users.values():
        if any(word.casefold().startswith(words) for word in (*one.display_name.split(), one.email, one.name)):
            named: Object = {"name": one.name, "key": one.account_id} if call.site.server else {"accountId": one.account_id}
            found.append({**named, "displayName": one.display_name, "html": f"<strong>{one.display_name}</strong>"})
    header = f"Showing {len(found)} of {len(found)} matching users"
    return JSONResponse({"users": found, "total": len(found), "header": header})


async def everybody(call: Call) -> Response:
    start, size = call.page(50, 1000)
    return JSONResponse([call.view.user(one) for one in list(call.site.users)[start : start + size]])


async def fields(call: Call) -> Response:
    """Names, ids and types, by words of the name and by kind."""
    words, ids, kinds = call.asked("query").casefold(), call.listed("id"), call.listed("type")
    found: list[JsonValue] = []
    for one in call.view.every_field():
        kind = "custom" if one["custom"] else "system"
        if words in str(one["name"]).casefold() and (not ids or one["id"] in ids) and (not kinds or kind in kinds):
            found.append({"id": one["id"], "name": one["name"], "schema": one["schema"], "description": ""})
    return paged(call, found, 50, 50)


async def no_sites(call: Call) -> Response:
    """No other site is linked to this one."""
    del call
    return JSONResponse({"list": []})


async def configuration(call: Call) -> Response:
    del call
    on = ("votingEnabled", "watchingEnabled", "unassignedIssuesAllowed", "subTasksEnabled", "issueLinkingEnabled", "attachmentsEnabled")
    tracking: Object = {"workingHoursPerDay": 8.0, "workingDaysPerWeek": 5.0, "timeFormat": "pretty", "defaultUnit": "minute"}
    return JSONResponse({**dict.fromkeys(on, True), "timeTrackingEnabled": True, "timeTrackingConfiguration": tracking})
