"""The `Authorization` of our calls: https://developer.zendesk.com/api-reference/introduction/security-and-auth/."""

import base64

from pydantic import ValidationError

from connectors.kit.http import exchange, retry_after
from connectors.kit.tokens import Token, Tokens
from connectors.zendesk.config import Credentials
from connectors.zendesk.payloads import TokenAnswer
from model.errors import LoginRejected, RateLimited, Unavailable

SCOPE = "read write"
BEARER = "Bearer "


class Login:
    """One account."""

    def __init__(self, name: str, root: str, credentials: Credentials) -> None:
        self._name = name
        self._root = root
        self._credentials = credentials
        self._tokens = Tokens(self._ask)

    @property
    def renewable(self) -> bool:
        return bool(self._credentials.client_id)

    def refuse(self, authorization: str) -> None:
        """Zendesk does not take it; the next call asks for another token."""
        self._tokens.refuse(authorization.removeprefix(BEARER))

    async def authorization(self) -> str:
        known = self._credentials
        if known.email:
            pair = base64.b64encode(f"{known.email}/token:{known.token}".encode()).decode()
            return f"Basic {pair}"
        if not self.renewable:
            return f"{BEARER}{known.token}"
        return f"{BEARER}{await self._tokens.current()}"

    async def _ask(self) -> Token:
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
        return Token(token.access_token, token.expires_in) if token.expires_in else Token(token.access_token)
