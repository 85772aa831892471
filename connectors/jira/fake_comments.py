"""Comments and attachments of the fake site."""

import hashlib
import secrets

from pydantic import JsonValue
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from connectors.jira import fake_text
from connectors.jira.fake_call import Call, Problem, paged, route
from connectors.jira.fake_fields import NOT_ADF
from connectors.jira.fake_history import Told, log_item
from connectors.jira.fake_render import Object
from connectors.jira.fake_shown import marker_in
from connectors.jira.fake_state import Attachment, Comment, Issue, Site
from connectors.kit.fake import moved

UPLOAD_LIMIT = 100 * 1024 * 1024


def routes(site: Site) -> list[Route]:
    signature = secrets.token_hex(8)

    async def content(call: Call) -> Response:
        _, one = _attachment(call)
        if call.asked("redirect") == "false":
            return Response(one.content, media_type=one.mimetype)
        return RedirectResponse(f"{call.view.base}/media/file/{one.id}?token={signature}", 303)

    async def media(request: Request) -> Response:
        if request.query_params.get("token") != signature:
            return Response(status_code=403)
        wanted = str(request.path_params["attachment"])
        found = next((one for issue in site.issues.values() for one in issue.attachments if one.id == wanted), None)
        return Response(found.content, media_type=found.mimetype) if found else Response(status_code=404)

    async def secure(call: Call) -> Response:
        _, one = _attachment(call)
        return Response(one.content, media_type=one.mimetype)

    places = [
        route(site, "GET", "/attachment/content/{attachment}", content),
        Route("/media/file/{attachment}", media),
    ]
    by_name = route(site, "GET", "/secure/attachment/{attachment}/{name}", secure, root="")
    places = [by_name] if site.server else [*places, by_name]
    return [
        *places,
        route(site, "GET", "/issue/{issue}/comment", comments),
        route(site, "POST", "/issue/{issue}/comment", create_comment),
        route(site, "GET", "/issue/{issue}/comment/{comment}", read_comment),
        route(site, "PUT", "/issue/{issue}/comment/{comment}", edit_comment),
        route(site, "DELETE", "/issue/{issue}/comment/{comment}", delete_comment),
        route(site, "GET PUT DELETE", "/comment/{comment}/properties/{key}", comment_property),
        *([] if site.server else [route(site, "POST", "/comment/list", listed)]),
        route(site, "POST", "/issue/{issue}/attachments", attach),
        route(site, "GET", "/attachment/meta", attachment_meta),
        route(site, "GET", "/attachment/{attachment}", read_attachment),
        route(site, "DELETE", "/attachment/{attachment}", delete_attachment),
    ]


async def comments(call: Call) -> Response:
    issue = call.issue()
    start, size = call.page(5000, 5000)
    visible = call.view.visible_comments(issue)
    if call.asked("orderBy") == "-created":
        visible.reverse()
    with_properties = "properties" in call.listed("expand")
    shown = [call.view.comment(issue, one, properties=with_properties) for one in visible[start : start + size]]
    return JSONResponse({"startAt": start, "maxResults": size, "total": len(visible), "comments": shown})


async def create_comment(call: Call) -> Response:
    issue = call.issue()
    made = await add_comment(call, issue, call.body)
    return JSONResponse(call.view.comment(issue, made, properties="properties" in call.listed("expand")), 201)


async def add_comment(call: Call, issue: Issue, payload: Object) -> Comment:
    """Add the comment that the payload describes; 400 in Jira's words if it does not."""
    body, visibility = _body(call, payload), _visibility(call, issue, payload)
    properties = payload.get("properties")
    now = call.site.clock.now()
    author = call.user.account_id
    made = Comment(call.site.next_id(), author, author, body, now, now, visibility)
    for one in properties if isinstance(properties, list) else []:
        if isinstance(one, dict):
            made.properties[str(one.get("key"))] = one.get("value")
    if call.site.projects[issue.project].type != "service_desk":
        made.properties.pop("sd.public.comment", None)
    issue.comments.append(made)
    call.site.touch(issue)
    internal = made.internal or made.visibility is not None
    told: Object = {"comment": made.id, "internal": internal, "marker": marker_in(made.properties)}
    call.site.record(call.user, "comment", issue.key, **told, **moved({}, {"body": made.body}))
    call.emit("comment_created", issue, comment=call.hook_view.comment(issue, made, properties=False))
    return made


def _body(call: Call, payload: Object) -> JsonValue:
    body = payload.get("body")
    if call.view.version == "2":
        if not isinstance(body, str) or not body.strip():
            raise Problem(400, errors={"comment": "Comment body can not be empty!"})
        return body if call.site.server else fake_text.document(body)
    if not fake_text.is_document(body):
        raise Problem(400, errors={"comment": "Comment body is not valid! " + NOT_ADF})
    if isinstance(body, dict) and not body.get("content"):
        raise Problem(400, errors={"comment": "Comment body can not be empty!"})
    return body


def _visibility(call: Call, issue: Issue, payload: Object) -> Object | None:
    match payload.get("visibility"):
        case {"type": "role", **rest}:
            name = str(rest.get("value") or rest.get("identifier"))
        case {"type": "group", **rest}:
            raise Problem(400, errors={"commentLevel": f"Group: {rest.get('value')} does not exist."})
        case _:
            return None
    if name not in call.view.roles(call.site.projects[issue.project]):
        raise Problem(400, errors={"commentLevel": f"Role: {name} does not exist."})
    if name not in call.user.roles:
        raise Problem(400, errors={"commentLevel": f"You are currently not a member of the project role: {name}."})
    return {"type": "role", "value": name, "identifier": name}


