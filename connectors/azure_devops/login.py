"""How Twinline's account signs in: by a personal access token, or as an application of Microsoft Entra, whose tokens last about an hour.

https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity
"""

from base64 import b64encode
from collections.abc import Callable
from time import monotonic
from urllib.parse import quote, urlencode

from pydantic import ValidationError

from connectors.azure_devops.config import Credentials
from connectors.azure_devops.payloads import Payload
from connectors.kit.http import Answer, Http
from connectors.kit.interface import SystemAccess
from model.errors import Ambiguous, LoginRejected, TwinlineError, Unavailable

SCOPE = "499b84ac-1321-427f-aa17-267ca6975798/.default"
"""Azure DevOps, as Microsoft Entra knows it."""
EARLY_SECONDS = 300.0
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class EntraToken(Payload):
    """Microsoft's names are in snake case here."""

    access_token: str
    expires_in: float = 3600.0

    model_config = {**Payload.model_config, "alias_generator": None}


class Login:
    """Gives the `Authorization` header."""

    def __init__(self, access: SystemAccess, clock: Callable[[], float] = monotonic) -> None:
        self._name = access.name
        self._credentials = Credentials.model_validate(access.credentials)
        self._clock = clock
        self._header = _basic(self._credentials.token) if self._credentials.token else ""
        self._until = float("inf") if self._header else 0.0

    async def header(self) -> str:
        """The header as long as it is good for some minutes, and else a new one. LoginRejected or Unavailable."""
        if self._clock() >= self._until:
            token = await self._ask()
            self._header = f"Bearer {token.access_token}"
            self._until = self._clock() + token.expires_in - EARLY_SECONDS
        return self._header

    async def _ask(self) -> EntraToken:
        given = self._credentials
        form = {"grant_type": "client_credentials", "client_id": given.client, "client_secret": given.secret, "scope": SCOPE}
        http = Http(self._name, given.authority, {"Accept": "application/json"}, self._rejected)
        try:
            path = f"/{quote(given.tenant, safe='')}/oauth2/v2.0/token"
            answer = await http.call("POST", path, urlencode(form).encode(), FORM)
        except Ambiguous as error:
            raise Unavailable(f"{self._name}: Microsoft Entra did not answer; it is tried again") from error
        finally:
            await http.aclose()
        if answer.status >= 400:
            raise self._rejected(answer)
        try:
            return EntraToken.model_validate_json(answer.body)
        except ValidationError as error:
            raise Unavailable(f"{self._name}: {given.authority} did not answer as Microsoft Entra does; check the authority") from error

    def _rejected(self, answer: Answer) -> TwinlineError:
        reason = f"Microsoft Entra answers {answer.status}; check tenant, client and secret, which may have expired"
        return LoginRejected(f"{self._name} rejects the login: {reason}")


def _basic(token: str) -> str:
    return "Basic " + b64encode(f":{token}".encode()).decode()
