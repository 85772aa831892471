"""How answers look: tables for people, JSON for programs."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import typer
from pydantic import TypeAdapter
from rich.table import Table

from cli.running import out
from model.item import ItemRef

PROSE = ("title", "summary", "reason", "why", "before", "after", "left value", "right value")

T = TypeVar("T")


def as_json(kind: type[T], value: T) -> None:
    typer.echo(TypeAdapter(kind).dump_json(value, indent=2).decode())


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


def warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
