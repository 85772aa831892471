"""Comments and files of the fake organization.

https://learn.microsoft.com/rest/api/azure/devops/wit/comments?view=azure-devops-rest-7.1
"""

import re
import uuid
from dataclasses import replace
from urllib.parse import quote

from starlette.responses import Response

from connectors.azure_devops import fake_hooks
from connectors.azure_devops.fake_call import Call, Problem, Resource, answer, bad_parameter, enumerated, listed
from connectors.azure_devops.fake_items import add_comment
from connectors.azure_devops.fake_patch import sanitised
from connectors.azure_devops.fake_render import View, person
from connectors.azure_devops.fake_state import Comment, CommentRef, File, Object, Talk, WorkItem
from connectors.kit.fake import moved

REACTIONS = ("like", "dislike", "heart", "hooray", "smile", "confused")
LARGEST_FILE = 60 * 1024 * 1024
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
COMMENTS = "wit/workitems/{item}/comments"


def resources() -> list[Resource]:
    return [
        Resource("GET", COMMENTS, comments, preview=True, scoped=True),
        Resource("POST", COMMENTS, create_comment, preview=True, scoped=True),
        Resource("GET", COMMENTS + "/{comment}", read_comment, preview=True, scoped=True),
        Resource("PATCH", COMMENTS + "/{comment}", edit_comment, preview=True, scoped=True),
        Resource("DELETE", COMMENTS + "/{comment}", delete_comment, preview=True, scoped=True),
        Resource("GET", COMMENTS + "/{comment}/versions", versions, preview=True, scoped=True),
        Resource("GET", COMMENTS + "/{comment}/versions/{version}", one_version, preview=True, scoped=True),
        Resource("GET", COMMENTS + "/{comment}/reactions", reactions, preview=True, scoped=True),
        Resource("PUT DELETE", COMMENTS + "/{comment}/reactions/{reaction}", react, preview=True, scoped=True),
        Resource("GET", COMMENTS + "/{comment}/reactions/{reaction}/users", engaged, preview=True, scoped=True),
        Resource("POST", "wit/attachments", upload),
        Resource("PUT", "wit/attachments/{id}", upload_chunk),
        Resource("GET", "wit/attachments/{id}", download),
    ]


def _view(call: Call) -> View:
    return View(call.organization, call.base)


async def comments(call: Call) -> Response:
    """The newest first, unless asked otherwise."""
    item = call.item("item")
    found = [one for one in item.comments if not one.deleted or call.says("includeDeleted")]
    if call.asked("order", "desc").casefold() != "asc":
        found.reverse()
    token = call.asked("continuationToken", "0")
    start = int(token) if token.isdigit() else 0
    size = call.number("$top", 200, 200)
    shown = [_view(call).comment(item, one) for one in found[start : start + size]]
    further = {"continuationToken": str(start + size)} if start + size < len(found) else {}
    return answer({"totalCount": len(found), "count": len(shown), "comments": [*shown], **further})


def _comment(call: Call) -> tuple[WorkItem, Comment]:
    item, wanted = call.item("item"), call.values["comment"]
    found = next((one for one in item.comments if str(one.id) == wanted and (not one.deleted or call.says("includeDeleted"))), None)
    if found is None:
        raise Problem(404, "CommentNotFoundException", f"VS402336: Comment {wanted} of work item {item.id} does not exist.")
    return item, found


def _text(call: Call) -> str:
    text = call.body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_parameter("Value cannot be null or empty.\r\nParameter name: text")
    return text


def _format(call: Call, usual: str) -> str:
    found = call.asked("format", usual).casefold()
    if found not in {"html", "markdown"}:
        raise bad_parameter(f"The value '{found}' of the query parameter format is not known.")
    return found


async def create_comment(call: Call) -> Response:
    item, kind = call.item("item"), _format(call, "html")
    text = _text(call) if kind == "markdown" else sanitised(_text(call))
    made = add_comment(call, item, text, kind, item.now.fields, item.now.relations)
    call.organization.record(call.user, "comment", item.id, comment=made.id, **moved({}, {"text": text}))
    fake_hooks.emit(call, "workitem.updated", item)
    fake_hooks.emit(call, "workitem.commented", item)
    return answer(_view(call).comment(item, made))


async def read_comment(call: Call) -> Response:
    item, one = _comment(call)
    return answer(_view(call).comment(item, one))


async def versions(call: Call) -> Response:
    """The newest first."""
    item, one = _comment(call)
    return listed([_view(call).comment(item, each) for each in reversed((*one.earlier, one))])


async def one_version(call: Call) -> Response:
    item, one = _comment(call)
    found = next((each for each in (*one.earlier, one) if str(each.version) == call.values["version"]), None)
    if found is None:
        raise Problem(404, "CommentNotFoundException", f"VS402336: Version {call.values['version']} of comment {one.id} does not exist.")
    return answer(_view(call).comment(item, found))


