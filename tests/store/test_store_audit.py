"""The audit log is only ever added to, and an entry is there exactly if its change is."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from model.audit import AuditFilter
from model.errors import BadInput
from model.members import Role
from model.words import ConnectionStatus
from store import Act, Store
from tests.store.clock import Clock

pytestmark = pytest.mark.databases

ALL = AuditFilter()


def acting(store: Store) -> Store:
    return store.used_by(Act(who="ada", address="192.0.2.1", workspace=None, operation="deactivate_connection", subject="support"))


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'eve'", "DELETE FROM audit"])
async def test_the_database_itself_keeps_the_log_as_it_was_written(store: Store, statement: str) -> None:
    await acting(store).configurations.set_status("support", ConnectionStatus.DEACTIVATED)
    kept = await store.audit.page(ALL, 10)
    with pytest.raises(DBAPIError, match="append-only"):
        async with store.database.writing() as session:
            await (await session.connection()).execute(text(statement))
    assert await store.audit.page(ALL, 10) == kept
    assert len(kept) == 1


async def test_postgresql_does_not_empty_it_either(store: Store) -> None:
    if store.database.dialect == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="append-only"):
        async with store.database.writing() as session:
            await (await session.connection()).execute(text("TRUNCATE audit"))


async def test_an_entry_stands_or_falls_with_its_change(store: Store) -> None:
    used = acting(store)
    used.audit.note("support", before={"status": "Active"})
    with pytest.raises(BadInput):
        await used.configurations.set_status("nope", ConnectionStatus.DEACTIVATED)
    assert await store.audit.page(ALL, 10) == ()
    await used.configurations.set_status("support", ConnectionStatus.DEACTIVATED)
    await used.configurations.set_status("support", ConnectionStatus.ACTIVE)
    (entry,) = await store.audit.page(ALL, 10)
    assert (entry.who, entry.address, entry.before, entry.after) == ("ada", "192.0.2.1", {"status": "Active"}, None)


async def test_what_is_older_than_it_is_kept_goes(store: Store, clock: Clock) -> None:
    clock.moment = datetime.now(UTC) - timedelta(days=31)
    await acting(store).configurations.set_status("support", ConnectionStatus.DEACTIVATED)
    clock.moment = datetime.now(UTC)
    await acting(store).configurations.set_status("support", ConnectionStatus.ACTIVE)
    assert await store.audit.prune(datetime.now(UTC) - timedelta(days=30)) == 1
    assert len(await store.audit.page(ALL, 10)) == 1
    assert await store.members.add("ada", Role.OWNER)
