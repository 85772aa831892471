"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "workspace",
    "system",
    "integration",
    "connection",
    "version",
    "trigger",
    "script_failure",
    "twin",
    "base",
    "trace",
    "sync_transaction",
    "outcome",
    "replica",
    "plan",
    "conflict",
    "intent",
    "inbox",
    "ledger",
    "cursor",
)


def upgrade() -> None:
    _configuration()
    _twins()
    _transactions()
    _writes_and_changes()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _configuration() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspace"),
    )
    op.create_table(
        "system",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("poll_seconds", sa.Float(), nullable=False),
        sa.Column("late_write_seconds", sa.Float(), nullable=False),
        sa.Column("search_lag_seconds", sa.Float(), nullable=True),
        sa.Column("calls_per_second", sa.Float(), nullable=False),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("webhook_secret", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.id"], name="fk_system_workspace_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_system"),
    )
    op.create_table(
        "integration",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("left_system", sa.String(), nullable=False),
        sa.Column("right_system", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["left_system"], ["system.id"], name="fk_integration_left_system_system"),
        sa.ForeignKeyConstraint(["right_system"], ["system.id"], name="fk_integration_right_system_system"),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.id"], name="fk_integration_workspace_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_integration"),
    )
    op.create_table(
        "connection",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("integration", sa.String(), nullable=False),
        sa.Column("left_system", sa.String(), nullable=False),
        sa.Column("right_system", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["integration"], ["integration.id"], name="fk_connection_integration_integration"),
        sa.ForeignKeyConstraint(["left_system"], ["system.id"], name="fk_connection_left_system_system"),
        sa.ForeignKeyConstraint(["right_system"], ["system.id"], name="fk_connection_right_system_system"),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.id"], name="fk_connection_workspace_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_connection"),
    )
    op.create_index("ix_connection_left_system", "connection", ["left_system"])
    op.create_index("ix_connection_right_system", "connection", ["right_system"])
    op.create_table(
        "version",
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["connection"], ["connection.id"], name="fk_version_connection_connection"),
        sa.PrimaryKeyConstraint("connection", "number", name="pk_version"),
    )
    op.create_table(
        "trigger",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection", "version"], ["version.connection", "version.number"], name="fk_trigger_connection_version_version"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_trigger"),
    )
    op.create_index("ix_trigger_connection_version", "trigger", ["connection", "version"])
    op.create_table(
        "script_failure",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("transaction", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(["connection"], ["connection.id"], name="fk_script_failure_connection_connection"),
        sa.PrimaryKeyConstraint("id", name="pk_script_failure"),
        sa.UniqueConstraint("connection", "version", "transaction", name="uq_script_failure_connection_version_transaction"),
    )


def _twins() -> None:
    op.create_table(
        "twin",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("left_item_id", sa.String(), nullable=True),
        sa.Column("left_key", sa.Text(), nullable=False),
        sa.Column("left_url", sa.Text(), nullable=False),
        sa.Column("right_item_id", sa.String(), nullable=True),
        sa.Column("right_key", sa.Text(), nullable=False),
        sa.Column("right_url", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["connection"], ["connection.id"], name="fk_twin_connection_connection"),
        sa.PrimaryKeyConstraint("id", name="pk_twin"),
    )
    op.create_index("ix_twin_connection_status", "twin", ["connection", "status"])
    op.create_index("ix_twin_held", "twin", ["connection", "id"], sqlite_where=sa.text("held"), postgresql_where=sa.text("held"))
    op.create_index("ix_twin_left_item_id", "twin", ["left_item_id"])
    op.create_index("ix_twin_right_item_id", "twin", ["right_item_id"])
    op.create_index(
        "uq_twin_left",
        "twin",
        ["connection", "left_item_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'unlinked'"),
        postgresql_where=sa.text("status <> 'unlinked'"),
    )
    op.create_index(
        "uq_twin_right",
        "twin",
        ["connection", "right_item_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'unlinked'"),
        postgresql_where=sa.text("status <> 'unlinked'"),
    )
    op.create_table(
        "base",
        sa.Column("twin", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["twin"], ["twin.id"], name="fk_base_twin_twin"),
        sa.PrimaryKeyConstraint("twin", "side", name="pk_base"),
    )
    op.create_table(
        "trace",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("twin", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("left_id", sa.String(), nullable=False),
        sa.Column("right_id", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["twin"], ["twin.id"], name="fk_trace_twin_twin"),
        sa.PrimaryKeyConstraint("id", name="pk_trace"),
        sa.UniqueConstraint("twin", "kind", "left_id", name="uq_trace_twin_kind_left_id"),
        sa.UniqueConstraint("twin", "kind", "right_id", name="uq_trace_twin_kind_right_id"),
    )


def _transactions() -> None:
    op.create_table(
        "sync_transaction",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("twin", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["twin"], ["twin.id"], name="fk_sync_transaction_twin_twin"),
        sa.PrimaryKeyConstraint("id", name="pk_sync_transaction"),
    )
    op.create_index(
        "ix_sync_transaction_open",
        "sync_transaction",
        ["id"],
        sqlite_where=sa.text("stage IN ('queued', 'held', 'error', 'fetched', 'transformed')"),
        postgresql_where=sa.text("stage IN ('queued', 'held', 'error', 'fetched', 'transformed')"),
    )
    op.create_index("ix_sync_transaction_twin_id", "sync_transaction", ["twin", "id"])
    op.create_table(
        "outcome",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("twin", sa.String(), nullable=False),
        sa.Column("transaction", BIG_ID, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("property", sa.String(), nullable=False),
        sa.Column("written", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["transaction"], ["sync_transaction.id"], name="fk_outcome_transaction_sync_transaction"),
        sa.ForeignKeyConstraint(["twin"], ["twin.id"], name="fk_outcome_twin_twin"),
        sa.PrimaryKeyConstraint("id", name="pk_outcome"),
        sa.UniqueConstraint("transaction", "property", name="uq_outcome_transaction_property"),
    )
    op.create_index("ix_outcome_twin_written", "outcome", ["twin", "written"])
    op.create_table(
        "replica",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("twin", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("transaction", BIG_ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["transaction"], ["sync_transaction.id"], name="fk_replica_transaction_sync_transaction"),
        sa.ForeignKeyConstraint(["twin"], ["twin.id"], name="fk_replica_twin_twin"),
        sa.PrimaryKeyConstraint("id", name="pk_replica"),
        sa.UniqueConstraint("twin", "source", "sequence", name="uq_replica_twin_source_sequence"),
    )
    op.create_table(
        "plan",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("twin", sa.String(), nullable=False),
        sa.Column("transaction", BIG_ID, nullable=False),
        sa.Column("replica", BIG_ID, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["replica"], ["replica.id"], name="fk_plan_replica_replica"),
        sa.ForeignKeyConstraint(["transaction"], ["sync_transaction.id"], name="fk_plan_transaction_sync_transaction"),
        sa.ForeignKeyConstraint(["twin"], ["twin.id"], name="fk_plan_twin_twin"),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
    )
    op.create_index("ix_plan_twin", "plan", ["twin"])
    op.create_table(
        "conflict",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("twin", sa.String(), nullable=False),
        sa.Column("transaction", BIG_ID, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("winner", sa.String(), nullable=True),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("resolved", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["transaction"], ["sync_transaction.id"], name="fk_conflict_transaction_sync_transaction"),
        sa.ForeignKeyConstraint(["twin"], ["twin.id"], name="fk_conflict_twin_twin"),
        sa.PrimaryKeyConstraint("id", name="pk_conflict"),
    )
    op.create_index(
        "ix_conflict_open", "conflict", ["id"], sqlite_where=sa.text("resolved IS NULL"), postgresql_where=sa.text("resolved IS NULL")
    )
    op.create_index("ix_conflict_twin_subject", "conflict", ["twin", "subject"])


def _writes_and_changes() -> None:
    op.create_table(
        "intent",
        sa.Column("op", sa.String(), nullable=False),
        sa.Column("twin", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("recovering_since", MOMENT, nullable=True),
        sa.Column("acknowledgement", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["twin"], ["twin.id"], name="fk_intent_twin_twin"),
        sa.PrimaryKeyConstraint("op", name="pk_intent"),
    )
    op.create_index("ix_intent_twin_target_status", "intent", ["twin", "target", "status"])
    op.create_table(
        "inbox",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("delivery", sa.String(), nullable=False),
        sa.Column("item_id", sa.String(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("marker", sa.String(), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received", MOMENT, nullable=False),
        sa.Column("routed", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["system"], ["system.id"], name="fk_inbox_system_system"),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("system", "delivery", "item_id", "version", "deleted", name="uq_inbox_system_delivery_item_id_version_deleted"),
    )
    op.create_index(
        "ix_inbox_pending",
        "inbox",
        ["system", "attempts", "id"],
        sqlite_where=sa.text("routed IS NULL"),
        postgresql_where=sa.text("routed IS NULL"),
    )
    op.create_index("ix_inbox_routed", "inbox", ["routed"])
    op.create_table(
        "ledger",
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["system"], ["system.id"], name="fk_ledger_system_system"),
        sa.PrimaryKeyConstraint("system", "item", "version", name="pk_ledger"),
    )
    op.create_index("ix_ledger_created", "ledger", ["created"])
    op.create_table(
        "cursor",
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["system"], ["system.id"], name="fk_cursor_system_system"),
        sa.PrimaryKeyConstraint("system", "scope", name="pk_cursor"),
    )
