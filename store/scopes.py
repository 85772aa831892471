"""What a caller may see: the rows of his workspace."""

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from store import tables


def of_workspace(connection: str, workspace: str) -> ColumnElement[bool]:
    """Rows whose column `connection` names a connection of the workspace."""
    return col(connection).in_(select(tables.Connection.id).where(tables.Connection.workspace == workspace))
