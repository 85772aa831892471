"""`twinline operations ...`: how bulk operations stand, and steering them."""

import csv
import io
from collections.abc import Iterable
from json import dumps
from pathlib import Path
from typing import Annotated

import typer

from cli import options
from cli.client import Api
from cli.completing import OfConnection, operations
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json, table, warn, write
from cli.watching import moment, summed, watched
from model.words import ItemState, OperationStatus
from operations.bulk_views import ItemPage, ItemView, OperationPage, OperationView, Turned

commands = typer.Typer(
    help="How bulk operations stand, and steering them: list, show, watch, pairs, pause, resume, cancel.", no_args_is_help=True
)

OperationId = Annotated[str, typer.Argument(metavar="ID", help="Id of the operation.", autocompletion=operations)]


@commands.command("list")
def list_operations(
    connection: OfConnection = None,
    status: Annotated[OperationStatus | None, typer.Option(help="Only those with this status.")] = None,
    *,
    json: AsJson = False,
) -> None:
    """The latest bulk operations, newest first."""
    found = finish(options.api().get(OperationPage, "/operations", {"connection": connection, "status": status})).operations
    if json:
        as_json(tuple[OperationView, ...], found)
        return
    rows = [
        (one.id, one.connection, one.kind, one.status, f"{one.finished}/{one.total}", moment(one.started), moment(one.ends), one.reason)
        for one in found
    ]
    table(("operation", "connection", "kind", "status", "items", "started", "ends about", "reason"), rows, "no operations")


@commands.command("show")
def show_operation(
    operation: OperationId,
    state: Annotated[ItemState | None, typer.Option(help="Only items in this state.")] = None,
    *,
    json: AsJson = False,
) -> None:
    """One operation, with the result of each item and the reason."""
    view, items = finish(_with_items(options.api(), operation, state))
    if json:
        as_json(dict[str, OperationView | list[ItemView]], {"operation": view, "items": items})
        return
    out.print(summed(view))
    if view.reason:
        out.print(f"reason: {view.reason}")
    out.print(f"started {moment(view.started)}{f' by {view.who}' if view.who else ''}, workflow {view.workflow}")
    if view.ends:
        out.print(f"ends about {moment(view.ends)}")
    rows = [(str(one.number), one.subject, one.state, one.twin, one.reason) for one in items]
    table(("number", "item", "state", "twin", "reason"), rows, "no items")


async def _with_items(api: Api, operation: str, state: ItemState | None) -> tuple[OperationView, list[ItemView]]:
    view = await api.get(OperationView, f"/operations/{operation}")
    found: list[ItemView] = []
    after = ""
    while True:
        page = await api.get(ItemPage, f"/operations/{operation}/items", {"state": state, "after": after, "limit": 1000})
        found += page.items
        after = page.after
        if not after:
            return view, found


@commands.command("watch")
def watch(operation: OperationId, *, json: AsJson = False) -> None:
    """Show progress until the operation is over or pauses; exit code 1 if it failed or an item did."""
    view = finish(watched(options.api(), operation, quiet=json))
    if json:
        as_json(OperationView, view)
    else:
        tell(view)
    conclude((view,))


@commands.command("pairs")
def pairs(
    operation: OperationId,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it to FILE instead.", dir_okay=False)] = None,
    *,
    json: AsJson = False,
) -> None:
    """The pairs that a clean-up or unlink ends, as CSV that `twinline bulk connect` reads."""
    text = finish(options.api().text(f"/operations/{operation}/pairs"))
    write(_as_objects(text) if json else text, to)


def _as_objects(csv_text: str) -> str:
    return dumps(list(csv.DictReader(io.StringIO(csv_text))), indent=2, ensure_ascii=False) + "\n"


@commands.command("pause")
def pause(operation: OperationId, *, json: AsJson = False) -> None:
    """Begin no more items; those that are queued go on."""
    _turn(operation, "pause", json=json)


@commands.command("resume")
def resume(operation: OperationId, *, json: AsJson = False) -> None:
    """Go on after a pause, or where Temporal was down when it was to begin."""
    _turn(operation, "resume", json=json)


@commands.command("cancel")
def cancel(operation: OperationId, *, json: AsJson = False) -> None:
    """Begin no more items, for good; what was done stays."""
    _turn(operation, "cancel", json=json)


def tell(view: OperationView) -> None:
    """Say how it stands, and where to look if something failed."""
    out.print(summed(view))
    if view.reason:
        out.print(f"reason: {view.reason}")
    if view.items[ItemState.FAILED]:
        out.print(f"why: twinline operations show {view.id} --state failed")


def conclude(views: Iterable[OperationView]) -> None:
    """End with exit code 1 if one failed or an item did."""
    if any(view.status is OperationStatus.FAILED or view.items[ItemState.FAILED] for view in views):
        raise typer.Exit(1)


def _turn(operation: str, how: str, *, json: bool) -> None:
    done = finish(options.api().post(Turned, f"/operations/{operation}/{how}"))
    if json:
        as_json(Turned, done)
        return
    warn(done.warnings)
    out.print(summed(done.operation))
