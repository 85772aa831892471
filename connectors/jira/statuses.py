"""From one status to another: the transitions of an issue, the way through several of them, and what their screens ask for."""

from collections import deque
from collections.abc import Mapping
from time import monotonic

from pydantic import JsonValue

from connectors.jira import mapping, own_fields
from connectors.jira.client import JiraClient
from connectors.jira.config import JiraSettings
from connectors.jira.metadata import Metadata, Recent
from connectors.jira.payloads import IssuePayload, ScreenField, TransitionPayload, WorkflowsPayload
from connectors.kit.fresh import Fresh
from connectors.kit.interface import Written
from model.errors import NotFound, Refused
from model.item import Fields

Graph = dict[str, dict[str, str]]
"""For each status the names of those that a transition leads to; all keys are case-folded names."""

_LOOKED = 5.0
"""Seconds for which a look at an issue is good for its next transition."""
_REMEMBERED = 1000


class Statuses:
    """Of one site. Learns from every issue which ways there are."""

    def __init__(self, client: JiraClient, metadata: Metadata) -> None:
        self._client = client
        self._metadata = metadata
        self._learnt: dict[tuple[str, str], Graph] = {}
        self._told = Fresh[Graph]()
        self._sides = Recent[JiraSettings](_REMEMBERED)
        self._looked: dict[str, tuple[float, IssuePayload]] = {}

    async def way(self, side: JiraSettings, issue_id: str, status: str) -> tuple[str, ...]:
        """As in `Connector.way`: by the side's `status_paths`, else the shortest that is known."""
        issue = await self._look(issue_id)
        self._sides.put(issue_id, side)
        if len(self._looked) >= _REMEMBERED:
            self._looked.clear()
        self._looked[issue_id] = (monotonic(), issue)
        now, direct = _status(issue).casefold(), {one.to.name.casefold() for one in issue.transitions}
        if status.casefold() in {now, *direct}:
            return (status,)
        if path := side.path_to(status):
            return _rest(path, now, direct)
        ways = {**await self._graph(issue), now: {one.to.name.casefold(): one.to.name for one in issue.transitions}}
        return _shortest(ways, now, status) or (status,)

    async def transition(self, issue_id: str, status: str) -> Written:
        """By one transition; Refused with the reachable statuses where none leads there, and with what its screen lacks."""
        at, issue = self._looked.pop(issue_id, (0.0, None))
        if issue is None or monotonic() - at > _LOOKED:
            issue = await self._look(issue_id)
        ref, now = mapping.ref(issue.id, issue.key, self._client.site), issue.fields.status
        if now and now.name.casefold() == status.casefold():
            return Written(ref=ref, version=mapping.change(issue).version, fields={"status": mapping.status(now)})
        ways = [one for one in issue.transitions if one.to.name.casefold() == status.casefold()]
        if not ways:
            raise Refused(self._no_way(issue, status), "status")
        await self._client.do_transition(issue_id, ways[0].id, await self._filled(issue_id, issue, ways[0]))
        return Written(ref=ref, version="", fields={"status": mapping.status(ways[0].to)})

    async def _look(self, issue_id: str) -> IssuePayload:
        issue = await self._client.issue(issue_id, "status,updated,project,issuetype", "transitions")
        learnt = self._learnt.setdefault(_kind(issue), {})
        learnt[_status(issue).casefold()] = {one.to.name.casefold(): one.to.name for one in issue.transitions}
        return issue

    async def _graph(self, issue: IssuePayload) -> Graph:
        """What the site tells of the workflow, over what was learnt of it."""
        project, kind = _kind(issue)
        told: Graph = {}
        if (await self._client.dialect()).tells_workflows and project and kind:
            told = await self._told.get(f"{project}/{kind}", lambda: self._workflow(project, kind))
        return {**self._learnt[project, kind], **told}

    async def _workflow(self, project: str, kind: str) -> Graph:
        try:
            return _graph(await self._client.workflows(project, kind))
        except (NotFound, Refused):
            return {}

    async def _filled(self, issue_id: str, issue: IssuePayload, way: TransitionPayload) -> Fields:
        """What the side has for the fields of the transition's screen; Refused where one that must be filled has nothing."""
        side = self._sides.get(issue_id)
        given = {name.casefold(): value for name, value in side.transition_fields.items()} if side else {}
        if not (given if way.has_screen is None else way.has_screen):
            return {}
        filled: Fields = {}
        for id, field in (await self._client.transition_screen(issue.id, way.id)).items():  # noqa: A001
            value = given.get(field.name.casefold(), given.get(id.casefold()))
            if value is not None:
                filled[id] = await self._value(id, field, value)
            elif field.required and not field.has_default_value:
                raise Refused(self._lacking(issue, way, field), field.name)
        return filled

    async def _value(self, id: str, field: ScreenField, value: str) -> JsonValue:  # noqa: A002
        if field.allowed_values:
            chosen = next((one for one in field.allowed_values if value.casefold() in _names(one)), None)
            if chosen is None:
                raise Refused(f"{self._client.name}: field {field.name!r} has no {value!r}; it takes {_choices(field)}", field.name)
            picked: JsonValue = {"id": chosen["id"]} if "id" in chosen else {"name": chosen.get("name")}
            return [picked] if field.field_schema.type == "array" else picked
        if field.field_schema.custom:
            return own_fields.sent(await self._metadata.own_field(id), value, await self._client.dialect())
        return [value] if field.field_schema.type == "array" else value

    def _lacking(self, issue: IssuePayload, way: TransitionPayload, field: ScreenField) -> str:
        choices = f" ({_choices(field)})" if field.allowed_values else ""
        asked = f"{self._client.name}: {way.name!r}, which brings {issue.key} to {way.to.name!r}, asks for {field.name!r}{choices}"
        return f"{asked}; give it in the side's transition_fields"

    def _no_way(self, issue: IssuePayload, status: str) -> str:
        now = _status(issue) or "?"
        if not issue.transitions:
            about = f"{self._client.name} shows no transition of {issue.key} from {now!r}"
            return f"{about}; give Twinline's account the Transition issues permission"
        reachable = ", ".join(sorted({repr(one.to.name) for one in issue.transitions}))
        refused = f"{self._client.name}: field 'status' of {issue.key} cannot go from {now!r} to {status!r} (reachable: {reachable})"
        return f"{refused}; map the status, or name the statuses between in the side's status_paths"


