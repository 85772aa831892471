"""The fake's search, which lags, its Markdown and its limits: https://docs.github.com/en/rest/search/search."""

import html

from pydantic import JsonValue
from starlette.responses import Response

from connectors.github import fake_query
from connectors.github.fake_call import Call, Problem, json_answer
from connectors.github.fake_limits import ALLOWED
from connectors.github.fake_render import Json
from connectors.github.fake_state import Issue, Repository

RESULT_LIMIT = 1000
_UNSEEN = (
    "The listed users and repositories cannot be searched either because the resources do not exist "
    "or you do not have permission to view them."
)
_UNSEEN_USERS = "The listed users cannot be searched either because the users do not exist or you do not have permission to view the users."


async def search_issues(call: Call) -> Response:
    text = call.query("q").strip()
    if not text:
        raise _refused("q", "missing")
    query = _parsed(call, text)
    if not query.kinds and call.installation is not None:
        raise _refused("q", "invalid", "Query must include 'is:issue' or 'is:pull-request'")
    number, size = call.query("page", "1"), call.size()
    if number.isdecimal() and (int(number) - 1) * size >= RESULT_LIMIT:
        raise Problem(422, "Only the first 1000 search results are available")
    found = _found(call, query, call.query("sort"), call.query("order"))
    items: list[JsonValue] = [{**call.render.issue(repository, issue), "score": 1.0} for repository, issue in found[:RESULT_LIMIT]]
    total = len(found)
    return call.page(items, lambda part: {"total_count": total, "incomplete_results": False, "items": part, "search_type": "lexical"})


def found_issues(call: Call, text: str) -> list[tuple[Repository, Issue]]:
    """As GraphQL searches, which has both issues and pull requests unless the text says otherwise."""
    return _found(call, _parsed(call, text), "", "")


def _parsed(call: Call, text: str) -> fake_query.Query:
    try:
        return fake_query.parse(text, call.user.login)
    except fake_query.QueryError as error:
        raise _refused("q", "invalid", str(error)) from error


def _found(call: Call, query: fake_query.Query, by: str, order: str) -> list[tuple[Repository, Issue]]:
    owners = {one.owner.lower() for one in call.state.repositories} | {one.login.lower() for one in call.state.users}
    named = [call.state.repository(one) for one in query.repositories]
    if any(one is None or not call.sees(one) for one in named) or any(one not in owners for one in query.owners):
        raise _refused("q", "invalid", _UNSEEN)
    if any(call.state.user(one) is None for one in query.people):
        raise _refused("q", "invalid", _UNSEEN_USERS)
    found = [(one, issue) for one in call.state.repositories for issue in call.world.indexed(one) if query.test(one, issue)]
    field, _, direction = query.sort.partition("-")
    sort = {"updated": _updated, "created": _created, "comments": _comments}.get(by or field)
    if sort is not None:
        found.sort(key=sort, reverse=(order or direction or "desc") != "asc")
    return found


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


async def search_labels(call: Call) -> Response:
    """In one repository, by words in name and description."""
    identity = call.query("repository_id")
    repository = next((one for one in call.state.repositories if str(one.id) == identity), None)
    if repository is None:
        raise _refused("repository_id", "missing")
    words = call.query("q").lower().split()
    if not words:
        raise _refused("q", "missing")
    found = [one for one in repository.labels if all(word in f"{one.name} {one.description or ''}".lower() for word in words)]
    items: list[JsonValue] = [{**call.render.label(repository, one), "score": 1.0} for one in found]
    return call.page(items, lambda part: {"total_count": len(found), "incomplete_results": False, "items": part})


async def rate_limit(call: Call) -> Response:
    """Free, and `rate` is the core's again."""
    shown: Json = {name: call.world.limits.shown(call.user.login, name) for name in ALLOWED}
    return json_answer({"resources": shown} if call.newest else {"resources": shown, "rate": shown["core"]})


async def markdown(call: Call) -> Response:
    text = call.body.get("text")
    if not isinstance(text, str):
        raise Problem(422, 'Invalid request.\n\n"text" wasn\'t supplied.')
    return Response(rendered(text), media_type="text/html; charset=utf-8")


async def markdown_raw(call: Call) -> Response:
    text = (await call.request.body()).decode(errors="replace")
    return Response(rendered(text), media_type="text/html; charset=utf-8")


def rendered(text: str) -> str:
    """Paragraphs only."""
    return "\n".join(f"<p>{html.escape(one)}</p>" for one in text.split("\n\n"))


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
