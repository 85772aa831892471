"""The fake's uploads, attachments and redaction."""

import secrets

from starlette.requests import Request
from starlette.responses import Response

from connectors.zendesk.fake_call import Call, Problem, caller, json_answer, not_found
from connectors.zendesk.fake_state import Attachment, Object, World
from connectors.zendesk.mapping import REDACTED


async def upload(call: Call) -> Response:
    """A token gathers several files if it is given again."""
    name = call.query("filename")
    if not name:
        raise Problem(400, {"error": "ParameterMissing", "description": "param is missing or the value is empty: filename"})
    file = Attachment(
        id=call.world.next_id(),
        token=secrets.token_urlsafe(18),
        file_name=name,
        content_type=call.request.headers.get("content-type", "application/octet-stream"),
        content=await call.request.body(),
    )
    token = call.query("token") or secrets.token_urlsafe(18)
    files = call.world.uploads.setdefault(token, [])
    files.append(file)
    call.world.files[file.token] = file
    shown = [call.view.attachment(one) for one in files]
    answer: Object = {"token": token, "expires_at": "2099-01-01T00:00:00Z", "attachment": shown[-1], "attachments": [*shown]}
    return json_answer({"upload": answer}, 201)


async def delete_upload(call: Call) -> Response:
    if call.world.uploads.pop(str(call.request.path_params["token"]), None) is None:
        raise not_found()
    return Response(status_code=204)


async def get_attachment(call: Call) -> Response:
    number = call.number()
    found = next((one for one in call.world.files.values() if one.id == number), None)
    if found is None:
        raise not_found()
    return json_answer({"attachment": call.view.attachment(found)})


async def redact(call: Call) -> Response:
    """The file is replaced by an empty one."""
    call.only("admin", "agent")
    ticket = call.ticket("ticket")
    comment = next((one for one in ticket.comments if one.id == call.number("comment")), None)
    file = next((one for one in comment.attachments if one.id == call.number()), None) if comment else None
    if file is None:
        raise not_found()
    name = file.file_name
    file.file_name, file.content_type, file.content, file.deleted = REDACTED, "text/plain", b"", True
    call.world.touch(ticket)
    call.world.record(call.user.id, "redact attachment", ticket.id, {"attachment": file.id, "file_name": name})
    return json_answer({"attachment": call.view.attachment(file)})


async def download(world: World, request: Request) -> Response:
    """The content behind a `content_url`: its token suffices, unless the account keeps attachments private."""
    if world.seed.private_attachments:
        try:
            caller(world, request.headers.get("authorization", ""))
        except Problem:
            return Response(status_code=302, headers={"Location": "/access/unauthenticated"})
    found = world.files.get(str(request.path_params["token"]))
    if found is None:
        return Response("Not found", 404)
    return Response(found.content, media_type=found.content_type)
