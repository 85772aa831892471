"""`twinline deployment ...`: the deployment as a whole."""

from pathlib import Path
from typing import Annotated

import typer

from cli import exporting, options
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json, warn, write
from model.deployment import Deployment
from operations.views import Adopted

commands = typer.Typer(help="The deployment as a whole: adopt, export.", no_args_is_help=True)


@commands.command("adopt")
def adopt(*, json: AsJson = False) -> None:
    """Say that a database which ran elsewhere before has moved here: its connections go on."""
    done = finish(options.api().post(Adopted, "/deployment/adopt"))
    if json:
        as_json(Adopted, done)
        return
    warn(done.warnings)
    out.print(f"adopted; these go on: {', '.join(done.connections) or 'none'}")


@commands.command("export")
def export(
    *,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it to FILE instead.", dir_okay=False)] = None,
    json: AsJson = False,
) -> None:
    """Print what is configured as a deployment file; secrets become variables."""
    declared = finish(options.api().get(Deployment, "/deployment"))
    if json:
        as_json(Deployment, declared)
        return
    write(exporting.written(declared), to)
