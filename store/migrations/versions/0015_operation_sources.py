"""Files of operations that are still to be recorded, since when a connection is in Error, and twins by when they changed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "operation_source",
        sa.Column("operation", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["operation"], ["operation.id"], name="fk_operation_source_operation_operation"),
        sa.PrimaryKeyConstraint("operation", name="pk_operation_source"),
    )
    op.add_column("connection", sa.Column("since", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_twin_updated", "twin", ["updated"])


def downgrade() -> None:
    op.drop_index("ix_twin_updated", "twin")
    op.drop_column("connection", "since")
    op.drop_table("operation_source")
