"""The part of a platform's quota that is ours."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("system", sa.Column("quota_share", sa.Float(), nullable=False, server_default="1.0"))


def downgrade() -> None:
    op.drop_column("system", "quota_share")
