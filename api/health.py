"""Whether this process lives, and whether it can do its work."""

import asyncio
from datetime import timedelta

from fastapi import APIRouter, Response
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client
from temporalio.service import RPCError

from api.using import Using
from model.frozen import Frozen
from store import Store

router = APIRouter(tags=["health"])

PATIENCE = timedelta(seconds=3)


class Liveness(Frozen):
    live: bool


class Readiness(Frozen):
    ready: bool
    store: bool
    temporal: bool


@router.get("/livez")
async def live() -> Liveness:
    """200 as long as the process answers at all."""
    return Liveness(live=True)


@router.get("/readyz", responses={503: {"model": Readiness, "description": "The store or Temporal cannot be used."}})
async def ready(using: Using, response: Response) -> Readiness:
    """503 while the store or Temporal cannot be used."""
    store, temporal = await asyncio.gather(_usable(using.store), _serving(using.client))
    response.status_code = 200 if store and temporal else 503
    return Readiness(ready=store and temporal, store=store, temporal=temporal)


async def _serving(client: Client) -> bool:
    try:
        return await client.service_client.check_health(timeout=PATIENCE)
    except (RPCError, RuntimeError):
        return False


async def _usable(store: Store) -> bool:
    try:
        await store.configurations.systems()
    except (SQLAlchemyError, OSError):
        return False
    return True
