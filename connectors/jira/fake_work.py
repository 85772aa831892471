"""Work logs of the fake site's issues.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-worklogs/
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira import fake_text
from connectors.jira.fake_call import Call, Problem, route
from connectors.jira.fake_render import Object
from connectors.jira.fake_state import Issue, Site, Worklog

UNITS = {"w": 5 * 8 * 3600, "d": 8 * 3600, "h": 3600, "m": 60}
LEAST = 60
RECENT = timedelta(minutes=1)
ESTIMATES = frozenset({"", "auto", "leave", "new", "manual"})


def routes(site: Site) -> list[Route]:
    return [
        route(site, "GET POST", "/issue/{issue}/worklog", worklogs),
        route(site, "GET PUT DELETE", "/issue/{issue}/worklog/{worklog}", worklog),
        route(site, "GET", "/worklog/updated", updated),
        route(site, "GET", "/worklog/deleted", deleted),
        route(site, "POST", "/worklog/list", listed),
    ]


async def worklogs(call: Call) -> Response:
    issue = call.issue()
    if call.request.method == "GET":
        start, size = call.page(5000, 5000)
        visible = call.view.visible_worklogs(issue)
        shown = [_shown(call, issue, one) for one in visible[start : start + size]]
        return JSONResponse({"startAt": start, "maxResults": size, "total": len(visible), "worklogs": shown})
    now = call.site.clock.now()
    _require_estimate(call)
    spent, started = _seconds(call.body), _started(call, call.body)
    made = Worklog(call.site.next_id(), call.user.account_id, spent, started, now, now, _said(call, call.body))
    visibility, properties = call.body.get("visibility"), call.body.get("properties")
    made.visibility = visibility if isinstance(visibility, dict) else None
    for one in properties if isinstance(properties, list) and not call.site.server else []:
        if isinstance(one, dict):
            made.properties[str(one.get("key"))] = one.get("value")
    issue.worklogs.append(made)
    _changed(call, "worklog", issue, worklog=made.id, seconds=spent)
    return JSONResponse(_shown(call, issue, made), 201)


async def worklog(call: Call) -> Response:
    issue, wanted = call.issue(), call.path("worklog")
    one = next((one for one in call.view.visible_worklogs(issue) if one.id == wanted), None)
    if one is None:
        raise Problem(404, f"Cannot find worklog with id: '{wanted}'.")
    if call.request.method == "DELETE":
        _require_estimate(call)
        issue.worklogs.remove(one)
        call.site.lost_worklogs[one.id] = call.site.clock.now()
        _changed(call, "delete_worklog", issue, worklog=one.id)
        return Response(status_code=204)
    if call.request.method == "PUT":
        _require_estimate(call)
        one.seconds = _seconds(call.body) if {"timeSpent", "timeSpentSeconds"} & {*call.body} else one.seconds
        one.started = _started(call, call.body) if "started" in call.body else one.started
        one.comment = _said(call, call.body) if "comment" in call.body else one.comment
        one.updated = call.site.clock.now()
        _changed(call, "edit_worklog", issue, worklog=one.id, seconds=one.seconds)
    return JSONResponse(_shown(call, issue, one))


async def updated(call: Call) -> Response:
    return _since(call, "updated", {one.id: one.updated for issue in call.site.issues.values() for one in issue.worklogs})


async def deleted(call: Call) -> Response:
    return _since(call, "deleted", call.site.lost_worklogs)


def _since(call: Call, name: str, known: Mapping[str, datetime]) -> Response:
    """What happened from `since` on; the last minute is left out."""
    asked = call.asked("since", "0")
    if not asked.isdigit():
        raise Problem(400, "The value of since must be a number.")
    until = round((call.site.clock.now() - RECENT).timestamp() * 1000)
    times = sorted((round(at.timestamp() * 1000), int(one)) for one, at in known.items())
    values: list[JsonValue] = [{"worklogId": one, "updatedTime": at, "properties": []} for at, one in times if int(asked) <= at <= until]
    own = f"{call.view.api}/worklog/{name}?since={asked}"
    return JSONResponse({"values": values, "since": int(asked), "until": until, "self": own, "lastPage": True})


async def listed(call: Call) -> Response:
    """Those of the ids that the caller may see."""
    asked = call.body.get("ids")
    wanted = {str(one) for one in asked} if isinstance(asked, list) else set[str]()
    found = [(issue, one) for issue in call.site.issues.values() for one in call.view.visible_worklogs(issue) if one.id in wanted]
    return JSONResponse([_shown(call, issue, one) for issue, one in found])


def _shown(call: Call, issue: Issue, one: Worklog) -> Object:
    shown = call.view.worklog(issue, one)
    if "properties" in call.listed("expand") and not call.site.server:
        shown["properties"] = [{"key": key, "value": value} for key, value in one.properties.items()]
    return shown


def _changed(call: Call, action: str, issue: Issue, **detail: JsonValue) -> None:
    """A work log moves the time of its issue, whose history tells the sum."""
    call.site.touch(issue)
    call.site.record(call.user, action, issue.key, **detail)
    spent = str(sum(one.seconds for one in issue.worklogs))
    told: Object = {"field": "timespent", "fieldtype": "jira", "fieldId": "timespent", "from": None, "to": spent, "toString": spent}
    log: Object = {"id": call.site.next_id(), "items": [told]}
    call.emit("jira:issue_updated", issue, issue_event_type_name="issue_worklog_updated", changelog=log)


def _require_estimate(call: Call) -> None:
    if call.asked("adjustEstimate") not in ESTIMATES:
        raise Problem(400, errors={"adjustEstimate": "This is not a valid value for the adjustEstimate parameter."})


def _seconds(body: Object) -> int:
    """Of `timeSpentSeconds`, or of `timeSpent` such as `1d 4h 30m`."""
    given, words = body.get("timeSpentSeconds"), str(body.get("timeSpent") or "").split()
    if isinstance(given, int) and given >= LEAST:
        return given
    if not words or any(one[-1] not in UNITS or not one[:-1].isdigit() for one in words):
        raise Problem(400, errors={"timeLogged": "You must indicate the time spent working."})
    return sum(int(one[:-1]) * UNITS[one[-1]] for one in words)


def _started(call: Call, body: Object) -> datetime:
    text = body.get("started")
    if text is None:
        return call.site.clock.now()
    try:
        return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%S.%f%z")
    except ValueError:
        raise Problem(400, errors={"started": "Error parsing time: " + str(text)}) from None


def _said(call: Call, body: Object) -> JsonValue:
    given = body.get("comment")
    return fake_text.document(given) if isinstance(given, str) and not call.site.server else given
