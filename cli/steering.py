"""`twinline twin retry` and `twinline twin unlink`."""

from typing import Annotated

import typer

from cli import options
from cli.running import finish, out
from cli.showing import key, warn
from operations.views import Steered

TwinId = Annotated[str, typer.Argument(metavar="ID", help="Id of the twin.")]


def retry(twin: TwinId) -> None:
    """Let a parked twin go on, once the cause is corrected."""
    done = finish(options.api().post(Steered, f"/twins/{twin}/retry"))
    warn(done.warnings)
    out.print(f"{key(done.twin.left)} ⇄ {key(done.twin.right)} is tried again")


def unlink(
    twin: TwinId,
    *,
    force: Annotated[bool, typer.Option("--force", help="Discard what is queued instead of finishing it.")] = False,
) -> None:
    """Stop syncing a pair; both items stay as they are."""
    done = finish(options.api().post(Steered, f"/twins/{twin}/unlink", {"force": force}))
    warn(done.warnings)
    out.print(f"{key(done.twin.left)} ⇄ {key(done.twin.right)} is being unlinked")