def _comment(call: Call) -> tuple[Issue, Comment]:
    issue = call.issue()
    wanted = call.path("comment")
    found = next((one for one in call.view.visible_comments(issue) if one.id == wanted), None)
    if found is None:
        raise Problem(404, f"Can not find a comment for the id: {wanted}.")
    return issue, found


async def read_comment(call: Call) -> Response:
    issue, one = _comment(call)
    return JSONResponse(call.view.comment(issue, one, properties="properties" in call.listed("expand")))


async def edit_comment(call: Call) -> Response:
    issue, one = _comment(call)
    before: Object = {"body": one.body}
    one.body = _body(call, call.body)
    if "visibility" in call.body:
        one.visibility = _visibility(call, issue, call.body)
    one.editor, one.updated = call.user.account_id, call.site.clock.now()
    call.site.touch(issue)
    call.site.record(call.user, "edit_comment", issue.key, comment=one.id, **moved(before, {"body": one.body}))
    call.emit("comment_updated", issue, comment=call.hook_view.comment(issue, one, properties=False))
    return JSONResponse(call.view.comment(issue, one, properties="properties" in call.listed("expand")))


async def delete_comment(call: Call) -> Response:
    issue, one = _comment(call)
    issue.comments.remove(one)
    call.site.touch(issue)
    call.site.record(call.user, "delete_comment", issue.key, comment=one.id, **moved({"body": one.body}, {"body": None}))
    call.emit("comment_deleted", issue, comment=call.hook_view.comment(issue, one, properties=False))
    return Response(status_code=204)


async def comment_property(call: Call) -> Response:
    wanted, key = call.path("comment"), call.path("key")
    found = next((one for issue in call.site.issues.values() for one in issue.comments if one.id == wanted), None)
    known = found is not None and key in found.properties
    if found is None or (call.request.method != "PUT" and not known):
        raise Problem(404, f"The property {key} does not exist.")
    if call.request.method == "PUT":
        found.properties[key] = call.payload
        return JSONResponse(None, 200 if known else 201)
    if call.request.method == "DELETE":
        del found.properties[key]
        return Response(status_code=204)
    return JSONResponse({"key": key, "value": found.properties[key]})


async def listed(call: Call) -> Response:
    """Those of the ids that the caller may see, of all issues."""
    asked = call.body.get("ids")
    wanted = {str(one) for one in asked} if isinstance(asked, list) else set[str]()
    found = [(issue, one) for issue in call.site.issues.values() for one in call.view.visible_comments(issue) if one.id in wanted]
    shown: list[JsonValue] = [call.view.comment(issue, one, properties=False) for issue, one in found]
    return paged(call, shown)


async def attach(call: Call) -> Response:
    if call.request.headers.get("x-atlassian-token") not in {"no-check", "nocheck"}:
        return Response("XSRF check failed", 403)
    async with call.request.form() as form:
        files = [(one, await one.read()) for one in form.getlist("file") if isinstance(one, UploadFile)]
    if not files:
        raise Problem(400, "No file was sent in the part 'file'.")
    issue = call.issue()
    added: list[Attachment] = []
    for file, content in files:
        name, kind = file.filename or "file", file.content_type or "application/octet-stream"
        added.append(Attachment(call.site.next_id(), call.user.account_id, name, kind, content, call.site.clock.now()))
    issue.attachments.extend(added)
    call.site.touch(issue)
    items: list[JsonValue] = []
    for one in added:
        print_of = hashlib.sha256(one.content).hexdigest()
        call.site.record(call.user, "attach", issue.key, attachment=one.id, filename=one.filename, sha256=print_of)
        call.emit("attachment_created", issue, attachment=call.hook_view.attachment(one))
        items.append(_log_item(None, one))
    call.emit("jira:issue_updated", issue, issue_event_type_name="issue_updated", changelog={"id": call.site.next_id(), "items": items})
    return JSONResponse([call.view.attachment(one) for one in added])


async def attachment_meta(_: Call) -> Response:
    return JSONResponse({"enabled": True, "uploadLimit": UPLOAD_LIMIT})


def _attachment(call: Call) -> tuple[Issue, Attachment]:
    wanted = call.path("attachment")
    for issue in call.site.issues.values():
        for one in issue.attachments:
            if one.id == wanted:
                return issue, one
    raise Problem(404, f"The attachment with id '{wanted}' does not exist")


async def read_attachment(call: Call) -> Response:
    _, one = _attachment(call)
    return JSONResponse({**call.view.attachment(one), "id": int(one.id)})


async def delete_attachment(call: Call) -> Response:
    issue, one = _attachment(call)
    issue.attachments.remove(one)
    call.site.touch(issue)
    call.site.record(call.user, "delete_attachment", issue.key, attachment=one.id, filename=one.filename)
    call.emit("attachment_deleted", issue, attachment=call.hook_view.attachment(one))
    log: Object = {"id": call.site.next_id(), "items": [_log_item(one, None)]}
    call.emit("jira:issue_updated", issue, issue_event_type_name="issue_updated", changelog=log)
    return Response(status_code=204)


def _log_item(before: Attachment | None, after: Attachment | None) -> JsonValue:
    return log_item("attachment", _told(before), _told(after), title="Attachment")


def _told(one: Attachment | None) -> Told:
    return (one.id, one.filename) if one else (None, None)
