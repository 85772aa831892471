"""The fake's search, which lags, its Markdown, its limits and the two GraphQL mutations that REST has no call for."""

import html
import re

from pydantic import JsonValue
from starlette.responses import Response

from connectors.github import fake_query
from connectors.github.fake_call import LIMIT, Call, Problem, json_answer
from connectors.github.fake_render import Json, number_of
from connectors.github.fake_state import Issue, Repository

RESULT_LIMIT = 1000
_UNSEEN = (
    "The listed users and repositories cannot be searched either because the resources do not exist "
    "or you do not have permission to view them."
)
_NODE = re.compile(r'"([A-Z]+_[A-Za-z0-9_=-]+)"')


async def search_issues(call: Call) -> Response:
    text = call.query("q").strip()
    if not text:
        raise _refused("q", "missing")
    try:
        query = fake_query.parse(text)
    except fake_query.QueryError as error:
        raise _refused("q", "invalid", str(error)) from error
    if not query.kinds:
        raise _refused("q", "invalid", "Query must include 'is:issue' or 'is:pull-request'")
    owners = {one.owner.lower() for one in call.state.repositories} | {one.login.lower() for one in call.state.users}
    if any(call.state.repository(one) is None for one in query.repositories) or any(one not in owners for one in query.owners):
        raise _refused("q", "invalid", _UNSEEN)
    found = [(one, issue) for one in call.state.repositories for issue in call.world.indexed(one) if query.test(one, issue)]
    sort = {"updated": _updated, "created": _created, "comments": _comments}.get(call.query("sort"))
    if sort is not None:
        found.sort(key=sort, reverse=call.query("order", "desc") != "asc")
    items: list[JsonValue] = [{**call.render.issue(repository, issue), "score": 1.0} for repository, issue in found[:RESULT_LIMIT]]
    total = len(found)
    return call.page(items, lambda part: {"total_count": total, "incomplete_results": False, "items": part, "search_type": "lexical"})


async def search_users(call: Call) -> Response:
    words = [one for one in call.query("q").split() if not one.startswith(("in:", "type:"))]
    if not words:
        raise _refused("q", "missing")
    places = [one.removeprefix("in:") for one in call.query("q").split() if one.startswith("in:")] or ["login", "name", "email"]
    wanted = words[0].lower().removeprefix("user:")
    found = [
        {**call.render.simple_user(one), "score": 1.0}
        for one in call.state.users
        if any(wanted in (text or "").lower() for text in _user_texts(places, {"login": one.login, "name": one.name, "email": one.email}))
    ]
    return call.page(found, lambda part: {"total_count": len(found), "incomplete_results": False, "items": part})


async def rate_limit(call: Call) -> Response:
    del call
    one: Json = {"limit": LIMIT, "used": 1, "remaining": LIMIT - 1, "reset": 2_000_000_000}
    return json_answer({"resources": {"core": one, "search": {**one, "limit": 30, "remaining": 29}, "graphql": one}, "rate": one})


async def meta(call: Call) -> Response:
    del call
    return json_answer({"verifiable_password_authentication": False})


async def markdown(call: Call) -> Response:
    text = call.body.get("text")
    if not isinstance(text, str):
        raise Problem(422, 'Invalid request.\n\n"text" wasn\'t supplied.')
    rendered = "\n".join(f"<p>{html.escape(one)}</p>" for one in text.split("\n\n"))
    return Response(rendered, media_type="text/html; charset=utf-8")


async def graphql(call: Call) -> Response:
    """`deleteIssue` and `transferIssue`."""
    query = call.body.get("query")
    asked = query if isinstance(query, str) else ""
    nodes = [number_of(one) for one in _NODE.findall(f"{asked} {_variables(call)}")]
    found = next(((one, issue) for one in call.state.repositories for issue in one.issues.values() if issue.id in nodes), None)
    if found is None:
        return _graphql_error("NOT_FOUND", "Could not resolve to a node with the global id.")
    repository, issue = found
    if not repository.may(call.user.login, "write"):
        return _graphql_error("FORBIDDEN", "Viewer not authorized to do that")
    if "deleteIssue" in asked:
        return _delete(call, repository, issue)
    target = next((one for one in call.state.repositories if one.id in nodes), None)
    if "transferIssue" in asked and target is not None:
        return _transfer(call, repository, issue, target)
    return _graphql_error("undefinedField", "Only deleteIssue and transferIssue are served here")


def _graphql_error(kind: str, message: str) -> Response:
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


def _refused(field: str, code: str, message: str = "") -> Problem:
    fault: Json = {"resource": "Search", "field": field, "code": code}
    return Problem(422, "Validation Failed", [{"message": message, **fault} if message else fault])


def _user_texts(places: list[str], texts: dict[str, str | None]) -> list[str | None]:
    return [texts.get(place) for place in places]


def _updated(found: tuple[Repository, Issue]) -> tuple[float, int]:
    return found[1].updated_at.timestamp(), found[1].number


def _created(found: tuple[Repository, Issue]) -> tuple[float, int]:
    return found[1].created_at.timestamp(), found[1].number


def _comments(found: tuple[Repository, Issue]) -> tuple[float, int]:
    return len(found[1].comments), found[1].number
