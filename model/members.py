"""Members of a workspace: what each role may do, and the tokens that they call the API with."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from model.frozen import Frozen


class Role(StrEnum):
    """From the least to the most; each may do what those before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        return tuple(Role).index(self)

    def may(self, permission: "Permission") -> bool:
        return self.rank >= ROLES[permission].rank


class Permission(StrEnum):
    """What a route asks for: to see states, to see values of items, to steer the sync, to configure it, ..."""

    VIEW = "view"
    INSPECT = "inspect"
    OPERATE = "operate"
    CONFIGURE = "configure"
    AUDIT = "audit"
    TOKENS = "tokens"
    MEMBERS = "members"


ROLES: Mapping[Permission, Role] = MappingProxyType(
    {
        Permission.VIEW: Role.VIEWER,
        Permission.INSPECT: Role.OPERATOR,
        Permission.OPERATE: Role.OPERATOR,
        Permission.CONFIGURE: Role.ADMIN,
        Permission.AUDIT: Role.ADMIN,
        Permission.TOKENS: Role.ADMIN,
        Permission.MEMBERS: Role.OWNER,
    }
)
"""The least role that a permission needs."""


class Member(Frozen):
    """`name` is how people know the member, such as an e-mail address."""

    name: str
    workspace: str
    role: Role
    created: datetime


class Token(Frozen):
    """A token as it may be shown: `id` is the part of it by which people recognise it, and nothing here lets anyone in.

    It gives its `role`, or the member's where that is less; `read_only` gives no call that changes anything.
    """

    id: str
    member: str
    role: Role
    read_only: bool
    created: datetime
    expires: datetime
    used: datetime | None = None
    revoked: datetime | None = None


class Caller(Frozen):
    """Who calls, as far as it was proved: a member by the token with that id, or `twinline up` by its own.

    That one has no id, and sees all workspaces.
    """

    who: str
    token: str | None
    workspace: str | None
    role: Role
    read_only: bool
