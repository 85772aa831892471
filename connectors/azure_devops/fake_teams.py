"""What the fake's teams plan with: their iterations, areas, backlogs and boards. Each project has one team.

https://learn.microsoft.com/rest/api/azure/devops/work/?view=azure-devops-rest-7.1
"""

import uuid
from datetime import UTC, datetime

from pydantic import JsonValue
from starlette.responses import Response

from connectors.azure_devops.fake_call import Call, Problem, Resource, answer, bad_parameter, listed
from connectors.azure_devops.fake_nodes import identifier
from connectors.azure_devops.fake_process import TypeDefinition
from connectors.azure_devops.fake_render import person
from connectors.azure_devops.fake_state import Object

SETTINGS = "work/teamsettings"
REQUIREMENTS = {"Agile": ("User Story", "Stories"), "Scrum": ("Product Backlog Item", "Backlog items"), "Basic": ("Issue", "Issues")}
LEVELS = {"Epic": ("Microsoft.EpicCategory", "Epics", 40), "Feature": ("Microsoft.FeatureCategory", "Features", 30)}


def resources() -> list[Resource]:
    return [
        Resource("GET", SETTINGS, settings, scoped=True),
        Resource("GET", SETTINGS + "/teamfieldvalues", field_values, scoped=True),
        Resource("GET", SETTINGS + "/iterations", iterations, scoped=True),
        Resource("POST", SETTINGS + "/iterations", add_iteration, scoped=True),
        Resource("GET", SETTINGS + "/iterations/{iteration}", iteration, scoped=True),
        Resource("DELETE", SETTINGS + "/iterations/{iteration}", remove_iteration, scoped=True),
        Resource("GET", SETTINGS + "/iterations/{iteration}/workitems", iteration_items, scoped=True),
        Resource("GET", SETTINGS + "/iterations/{iteration}/capacities", capacities, scoped=True),
        Resource("GET", "work/backlogs", backlogs, scoped=True),
        Resource("GET", "work/backlogs/{backlog}", backlog, scoped=True),
        Resource("GET", "work/backlogs/{backlog}/workitems", backlog_items, scoped=True),
        Resource("GET", "work/boards", boards, scoped=True),
        Resource("GET", "work/boards/{board}", board, scoped=True),
        Resource("GET", "work/boards/{board}/columns", columns, scoped=True),
        Resource("GET", "work/boards/{board}/rows", rows, scoped=True),
        Resource("GET", "work/processconfiguration", process, scoped=True),
    ]


def _url(call: Call, path: str) -> str:
    return f"{call.base}/{call.scope().id}/_apis/{path}"


async def settings(call: Call) -> Response:
    project = call.scope()
    root: Object = {"id": identifier(call.organization, "iterations", project.name), "name": project.name, "path": project.name}
    days: list[JsonValue] = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    visible: Object = {level: True for level, *_ in _levels(call)}
    told: Object = {"bugsBehavior": "asRequirements", "workingDays": days, "backlogVisibilities": visible}
    return answer({**told, "backlogIteration": root, "defaultIterationMacro": "@currentIteration", "url": _url(call, SETTINGS)})


async def field_values(call: Call) -> Response:
    """The areas that the team owns: all of the project."""
    name = call.scope().name
    field: Object = {"referenceName": "System.AreaPath", "url": f"{call.base}/_apis/wit/fields/System.AreaPath"}
    values: list[JsonValue] = [{"value": name, "includeChildren": True}]
    return answer({"field": field, "defaultValue": name, "values": values, "url": _url(call, f"{SETTINGS}/teamfieldvalues")})


def _chosen(call: Call) -> list[str]:
    """The paths of the team's iterations: first all of the project, in the order of their names."""
    project = call.scope()
    known = sorted(one for one in call.organization.nodes_of("iterations") if one.startswith(f"{project.name}\\"))
    return [one for one in known if one in call.organization.sprints.setdefault(project.id, known)]


