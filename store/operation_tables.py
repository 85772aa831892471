"""The tables of operations on many items. They are a record, and stay when the connection or the twins that they name are gone."""

from datetime import datetime

from sqlalchemy import Index, Text, false
from sqlmodel import Field, UniqueConstraint

from store.columns import BigId, Moment, Prose
from store.tables import Table


class Operation(Table, table=True):
    __table_args__ = (Index(None, "connection"),)

    id: str = Field(primary_key=True)
    workspace: str = Field(foreign_key="workspace.id")
    connection: str
    kind: str
    parameters: str = Field(sa_type=Text)
    status: str
    reason: str = Field(default="", sa_type=Prose)
    collected: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    who: str = Field(default="", sa_type=Prose)
    started: datetime = Field(sa_type=Moment)
    ended: datetime | None = Field(default=None, sa_type=Moment)


class OperationSource(Table, table=True):
    """The file whose lines are the items of an operation, until all of them are recorded."""

    __tablename__ = "operation_source"  # pyright: ignore[reportAssignmentType]

    operation: str = Field(primary_key=True, foreign_key="operation.id")
    content: str = Field(sa_type=Text)


class OperationItem(Table, table=True):
    """`transaction` is the last one that the item's twin had to finish when it was queued; 0 where there was none."""

    __tablename__ = "operation_item"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("operation", "mark"),
        Index(None, "operation", "state", "number"),
        Index(None, "operation", "updated"),
    )

    operation: str = Field(primary_key=True, foreign_key="operation.id")
    number: int = Field(primary_key=True)
    mark: str = Field(sa_type=Prose)
    subject: str = Field(sa_type=Prose)
    target: str = Field(sa_type=Text)
    state: str
    reason: str = Field(default="", sa_type=Prose)
    twin: str = ""
    transaction: int = Field(default=0, sa_type=BigId)
    updated: datetime = Field(sa_type=Moment)
