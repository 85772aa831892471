"""Test Runs."""

from fastapi import APIRouter
from pydantic import Field

from api.access import Guarded, needs
from api.using import ConnectionName, Using
from model.frozen import Frozen
from model.members import Permission
from model.words import Side
from operations import testing
from operations.predictions import Predictions

router = APIRouter(prefix="/connections/{name}", tags=["test runs"], route_class=Guarded)


class Picked(Frozen):
    """`items` are keys, ids or URLs, looked for on `side` or on both; `query` is in the language of the platform on `side`.

    At most 50 items are looked at. `version` is a number, the active one where none is given.
    """

    items: tuple[str, ...] = Field(default=(), max_length=testing.MOST)
    query: str = ""
    side: Side | None = None
    version: int | None = None


@router.post("/test-runs", openapi_extra=needs(Permission.OPERATE))
async def run_test(using: Using, name: ConnectionName, picked: Picked) -> Predictions:
    """What a sync of the items would do, with a draft or the active version. Nothing is written, neither there nor here."""
    return await testing.run(using.store, using.systems, name, **dict(picked))
