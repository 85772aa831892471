"""The versions of connections: drafts, the active one, and those that were."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.configuration import Configuration
from model.version import Version, VersionRecord
from model.words import VersionStatus
from store import tables
from store.database import Database
from store.locks import lock_configuration
from store.matching import make_active, next_number
from store.refusals import edited_meanwhile, not_a_draft, not_archived, outdated, unknown_version
from store.uninterrupted import uninterrupted


@uninterrupted
class Versions:
    """Every method raises BadInput for a version that there is not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listing(self, connection: str, limit: int, after: int = 0) -> tuple[VersionRecord, ...]:
        """Newest first; `after` is the number of the last one of the page before."""
        of_connection = select(tables.Version).where(tables.Version.connection == connection)
        if after:
            of_connection = of_connection.where(tables.Version.number < after)
        async with self._database.reading() as session:
            rows = await session.exec(of_connection.order_by(col(tables.Version.number).desc()).limit(limit))
            return tuple(VersionRecord.model_validate(row.model_dump(exclude={"content"})) for row in rows)

    async def get(self, connection: str, number: int) -> Version:
        async with self._database.reading() as session:
            return _version(await _row(session, connection, number))

    async def draft(self, connection: str, made_from: int, who: str, note: str) -> Version:
        """A new draft, which is a copy of version `made_from`."""
        async with self._database.writing() as session:
            await lock_configuration(session, (connection,), ())
            return _version(await _copy(session, await _row(session, connection, made_from), who, note, self._database.now()))

    async def edit(self, connection: str, number: int, before: Configuration, after: Configuration) -> Version:
        """Replace a draft's content. BadInput where it is no draft, or its content is not `before`."""
        async with self._database.writing() as session:
            await lock_configuration(session, (connection,), ())
            row = await _draft(session, connection, number)
            if Configuration.model_validate_json(row.content) != before:
                raise edited_meanwhile(connection, number)
            row.content = after.model_dump_json()
            return _version(row)

    async def discard(self, connection: str, number: int) -> Version:
        """Forget a draft; returns what it was. BadInput where it is none."""
        async with self._database.writing() as session:
            await lock_configuration(session, (connection,), ())
            row = await _draft(session, connection, number)
            await session.delete(row)
            return _version(row)

    async def publish(self, connection: str, number: int, who: str, note: str, *, content: Configuration, anyway: bool = False) -> Version:
        """Make a draft of that `content` the active version, and the active one an archived one, in one transaction.

        BadInput where it is no draft, its content is another one by now, or, unless `anyway`, the version that it was made from is no
        longer the active one.
        """
        async with self._database.writing() as session:
            await lock_configuration(session, (connection,), ())
            row = await _draft(session, connection, number)
            owner = await session.get_one(tables.Connection, connection)
            if Configuration.model_validate_json(row.content) != content:
                raise edited_meanwhile(connection, number)
            if row.made_from != owner.version and not anyway:
                raise outdated(connection, number, row.made_from, owner.version)
            row.note = note or row.note
            await make_active(session, owner, row, who, self._database.now())
            return _version(row)

    async def publish_again(self, connection: str, number: int, who: str, note: str) -> Version:
        """Publish an archived version once more, as a new one of the same content. BadInput where it is not archived."""
        async with self._database.writing() as session:
            await lock_configuration(session, (connection,), ())
            archived, moment = await _row(session, connection, number), self._database.now()
            if archived.status != VersionStatus.ARCHIVED:
                raise not_archived(connection, number, archived.status)
            copy = await _copy(session, archived, who, note, moment)
            await make_active(session, await session.get_one(tables.Connection, connection), copy, who, moment)
            return _version(copy)


async def _row(session: AsyncSession, connection: str, number: int) -> tables.Version:
    row = await session.get(tables.Version, (connection, number))
    if row is None:
        raise unknown_version(connection, number)
    return row


async def _draft(session: AsyncSession, connection: str, number: int) -> tables.Version:
    row = await _row(session, connection, number)
    if row.status != VersionStatus.DRAFT:
        raise not_a_draft(connection, number, row.status)
    return row


async def _copy(session: AsyncSession, original: tables.Version, who: str, note: str, now: datetime) -> tables.Version:
    copy = tables.Version(
        connection=original.connection,
        number=await next_number(session, original.connection),
        status=VersionStatus.DRAFT,
        content=original.content,
        created=now,
        created_by=who,
        note=note,
        made_from=original.number,
    )
    session.add(copy)
    await session.flush()
    return copy


def _version(row: tables.Version) -> Version:
    configuration = Configuration.model_validate_json(row.content)
    return Version.model_validate({**row.model_dump(exclude={"content"}), "configuration": configuration})
