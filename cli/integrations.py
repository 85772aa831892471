"""`twinline integration ...`: what connections belong to, and how much of it is used."""

from typing import Annotated

import typer

from cli import options
from cli.completing import integrations
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json, table, warn
from operations.views import IntegrationView

commands = typer.Typer(help="Two systems, what syncs between them, and how much of it is used: list, show.", no_args_is_help=True)


@commands.command("list")
def list_integrations(*, json: AsJson = False) -> None:
    """All integrations with what they use."""
    found = finish(options.api().get(tuple[IntegrationView, ...], "/integrations"))
    if json:
        as_json(tuple[IntegrationView, ...], found)
        return
    rows = [(one.integration, f"{one.left_system} ⇄ {one.right_system}", _used(one), one.plan or "-", str(one.waiting)) for one in found]
    table(("integration", "systems", "items", "plan", "waiting"), rows, "no integrations; declare them and run twinline apply")


@commands.command("show")
def show_integration(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the integration.", autocompletion=integrations)],
    *,
    json: AsJson = False,
) -> None:
    """One integration with its capacity, plan and connections."""
    one = finish(options.api().get(IntegrationView, f"/integrations/{name}"))
    if json:
        as_json(IntegrationView, one)
        return
    out.print(f"{one.integration}  {one.left_system} ⇄ {one.right_system}")
    out.print(f"items under sync: {_used(one)}")
    if one.waiting:
        out.print(f"over capacity: {one.waiting} items wait")
    features = "all" if one.features is None else ", ".join(one.features) or "none"
    out.print(f"plan: {one.plan or 'none'}; features: {features}")
    out.print(f"connections: {', '.join(one.connections) or 'none'}")
    warn(one.warnings)


def _used(one: IntegrationView) -> str:
    return f"{one.used} of {one.capacity}" if one.capacity is not None else str(one.used)
