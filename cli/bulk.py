"""`twinline bulk ...`: operations on many items."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from cli import options
from cli.client import Api
from cli.completing import ConnectionName, connections, systems
from cli.operations import conclude, tell
from cli.plain import AsJson, failed
from cli.running import finish, out
from cli.showing import as_json, warn
from cli.watching import watched
from model.words import Side
from operations.bulk_views import Begun, OperationView

commands = typer.Typer(help="Many items at once: exalate, sync, connect, unlink, retry, cleanup.", no_args_is_help=True)

Query = Annotated[str | None, typer.Option(help="Query in the platform's language; needs --side.")]
QuerySide = Annotated[Side | None, typer.Option(help="Side that the query searches.")]
PerMinute = Annotated[int | None, typer.Option(help="How many items may begin per minute.", min=1, max=6000)]
Wait = Annotated[bool, typer.Option("--wait", help="Show progress until it is over.")]


@commands.command("exalate")
def exalate(
    connection: ConnectionName,
    query: Query = None,
    side: QuerySide = None,
    per_minute: PerMinute = None,
    *,
    wait: Wait = False,
    json: AsJson = False,
) -> None:
    """Bring all items under sync that the connection's triggers select, or a query; those that are get changes that went unnoticed."""
    _begin(f"/connections/{connection}/bulk/exalate", {"query": _query(query, side), "per_minute": per_minute}, wait=wait, json=json)


@commands.command("sync")
def sync(
    connection: ConnectionName,
    side: Annotated[Side | None, typer.Option(help="Side whose values are sent; without it the one that each twin began on.")] = None,
    per_minute: PerMinute = None,
    *,
    wait: Wait = False,
    json: AsJson = False,
) -> None:
    """Send the values of every twin once more."""
    _begin(f"/connections/{connection}/bulk/sync", {"side": side, "per_minute": per_minute}, wait=wait, json=json)


@commands.command("connect")
def connect(
    connection: ConnectionName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV file with a left and a right item per line.")],
    source: Annotated[Side, typer.Option(help="Side whose values count where two items differ.")],
    per_minute: PerMinute = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would become of each line; link nothing.")] = False,
    wait: Wait = False,
    json: AsJson = False,
) -> None:
    """Pair items that are there already, by a CSV file."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise failed(f"{file} cannot be read: {error}; name a CSV file in UTF-8") from None
    wanted: dict[str, JsonValue] = {"csv": text, "source": source, "dry_run": dry_run, "per_minute": per_minute}
    _begin(f"/connections/{connection}/bulk/connect", wanted, wait=wait, json=json)


@commands.command("unlink")
def unlink(
    connection: ConnectionName,
    query: Query = None,
    side: QuerySide = None,
    per_minute: PerMinute = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="All twins of the connection.")] = False,
    wait: Wait = False,
    json: AsJson = False,
) -> None:
    """Stop syncing the items that a query finds, or all of the connection, once what is queued is done; all items stay."""
    if (query is None) is not everything:
        raise typer.BadParameter("give either --query and --side, or --all")
    _begin(f"/connections/{connection}/bulk/unlink", {"query": _query(query, side), "per_minute": per_minute}, wait=wait, json=json)


@commands.command("retry")
def retry(connection: ConnectionName, per_minute: PerMinute = None, *, wait: Wait = False, json: AsJson = False) -> None:
    """Let all twins in error go on."""
    _begin(f"/connections/{connection}/bulk/retry", {"per_minute": per_minute}, wait=wait, json=json)


@commands.command("cleanup")
def clean_up(
    connection: Annotated[str | None, typer.Option(help="Connection whose twins end.", autocompletion=connections)] = None,
    item: Annotated[str | None, typer.Option(help="Only the twin of this item of the connection: its key, id or URL.")] = None,
    side: Annotated[Side | None, typer.Option(help="Side that the item is on; both are looked at without it.")] = None,
    system: Annotated[str | None, typer.Option(help="System of which the twins of all connections end.", autocompletion=systems)] = None,
    *,
    wait: Wait = False,
    json: AsJson = False,
) -> None:
    """End twins at once and discard what is queued; all items stay. `twinline operations pairs` gives the pairs as CSV."""
    match connection, system:
        case str(), None:
            wanted: dict[str, JsonValue] = {"item": item, "side": side}
            _begin(f"/connections/{connection}/bulk/cleanup", wanted, wait=wait, json=json)
        case None, str() if item is None and side is None:
            begun = finish(options.api().post(tuple[Begun, ...], f"/systems/{system}/bulk/cleanup"))
            _tell(begun, wait=wait, json=json)
        case _:
            raise typer.BadParameter("name either --connection, perhaps with --item and --side, or --system")


def _query(query: str | None, side: Side | None) -> JsonValue:
    if (query is None) is not (side is None):
        raise typer.BadParameter("--query and --side go together")
    return None if query is None else {"query": query, "side": side}


def _begin(path: str, wanted: dict[str, JsonValue], *, wait: bool, json: bool) -> None:
    begun = finish(options.api().post(Begun, path, wanted))
    _tell((begun,), wait=wait, json=json)


def _tell(begun: tuple[Begun, ...], *, wait: bool, json: bool) -> None:
    if json:
        _tell_json(begun, wait=wait)
        return
    for one in begun:
        for note in one.notes:
            out.print(note)
        warn(one.warnings)
        out.print(f"operation {one.operation.id}; see how it goes: twinline operations watch {one.operation.id}")
    if wait:
        views = finish(_ends(options.api(), begun, quiet=False))
        for view in views:
            tell(view)
        conclude(views)


def _tell_json(begun: tuple[Begun, ...], *, wait: bool) -> None:
    """With `wait` each operation as it ended."""
    if not wait:
        as_json(tuple[Begun, ...], begun)
        return
    views = finish(_ends(options.api(), begun, quiet=True))
    ended = zip(begun, views, strict=True)
    as_json(tuple[Begun, ...], tuple(one.model_copy(update={"operation": view}) for one, view in ended))
    conclude(views)


async def _ends(api: Api, begun: tuple[Begun, ...], *, quiet: bool) -> list[OperationView]:
    return [await watched(api, one.operation.id, quiet=quiet) for one in begun]
