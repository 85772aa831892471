"""Column types that behave alike on SQLite and PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine


class BigId(TypeDecorator[int]):
    """A rising number; SQLite counts up only what it calls INTEGER."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[int]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())


class Moment(TypeDecorator[datetime]):
    """A point in time. Goes in with any zone, comes out in UTC; a time without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = utc(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Prose(TypeDecorator[str]):
    """Text from outside. PostgreSQL cannot hold the character NUL, so it is left out."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else prose(value)


def utc(moment: datetime) -> datetime:
    """Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC)


def prose(text: str) -> str:
    """The text as it is stored."""
    return text.replace("\0", "")


def now() -> datetime:
    return datetime.now(UTC)


def row_id(id: int | None) -> int:  # noqa: A002
    """The number that the database gave to a row that was written or read."""
    assert id is not None, "the row was not written"  # noqa: S101
    return id
