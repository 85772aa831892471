"""What a site offers to choose from: projects, types, priorities, statuses, users. Asked for once in a few minutes."""

from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from typing import Generic, TypeVar

from pydantic import JsonValue

from connectors.jira import mapping
from connectors.jira.client import JiraClient
from connectors.jira.payloads import (
    FieldPayload,
    LinkTypePayload,
    NamedPayload,
    PartPayload,
    ProjectPayload,
    StatusPayload,
    TypePayload,
    UserPayload,
)
from connectors.kit.fresh import Fresh
from model.errors import NotFound, Refused
from model.links import LinkType

OPTIONS_SHOWN = 30

Value = TypeVar("Value")
Option = TypeVar("Option", bound=NamedPayload)


class Recent(Generic[Value]):
    """Facts that never change, of the most recently used keys."""

    def __init__(self, size: int = 20_000) -> None:
        self._size = size
        self._kept: OrderedDict[str, Value] = OrderedDict()

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    def get(self, key: str) -> Value | None:
        return self._kept.get(key)

    def put(self, key: str, value: Value) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)


class Metadata:
    """The choices of one site, under the names that people use."""

    def __init__(self, client: JiraClient) -> None:
        self._client = client
        self._projects = Fresh[ProjectPayload | None]()
        self._priorities = Fresh[tuple[NamedPayload, ...]]()
        self._link_types = Fresh[tuple[LinkTypePayload, ...]]()
        self._statuses = Fresh[tuple[StatusPayload, ...]]()
        self._types = Fresh[tuple[TypePayload, ...]]()
        self._resolutions = Fresh[tuple[NamedPayload, ...]]()
        self._fields = Fresh[tuple[FieldPayload, ...]]()
        self._users = Fresh[UserPayload | None]()
        self._options = Fresh[JsonValue]()
        self._me = Fresh[UserPayload]()

    async def myself(self) -> UserPayload:
        return await self._me.get("", self._client.myself)

    async def project(self, key: str) -> ProjectPayload | None:
        return await self._projects.get(key, lambda: _or_none(self._client.project(key)))

    async def priority(self, name: str) -> NamedPayload:
        """The priority of that name; Refused with the priorities there are."""
        return choose("priority", name, await self._priorities.get("", self._client.priorities))

    async def issue_type(self, name: str, project: str = "") -> TypePayload:
        """The issue type of that name, in the project where given; Refused with the types there are."""
        return choose("type", name, await self._offered_types(project))

    async def default_type(self, name: str, project: str) -> TypePayload:
        """The project's type of that name, else its first one that is no sub-task."""
        types = await self._offered_types(project)
        standard = [one for one in types if not one.subtask]
        found = [one for one in types if one.name.casefold() == name.casefold()]
        return (found or standard or list(types))[0]

    async def user(self, value: JsonValue, field: str = "assignee") -> UserPayload | None:
        """The account that a hub user stands for, by its e-mail or else its key; Refused for `field` if there is none."""
        match value:
            case None:
                return None
            case {"email": str(email)} if email and (found := await self.user_by_email(email)):
                return found
            case {"key": str(key)} if key and (found := await self.user_by_key(key)):
                return found
            case {"username": str(name)} if name and (found := await self.user_by_name(name)):
                return found
            case _:
                raise Refused(f"field {field!r}: {self._client.name} has no user {value!r}; map the user in the sync rules", field)

    async def user_by_key(self, key: str) -> UserPayload | None:
        return await self._users.get(f"key:{key}", lambda: _or_none(self._client.user(key)))

    async def user_by_email(self, email: str) -> UserPayload | None:
        """None if no one has it, or if several could: Jira hides e-mails, so a single hit counts even where it shows none."""

        async def ask() -> UserPayload | None:
            users = await self._client.search_users(email)
            equal = [one for one in users if (one.email_address or "").casefold() == email.casefold()]
            hidden = [one for one in users if one.email_address is None]
            return equal[0] if equal else hidden[0] if len(hidden) == 1 and len(users) == 1 else None

        return await self._users.get(f"email:{email}", ask)

    async def user_by_name(self, name: str) -> UserPayload | None:
        """The one who is called `name`, or else shown as such: Jira Cloud knows no other user names."""

        async def ask() -> UserPayload | None:
            users = await self._client.search_users(name)
            called = [one for one in users if one.username.casefold() == name.casefold()]
            return (called or [one for one in users if one.display_name.casefold() == name.casefold()] or [None])[0]

        return await self._users.get(f"name:{name}", ask)

    async def answer(self, project: str, default_type: str, name: str, arguments: tuple[str | None, ...]) -> JsonValue:
        """The answer to a question of the rule language in hub shape; None for "no such thing"."""
        first, second = ((*arguments, None, None)[0] or ""), ((*arguments, None, None)[1] or "")
        if not first:
            return None
        match name:
            case "issue_type":
                return mapping.named(_find(first, await self._offered_types(second or project)))
            case "priority":
                return mapping.named(_find(first, await self._priorities.get("", self._client.priorities)))
            case "status":
                return mapping.status(_find(first, await self._statuses.get(project, lambda: self._client.statuses(project))))
            case "project":
                return mapping.project(await self.project(first))
            case "user":
                return mapping.user(await self.user_by_key(first))
            case "user_by_email":
                return mapping.user(await self.user_by_email(first))
            case "user_by_username":
                return mapping.user(await self.user_by_name(first))
            case _:
                return await self._further(project, default_type, name, (first, second))

    async def _further(self, project: str, default_type: str, name: str, arguments: tuple[str, str]) -> JsonValue:
        first, second = arguments
        match name:
            case "user_assignable":
                return await self._assignable(first, second)
            case "option":
                return await self._option(project, default_type, first, second)
            case "resolution":
                return mapping.named(_find(first, await self._resolutions.get("", self._client.resolutions)))
            case "version" | "component":
                return await self._of_project(second or project, name, first)
            case "default_issue_type":
                return await self._default_type(project if first == "*" else first, default_type)
            case "custom_field":
                return await self._field(first)
            case _:
                return None

    async def link_types(self) -> tuple[LinkType, ...]:
        return tuple(map(mapping.link_type, await self._link_types.get("", self._client.link_types)))

    async def _assignable(self, project: str, key: str) -> bool:
        user = await self.user_by_key(key) if key else None
        try:
            found = await self._client.assignable(project, user) if user else ()
        except (NotFound, Refused):
            return False
        return any(one.identity == key for one in found)

    async def _of_project(self, key: str, name: str, wanted: str) -> JsonValue:
        found = await self.project(key)
        known = _find(wanted, _parts(found, name)) if found else None
        return None if known is None else mapping.part(known)

    async def create_part(self, kind: str, side_project: str, arguments: tuple[str | None, ...]) -> JsonValue:
        """The new version or component of that name, in the project named or the side's; the one there is where somebody was faster."""
        name, project, description = (*arguments, None, None, None)[:3]
        key = project or side_project
        found = await self._project_now(key)
        if found is None or not name:
            return None
        known = _find(name, _parts(found, kind)) or await self._made(found, kind, name, description or "")
        return mapping.part(known)

    async def _made(self, project: ProjectPayload, kind: str, name: str, description: str) -> PartPayload:
        """Jira refuses a second one of that name: it may have been made since we looked."""
        make = self._client.create_version if kind == "version" else self._client.create_component
        try:
            made = await make(project, name, description)
        except Refused:
            again = await self._project_now(project.key)
            known = _find(name, _parts(again, kind)) if again else None
            if known is None:
                raise
            return known
        self._projects.forget(project.key)
        return made

    async def _project_now(self, key: str) -> ProjectPayload | None:
        self._projects.forget(key)
        return await self.project(key)

    async def _default_type(self, project: str, name: str) -> JsonValue:
        return mapping.named(await self.default_type(name, project)) if await self.project(project) else None

    async def field_names(self) -> dict[str, str]:
        """Display names by id."""
        return {one.id: one.name for one in await self._fields.get("", self._client.fields)}

    async def own_field(self, name: str) -> FieldPayload:
        """The site's own field of that display name or id; Refused with the fields there are."""
        found = await self._found_field(name)
        if found is None or not found.own:
            fields = await self._fields.get("", self._client.fields)
            names = ", ".join(repr(one.name) for one in fields if one.own)
            message = f"{self._client.name} has no field {name!r} that can be written (own fields: {names or 'none'}); "
            raise Refused(f"{message}take it out of the incoming rules", name)
        return found

    async def _found_field(self, wanted: str) -> FieldPayload | None:
        """By its display name, its id or the number of it."""
        fields = await self._fields.get("", self._client.fields)
        return next((one for one in fields if wanted in (one.id, one.id.removeprefix("customfield_"))), None) or _find(wanted, fields)

    async def _field(self, wanted: str) -> JsonValue:
        found = await self._found_field(wanted)
        return None if found is None else {"id": found.id, "name": found.name, "type": found.kind}

    async def _option(self, project: str, default_type: str, field: str, value: str) -> JsonValue:
        async def ask() -> JsonValue:
            kind = await self.default_type(default_type, project)
            for one in await self._client.create_fields(project, kind.id):
                if field in {one.name, one.field_id}:
                    return next((dict(option) for option in one.allowed_values if value in (option.get("value"), option.get("name"))), None)
            return None

        return await self._options.get(f"{project}/{default_type}/{field}/{value}", ask)

    async def _offered_types(self, project: str) -> tuple[TypePayload, ...]:
        if not project:
            return await self._types.get("", self._client.issue_types)
        found = await self.project(project)
        return found.issue_types if found else ()


def choose(field: str, name: str, options: Sequence[Option]) -> Option:
    """The option of that name; Refused naming field, value and options otherwise."""
    found = _find(name, options)
    if found is None:
        names = ", ".join(repr(one.name) for one in options[:OPTIONS_SHOWN])
        raise Refused(f"field {field!r} has no option {name!r} (options: {names}); map it in the sync rules", field)
    return found


def _parts(project: ProjectPayload, kind: str) -> tuple[PartPayload, ...]:
    return project.versions if kind == "version" else project.components


def _find(name: str, options: Sequence[Option]) -> Option | None:
    return next((one for one in options if one.name.casefold() == name.casefold()), None)


async def _or_none(call: Awaitable[Value]) -> Value | None:
    try:
        return await call
    except NotFound:
        return None
