"""`twinline system ...`: the platforms, and what they say of our account."""

from collections.abc import Iterable
from typing import Annotated

import typer

from cli import options
from cli.completing import systems
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json, table
from connectors.kit.interface import Permission
from model.configuration import System
from operations.views import SystemCheck, SystemHooks

commands = typer.Typer(help="The accounts of platforms that Twinline uses: list, check, hooks.", no_args_is_help=True)

MARKS = {True: "yes", False: "no", None: "unknown"}


@commands.command("list")
def list_systems(*, json: AsJson = False) -> None:
    """All systems."""
    found = finish(options.api().get(tuple[System, ...], "/systems"))
    if json:
        as_json(tuple[System, ...], found)
        return
    table(("system", "kind", "url"), [(one.id, one.kind, one.url) for one in found], "no systems; declare them and run twinline apply")


@commands.command("check")
def check_system(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the system.", autocompletion=systems)], *, json: AsJson = False
) -> None:
    """Log in and try whatever reads; tells what is missing and how to get it. Exit code 1 if something needed is."""
    found = finish(options.api().post(SystemCheck, f"/systems/{name}/check"))
    if json:
        as_json(SystemCheck, found)
    else:
        _show(found)
    if found.missing:
        raise typer.Exit(1)


@commands.command("hooks")
def system_hooks(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the system.", autocompletion=systems)], *, json: AsJson = False
) -> None:
    """The webhooks that Twinline registered there, as last looked at. Exit code 1 if something keeps it from doing so."""
    found = finish(options.api().get(SystemHooks, f"/systems/{name}/hooks"))
    if json:
        as_json(SystemHooks, found)
    else:
        _show_hooks(found)
    if any(one.note for one in found.checks):
        raise typer.Exit(1)


def _show_hooks(found: SystemHooks) -> None:
    if not found.registrable:
        out.print(f"{found.system}: webhooks of the kind {found.kind} are set up by hand; see the connector's README")
    elif not found.checks:
        out.print(f"{found.system}: none yet; the worker registers them if TWINLINE_PUBLIC_URL is set and a connection uses the system")
    for check in found.checks:
        out.print(
            f"{check.scope or found.system}: {check.address or 'nothing registered yet'}  (looked at {check.checked:%Y-%m-%d %H:%M} UTC)"
        )
        rows = [(hook.id, hook.reports, hook.done or "in place", hook.trouble) for hook in check.hooks]
        if rows:
            table(("webhook", "reports", "state", "trouble"), rows, "")
        if check.note:
            out.print(f"not done: {check.note}")


def _show(found: SystemCheck) -> None:
    out.print(f"{found.system}  {found.platform}  {found.url}")
    out.print(f"account: {found.account}")
    _list(found.permissions)
    for side in found.sides:
        out.print(f"\n{side.connection}, {side.side} side")
        _list(side.permissions)
    if not found.sides:
        out.print("no connection uses it yet")


def _list(permissions: Iterable[Permission]) -> None:
    rows = [(MARKS[one.given], f"{one.name} (optional)" if one.optional else one.name, one.remedy) for one in permissions]
    if rows:
        table(("may", "what", "reason"), rows, "")
