"""Keeps pages of other sites from steering the API through a person's browser.

While there are no members, the API asks nobody for a token, and a browser sends a plain POST to 127.0.0.1 for whatever page is
open in it. Programs that
are no browsers send neither header.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import answered

PREFIX = "/api/"


class SameOrigin:
    """ASGI middleware: a call to the API that a page of another origin makes gets 403."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX) and _is_foreign(Headers(scope=scope)):
            detail = "a page of another site may not call this API; call it from the command line or a program"
            await answered(403, detail)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_foreign(headers: Headers) -> bool:
    if headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")
