"""`twinline audit ...`: who did what."""

import csv
import sys
from collections.abc import AsyncGenerator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from cli import options
from cli.client import Api
from cli.plain import AsJson
from cli.running import finish
from cli.showing import as_json, table
from model.audit import AuditEntry, Chain, Verification
from operations.views import AuditPage

commands = typer.Typer(help="Who did what, and when: list, export, verify.", no_args_is_help=True)

Who = Annotated[str | None, typer.Option(help="Only what this member did.")]
Operation = Annotated[str | None, typer.Option(help="Only this operation, such as activate_connection.")]
Subject = Annotated[str | None, typer.Option(help="Only what was done to the thing of this name or id.")]
Since = Annotated[datetime | None, typer.Option(help="From this moment on, in UTC.")]
Until = Annotated[datetime | None, typer.Option(help="Before this moment, in UTC.")]

Filter = Mapping[str, str | int | None]


class Format(StrEnum):
    JSONL = "jsonl"
    CSV = "csv"


@commands.command("list")
def list_audit(
    who: Who = None,
    operation: Operation = None,
    subject: Subject = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=1000)] = 50,
    *,
    json: AsJson = False,
) -> None:
    """What was done last, newest first."""
    wanted = {**_filter(who, operation, subject, since, until), "limit": limit}
    found = finish(options.api().get(AuditPage, "/audit", wanted)).entries
    if json:
        as_json(tuple[AuditEntry, ...], found)
        return
    rows = [(f"{e.moment:%Y-%m-%d %H:%M:%S}", e.who or "-", e.address, e.operation, e.subject, e.outcome, e.reason) for e in found]
    table(("when (UTC)", "who", "from", "operation", "subject", "outcome", "reason"), rows, "nothing was done")


@commands.command("export")
def export(
    form: Annotated[Format, typer.Option("--format", help="JSON lines, or CSV with a head line.")] = Format.JSONL,
    who: Who = None,
    operation: Operation = None,
    subject: Subject = None,
    since: Since = None,
    until: Until = None,
    *,
    json: AsJson = False,
) -> None:
    """Every entry with what was there before and after, and its hashes, newest first, on standard output."""
    if json and form is Format.CSV:
        raise typer.BadParameter("give either --json or --format csv")
    wanted = _filter(who, operation, subject, since, until)
    finish(_export_list(options.api(), wanted) if json else _export(options.api(), form, wanted))


async def _export_list(api: Api, wanted: Filter) -> None:
    """One JSON array, written entry by entry."""
    between = "["
    async for entry in _all(api, wanted):
        typer.echo(f"{between}\n{entry.model_dump_json()}", nl=False)
        between = ","
    typer.echo("[]" if between == "[" else "\n]")


@commands.command("verify")
def verify(*, json: AsJson = False) -> None:
    """Whether every entry is there as it was recorded: exit code 1, and the first that is not, where it is otherwise or cannot be told."""
    found = finish(options.api().get(Verification, "/audit/verification"))
    if json:
        as_json(Verification, found)
    else:
        rows = [_verified(one) for one in found.chains]
        heads = ("workspace", "entries", "of these before the chain", "under another key", "broken at", "why", "last hash")
        table(heads, rows, "nothing was done")
    if not found.intact:
        raise typer.Exit(1)


def _verified(chain: Chain) -> tuple[str, ...]:
    counts = (str(count) for count in (chain.entries, chain.before_chain, chain.other_key))
    return chain.workspace or "-", *counts, str(chain.broken or ""), chain.reason, chain.last


async def _export(api: Api, form: Format, wanted: Filter) -> None:
    if form is Format.JSONL:
        async for entry in _all(api, wanted):
            typer.echo(entry.model_dump_json())
        return
    names = list(AuditEntry.model_fields)
    writer = csv.writer(sys.stdout)
    writer.writerow(names)
    async for entry in _all(api, wanted):
        writer.writerow([_cell(entry, name) for name in names])


async def _all(api: Api, wanted: Filter) -> AsyncGenerator[AuditEntry]:
    after = ""
    while True:
        page = await api.get(AuditPage, "/audit", {**wanted, "limit": 1000, "after": after})
        for entry in page.entries:
            yield entry
        after = page.after
        if not after:
            return


def _filter(who: str | None, operation: str | None, subject: str | None, since: datetime | None, until: datetime | None) -> Filter:
    moments = {"since": since.isoformat() if since else None, "until": until.isoformat() if until else None}
    return {"who": who, "operation": operation, "subject": subject, **moments}


def _cell(entry: AuditEntry, name: str) -> str:
    """What a spreadsheet shows and does not compute."""
    value = entry.model_dump_json(include={name}).partition(":")[2][:-1] if name in {"before", "after"} else str(getattr(entry, name))
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else value
