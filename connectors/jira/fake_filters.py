"""Saved filters of the fake site, its dashboards, of which there are none, and what helps to write JQL.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-filters/
"""

from dataclasses import replace

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira.fake_call import Call, Problem, paged, route
from connectors.jira.fake_render import Object
from connectors.jira.fake_search import FIELDS, Search
from connectors.jira.fake_state import Filter, Site

RESERVED = ("and", "or", "not", "in", "is", "was", "empty", "null", "order", "by", "changed")
FUNCTIONS = ("currentUser()", "now()", "startOfDay()", "endOfDay()", "startOfWeek()", "endOfWeek()", "startOfMonth()", "endOfMonth()")


def routes(site: Site) -> list[Route]:
    shared = [
        route(site, "POST", "/filter", create),
        route(site, "GET", "/filter/favourite", favourites),
        *([] if site.server else [route(site, "GET", "/filter/search", found), route(site, "GET", "/filter/my", own)]),
        route(site, "GET PUT DELETE", "/filter/{filter}", one_filter),
        route(site, "PUT DELETE", "/filter/{filter}/favourite", favourite),
        route(site, "GET", "/dashboard", dashboards),
        route(site, "GET", "/jql/autocompletedata", autocomplete),
        route(site, "GET", "/jql/autocompletedata/suggestions", suggestions),
    ]
    return shared if site.server else [*shared, route(site, "GET", "/dashboard/search", dashboard_page)]


def _shown(call: Call, one: Filter) -> Object:
    return {
        "self": f"{call.view.api}/filter/{one.id}",
        "id": one.id,
        "name": one.name,
        "description": one.description,
        "owner": call.view.user(one.owner),
        "jql": one.jql,
        "viewUrl": f"{call.view.base}/issues/?filter={one.id}",
        "searchUrl": f"{call.view.api}/search?jql={one.jql}",
        "favourite": call.user.account_id in one.fans,
        "favouritedCount": len(one.fans),
        "sharePermissions": [],
        "editPermissions": [],
        "subscriptions": {"size": 0, "items": [], "max-results": 0, "start-index": 0, "end-index": 0},
    }


def _checked(call: Call, made: Filter) -> Filter:
    """400 where the name is missing or taken, or the query is wrong."""
    if not made.name.strip():
        raise Problem(400, errors={"filterName": "You must specify a name to save this filter as."})
    others = [one for one in call.site.filters.values() if one.owner == made.owner and one.id != made.id]
    if made.name.casefold() in {one.name.casefold() for one in others}:
        raise Problem(400, errors={"filterName": "Filter with same name already exists."})
    if problems := Search(call.site, call.user).problems(made.jql):
        raise Problem(400, *problems)
    call.site.filters[made.id] = made
    return made


async def create(call: Call) -> Response:
    named, body = str(call.body.get("name") or ""), call.body
    fans = frozenset({call.user.account_id} if body.get("favourite") is True else ())
    made = Filter(call.site.next_id(), named, call.user.account_id, str(body.get("jql") or ""), str(body.get("description") or ""), fans)
    return JSONResponse(_shown(call, _checked(call, made)))


def _found(call: Call) -> Filter:
    known = call.site.filters.get(call.path("filter"))
    if known is None:
        raise Problem(400, f"The selected filter with the ID '{call.path('filter')}' does not exist.")
    return known


async def one_filter(call: Call) -> Response:
    known = _found(call)
    if call.request.method == "DELETE":
        del call.site.filters[known.id]
        return Response(status_code=204)
    if call.request.method == "PUT":
        sent = {name: value for name in ("name", "jql", "description") if isinstance(value := call.body.get(name), str)}
        known = _checked(call, replace(known, **sent))
    return JSONResponse(_shown(call, known))


async def favourite(call: Call) -> Response:
    known, own_id = _found(call), frozenset({call.user.account_id})
    fans = known.fans - own_id if call.request.method == "DELETE" else known.fans | own_id
    call.site.filters[known.id] = replace(known, fans=fans)
    return JSONResponse(_shown(call, call.site.filters[known.id]))


async def favourites(call: Call) -> Response:
    return JSONResponse([_shown(call, one) for one in call.site.filters.values() if call.user.account_id in one.fans])


async def own(call: Call) -> Response:
    return JSONResponse([_shown(call, one) for one in call.site.filters.values() if one.owner == call.user.account_id])


async def found(call: Call) -> Response:
    """Of each the id and the name alone, unless `expand` asks for more."""
    words, more = call.asked("filterName").casefold(), set(call.listed("expand"))
    listed: list[JsonValue] = []
    for one in call.site.filters.values():
        if words in one.name.casefold():
            shown = _shown(call, one)
            listed.append({name: value for name, value in shown.items() if name in {"self", "id", "name"} | more})
    return paged(call, listed, 50, 100)


async def dashboards(call: Call) -> Response:
    start, size = call.page(20, 1000)
    return JSONResponse({"startAt": start, "maxResults": size, "total": 0, "dashboards": []})


async def dashboard_page(call: Call) -> Response:
    return paged(call, [], 50, 100)


async def autocomplete(call: Call) -> Response:
    kinds: list[JsonValue] = ["java.lang.String"]
    named = [*sorted(FIELDS), *(one.name for one in call.site.fields.values())]
    fields: list[JsonValue] = [
        {
            "value": one,
            "displayName": one,
            "auto": "true",
            "orderable": "true",
            "searchable": "true",
            "operators": ["=", "!="],
            "types": kinds,
        }
        for one in named
    ]
    functions: list[JsonValue] = [{"value": one, "displayName": one, "types": kinds} for one in FUNCTIONS]
    return JSONResponse({"visibleFieldNames": fields, "visibleFunctionNames": functions, "jqlReservedWords": list[JsonValue](RESERVED)})


async def suggestions(call: Call) -> Response:
    site, name, words = call.site, call.asked("fieldName").lower(), call.asked("fieldValue").casefold()
    known = {"status": site.statuses, "priority": site.priorities, "issuetype": site.types, "resolution": site.resolutions}
    options = [one.name for one in known[name].values()] if name in known else []
    chosen = [one for one in options if one.casefold().startswith(words)]
    return JSONResponse({"results": [{"value": f'"{one}"' if " " in one else one, "displayName": one} for one in chosen]})
