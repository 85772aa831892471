"""`twinline conflict ...`: both sides changed the same; who wins."""

import getpass
from typing import Annotated

import typer

from cli import options, settling
from cli.client import Api
from cli.completing import OfConnection
from cli.plain import AsJson
from cli.running import finish, out
from cli.settling import Wait
from cli.showing import as_json, table, warn
from model.twin import StoredConflict
from model.words import Side
from operations.views import ConflictPage, Decided, TwinDetail

commands = typer.Typer(help="Where both sides changed the same: list, resolve, restore.", no_args_is_help=True)


@commands.command("list")
def list_conflicts(connection: OfConnection = None, *, json: AsJson = False) -> None:
    """Conflicts that wait for a decision."""
    found = finish(_all(options.api(), connection))
    if json:
        as_json(list[StoredConflict], found)
        return
    rows = [(str(one.id), one.twin, one.conflict.subject, repr(one.conflict.left), repr(one.conflict.right)) for one in found]
    table(("conflict", "twin", "property", "left value", "right value"), rows, "no open conflicts")


async def _all(api: Api, connection: str | None) -> list[StoredConflict]:
    found: list[StoredConflict] = []
    after = ""
    while True:
        page = await api.get(ConflictPage, "/conflicts", {"connection": connection, "after": after})
        found += page.conflicts
        after = page.after
        if not after:
            return found


@commands.command("resolve")
def resolve(
    conflict: Annotated[int, typer.Argument(metavar="ID", help="Number of the conflict.")],
    use: Annotated[Side, typer.Option(help="Side whose value both get.")],
    *,
    json: AsJson = False,
) -> None:
    """Take one side's value for both."""
    decision = {"use": use.value, "who": getpass.getuser()}
    done = finish(options.api().post(Decided, f"/conflicts/{conflict}/resolve", dict(decision)))
    if json:
        as_json(Decided, done)
        return
    warn(done.warnings)
    out.print(f"conflict {conflict}: the value of {use} is taken for {done.conflict.conflict.subject}")


@commands.command("restore")
def restore(
    conflict: Annotated[int, typer.Argument(metavar="ID", help="Number of the conflict, from `twinline twin show`.")],
    *,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Bring the value back that lost a settled conflict, on both sides."""
    api = options.api()
    done = finish(api.post(Decided, f"/conflicts/{conflict}/restore", {"who": getpass.getuser()}))
    if json and not wait:
        as_json(Decided, done)
        return
    warn(done.warnings)
    recorded = done.conflict
    if wait:
        told = finish(api.get(TwinDetail, f"/twins/{recorded.twin}")).twin
        settling.outcome(api, told, wait, settling.at_rest, json=json)
        return
    out.print(f"conflict {conflict}: the value of {recorded.winner} comes back for {recorded.conflict.subject}; twin {recorded.twin}")
