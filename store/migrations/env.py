"""Runs migrations on the connection that the caller hands over, inside the caller's transaction."""

from alembic import context
from sqlalchemy import Connection

from store.tables import Table


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
