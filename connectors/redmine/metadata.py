"""What rarely changes in a Redmine, kept for a few minutes: statuses, priorities, trackers, projects and people."""

from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar, cast

from connectors.kit.fresh import Fresh
from connectors.redmine.client import PAGE, RedmineClient
from connectors.redmine.mapping import Person
from connectors.redmine.payloads import IssuePayload, Named, PriorityPayload, ProjectPayload, StatusPayload, TrackerPayload, UserPayload
from connectors.redmine.refusals import Forbidden
from model.errors import NotFound
from model.frozen import Frozen

LOGIN_KEPT_SECONDS = 30.0

Value = TypeVar("Value")


class Member(Frozen):
    """A user of a project, who can be an assignee."""

    id: int
    name: str
    person: Person


class Metadata:
    """Answers from memory where they are fresh."""

    def __init__(self, client: RedmineClient) -> None:
        self._client = client
        self._kept = Fresh[object]()
        self._myself = Fresh[UserPayload](LOGIN_KEPT_SECONDS)
        self._custom_fields: dict[str, int] = {}

    async def myself(self) -> UserPayload:
        """Our account. Kept for a short time only: with a revoked key Redmine shows what is public, as if nothing else were there."""
        return await self._myself.get("", self._client.myself)

    async def statuses(self) -> tuple[StatusPayload, ...]:
        return await self._keep(("statuses", ""), self._client.statuses)

    async def priorities(self) -> tuple[PriorityPayload, ...]:
        return await self._keep(("priorities", ""), self._client.priorities)

    async def default_activity(self) -> int | None:
        """The activity of new time entries: the default one, else the first; None where there is none."""
        active = [one for one in await self._keep(("activities", ""), self._client.activities) if one.active]
        return next((one.id for one in active if one.is_default), active[0].id if active else None)

    async def trackers(self) -> tuple[TrackerPayload, ...]:
        return await self._keep(("trackers", ""), self._client.trackers)

    async def project(self, identifier: str) -> ProjectPayload:
        """By identifier or id."""
        return await self._keep(("project", identifier), lambda: self._client.project(identifier))

    async def person(self, user_id: int) -> Person:
        """Nobody in particular for users whom Redmine does not show to the account: locked ones, groups, anonymous."""

        async def ask() -> Person:
            try:
                user = await self._client.user(user_id)
            except (NotFound, Forbidden):
                return Person()
            return Person(login=user.login or None, email=user.mail or None)

        return await self._keep(("person", str(user_id)), ask)

    async def people(self, user_ids: Iterable[int]) -> dict[int, Person]:
        return {one: await self.person(one) for one in sorted(user_ids)}

    async def members(self, identifier: str) -> tuple[Member, ...]:
        """All users and groups of the project."""

        async def ask() -> tuple[Member, ...]:
            found: list[Named] = []
            offset = 0
            while True:
                page = await self._client.memberships(identifier, offset)
                found += [reference for one in page.memberships if (reference := one.user or one.group)]
                offset += PAGE
                if offset >= page.total_count:
                    return tuple([Member(id=one.id, name=one.name, person=await self.person(one.id)) for one in found])

        return await self._keep(("members", identifier), ask)

    def learn_custom_fields(self, issue: IssuePayload) -> None:
        """Redmine lists the custom fields to administrators only, but each issue names its own; names are unique."""
        self._custom_fields.update({one.name: one.id for one in issue.custom_fields})

    def custom_field(self, name: str) -> int | None:
        return self._custom_fields.get(name)

    async def _keep(self, key: tuple[str, str], ask: Callable[[], Awaitable[Value]]) -> Value:
        return cast("Value", await self._kept.get("/".join(key), ask))
