"""`twinline token ...`: what programs and people call the API with."""

from typing import Annotated

import typer

from cli import completing, options
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json, table
from config.opening import open_store
from config.settings import Settings
from model.members import Role, Token
from operations import members
from operations.views import Issued
from store import Act

commands = typer.Typer(help="What people and programs call the API with: list, create, revoke, rescue.", no_args_is_help=True)

RESCUED_DAYS = 1

Days = Annotated[int, typer.Option(help="How many days the token lasts.", min=1, max=365)]
Member = Annotated[str, typer.Argument(metavar="MEMBER", help="Name of the member.", autocompletion=completing.members)]


@commands.command("list")
def list_tokens(
    member: Annotated[str | None, typer.Option(help="Only those of this member.", autocompletion=completing.members)] = None,
    *,
    json: AsJson = False,
) -> None:
    """All tokens, newest first, by the part of them that may be shown."""
    found = finish(options.api().get(tuple[Token, ...], "/tokens", {"member": member}))
    if json:
        as_json(tuple[Token, ...], found)
        return
    rows = [(one.id, one.member, _scope(one), _state(one), f"{one.used:%Y-%m-%d %H:%M}" if one.used else "never") for one in found]
    table(("token", "member", "role", "state", "last used (UTC)"), rows, "no tokens")


@commands.command("create")
def create(
    member: Member,
    role: Annotated[Role | None, typer.Option(help="Less than the member's role; the member's own without it.")] = None,
    days: Days = 90,
    *,
    read_only: Annotated[bool, typer.Option("--read-only", help="For calls that change nothing.")] = False,
    json: AsJson = False,
) -> None:
    """Create a token and show it, this once."""
    wanted = {"member": member, "role": role, "read_only": read_only, "days": days}
    done = finish(options.api().post(Issued, "/tokens", {**wanted}))
    _tell(done, json=json)


@commands.command("revoke")
def revoke(
    token: Annotated[str, typer.Argument(metavar="ID", help="Id of the token, as the list shows it.", autocompletion=completing.tokens)],
    *,
    json: AsJson = False,
) -> None:
    """Let nobody in with a token any more."""
    done = finish(options.api().post(Token, f"/tokens/{token}/revoke"))
    if json:
        as_json(Token, done)
        return
    out.print(f"token {done.id} of {done.member} is revoked")


@commands.command("rescue")
def rescue(member: Member, *, json: AsJson = False) -> None:
    """On the machine of the database: a token for a day, for when no owner has one any more."""
    _tell(finish(_rescue(options.settings(), member)), json=json)


async def _rescue(chosen: Settings, member: str) -> Issued:
    store = await open_store(chosen)
    try:
        used = store.used_by(Act(who="", address="database", workspace=None, operation="rescue_token", subject=member))
        return await members.issue(used, None, member, None, read_only=False, days=RESCUED_DAYS)
    finally:
        await store.aclose()


def _tell(issued: Issued, *, json: bool) -> None:
    if json:
        as_json(Issued, issued)
    else:
        tell(issued)


def tell(issued: Issued) -> None:
    out.print(f"token of {issued.token.member} as {_scope(issued.token)}, until {issued.token.expires:%Y-%m-%d}; it is not shown again:")
    out.print(issued.text)
    out.print("commands use it from the environment: export TWINLINE_TOKEN=...")


def _scope(token: Token) -> str:
    return f"{token.role}, read-only" if token.read_only else token.role


def _state(token: Token) -> str:
    return f"revoked {token.revoked:%Y-%m-%d}" if token.revoked else f"until {token.expires:%Y-%m-%d}"
