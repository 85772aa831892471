"""What the fake site offers to choose from, its searches, and its webhooks' administration."""

import secrets
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira import fake_rights, fake_server
from connectors.jira.fake_call import Call, Problem, number, require_place, route, texts
from connectors.jira.fake_issues import field_meta
from connectors.jira.fake_jql import JqlError
from connectors.jira.fake_render import LINK_TYPES, SETTABLE, Object
from connectors.jira.fake_search import Search
from connectors.jira.fake_seed import EVENTS
from connectors.jira.fake_state import Hook, Issue, Site, User

REMOVED = "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
HOOKS = {False: ("/rest/webhooks/1.0", "webhook"), True: ("/rest/jira-webhook/1.0", "webhooks")}
"""Where webhooks are registered, in Cloud and in Data Center from version 10 on."""
TOKENS_KEPT = 1000


def routes(site: Site) -> list[Route]:
    hook_root, hook_name = HOOKS[site.server]
    return [
        route(site, "GET", "/serverInfo", server_info, anonymous=True),
        route(site, "GET", "/myself", myself),
        route(site, "GET", "/mypermissions", fake_rights.mine),
        route(site, "GET", "/field", fields),
        route(site, "GET", "/priority", priorities),
        route(site, "GET", "/status", statuses),
        route(site, "GET", "/issuetype", issue_types),
        route(site, "GET", "/issueLinkType", link_types),
        route(site, "GET", "/resolution", resolutions),
        route(site, "GET", "/project", projects),
        *(fake_server.routes(site) if site.server else _cloud_routes(site)),
        route(site, "GET", "/project/{project}", project),
        route(site, "GET", "/project/{project}/statuses", project_statuses),
        route(site, "GET", "/issue/createmeta/{project}/issuetypes", create_types),
        route(site, "GET", "/issue/createmeta/{project}/issuetypes/{type}", create_fields),
        route(site, "GET POST", f"/{hook_name}", hooks, root=hook_root),
        route(site, "GET PUT DELETE", f"/{hook_name}/{{hook}}", hook, root=hook_root),
    ]


def _cloud_routes(site: Site) -> list[Route]:
    """What Data Center has in another form or not at all."""
    return [
        route(site, "GET", "/project/search", project_page),
        route(site, "GET", "/user", user),
        route(site, "GET", "/user/search", search_users),
        route(site, "GET", "/user/assignable/search", assignable_users),
        route(site, "GET", "/user/assignable/multiProjectSearch", search_users),
        route(site, "GET", "/user/viewissue/search", search_users),
        route(site, "GET", "/user/bulk", bulk_users),
        route(site, "GET POST", "/search/jql", search),
        route(site, "POST", "/search/approximate-count", count),
        route(site, "GET POST", "/search", removed_search),
        route(site, "POST", "/jql/parse", parse_jql),
    ]


async def server_info(call: Call) -> Response:
    told: Object = {
        "baseUrl": call.view.base,
        "version": "10.3.5" if call.site.server else "1001.0.0-SNAPSHOT",
        "versionNumbers": [10, 3, 5] if call.site.server else [1001, 0, 0],
        "deploymentType": "Server" if call.site.server else "Cloud",
        "buildNumber": 100290,
        "buildDate": "2026-11-01T00:00:00.000+0000",
        "serverTime": call.view.time(datetime.now(UTC)),
        "scmInfo": "acme",
        "serverTitle": "Acme Jira",
    }
    return JSONResponse(told)


async def myself(call: Call) -> Response:
    own = call.view.user(call.user.account_id) or {}
    groups: Object = {"size": 0, "items": []}
    return JSONResponse({**own, "locale": "en_US", "groups": groups, "applicationRoles": {"size": 0, "items": []}})


async def fields(call: Call) -> Response:
    return JSONResponse(call.view.every_field())


async def priorities(call: Call) -> Response:
    return JSONResponse([call.view.priority(one) for one in call.site.priorities.values()])


async def statuses(call: Call) -> Response:
    return JSONResponse([call.view.status(one) for one in call.site.statuses.values()])


async def issue_types(call: Call) -> Response:
    return JSONResponse([call.view.issue_type(one) for one in call.site.types.values()])


async def link_types(call: Call) -> Response:
    return JSONResponse({"issueLinkTypes": [call.view.link_type(one) for one in LINK_TYPES]})


async def resolutions(call: Call) -> Response:
    return JSONResponse([call.view.resolution(one) for one in call.site.resolutions.values()])


async def projects(call: Call) -> Response:
    return JSONResponse([call.view.project(one) for one in call.site.projects.values()])


