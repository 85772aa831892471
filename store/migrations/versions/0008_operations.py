"""Operations on many items."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

MOMENT = sa.DateTime(timezone=True)
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "operation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("connection", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("collected", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("ended", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.id"], name="fk_operation_workspace_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_operation"),
    )
    op.create_index("ix_operation_connection", "operation", ["connection"])
    op.create_table(
        "operation_item",
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("twin", sa.String(), nullable=False),
        sa.Column("transaction", BIG_ID, nullable=False),
        sa.Column("updated", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["operation"], ["operation.id"], name="fk_operation_item_operation_operation"),
        sa.PrimaryKeyConstraint("operation", "number", name="pk_operation_item"),
        sa.UniqueConstraint("operation", "mark", name="uq_operation_item_operation_mark"),
    )
    op.create_index("ix_operation_item_operation_state_number", "operation_item", ["operation", "state", "number"])
    op.create_index("ix_operation_item_operation_updated", "operation_item", ["operation", "updated"])


def downgrade() -> None:
    op.drop_table("operation_item")
    op.drop_table("operation")
