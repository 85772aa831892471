"""The tables. Values that have a frozen model are kept as its JSON in text columns named `content` or after the value."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, MetaData, Text, false, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from store.columns import BigId, Moment, Prose

_LIVE = text("status <> 'unlinked'")
_OPEN_STAGES = text("stage IN ('queued', 'held', 'error', 'fetched', 'transformed')")


class Table(SQLModel):
    """Base of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Workspace(Table, table=True):
    id: str = Field(primary_key=True)
    created: datetime = Field(sa_type=Moment)


class System(Table, table=True):
    """`credentials` and `webhook_secret` are ciphertexts, empty where nothing is set."""

    id: str = Field(primary_key=True)
    workspace: str = Field(foreign_key="workspace.id")
    kind: str
    url: str
    poll_seconds: float
    late_write_seconds: float
    search_lag_seconds: float | None = None
    calls_per_second: float
    quota_share: float = Field(default=1.0, sa_column_kwargs={"server_default": "1.0"})
    credentials: str = Field(default="", sa_type=Text)
    webhook_secret: str = Field(default="", sa_type=Text)


class Integration(Table, table=True):
    id: str = Field(primary_key=True)
    workspace: str = Field(foreign_key="workspace.id")
    left_system: str = Field(foreign_key="system.id")
    right_system: str = Field(foreign_key="system.id")
    capacity: int | None = None
    plan: str | None = None


class Connection(Table, table=True):
    """The systems are those of the integration, repeated so that an item finds its twins in one join. `version` is the active one.

    `status` follows from the switches unless it is Pending or Error. `name` is what people call it; the id stays.
    `since` is when it went into Error last.
    """

    __table_args__ = (Index(None, "left_system"), Index(None, "right_system"), Index("uq_connection_name", "name", unique=True))

    id: str = Field(primary_key=True)
    workspace: str = Field(foreign_key="workspace.id")
    integration: str = Field(foreign_key="integration.id")
    left_system: str = Field(foreign_key="system.id")
    right_system: str = Field(foreign_key="system.id")
    status: str
    reason: str = Field(default="", sa_type=Prose)
    version: int
    left_active: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    right_active: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    halted: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    since: datetime | None = Field(default=None, sa_type=Moment)


