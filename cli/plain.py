"""What every command needs and no library has to be loaded for."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def failed(message: str) -> typer.Exit:
    """Say it on standard error; raise what is returned."""
    typer.echo(message, err=True)
    return typer.Exit(1)
