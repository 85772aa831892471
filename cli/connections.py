"""`twinline connection ...`: what syncs with what, and whether it does."""

from typing import Annotated

import typer
from pydantic import JsonValue

from cli import describing, options
from cli.completing import connections, integrations
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json, table, warn
from model.words import Side
from operations.views import ConnectionDetail, ConnectionView, Deleted, Switched

commands = typer.Typer(
    help="What syncs with what, and whether it does: list, show, create, export, accept, activate, deactivate, copy, rename, delete.",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the connection.", autocompletion=connections)]
NewName = Annotated[str, typer.Argument(metavar="NEW", help="The new name.")]
End = Annotated[Side | None, typer.Option("--side", help="One end only; the connection syncs with both active.")]


@commands.command("list")
def list_connections(*, json: AsJson = False) -> None:
    """All connections with their status."""
    found = finish(options.api().get(tuple[ConnectionView, ...], "/connections"))
    if json:
        as_json(tuple[ConnectionView, ...], found)
        return
    rows = [(one.name, one.status, _sides(one), str(sum(one.twins.values())), str(one.queue), one.reason) for one in found]
    table(("connection", "status", "systems", "twins", "queue", "reason"), rows, "no connections; declare them and run twinline apply")


@commands.command("show")
def show_connection(name: Name, *, json: AsJson = False) -> None:
    """One connection with its configuration."""
    one = finish(options.api().get(ConnectionDetail, f"/connections/{name}"))
    if json:
        as_json(ConnectionDetail, one)
        return
    out.print(f"{one.name}  {one.status}  version {one.version}  of integration {one.integration}")
    if one.standstill:
        out.print(f"cause: {one.standstill.cause}" + (f" (in Error since {one.since:%Y-%m-%d %H:%M:%S} UTC)" if one.since else ""))
        out.print(f"impact: {one.standstill.impact}")
        out.print(f"what to do: {one.standstill.remedy}")
    out.print(_sides(one))
    counts = ", ".join(f"{count} {status}" for status, count in one.twins.items() if count)
    if one.waiting:
        out.print(f"over capacity: {one.waiting} items wait; see twinline integration show {one.integration}")
    out.print(f"twins: {counts or 'none'}; queue: {one.queue}")
    for trigger in one.configuration.triggers:
        out.print(f"trigger {trigger.side}: {trigger.query}")
    for side, part in (("left", one.configuration.left), ("right", one.configuration.right)):
        out.print(f"\n{side}.settings: {part.settings}")
        for rule, script in (("outgoing", part.outgoing), ("incoming", part.incoming)):
            out.print(f"{side}.{rule}:")
            out.print("\n".join(f"    {line}" for line in script.splitlines()))


commands.command("create")(describing.create)
commands.command("export")(describing.export)


@commands.command("activate")
def activate(name: Name, *, side: End = None, json: AsJson = False) -> None:
    """Resume syncing; changes that were queued meanwhile are applied."""
    _switched(finish(options.api().post(Switched, f"/connections/{name}/activate", parameters=_end(side))), json=json)


@commands.command("deactivate")
def deactivate(name: Name, *, side: End = None, json: AsJson = False) -> None:
    """Pause syncing at once; changes are queued."""
    _switched(finish(options.api().post(Switched, f"/connections/{name}/deactivate", parameters=_end(side))), json=json)


@commands.command("accept")
def accept(name: Name, *, json: AsJson = False) -> None:
    """Let a connection begin that is Pending."""
    _switched(finish(options.api().post(Switched, f"/connections/{name}/accept")), json=json)


@commands.command("copy")
def copy(
    name: Name,
    new: NewName,
    *,
    integration: Annotated[
        str | None, typer.Option(help="Another integration, of systems of the same kinds.", autocompletion=integrations)
    ] = None,
    json: AsJson = False,
) -> None:
    """Make a connection with the same configuration and no twins; it starts deactivated."""
    asked: dict[str, JsonValue] = {"name": new, "integration": integration}
    done = finish(options.api().post(ConnectionDetail, f"/connections/{name}/copy", asked))
    if json:
        as_json(ConnectionDetail, done)
        return
    out.print(f"{done.name} is {done.status}; it has the rules, triggers and settings of {name}")


@commands.command("rename")
def rename(name: Name, new: NewName, *, json: AsJson = False) -> None:
    """Call it by another name; its twins go on."""
    done = finish(options.api().post(ConnectionDetail, f"/connections/{name}/rename", {"name": new}))
    if json:
        as_json(ConnectionDetail, done)
        return
    out.print(f"{name} is called {done.name}; {done.id} stays its id")


@commands.command("delete")
def delete(name: Name, *, json: AsJson = False) -> None:
    """Delete a connection whose twins are all unlinked; their items stay as they are."""
    done = finish(options.api().delete(Deleted, f"/connections/{name}"))
    if json:
        as_json(Deleted, done)
        return
    out.print(f"{done.connection} is deleted")


def _end(side: Side | None) -> dict[str, str | int]:
    return {"side": side} if side else {}


def _switched(done: Switched, *, json: bool) -> None:
    if json:
        as_json(Switched, done)
        return
    warn(done.warnings)
    off = [end for end, active in (("left", done.left_active), ("right", done.right_active)) if not active]
    waits = f": its {off[0]} end is not active" if len(off) == 1 else ""
    out.print(f"{done.connection} is {done.status}{waits}" + ("" if done.changed else " already"))


def _sides(one: ConnectionView) -> str:
    return f"{one.left_system} ⇄ {one.right_system}"
