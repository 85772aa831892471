"""A GitHub App: how it proves itself, where it is installed, and the tokens of its installations.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import jwt

from connectors.github import refusals
from connectors.github.config import Credentials
from connectors.github.payloads import AppFound, AppToken, Installations, parsed
from connectors.kit.fresh import Fresh
from connectors.kit.http import Answer, Body, Http
from connectors.kit.interface import SystemAccess
from connectors.kit.tokens import Token
from model.errors import Ambiguous, LoginRejected, Misconfigured, TwinlineError, Unavailable

BACK_SECONDS = 60
GOOD_SECONDS = 540
"""GitHub takes ten minutes at most, and its clock may be behind ours."""


class App:
    """Calls that the app makes for itself. They raise LoginRejected where GitHub does not know it by its id and key."""

    def __init__(self, access: SystemAccess, credentials: Credentials, headers: Mapping[str, str]) -> None:
        self._name = access.name
        self._credentials = credentials
        self._http = Http(access.name, access.url, headers, self._explained, access.calls_per_second, quota_share=access.quota_share)
        self._places: Fresh[dict[str, str]] = Fresh()
        self._granted: dict[str, Mapping[str, str]] = {}

    async def aclose(self) -> None:
        await self._http.aclose()

    async def login(self) -> str:
        """The account in whose name the app writes."""
        found = parsed(AppFound, await self._http.get("/app", headers=self._signed()))
        return f"{found.slug}[bot]"

    async def installation(self, owner: str) -> str:
        """The id of the one configured, or of the owner's, or without an owner of any; Misconfigured if there is none."""
        if self._credentials.installation_id:
            return self._credentials.installation_id
        places = await self._places.get("", self._installed)
        if (owner or not places) and owner not in places:
            known = ", ".join(sorted(places)) or "nobody"
            remedy = "install it there (Settings, Developer settings, GitHub Apps, Install App)"
            raise Misconfigured(f"{self._name}: the app is not installed for {owner or 'anybody'!r} (installed for: {known}); {remedy}")
        return places[owner] if owner else min(places.values(), key=int)

    async def token(self, installation: str) -> Token:
        """A new one; GitHub ends it after an hour, by its own clock."""
        path = f"/app/installations/{installation}/access_tokens"
        try:
            answer = await self._http.write("POST", path, Body(json={}), headers=self._signed())
        except Ambiguous as error:
            raise Unavailable(f"{self._name}: GitHub did not answer when asked for an installation's token; it is asked again") from error
        made = parsed(AppToken, answer)
        self._granted[installation] = made.permissions
        return Token(made.token, (made.expires_at - _now(answer)).total_seconds())

    def granted(self, installation: str) -> Mapping[str, str]:
        """What the newest token may do, as `issues: write`."""
        return self._granted.get(installation, {})

    async def _installed(self) -> dict[str, str]:
        found = parsed(Installations, await self._http.get("/app/installations", {"per_page": 100}, self._signed())).root
        return {one.account.login.lower(): str(one.id) for one in found if one.account is not None}

    def _signed(self) -> dict[str, str]:
        now = int(time.time())
        claims = {"iat": now - BACK_SECONDS, "exp": now + GOOD_SECONDS, "iss": self._credentials.app_id}
        try:
            proof = jwt.encode(claims, self._credentials.private_key, algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError):
            remedy = "give the one that GitHub made for the app, in PEM form"
            raise LoginRejected(f"{self._name}: the private key of the app is no RSA key; {remedy}") from None
        return {"Authorization": f"Bearer {proof}"}

    def _explained(self, answer: Answer) -> TwinlineError:
        return refusals.explain_app(self._name, answer)


def _now(answer: Answer) -> datetime:
    """GitHub's time."""
    sent = answer.headers.get("date")
    return parsedate_to_datetime(sent) if sent else datetime.now(UTC)
