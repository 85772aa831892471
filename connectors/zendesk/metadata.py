"""What rarely changes in a Zendesk account, kept for a few minutes: fields, statuses, groups, forms and people."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar, cast

from pydantic import JsonValue

from connectors.kit.fresh import Fresh
from connectors.zendesk import mapping, values
from connectors.zendesk.client import ZendeskClient
from connectors.zendesk.mapping import Around, Catalogue
from connectors.zendesk.payloads import FieldPayload, UserPayload
from connectors.zendesk.refusals import Forbidden
from model.errors import NotFound, Refused

AGENTS = ("agent", "admin")
ADDRESS = re.compile(r"[^\s\"@:]+@[^\s\"@:]+")

Value = TypeVar("Value")


class Metadata:
    """Answers from memory where they are fresh."""

    def __init__(self, client: ZendeskClient) -> None:
        self._client = client
        self._kept = Fresh[object]()

    async def myself(self) -> UserPayload:
        return await self._keep(("myself", ""), self._client.myself)

    async def catalogue(self) -> Catalogue:
        """All that a ticket's payload names by id only."""

        async def ask() -> Catalogue:
            return Catalogue(
                fields=await self._client.fields(),
                statuses=await self._client.custom_statuses(),
                groups=await self._client.groups(),
                forms=await self._client.forms(),
            )

        return await self._keep(("catalogue", ""), ask)

    async def around(self, people: Mapping[int, UserPayload]) -> Around:
        """What a ticket's payload does not carry, beside those people."""
        return Around(root=self._client.root, catalogue=await self.catalogue(), people=people)

    async def user_by_id(self, user_id: str) -> UserPayload | None:
        async def ask() -> UserPayload | None:
            try:
                return await self._client.user(int(user_id))
            except (NotFound, Forbidden):
                return None

        return await self._keep(("id", user_id), ask) if user_id.isascii() and user_id.isdecimal() else None

    async def user_by_email(self, address: str) -> UserPayload | None:
        async def ask() -> UserPayload | None:
            users = await self._client.users_by_email(address)
            return next((one for one in users if (one.email or "").casefold() == address.casefold()), None)

        wanted = address.strip()
        return await self._keep(("email", wanted.casefold()), ask) if ADDRESS.fullmatch(wanted) else None

    async def user_like(self, value: JsonValue, field: str) -> UserPayload | None:
        """The user that a hub user stands for, by its e-mail address or else its key; Refused for `field` if there is none.

        Only agents can be assignees.
        """
        match value:
            case None:
                return None
            case {"email": str(said)} if said:
                found = await self.user_by_email(said)
            case {"username": str(said)} if "@" in said:
                found = await self.user_by_email(said)
            case {"key": str(said)} | str(said):
                found = await (self.user_by_email(said) if "@" in said else self.user_by_id(said))
            case _:
                said, found = str(value), None
        if found is None:
            raise Refused(f"{self._client.name}: field {field!r}: no user is {said!r}; map the user in the incoming rules", field)
        if field == "assignee" and found.role not in AGENTS:
            raise Refused(f"{self._client.name}: field 'assignee': {said!r} is no agent; map the user in the incoming rules", field)
        return found

    async def answer(self, name: str, arguments: tuple[str | None, ...]) -> JsonValue:
        """The answer to a question of the rule language in hub shape; None for "no such thing"."""
        first, second = ((*arguments, None, None)[0] or ""), ((*arguments, None, None)[1] or "")
        if not first and name != "user_assignable":
            return None
        match name:
            case "issue_type":
                return _offered(mapping.TYPES, first)
            case "priority":
                return _offered(mapping.PRIORITIES, first)
            case "status":
                return await self._status(first)
            case "user":
                return mapping.user(await self.user_by_id(first))
            case "user_by_email" | "user_by_username":
                return mapping.user(await self.user_by_email(first))
            case "user_assignable":
                found = await self.user_by_id(second)
                return found is not None and found.role in AGENTS
            case "custom_field":
                field = await self._field(first)
                return None if field is None else {"id": str(field.id), "name": field.title, "type": field.type}
            case "option":
                return await self._option(first, second)
            case _:
                return None

    async def _status(self, wanted: str) -> JsonValue:
        statuses = (await self.catalogue()).statuses
        try:
            chosen = values.chosen_status(self._client.name, wanted, statuses)
        except Refused:
            return None
        custom, plain = chosen.get("custom_status_id"), chosen.get("status")
        return mapping.status(str(plain), custom if isinstance(custom, int) else None, statuses)

    async def _field(self, wanted: str) -> FieldPayload | None:
        known = (await self.catalogue()).own_fields
        return next((one for one in known if wanted in {one.title, str(one.id)}), None)

    async def _option(self, field: str, wanted: str) -> JsonValue:
        found = await self._field(field)
        options = found.custom_field_options if found else ()
        return next(({"value": one.name, "id": one.value} for one in options if wanted in {one.name, one.value}), None)

    async def _keep(self, key: tuple[str, str], ask: Callable[[], Awaitable[Value]]) -> Value:
        return cast("Value", await self._kept.get("/".join(key), ask))


def _offered(options: dict[str, str], wanted: str) -> JsonValue:
    return mapping.option(options, wanted.casefold()) if wanted.casefold() in options else None
