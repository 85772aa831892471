"""How calls sign in: by a token as it is, or as an app, by the token of the installation that a repository's owner has."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeVar

from connectors.github import refusals
from connectors.github.app import App
from connectors.github.config import Credentials
from connectors.kit.http import Http
from connectors.kit.interface import SystemAccess
from connectors.kit.tokens import Tokens
from model.errors import LoginRejected

API_VERSION = "2022-11-28"
HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": API_VERSION}
EARLY_SECONDS = 300.0
"""Longer than a call may wait and last."""

T = TypeVar("T")


class Session:
    """One account, or one app with its installations, each of which has a quota of its own."""

    def __init__(self, access: SystemAccess) -> None:
        self._access = access
        self._credentials = Credentials.model_validate(access.credentials)
        self.app = App(access, self._credentials, HEADERS) if self._credentials.app_id else None
        self._open: dict[str, Signed] = {}

    async def aclose(self) -> None:
        for one in self._open.values():
            await one.http.aclose()
        if self.app is not None:
            await self.app.aclose()

    async def call(self, owner: str, send: Callable[[Http], Awaitable[T]]) -> T:
        """What `send` gives, signed in for repositories of `owner`, or where that is empty for anything."""
        installation = "" if self.app is None else await self.app.installation(owner.lower())
        return await self._signed(installation).call(send)

    async def granted(self, owner: str) -> Mapping[str, str] | None:
        """What the app may do with repositories of `owner`, None for an account."""
        if self.app is None:
            return None
        installation = await self.app.installation(owner.lower())
        await self._signed(installation).authorize()
        return self.app.granted(installation)

    def _signed(self, installation: str) -> "Signed":
        if installation not in self._open:
            self._open[installation] = self._opened(installation)
        return self._open[installation]

    def _opened(self, installation: str) -> "Signed":
        access, app = self._access, self.app
        told, pace = partial(refusals.explain, access.name), access.calls_per_second
        http = Http(access.name, access.url, HEADERS, told, pace, quota_share=access.quota_share)
        if app is not None:
            return Signed(http, Tokens(lambda: app.token(installation), EARLY_SECONDS))
        http.identify(f"Bearer {self._credentials.token}")
        return Signed(http, None)


class Signed:
    """Calls with one token at a time; `tokens` is None where there is only one for ever."""

    def __init__(self, http: Http, tokens: Tokens | None) -> None:
        self.http = http
        self._tokens = tokens

    async def authorize(self) -> str:
        if self._tokens is None:
            return ""
        token = await self._tokens.current()
        self.http.identify(f"Bearer {token}")
        return token

    async def call(self, send: Callable[[Http], Awaitable[T]]) -> T:
        """Once more with another token where GitHub does not take the one that was used; nothing was done then."""
        used = await self.authorize()
        try:
            return await send(self.http)
        except LoginRejected:
            if self._tokens is None:
                raise
        self._tokens.refuse(used)
        await self.authorize()
        return await send(self.http)
