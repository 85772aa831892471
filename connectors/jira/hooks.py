"""A site's webhook for each project that we look at.

https://developer.atlassian.com/cloud/jira/platform/webhooks/ : those of the administration, which never expire. The dynamic ones, which
do after 30 days, are for apps; Jira refuses them to API tokens.
"""

from collections.abc import Mapping

from pydantic import JsonValue

from connectors.jira.client import JiraClient
from connectors.jira.config import JiraSettings
from connectors.jira.payloads import HookPayload
from connectors.jira.refusals import Forbidden
from connectors.kit.interface import SystemAccess
from model.errors import NotFound, Refused
from model.hooks import HookState

EVENTS = (
    "jira:issue_created",
    "jira:issue_updated",
    "jira:issue_deleted",
    "comment_created",
    "comment_updated",
    "comment_deleted",
    "attachment_created",
    "attachment_deleted",
)


class JiraHooks:
    """Told apart by name, since Data Center does not show the filter of a webhook; neither shows the secret, which is set each time."""

    def __init__(self, access: SystemAccess) -> None:
        self._client = JiraClient(access)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def ensure(self, settings: Mapping[str, JsonValue], address: str, secret: str) -> tuple[HookState, ...]:
        project = JiraSettings.model_validate(dict(settings)).project.upper()
        prefix = f"Twinline {self._client.name} "
        name = prefix + project
        calling = await self._calling(address)
        by_hand = [one for one in calling if not one.name.startswith(prefix)]
        found = [one for one in calling if one.name == name] or by_hand[:1]
        wanted = (await self._client.dialect()).hook(name, address, EVENTS, f'project = "{project}"', secret)
        try:
            identity = await self._client.put_hook(found[0].id if found else "", wanted)
        except Forbidden as error:
            raise self._may_not() from error
        done = ("" if found[0].on else "switched on") if found else "registered"
        return (HookState(id=identity, reports=f"{project}: {', '.join(EVENTS)}", done=done),)

    async def remove(self, settings: Mapping[str, JsonValue], address: str) -> None:
        """Of every project: the address is that of the whole system."""
        del settings
        for one in await self._calling(address):
            try:
                await self._client.delete_hook(one.id)
            except NotFound:
                continue

    async def _calling(self, address: str) -> tuple[HookPayload, ...]:
        try:
            return tuple(one for one in await self._client.hooks() if one.url == address)
        except Forbidden as error:
            raise self._may_not() from error
        except NotFound as error:
            raise Refused(
                f"{self._client.name} has no interface for webhooks that are signed, which Data Center has from version 10 on; "
                "polling finds every change"
            ) from error

    def _may_not(self) -> Refused:
        return Refused(
            f"{self._client.name} lets administrators only see to webhooks: give a group of the account the global permission "
            "'Administer Jira' (System, Global permissions), or add the webhook by hand"
        )
