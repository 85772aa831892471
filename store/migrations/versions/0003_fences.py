"""What keeps an attempt that was overtaken from writing, and an event that was lost from being missed."""

import sqlalchemy as sa
from alembic import op

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Writes that were acknowledged before are part of the bases; of the ledger nothing is certain."""
    op.add_column("intent", sa.Column("plan", BIG_ID, nullable=False, server_default="0"))
    op.add_column("intent", sa.Column("settled", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("twin", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ledger", sa.Column("certain", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for table, column in (("ledger", "certain"), ("twin", "revision"), ("intent", "settled"), ("intent", "plan")):
        op.drop_column(table, column)
