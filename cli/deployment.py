"""`twinline deployment adopt`."""

import typer

from cli import options
from cli.running import finish, out
from cli.showing import warn
from operations.views import Adopted

commands = typer.Typer(help="The deployment as a whole: adopt.", no_args_is_help=True)


@commands.callback()
def deployment() -> None: ...  # makes the single command keep its name


@commands.command("adopt")
def adopt() -> None:
    """Say that a database which ran elsewhere before has moved here: its connections go on."""
    done = finish(options.api().post(Adopted, "/deployment/adopt"))
    warn(done.warnings)
    out.print(f"adopted; these go on: {', '.join(done.connections) or 'none'}")
