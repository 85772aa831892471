"""A POST that carries an `Idempotency-Key` takes effect once, however often it is sent.

As in draft-ietf-httpapi-idempotency-key-header: the same request gets the stored answer, another one under the same key 422, and one whose
first is still under way 409. Only successes are stored, since a refused request has done nothing.
"""

from typing import cast

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import answered
from api.versioned import PREFIX
from config.opening import Opened
from store.requests import Earlier, KeptAnswer

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
RETRY_SECONDS = 2


class Repeats:
    """ASGI middleware. A key belongs to who calls, so it has its place within what finds that out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = Headers(scope=scope).get(HEADER) if _concerned(scope) else None
        if key is None:
            await self._app(scope, receive, send)
        elif 0 < len(key) <= LONGEST_KEY and key.isprintable():
            await self._once(_owned(scope, key), scope, receive, send)
        else:
            await answered(400, f"{HEADER} must have 1 to {LONGEST_KEY} printable characters; send a random UUID")(scope, receive, send)

    async def _once(self, key: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _whole(receive)
        if body is None:
            return
        requests = cast("Opened", scope["app"].state.opened).store.requests
        request = b"\0".join((str(scope["path"]).encode(), scope["query_string"], body))
        earlier = await requests.claim(key, request)
        if earlier is not None:
            await _again(earlier)(scope, receive, send)
            return
        try:
            answer = await _answer(self._app, scope, body)
        except BaseException:
            await requests.release(key)
            raise
        if 200 <= answer.status_code < 300:
            text = bytes(answer.body).decode()
            kept = KeptAnswer(status=answer.status_code, content_type=answer.headers.get("content-type", ""), body=text)
            await requests.keep(key, kept)
        else:
            await requests.release(key)
        await answer(scope, receive, send)


def _concerned(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith(f"{PREFIX}/")


def _owned(scope: Scope, key: str) -> bytes:
    who = str(scope.get("state", {}).get("who", ""))
    return "\0".join((who, Headers(scope=scope).get("authorization", ""), key)).encode()


async def _whole(receive: Receive) -> bytes | None:
    """The body; None if the caller went away."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body


async def _answer(app: ASGIApp, scope: Scope, body: bytes) -> Response:
    """What the app answers, whole."""
    pieces: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        pieces.append(message)

    await app(scope, receive, send)
    head = pieces[0]
    answer = Response(b"".join(piece.get("body", b"") for piece in pieces[1:]), head["status"])
    answer.raw_headers = list(head["headers"])
    return answer


def _again(earlier: Earlier) -> Response:
    if not earlier.same:
        return answered(422, f"this {HEADER} came with another request; send a new key with a new request")
    if earlier.answer is None:
        answer = answered(409, "the same request is still under way; send it again in a moment")
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer
    return Response(earlier.answer.body, earlier.answer.status, media_type=earlier.answer.content_type)
