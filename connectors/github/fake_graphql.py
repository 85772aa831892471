"""What of GraphQL the fake knows: who asks, the limit, and the two mutations that REST has no call for.

https://docs.github.com/en/graphql/reference/mutations#deleteissue
"""

import re

from pydantic import JsonValue
from starlette.responses import Response

from connectors.github.fake_call import Call, Problem, json_answer
from connectors.github.fake_render import Json, number_of
from connectors.github.fake_state import Issue, Repository

_NODE = re.compile(r'"([A-Z]+_[A-Za-z0-9_=-]+)"')
_VIEWER = ("login", "id", "databaseId", "name", "email", "url", "__typename")
_LIMIT = ("limit", "used", "remaining", "resetAt", "cost")


async def graphql(call: Call) -> Response:
    query = call.body.get("query")
    if not isinstance(query, str):
        raise Problem(400, "A query attribute must be specified and must be a string.")
    if "deleteIssue" in query or "transferIssue" in query:
        return _mutation(call, query)
    data: Json = {}
    for name, fields in re.findall(r"\b(viewer|rateLimit)\s*\{([^{}]*)\}", query):
        known = _viewer(call) if name == "viewer" else _limit(call)
        unknown = next((one for one in fields.split() if one not in known), None)
        if unknown:
            return _error("undefinedField", f"Field '{unknown}' doesn't exist on type '{'User' if name == 'viewer' else 'RateLimit'}'")
        data[name] = {one: known[one] for one in fields.split()}
    if not data:
        return _error("undefinedField", "Only viewer, rateLimit, deleteIssue and transferIssue are served here")
    return json_answer({"data": data})


def _viewer(call: Call) -> Json:
    shown = call.render.full_user(call.user)
    values = (shown["login"], shown["node_id"], shown["id"], shown["name"], shown["email"], shown["html_url"], "User")
    return dict(zip(_VIEWER, values, strict=True))


def _limit(call: Call) -> Json:
    shown = call.world.limits.shown(call.user.login, "graphql")
    return {**{name: shown.get(name) for name in _LIMIT}, "resetAt": str(shown["reset"]), "cost": 1}


def _mutation(call: Call, query: str) -> Response:
    nodes = [number_of(one) for one in _NODE.findall(f"{query} {_variables(call)}")]
    found = next((pair for one in nodes if (pair := call.state.issue(one))), None)
    if found is None:
        return _error("NOT_FOUND", "Could not resolve to a node with the global id.")
    repository, issue = found
    if not repository.may(call.user.login, "write"):
        return _error("FORBIDDEN", "Viewer not authorized to do that")
    if "deleteIssue" in query:
        return _delete(call, repository, issue)
    target = next((one for one in call.state.repositories if one.id in nodes), None)
    return _transfer(call, repository, issue, target) if target else _error("NOT_FOUND", "Could not resolve to a Repository.")


def _error(kind: str, message: str) -> Response:
    """GraphQL answers 200 whatever happens."""
    return json_answer({"data": None, "errors": [{"type": kind, "message": message}]})


def _delete(call: Call, repository: Repository, issue: Issue) -> Response:
    _take_out(call, repository, issue, "issue.deleted", "deleted")
    repository.deleted.append(issue.number)
    return json_answer({"data": {"deleteIssue": {"clientMutationId": None, "repository": {"nameWithOwner": repository.full_name}}}})


def _transfer(call: Call, repository: Repository, issue: Issue, target: Repository) -> Response:
    _take_out(call, repository, issue, "issue.transferred", "transferred")
    target.last_number += 1
    moved = issue.model_copy(update={"number": target.last_number})
    target.issues[moved.number] = moved
    repository.moved[issue.number] = (target.full_name, moved.number)
    call.world.touch(target, moved)
    call.world.issue_event(call.actor, target, moved, "opened")
    url = str(call.render.issue(target, moved)["html_url"])
    return json_answer({"data": {"transferIssue": {"issue": {"number": moved.number, "url": url}}}})


def _take_out(call: Call, repository: Repository, issue: Issue, action: str, event: str) -> None:
    call.world.issue_event(call.actor, repository, issue, event)
    del repository.issues[issue.number]
    call.world.index(repository, issue.number, None)
    call.world.log(call.actor, action, f"{repository.full_name}#{issue.number}")


def _variables(call: Call) -> str:
    variables = call.body.get("variables")
    flat: list[JsonValue] = []
    if isinstance(variables, dict):
        for value in variables.values():
            flat += value.values() if isinstance(value, dict) else [value]
    return " ".join(f'"{one}"' for one in flat)
