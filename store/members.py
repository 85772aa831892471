"""Members of the workspace and their tokens. Of a token only a digest is kept, under a key that is not in the database."""

import hmac
from collections.abc import Collection
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from model.errors import BadInput
from model.members import Caller, Member, Role, Token
from store import member_tables, tables
from store.database import Database
from store.uninterrupted import uninterrupted

PREFIX = "twl"
USED_AGAIN = timedelta(minutes=1)
"""How long the moment of a token's last use may stay behind."""

_ID_BYTES = 6
_SECRET_BYTES = 32


class Unproved(BadInput):
    """A token that lets nobody in."""


@uninterrupted
class Members:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def exist(self) -> bool:
        async with self._database.reading() as session:
            return (await session.exec(select(member_tables.Member.id).limit(1))).first() is not None

    async def listed(self) -> tuple[Member, ...]:
        async with self._database.reading() as session:
            rows = await session.exec(_scoped(self._database.workspace).order_by(member_tables.Member.name))
            return tuple(_member(row) for row in rows)

    async def member(self, name: str) -> Member:
        async with self._database.reading() as session:
            return _member(await self._known(session, name))

    async def add(self, name: str, role: Role) -> bool:
        """Whether it is the first member. BadInput if there is one of that name, no workspace yet, or the first is no owner."""
        async with self._database.writing() as session:
            workspace = await self._lock(session)
            present = list(await session.exec(select(member_tables.Member.name).where(member_tables.Member.workspace == workspace)))
            if name in present:
                raise BadInput(f"there is a member {name!r} already; give a role with: twinline member role {name} ROLE")
            if not present and role is not Role.OWNER:
                raise BadInput(f"the first member is an owner, who can add the others; repeat it with the role {Role.OWNER}")
            moment = self._database.now()
            id = self._database.token(_ID_BYTES)  # noqa: A001
            session.add(member_tables.Member(id=id, workspace=workspace, name=name, role=role, created=moment))
            return not present

    async def set_role(self, name: str, role: Role) -> Member:
        """BadInput for the last owner."""
        async with self._database.writing() as session:
            await self._lock(session)
            row = await self._known(session, name)
            if role is not Role.OWNER:
                await self._require_other_owner(session, row)
            row.role = role
            return _member(row)

    async def remove(self, name: str) -> None:
        """The member and all its tokens. BadInput for the last owner."""
        async with self._database.writing() as session:
            await self._lock(session)
            row = await self._known(session, name)
            await self._require_other_owner(session, row)
            await session.exec(delete(member_tables.Token).where(col(member_tables.Token.member) == row.id))
            await session.exec(delete(member_tables.Member).where(col(member_tables.Member.id) == row.id))

    async def tokens(self, member: str | None = None) -> tuple[Token, ...]:
        """Newest first, also those that let nobody in any more. BadInput if there is no such member."""
        query = select(member_tables.Token, member_tables.Member.name).join(member_tables.Member)
        if self._database.workspace is not None:
            query = query.where(member_tables.Member.workspace == self._database.workspace)
        async with self._database.reading() as session:
            if member is not None:
                query = query.where(member_tables.Member.id == (await self._known(session, member)).id)
            rows = await session.exec(query.order_by(col(member_tables.Token.created).desc(), member_tables.Token.id))
            return tuple(_token(row, name) for row, name in rows)

    async def token(self, id: str) -> Token:  # noqa: A002
        found = next((one for one in await self.tokens() if one.id == id), None)
        if found is None:
            raise BadInput(f"there is no token {id!r}; list the tokens to see their ids")
        return found

    async def issue(self, member: str, role: Role, *, read_only: bool, lasts: timedelta) -> tuple[Token, str]:
        """A new token, and the text that lets its holder in, which cannot be had again."""
        id = self._database.token(_ID_BYTES)  # noqa: A001
        text = f"{PREFIX}_{id}_{self._database.token(_SECRET_BYTES)}"
        async with self._database.writing() as session:
            await self._lock(session)
            owner, moment = await self._known(session, member), self._database.now()
            row = member_tables.Token(
                id=id, member=owner.id, digest=self._digest(text), role=role, read_only=read_only, created=moment, expires=moment + lasts
            )
            session.add(row)
            return _token(row, owner.name), text

    async def revoke(self, id: str) -> None:  # noqa: A002
        """From now on it lets nobody in."""
        change = update(member_tables.Token).where(col(member_tables.Token.id) == id, col(member_tables.Token.revoked).is_(None))
        async with self._database.writing() as session:
            await session.exec(change.values(revoked=self._database.now()))

    async def caller(self, text: str) -> Caller:
        """Whose token it is. Unproved, saying what to do, for one that is unknown, expired or revoked."""
        match text.split("_"):
            case [prefix, id, _] if prefix == PREFIX:
                pass
            case _:
                raise Unproved(f"that is no token of Twinline: those begin with {PREFIX}_; set TWINLINE_TOKEN to one")
        async with self._database.reading() as session:
            query = select(member_tables.Token, member_tables.Member).join(member_tables.Member).where(member_tables.Token.id == id)
            found = (await session.exec(query)).first()
        digest = self._digest(text)
        if found is None or not hmac.compare_digest(found[0].digest, digest):
            raise Unproved(f"token {PREFIX}_{id} is not known here, or its member was removed; have an admin create another one")
        row, member = found
        moment = self._database.now()
        if row.revoked is not None:
            raise Unproved(f"token {PREFIX}_{id} was revoked on {row.revoked:%Y-%m-%d}; have an admin create another one")
        if row.expires <= moment:
            raise Unproved(f"token {PREFIX}_{id} expired on {row.expires:%Y-%m-%d}; have an admin create another one")
        if row.used is None or row.used < moment - USED_AGAIN:
            await self._used(id)
        role = min(Role(row.role), Role(member.role), key=lambda one: one.rank)
        return Caller(who=member.name, token=row.id, workspace=member.workspace, role=role, read_only=row.read_only)

    async def standing(self, tokens: Collection[str]) -> frozenset[str]:
        """Which of these ids of tokens still let somebody in; the empty one is for whoever needs none while there are no members."""
        own = member_tables.Token
        valid = select(own.id).where(col(own.id).in_(tokens), col(own.revoked).is_(None), own.expires > self._database.now())
        async with self._database.reading() as session:
            found = set(await session.exec(valid))
            if "" in tokens and (await session.exec(select(member_tables.Member.id).limit(1))).first() is None:
                found.add("")
            return frozenset(found)

    async def _used(self, id: str) -> None:  # noqa: A002
        async with self._database.writing() as session:
            change = update(member_tables.Token).where(col(member_tables.Token.id) == id)
            await session.exec(change.values(used=self._database.now()))

    async def _lock(self, session: AsyncSession) -> str:
        """The workspace, for one writer at a time of its members."""
        query = select(tables.Workspace.id).order_by(tables.Workspace.id).with_for_update()
        if self._database.workspace is not None:
            query = query.where(tables.Workspace.id == self._database.workspace)
        workspace = (await session.exec(query)).first()
        if workspace is None:
            raise BadInput("there is no workspace yet, of which someone could be a member; apply a deployment file first")
        return workspace

    async def _known(self, session: AsyncSession, name: str) -> member_tables.Member:
        row = (await session.exec(_scoped(self._database.workspace).where(member_tables.Member.name == name))).first()
        if row is None:
            raise BadInput(f"there is no member {name!r}; list the members to see their names")
        return row

    async def _require_other_owner(self, session: AsyncSession, row: member_tables.Member) -> None:
        others = select(member_tables.Member.id).where(
            member_tables.Member.workspace == row.workspace, member_tables.Member.role == Role.OWNER, member_tables.Member.id != row.id
        )
        if (await session.exec(others.limit(1))).first() is None:
            raise BadInput(f"{row.name!r} is the last owner; make another member an owner first")

    def _digest(self, text: str) -> str:
        return hmac.new(self._database.key.subkey("api-token"), text.encode(), sha256).hexdigest()


def _scoped(workspace: str | None) -> SelectOfScalar[member_tables.Member]:
    query = select(member_tables.Member)
    return query if workspace is None else query.where(member_tables.Member.workspace == workspace)


def _member(row: member_tables.Member) -> Member:
    return Member(name=row.name, workspace=row.workspace, role=Role(row.role), created=row.created)


def _token(row: member_tables.Token, member: str) -> Token:
    return Token(
        id=row.id,
        member=member,
        role=Role(row.role),
        read_only=row.read_only,
        created=row.created,
        expires=row.expires,
        used=row.used,
        revoked=row.revoked,
    )
