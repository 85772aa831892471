"""Who may call which route: each declares the permission that it needs, and all are asked here before anything of a call is read.

While there are no members, whoever is at this machine may call everything. From the first member on, every call needs a token: a member's,
or the one of the `twinline up` that runs this API, which lets in from this machine only.
"""

import hmac
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import cast
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api.auditing import audited
from api.nesting import require_shallow
from api.pacing import Pace
from config.opening import Opened
from model.members import ROLES, Caller, Permission, Role
from store import Act
from store.members import Unproved

SCHEME = "token"
EXTENSION = "x-permission"
SAFE_METHODS = {"GET", "HEAD"}

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "via")
_LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}
_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_UP = Caller(who="twinline up", token=None, workspace=None, role=Role.OWNER, read_only=False)


def needs(permission: Permission) -> dict[str, object]:
    """What a route says of its permission, as the `openapi_extra` of the route: `@router.get("", openapi_extra=needs(Permission.VIEW))`."""
    return {EXTENSION: permission.value, "security": [{SCHEME: []}]}


class Guarded(APIRoute):
    """A route that lets in whom it may, and leaves an audit entry of whatever is no mere look. TypeError if it declares no permission."""

    @property
    def permission(self) -> Permission:
        declared = (self.openapi_extra or {}).get(EXTENSION)
        if declared is None:
            raise TypeError(f"route {self.name!r} declares no permission; give it openapi_extra=needs(Permission....)")
        return Permission(declared)

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # pyright: ignore[reportIncompatibleMethodOverride]
        handle = super().get_route_handler()
        permission, looks = self.permission, (self.methods or set()) <= SAFE_METHODS

        async def guarded(request: Request) -> Response:
            opened = cast("Opened", request.app.state.opened)
            caller = await _paced(opened, request)
            act = _act(caller, request, self.name)
            request.state.opened, request.state.who, request.state.caller = opened.used_by(act), act.who, caller
            if looks:
                _admit(caller, permission, looks=True)
                return await handle(request)

            async def admitted() -> Response:
                _admit(caller, permission, looks=False)
                await require_shallow(request)
                return await handle(request)

            return await audited(request.state.opened.store, admitted)

        return guarded


async def _paced(opened: Opened, request: Request) -> Caller | None:
    """As `_caller`; TooMany for who calls too often."""
    pace = cast("Pace", request.app.state.pace)
    address, credentials = request.client.host if request.client else "", request.headers.get("authorization", "")
    pace.admit(credentials, address)
    try:
        caller = await _caller(opened, request)
    except HTTPException:
        pace.refused(address)
        raise
    pace.proved(credentials if caller else "", address)
    return caller


async def _caller(opened: Opened, request: Request) -> Caller | None:
    """None where nobody has to prove anything, since there are no members."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    text = text.strip() if scheme.lower() == "bearer" else ""
    if _is_up(opened, text) and _is_local(request):
        return _UP
    if not await opened.store.members.exist():
        if not _is_local(request):
            detail = "there are no members yet, so that only this machine may call; add the first there with: twinline member add"
            raise HTTPException(401, detail, _CHALLENGE)
        return None
    if not text:
        detail = "a token is needed; set TWINLINE_TOKEN, or send the header Authorization: Bearer TOKEN; an admin creates one"
        raise HTTPException(401, detail, _CHALLENGE)
    try:
        return await opened.store.members.caller(text)
    except Unproved as error:
        raise HTTPException(401, error.message, _CHALLENGE) from error


def _is_up(opened: Opened, text: str) -> bool:
    own = opened.up_token
    return own is not None and hmac.compare_digest(text.encode(), own.get_secret_value().encode())


def _is_local(request: Request) -> bool:
    """Whether a program of this machine calls us by a name of this machine: no proxy, and no page under a name of its own."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    named = urlsplit(f"//{request.headers.get('host', '')}").hostname
    return ip_address(request.client.host).is_loopback and named in _LOCAL_NAMES


def _act(caller: Caller | None, request: Request, operation: str) -> Act:
    return Act(
        who=caller.who if caller else "",
        address=request.client.host if request.client else "",
        workspace=caller.workspace if caller else None,
        operation=operation,
        subject=" ".join(str(value) for value in request.path_params.values()),
    )


def _admit(caller: Caller | None, permission: Permission, *, looks: bool) -> None:
    if caller is None:
        return
    if not caller.role.may(permission):
        raise HTTPException(403, f"this needs the role {ROLES[permission]}, and {caller.who!r} calls as {caller.role}")
    if caller.read_only and not looks:
        raise HTTPException(403, f"this changes something, and the token of {caller.who!r} is read-only; use another one")
