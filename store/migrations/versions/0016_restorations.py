"""What became of the wish to have the value back that lost a conflict."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("conflict", sa.Column("restoration", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("conflict", "restoration")
