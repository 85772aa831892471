"""What client libraries ask a site for besides issues: histories, labels, many new issues at once, suggestions.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/
"""

from dataclasses import replace

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira import fake_issues
from connectors.jira.fake_call import Call, Problem, paged, route
from connectors.jira.fake_render import SETTABLE, Object
from connectors.jira.fake_search import Search
from connectors.jira.fake_state import Site

MOST = 50
OLD = {"Warning": '299 - "This API is deprecated: https://developer.atlassian.com/cloud/jira/platform/changelog/#CHANGE-1304"'}


def routes(site: Site) -> list[Route]:
    shared = [
        route(site, "POST", "/issue/bulk", create_many),
        route(site, "GET", "/issue/picker", picker),
    ]
    if site.server:
        return shared
    return [
        *shared,
        route(site, "GET", "/issue/createmeta", create_meta),
        route(site, "GET", "/issue/{issue}/changelog", changelog),
        route(site, "GET", "/label", labels),
        route(site, "GET", "/priority/search", priorities),
        route(site, "GET", "/resolution/search", resolutions),
    ]


async def changelog(call: Call) -> Response:
    """The oldest first, other than within an issue."""
    return paged(call, [call.view.change(one) for one in call.issue().history], 100, 100)


async def labels(call: Call) -> Response:
    return paged(call, [*sorted({label for one in call.site.issues.values() for label in one.labels})])


async def priorities(call: Call) -> Response:
    return paged(call, [{**call.view.priority(one), "isDefault": one.name == "Medium"} for one in call.site.priorities.values()])


async def resolutions(call: Call) -> Response:
    listed = call.site.resolutions.values()
    return paged(call, [{"id": one.id, "name": one.name, "description": "", "isDefault": one.name == "Done"} for one in listed])


async def create_many(call: Call) -> Response:
    """Each for itself; 400 if none could be made."""
    listed = call.body.get("issueUpdates")
    wanted = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    if not 0 < len(wanted) <= MOST:
        raise Problem(400, f"The number of issues must be between 1 and {MOST}.")
    made: list[JsonValue] = []
    errors: list[JsonValue] = []
    for number, one in enumerate(wanted):
        try:
            issue = fake_issues.made(replace(call, payload=one))
        except Problem as problem:
            told: Object = {"errorMessages": [*problem.messages], "errors": {**problem.errors}}
            errors.append({"status": problem.status, "elementErrors": told, "failedElementNumber": number})
            continue
        made.append({"id": issue.id, "key": issue.key, "self": f"{call.view.api}/issue/{issue.id}"})
    return JSONResponse({"issues": made, "errors": errors}, 201 if made else 400)


async def create_meta(call: Call) -> Response:
    """The old form, of all projects at once."""
    keys, ids = {one.upper() for one in call.listed("projectKeys")}, set(call.listed("projectIds"))
    names, kinds = {one.casefold() for one in call.listed("issuetypeNames")}, set(call.listed("issuetypeIds"))
    whole = "projects.issuetypes.fields" in call.listed("expand")
    projects: list[JsonValue] = []
    for one in call.site.projects.values():
        if (keys or ids) and one.key not in keys and one.id not in ids:
            continue
        types = [call.site.types[name] for name in one.types]
        chosen = [kind for kind in types if (not names or kind.name.casefold() in names) and (not kinds or kind.id in kinds)]
        fields: Object = {name: fake_issues.field_meta(call, one, name) for name in [*SETTABLE, *call.site.fields]}
        shown: list[JsonValue] = [{**call.view.issue_type(kind), **({"fields": fields} if whole else {})} for kind in chosen]
        projects.append({**call.view.project(one), "expand": "issuetypes", "issuetypes": shown})
    return JSONResponse({"expand": "projects", "projects": projects}, headers=OLD)


async def picker(call: Call) -> Response:
    """Suggestions by key or words of the summary, of the issues that `currentJQL` finds."""
    words = call.asked("query").casefold()
    jql = call.asked("currentJQL")
    known = Search(call.site, call.user).find(jql) if jql else call.site.searchable()
    found = [one for one in known if words and (words == one.key.casefold() or words in one.summary.casefold())]
    issues: list[JsonValue] = [
        {"id": int(one.id), "key": one.key, "keyHtml": one.key, "summary": one.summary, "summaryText": one.summary, "img": ""}
        for one in found[:20]
    ]
    section: Object = {"label": "Current Search", "sub": f"Showing {len(issues)} of {len(found)} matching issues", "id": "cs"}
    return JSONResponse({"sections": [{**section, "issues": issues}]})
