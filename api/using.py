"""What routes are given."""

from typing import Annotated, cast

from fastapi import Depends, Path, Query, Request
from pydantic import Field

from api.problems import Absent
from config.opening import Opened
from model.errors import BadInput
from model.members import Caller
from store.refusals import unknown_conflict, unknown_twin


def _opened(request: Request) -> Opened:
    """What the caller works with; what everybody does where no caller is asked for."""
    return cast("Opened", getattr(request.state, "opened", request.app.state.opened))


BIGGEST = 2**63 - 1
"""The greatest number of a row."""

Numbered = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""The number of a version, whether there is one or not."""

Using = Annotated[Opened, Depends(_opened)]


def _who(request: Request) -> str:
    """Who calls; empty while nobody has to log in."""
    return getattr(request.state, "who", "")


Who = Annotated[str, Depends(_who)]


def _caller(request: Request) -> Caller | None:
    return cast("Caller | None", request.state.caller)


CallerOrNone = Annotated[Caller | None, Depends(_caller)]
"""None while there are no members."""


async def _system(using: Using, name: Annotated[str, Path(description="Name of the system", examples=["acme-jira"])]) -> str:
    try:
        return (await using.store.configurations.system(name)).id
    except BadInput as error:
        raise Absent(error.message) from error


async def _integration(using: Using, name: Annotated[str, Path(description="Name of the integration", examples=["app-desk"])]) -> str:
    try:
        return (await using.store.capacities.usage(name)).integration
    except BadInput as error:
        raise Absent(error.message) from error


async def _connection(using: Using, name: Annotated[str, Path(description="Name of the connection", examples=["app-bugs"])]) -> str:
    try:
        return await using.store.lifecycles.known_as(name)
    except BadInput as error:
        raise Absent(error.message) from error


ConnectionName = Annotated[str, Depends(_connection)]


async def _version(using: Using, name: ConnectionName, number: Annotated[Numbered, Path(description="Number of the version")]) -> int:
    try:
        return (await using.store.versions.get(name, number)).number
    except BadInput as error:
        raise Absent(error.message) from error


async def _twin(using: Using, twin: Annotated[str, Path(description="Id of the twin")]) -> str:
    try:
        return await _own_twin(using, twin)
    except BadInput as error:
        raise Absent(error.message) from error


async def _own_twin(using: Opened, twin_id: str) -> str:
    """The id of a twin of a connection that the caller may see; else BadInput as if there were none."""
    twin = await using.store.twins.get(twin_id)
    if twin.connection not in {one.id for one in await using.store.configurations.connections()}:
        raise unknown_twin(twin_id)
    return twin.id


async def _conflict(using: Using, conflict: Annotated[int, Path(description="Number of the conflict", ge=0, le=BIGGEST)]) -> int:
    try:
        recorded = await using.store.conflicts.get(conflict)
        await _own_twin(using, recorded.twin)
    except BadInput as error:
        raise Absent(unknown_conflict(conflict).message) from error
    return recorded.id


async def _member(using: Using, member: Annotated[str, Path(description="Name of the member")]) -> str:
    try:
        return (await using.store.members.member(member)).name
    except BadInput as error:
        raise Absent(error.message) from error


async def _token(using: Using, token: Annotated[str, Path(description="Id of the token")]) -> str:
    try:
        return (await using.store.members.token(token)).id
    except BadInput as error:
        raise Absent(error.message) from error


async def _operation(using: Using, operation: Annotated[str, Path(description="Id of the operation")]) -> str:
    try:
        return (await using.store.operations.get(operation)).id
    except BadInput as error:
        raise Absent(error.message) from error


async def _filter(using: Using, connection: Annotated[str | None, Query(description="Name of a connection")] = None) -> str | None:
    return None if connection is None else await using.store.lifecycles.known_as(connection)


SystemName = Annotated[str, Depends(_system)]
IntegrationName = Annotated[str, Depends(_integration)]
VersionNumber = Annotated[int, Depends(_version)]
ConnectionFilter = Annotated[str | None, Depends(_filter)]
TwinId = Annotated[str, Depends(_twin)]
ConflictId = Annotated[int, Depends(_conflict)]
OperationId = Annotated[str, Depends(_operation)]
MemberName = Annotated[str, Depends(_member)]
TokenId = Annotated[str, Depends(_token)]
