"""`twinline version ...`: drafts of a connection's configuration, publishing them, and going back."""

import os
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from cli import declaration, options
from cli.client import Api
from cli.completing import ConnectionName
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json, table, warn
from model.errors import BadInput
from model.version import Version, VersionRecord
from operations.problems import Rejected
from operations.views import Published, VersionDifference, VersionPage

commands = typer.Typer(
    help="Versions of a connection's rules, triggers and settings: list, show, draft, edit, diff, publish, rollback, discard.",
    no_args_is_help=True,
)

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Number of the version.")]
Why = Annotated[str, typer.Option(help="Why, for those who look at it later.")]
RuleFile = Path | None


@commands.command("list")
def list_versions(connection: ConnectionName, *, json: AsJson = False) -> None:
    """All versions, newest first: who made and published each, when and why."""
    found = finish(_all(options.api(), connection))
    if json:
        as_json(list[VersionRecord], found)
        return
    rows = [(str(one.number), one.status, str(one.made_from or "-"), *_when(one), one.note) for one in found]
    table(("version", "status", "from", "made (UTC)", "by", "published (UTC)", "by", "reason"), rows, "no versions")


async def _all(api: Api, connection: str) -> list[VersionRecord]:
    found: list[VersionRecord] = []
    after = ""
    while True:
        page = await api.get(VersionPage, f"/connections/{connection}/versions", {"after": after})
        found += page.versions
        after = page.after
        if not after:
            return found


def _when(one: VersionRecord) -> tuple[str, str, str, str]:
    published = f"{one.published:%Y-%m-%d %H:%M}" if one.published else "-"
    return f"{one.created:%Y-%m-%d %H:%M}", one.created_by or "-", published, one.published_by or "-"


@commands.command("show")
def show_version(connection: ConnectionName, number: Number, *, json: AsJson = False) -> None:
    """One version with its configuration."""
    one = finish(options.api().get(Version, f"/connections/{connection}/versions/{number}"))
    if json:
        as_json(Version, one)
        return
    out.print(f"version {one.number} of {one.connection}  {one.status}" + (f"  from version {one.made_from}" if one.made_from else ""))
    if one.note:
        out.print(f"reason: {one.note}")
    for trigger in one.configuration.triggers:
        out.print(f"trigger {trigger.side}: {trigger.query}")
    for side, part in (("left", one.configuration.left), ("right", one.configuration.right)):
        out.print(f"\n{side}.settings: {part.settings}")
        for rule, script in (("outgoing", part.outgoing), ("incoming", part.incoming)):
            out.print(f"{side}.{rule}:")
            out.print("\n".join(f"    {line}" for line in script.splitlines()))


@commands.command("draft")
def draft(
    connection: ConnectionName,
    made_from: Annotated[int | None, typer.Option("--from", help="Version to copy; the active one without it.")] = None,
    why: Why = "",
    *,
    json: AsJson = False,
) -> None:
    """Begin a draft as a copy of another version. Nothing changes for the items until it is published."""
    one = finish(options.api().post(Version, f"/connections/{connection}/versions", {"made_from": made_from, "note": why}))
    if json:
        as_json(Version, one)
        return
    out.print(f"version {one.number} of {one.connection} is a draft, from version {one.made_from}")


@commands.command("edit")
def edit(
    connection: ConnectionName,
    number: Number,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Deployment file with the connection as it is to be.")] = None,
    *,
    left_outgoing: Annotated[RuleFile, typer.Option(metavar="FILE", help="Outgoing script of the left side.")] = None,
    left_incoming: Annotated[RuleFile, typer.Option(metavar="FILE", help="Incoming script of the left side.")] = None,
    right_outgoing: Annotated[RuleFile, typer.Option(metavar="FILE", help="Outgoing script of the right side.")] = None,
    right_incoming: Annotated[RuleFile, typer.Option(metavar="FILE", help="Incoming script of the right side.")] = None,
    json: AsJson = False,
) -> None:
    """Change a draft: all of it to what FILE says of the connection, or single scripts. Anything wrong is refused as a whole."""
    scripts = {"left": (left_outgoing, left_incoming), "right": (right_outgoing, right_incoming)}
    if file is None and not any(one for both in scripts.values() for one in both):
        raise typer.BadParameter("name a deployment file, or a script such as --left-outgoing FILE")
    one = finish(_edit(options.api(), connection, number, file, scripts))
    if json:
        as_json(Version, one)
        return
    out.print(f"version {one.number} of {one.connection} is changed; publish it to have items follow it")


async def _edit(api: Api, connection: str, number: int, file: Path | None, scripts: dict[str, tuple[RuleFile, RuleFile]]) -> Version:
    payload: dict[str, JsonValue] = {
        side: {rule: _script(one) for rule, one in (("outgoing", outgoing), ("incoming", incoming)) if one}
        for side, (outgoing, incoming) in scripts.items()
    }
    path = f"/connections/{connection}/versions/{number}/edit"
    if file is None:
        return await api.post(Version, path, payload)
    declared = declaration.read(file, os.environ)
    payload["declared"] = _of(declared.content, connection, file)
    try:
        return await api.post(Version, path, payload)
    except Rejected as error:
        raise Rejected(declared.places.located(problem) for problem in error.problems) from error


def _of(content: dict[str, JsonValue], connection: str, file: Path) -> JsonValue:
    connections = content.get("connections")
    if not isinstance(connections, dict) or connection not in connections:
        raise BadInput(f"{file.name} says nothing of connection {connection!r}; add it under connections")
    return connections[connection]


def _script(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} cannot be read: {error}; name a script") from error


@commands.command("diff")
def diff(
    connection: ConnectionName,
    number: Number,
    against: Annotated[int | None, typer.Option(help="Version to start from; the active one without it.")] = None,
    *,
    json: AsJson = False,
) -> None:
    """What leads from another version to this one."""
    found = finish(options.api().get(VersionDifference, f"/connections/{connection}/versions/{number}/diff", {"against": against}))
    if json:
        as_json(VersionDifference, found)
        return
    for line in found.lines or (f"versions {found.old} and {found.new} are the same",):
        out.print(line)


@commands.command("publish")
def publish(
    connection: ConnectionName,
    number: Number,
    why: Why = "",
    *,
    anyway: Annotated[bool, typer.Option("--anyway", help="Also where another version became active since the draft was begun.")] = False,
    json: AsJson = False,
) -> None:
    """Make a draft the active version; changes under way finish with the version that they began with."""
    payload = {"why": why, "anyway": anyway}
    _published(finish(options.api().post(Published, f"/connections/{connection}/versions/{number}/publish", dict(payload))), json=json)


@commands.command("rollback")
def rollback(connection: ConnectionName, number: Number, why: Why = "", *, json: AsJson = False) -> None:
    """Publish an archived version once more, as a new version of the same content."""
    _published(finish(options.api().post(Published, f"/connections/{connection}/versions/{number}/rollback", {"why": why})), json=json)


@commands.command("discard")
def discard(connection: ConnectionName, number: Number, *, json: AsJson = False) -> None:
    """Forget a draft."""
    one = finish(options.api().post(VersionRecord, f"/connections/{connection}/versions/{number}/discard"))
    if json:
        as_json(VersionRecord, one)
        return
    out.print(f"draft {one.number} of {one.connection} is forgotten")


def _published(done: Published, *, json: bool) -> None:
    if json:
        as_json(Published, done)
        return
    warn(done.warnings)
    out.print(f"version {done.version.number} of {done.version.connection} is active; version {done.former} is archived")
