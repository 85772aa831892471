"""Entries of the audit log carry their hash and that of the entry before; those that are there are chained in their order."""

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_AT_ONCE = 500

_AUDIT = sa.table(
    "audit",
    sa.column("id", sa.BigInteger()),
    sa.column("moment", sa.DateTime(timezone=True)),
    *(
        sa.column(name, sa.Text())
        for name in ("workspace", "who", "address", "operation", "subject", "before", "after", "outcome", "reason", "previous", "hash")
    ),
)
_CHAIN = sa.table("audit_chain", sa.column("workspace", sa.String()), sa.column("begin", sa.String()), sa.column("head", sa.String()))

_UNCHANGED = "CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"


def upgrade() -> None:
    op.create_table(
        "audit_chain",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("begin", sa.String(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name="pk_audit_chain"),
    )
    op.add_column("audit", sa.Column("previous", sa.String(), nullable=False, server_default=""))
    op.add_column("audit", sa.Column("hash", sa.String(), nullable=False, server_default=""))
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute("ALTER TABLE audit DISABLE TRIGGER audit_unchanged" if on_postgresql else "DROP TRIGGER audit_unchanged")
    _chain()
    op.execute("ALTER TABLE audit ENABLE TRIGGER audit_unchanged" if on_postgresql else _UNCHANGED)


def downgrade() -> None:
    op.drop_column("audit", "hash")
    op.drop_column("audit", "previous")
    op.drop_table("audit_chain")


def _chain() -> None:
    connection, number, heads = op.get_bind(), 0, dict[str, str]()
    page = sa.select(_AUDIT).order_by(_AUDIT.c.id).limit(_AT_ONCE)
    link = sa.update(_AUDIT).where(_AUDIT.c.id == sa.bindparam("number"))
    link = link.values(previous=sa.bindparam("former"), hash=sa.bindparam("own"))
    while rows := connection.execute(page.where(_AUDIT.c.id > number)).mappings().all():
        links: list[dict[str, object]] = []
        for row in rows:
            former = heads.get(row["workspace"], "")
            heads[row["workspace"]] = own = _digest(row, former)
            links.append({"number": row["id"], "former": former, "own": own})
        connection.execute(link, links)
        number = rows[-1]["id"]
    if heads:
        connection.execute(sa.insert(_CHAIN), [{"workspace": name, "begin": "", "head": head} for name, head in heads.items()])


def _digest(row: sa.RowMapping, previous: str) -> str:
    """The hash as of this revision."""
    texts = {name: row[name] for name in ("workspace", "who", "address", "operation", "subject", "outcome", "reason")}
    values = {name: json.loads(row[name]) for name in ("before", "after")}
    content = {**texts, **values, "moment": _utc(row["moment"]), "previous": previous}
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _utc(moment: datetime) -> str:
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.astimezone(UTC).isoformat().replace("+00:00", "Z")
