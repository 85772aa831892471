"""`twinline connector`: begin a connector of your own, and see what it keeps of its promises."""

import asyncio
import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from cli.plain import failed
from connectors import declarations
from connectors.kit.conformance.expect import Broken
from connectors.kit.conformance.live import Known
from connectors.kit.conformance.quality import faults
from connectors.kit.conformance.suite import Case, cases, known, run
from model.errors import TwinlineError

commands = typer.Typer(help="A connector of your own, without a deployment: new, check.", no_args_is_help=True)

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SCAFFOLD = "cli.scaffold"
SAMPLE = "tiny_tracker"
HERE = Path()


@commands.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Kind of the systems that it is for, such as acme-tracker.")],
    into: Annotated[Path, typer.Option(metavar="DIR", help="Folder that the project's own folder is made in.", file_okay=False)] = HERE,
) -> None:
    """Write the project of a connector that works with a made-up tracker, and passes the conformance suite as it is."""
    project = into / name
    if not NAME.fullmatch(name):
        raise failed(f"{name!r} is no name of a kind; use lower-case letters, digits and hyphens, such as 'acme-tracker'")
    if name in declarations():
        raise failed(f"there is a connector of the kind {name!r} already; choose another name")
    if project.exists():
        raise failed(f"{project} is there already; choose another name or folder")
    for path, text in _project(name):
        target = project / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    typer.echo(f"{project} is written; 'pip install -e {project}' makes it known, 'twinline connector check {name}' tries it")


def _project(name: str) -> Iterator[tuple[Path, str]]:
    """Each file's place in the project, and its text."""
    package = name.replace("-", "_")
    scaffold = files(SCAFFOLD)
    yield Path("pyproject.toml"), _named(scaffold / "project.toml", name)
    yield Path("tests", "test_conformance.py"), _named(scaffold / "conformance_test.txt", name)
    for one in (scaffold / SAMPLE).iterdir():
        if one.is_file():
            yield Path(package, one.name), _named(one, name)


def _named(template: Traversable, name: str) -> str:
    words = [word.capitalize() for word in name.split("-")]
    package = name.replace("-", "_")
    text = template.read_text(encoding="utf-8")
    for old, own in (
        (f"{SCAFFOLD}.{SAMPLE}", package),
        (SAMPLE, package),
        ("tiny-tracker", name),
        ("TinyTracker", "".join(words)),
        ("Tiny Tracker", " ".join(words)),
    ):
        text = text.replace(old, own)
    return text


@commands.command()
def check(kind: Annotated[str, typer.Argument(metavar="KIND", help="Kind of the connector, such as jira.")]) -> None:
    """Run the conformance suite over a connector and its fake; exit code 1 if a promise is broken."""
    try:
        of = known(kind)
    except TwinlineError as error:
        raise failed(error.message) from None
    broken = faults(of.quality, of.declaration.capabilities)
    for fault in broken:
        typer.echo(f"broken  quality.toml: {fault}")
    done = [_outcome(case, of) for case in cases(of)]
    wrong = len(broken) + done.count(False)
    typer.echo(f"{len(done)} checks, {wrong} promises broken" if wrong else f"{len(done)} checks, all promises kept")
    if wrong:
        raise typer.Exit(1)


def _outcome(case: Case, of: Known) -> bool:
    try:
        asyncio.run(run(case, of))
    except (Broken, TwinlineError) as error:
        typer.echo(f"broken  {case}: {error}")
        return False
    typer.echo(f"kept    {case}")
    return True