def _shown(call: Call, path: str) -> Object:
    dates, today = call.organization.dates.get(path, {}), datetime.now(UTC).date().isoformat()
    start, finish = str(dates.get("startDate") or ""), str(dates.get("finishDate") or "")
    frame = "future" if not start or start[:10] > today else "past" if finish and finish[:10] < today else "current"
    identity = identifier(call.organization, "iterations", path)
    attributes: Object = {"startDate": start or None, "finishDate": finish or None, "timeFrame": frame}
    url = _url(call, f"{SETTINGS}/iterations/{identity}")
    return {"id": identity, "name": path.rpartition("\\")[2], "path": path, "attributes": attributes, "url": url}


async def iterations(call: Call) -> Response:
    """All, or with `$timeframe=current` those of today."""
    found = [_shown(call, one) for one in _chosen(call)]
    if call.asked("$timeframe").casefold() != "current":
        return listed([*found])
    return listed([one for one in found if isinstance(told := one["attributes"], dict) and told["timeFrame"] == "current"])


async def add_iteration(call: Call) -> Response:
    wanted, project = str(call.body.get("id") or ""), call.scope()
    known = [one for one in call.organization.nodes_of("iterations") if one == project.name or one.startswith(f"{project.name}\\")]
    path = next((one for one in known if identifier(call.organization, "iterations", one) == wanted), None)
    if path is None:
        raise bad_parameter(f"VS403255: The iteration {wanted!r} is not valid for the team.")
    chosen = _chosen(call)
    call.organization.sprints[project.id] = [*(one for one in chosen if one != path), path]
    return answer(_shown(call, path))


def _iteration(call: Call) -> str:
    wanted = call.values["iteration"].lower()
    found = next((one for one in _chosen(call) if identifier(call.organization, "iterations", one) == wanted), None)
    if found is None:
        raise Problem(
            404, "IterationNotFoundException", f"VS403256: The iteration {wanted} is not one of the team's.", space="Agile.Server"
        )
    return found


async def iteration(call: Call) -> Response:
    return answer(_shown(call, _iteration(call)))


async def remove_iteration(call: Call) -> Response:
    gone = _iteration(call)
    call.organization.sprints[call.scope().id] = [one for one in _chosen(call) if one != gone]
    return Response(status_code=204)


def _ids(call: Call, field: str, *values: str) -> list[int]:
    project = call.scope().name
    held = [one for one in call.organization.items.values() if one.project == project and not one.deleted]
    return [one.id for one in held if one.now.fields.get(field) in values]


def _target(call: Call, number: int) -> Object:
    return {"rel": None, "source": None, "target": {"id": number, "url": f"{call.base}/_apis/wit/workItems/{number}"}}


async def iteration_items(call: Call) -> Response:
    path = _iteration(call)
    found: list[JsonValue] = [_target(call, one) for one in _ids(call, "System.IterationPath", path)]
    url = _url(call, f"{SETTINGS}/iterations/{identifier(call.organization, 'iterations', path)}/workitems")
    return answer({"workItemRelations": found, "url": url})


async def capacities(call: Call) -> Response:
    """Everybody's, of which nobody has told anything."""
    _iteration(call)
    members: list[JsonValue] = [
        {"teamMember": person(one, call.base), "activities": [{"capacityPerDay": 0, "name": ""}], "daysOff": []}
        for one in call.organization.users
    ]
    return answer({"teamMembers": members, "totalCapacityPerDay": 0, "totalDaysOff": 0})


def _levels(call: Call) -> list[tuple[str, str, int, TypeDefinition]]:
    """Category, name and rank of each backlog with its type, the highest first."""
    project = call.scope()
    name, plural = REQUIREMENTS[project.process]
    known = {**LEVELS, name: ("Microsoft.RequirementCategory", plural, 20)}
    found = [(*known[one.name], one) for one in project.types if one.name in known]
    return sorted(found, key=lambda level: -level[2])


def _backlog(call: Call, category: str, name: str, rank: int, kind: TypeDefinition) -> Object:
    reference: Object = {"name": kind.name, "url": _url(call, f"wit/workItemTypes/{kind.name}")}
    own: Object = {"id": category, "name": name, "rank": rank, "type": "requirement" if rank == 20 else "portfolio", "isHidden": False}
    return {**own, "workItemCountLimit": 1000, "workItemTypes": [reference], "defaultWorkItemType": reference, "color": "0098C7"}


async def backlogs(call: Call) -> Response:
    return listed([_backlog(call, *one) for one in _levels(call)])


