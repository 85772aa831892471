"""How the account logs in: with every call by user and password or API key, or by OAuth tokens that are asked for again before they end.

https://www.servicenow.com/docs/r/platform-security/authentication/c_OAuthAuthenticationDetails.html: a token lives half an hour, and
asking again before that gives the same one with the time that is left.
"""

import asyncio
import base64
from collections.abc import Mapping
from time import monotonic
from urllib.parse import urlencode

from pydantic import ValidationError

from connectors.kit.http import Answer, Body, Http
from connectors.kit.interface import SystemAccess
from connectors.servicenow.config import Credentials
from connectors.servicenow.payloads import TokenAnswer
from connectors.servicenow.refusals import explain
from model.errors import Ambiguous, LoginRejected, TwinlineError, Unavailable

EARLY_SECONDS = 60.0
ANYTHING = "*/*"
JSON = "application/json"


class Session:
    """Two clients of one account, of JSON and of files. Those of the token before stay open for calls that are still under way."""

    def __init__(self, access: SystemAccess) -> None:
        self._access = access
        self._credentials = Credentials.model_validate(access.credentials)
        self._asking = asyncio.Lock()
        self._ends = 0.0
        self._now: tuple[Http, ...] = () if self._credentials.client_id else self._opened(_constant(self._credentials))
        self._before: tuple[Http, ...] = ()

    async def json(self) -> Http:
        return (await self._clients())[0]

    async def files(self) -> Http:
        return (await self._clients())[1]

    async def aclose(self) -> None:
        await _closed(self._now + self._before)

    async def _clients(self) -> tuple[Http, ...]:
        if not self._credentials.client_id:
            return self._now
        async with self._asking:
            if not self._now or monotonic() > self._ends:
                token = await self._token()
                self._ends = monotonic() + max(1.0, token.expires_in - EARLY_SECONDS)
                await _closed(self._before)
                self._before, self._now = self._now, self._opened({"Authorization": f"Bearer {token.access_token}"})
        return self._now

    async def _token(self) -> TokenAnswer:
        http = Http(self._access.name, self._access.url, {"Accept": JSON}, self._rejected)
        form = Body(content=urlencode(_grant(self._credentials)).encode(), content_type="application/x-www-form-urlencoded")
        try:
            answer = await http.write("POST", "/oauth_token.do", form)
            return TokenAnswer.model_validate_json(answer.body)
        except (Ambiguous, ValidationError) as error:
            raise Unavailable(f"{self._access.name} gave no OAuth token; it is asked for again") from error
        finally:
            await http.aclose()

    def _rejected(self, answer: Answer) -> TwinlineError:
        del answer
        return LoginRejected(f"{self._access.name}: ServiceNow gives no OAuth token for these credentials; check the client and its grant")

    def _explained(self, answer: Answer) -> TwinlineError:
        """A token that was revoked is not used again."""
        if answer.status == 401:
            self._ends = 0.0
        return explain(self._access.name, answer)

    def _opened(self, headers: Mapping[str, str]) -> tuple[Http, ...]:
        access = self._access
        pace, share = access.calls_per_second, access.quota_share
        return tuple(
            Http(access.name, access.url, {**headers, "Accept": kind}, self._explained, pace, quota_share=share)
            for kind in (JSON, ANYTHING)
        )


def _constant(credentials: Credentials) -> dict[str, str]:
    if credentials.api_key:
        return {"x-sn-apikey": credentials.api_key}
    pair = f"{credentials.user}:{credentials.password}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def _grant(credentials: Credentials) -> dict[str, str]:
    client = {"client_id": credentials.client_id, "client_secret": credentials.client_secret}
    if credentials.refresh_token:
        return {"grant_type": "refresh_token", "refresh_token": credentials.refresh_token, **client}
    if credentials.user:
        return {"grant_type": "password", "username": credentials.user, "password": credentials.password, **client}
    return {"grant_type": "client_credentials", **client}


async def _closed(clients: tuple[Http, ...]) -> None:
    for one in clients:
        await one.aclose()
