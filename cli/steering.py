"""`twinline twin retry`, `twinline twin unlink` and `twinline twin relink`."""

from typing import Annotated

import typer

from cli import options
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json, key, warn
from model.words import Side
from operations.views import Relinked, Steered

TwinId = Annotated[str, typer.Argument(metavar="ID", help="Id of the twin.")]


def retry(twin: TwinId, *, json: AsJson = False) -> None:
    """Let a parked twin go on, once the cause is corrected."""
    done = finish(options.api().post(Steered, f"/twins/{twin}/retry"))
    if json:
        as_json(Steered, done)
        return
    warn(done.warnings)
    out.print(f"{key(done.twin.left)} ⇄ {key(done.twin.right)} is tried again")


def unlink(
    twin: TwinId,
    *,
    force: Annotated[bool, typer.Option("--force", help="Discard what is queued instead of finishing it.")] = False,
    json: AsJson = False,
) -> None:
    """Stop syncing a pair; both items stay as they are."""
    done = finish(options.api().post(Steered, f"/twins/{twin}/unlink", {"force": force}))
    if json:
        as_json(Steered, done)
        return
    warn(done.warnings)
    out.print(f"{key(done.twin.left)} ⇄ {key(done.twin.right)} is being unlinked")


def relink(
    twin: Annotated[str | None, typer.Argument(metavar="ID", help="Id of the unlinked twin.")] = None,
    *,
    source: Annotated[Side, typer.Option(help="Side whose values count where the two items differ.")],
    connection: Annotated[str | None, typer.Option(help="Connection of two items that are to become a pair.")] = None,
    left: Annotated[str | None, typer.Option(help="Key of the left item, its id or URL.")] = None,
    right: Annotated[str | None, typer.Option(help="Key of the right item, its id or URL.")] = None,
    json: AsJson = False,
) -> None:
    """Take up an unlinked pair again, or pair two items that are there already."""
    match twin, connection, left, right:
        case str(), None, None, None:
            call = options.api().post(Relinked, f"/twins/{twin}/relink", {"source": source})
        case None, str(), str(), str():
            call = options.api().post(Relinked, f"/connections/{connection}/relink", {"left": left, "right": right, "source": source})
        case _:
            raise typer.BadParameter("name either an unlinked twin, or --connection, --left and --right")
    done = finish(call)
    if json:
        as_json(Relinked, done)
        return
    warn(done.warnings)
    out.print(f"{key(done.twin.left)} ⇄ {key(done.twin.right)} is linked, with the values of {done.source} where the two differ")
    out.print(f"twin {done.twin.id}; {done.matched} comments and files matched")
