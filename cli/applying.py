"""`twinline apply`: make the deployment match a file."""

import contextlib
import os
from collections.abc import Generator
from pathlib import Path
from typing import Annotated

import typer

from cli import declaration, options
from cli.client import Api
from cli.declaration import DeploymentFile
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json
from operations.problems import Rejected
from operations.views import Application


def read(file: Path) -> DeploymentFile:
    return declaration.read(file, os.environ)


def apply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Deployment file in YAML.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and show what would change; change nothing.")] = False,
    json: AsJson = False,
) -> None:
    """Make the deployment match FILE; prints the difference first."""
    if json:
        as_json(Application, finish(_posted(options.api(), file, dry_run=dry_run)))
    else:
        finish(_apply(options.api(), file, dry_run=dry_run))


async def _apply(api: Api, file: Path, *, dry_run: bool) -> None:
    await make_match(api, read(file), dry_run=dry_run)


async def _posted(api: Api, file: Path, *, dry_run: bool) -> Application:
    declared = read(file)
    with _located(declared):
        return await api.post(Application, "/deployment", declared.content, {"dry_run": str(dry_run).lower()})


async def make_match(api: Api, declared: DeploymentFile, *, dry_run: bool = False) -> None:
    """Print the difference, then apply it. Rejected, with the lines of the file, if anything is wrong with it."""
    with _located(declared):
        preview = await api.post(Application, "/deployment", declared.content, {"dry_run": "true"})
        _show(preview, dry_run=dry_run)
        if not dry_run:
            _warn(await api.post(Application, "/deployment", declared.content))


@contextlib.contextmanager
def _located(declared: DeploymentFile) -> Generator[None]:
    """Problems get the lines of the file."""
    try:
        yield
    except Rejected as error:
        raise Rejected(declared.places.located(problem) for problem in error.problems) from error


def _show(preview: Application, *, dry_run: bool) -> None:
    for difference in preview.differences:
        for line in difference.lines:
            out.print(line)
    if not preview.differences:
        out.print("nothing to change: the deployment matches the file")
    elif dry_run:
        out.print("dry run: nothing was changed")


def _warn(application: Application) -> None:
    for warning in application.warnings:
        typer.echo(f"warning: {warning}", err=True)
    if application.differences:
        out.print("applied")
