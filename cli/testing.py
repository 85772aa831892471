"""`twinline test-run`: what a sync would do."""

from typing import Annotated

import typer
from pydantic import JsonValue

from cli import options
from cli.completing import ConnectionName
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json, short, table
from model.plan import Conflict
from model.words import Side
from operations.predictions import ItemPrediction, Prediction, Predictions


def predict(
    connection: ConnectionName,
    items: Annotated[list[str] | None, typer.Argument(metavar="ITEM", help="Keys of items, their ids or URLs.")] = None,
    *,
    query: Annotated[str, typer.Option(help="Query in the language of the platform on --side.")] = "",
    side: Annotated[Side | None, typer.Option(help="Side that the items are on; both are looked at without it.")] = None,
    version: Annotated[int | None, typer.Option(help="Number of the version; the active one without it.")] = None,
    json: AsJson = False,
) -> None:
    """What a sync of the items would do, with a draft or the active version. Nothing is written."""
    picked: dict[str, JsonValue] = {"items": [*(items or ())], "query": query, "side": side, "version": version}
    found = finish(options.api().post(Predictions, f"/connections/{connection}/test-runs", picked))
    if json:
        as_json(Predictions, found)
    else:
        out.print(f"{found.connection}, version {found.version} ({found.status}): nothing is written")
        for item in found.items:
            _show(item)
        if found.more:
            out.print(f"\nthe query finds {found.more} more")
    if any(one.error for item in found.items for one in (item, *item.directions)):
        raise typer.Exit(1)


def _show(item: ItemPrediction) -> None:
    out.print(f"\n{item.item}  " + (f"twin {item.twin}" if item.twin else "not under sync yet"))
    if item.error:
        out.print(f"  error: {item.error.message}")
    for one in item.directions:
        out.print(f"  {one.source} → {one.source.other}: {_head(one)}")
        if one.changes:
            rows = [("   ", change.name, short(change.old), short(change.new)) for change in one.changes]
            table(("   ", "property", "from", "to"), rows, "")
        for line in _lines(one):
            out.print(f"    {line}")


def _head(one: Prediction) -> str:
    if one.waits:
        return one.waits
    if one.error:
        return f"would be parked: {one.error.message}"
    if not one.calls:
        return "nothing to write"
    return f"changes {one.target}" if one.target else "makes a new item"


def _lines(one: Prediction) -> tuple[str, ...]:
    return (
        *(f"call: {line}" for line in one.calls),
        *(_conflict(conflict) for conflict in one.conflicts),
        *(f"brings {key} under sync" for key in one.brings),
        *(f"note: {note}" for note in one.notes),
        *(("unlinks the pair",) if one.unlink else ()),
    )


def _conflict(one: Conflict) -> str:
    how = f"{one.winner} wins" if one.winner else "waits for a person"
    return f"conflict of {one.subject}: left {short(one.left)}, right {short(one.right)}; {how} ({one.policy})"
