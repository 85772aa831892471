"""Many writes in one call: https://learn.microsoft.com/rest/api/azure/devops/wit/workitembatchupdate?view=azure-devops-rest-7.1.

Each is answered for itself, whatever became of those before it. A created item can have a temporary id below zero, by which later ones
link to it.
"""

import json
import re
from collections.abc import Awaitable, Callable
from typing import cast
from urllib.parse import quote, unquote

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from connectors.azure_devops.fake_call import Call, Problem, bad_parameter, listed
from connectors.azure_devops.fake_state import Object

MOST = 200
_TEMPORARY = re.compile(r"(?<=/workitems/)-\d+$", re.IGNORECASE)

Answer = Callable[[Request], Awaitable[Response]]


def batch(respond: Answer) -> Callable[[Call], Awaitable[Response]]:
    """The endpoint; `respond` is what answers single calls."""

    async def answer(call: Call) -> Response:
        parts = call.payload
        if not isinstance(parts, list) or not parts or not all(isinstance(one, dict) for one in parts):
            raise bad_parameter("You must pass a list of requests in the body of the batch request.")
        if len(parts) > MOST:
            raise Problem(400, "WorkItemBatchLimitExceededException", f"VS403474: A batch takes at most {MOST} requests.")
        known: dict[str, str] = {}
        return listed([await _one(call, respond, cast("Object", one), known) for one in parts])

    return answer


async def _one(call: Call, respond: Answer, part: Object, known: dict[str, str]) -> JsonValue:
    operations = part.get("body")
    listed_ones = [one for one in operations if isinstance(one, dict)] if isinstance(operations, list) else []
    temporary = next((str(one.get("value")) for one in listed_ones if one.get("path") == "/id"), "")
    for one in listed_ones:
        value = one.get("value")
        if isinstance(value, dict) and isinstance(value.get("url"), str):
            value["url"] = _TEMPORARY.sub(lambda found: known.get(found[0], found[0]), str(value["url"]))
    sent = json.dumps([one for one in listed_ones if one.get("path") != "/id"]).encode()
    response = await respond(_request(call, part, sent))
    content = bytes(response.body).decode()
    if temporary and response.status_code == 200:
        known[temporary] = str(json.loads(content)["id"])
    return {"code": response.status_code, "headers": {"Content-Type": "application/json; charset=utf-8"}, "body": content}


def _request(call: Call, part: Object, sent: bytes) -> Request:
    """The single call, by the same person, in the same collection."""
    outer = call.request.scope
    path, _, query = str(part.get("uri")).partition("?")
    whole = f"{outer['path'].partition('/_apis')[0]}/{unquote(path).lstrip('/')}"
    headers = cast("Object", part.get("headers") or {})
    own = [(name.lower().encode(), str(value).encode()) for name, value in headers.items()]
    kept = [(name, value) for name, value in outer["headers"] if name not in {b"content-type", b"content-length", *dict(own)}]
    scope = {
        **outer,
        "method": str(part.get("method")).upper(),
        "path": whole,
        "raw_path": quote(whole).encode(),
        "query_string": query.encode(),
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": sent, "more_body": False}

    return Request({**scope, "headers": [*kept, *own]}, receive)
