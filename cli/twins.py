"""`twinline twins`, `twin` and `sync`."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from cli import options, parts, settling, steering
from cli.client import Api
from cli.completing import ConnectionName, OfConnection, TwinId, systems
from cli.plain import AsJson
from cli.running import finish, out
from cli.settling import Wait
from cli.showing import as_json, key, table, warn
from model.twin import Twin
from model.words import Side, TwinStatus
from operations.looking import TransactionDetail
from operations.views import Started, TwinDetail, TwinPage

commands = typer.Typer(
    help="One pair of items under sync, by the id that `twinline twins` shows: show, transaction, parts, resync, retry, unlink, relink.",
    no_args_is_help=True,
)
commands.command("resync")(steering.resync)
commands.command("retry")(steering.retry)
commands.command("unlink")(steering.unlink)
commands.command("relink")(steering.relink)
commands.command("parts")(parts.show_parts)


def list_twins(
    connection: OfConnection = None,
    status: Annotated[list[TwinStatus] | None, typer.Option(help="Only those with this status; may be given several times.")] = None,
    text: Annotated[str, typer.Option(help="Part of a key, address, title or reason, or an item's id.")] = "",
    system: Annotated[str | None, typer.Option(help="Only those with an item in this system.", autocompletion=systems)] = None,
    side: Annotated[Side | None, typer.Option(help="Side that the system is on.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only those that changed since then, in UTC.")] = None,
    *,
    json: AsJson = False,
) -> None:
    """All pairs of items under sync, newest first."""
    moment = since.replace(tzinfo=UTC).isoformat() if since else None
    wanted = {"connection": connection, "status": status, "text": text or None, "system": system, "side": side, "since": moment}
    found = finish(_all(options.api(), wanted))
    if json:
        as_json(list[Twin], found)
        return
    rows = [(one.id, one.connection, key(one.left), key(one.right), one.status, one.title, one.reason) for one in found]
    table(("twin", "connection", "left", "right", "status", "title", "reason"), rows, "no twins")


async def _all(api: Api, wanted: Mapping[str, str | Sequence[str] | None]) -> list[Twin]:
    found: list[Twin] = []
    after = ""
    while True:
        page = await api.get(TwinPage, "/twins", {**wanted, "after": after or None})
        found += page.twins
        after = page.after
        if not after:
            return found


@commands.command("show")
def show_twin(twin: TwinId, *, json: AsJson = False) -> None:
    """Both items, status, latest transactions and conflicts."""
    detail = finish(options.api().get(TwinDetail, f"/twins/{twin}"))
    if json:
        as_json(TwinDetail, detail)
        return
    one = detail.twin
    out.print(f"{key(one.left)} ⇄ {key(one.right)}  {one.status}  {one.title}")
    if one.reason:
        out.print(f"reason: {one.reason}")
    for side in Side:
        ref = one.item(side)
        out.print(f"{side:<6} {f'{ref.key}  {ref.url}' if ref else 'no item yet'}")
    out.print(f"connection {one.connection}, workflow {detail.workflow}")
    out.print(f"{detail.link}\n" if detail.link else "")
    rows = [(str(t.id), t.source, t.stage, f"{t.updated:%Y-%m-%d %H:%M:%S}", t.summary, t.reason) for t in detail.transactions]
    table(("transaction", "from", "stage", "updated (UTC)", "summary", "reason"), rows, "no transactions")
    for recorded in detail.conflicts:
        conflict = recorded.conflict
        out.print(f"conflict {recorded.id} of {conflict.subject}, {recorded.state}: left {conflict.left!r}, right {conflict.right!r}")


@commands.command("transaction")
def show_transaction(
    twin: TwinId,
    number: Annotated[int, typer.Argument(metavar="N", help="Number of the transaction.")],
    *,
    json: AsJson = False,
) -> None:
    """What one transaction did to each property."""
    found = finish(options.api().get(TransactionDetail, f"/twins/{twin}/transactions/{number}"))
    if json:
        as_json(TransactionDetail, found)
        return
    one = found.transaction
    out.print(f"transaction {one.id} from {one.source}: {one.stage}, version {one.version}, tried {one.attempts} times")
    out.print(f"{one.reason}\n" if one.reason else "")
    rows = [(field.property, field.result, repr(field.before), repr(field.after)) for field in found.fields]
    table(("property", "result", "before", "after"), rows, "no property was changed")
    out.print("".join(f"\n{step}" for step in found.steps))


def sync(
    connection: ConnectionName,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="Key of the item, its id or URL.")],
    side: Annotated[Side | None, typer.Option(help="Side that the item is on; both are looked at without it.")] = None,
    *,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Sync one item now; it comes under sync if it is not."""
    api = options.api()
    done = finish(api.post(Started, f"/connections/{connection}/sync", {"item": item, "side": side}))
    if json and not wait:
        as_json(Started, done)
        return
    warn(done.warnings)
    if wait:
        settling.outcome(api, done.twin, wait, settling.at_rest, json=json)
        return
    out.print(f"sync of {key(done.twin.item(done.side))} queued; twin {done.twin.id}{' is new' if done.new else ''}")
