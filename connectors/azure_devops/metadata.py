"""What rarely changes in an organization, kept for a few minutes: types with states and fields, allowed values, projects, people."""

from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import TypeVar, cast

from pydantic import JsonValue, ValidationError

from connectors.azure_devops import mapping
from connectors.azure_devops.client import AzureDevOpsClient
from connectors.azure_devops.mapping import Kind, kind_of
from connectors.azure_devops.payloads import ConnectionData, FieldPayload, IdentityPayload, ProjectPayload, TypePayload
from connectors.azure_devops.refusals import login_rejected
from connectors.kit.fresh import Fresh
from connectors.kit.http import Parameters
from model.errors import LoginRejected, Misconfigured, NotFound, Refused

ANONYMOUS = "Anonymous"
NO_PEOPLE = "the personal access token may not look people up; give it the scope 'Identity (Read)'"

Value = TypeVar("Value")


class Metadata:
    """Answers from memory where they are fresh."""

    def __init__(self, client: AzureDevOpsClient, clock: Callable[[], float] = monotonic) -> None:
        self._client = client
        self._kept = Fresh[object](clock=clock)

    async def myself(self) -> IdentityPayload:
        """Our account; LoginRejected where Azure DevOps takes us for nobody, Misconfigured where something else answers."""
        return (await self.connection()).authenticated_user

    async def connection(self) -> ConnectionData:
        """Our account and where we are; raises what `myself` does."""
        return await self._keep(("connection", ""), self._ask_connection)

    async def _ask_connection(self) -> ConnectionData:
        answer = await self._client.connection_data()
        try:
            found = ConnectionData.model_validate_json(answer.body)
        except ValidationError as error:
            address = self._client.address
            message = f"{self._client.name}: {address!r} does not answer as Azure DevOps does; use the form https://dev.azure.com/acme"
            raise Misconfigured(message) from error
        if found.authenticated_user.provider_display_name == ANONYMOUS:
            raise login_rejected(self._client.name)
        return found

    async def project(self, name: str) -> ProjectPayload | None:
        return await self._keep(("project", name.casefold()), lambda: _or_none(self._client.project(name)))

    async def types(self, project: str) -> tuple[TypePayload, ...]:
        """Those that can be created."""
        found = await self._keep(("types", project.casefold()), lambda: self._client.types(project))
        return tuple(one for one in found if not one.is_disabled)

    async def fields(self) -> Mapping[str, FieldPayload]:
        """By reference name."""
        found = await self._keep(("fields", ""), self._client.fields)
        return {one.reference_name: one for one in found}

    async def kind(self, project: str, name: str) -> Kind:
        return kind_of(like(name, await self.types(project)), await self.fields())

    async def own_field(self, name: str) -> FieldPayload:
        """The field of that reference or display name; Refused where there is none, or where nobody may write it."""
        fields = await self.fields()
        shown = [one for one in fields.values() if one.name.casefold() == name.casefold()]
        found = fields.get(name) or (shown[0] if shown else None)
        if found is None:
            raise Refused(f"{self._client.name} has no field {name!r}; take it out of the incoming rules, or use its reference name", name)
        if found.read_only:
            raise Refused(f"{self._client.name} does not let anybody write field {name!r}; take it out of the incoming rules", name)
        return found

    async def account(self, name: str, value: JsonValue) -> str | None:
        """What a person field is set to for a hub user, found by e-mail or else by key or user name; Refused if there is nobody."""
        if value is None:
            return None
        found = None
        match value:
            case {"email": str(email)} if email:
                found = await self.user_by_name(email)
            case {"key": str(wanted)} if wanted:
                found = await self.user_by_key(wanted)
            case {"username": str(wanted)} | str(wanted):
                found = await self.user_by_name(wanted)
            case _:
                pass
        if found is None:
            raise Refused(f"field {name!r}: {self._client.name} has no user {value!r}; map the user in the sync rules", name)
        return found.ref.unique_name

    async def user_by_key(self, identity_id: str) -> IdentityPayload | None:
        found = await self._people({"identityIds": identity_id})
        return found[0] if found else None

    async def user_by_name(self, name: str) -> IdentityPayload | None:
        """The person whose e-mail address, sign-in address or else display name it is; None if nobody's, or of several."""
        found = await self._people({"searchFilter": "General", "filterValue": name})
        wanted = name.casefold()
        exact = [one for one in found if wanted in {one.text("Mail").casefold(), one.ref.unique_name.casefold()}]
        shown = [one for one in found if one.ref.display_name.casefold() == wanted]
        return exact[0] if exact else shown[0] if len(shown) == 1 else None

    async def allowed_values(self, project: str, kind: str, field: str) -> tuple[JsonValue, ...]:
        """Empty where the field takes anything, or the type does not have it."""
        found = await self._keep(("values", f"{project}/{kind}/{field}"), lambda: self._client.type_field(project, kind, field))
        return found.allowed_values if found else ()

    async def _people(self, parameters: Parameters) -> tuple[IdentityPayload, ...]:
        async def ask() -> tuple[IdentityPayload, ...]:
            try:
                found = await self._client.identities({**parameters, "queryMembership": "None"})
            except (LoginRejected, NotFound) as error:
                raise Refused(f"{self._client.name}: {NO_PEOPLE}") from error
            return tuple(one for one in found if not one.is_container)

        return await self._keep(("people", str(sorted(parameters.items()))), ask)

    async def _keep(self, key: tuple[str, str], ask: Callable[[], Awaitable[Value]]) -> Value:
        return cast("Value", await self._kept.get("/".join(key), ask))


