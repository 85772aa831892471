"""Twins: pairs of items under sync, and all that their two sides agreed on."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlalchemy.orm import Mapped
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from model.agreement import Base, Trace
from model.item import ItemRef
from model.pairing import Pairing
from model.settlement import Settlement
from model.twin import Twin, TwinState
from model.words import ConnectionStatus, Side, TwinStatus
from store import tables
from store.capacity import require_room
from store.columns import prose
from store.database import Database
from store.locks import locked_twin, steady_status
from store.neglected import Neglected, held_ones, neglected_ones, unbegun_ones
from store.refusals import unknown_twin
from store.scopes import of_workspace
from store.settling import put_item, settle, trace_row
from store.transactions import discard_queue
from store.uninterrupted import uninterrupted
from store.upsert import insert_missing, put

_LIVE = col(tables.Twin.status) != TwinStatus.UNLINKED
_AT_ONCE = 500
"""Values in one query."""


@uninterrupted
class Twins:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(self, connection: str, origin: Side, ref: ItemRef, title: str = "", *, anew: bool = True) -> Twin | None:
        """A new twin of that item, or None where a live twin of the connection has the item on that side.

        Also None, unless `anew`, where one had it that is unlinked by now. Raises OverCapacity where the integration has no room for it.
        """
        async with self._database.writing() as session:
            if not anew and await was_unlinked(session, connection, origin, ref.id):
                return None
            row = new_twin(self._database, connection, origin, title)
            put_item(row, origin, ref)
            if not await insert_missing(session, [row]):
                return None
            await require_room(session, connection)
            return stored_twin(row)

    async def pair(self, pairing: Pairing) -> Twin | None:
        """A new twin of two items with its base and traces, or None where a live twin of the connection has one of them on that side.

        Raises OverCapacity where the integration has no room for it.
        """
        async with self._database.writing() as session:
            row = await paired(session, self._database, pairing)
            return stored_twin(row) if row else None

    async def get(self, id: str) -> Twin:  # noqa: A002
        """BadInput for one that the caller may not see, as if there were none."""
        query = select(tables.Twin).where(tables.Twin.id == id)
        if self._database.workspace is not None:
            query = query.where(of_workspace(tables.Twin.connection, self._database.workspace))
        async with self._database.reading() as session:
            return stored_twin(_known(id, (await session.exec(query)).first()))

    async def find(self, id: str) -> Twin | None:  # noqa: A002
        async with self._database.reading() as session:
            row = await session.get(tables.Twin, id)
        return stored_twin(row) if row else None

    async def by_item(self, system_id: str, item_id: str) -> tuple[tuple[Twin, Side], ...]:
        """The live twins that have the item, with the side it is on."""
        return await self._with_item(system_id, item_id, _LIVE)

    async def ended_with(self, system_id: str, item_id: str) -> tuple[tuple[Twin, Side], ...]:
        """The unlinked twins that had the item, with the side it was on."""
        return await self._with_item(system_id, item_id, ~_LIVE)

    async def _with_item(self, system_id: str, item_id: str, which: ColumnElement[bool]) -> tuple[tuple[Twin, Side], ...]:
        """Those of the left side first."""
        left, right = (and_(_item_id(side) == item_id, _system(side) == system_id) for side in Side)
        query = select(tables.Twin, left, right).join(tables.Connection)
        query = query.where(or_(*(_item_id(side) == item_id for side in Side)), which).order_by(col(tables.Twin.id))
        async with self._database.reading() as session:
            rows = [(stored_twin(row), {Side.LEFT: left, Side.RIGHT: right}) for row, left, right in await session.exec(query)]
        return tuple((twin, side) for side in Side for twin, has in rows if has[side])

    async def of_items(self, connection: str, side: Side, item_ids: Collection[str]) -> dict[str, bool]:
        """Which of the items a twin of the connection has, or had, on that side, and whether it is live."""
        found: dict[str, bool] = {}
        wanted = sorted(item_ids)
        async with self._database.reading() as session:
            for start in range(0, len(wanted), _AT_ONCE):
                some = _item_id(side).in_(wanted[start : start + _AT_ONCE])
                rows = await session.exec(select(_item_id(side), _LIVE).where(tables.Twin.connection == connection, some))
                for item, live in rows:
                    found[str(item)] = bool(live) or found.get(str(item), False)
        return found

    async def by_key(self, connection: str, side: Side, key: str) -> tuple[Twin, ...]:
        """The live twins of the connection whose item on that side has that key."""
        query = select(tables.Twin).where(tables.Twin.connection == connection, _item_id(side).is_not(None), _key(side) == key, _LIVE)
        async with self._database.reading() as session:
            return tuple(stored_twin(row) for row in await session.exec(query.order_by(col(tables.Twin.id))))

    async def earlier(self, connection: str, left_id: str, right_id: str) -> Twin | None:
        """The last twin of these two items that was unlinked."""
        of_pair = (tables.Twin.connection == connection, tables.Twin.left_item_id == left_id, tables.Twin.right_item_id == right_id)
        unlinked = select(tables.Twin).where(*of_pair, tables.Twin.status == TwinStatus.UNLINKED)
        async with self._database.reading() as session:
            row = (await session.exec(unlinked.order_by(col(tables.Twin.id).desc()).limit(1))).first()
        return stored_twin(row) if row else None

    async def listing(
        self, connection: str | None, status: TwinStatus | None, text: str | None = None, limit: int = 200, after: str = ""
    ) -> tuple[Twin, ...]:
        """Newest first; `after` is the id of the last twin of the page before. `text` is looked for in keys and title."""
        query = select(tables.Twin)
        if connection is not None:
            query = query.where(tables.Twin.connection == connection)
        elif self._database.workspace is not None:
            query = query.where(of_workspace(tables.Twin.connection, self._database.workspace))
        if status is not None:
            query = query.where(tables.Twin.status == status)
        if text:
            shown = (tables.Twin.left_key, tables.Twin.right_key, tables.Twin.title)
            query = query.where(or_(*(col(column).icontains(text, autoescape=True) for column in shown)))
        if after:
            query = query.where(tables.Twin.id < after)
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.Twin.id).desc()).limit(limit))
            return tuple(stored_twin(row) for row in rows)

    async def counts(self, connection: str | None) -> dict[TwinStatus, int]:
        """How many twins have each status, of one connection or of all; statuses that no twin has count 0."""
        query = select(tables.Twin.status, func.count()).group_by(tables.Twin.status)
        if connection is not None:
            query = query.where(tables.Twin.connection == connection)
        if self._database.workspace is not None:
            query = query.where(of_workspace(tables.Twin.connection, self._database.workspace))
        async with self._database.reading() as session:
            counted = dict((await session.exec(query)).all())
        return {status: counted.get(status, 0) for status in TwinStatus}

    async def counts_of(self, connections: Collection[str]) -> dict[str, dict[TwinStatus, int]]:
        """As `counts`, of each of these connections."""
        those = select(tables.Twin.connection, tables.Twin.status, func.count()).where(col(tables.Twin.connection).in_(connections))
        async with self._database.reading() as session:
            rows = await session.exec(those.group_by(tables.Twin.connection, tables.Twin.status))
            counted = {(connection, status): count for connection, status, count in rows}
        return {one: {status: counted.get((one, status), 0) for status in TwinStatus} for one in connections}

    async def state(self, id: str) -> TwinState:  # noqa: A002
        async with self._database.reading() as session:
            twin = stored_twin(_known(id, await session.get(tables.Twin, id)))
            bases = {row.side: Base.model_validate_json(row.content) for row in await _bases(session, id)}
            rows = await session.exec(select(tables.Trace).where(tables.Trace.twin == id).order_by(col(tables.Trace.id)))
            traces = tuple(Trace.model_validate_json(row.content) for row in rows)
        return TwinState(twin=twin, left=bases.get(Side.LEFT, Base()), right=bases.get(Side.RIGHT, Base()), traces=traces)

    async def hold_unless_active(self, id: str) -> ConnectionStatus | None:  # noqa: A002
        """None where the twin's connection is Active; else that connection's status, and the twin is held.

        Looking and holding are one transaction that an activation waits for, so that its drain misses no held twin.
        """
        look = select(tables.Twin.held, tables.Connection.status).join(tables.Connection).where(tables.Twin.id == id)
        async with self._database.reading() as session:
            if (await session.exec(look)).first() == (False, ConnectionStatus.ACTIVE):
                return None
        async with self._database.writing() as session:
            row = await locked_twin(session, id)
            status = await steady_status(session, row.connection)
            if status is ConnectionStatus.ACTIVE:
                _release(row, self._database.now())
                return None
            if row.status != TwinStatus.UNLINKED:
                row.held, row.status, row.updated = True, TwinStatus.HELD, self._database.now()
            return status

    async def held(self, connection: str, limit: int, after: str = "") -> tuple[Twin, ...]:
        """Held twins ordered by id, from the one that follows `after`."""
        query = select(tables.Twin).where(*held_ones(connection), tables.Twin.id > after)
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.Twin.id)).limit(limit))
            return tuple(stored_twin(row) for row in rows)

    async def making(self, system_id: str) -> bool:
        """Whether a twin is just making its item on that system, so that the item may be there already and nobody knows whose it is."""
        async with self._database.reading() as session:
            for side in Side:
                query = select(tables.Twin.id).join(tables.Connection).where(_system(side) == system_id, _item_id(side).is_(None))
                if (await session.exec(query.where(tables.Twin.status == TwinStatus.SYNCING).limit(1))).first() is not None:
                    return True
        return False

    async def unbegun(self, connection: str, before: datetime, limit: int) -> tuple[Twin, ...]:
        """Begun before that time, and nothing of theirs was ever queued: whoever began them ended before it told them."""
        query = select(tables.Twin).where(*unbegun_ones(connection, before))
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.Twin.id)).limit(limit))
            return tuple(stored_twin(row) for row in rows)

    async def neglected(self, connection: str, before: datetime) -> Neglected:
        """Whether anything of the connection was left alone: began or was queued before that time, is held, or may go on."""
        async with self._database.reading() as session:
            found = await session.exec(neglected_ones(), params={"connection": connection, "before": before})
            return Neglected(*found.one())

    async def release(self, id: str) -> None:  # noqa: A002
        async with self._database.writing() as session:
            _release(await locked_twin(session, id), self._database.now())

    async def set_status(self, id: str, status: TwinStatus, reason: str = "") -> None:  # noqa: A002
        """An unlinked twin stays unlinked, for the reason that it has: its items may be in another twin by now.

        What is left of its queue whenever that is asked for is discarded, and stays visible as that: a fetch that was under way may have
        begun a transaction since.
        """
        async with self._database.writing() as session:
            row = await locked_twin(session, id)
            if status is TwinStatus.UNLINKED:
                await discard_queue(session, id, self._database.now())
            if row.status == TwinStatus.UNLINKED:
                return
            row.status, row.reason, row.updated = status, reason, self._database.now()
            row.held = row.held and status is not TwinStatus.UNLINKED

    async def settle(self, settlement: Settlement) -> None:
        """Store all of it in one transaction, or nothing. A repeated settlement changes nothing.

        An unlinked twin stays unlinked, and a discarded transaction discarded. A held conflict that is open already with the same
        values is not recorded again; open conflicts close when their subject is settled anew. Raises BadInput where another live
        twin has one of the items.
        """
        async with self._database.writing() as session:
            row = await locked_twin(session, settlement.twin)
            await settle(session, row, settlement, self._database.now())

    async def set_base(self, id: str, side: Side, base: Base) -> None:  # noqa: A002
        async with self._database.writing() as session:
            await locked_twin(session, id)
            await put(session, tables.Base(twin=id, side=side, content=base.model_dump_json()))

    async def recent_writes(self, id: str, since: datetime) -> tuple[tuple[Side, str], ...]:  # noqa: A002
        """Which properties were written since then and from which side the values came, oldest first."""
        query = select(tables.Outcome.source, tables.Outcome.property).where(tables.Outcome.twin == id, tables.Outcome.written >= since)
        async with self._database.reading() as session:
            rows = await session.exec(query.order_by(col(tables.Outcome.id)))
            return tuple((Side(source), written) for source, written in rows)


def new_twin(database: Database, connection: str, origin: Side, title: str) -> tables.Twin:
    """The row of a twin that is about to begin."""
    moment = database.now()
    return tables.Twin(
        id=twin_id(moment, database.token),
        connection=connection,
        origin=origin,
        status=TwinStatus.SYNCING,
        title=prose(title),
        created=moment,
        updated=moment,
    )


async def paired(session: AsyncSession, database: Database, pairing: Pairing) -> tables.Twin | None:
    """Pair within the caller's transaction; see `Twins.pair`."""
    row = new_twin(database, pairing.connection, pairing.source, pairing.title)
    put_item(row, Side.LEFT, pairing.left)
    put_item(row, Side.RIGHT, pairing.right)
    if not await insert_missing(session, [row]):
        return None
    await require_room(session, pairing.connection)
    await put(session, tables.Base(twin=row.id, side=pairing.source.other, content=pairing.base.model_dump_json()))
    await insert_missing(session, [trace_row(row.id, trace) for trace in pairing.traces])
    return row


