"""`twinline queue`: what is under way, and what it waits for."""

from datetime import timedelta
from typing import Annotated

import typer

from cli import options
from cli.client import Api
from cli.completing import OfConnection
from cli.plain import AsJson
from cli.running import finish
from cli.showing import as_json, key, table
from model.words import Stage
from operations.queue import QueueEntry, QueuePage


def list_queue(
    connection: OfConnection = None,
    stage: Annotated[list[Stage] | None, typer.Option(help="Only those at this stage; may be given several times.")] = None,
    *,
    stuck: Annotated[bool, typer.Option("--stuck", help="Only what is in progress for too long.")] = False,
    json: AsJson = False,
) -> None:
    """Changes under way, oldest first, with age, attempts and what they wait for."""
    found = finish(_all(options.api(), connection, stage or [], stuck=stuck))
    if json:
        as_json(list[QueueEntry], found)
        return
    table(("transaction", "twin", "connection", "left", "right", "stage", "age", "tries", "why"), map(_row, found), "nothing waits")


def _row(one: QueueEntry) -> tuple[str, ...]:
    change, age = one.transaction, f"{timedelta(seconds=one.age_seconds)}{' stuck' if one.stuck else ''}"
    keys = (key(one.left), key(one.right))
    return (str(change.id), change.twin, one.connection, *keys, change.stage, age, str(change.attempts), one.why)


async def _all(api: Api, connection: str | None, stages: list[Stage], *, stuck: bool) -> list[QueueEntry]:
    found: list[QueueEntry] = []
    after = ""
    while True:
        wanted = {"connection": connection, "stage": stages, "stuck": "true" if stuck else None, "after": after}
        page = await api.get(QueuePage, "/queue", wanted)
        found += page.entries
        after = page.after
        if not after:
            return found
