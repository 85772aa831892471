"""Indexes of the references that a pruned row is looked for in."""

from alembic import op

revision = "0002"
down_revision = "0001"

INDEXES = (("replica", "transaction"), ("plan", "transaction"), ("plan", "replica"), ("conflict", "transaction"))


def upgrade() -> None:
    for table, column in INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in INDEXES:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
