"""The tables of members and their tokens."""

from datetime import datetime

from sqlalchemy import Index, false
from sqlmodel import Field, UniqueConstraint

from store.columns import Moment
from store.tables import Table


class Member(Table, table=True):
    __table_args__ = (UniqueConstraint("workspace", "name"),)

    id: str = Field(primary_key=True)
    workspace: str = Field(foreign_key="workspace.id")
    name: str
    role: str
    created: datetime = Field(sa_type=Moment)


class Token(Table, table=True):
    """`digest` is what is kept of the token itself: it lets nobody in."""

    __table_args__ = (Index(None, "member"),)

    id: str = Field(primary_key=True)
    member: str = Field(foreign_key="member.id")
    digest: str
    role: str
    read_only: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    created: datetime = Field(sa_type=Moment)
    expires: datetime = Field(sa_type=Moment)
    used: datetime | None = Field(default=None, sa_type=Moment)
    revoked: datetime | None = Field(default=None, sa_type=Moment)
