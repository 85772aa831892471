"""What is wrong now, and letting many pairs go on at once."""

from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import Field, model_validator

from api.access import Guarded, needs
from api.paging import ById
from api.using import ConnectionFilter, Using
from model.frozen import Frozen
from model.members import Permission
from model.monitor import TwinSearch
from operations import errors, steering
from operations.errors import FailurePage
from operations.steering import Retried

router = APIRouter(tags=["errors"], route_class=Guarded)


class Retrying(Frozen):
    """Either `twins`, or those in error that `connection` and `text` choose; `everything` where neither is given."""

    twins: tuple[str, ...] = Field(default=(), max_length=1000)
    connection: str | None = None
    text: str = ""
    everything: bool = False

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        ways = (bool(self.twins), bool(self.connection or self.text), self.everything)
        if ways.count(True) != 1:
            raise ValueError("say which: twins, or connection and text, or everything")
        return self


@router.get("/errors", openapi_extra=needs(Permission.VIEW))
async def list_errors(
    using: Using,
    connection: ConnectionFilter,
    paging: ById,
    text: Annotated[str, Query(description="Part of a key, address, title or reason: pairs only")] = "",
) -> FailurePage:
    """By what they stop, with what each blocks, how it ends, and the next step."""
    return paging.linked(await errors.listed(using.store, connection=connection, text=text, limit=paging.limit, after=paging.after))


@router.post("/errors/retry", status_code=202, openapi_extra=needs(Permission.OPERATE))
async def retry_errors(using: Using, wanted: Retrying) -> Retried:
    """Let some or all parked pairs go on."""
    if wanted.twins:
        return await steering.retry_these(using.store, using.signals, wanted.twins)
    connection = None if wanted.connection is None else await using.store.lifecycles.known_as(wanted.connection)
    return await steering.retry_all(using.store, using.signals, TwinSearch(connection=connection, text=wanted.text))