def like(name: str, types: tuple[TypePayload, ...]) -> TypePayload | None:
    return next((one for one in types if one.name.casefold() == name.casefold()), None)


async def _or_none(call: Awaitable[Value]) -> Value | None:
    try:
        return await call
    except (NotFound, Misconfigured):
        return None


class Answers:
    """Answers to the questions of the rule language, in hub shape; None for "no such thing"."""

    def __init__(self, metadata: Metadata) -> None:
        self._metadata = metadata

    async def answer(self, project: str, kind: str, name: str, arguments: tuple[str | None, ...]) -> JsonValue:
        """`kind` is the type that the side creates."""
        first, second = ((*arguments, None, None)[0] or ""), ((*arguments, None, None)[1] or "")
        if not first:
            return None
        match name:
            case "issue_type":
                return self._type(like(first, await self._metadata.types(second or project)))
            case "default_issue_type":
                return self._type(like(kind, await self._metadata.types(project if first == "*" else first)))
            case "status":
                return await self._status(project, kind, first, second)
            case "priority":
                return await self._value(project, kind, mapping.PRIORITY, first)
            case "project":
                found = await self._metadata.project(first)
                return {"key": found.name, "name": found.name, "id": found.id} if found else None
            case "option":
                return await self._option(project, kind, first, second)
            case "custom_field":
                return await self._field(first)
            case _:
                return await self._person(name, first, second)

    async def _person(self, name: str, first: str, second: str) -> JsonValue:
        match name:
            case "user":
                return mapping.identity(await self._metadata.user_by_key(first))
            case "user_by_email" | "user_by_username":
                return mapping.identity(await self._metadata.user_by_name(first))
            case "user_assignable":
                return bool(second) and await self._metadata.user_by_key(second) is not None
            case _:
                return None

    def _type(self, found: TypePayload | None) -> JsonValue:
        return mapping.named(found.name) if found else None

    async def _status(self, project: str, kind: str, wanted: str, of: str) -> JsonValue:
        """A state of the type `of`, which is the side's own where none is given; where there is no such type, of any of the project."""
        types = await self._metadata.types(project)
        given = like(of or kind, types)
        for one in [given] if given else types:
            found = next((state.name for state in one.states if state.name.casefold() == wanted.casefold()), None)
            if found:
                return mapping.state(found, one.states)
        return None

    async def _value(self, project: str, kind: str, field: str, wanted: str) -> JsonValue:
        allowed = [str(one) for one in await self._metadata.allowed_values(project, kind, field)]
        found = next((one for one in allowed if one.casefold() == wanted.casefold()), None)
        return mapping.named(found) if found else None

    async def _option(self, project: str, kind: str, field: str, wanted: str) -> JsonValue:
        try:
            found = await self._metadata.own_field(field)
        except Refused:
            return None
        value = await self._value(project, kind, found.reference_name, wanted)
        return {"value": value["name"], "id": value["id"]} if isinstance(value, dict) else None

    async def _field(self, wanted: str) -> JsonValue:
        try:
            found = await self._metadata.own_field(wanted)
        except Refused:
            return None
        return {"id": found.reference_name, "name": found.name, "type": found.type}
