"""A project's service hook subscriptions that call us, one for each kind of event.

https://learn.microsoft.com/rest/api/azure/devops/hooks/subscriptions and, for what Azure DevOps does with one whose calls fail,
https://learn.microsoft.com/azure/devops/service-hooks/troubleshoot
"""

from collections.abc import Awaitable, Mapping
from types import MappingProxyType
from typing import TypeVar

from pydantic import JsonValue

from connectors.azure_devops.client import AzureDevOpsClient
from connectors.azure_devops.config import settings_of
from connectors.azure_devops.payloads import SubscriptionPayload
from connectors.azure_devops.refusals import Forbidden
from connectors.azure_devops.webhook import EVENTS
from connectors.kit.interface import SystemAccess
from model.errors import NotFound, Refused
from model.hooks import HookState

TROUBLES: Mapping[str, str] = MappingProxyType(
    {
        "onProbation": "was on probation, since its calls failed",
        "disabledBySystem": "was switched off by Azure DevOps, since its calls failed for long",
        "disabledByUser": "was switched off by a person",
        "disabledByInactiveIdentity": "was switched off, since the account that made it is inactive or lacks permissions",
    }
)
"""By the status of a subscription."""

T = TypeVar("T")


class AzureDevOpsHooks:
    """Five subscriptions for each project, which carry the secret as a password."""

    def __init__(self, access: SystemAccess) -> None:
        self._client = AzureDevOpsClient(access)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def ensure(self, settings: Mapping[str, JsonValue], address: str, secret: str) -> tuple[HookState, ...]:
        """The password of a subscription is masked when it is read, so that it is set each time."""
        project = await self._client.project(settings_of(settings).project)
        states: list[HookState] = []
        found = [one for one in await self._calling(project.name, address) if one.project in {"", project.id}]
        for event in EVENTS:
            there = [one for one in found if one.event_type == event]
            for one in there:
                wanted = _wanted(event, one.project, address, secret)
                await self._allowed(project.name, self._client.put_subscription(one.id, wanted))
                trouble = TROUBLES.get(one.status, "")
                states.append(HookState(id=one.id, reports=event, done="switched on" if trouble else "", trouble=trouble))
            if not there:
                wanted = _wanted(event, project.id, address, secret)
                made = await self._allowed(project.name, self._client.create_subscription(wanted))
                states.append(HookState(id=made.id, reports=event, done="registered"))
        return tuple(states)

    async def remove(self, settings: Mapping[str, JsonValue], address: str) -> None:
        """Of every project: the address is that of the whole system."""
        project = settings_of(settings).project
        for one in await self._calling(project, address):
            try:
                await self._allowed(project, self._client.delete_subscription(one.id))
            except NotFound:
                continue

    async def _calling(self, project: str, address: str) -> tuple[SubscriptionPayload, ...]:
        return tuple(one for one in await self._allowed(project, self._client.subscriptions()) if one.url == address)

    async def _allowed(self, project: str, call: Awaitable[T]) -> T:
        try:
            return await call
        except Forbidden as error:
            raise Refused(
                f"{self._client.name} does not let the account see to the service hooks of project {project!r}: make it a project "
                "administrator (Project settings, Permissions), or give it 'View' and 'Edit subscriptions' of service hooks, or add them "
                "by hand"
            ) from error


def _wanted(event: str, project: str, address: str, secret: str) -> dict[str, JsonValue]:
    """`project` is an id, empty for all projects."""
    return {
        "publisherId": "tfs",
        "eventType": event,
        "resourceVersion": "1.0",
        "consumerId": "webHooks",
        "consumerActionId": "httpRequest",
        "status": "enabled",
        "publisherInputs": {"projectId": project},
        "consumerInputs": {
            "url": address,
            "basicAuthUsername": "twinline",
            "basicAuthPassword": secret,
            "resourceDetailsToSend": "all",
            "messagesToSend": "none",
            "detailedMessagesToSend": "none",
        },
    }