class Version(Table, table=True):
    connection: str = Field(primary_key=True, foreign_key="connection.id")
    number: int = Field(primary_key=True)
    status: str
    content: str = Field(sa_type=Text)
    created: datetime = Field(sa_type=Moment)
    created_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    published: datetime | None = Field(default=None, sa_type=Moment)
    published_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    note: str = Field(default="", sa_type=Prose, sa_column_kwargs={"server_default": ""})
    made_from: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Trigger(Table, table=True):
    __table_args__ = (
        ForeignKeyConstraint(["connection", "version"], ["version.connection", "version.number"]),
        Index(None, "connection", "version"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    connection: str
    version: int
    side: str
    query: str = Field(sa_type=Text)


class ScriptFailure(Table, table=True):
    """Consecutive failures of a version's scripts. Failures without a transaction are all distinct, as NULLs are in an index."""

    __tablename__ = "script_failure"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("connection", "version", "transaction"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    connection: str = Field(foreign_key="connection.id")
    version: int
    transaction: int | None = Field(default=None, sa_type=BigId)


class Twin(Table, table=True):
    __table_args__ = (
        Index("uq_twin_left", "connection", "left_item_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("uq_twin_right", "connection", "right_item_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index(None, "left_item_id"),
        Index(None, "right_item_id"),
        Index(None, "connection", "status"),
        Index(None, "updated"),
        Index("ix_twin_held", "connection", "id", sqlite_where=text("held"), postgresql_where=text("held")),
    )

    id: str = Field(primary_key=True)
    connection: str = Field(foreign_key="connection.id")
    origin: str
    left_item_id: str | None = None
    left_key: str = Field(default="", sa_type=Prose)
    left_url: str = Field(default="", sa_type=Prose)
    right_item_id: str | None = None
    right_key: str = Field(default="", sa_type=Prose)
    right_url: str = Field(default="", sa_type=Prose)
    status: str
    reason: str = Field(default="", sa_type=Prose)
    held: bool = False
    title: str = Field(default="", sa_type=Prose)
    created: datetime = Field(sa_type=Moment)
    updated: datetime = Field(sa_type=Moment)
    revision: int = 0


class Base(Table, table=True):
    twin: str = Field(primary_key=True, foreign_key="twin.id")
    side: str = Field(primary_key=True)
    content: str = Field(sa_type=Text)


class Trace(Table, table=True):
    __table_args__ = (UniqueConstraint("twin", "kind", "left_id"), UniqueConstraint("twin", "kind", "right_id"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    twin: str = Field(foreign_key="twin.id")
    kind: str
    left_id: str
    right_id: str
    content: str = Field(sa_type=Text)


class Transaction(Table, table=True):
    __tablename__ = "sync_transaction"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index(None, "twin", "id"),
        Index("ix_sync_transaction_open", "id", sqlite_where=_OPEN_STAGES, postgresql_where=_OPEN_STAGES),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    twin: str = Field(foreign_key="twin.id")
    source: str
    stage: str
    version: int = 0
    summary: str = Field(default="", sa_type=Prose)
    reason: str = Field(default="", sa_type=Prose)
    forced: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    attempts: int = 0
    created: datetime = Field(sa_type=Moment)
    updated: datetime = Field(sa_type=Moment)


class Outcome(Table, table=True):
    """A property that a transaction wrote."""

    __table_args__ = (UniqueConstraint("transaction", "property"), Index(None, "twin", "written"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    twin: str = Field(foreign_key="twin.id")
    transaction: int = Field(foreign_key="sync_transaction.id", sa_type=BigId)
    source: str
    property: str
    written: datetime = Field(sa_type=Moment)


class Replica(Table, table=True):
    __table_args__ = (UniqueConstraint("twin", "source", "sequence"), Index(None, "transaction"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    twin: str = Field(foreign_key="twin.id")
    source: str
    sequence: int
    transaction: int = Field(foreign_key="sync_transaction.id", sa_type=BigId)
    version: int
    payload: str = Field(sa_type=Text)
    item: str = Field(sa_type=Text)
    created: datetime = Field(sa_type=Moment)


class Plan(Table, table=True):
    __table_args__ = (Index(None, "twin"), Index(None, "transaction"), Index(None, "replica"))

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    twin: str = Field(foreign_key="twin.id")
    transaction: int = Field(foreign_key="sync_transaction.id", sa_type=BigId)
    replica: int = Field(foreign_key="replica.id", sa_type=BigId)
    content: str = Field(sa_type=Text)
    created: datetime = Field(sa_type=Moment)


class Intent(Table, table=True):
    __table_args__ = (Index(None, "twin", "target", "status"),)

    op: str = Field(primary_key=True)
    twin: str = Field(foreign_key="twin.id")
    target: str
    step: str = Field(sa_type=Text)
    status: str
    sends: int = 0
    reason: str = Field(default="", sa_type=Prose)
    created: datetime = Field(sa_type=Moment)
    recovering_since: datetime | None = Field(default=None, sa_type=Moment)
    acknowledgement: str | None = Field(default=None, sa_type=Text)
    plan: int = Field(default=0, sa_type=BigId)
    settled: bool = False


class Conflict(Table, table=True):
    """Open while `resolved` is empty. One that is closed without a winner was overtaken by later edits.

    `restoration` tells what became of the wish to have the loser back, which `winner` names from then on.
    """

    __table_args__ = (
        Index(None, "twin", "subject"),
        Index(None, "transaction"),
        Index("ix_conflict_open", "id", sqlite_where=text("resolved IS NULL"), postgresql_where=text("resolved IS NULL")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    twin: str = Field(foreign_key="twin.id")
    transaction: int = Field(foreign_key="sync_transaction.id", sa_type=BigId)
    subject: str
    content: str = Field(sa_type=Text)
    winner: str | None = None
    who: str = ""
    created: datetime = Field(sa_type=Moment)
    resolved: datetime | None = Field(default=None, sa_type=Moment)
    restoration: str | None = None


class Inbox(Table, table=True):
    __table_args__ = (
        UniqueConstraint("system", "delivery", "item_id", "version", "deleted"),
        Index("ix_inbox_pending", "system", "attempts", "id", sqlite_where=text("routed IS NULL"), postgresql_where=text("routed IS NULL")),
        Index(None, "routed"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    system: str = Field(foreign_key="system.id")
    delivery: str
    item_id: str
    key: str = Field(default="", sa_type=Prose)
    version: str = ""
    marker: str | None = None
    deleted: bool = False
    attempts: int = 0
    received: datetime = Field(sa_type=Moment)
    routed: datetime | None = Field(default=None, sa_type=Moment)


class Ledger(Table, table=True):
    """A version that a platform gave to our own write."""

    __table_args__ = (Index(None, "created"),)

    system: str = Field(primary_key=True, foreign_key="system.id")
    item: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    certain: bool = False
    created: datetime = Field(sa_type=Moment)


class Cursor(Table, table=True):
    system: str = Field(primary_key=True, foreign_key="system.id")
    scope: str = Field(primary_key=True)
    cursor: str = Field(sa_type=Text)
    updated: datetime = Field(sa_type=Moment)


class Hook(Table, table=True):
    """The last look at the webhooks of a part of a system; `hooks` is a list of states as JSON."""

    system: str = Field(primary_key=True, foreign_key="system.id")
    scope: str = Field(primary_key=True)
    address: str = Field(default="", sa_type=Text)
    hooks: str = Field(sa_type=Text)
    note: str = Field(default="", sa_type=Prose)
    checked: datetime = Field(sa_type=Moment)


class Awaited(Table, table=True):
    """The id of an item of that side, for whose copy the twin's rule asked before there was one; `told` once that is there."""

    twin: str = Field(primary_key=True, foreign_key="twin.id")
    side: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    told: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
