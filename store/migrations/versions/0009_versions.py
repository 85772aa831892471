"""Who made and published a version, when and why, and which one it was made from."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    for name in ("created_by", "published_by"):
        op.add_column("version", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("version", sa.Column("note", sa.Text(), nullable=False, server_default=""))
    op.add_column("version", sa.Column("published", sa.DateTime(timezone=True), nullable=True))
    op.add_column("version", sa.Column("made_from", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE version SET published = created, made_from = number - 1")


def downgrade() -> None:
    for name in ("made_from", "published", "note", "published_by", "created_by"):
        op.drop_column("version", name)
