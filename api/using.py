"""What routes are given."""

from typing import Annotated, cast

from fastapi import Depends, Path, Query, Request

from api.problems import Absent
from config.opening import Opened
from model.errors import BadInput


def _opened(request: Request) -> Opened:
    return cast("Opened", request.app.state.opened)


Using = Annotated[Opened, Depends(_opened)]


def _who(request: Request) -> str:
    """Who calls; empty while nobody has to log in."""
    return getattr(request.state, "who", "")


Who = Annotated[str, Depends(_who)]


async def _system(using: Using, name: Annotated[str, Path(description="Name of the system")]) -> str:
    try:
        return (await using.store.configurations.system(name)).id
    except BadInput as error:
        raise Absent(error.message) from error


async def _connection(using: Using, name: Annotated[str, Path(description="Name of the connection")]) -> str:
    try:
        return await using.store.lifecycles.known_as(name)
    except BadInput as error:
        raise Absent(error.message) from error


async def _twin(using: Using, twin: Annotated[str, Path(description="Id of the twin")]) -> str:
    try:
        return (await using.store.twins.get(twin)).id
    except BadInput as error:
        raise Absent(error.message) from error


async def _conflict(using: Using, conflict: Annotated[int, Path(description="Number of the conflict")]) -> int:
    try:
        return (await using.store.conflicts.get(conflict)).id
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
ConnectionName = Annotated[str, Depends(_connection)]
ConnectionFilter = Annotated[str | None, Depends(_filter)]
TwinId = Annotated[str, Depends(_twin)]
ConflictId = Annotated[int, Depends(_conflict)]
OperationId = Annotated[str, Depends(_operation)]