async def project_page(call: Call) -> Response:
    start, size = call.page(50, 50)
    found = list(call.site.projects.values())
    shown = [call.view.project(one) for one in found[start : start + size]]
    return _bean(call, start, size, len(found), list[JsonValue](shown))


async def project(call: Call) -> Response:
    return JSONResponse(call.view.whole_project(call.project(call.path("project"))))


async def project_statuses(call: Call) -> Response:
    found = call.project(call.path("project"))
    shown = [call.view.status(call.site.statuses[one]) for one in found.statuses]
    kinds = [call.view.issue_type(call.site.types[one]) for one in found.types]
    return JSONResponse([{**{name: kind[name] for name in ("self", "id", "name", "subtask")}, "statuses": shown} for kind in kinds])


async def create_types(call: Call) -> Response:
    found = call.project(call.path("project"))
    start, size = call.page(50, 200)
    kinds = [call.view.issue_type(call.site.types[one]) for one in found.types]
    name = "values" if call.site.server else "issueTypes"
    return JSONResponse({"startAt": start, "maxResults": size, "total": len(kinds), name: kinds[start : start + size]})


async def create_fields(call: Call) -> Response:
    found = call.project(call.path("project"))
    if call.path("type") not in {call.site.types[one].id for one in found.types}:
        raise Problem(404, "Issue type not found.")
    start, size = call.page(50, 200)
    shown: list[Object] = [{**field_meta(call, found, one), "fieldId": one} for one in [*SETTABLE, *call.site.fields]]
    name = "values" if call.site.server else "fields"
    return JSONResponse({"startAt": start, "maxResults": size, "total": len(shown), name: shown[start : start + size]})


async def user(call: Call) -> Response:
    wanted = call.asked("accountId")
    if wanted not in call.site.users:
        raise Problem(404, "Specified user does not exist or you do not have required permissions")
    return JSONResponse(call.view.user(wanted))


async def search_users(call: Call) -> Response:
    query = call.asked("query").casefold()
    start, size = call.page(50, 1000)
    found = [one for one in call.site.users.values() if _answers(one, query)]
    return JSONResponse([call.view.user(one.account_id) for one in found[start : start + size]])


async def assignable_users(call: Call) -> Response:
    """Everyone; with `accountId` that person alone. A project that is not there is an error."""
    require_place(call)
    wanted = call.asked("accountId")
    if not wanted:
        return await search_users(call)
    return JSONResponse([call.view.user(wanted)] if wanted in call.site.users else [])


def _answers(one: User, query: str) -> bool:
    words = [*one.display_name.casefold().split(), one.display_name.casefold(), one.email.casefold(), one.account_id]
    return any(word.startswith(query) for word in words)


async def bulk_users(call: Call) -> Response:
    wanted = call.listed("accountId")
    if not wanted:
        raise Problem(400, "The accountId query parameter is required.")
    start, size = call.page(10, 200)
    found: list[JsonValue] = [call.view.user(one) for one in wanted if one in call.site.users]
    return _bean(call, start, size, len(found), found[start : start + size])


def _bean(call: Call, start: int, size: int, total: int, values: list[JsonValue]) -> Response:
    address = f"{call.view.base}{call.request.url.path}?startAt={start}&maxResults={size}"
    page: Object = {"self": address, "startAt": start, "maxResults": size, "total": total, "isLast": start + size >= total}
    return JSONResponse({**page, "values": values})


async def search(call: Call) -> Response:
    """The enhanced search: token paging, no total, bounded queries only."""
    posted = call.request.method == "POST"
    body: Object = call.body if posted else {}
    jql = str(body.get("jql") or call.asked("jql"))
    token = body.get("nextPageToken") or call.asked("nextPageToken")
    names = (texts(body.get("fields")) if posted else call.listed("fields")) or ["id"]
    properties = texts(body.get("properties")) if posted else call.listed("properties")
    if len(properties) > 5:
        raise Problem(400, "The maximum number of properties is 5.")
    size = number(body.get("maxResults"), 50) if posted else call.page(50, 5000)[1]
    found = _rest(call, str(token), jql) if token else _found(call, jql, body.get("reconcileIssues"))
    size = max(1, min(size, 5000 if names == ["id"] else 100))
    rest = found[size:]
    answer: Object = {"issues": [_hit(call, one, names, properties) for one in found[:size]], "isLast": not rest}
    if rest:
        answer["nextPageToken"] = _keep(call.site, jql, rest)
    return JSONResponse(answer)


def _found(call: Call, jql: str, reconciled: JsonValue) -> list[Issue]:
    ids = frozenset(str(one) for one in reconciled) if isinstance(reconciled, list) else frozenset[str]()
    if len(ids) > 50:
        raise Problem(400, "The maximum number of issues to reconcile is 50.")
    try:
        return Search(call.site, call.user).find(jql, ids)
    except JqlError as error:
        raise Problem(400, *error.messages) from None


