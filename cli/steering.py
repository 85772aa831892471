"""`twinline twin resync`, `retry`, `unlink` and `relink`."""

from typing import Annotated

import typer

from cli import options, settling
from cli.completing import TwinId, connections, twins
from cli.plain import AsJson
from cli.running import finish, out
from cli.settling import Wait
from cli.showing import as_json, key, warn
from model.words import Side
from operations.views import Relinked, Started, Steered


def resync(
    twin: TwinId,
    *,
    source: Annotated[Side, typer.Option("--from", help="Side whose item is sent.")],
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Send one side's item through the rules again, though it did not change."""
    api = options.api()
    done = finish(api.post(Started, f"/twins/{twin}/resync", {"source": source}))
    if json and not wait:
        as_json(Started, done)
        return
    warn(done.warnings)
    if wait:
        settling.outcome(api, done.twin, wait, settling.at_rest, json=json)
        return
    out.print(f"sync of {key(done.twin.item(done.side))} queued")


def retry(twin: TwinId, *, wait: Wait = 0, json: AsJson = False) -> None:
    """Let a parked twin go on, once the cause is corrected."""
    api = options.api()
    done = finish(api.post(Steered, f"/twins/{twin}/retry"))
    if json and not wait:
        as_json(Steered, done)
        return
    warn(done.warnings)
    if wait:
        settling.outcome(api, done.twin, wait, settling.at_rest_again, json=json)
        return
    out.print(f"{key(done.twin.left)} ⇄ {key(done.twin.right)} is tried again")


def unlink(
    twin: TwinId,
    *,
    force: Annotated[bool, typer.Option("--force", help="Discard what is queued instead of finishing it.")] = False,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Stop syncing a pair; both items stay as they are."""
    api = options.api()
    done = finish(api.post(Steered, f"/twins/{twin}/unlink", {"force": force}))
    if json and not wait:
        as_json(Steered, done)
        return
    warn(done.warnings)
    if wait:
        settling.outcome(api, done.twin, wait, settling.unlinked, json=json)
        return
    out.print(f"{key(done.twin.left)} ⇄ {key(done.twin.right)} is being unlinked")


def relink(
    twin: Annotated[str | None, typer.Argument(metavar="ID", help="Id of the unlinked twin.", autocompletion=twins)] = None,
    *,
    source: Annotated[Side, typer.Option(help="Side whose values count where the two items differ.")],
    connection: Annotated[
        str | None, typer.Option(help="Connection of two items that are to become a pair.", autocompletion=connections)
    ] = None,
    left: Annotated[str | None, typer.Option(help="Key of the left item, its id or URL.")] = None,
    right: Annotated[str | None, typer.Option(help="Key of the right item, its id or URL.")] = None,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Take up an unlinked pair again, or pair two items that are there already."""
    api = options.api()
    match twin, connection, left, right:
        case str(), None, None, None:
            call = api.post(Relinked, f"/twins/{twin}/relink", {"source": source})
        case None, str(), str(), str():
            call = api.post(Relinked, f"/connections/{connection}/relink", {"left": left, "right": right, "source": source})
        case _:
            raise typer.BadParameter("name either an unlinked twin, or --connection, --left and --right")
    done = finish(call)
    if json and not wait:
        as_json(Relinked, done)
        return
    warn(done.warnings)
    if wait:
        settling.outcome(api, done.twin, wait, settling.at_rest, json=json)
        return
    out.print(f"{key(done.twin.left)} ⇄ {key(done.twin.right)} is linked, with the values of {done.source} where the two differ")
    out.print(f"twin {done.twin.id}; {done.matched} comments and files matched")
