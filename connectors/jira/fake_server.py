"""What the fake answers as Data Center only: people by name, the search with page numbers.

https://developer.atlassian.com/server/jira/platform/rest/
"""

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira.fake_call import Call, Problem, number, require_place, route, texts
from connectors.jira.fake_jql import JqlError
from connectors.jira.fake_render import Object
from connectors.jira.fake_search import Search
from connectors.jira.fake_state import Site, User

LARGEST = 1000
NO_PERSON = "The user named '{}' does not exist"


def routes(site: Site) -> list[Route]:
    return [
        route(site, "GET", "/user", person),
        route(site, "GET", "/user/search", people),
        route(site, "GET", "/user/assignable/search", assignable),
        route(site, "GET", "/user/assignable/multiProjectSearch", among),
        route(site, "GET", "/user/viewissue/search", among),
        route(site, "GET POST", "/search", search),
    ]


async def person(call: Call) -> Response:
    key, name = call.asked("key"), call.asked("username")
    found = call.site.users.get(key) if key else call.site.user_called(name)
    if found is None:
        raise Problem(404, NO_PERSON.format(key or name))
    return JSONResponse(call.view.user(found.account_id))


async def people(call: Call) -> Response:
    """Those whose name, display name or e-mail address begins with `username`."""
    wanted = call.asked("username").casefold()
    if not wanted:
        raise Problem(400, "The username query parameter was not provided")
    return _listed(call, wanted)


async def assignable(call: Call) -> Response:
    """Everyone whose name begins so. A project that is not there is an error."""
    require_place(call)
    return _listed(call, call.asked("username").casefold())


async def among(call: Call) -> Response:
    """Everyone whose name begins so."""
    return _listed(call, call.asked("username").casefold())


def _listed(call: Call, wanted: str) -> Response:
    start, size = call.page(50, LARGEST)
    found = [one for one in call.site.users.values() if any(word.startswith(wanted) for word in _words(one))]
    return JSONResponse([call.view.user(one.account_id) for one in found[start : start + size]])


def _words(one: User) -> list[str]:
    return [*one.display_name.casefold().split(), one.display_name.casefold(), one.email.casefold(), one.name.casefold()]


async def search(call: Call) -> Response:
    """Pages by number, with the total; all issues where no query is given."""
    posted = call.request.method == "POST"
    body: Object = call.body if posted else {}
    jql = str(body.get("jql") or call.asked("jql"))
    names = (texts(body.get("fields")) if posted else call.listed("fields")) or ["*navigable"]
    properties = texts(body.get("properties")) if posted else call.listed("properties")
    start, size = (number(body.get("startAt"), 0), number(body.get("maxResults"), 50)) if posted else call.page(50, LARGEST)
    try:
        found = Search(call.site, call.user).find(jql if _restricts(jql) else f"key is not EMPTY {jql}")
    except JqlError as error:
        raise Problem(400, *error.messages) from None
    shown: list[JsonValue] = [call.view.issue(one, names, properties) for one in found[start : start + min(size, LARGEST)]]
    page: Object = {"expand": "schema,names", "startAt": start, "maxResults": min(size, LARGEST), "total": len(found)}
    return JSONResponse({**page, "issues": shown})


def _restricts(jql: str) -> bool:
    return bool(jql.strip()) and not jql.strip().casefold().startswith("order by")
