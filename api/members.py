"""Members, and their tokens."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from api.access import Guarded, needs
from api.using import CallerOrNone, MemberName, TokenId, Using
from model.frozen import Frozen
from model.members import Member, Permission, Role, Token
from operations import members
from operations.views import Issued, MemberAdded

router = APIRouter(tags=["members"], route_class=Guarded)

LONGEST_DAYS = 365
USUAL_DAYS = 90

Days = Annotated[int, Field(ge=1, le=LONGEST_DAYS)]
NewName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$")]


class MemberRequest(Frozen):
    """`name` is an e-mail address or another name of at most 100 letters, digits and `._@+-`. The first member's token lasts `days`."""

    name: NewName
    role: Role
    days: Days = USUAL_DAYS


class RoleRequest(Frozen):
    role: Role


class TokenRequest(Frozen):
    """Without `role` the token gives all that the member and the caller both may."""

    member: str
    role: Role | None = None
    read_only: bool = False
    days: Days = USUAL_DAYS


@router.get("/members", openapi_extra=needs(Permission.VIEW))
async def list_members(using: Using) -> tuple[Member, ...]:
    """All members of the workspace with their roles."""
    return await using.store.members.listed()


@router.post("/members", openapi_extra=needs(Permission.MEMBERS))
async def add_member(using: Using, wanted: MemberRequest) -> MemberAdded:
    """From the first member on, which is an owner, every call needs a token."""
    return await members.add(using.store, wanted.name, wanted.role, days=wanted.days)


@router.post("/members/{member}/role", openapi_extra=needs(Permission.MEMBERS))
async def change_role(using: Using, member: MemberName, wanted: RoleRequest) -> Member:
    """Holds for the member's tokens at once."""
    return await members.set_role(using.store, member, wanted.role)


@router.post("/members/{member}/remove", openapi_extra=needs(Permission.MEMBERS))
async def remove_member(using: Using, member: MemberName) -> Member:
    """The member's tokens let nobody in any more."""
    return await members.remove(using.store, member)


@router.get("/tokens", openapi_extra=needs(Permission.TOKENS))
async def list_tokens(using: Using, member: str | None = None) -> tuple[Token, ...]:
    """Newest first, also those that let nobody in any more."""
    return await using.store.members.tokens(member)


@router.post("/tokens", openapi_extra=needs(Permission.TOKENS))
async def create_token(using: Using, caller: CallerOrNone, wanted: TokenRequest) -> Issued:
    """The text of the token is in this answer and nowhere else."""
    return await members.issue(using.store, caller, wanted.member, wanted.role, read_only=wanted.read_only, days=wanted.days)


@router.post("/tokens/{token}/revoke", openapi_extra=needs(Permission.TOKENS))
async def revoke_token(using: Using, token: TokenId) -> Token:
    """It lets nobody in from now on."""
    return await members.revoke(using.store, token)