def _level(call: Call, wanted: str) -> tuple[str, str, int, TypeDefinition]:
    names = [(one[0], one[1], _board_id(call, one[0])) for one in _levels(call)]
    found = next((one for one, spelled in zip(_levels(call), names, strict=True) if wanted.casefold() in map(str.casefold, spelled)), None)
    if found is None:
        raise Problem(
            404, "BacklogLevelNotFoundException", f"VS403257: The backlog or board {wanted!r} does not exist.", space="Agile.Server"
        )
    return found


async def backlog(call: Call) -> Response:
    return answer(_backlog(call, *_level(call, call.values["backlog"])))


async def backlog_items(call: Call) -> Response:
    """Those that are not done."""
    kind = _level(call, call.values["backlog"])[3]
    over = {state.name for state in kind.states if state.category in {"Completed", "Removed"}}
    numbers = _ids(call, "System.WorkItemType", kind.name)
    open_ones = [one for one in numbers if call.organization.items[one].now.fields.get("System.State") not in over]
    return answer({"workItems": [_target(call, one) for one in open_ones]})


def _board_id(call: Call, category: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"board/{call.scope().id}/{category}"))


async def boards(call: Call) -> Response:
    found: list[JsonValue] = []
    for category, name, _, _ in _levels(call):
        identity = _board_id(call, category)
        found.append({"id": identity, "url": _url(call, f"work/boards/{identity}"), "name": name})
    return listed(found)


def _columns(call: Call, category: str, kind: TypeDefinition) -> list[JsonValue]:
    """One for each state, from the first to the last."""
    found: list[JsonValue] = []
    kept = [one for one in kind.states if one.category != "Removed"]
    for one in kept:
        identity = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{_board_id(call, category)}/{one.name}"))
        place = "incoming" if one is kept[0] else "outgoing" if one is kept[-1] else "inProgress"
        column: Object = {"id": identity, "name": one.name, "itemLimit": 5 if place == "inProgress" else 0, "columnType": place}
        found.append({**column, "stateMappings": {kind.name: one.name}, "isSplit": False, "description": ""})
    return found


async def board(call: Call) -> Response:
    category, name, _, kind = _level(call, call.values["board"])
    identity = _board_id(call, category)
    fields: Object = {
        "columnField": {"referenceName": f"WEF_{identity.replace('-', '').upper()}_Kanban.Column"},
        "rowField": {"referenceName": f"WEF_{identity.replace('-', '').upper()}_Kanban.Lane"},
        "doneField": {"referenceName": f"WEF_{identity.replace('-', '').upper()}_Kanban.Column.Done"},
    }
    own: Object = {
        "id": identity,
        "name": name,
        "url": _url(call, f"work/boards/{identity}"),
        "revision": 1,
        "isValid": True,
        "canEdit": True,
    }
    mappings: Object = {kind.name: [state.name for state in kind.states]}
    lanes: list[JsonValue] = [{"id": str(uuid.UUID(int=0)), "name": None}]
    return answer(
        {**own, "columns": _columns(call, category, kind), "rows": lanes, "allowedMappings": {"Incoming": mappings}, "fields": fields}
    )


async def columns(call: Call) -> Response:
    category, _, _, kind = _level(call, call.values["board"])
    return listed(_columns(call, category, kind))


async def rows(call: Call) -> Response:
    _level(call, call.values["board"])
    return listed([{"id": str(uuid.UUID(int=0)), "name": None}])


async def process(call: Call) -> Response:
    told: Object = {}
    above: list[JsonValue] = []
    for category, name, _, kind in _levels(call):
        reference: Object = {"name": kind.name, "url": _url(call, f"wit/workItemTypes/{kind.name}")}
        shown: Object = {"name": name, "referenceName": category, "workItemTypes": [reference], "defaultWorkItemType": reference}
        if category == "Microsoft.RequirementCategory":
            told["requirementBacklog"] = shown
        else:
            above.append(shown)
    tasks: Object = {"name": "Tasks", "referenceName": "Microsoft.TaskCategory", "workItemTypes": [], "addPanelFields": []}
    return answer({**told, "taskBacklog": tasks, "portfolioBacklogs": above, "url": _url(call, "work/processconfiguration")})