async def edit_comment(call: Call) -> Response:
    item, one = _comment(call)
    one.earlier = (*one.earlier, replace(one, earlier=()))
    before, one.format = one.text, _format(call, one.format)
    one.text = _text(call) if one.format == "markdown" else sanitised(_text(call))
    _touch(call, item, one)
    call.organization.record(call.user, "edit_comment", item.id, comment=one.id, **moved({"text": before}, {"text": one.text}))
    return answer(_view(call).comment(item, one))


async def delete_comment(call: Call) -> Response:
    item, one = _comment(call)
    one.earlier = (*one.earlier, replace(one, earlier=()))
    one.deleted = True
    _touch(call, item, one)
    call.organization.record(call.user, "delete_comment", item.id, comment=one.id, **moved({"text": one.text}, {"text": None}))
    return Response(status_code=204)


async def reactions(call: Call) -> Response:
    item, one = _comment(call)
    return listed([_reaction(call, item, one, kind) for kind in REACTIONS if one.reactions.get(kind)])


async def react(call: Call) -> Response:
    """PUT adds the caller's reaction, DELETE takes it back; the comment's version stays."""
    item, one = _comment(call)
    kind = _reaction_kind(call)
    rest = [each for each in one.reactions.get(kind, []) if each != call.user]
    one.reactions[kind] = rest if call.request.method == "DELETE" else [*rest, call.user]
    return answer(_reaction(call, item, one, kind))


async def engaged(call: Call) -> Response:
    """Who reacted so."""
    _, one = _comment(call)
    return listed([person(each, call.base) for each in one.reactions.get(_reaction_kind(call), [])])


def _reaction_kind(call: Call) -> str:
    kind = enumerated(call.values["reaction"], REACTIONS)
    if kind not in REACTIONS:
        raise bad_parameter(f"The value '{call.values['reaction']}' is not a reaction.")
    return kind


def _reaction(call: Call, item: WorkItem, one: Comment, kind: str) -> Object:
    people = one.reactions.get(kind, [])
    url = f"{_view(call).item_url(item)}/comments/{one.id}/reactions/{kind}"
    return {"type": kind, "count": len(people), "isCurrentUserEngaged": call.user in people, "commentId": one.id, "url": url}


def _touch(call: Call, item: WorkItem, one: Comment) -> None:
    """A new version of the comment; of the item only where the seed says so."""
    organization = call.organization
    one.version, one.editor, one.modified = one.version + 1, call.user, organization.clock.now()
    about = CommentRef(one.id, one.version, one.deleted)
    if organization.edits_make_revisions:
        organization.revise(item, call.user, item.now.fields, item.now.relations, about)
        fake_hooks.emit(call, "workitem.updated", item)
    watermark = item.now.watermark if organization.edits_make_revisions else next(organization.watermarks)
    organization.talk.append(Talk(watermark, item.id, item.now.rev, one.modified, about))


async def upload(call: Call) -> Response:
    """A file that belongs to nothing yet."""
    if call.asked("uploadType", "simple").casefold() == "chunked":
        started = str(uuid.uuid4())
        call.organization.chunks[started] = (call.asked("fileName") or "attachment", bytearray())
        return _uploaded(call, started, call.asked("fileName") or "attachment")
    if not call.request.headers.get("content-type", "").startswith("application/octet-stream"):
        raise Problem(415, "VssRequestContentTypeNotSupportedException", "A file is sent as application/octet-stream.", space="Services")
    content = await call.request.body()
    if len(content) > LARGEST_FILE:
        message = f"VS403313: The attachment exceeds the size limit of {LARGEST_FILE} bytes."
        raise Problem(400, "WorkItemAttachmentExceedsMaxSizeException", message)
    made = File(str(uuid.uuid4()), call.asked("fileName") or "attachment", content, call.user)
    call.organization.files[made.id] = made
    return _uploaded(call, made.id, made.name)


async def upload_chunk(call: Call) -> Response:
    """A part of a file that was announced; with the last one it is there. `Content-Range: bytes 0-39999/50000`."""
    identity = call.values["id"].lower()
    if identity not in call.organization.chunks:
        raise Problem(404, "AttachmentNotFoundException", f"TF401243: The attachment {identity} does not exist.")
    name, held = call.organization.chunks[identity]
    content, found = await call.request.body(), _RANGE.fullmatch(call.request.headers.get("content-range", ""))
    if found is None or int(found[1]) != len(held) or int(found[2]) - int(found[1]) + 1 != len(content):
        raise bad_parameter("The Content-Range header is missing, or does not go with what was sent and with what is here.")
    held += content
    if len(held) >= int(found[3]):
        call.organization.files[identity] = File(identity, name, bytes(held), call.user)
        del call.organization.chunks[identity]
    return _uploaded(call, identity, name)


def _uploaded(call: Call, identity: str, name: str) -> Response:
    return answer({"id": identity, "url": f"{call.base}/_apis/wit/attachments/{identity}?fileName={quote(name)}"}, 201)


async def download(call: Call) -> Response:
    found = call.organization.files.get(call.values["id"].lower())
    if found is None:
        raise Problem(404, "AttachmentNotFoundException", f"TF401243: The attachment {call.values['id']} does not exist.")
    name = quote(call.asked("fileName") or found.name)
    return Response(
        found.content, media_type="application/octet-stream", headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    )
