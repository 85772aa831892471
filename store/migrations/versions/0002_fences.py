"""What keeps an attempt that was overtaken from writing, and an event that was lost from being missed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Writes that were acknowledged before are part of the bases; of the ledger nothing is certain."""
    op.add_column("intent", sa.Column("plan", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("intent", sa.Column("settled", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("twin", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ledger", sa.Column("certain", sa.Boolean(), nullable=False, server_default=sa.false()))
