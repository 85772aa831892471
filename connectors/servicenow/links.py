"""References between tasks, as links that are read only; they are written as the columns that they are. Pure."""

from pydantic import JsonValue

from connectors.servicenow.payloads import Row
from connectors.servicenow.tables import Table
from model.links import LinkType

REFERENCES = {
    "problem_id": LinkType(name="Problem", outward="causes", inward="is caused by"),
    "caused_by": LinkType(name="Caused by Change", outward="causes", inward="is caused by"),
    "rfc": LinkType(name="Change Request", outward="resolves", inward="is resolved by"),
    "parent_incident": LinkType(name="Parent Incident", outward="parent of", inward="child of"),
}
"""By column: what the record that it refers to is to this one, and this one to it."""


def links(table: Table, row: Row) -> list[JsonValue]:
    """To records of the tables that the columns refer to, in the form of item ids."""
    return [
        kind.link(f"{column.reference}/{row.raw(name)}", outward=False)
        for name, kind in REFERENCES.items()
        if (column := table.columns.get(name)) is not None and column.kind == "reference" and row.raw(name)
    ]
