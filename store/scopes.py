"""What a caller may see: the rows of his workspace."""

from sqlalchemy import ColumnElement, true
from sqlmodel import col, select

from store import tables


def in_workspace(column: str, workspace: str | None) -> ColumnElement[bool]:
    """Rows whose `column` is the workspace; all where that is None."""
    return true() if workspace is None else col(column) == workspace


def of_workspace(connection: str, workspace: str) -> ColumnElement[bool]:
    """Rows whose column `connection` names a connection of the workspace."""
    return col(connection).in_(select(tables.Connection.id).where(tables.Connection.workspace == workspace))
