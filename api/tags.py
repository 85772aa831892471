"""Entity tags (RFC 9110): whoever has the newest answer need not get it again, and nobody overwrites what he has not seen.

A route that answers with a tag takes a `Tagged`; one that changes what is tagged depends on one of the three below.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import Depends, FastAPI, Header, Request, Response
from starlette.exceptions import HTTPException

from api.using import ConnectionName, Using, VersionNumber
from operations import configured
from store import Store


class Unchanged(HTTPException):
    """The caller has the newest answer."""

    def __init__(self, tag: str) -> None:
        super().__init__(304, headers={"ETag": tag})


class _Tagged:
    """The answer to a look."""

    def __init__(
        self,
        response: Response,
        if_none_match: Annotated[str | None, Header(description="Tags of answers that the caller has; if one is the newest, 304")] = None,
    ) -> None:
        self._response, self._known = response, _listed(if_none_match or "")

    def with_tag(self, tag: str) -> None:
        """Raises Unchanged where the caller has the answer."""
        quoted = f'"{tag}"'
        if self._known & {quoted, f"W/{quoted}", "*"}:
            raise Unchanged(quoted)
        self._response.headers["ETag"] = quoted


Tagged = Annotated[_Tagged, Depends()]

IfMatch = Annotated[str | None, Header(description="The tag of what the caller has read; if it was changed since then, 412")]


def require(if_match: str, tag: str, what: str) -> None:
    """412 unless the tag is among those that the caller named."""
    if not _listed(if_match) & {f'"{tag}"', "*"}:
        detail = (
            f"{what} was changed since you read it; read it again, make your change to what it is now, and send If-Match with its new tag"
        )
        raise HTTPException(412, detail, {"ETag": f'"{tag}"'})


async def _unchanged(store: Store, if_match: str | None, what: str, tag: Callable[[Store], Awaitable[str]]) -> None:
    """412 now, or when the change is made, unless the tag is among those that the caller named."""
    if if_match is None:
        return

    async def compared(now: Store) -> None:
        require(if_match, await tag(now), what)

    await compared(store)
    store.expect(compared)


async def _deployment(using: Using, if_match: IfMatch = None) -> None:
    await _unchanged(using.store, if_match, "the deployment", configured.deployment_tag)


async def _connection(using: Using, name: ConnectionName, if_match: IfMatch = None) -> None:
    await _unchanged(using.store, if_match, f"connection {name!r}", partial(configured.connection_tag, name=name))


async def _version(using: Using, name: ConnectionName, number: VersionNumber, if_match: IfMatch = None) -> None:
    tag = partial(configured.version_tag, name=name, number=number)
    await _unchanged(using.store, if_match, f"version {number} of {name!r}, or which one is active,", tag)


DEPLOYMENT_UNCHANGED = Depends(_deployment)
CONNECTION_UNCHANGED = Depends(_connection)
VERSION_UNCHANGED = Depends(_version)


def _listed(tags: str) -> set[str]:
    return {one.strip() for one in tags.split(",")}


async def _nothing(_: Request, error: Exception) -> Response:
    headers = error.headers if isinstance(error, Unchanged) else None
    return Response(status_code=304, headers=headers)


def install(app: FastAPI) -> None:
    app.add_exception_handler(Unchanged, _nothing)
