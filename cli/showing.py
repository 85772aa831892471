"""How answers look: tables for people, JSON for programs."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import typer
from pydantic import JsonValue, TypeAdapter
from rich.table import Table

from cli.plain import failed
from cli.running import out
from model.item import ItemRef

PROSE = (
    "title",
    "summary",
    "reason",
    "why",
    "before",
    "after",
    "left value",
    "right value",
    "left sent",
    "right sent",
    "left base",
    "right base",
    "left text",
)

WIDEST = 60

T = TypeVar("T")


def as_json(kind: type[T], value: T) -> None:
    typer.echo(TypeAdapter(kind).dump_json(value, indent=2).decode())


def write(text: str, to: Path | None) -> None:
    """On standard output, or into the file of `--to`."""
    if to is None:
        typer.echo(text, nl=False)
        return
    try:
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise failed(f"{to} cannot be written: {error.strerror}; name another file with --to") from None
    out.print(f"written to {to}")


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], nothing: str) -> None:
    """`nothing` is said where there are no rows."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        shown.add_column(column, no_wrap=column not in PROSE, overflow="fold")
    for row in rows:
        shown.add_row(*row)
    if shown.row_count:
        out.print(shown)
    else:
        out.print(nothing)


def key(ref: ItemRef | None) -> str:
    return ref.key if ref else "-"


def short(value: JsonValue) -> str:
    """A value of a property in one cell; of an object, its name."""
    shown = repr(value.get("name", value) if isinstance(value, dict) else value)
    return shown if len(shown) <= WIDEST else f"{shown[:WIDEST]}…"


def warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
