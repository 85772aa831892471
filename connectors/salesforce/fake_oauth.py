"""Signing in to the fake org: https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_endpoints.htm."""

import base64
import binascii
import json
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
        "id": f"https://login.salesforce.com/id/{ORG}/{login.id}",
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
    login = world.logins.get(form.get("client_id", ""))
    if login is None:
        raise Rejected("invalid_client_id", "client identifier invalid")
    match grant:
        case "client_credentials":
            if not secrets.compare_digest(form.get("client_secret", ""), login.token):
                raise Rejected("invalid_client", "invalid client credentials")
        case "refresh_token":
            if not secrets.compare_digest(form.get("refresh_token", ""), f"refresh-{login.token}"):
                raise Rejected("invalid_grant", "expired access/refresh token")
        case _:
            raise Rejected("unsupported_grant_type", "grant type not supported")
    return login


def _by_assertion(world: World, assertion: str) -> Login:
    """RFC 7523: signed by the app's key, not outdated, for this audience, and of a user who let the app in."""
    try:
        head, body, signature = assertion.split(".")
        claims = cast("Object", json.loads(_decoded(body)))
        key = load_pem_public_key(world.seed.public_key.encode())
        if not isinstance(key, RSAPublicKey) or json.loads(_decoded(head)).get("alg") != "RS256":
            raise Rejected("invalid_grant", "invalid assertion")
        key.verify(_decoded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    except (ValueError, binascii.Error, InvalidSignature):
        raise Rejected("invalid_grant", "invalid assertion") from None
    if not 0 < float(str(claims["exp"])) - time.time() <= 300:
        raise Rejected("invalid_grant", "expired authorization code")
    if claims["aud"] not in {"https://login.salesforce.com", "https://test.salesforce.com"}:
        raise Rejected("invalid_grant", "audience is invalid")
    login = next((one for one in world.logins.values() if one.username == claims["sub"]), None)
    if login is None or claims["iss"] not in world.logins:
        raise Rejected("invalid_grant", "user hasn't approved this consumer")
    return login


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
