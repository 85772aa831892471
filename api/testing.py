"""Test Runs and replays."""

from fastapi import APIRouter
from pydantic import Field

from api.access import Guarded, needs
from api.using import ConnectionName, Numbered, Using
from model.frozen import Frozen
from model.members import Permission
from model.words import Side
from operations import replaying, testing
from operations.predictions import Predictions
from operations.replaying import Replay

router = APIRouter(prefix="/connections/{name}", tags=["test runs"], route_class=Guarded)


class Picked(Frozen):
    """`items` are keys, ids or URLs, looked for on `side` or on both; `query` is in the language of the platform on `side`.

    At most 50 items are looked at. `version` is a number, the active one where none is given.
    """

    items: tuple[str, ...] = Field(default=(), max_length=testing.MOST)
    query: str = ""
    side: Side | None = None
    version: Numbered | None = None


@router.post("/test-runs", openapi_extra=needs(Permission.OPERATE))
async def run_test(using: Using, name: ConnectionName, picked: Picked) -> Predictions:
    """What a sync of the items would do, with a draft or the active version. Nothing is written, neither there nor here."""
    return await testing.run(using.store, using.systems, name, **dict(picked))


class Replaying(Frozen):
    """`version` is the number of the version to run, `last` how many of the latest transactions it is run over."""

    version: Numbered
    last: int = Field(default=100, ge=1, le=replaying.MOST)


@router.post("/replays", openapi_extra=needs(Permission.OPERATE))
async def replay_transactions(using: Using, name: ConnectionName, wanted: Replaying) -> Replay:
    """What would have come out differently of the latest transactions with that version. Nothing is written."""
    return await replaying.run(using.store, using.systems, name, version=wanted.version, last=wanted.last)
