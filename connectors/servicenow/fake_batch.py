"""The Batch API: each call in it is served as if it came alone.

https://www.servicenow.com/docs/r/api-reference/rest-apis/batch-api.html
"""

import base64
import binascii
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast
from urllib.parse import unquote, urlsplit

from pydantic import JsonValue
from starlette.responses import Response
from starlette.types import Message, Scope

from connectors.servicenow.fake_call import Call, Problem, answered
from connectors.servicenow.fake_render import Json


async def batch(call: Call) -> Response:
    wanted = await call.body()
    requests = wanted.get("rest_requests")
    if not isinstance(requests, list) or not all(isinstance(one, dict) and one.get("id") for one in requests):
        raise Problem(400, "Invalid batch request", "rest_requests is a list of requests, each with an id")
    served: list[JsonValue] = [await _served(call, one) for one in cast("list[Json]", requests)]
    number = str(wanted.get("batch_request_id", ""))
    return answered({"batch_request_id": number, "serviced_requests": served, "unserviced_requests": []})


async def _served(call: Call, one: Json) -> Json:
    answer = _Answer()
    await call.request.app(_scope(call, one), _Sent(_body(one)), answer)
    hidden = one.get("exclude_response_headers") is True
    headers: list[JsonValue] = [] if hidden else [{"name": name, "value": value} for name, value in answer.headers]
    return {
        "id": str(one["id"]),
        "body": base64.b64encode(answer.body).decode(),
        "status_code": answer.status,
        "status_text": HTTPStatus(answer.status).phrase,
        "headers": headers,
        "execution_time": 1,
    }


def _scope(call: Call, one: Json) -> Scope:
    """The caller's own scope, at another address with other headers; who calls stays the same."""
    address = urlsplit(str(one.get("url")))
    given = {
        str(header["name"]).lower(): str(header["value"]) for header in cast("list[Mapping[str, JsonValue]]", one.get("headers") or [])
    }
    outer = call.request.headers
    kept = {name: outer[name] for name in ("host", "authorization", "x-sn-apikey") if name in outer}
    headers = [(name.encode(), value.encode()) for name, value in {**given, **kept}.items()]
    path, method = unquote(address.path), str(one.get("method", "GET")).upper()
    own: Scope = {"path": path, "raw_path": address.path.encode(), "query_string": address.query.encode(), "method": method}
    dropped = {"path_params", "endpoint", "router", "app"}
    return {**{name: value for name, value in call.request.scope.items() if name not in dropped}, **own, "headers": headers}


def _body(one: Json) -> bytes:
    try:
        return base64.b64decode("".join(str(one.get("body") or "").split()), validate=True)
    except binascii.Error as error:
        raise Problem(400, "Invalid batch request", f"the body of request {one['id']} is not Base64") from error


class _Sent:
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def __call__(self) -> Message:
        return {"type": "http.request", "body": self._body, "more_body": False}


class _Answer:
    def __init__(self) -> None:
        self.status, self.body = 500, b""
        self.headers: list[tuple[str, str]] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [(name.decode(), value.decode()) for name, value in message["headers"]]
        self.body += message.get("body", b"")
