"""The `Authorization` of our calls: https://developer.zendesk.com/api-reference/introduction/security-and-auth/."""

import asyncio
import base64
from time import monotonic

from pydantic import ValidationError

from connectors.kit.http import exchange, retry_after
from connectors.zendesk.config import Credentials
from connectors.zendesk.payloads import TokenAnswer
from model.errors import LoginRejected, RateLimited, Unavailable

MARGIN_SECONDS = 60.0
SCOPE = "read write"


class Login:
    """One account. Access tokens of an OAuth client are kept until shortly before their end."""

    def __init__(self, name: str, root: str, credentials: Credentials) -> None:
        self._name = name
        self._root = root
        self._credentials = credentials
        self._lock = asyncio.Lock()
        self._token = ""
        self._until = 0.0

    @property
    def renewable(self) -> bool:
        return bool(self._credentials.client_id)

    def forget(self) -> None:
        """The token was refused; the next call asks for another."""
        self._token = ""

    async def authorization(self) -> str:
        known = self._credentials
        if known.email:
            pair = base64.b64encode(f"{known.email}/token:{known.token}".encode()).decode()
            return f"Basic {pair}"
        if not self.renewable:
            return f"Bearer {known.token}"
        async with self._lock:
            if not self._token or monotonic() >= self._until:
                await self._renew()
            return f"Bearer {self._token}"

    async def _renew(self) -> None:
        wanted = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
            "scope": SCOPE,
        }
        answer = await exchange("POST", f"{self._root}/oauth/tokens", {**wanted})
        if answer.status == 429:
            raise RateLimited(f"{self._name} asks to wait before a new access token is made", retry_after(answer))
        if answer.status >= 500:
            raise Unavailable(f"{self._name} answered {answer.status} when asked for an access token")
        try:
            token = TokenAnswer.model_validate_json(answer.body)
        except ValidationError as error:
            message = f"{self._name}: Zendesk gives no access token to that OAuth client; check client_id and client_secret"
            raise LoginRejected(message) from error
        self._token = token.access_token
        self._until = monotonic() + token.expires_in - MARGIN_SECONDS if token.expires_in else float("inf")
