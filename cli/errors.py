"""`twinline errors` and `twinline retry`."""

from typing import Annotated

import typer
from pydantic import JsonValue

from cli import options
from cli.client import Api
from cli.completing import OfConnection, connections, twins
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json, key, warn
from operations.errors import Failure, FailurePage
from operations.steering import Retried


def list_errors(
    connection: OfConnection = None,
    text: Annotated[str, typer.Option(help="Only pairs with this in a key, address, title or reason.")] = "",
    *,
    json: AsJson = False,
) -> None:
    """What is wrong now, what it stops, how it ends, and the next step."""
    found = finish(_all(options.api(), connection, text))
    if json:
        as_json(list[Failure], found)
        return
    for one in found:
        pair = f" {key(one.left)} ⇄ {key(one.right)} {one.title}" if one.left or one.right else ""
        out.print(f"{one.impact} {one.name}{pair}" + (f", since {one.since:%Y-%m-%d %H:%M:%S} UTC" if one.since else ""))
        out.print(f"  {one.reason}".replace("\n", "\n  "))
        out.print(f"  blocks: {one.blocks}\n  ends: {', '.join(one.ends)}\n  next: {one.next_step}")
    if not found:
        out.print("no errors")


def retry(
    twins: Annotated[list[str] | None, typer.Argument(metavar="ID", help="Ids of twins.", autocompletion=twins)] = None,
    connection: Annotated[str | None, typer.Option(help="All in error of this connection.", autocompletion=connections)] = None,
    text: Annotated[str, typer.Option(help="All in error with this in a key, address, title or reason.")] = "",
    *,
    everything: Annotated[bool, typer.Option("--all", help="All in error.")] = False,
    json: AsJson = False,
) -> None:
    """Let parked pairs go on, once the cause is corrected: some, or all that the options choose."""
    wanted: dict[str, JsonValue] = {"twins": [*(twins or [])], "connection": connection, "text": text, "everything": everything}
    done = finish(options.api().post(Retried, "/errors/retry", wanted))
    if json:
        as_json(Retried, done)
        return
    warn(done.warnings)
    out.print(f"{done.told} pairs are tried again")


async def _all(api: Api, connection: str | None, text: str) -> list[Failure]:
    found: list[Failure] = []
    after = ""
    while True:
        page = await api.get(FailurePage, "/errors", {"connection": connection, "text": text or None, "after": after or None})
        found += page.failures
        after = page.after
        if not after:
            return found
