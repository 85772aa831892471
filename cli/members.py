"""`twinline member ...`: who may do what."""

from typing import Annotated
from urllib.parse import quote

import typer

from cli import options
from cli.completing import members
from cli.plain import AsJson
from cli.running import finish, out
from cli.showing import as_json, table
from cli.tokens import Days, tell
from model.members import Member, Role
from operations.views import MemberAdded

commands = typer.Typer(help="Who may do what: list, add, role, remove.", no_args_is_help=True)

NewName = Annotated[str, typer.Argument(metavar="NAME", help="Name of the member, such as an e-mail address.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the member.", autocompletion=members)]
GivenRole = Annotated[Role, typer.Option("--role", help="What the member may do.")]


@commands.command("list")
def list_members(*, json: AsJson = False) -> None:
    """All members with their roles."""
    found = finish(options.api().get(tuple[Member, ...], "/members"))
    if json:
        as_json(tuple[Member, ...], found)
        return
    rows = [(one.name, one.role, f"{one.created:%Y-%m-%d}") for one in found]
    table(("member", "role", "since"), rows, "no members: whoever is at this machine may do everything")


@commands.command("add")
def add(name: NewName, role: GivenRole, days: Days = 90, *, json: AsJson = False) -> None:
    """Add a member. The first one is an owner and gets a token; from then on every command needs one."""
    done = finish(options.api().post(MemberAdded, "/members", {"name": name, "role": role, "days": days}))
    if json:
        as_json(MemberAdded, done)
        return
    out.print(f"{name} is a member, as {done.member.role}")
    if done.issued:
        tell(done.issued)
    else:
        out.print(f"create a token for them with: twinline token create {name}")


@commands.command("role")
def change_role(name: Name, role: Annotated[Role, typer.Argument(metavar="ROLE", help="The new role.")], *, json: AsJson = False) -> None:
    """Give a member another role, which holds for their tokens at once."""
    done = finish(options.api().post(Member, f"/members/{quote(name)}/role", {"role": role}))
    if json:
        as_json(Member, done)
        return
    out.print(f"{done.name} is {done.role} now")


@commands.command("remove")
def remove(name: Name, *, json: AsJson = False) -> None:
    """Remove a member; their tokens let nobody in any more."""
    done = finish(options.api().post(Member, f"/members/{quote(name)}/remove"))
    if json:
        as_json(Member, done)
        return
    out.print(f"{done.name} is no member any more")