def _hit(call: Call, issue: Issue, names: list[str], properties: list[str]) -> Object:
    shown = call.view.issue(issue, names, properties)
    return {"id": shown["id"], **({"properties": shown["properties"]} if properties else {})} if names == ["id"] else shown


def _keep(site: Site, jql: str, rest: list[Issue]) -> str:
    """A token for the rest of a search; the oldest ones expire."""
    token = secrets.token_urlsafe(24)
    site.pages[token] = (jql, rest)
    while len(site.pages) > TOKENS_KEPT:
        del site.pages[next(iter(site.pages))]
    return token


def _rest(call: Call, token: str, jql: str) -> list[Issue]:
    kept = call.site.pages.get(token)
    if kept is None or kept[0] != jql:
        raise Problem(400, "The provided next page token is invalid or expired.")
    return kept[1]


async def count(call: Call) -> Response:
    return JSONResponse({"count": len(_found(call, str(call.body.get("jql", "")), None))})


async def removed_search(_: Call) -> Response:
    raise Problem(410, REMOVED)


async def parse_jql(call: Call) -> Response:
    """Each query with what is wrong in it; the structure of a good one is not told."""
    asked = call.body.get("queries")
    queries = [str(one) for one in asked] if isinstance(asked, list) else []
    if not queries:
        raise Problem(400, "The queries must not be empty.")
    judged: list[JsonValue] = []
    for one in queries:
        problems = Search(call.site, call.user).problems(one)
        judged.append({"query": one, **({"errors": list[JsonValue](problems)} if problems else {})})
    return JSONResponse({"queries": judged})


async def hooks(call: Call) -> Response:
    _require_administrator(call)
    if call.request.method == "GET":
        return JSONResponse([_hook(call, one) for one in call.site.hooks.values()])
    made = _sent_hook(call, int(call.site.next_id()), "")
    return JSONResponse(_hook(call, made), 201)


def _require_administrator(call: Call) -> None:
    if "ADMINISTER" in call.user.lacks:
        raise Problem(403, "You do not have permission to administer webhooks.")


def _sent_hook(call: Call, identity: int, secret: str) -> Hook:
    """The webhook that was sent; a secret that is not sent stays."""
    body = call.body
    url, events = body.get("url"), texts(body.get("events"))
    if not isinstance(url, str) or urlsplit(url).scheme not in {"http", "https"}:
        raise Problem(400, "The webhook's URL is not valid.")
    if unknown := sorted(set(events) - set(EVENTS)):
        raise Problem(400, f"Unknown webhook event: {unknown[0]}")
    filters = body.get("filters")
    jql = filters.get("issue-related-events-section") if isinstance(filters, dict) else ""
    if jql and (problems := Search(call.site, call.user).problems(str(jql))):
        raise Problem(400, *problems)
    configuration = body.get("configuration")
    told = configuration if isinstance(configuration, dict) else {}
    sent = told.get("SECRET") if call.site.server else body.get("secret")
    on = body.get("active" if call.site.server else "enabled") is not False
    made = Hook(identity, str(body.get("name", "")), url, tuple(events), str(sent or secret), str(jql or ""), on)
    call.site.hooks[made.id] = made
    return made


async def hook(call: Call) -> Response:
    _require_administrator(call)
    wanted = call.path("hook")
    if not wanted.isdigit() or int(wanted) not in call.site.hooks:
        raise Problem(404, "No webhook with this id exists.")
    if call.request.method == "GET":
        return JSONResponse(_hook(call, call.site.hooks[int(wanted)]))
    if call.request.method == "PUT":
        return JSONResponse(_hook(call, _sent_hook(call, int(wanted), call.site.hooks[int(wanted)].secret)))
    del call.site.hooks[int(wanted)]
    return Response(status_code=204)


def _hook(call: Call, one: Hook) -> Object:
    """A webhook as the administration shows it: without its secret."""
    root, name = HOOKS[call.site.server]
    if call.site.server:
        told: Object = {"id": one.id, "name": one.name, "url": one.url, "events": list[JsonValue](one.events), "active": one.on}
        return {**told, "configuration": {"EXCLUDE_BODY": "false"}, "scopeType": "global", "sslVerificationRequired": True}
    return {
        "name": one.name,
        "url": one.url,
        "events": list[JsonValue](one.events),
        "filters": {"issue-related-events-section": one.jql},
        "excludeBody": False,
        "enabled": one.on,
        "self": f"{call.view.base}{root}/{name}/{one.id}",
        "lastUpdatedUser": call.user.account_id,
        "isSigned": bool(one.secret),
    }
