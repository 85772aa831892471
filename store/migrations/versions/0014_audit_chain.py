"""Entries of the audit log carry their hash and that of the entry before, under a key that is not here: those that are there get none."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "audit_chain",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("begin", sa.String(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name="pk_audit_chain"),
    )
    for name in ("previous", "key_id", "hash"):
        op.add_column("audit", sa.Column(name, sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("hash", "key_id", "previous"):
        op.drop_column("audit", name)
    op.drop_table("audit_chain")
