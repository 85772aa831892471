"""The table of requests that may be repeated."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field

from store.columns import Moment
from store.tables import Table


class Request(Table, table=True):
    """`key` and `fingerprint` are digests under the master key; `answer` is a ciphertext, empty while the request is under way."""

    __table_args__ = (Index(None, "created"),)

    key: str = Field(primary_key=True)
    fingerprint: str
    answer: str = Field(default="", sa_type=Text)
    created: datetime = Field(sa_type=Moment)
