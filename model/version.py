"""A version of a connection's configuration, as store, operations and API see it."""

from datetime import datetime

from pydantic import Field

from model.configuration import Configuration
from model.frozen import Frozen
from model.words import VersionStatus


class VersionRecord(Frozen):
    """`made_from` is the number of the version that it began as a copy of, 0 for a connection's first one.

    `note` says why: of a draft why it was begun, of a published one why it was published. Names of people are empty where nobody had
    to log in.
    """

    connection: str
    number: int
    status: VersionStatus
    made_from: int = 0
    created: datetime
    created_by: str = ""
    published: datetime | None = None
    published_by: str = ""
    note: str = ""


class Version(VersionRecord):
    """With its content, which changes only while it is a draft."""

    configuration: Configuration = Field(repr=False)