def twin_id(now: datetime, token: Callable[[int], str]) -> str:
    """32 hexadecimal digits that rise with time, the last 20 of them random."""
    return f"{int(now.timestamp() * 1000):012x}{token(10)}"


def _item_id(side: Side) -> Mapped[str | None]:
    return col(tables.Twin.left_item_id if side is Side.LEFT else tables.Twin.right_item_id)


def _key(side: Side) -> Mapped[str]:
    return col(tables.Twin.left_key if side is Side.LEFT else tables.Twin.right_key)


def _system(side: Side) -> Mapped[str]:
    return col(tables.Connection.left_system if side is Side.LEFT else tables.Connection.right_system)


def _known(id: str, row: tables.Twin | None) -> tables.Twin:  # noqa: A002
    if row is None:
        raise unknown_twin(id)
    return row


async def _bases(session: AsyncSession, twin: str) -> list[tables.Base]:
    return list(await session.exec(select(tables.Base).where(tables.Base.twin == twin)))


def _release(row: tables.Twin, now: datetime) -> None:
    if row.held:
        row.held, row.updated = False, now
        if row.status == TwinStatus.HELD:
            row.status = TwinStatus.SYNCING


def stored_twin(row: tables.Twin) -> Twin:
    return Twin(
        id=row.id,
        connection=row.connection,
        origin=Side(row.origin),
        left=None if row.left_item_id is None else ItemRef(id=row.left_item_id, key=row.left_key, url=row.left_url),
        right=None if row.right_item_id is None else ItemRef(id=row.right_item_id, key=row.right_key, url=row.right_url),
        status=TwinStatus(row.status),
        reason=row.reason,
        held=row.held,
        title=row.title,
        updated=row.updated,
        revision=row.revision,
    )


async def was_unlinked(session: AsyncSession, connection: str, side: Side, item_id: str) -> bool:
    """Whether a twin of the connection had the item on that side and is unlinked now."""
    of_item = select(tables.Twin.id).where(tables.Twin.connection == connection, _item_id(side) == item_id)
    return (await session.exec(of_item.where(tables.Twin.status == TwinStatus.UNLINKED).limit(1))).first() is not None
