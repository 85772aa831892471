"""What hangs on an issue of the fake site: links, remote links, watchers, votes."""

from pydantic import JsonValue
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.jira.fake_call import Call, Problem, object_in, route
from connectors.jira.fake_comments import add_comment
from connectors.jira.fake_render import LINK_TYPES, Object
from connectors.jira.fake_state import Issue, IssueLink, Site


def routes(site: Site) -> list[Route]:
    return [
        route(site, "POST", "/issueLink", link),
        route(site, "GET DELETE", "/issueLink/{link}", one_link),
        route(site, "GET POST", "/issue/{issue}/remotelink", remote_links),
        route(site, "GET PUT DELETE", "/issue/{issue}/remotelink/{link}", remote_link),
        route(site, "GET POST DELETE", "/issue/{issue}/watchers", watchers),
        route(site, "GET POST DELETE", "/issue/{issue}/votes", votes),
        route(site, "POST", "/issue/{issue}/notify", notify),
    ]


async def link(call: Call) -> Response:
    """With the type Blocks, the inward issue blocks the outward one."""
    kind, inward, outward = (call.body.get(name) for name in ("type", "inwardIssue", "outwardIssue"))
    name = kind.get("name") if isinstance(kind, dict) else None
    number = kind.get("id") if isinstance(kind, dict) else None
    found = next((one for one in LINK_TYPES if str(name).casefold() == one.name.casefold() or number == one.id), None)
    if found is None:
        raise Problem(404, f"No issue link type with name '{name}' found.")
    ends = [_named(call, one) for one in (inward, outward)]
    if any(one.source == ends[0].id and one.target == ends[1].id and one.type == found.name for one in call.site.links.values()):
        return Response(status_code=201)
    made = IssueLink(call.site.next_id(), found.name, ends[0].id, ends[1].id)
    call.site.links[made.id] = made
    _touched(call, "link", ends[0], link=made.id, target=ends[1].key)
    call.site.touch(ends[1])
    if isinstance(said := call.body.get("comment"), dict):
        await add_comment(call, ends[1], said)
    return Response(status_code=201)


def _named(call: Call, value: JsonValue) -> Issue:
    wanted = (value.get("key") or value.get("id")) if isinstance(value, dict) else None
    found = call.site.issue(str(wanted))
    if found is None:
        raise Problem(404, "Issue does not exist or you do not have permission to see it.")
    return found


def _touched(call: Call, action: str, issue: Issue, **detail: JsonValue) -> None:
    call.site.touch(issue)
    call.site.record(call.user, action, issue.key, **detail)


async def one_link(call: Call) -> Response:
    found = call.site.links.get(call.path("link"))
    ends = [call.site.issues.get(one) for one in (found.source, found.target)] if found else []
    source, target = ends or [None, None]
    if found is None or source is None or target is None:
        raise Problem(404, f"No issue link with id '{call.path('link')}' exists.")
    if call.request.method == "DELETE":
        del call.site.links[found.id]
        _touched(call, "unlink", source, link=found.id)
        call.site.touch(target)
        return Response(status_code=204)
    shown = call.view.link(found)
    return JSONResponse({**shown, "inwardIssue": call.view.near(source), "outwardIssue": call.view.near(target)})


async def remote_links(call: Call) -> Response:
    """A link of the same `globalId` is written over."""
    issue = call.issue()
    if call.request.method == "GET":
        wanted = call.asked("globalId")
        found = {number: one for number, one in issue.remote_links.items() if not wanted or one.get("globalId") == wanted}
        if wanted and not found:
            raise Problem(404, f"No remote link with the global id '{wanted}' exists.")
        shown = [_remote(call, issue, number, one) for number, one in found.items()]
        return JSONResponse(shown[0] if wanted else shown)
    url = _target(call)
    name = call.body.get("globalId")
    known = next((number for number, one in issue.remote_links.items() if name and one.get("globalId") == name), None)
    number = known or call.site.next_id()
    issue.remote_links[number] = call.body
    call.site.record(call.user, "remote_link", issue.key, link=number, url=url)
    return JSONResponse({"id": int(number), "self": f"{call.view.api}/issue/{issue.id}/remotelink/{number}"}, 200 if known else 201)


def _target(call: Call) -> JsonValue:
    """The address that the link which was sent leads to; 400 if it is none."""
    target = call.body.get("object")
    if not isinstance(target, dict) or not target.get("url") or not target.get("title"):
        raise Problem(400, errors={"object": "'url' and 'title' are required."})
    return target["url"]


def _remote(call: Call, issue: Issue, number: str, one: Object) -> Object:
    return {"id": int(number), "self": f"{call.view.api}/issue/{issue.id}/remotelink/{number}", **one}


async def remote_link(call: Call) -> Response:
    issue, number = call.issue(), call.path("link")
    if number not in issue.remote_links:
        raise Problem(404, f"The remote link with id '{number}' does not exist.")
    if call.request.method == "GET":
        return JSONResponse(_remote(call, issue, number, issue.remote_links[number]))
    if call.request.method == "PUT":
        call.site.record(call.user, "remote_link", issue.key, link=number, url=_target(call))
        issue.remote_links[number] = call.body
        return Response(status_code=204)
    del issue.remote_links[number]
    return Response(status_code=204)


async def watchers(call: Call) -> Response:
    """A POST or DELETE without anybody is about who calls."""
    issue = call.issue()
    if call.request.method == "GET":
        people: list[JsonValue] = [call.view.user(one) for one in issue.watchers]
        own = f"{call.view.api}/issue/{issue.key}/watchers"
        watching = call.user.account_id in issue.watchers
        return JSONResponse({"self": own, "isWatching": watching, "watchCount": len(people), "watchers": people})
    named = call.payload if call.request.method == "POST" else call.asked("accountId") or call.asked("username")
    user = call.user if not named else call.site.users.get(str(named)) or call.site.user_called(str(named))
    if user is None:
        raise Problem(404 if call.request.method == "DELETE" else 400, f"The user named '{named}' does not exist")
    rest = [one for one in issue.watchers if one != user.account_id]
    issue.watchers = rest if call.request.method == "DELETE" else [*rest, user.account_id]
    return Response(status_code=204)


async def votes(call: Call) -> Response:
    issue, own = call.issue(), call.user.account_id
    if call.request.method == "GET":
        return JSONResponse({**call.view.votes(issue), "voters": [call.view.user(one) for one in issue.voters]})
    if own == issue.reporter:
        raise Problem(404, "You cannot vote for an issue you have reported.")
    rest = [one for one in issue.voters if one != own]
    issue.voters = rest if call.request.method == "DELETE" else [*rest, own]
    return Response(status_code=204)


async def notify(call: Call) -> Response:
    """Nobody gets a mail, but there has to be somebody to get it."""
    issue, to = call.issue(), object_in(call.body, "to")
    if not any(to.values()):
        raise Problem(400, errors={"to": "No recipients were defined for notification."})
    call.site.record(call.user, "notify", issue.key, subject=call.body.get("subject"))
    return Response(status_code=204)
