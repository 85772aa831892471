"""Signing in: an access token by OAuth 2.0, a new one when the session has ended.

https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flows.htm. An access token says nothing of its end, so it is used
until Salesforce refuses it. All calls go to the `instance_url` that came with it.
"""

import asyncio
import base64
import json
import time
from collections.abc import Mapping
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import ValidationError

from connectors.kit.http import Http
from connectors.kit.interface import SystemAccess
from connectors.salesforce.config import Credentials
from connectors.salesforce.payloads import TokenPayload
from connectors.salesforce.refusals import explain, explain_token
from model.errors import Ambiguous, LoginRejected, Misconfigured, Unavailable

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
ASSERTION_SECONDS = 180
CALL_HEADERS = {"Accept": "application/json", "Sforce-Call-Options": "client=Twinline"}


class Signed:
    """One session: calls made with its token, and the id of the account that it is of."""

    def __init__(self, http: Http, user_id: str) -> None:
        self.http = http
        self.user_id = user_id


class Session:
    """The session of one account, opened by the first call."""

    def __init__(self, access: SystemAccess) -> None:
        self._access = access
        self._credentials = Credentials.model_validate(access.credentials)
        self._login = Http(access.name, access.url, {}, lambda answer: explain_token(access.name, answer))
        self._current: Signed | None = None
        self._retired: list[Signed] = []
        self._lock = asyncio.Lock()

    async def signed(self) -> Signed:
        """The session as it is; LoginRejected, Misconfigured or Unavailable where there is none to be had."""
        return self._current or await self.renewed(None)

    async def renewed(self, used: Signed | None) -> Signed:
        """Another session than `used`; callers whose calls failed together get the same one."""
        async with self._lock:
            if self._current is not None and self._current is not used:
                return self._current
            token = await self._ask()
            headers = {**CALL_HEADERS, "Authorization": f"Bearer {token.access_token}"}
            access = self._access
            told, pace = explain(access.name), access.calls_per_second
            http = Http(access.name, instance(access, token), headers, told, pace, quota_share=access.quota_share)
            await self._close_retired()
            if self._current is not None:
                self._retired.append(self._current)
            self._current = Signed(http, token.user_id)
            return self._current

    async def aclose(self) -> None:
        await self._close_retired()
        await self._login.aclose()
        if self._current is not None:
            await self._current.http.aclose()

    async def _close_retired(self) -> None:
        """Those before the last one: calls that began before the last renewal may still run."""
        for one in self._retired:
            await one.http.aclose()
        self._retired.clear()

    async def _ask(self) -> TokenPayload:
        content = urlencode(grant(self._credentials, int(time.time()))).encode()
        try:
            answer = await self._login.call("POST", TOKEN_PATH, content, FORM)
        except Ambiguous as error:
            raise Unavailable(f"{self._access.name}: the token address did not answer; it is asked again") from error
        if answer.status >= 400:
            raise explain_token(self._access.name, answer)
        try:
            return TokenPayload.model_validate_json(answer.body)
        except ValidationError as error:
            message = f"{self._access.name}: {answer.url} does not answer as Salesforce does; use the org's My Domain address"
            raise Misconfigured(message) from error


def instance(access: SystemAccess, token: TokenPayload) -> str:
    """The address that all calls go to; Misconfigured where the token would be sent there in the clear."""
    if access.url.startswith("https://") and not token.instance_url.startswith("https://"):
        raise Misconfigured(f"{access.name}: the token address names {token.instance_url!r} for calls, which is not https; check the URL")
    return token.instance_url


def grant(credentials: Credentials, now: int) -> Mapping[str, str]:
    """The form that asks for a token, in seconds since 1970; LoginRejected if the private key cannot be used."""
    if credentials.private_key:
        return {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion(credentials, now)}
    known = {"client_id": credentials.client_id}
    if credentials.client_secret:
        known["client_secret"] = credentials.client_secret
    if credentials.refresh_token:
        return {"grant_type": "refresh_token", "refresh_token": credentials.refresh_token, **known}
    return {"grant_type": "client_credentials", **known}


def assertion(credentials: Credentials, now: int) -> str:
    """A JSON Web Token signed with RS256 (RFC 7523 section 3), good for `ASSERTION_SECONDS`."""
    claims = {"iss": credentials.client_id, "sub": credentials.user, "aud": credentials.audience, "exp": str(now + ASSERTION_SECONDS)}
    signed = ".".join(_encoded(json.dumps(one).encode()) for one in ({"alg": "RS256"}, claims))
    try:
        key = load_pem_private_key(credentials.private_key.encode(), None)
    except (ValueError, TypeError) as error:
        raise LoginRejected("the private key cannot be read; give it in PEM form, without a passphrase") from error
    if not isinstance(key, RSAPrivateKey):
        raise LoginRejected("the private key is no RSA key; Salesforce takes RS256 only")
    return f"{signed}.{_encoded(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
