"""Both ends of a connection are switched by themselves, and people may call it by another name."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_SWITCHES = ("left_active", "right_active", "halted")


def upgrade() -> None:
    for name in _SWITCHES:
        op.add_column("connection", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("connection", sa.Column("name", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE connection SET name = id")
    op.execute("UPDATE connection SET left_active = true, right_active = true WHERE status IN ('Active', 'Error')")
    op.create_index("uq_connection_name", "connection", ["name"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_connection_name", "connection")
    for name in ("name", *_SWITCHES):
        op.drop_column("connection", name)