def _status(issue: IssuePayload) -> str:
    return issue.fields.status.name if issue.fields.status else ""


def _kind(issue: IssuePayload) -> tuple[str, str]:
    """Issues of one project and type have one workflow."""
    fields = issue.fields
    return (fields.project.id if fields.project else "", fields.issuetype.id if fields.issuetype else "")


def _rest(path: tuple[str, ...], now: str, direct: set[str]) -> tuple[str, ...]:
    """What is left of the path: after where the issue is, else from the furthest that it can go to."""
    names = [one.casefold() for one in path]
    if now in names:
        return path[names.index(now) + 1 :]
    return path[max((number for number, name in enumerate(names) if name in direct), default=0) :]


def _shortest(ways: Graph, now: str, status: str) -> tuple[str, ...]:
    """Empty where none is known."""
    paths: deque[tuple[str, ...]] = deque([()])
    met = {now}
    while paths:
        path = paths.popleft()
        for name, shown in ways.get(path[-1].casefold() if path else now, {}).items():
            if name == status.casefold():
                return (*path, shown)
            if name not in met:
                met.add(name)
                paths.append((*path, shown))
    return ()


def _graph(told: WorkflowsPayload) -> Graph:
    names = {one.status_reference: one.name for one in told.statuses}
    graph: Graph = {name.casefold(): {} for name in names.values()}
    for way in (way for workflow in told.workflows for way in workflow.transitions if way.type != "INITIAL"):
        target = names.get(way.target)
        sources = graph.keys() if way.type == "GLOBAL" else [names.get(one.status_reference, "").casefold() for one in way.links]
        for source in sources:
            if target and source in graph and source != target.casefold():
                graph[source][target.casefold()] = target
    return graph


def _names(allowed: Mapping[str, JsonValue]) -> set[str]:
    return {str(allowed[key]).casefold() for key in ("name", "value", "id") if key in allowed}


def _choices(field: ScreenField) -> str:
    return ", ".join(repr(one.get("name") or one.get("value")) for one in field.allowed_values)
