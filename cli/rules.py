"""`twinline rules`: check, try and trace sync scripts on this machine; no deployment is needed."""

import json
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Annotated, cast

import typer
from pydantic import JsonValue

from cli.plain import AsJson, failed
from model.item import Fields
from rules import Diagnostic, Program, RuleErrors, check_rule, compile_rule
from rules.host.described import HELPERS, as_json
from rules.host.described_library import library_json
from rules.trial import Given, Trial, try_incoming, try_outgoing

commands = typer.Typer(help="Sync scripts without a deployment: check, run, trace, describe.", no_args_is_help=True)
Outgoing = Annotated[Path | None, typer.Option("--outgoing", metavar="FILE", help="Outgoing script to run.")]
Incoming = Annotated[Path | None, typer.Option("--incoming", metavar="FILE", help="Incoming script to run.")]
ItemFile = Annotated[Path | None, typer.Option("--item", metavar="FILE", help="Item of this side, as JSON; without it there is none yet.")]
ReplicaFile = Annotated[Path | None, typer.Option("--replica", metavar="FILE", help="Replica that came, as JSON.")]
PreviousFile = Annotated[Path | None, typer.Option("--previous", metavar="FILE", help="Replica that was sent or applied before, as JSON.")]
HelpersFile = Annotated[Path | None, typer.Option("--helpers", metavar="FILE", help="Answers of the helpers, as JSON.")]
FirstSync = Annotated[bool, typer.Option("--first-sync", help="Run as while the pair is being made.")]
PATTERNS = ("*.groovy", "*.gvy")


@commands.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scripts, or folders with *.groovy and *.gvy files.")],
    as_json: AsJson = False,
) -> None:
    """Find what is wrong with scripts before they run; exit code 1 if anything is."""
    found = [finding for file in _scripts(files) for finding in _findings(file)]
    if as_json:
        _tell(json.dumps([one for one, _ in found], indent=2, ensure_ascii=False))
    else:
        for _, shown in found:
            _tell(shown)
        _tell(f"{len(found)} finding{'' if len(found) == 1 else 's'}" if found else "no findings")
    if any(one["severity"] == "error" for one, _ in found):
        raise typer.Exit(1)


def _scripts(files: list[Path]) -> list[Path]:
    return [script for file in files for script in (_inside(file) if file.is_dir() else [file])]


def _inside(folder: Path) -> list[Path]:
    return sorted(script for pattern in PATTERNS for script in folder.rglob(pattern))


def _findings(file: Path) -> list[tuple[dict[str, str | int], str]]:
    """What there is to tell of a file, for programs and for people."""
    try:
        found = check_rule(_source(file), str(file))
    except OSError as error:
        message = f"the script cannot be read: {error}"
        told = {"line": 0, "column": 0, "severity": "error", "code": "unreadable", "message": message, "instead": ""}
        return [({"file": str(file), **told}, f"{file}: {message}")]
    return [(_told(file, one), f"{'' if one.severity == 'error' else 'warning: '}{one.render(str(file))}") for one in found]


def _told(file: Path, one: Diagnostic) -> dict[str, str | int]:
    return {
        "file": str(file), "line": one.line, "column": one.column, "severity": one.severity, "code": one.code, "message": one.message,
        "instead": one.instead,
    }  # fmt: skip


@commands.command()
def run(
    outgoing: Outgoing = None,
    incoming: Incoming = None,
    item: ItemFile = None,
    replica: ReplicaFile = None,
    previous: PreviousFile = None,
    helpers: HelpersFile = None,
    first_sync: FirstSync = False,
    effects: Annotated[bool, typer.Option("--effects", help="Answer with properties and effects apart.")] = False,
) -> None:
    """Run one script: an outgoing one answers with the replica, an incoming one with the properties it sets, as JSON."""
    trial = _trial(outgoing, incoming, _given(item, replica, previous, helpers, first_sync=first_sync), traced=False)
    for line in trial.lines:
        _tell(line, err=True)
    if trial.result is None:
        raise failed(trial.failure)
    if effects:
        _print({"properties": trial.result, "effects": trial.effects})
        return
    for name, value in trial.effects.items():
        _tell(f"effect {name}: {json.dumps(value, ensure_ascii=False)}", err=True)
    _print(trial.result)


@commands.command()
def trace(
    outgoing: Outgoing = None,
    incoming: Incoming = None,
    item: ItemFile = None,
    replica: ReplicaFile = None,
    previous: PreviousFile = None,
    helpers: HelpersFile = None,
    first_sync: FirstSync = False,
    as_json: AsJson = False,
) -> None:
    """Run one script and show what each of its statements gives, in the order in which they end."""
    trial = _trial(outgoing, incoming, _given(item, replica, previous, helpers, first_sync=first_sync), traced=True)
    if as_json:
        _print(cast("JsonValue", trial.model_dump(mode="json")))
    else:
        for one in trial.steps:
            _tell(f"{one.line:>4}  {one.source}\n      = {one.value}")
        for line in trial.lines:
            _tell(line, err=True)
    if trial.result is None:
        raise failed(trial.failure)
    if not as_json:
        _print(trial.result)


@commands.command()
def describe(as_json_: AsJson = False) -> None:
    """List everything that scripts can call; as JSON with parameters, results, examples, variables and their properties."""
    if as_json_:
        _print({**as_json(), **library_json()})
        return
    for helper in HELPERS:
        for one in helper.calls:
            _tell(f"{helper.name}{'.' if helper.name else ''}{one.signature} -> {one.result}")


def _given(item: Path | None, replica: Path | None, previous: Path | None, helpers: Path | None, *, first_sync: bool) -> Given:
    return Given(
        item=_json(item, "item"),
        replica=_json(replica, "replica"),
        previous=_json(previous, "previous"),
        answers=_json(helpers, "helpers"),
        first_sync=first_sync,
        now=datetime.now(UTC),
    )


def _trial(outgoing: Path | None, incoming: Path | None, given: Given, *, traced: bool) -> Trial:
    if outgoing is not None and incoming is None:
        return try_outgoing(_program(outgoing, traced=traced), given, monotonic)
    if incoming is not None and outgoing is None:
        return try_incoming(_program(incoming, traced=traced), given, monotonic)
    raise typer.BadParameter("give one script: --outgoing FILE or --incoming FILE")


def _program(file: Path, *, traced: bool) -> Program:
    try:
        return compile_rule(_source(file), str(file), traced=traced)
    except RuleErrors as errors:
        raise failed("\n".join(one.render(str(file)) for one in errors.diagnostics)) from None
    except OSError as error:
        raise failed(f"the script {file} cannot be read: {error}") from None


def _source(file: Path) -> str:
    """The text of a script: UTF-8, or else the older encoding that every byte has a meaning in."""
    content = file.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _json(file: Path | None, what: str) -> Fields:
    if file is None:
        return {}
    try:
        content = cast("JsonValue", json.loads(file.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError) as error:
        raise failed(f"the file for --{what} cannot be read: {file}: {error}") from None
    if not isinstance(content, dict):
        raise failed(f"the file for --{what} has no JSON object: {file}")
    return content


def _tell(text: str, *, err: bool = False) -> None:
    """Half a surrogate pair, which no encoding has, is shown by its number."""
    typer.echo(text.encode("utf-8", "backslashreplace").decode("utf-8"), err=err)


def _print(value: JsonValue) -> None:
    _tell(json.dumps(value, indent=2, ensure_ascii=False))
