"""Items for whose copies rules asked in vain."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "awaited",
        sa.Column("twin", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["twin"], ["twin.id"], name="fk_awaited_twin_twin"),
        sa.PrimaryKeyConstraint("twin", "side", "item", name="pk_awaited"),
    )


def downgrade() -> None:
    op.drop_table("awaited")
