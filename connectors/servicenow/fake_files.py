"""The Attachment API: https://www.servicenow.com/docs/r/api-reference/rest-apis/c_AttachmentAPI.html."""

import hashlib
import json

from starlette.responses import Response

from connectors.servicenow import fake_schema as schema
from connectors.servicenow.fake_call import Call, Problem, answered, no_record
from connectors.servicenow.fake_render import attachment
from connectors.servicenow.fake_world import Row


async def listed(call: Call) -> Response:
    rows, headers = call.page("sys_attachment")
    return answered({"result": [attachment(call.base, row) for _, row in rows]}, headers=headers)


async def one(call: Call) -> Response:
    return answered({"result": attachment(call.base, _row(call))})


async def content(call: Call) -> Response:
    row = _row(call)
    told = {"X-Attachment-Metadata": json.dumps(attachment(call.base, row))}
    return Response(call.world.files[row["sys_id"]], 200, told, media_type=row["content_type"] or "application/octet-stream")


async def delete(call: Call) -> Response:
    row = _row(call)
    del call.world.files[row["sys_id"]]
    call.world.remove(row["sys_id"])
    detail = {"attachment": row["sys_id"], "filename": row["file_name"]}
    call.world.record(call.user, "detach", row["table_name"], row["table_sys_id"], {**detail})
    return Response(status_code=204)


async def binary(call: Call) -> Response:
    """`POST /attachment/file`: the raw bytes with their own content type."""
    kind = call.request.headers.get("content-type", "")
    return await _added(
        call, call.asked("table_name"), call.asked("table_sys_id"), call.asked("file_name"), kind, await call.request.body()
    )


async def multipart(call: Call) -> Response:
    """`POST /attachment/upload`: a form whose last part is the file."""
    async with call.request.form() as form:
        parts = [(name, value) for name, value in form.multi_items()]
        name, file = parts[-1] if parts else ("", "")
        if isinstance(file, str) or not name:
            raise Problem(400, "Exception while reading request", "Unable to retrieve upload file, it must be the last part of the request")
        fields = {name: value for name, value in parts if isinstance(value, str)}
        kind, filename, data = file.content_type or "", file.filename or "", await file.read()
    return await _added(call, fields.get("table_name", ""), fields.get("table_sys_id", ""), filename, kind, data)


async def _added(call: Call, table: str, sys_id: str, filename: str, kind: str, data: bytes) -> Response:
    world = call.world
    if not schema.lineage(table) or not filename:
        raise Problem(400, f"Invalid table {table}" if filename else "Missing file_name parameter")
    owner = world.row(table, sys_id)
    if owner is None or not call.can_read(*owner):
        raise no_record()
    if not (call.user.is_admin or "itil" in call.user.seed.roles):
        raise Problem(403, "Operation Failed", "User does not have permission to attach a file to this record")
    row = world.new_row("sys_attachment", call.user.seed.user_name)
    row |= {"table_name": table, "table_sys_id": sys_id, "file_name": filename, "content_type": kind}
    row |= {"size_bytes": str(len(data)), "hash": hashlib.sha256(data).hexdigest()}
    world.files[row["sys_id"]] = data
    world.put("sys_attachment", row)
    world.record(call.user, "attach", table, sys_id, {"attachment": row["sys_id"], "filename": filename, "sha256": row["hash"]})
    headers = {"Location": f"{call.base}/api/now/attachment/{row['sys_id']}"}
    return answered({"result": attachment(call.base, row)}, 201, headers)


def _row(call: Call) -> Row:
    found = call.world.row("sys_attachment", call.path("sys_id"))
    if found is None or not call.can_read(*found):
        raise no_record()
    return found[1]
