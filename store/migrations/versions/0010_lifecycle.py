"""Both ends of a connection are switched by themselves, people may call it by another name; capacities and plans of integrations; the
database's home."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_SWITCHES = ("left_active", "right_active", "halted")


def upgrade() -> None:
    for name in _SWITCHES:
        op.add_column("connection", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("connection", sa.Column("name", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE connection SET name = id")
    op.execute("UPDATE connection SET left_active = true, right_active = true WHERE status IN ('Active', 'Error')")
    op.create_index("uq_connection_name", "connection", ["name"], unique=True)
    op.add_column("integration", sa.Column("capacity", sa.Integer(), nullable=True))
    op.add_column("integration", sa.Column("plan", sa.String(), nullable=True))
    op.create_table(
        "subscription_plan",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("features", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.id"], name="fk_subscription_plan_workspace_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_subscription_plan"),
    )
    op.create_table(
        "home",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("temporal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_home"),
    )


def downgrade() -> None:
    op.drop_table("home")
    op.drop_table("subscription_plan")
    op.drop_column("integration", "plan")
    op.drop_column("integration", "capacity")
    op.drop_index("uq_connection_name", "connection")
    for name in ("name", *_SWITCHES):
        op.drop_column("connection", name)
