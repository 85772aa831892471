"""A repository's webhook that calls us: https://docs.github.com/en/rest/repos/webhooks."""

from collections.abc import Awaitable, Mapping
from typing import TypeVar

from pydantic import JsonValue

from connectors.github.client import GitHubClient
from connectors.github.config import repository_of
from connectors.github.payloads import Hook
from connectors.github.refusals import Forbidden
from connectors.github.webhook import EVENTS
from connectors.kit.interface import SystemAccess
from model.errors import Misconfigured, Refused
from model.hooks import HookState

T = TypeVar("T")


class GitHubHooks:
    """One webhook for each repository."""

    def __init__(self, access: SystemAccess) -> None:
        self._client = GitHubClient(access)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def ensure(self, settings: Mapping[str, JsonValue], address: str, secret: str) -> tuple[HookState, ...]:
        """GitHub does not show which secret a webhook has, so that it is set each time."""
        repository = repository_of(settings)
        found = await self._found(repository, address)
        wanted: dict[str, JsonValue] = {
            "active": True,
            "events": list[JsonValue](sorted(EVENTS)),
            "config": {"url": address, "content_type": "json", "secret": secret, "insecure_ssl": "0"},
        }
        if not found:
            made = await self._allowed(repository, self._client.create_hook(repository, {"name": "web", **wanted}))
            return (_state(made).model_copy(update={"done": "registered"}),)
        for one in found:
            await self._allowed(repository, self._client.update_hook(repository, one.id, wanted))
        return tuple(_state(one) for one in found)

    async def remove(self, settings: Mapping[str, JsonValue], address: str) -> None:
        repository = repository_of(settings)
        for one in await self._found(repository, address):
            await self._allowed(repository, self._client.delete_hook(repository, one.id))

    async def _found(self, repository: str, address: str) -> tuple[Hook, ...]:
        return tuple(one for one in await self._allowed(repository, self._client.hooks(repository)) if one.config.url == address)

    async def _allowed(self, repository: str, call: Awaitable[T]) -> T:
        """GitHub says 404 to a role that may not administer webhooks, and 403 to a token that may not."""
        try:
            return await call
        except (Misconfigured, Forbidden) as error:
            raise Refused(
                f"{self._client.system} does not let the account see to the webhooks of {repository}: give it the role 'Admin' there "
                "(Settings, Collaborators and teams), and its token 'Webhooks: read and write' (fine-grained, app) or the scope 'repo' "
                "(classic), or add the webhook by hand"
            ) from error


def _state(hook: Hook) -> HookState:
    """As it was found. `unused` and `active` are what GitHub says before and after calls that went well."""
    last = hook.last_response
    failed = last.code is not None and last.code >= 300
    trouble = f"the last call was answered {last.code}: {last.message or last.status}" if failed else ""
    return HookState(id=str(hook.id), reports=", ".join(sorted(EVENTS)), done="" if hook.active else "switched on", trouble=trouble)
