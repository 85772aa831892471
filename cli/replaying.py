"""`twinline replay`: what would have come out differently."""

from typing import Annotated

import typer

from cli import options
from cli.completing import ConnectionName
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json
from operations.predictions import PropertyChange
from operations.replaying import Replay, Replayed


def replay(
    connection: ConnectionName,
    version: Annotated[int, typer.Option(help="Number of the version whose rules are run.")],
    last: Annotated[int, typer.Option(help="How many of the latest transactions.")] = 100,
    *,
    json: AsJson = False,
) -> None:
    """What would have come out differently of the latest transactions with another version's rules. Nothing is written."""
    found = finish(options.api().post(Replay, f"/connections/{connection}/replays", {"version": version, "last": last}))
    if json:
        as_json(Replay, found)
        return
    differing = [one for one in found.transactions if one.differs]
    for one in differing:
        _show(one)
    half = sum(bool(one.notes) for one in found.transactions)
    out.print(f"{len(differing)} of {len(found.transactions)} transactions would have come out differently with version {found.version}")
    if half:
        out.print(f"{half} could be replayed in part only; --json tells which, and why")


def _show(one: Replayed) -> None:
    out.print(f"transaction {one.transaction}: {one.item}, from {one.source}, version {one.version}")
    for what, changed in (("sent", one.replica), ("asked for", one.properties)):
        for change in changed:
            out.print(f"    {what} {_change(change)}")
    if one.error:
        out.print(f"    would have been parked: {one.error.message}")


def _change(one: PropertyChange) -> str:
    return f"{one.name}: {one.old!r} → {one.new!r}"
