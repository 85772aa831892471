"""The table of where the database is at home."""

from sqlmodel import Field

from store.tables import Table


class Home(Table, table=True):
    """One row: what told this database from a copy of it when it was last opened, and the Temporal that it was used with."""

    id: str = Field(primary_key=True)
    place: str
    temporal: str = ""
