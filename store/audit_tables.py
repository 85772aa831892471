"""The tables of the audit log. Triggers of its migration keep rows as they were written."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from store.columns import BigId, Moment, Prose
from store.tables import Table


class Audit(Table, table=True):
    """`before` and `after` are JSON."""

    __table_args__ = (Index(None, "moment"), Index(None, "subject", "id"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    workspace: str = ""
    moment: datetime = Field(sa_type=Moment)
    who: str = Field(default="", sa_type=Prose)
    address: str = Field(default="", sa_type=Prose)
    operation: str
    subject: str = Field(default="", sa_type=Prose)
    before: str = Field(sa_type=Text)
    after: str = Field(sa_type=Text)
    outcome: str
    reason: str = Field(default="", sa_type=Prose)
    previous: str = Field(default="", sa_column_kwargs={"server_default": ""})
    key_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    hash: str = Field(default="", sa_column_kwargs={"server_default": ""})


class AuditChain(Table, table=True):
    """Where the entries of a workspace begin and end, with a hash of that under the key."""

    __tablename__ = "audit_chain"  # pyright: ignore[reportAssignmentType]

    workspace: str = Field(primary_key=True)
    begin: str = ""
    head: str = ""
    entries: int = 0
    key_id: str
    hash: str
