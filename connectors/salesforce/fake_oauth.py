"""Signing in to the fake org: https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_endpoints.htm."""

import base64
import binascii
import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import parse_qsl

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.salesforce.fake_schema import Object
from connectors.salesforce.fake_world import ORG, Login, World

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True)
class Rejected(Exception):
    error: str
    description: str

    def response(self) -> Response:
        return JSONResponse({"error": self.error, "error_description": self.description}, 400)


async def token(world: World, request: Request) -> Response:
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
    try:
        login = _granted(world, form)
    except Rejected as rejected:
        return rejected.response()
    access_token = f"{ORG[:15]}!{secrets.token_urlsafe(24)}"
    world.sessions[access_token] = login.id
    base = str(request.base_url).rstrip("/")
    body: Object = {
        "access_token": access_token,
        "instance_url": base,
        "id": f"{base}/id/{ORG}/{login.id}",
        "issued_at": str(round(time.time() * 1000)),
        "signature": "c2lnbmF0dXJl",
        "token_type": "Bearer",
        "scope": "api refresh_token",
    }
    return JSONResponse(body)


async def revoke(world: World, request: Request) -> Response:
    form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    if world.sessions.pop(form.get("token", ""), None) is None:
        return Rejected("invalid_token", "invalid token").response()
    return Response(status_code=200)


def signed_in(world: World, authorization: str) -> Login | None:
    """Whose session a bearer token is."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() not in {"bearer", "oauth"}:
        return None
    user = world.sessions.get(value)
    return next((one for one in world.logins.values() if one.id == user or secrets.compare_digest(one.token, value)), None)


def _granted(world: World, form: Mapping[str, str]) -> Login:
    grant = form.get("grant_type")
    if grant == JWT_BEARER:
        return _by_assertion(world, form.get("assertion", ""))
    if not form.get("client_id"):
        raise Rejected("invalid_client_id", "client identifier invalid")
    # Whatever else the app is called, it is Twinline's.
    login = world.logins.get(form["client_id"], world.logins[world.options.user])
    match grant:
        case "client_credentials":
            if not _same(form.get("client_secret", ""), login.token):
                raise Rejected("invalid_client", "invalid client credentials")
        case "refresh_token":
            if not any(_same(form.get("refresh_token", ""), one) for one in (login.token, f"refresh-{login.token}")):
                raise Rejected("invalid_grant", "expired access/refresh token")
        case "password":
            named = by_password(world, form.get("username", ""), form.get("password", ""))
            if named is None:
                raise Rejected("invalid_grant", "authentication failure")
            return named
        case _:
            raise Rejected("unsupported_grant_type", "grant type not supported")
    return login


def by_password(world: World, username: str, password: str) -> Login | None:
    """The user of that name whose password this is, with or without a security token of letters and digits behind it."""
    login = next((one for one in world.logins.values() if username in {one.name, one.username}), None)
    if login is None or not re.fullmatch(rf"{re.escape(login.token)}[A-Za-z0-9]*", password):
        return None
    return login if world.records[login.id].values["IsActive"] else None


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode(), other.encode())


def _by_assertion(world: World, assertion: str) -> Login:
    """RFC 7523: signed by the app's key, not outdated, for this audience, and of a user who let the app in.

    An org that was given no key takes any signature, as it has nothing to check it with.
    """
    try:
        head, body, signature = assertion.split(".")
        claims = cast("Object", json.loads(_decoded(body)))
        if json.loads(_decoded(head)).get("alg") != "RS256":
            raise Rejected("invalid_grant", "invalid assertion")
        if world.seed.public_key:
            key = cast("RSAPublicKey", load_pem_public_key(world.seed.public_key.encode()))
            key.verify(_decoded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    except (ValueError, binascii.Error, InvalidSignature):
        raise Rejected("invalid_grant", "invalid assertion") from None
    if not 0 < float(str(claims["exp"])) - time.time() <= 300:
        raise Rejected("invalid_grant", "expired authorization code")
    if claims["aud"] not in {"https://login.salesforce.com", "https://test.salesforce.com"}:
        raise Rejected("invalid_grant", "audience is invalid")
    login = next((one for one in world.logins.values() if one.username == claims["sub"]), None)
    if login is None or not claims["iss"]:
        raise Rejected("invalid_grant", "user hasn't approved this consumer")
    return login


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
