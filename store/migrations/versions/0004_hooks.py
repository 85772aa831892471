"""What was found when webhooks were last looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "hook",
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("hooks", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("checked", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["system"], ["system.id"], name="fk_hook_system_system"),
        sa.PrimaryKeyConstraint("system", "scope", name="pk_hook"),
    )


def downgrade() -> None:
    op.drop_table("hook")
