"""`twinline watch`: what moves, as it moves."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

from cli import options
from cli.client import Api
from cli.completing import connections
from cli.plain import AsJson
from cli.running import run_until_stopped, unless
from model.errors import Unavailable
from model.frozen import Frozen
from operations.watching import Movement, OperationMoved, QueueMoved, TwinMoved

AGAIN_SECONDS = 1.0

_KINDS: dict[str, type[Movement]] = {"queue": QueueMoved, "twin": TwinMoved, "operation": OperationMoved}


class Block(Frozen):
    """What stands between two empty lines of a stream of server-sent events; `moved` is None where it only bears an id."""

    id: str
    moved: Movement | None = None


class Moved(Frozen):
    """What moved, and when it was seen."""

    event: Literal["queue", "twin", "operation"]
    moment: datetime
    moved: Movement


def watch(
    connection: Annotated[str | None, typer.Option(help="Only what moves in this connection.", autocompletion=connections)] = None,
    *,
    json: AsJson = False,
) -> None:
    """Tell what moves until Ctrl-C: queues, twins, bulk operations. When the API was away, goes on where it was."""
    api = options.api()
    run_until_stopped(lambda stop: unless(stop, _watch(api, connection, json=json)))


async def _watch(api: Api, connection: str | None, *, json: bool) -> None:
    async for one in followed(api, connection):
        typer.echo(one.model_dump_json() if json else shown(one))


async def followed(api: Api, connection: str | None) -> AsyncGenerator[Moved]:
    """What moves, without end, also what moved while the API was away; what it repeats after that is not told twice.

    Unavailable if it cannot be reached at first; BadInput if it refuses.
    """
    last, known, away = "", dict[str, Movement](), False
    while True:
        try:
            async with api.follow("/events", {"connection": connection}, last) as lines:
                first, away = "", False
                async for block in blocks(lines):
                    first, last = first or block.id, block.id
                    if block.moved is None:
                        continue
                    before, known[_subject(block.moved)] = known.get(_subject(block.moved)), block.moved
                    if block.id != first or before != block.moved:
                        yield _dated(block.id, block.moved)
        except Unavailable as error:
            if not last:
                raise
            if not away:
                typer.echo(f"{error.message}; trying again", err=True)
            away = True
        await asyncio.sleep(AGAIN_SECONDS)


async def blocks(lines: AsyncIterator[str]) -> AsyncGenerator[Block]:
    """Comments are left out, and so are kinds of events that this version does not know."""
    fields: dict[str, str] = {}
    async for line in lines:
        name, _, value = line.partition(":")
        if name:
            fields[name] = value.removeprefix(" ")
        elif not line:
            if "id" in fields:
                yield _block(fields)
            fields = {}


def _block(fields: dict[str, str]) -> Block:
    kind = _KINDS.get(fields.get("event", ""))
    return Block(id=fields["id"], moved=kind.model_validate_json(fields["data"]) if kind else None)


def shown(one: Moved) -> str:
    """One line for people, in this machine's time zone."""
    match one.moved:
        case QueueMoved(waiting=waiting):
            what = f"queue      {waiting} under way"
        case TwinMoved(twin=twin, status=status, reason=reason):
            what = f"twin       {twin} is {status}" + (f": {reason.splitlines()[0]}" if reason else "")
        case OperationMoved() as moved:
            counts = ", ".join(f"{count} {state}" for state, count in moved.items.items() if count)
            what = f"operation  {moved.operation}, bulk {moved.kind}, is {moved.status}: {counts or 'no items'}"
    return f"{one.moment.astimezone():%H:%M:%S}  {one.moved.connection}  {what}"


def _dated(id: str, moved: Movement) -> Moved:  # noqa: A002
    event: Literal["queue", "twin", "operation"]
    match moved:
        case QueueMoved():
            event = "queue"
        case TwinMoved():
            event = "twin"
        case OperationMoved():
            event = "operation"
    return Moved(event=event, moment=datetime.fromtimestamp(int(id) / 1000, UTC), moved=moved)


def _subject(moved: Movement) -> str:
    match moved:
        case QueueMoved(connection=connection):
            return f"queue {connection}"
        case TwinMoved(twin=twin):
            return f"twin {twin}"
        case OperationMoved(operation=operation):
            return f"operation {operation}"
