"""Members of the workspace and their tokens."""

from datetime import timedelta

from model.errors import BadInput
from model.members import Caller, Member, Role, Token
from operations.views import Issued, MemberAdded
from store import Store


async def add(store: Store, name: str, role: Role, *, days: int) -> MemberAdded:
    """The first member gets a token that lasts `days`, since nobody is let in without one from then on.

    BadInput if there is one of that name, if there is no workspace yet, or if the first is no owner.
    """
    store.audit.note(name, after={"role": role})
    if not await store.members.add(name, role):
        return MemberAdded(member=await store.members.member(name))
    token, text = await store.members.issue(name, role, read_only=False, lasts=timedelta(days=days))
    return MemberAdded(member=await store.members.member(name), issued=Issued(token=token, text=text))


async def set_role(store: Store, name: str, role: Role) -> Member:
    """Holds for the member's tokens at once. BadInput if there is no such member, or for the last owner."""
    known = await store.members.member(name)
    store.audit.note(name, before={"role": known.role}, after={"role": role})
    return await store.members.set_role(name, role)


async def remove(store: Store, name: str) -> Member:
    """Its tokens let nobody in any more. BadInput if there is no such member, or for the last owner."""
    known = await store.members.member(name)
    store.audit.note(name, before={"role": known.role})
    await store.members.remove(name)
    return known


async def issue(store: Store, caller: Caller | None, member: str, role: Role | None, *, read_only: bool, days: int) -> Issued:
    """A token for a member, with its role where none is given. BadInput for a role above the member's or the caller's."""
    owner = await store.members.member(member)
    limits = (owner.role, caller.role) if caller else (owner.role,)
    least = min(limits, key=lambda one: one.rank)
    chosen = role or least
    if chosen.rank > least.rank:
        raise BadInput(f"a token of {member!r} can have the role {least} at most, which is the least of theirs and of yours")
    scope = {"member": member, "role": chosen, "read_only": read_only, "days": days}
    store.audit.note(member, after={"token": scope})
    token, text = await store.members.issue(member, chosen, read_only=read_only, lasts=timedelta(days=days))
    return Issued(token=token, text=text)


async def revoke(store: Store, token_id: str) -> Token:
    """It lets nobody in from now on. BadInput if there is no such token."""
    token = await store.members.token(token_id)
    store.audit.note(token.member, before={"token": token.id, "role": token.role})
    await store.members.revoke(token_id)
    return await store.members.token(token_id)
