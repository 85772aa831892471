"""Boards, sprints and the backlog: each software project has one Scrum board.

https://developer.atlassian.com/cloud/jira/software/rest/
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira.fake_call import Call, Problem, object_in, paged, route, texts
from connectors.jira.fake_jql import JqlError
from connectors.jira.fake_render import Object
from connectors.jira.fake_search import Search
from connectors.jira.fake_state import Issue, Project, Site, Sprint

ROOT = "/rest/agile/1.0"
MOST = 50
STATES = ("future", "active", "closed")


@dataclass(frozen=True)
class Board:
    id: int
    project: Project


def routes(site: Site) -> list[Route]:
    parts = (
        ("GET", "/board", boards),
        ("GET", "/board/{board}", board),
        ("GET", "/board/{board}/configuration", board_configuration),
        ("GET", "/board/{board}/issue", board_issues),
        ("GET", "/board/{board}/backlog", backlog),
        ("GET", "/board/{board}/epic", epics),
        ("GET", "/board/{board}/project", board_projects),
        ("GET", "/board/{board}/version", board_versions),
        ("GET", "/board/{board}/sprint", board_sprints),
        ("GET", "/board/{board}/sprint/{sprint}/issue", sprint_issues),
        ("POST", "/sprint", create_sprint),
        ("GET PUT POST DELETE", "/sprint/{sprint}", sprint),
        ("GET", "/sprint/{sprint}/issue", sprint_issues),
        ("POST", "/sprint/{sprint}/issue", move_to_sprint),
        ("POST", "/backlog/issue", move_to_backlog),
        ("PUT", "/issue/rank", rank),
        ("GET", "/issue/{issue}", issue),
    )
    return [route(site, methods, path, endpoint, root=ROOT) for methods, path, endpoint in parts]


def _boards(site: Site) -> list[Board]:
    return [Board(number, one) for number, one in enumerate((one for one in site.projects.values() if one.type == "software"), 1)]


def _board(call: Call) -> Board:
    found = next((one for one in _boards(call.site) if str(one.id) == call.path("board")), None)
    if found is None:
        raise Problem(
            404, "The requested board cannot be viewed because it either does not exist or you do not have permission to view it."
        )
    return found


def _shown(call: Call, one: Board) -> Object:
    shown = f"{one.project.name} ({one.project.key})"
    place: Object = {
        "projectId": int(one.project.id),
        "displayName": shown,
        "projectName": one.project.name,
        "projectKey": one.project.key,
        "projectTypeKey": one.project.type,
        "name": shown,
    }
    own = f"{call.view.base}{ROOT}/board/{one.id}"
    told: Object = {"id": one.id, "self": own, "name": f"{one.project.key} board", "type": "scrum"}
    return told if call.site.server else {**told, "location": place, "isPrivate": False}


async def boards(call: Call) -> Response:
    project, kind, name = call.asked("projectKeyOrId").upper(), call.asked("type"), call.asked("name").casefold()
    found: list[JsonValue] = [
        _shown(call, one)
        for one in _boards(call.site)
        if (not project or project in {one.project.key, one.project.id})
        and "scrum" in (kind or "scrum").split(",")
        and name in f"{one.project.key} board".casefold()
    ]
    return paged(call, found, MOST, MOST)


async def board(call: Call) -> Response:
    return JSONResponse(_shown(call, _board(call)))


async def board_configuration(call: Call) -> Response:
    one = _board(call)
    columns: list[JsonValue] = []
    for name in one.project.statuses:
        number = call.site.statuses[name].id
        columns.append({"name": name, "statuses": [{"id": number, "self": f"{call.view.base}/rest/api/2/status/{number}"}]})
    told = _shown(call, one)
    return JSONResponse({**told, "columnConfig": {"columns": columns, "constraintType": "none"}, "ranking": {"rankCustomFieldId": 10019}})


async def board_projects(call: Call) -> Response:
    return paged(call, [call.view.project(_board(call).project)], MOST, MOST)


async def board_versions(call: Call) -> Response:
    return paged(call, call.view.parts(_board(call).project, "version"), MOST, MOST)


def _issues(call: Call, chosen: Sequence[Issue]) -> Response:
    """One page, of those that `jql` finds too if it is given."""
    jql = call.asked("jql")
    if jql:
        try:
            known = {one.id for one in Search(call.site, call.user).find(f"key is not EMPTY AND ({jql})")}
        except JqlError as error:
            raise Problem(400, *error.messages) from None
        chosen = [one for one in chosen if one.id in known]
    start, size = call.page(MOST, 1000)
    fields = call.listed("fields") or ["*navigable"]
    shown: list[JsonValue] = [_issue(call, one, fields) for one in chosen[start : start + size]]
    return JSONResponse({"expand": "schema,names", "startAt": start, "maxResults": size, "total": len(chosen), "issues": shown})


def _issue(call: Call, one: Issue, wanted: list[str]) -> Object:
    """As the API of the platform tells it, with its sprints."""
    shown = call.view.issue(one, wanted, [])
    fields = object_in(shown, "fields")
    known = [call.site.sprints[number] for number in one.sprints]
    now = next((_sprint(call, each) for each in known if each.state != "closed"), None)
    fields.update({"sprint": now, "closedSprints": [_sprint(call, each) for each in known if each.state == "closed"], "flagged": False})
    return {**shown, "fields": fields}


def _on(call: Call, one: Board) -> list[Issue]:
    return [each for each in call.site.issues.values() if each.project == one.project.key]


async def board_issues(call: Call) -> Response:
    return _issues(call, _on(call, _board(call)))


async def backlog(call: Call) -> Response:
    """What is in no sprint and not done."""
    waiting = [one for one in _on(call, _board(call)) if call.site.statuses[one.status].category != "done"]
    return _issues(call, [one for one in waiting if all(call.site.sprints[number].state == "closed" for number in one.sprints)])


async def epics(call: Call) -> Response:
    found: list[JsonValue] = []
    for one in _on(call, _board(call)):
        if one.type == "Epic":
            done = call.site.statuses[one.status].category == "done"
            own = f"{call.view.base}{ROOT}/epic/{one.id}"
            told: Object = {"id": int(one.id), "key": one.key, "self": own, "name": one.summary, "summary": one.summary}
            found.append({**told, "color": {"key": "color_1"}, "done": done})
    return paged(call, found, MOST, MOST)


async def issue(call: Call) -> Response:
    return JSONResponse(_issue(call, call.issue(), call.listed("fields") or ["*all"]))


def _sprint(call: Call, one: Sprint) -> Object:
    own = f"{call.view.base}{ROOT}/sprint/{one.id}"
    return {"id": one.id, "self": own, "state": one.state, "name": one.name, **one.told, "originBoardId": one.board}


def _sprint_of(call: Call) -> Sprint:
    wanted = call.path("sprint")
    found = call.site.sprints.get(int(wanted)) if wanted.isdigit() else None
    if found is None:
        raise Problem(404, "Sprint does not exist or you do not have permission to view it.")
    return found


async def board_sprints(call: Call) -> Response:
    one, states = _board(call), call.listed("state")
    found = [each for each in call.site.sprints.values() if each.board == one.id and (not states or each.state in states)]
    return paged(call, [_sprint(call, each) for each in found], MOST, MOST)


def _told(call: Call) -> Object:
    return {name: value for name in ("startDate", "endDate", "completeDate", "goal") if isinstance(value := call.body.get(name), str)}


async def create_sprint(call: Call) -> Response:
    name, place = call.body.get("name"), call.body.get("originBoardId")
    if not isinstance(name, str) or not name.strip():
        raise Problem(400, errors={"name": "The sprint name must be specified."})
    if place not in [one.id for one in _boards(call.site)]:
        raise Problem(
            404, "The requested board cannot be viewed because it either does not exist or you do not have permission to view it."
        )
    made = Sprint(len(call.site.sprints) + 1, name.strip(), int(str(place)), told=_told(call))
    call.site.sprints[made.id] = made
    return JSONResponse(_sprint(call, made), 201)


async def sprint(call: Call) -> Response:
    """POST writes what is sent, PUT the whole sprint."""
    found = _sprint_of(call)
    if call.request.method == "DELETE":
        del call.site.sprints[found.id]
        for one in [each for each in call.site.issues.values() if found.id in each.sprints]:
            _put(call, one, [number for number in one.sprints if number != found.id])
        return Response(status_code=204)
    if call.request.method in {"POST", "PUT"}:
        state = str(call.body.get("state", found.state)).lower()
        if state not in STATES or STATES.index(state) < STATES.index(found.state):
            raise Problem(400, f"The sprint cannot go from {found.state} to {state}.")
        told = _told(call) if call.request.method == "PUT" else {**found.told, **_told(call)}
        if state == "active" and not {"startDate", "endDate"} <= set(told):
            raise Problem(400, errors={"startDate": "The start and end dates of an active sprint must be specified."})
        if state == "closed" and found.state != "closed":
            told["completeDate"] = call.view.time(call.site.clock.now())
        found.name, found.state, found.told = str(call.body.get("name", found.name)), state, told
    return JSONResponse(_sprint(call, found))


async def sprint_issues(call: Call) -> Response:
    found = _sprint_of(call)
    return _issues(call, [one for one in call.site.issues.values() if found.id in one.sprints])


def _sent(call: Call) -> list[Issue]:
    wanted = texts(call.body.get("issues"))
    found = [one for key in wanted if (one := call.site.issue(key))]
    if len(found) < len(wanted) or len(found) > MOST:
        raise Problem(
            400, "Issues do not exist or you do not have permission to see them." if len(found) <= MOST else f"At most {MOST} issues."
        )
    return found


def _put(call: Call, one: Issue, sprints: list[int]) -> None:
    one.sprints = sprints
    call.site.touch(one)
    call.site.record(call.user, "sprint", one.key, sprints=list[JsonValue](sprints))
    call.emit("jira:issue_updated", one, issue_event_type_name="issue_updated")


def _closed(call: Call, one: Issue) -> list[int]:
    return [number for number in one.sprints if call.site.sprints[number].state == "closed"]


async def move_to_sprint(call: Call) -> Response:
    """An issue is in one sprint that is not closed."""
    found = _sprint_of(call)
    if found.state == "closed":
        raise Problem(400, "Issues can only be moved to open or active sprints.")
    for one in _sent(call):
        _put(call, one, [*_closed(call, one), found.id])
    return Response(status_code=204)


async def move_to_backlog(call: Call) -> Response:
    for one in _sent(call):
        _put(call, one, _closed(call, one))
    return Response(status_code=204)


async def rank(call: Call) -> Response:
    """The order is not kept."""
    _sent(call)
    if not call.body.get("rankBeforeIssue") and not call.body.get("rankAfterIssue"):
        raise Problem(400, "Either rankBeforeIssue or rankAfterIssue must be provided.")
    return Response(status_code=204)
