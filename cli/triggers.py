"""`twinline trigger ...`: what brings items under sync, what it would bring, and its switch."""

from typing import Annotated

import typer

from cli import options
from cli.completing import ConnectionName, triggers
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json, table, warn
from model.words import Side
from operations.views import DryRun, TriggerSwitched, TriggerView

commands = typer.Typer(help="Queries that bring items under sync: list, show, test, on, off.", no_args_is_help=True)

SideOf = Annotated[Side, typer.Argument(metavar="SIDE", help="Side that it looks at, left or right.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the trigger.", autocompletion=triggers)]

_UNDER = {"free": "would come under sync", "synced": "is under sync", "unlinked": "was unlinked and stays alone"}


@commands.command("list")
def list_triggers(connection: ConnectionName, *, json: AsJson = False) -> None:
    """All triggers of a connection."""
    found = finish(options.api().get(tuple[TriggerView, ...], f"/connections/{connection}/triggers"))
    if json:
        as_json(tuple[TriggerView, ...], found)
        return
    rows = [(one.side, one.name, _state(one), one.entity, str(one.schedule or "-"), one.query, one.problem) for one in found]
    table(("side", "trigger", "state", "entity", "schedule", "query", "reason"), rows, "no triggers; declare some and run twinline apply")


@commands.command("show")
def show_trigger(connection: ConnectionName, side: SideOf, name: Name, *, json: AsJson = False) -> None:
    """One trigger, when it was last evaluated, and what is wrong with it."""
    one = finish(options.api().get(TriggerView, f"/connections/{connection}/triggers/{side}/{name}"))
    if json:
        as_json(TriggerView, one)
        return
    out.print(f"{one.name}  {_state(one)}  {one.entity} of {one.system}, {one.side} side of {one.connection}")
    out.print(f"query: {one.query}")
    if one.notes:
        out.print(f"notes: {one.notes}")
    out.print(f"schedule: {one.schedule or 'none'}")
    out.print(f"evaluated: {one.evaluated:%Y-%m-%d %H:%M:%S} UTC" if one.evaluated else "evaluated: never")
    if one.problem:
        out.print(f"reason: {one.problem}")


@commands.command("test")
def try_trigger(
    connection: ConnectionName,
    side: SideOf,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Name of the trigger.", autocompletion=triggers)] = None,
    *,
    query: Annotated[str | None, typer.Option(help="A query to try that is not saved, in place of a trigger.")] = None,
    limit: Annotated[int, typer.Option(help="How many items to list.")] = 100,
    json: AsJson = False,
) -> None:
    """Tell which items would come under sync; nothing is written."""
    path = f"/connections/{connection}/triggers"
    match name, query:
        case str(), None:
            call = options.api().post(DryRun, f"{path}/{side}/{name}/dry-run", None, {"limit": limit})
        case None, str():
            call = options.api().post(DryRun, f"{path}/dry-run", {"side": side, "query": query}, {"limit": limit})
        case _:
            raise typer.BadParameter("name either a trigger or --query")
    found = finish(call)
    if json:
        as_json(DryRun, found)
        return
    out.print(f"{found.starts} items would come under sync, {found.synced} already are, {found.unlinked} were unlinked and stay alone")
    if found.items:
        table(("item", "what"), [(one.key, _UNDER[one.under]) for one in found.items], "")
    if found.left_out:
        out.print(f"{found.left_out} more are not listed; --limit lists more")


@commands.command("on")
def switch_on(connection: ConnectionName, side: SideOf, name: Name, *, json: AsJson = False) -> None:
    """Switch a trigger on; it takes up where it was."""
    _switched(finish(options.api().post(TriggerSwitched, f"/connections/{connection}/triggers/{side}/{name}/activate")), json=json)


@commands.command("off")
def switch_off(connection: ConnectionName, side: SideOf, name: Name, *, json: AsJson = False) -> None:
    """Switch a trigger off; what it brought under sync stays so."""
    _switched(finish(options.api().post(TriggerSwitched, f"/connections/{connection}/triggers/{side}/{name}/deactivate")), json=json)


def _state(one: TriggerView) -> str:
    if not one.active:
        return "off"
    return "refused" if one.problem else "on"


def _switched(done: TriggerSwitched, *, json: bool) -> None:
    if json:
        as_json(TriggerSwitched, done)
        return
    warn(done.warnings)
    state, what = "on" if done.active else "off", "is" if done.changed else "was already"
    out.print(f"{done.trigger} {what} {state} ({done.connection}, version {done.version})")
