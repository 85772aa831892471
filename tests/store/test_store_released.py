"""Data of every revision reaches the newest one unharmed.

`released/<revision>.sql` is what a deployment of that revision can hold that one of the revision before could not; a migration comes with
such a file. `released/read.json` is how the store reads all of it today. Where that changes on purpose, `TWINLINE_TEST_REWRITE=1` writes
it anew.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from pydantic import BaseModel, JsonValue
from sqlalchemy import Connection, inspect, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from model.audit import AuditFilter
from model.item import ItemRef
from model.words import Side
from store import MasterKey, Store
from store.database import migrations

RELEASED = Path(__file__).with_name("released")
LEDGER = (("34", "v1"), ("35", "v7"))
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", "store:migrations")
    config.set_main_option("path_separator", "os")
    return sorted(script.revision for script in ScriptDirectory.from_config(config).walk_revisions())


REVISIONS = revisions()


def test_every_revision_has_data() -> None:
    assert sorted(file.stem for file in RELEASED.glob("*.sql")) == REVISIONS


def fill(connection: Connection) -> None:
    """Take the database from revision to revision, and put each one's data in before it goes on."""
    for revision in REVISIONS:
        command.upgrade(migrations(connection), revision)
        for statement in (RELEASED / f"{revision}.sql").read_text(encoding="utf-8").split(";\n"):
            if "INSERT" in statement:
                connection.exec_driver_sql(statement)


def empty_tables(connection: Connection) -> list[str]:
    tables = inspect(connection).get_table_names()
    return [table for table in tables if not connection.execute(text(f'SELECT 1 FROM "{table}"')).first()]  # noqa: S608


async def load(url: str) -> None:
    address = make_url(url)
    engine = create_async_engine(address.set(drivername=DRIVERS[address.get_backend_name()]))
    async with engine.begin() as connection:
        if address.get_backend_name() == "postgresql":
            await connection.execute(text("SET TIME ZONE 'UTC'"))
        await connection.run_sync(fill)
        assert await connection.run_sync(empty_tables) == []
    await engine.dispose()


def shown(values: Iterable[BaseModel]) -> list[JsonValue]:
    return [value.model_dump(mode="json") for value in values]


async def configured(store: Store) -> dict[str, JsonValue]:
    systems, connections = await store.configurations.systems(), await store.configurations.connections()
    versions = [await store.configurations.configuration(one.id, number + 1) for one in connections for number in range(one.version)]
    workspace = (await store.configurations.deployment()).workspace
    return {
        "workspace": workspace,
        "systems": shown(systems),
        "credentials": {one.id: {**await store.configurations.credentials(one.id)} for one in systems},
        "webhook secrets": {one.id: await store.configurations.webhook_secret(one.id) for one in systems},
        "connections": shown(connections),
        "versions": shown(versions),
        "pending": {one.id: shown(await store.inbox.pending(one.id, 100)) for one in systems},
    }


async def synchronized(store: Store) -> dict[str, JsonValue]:
    twins = sorted(await store.twins.listing(None, None), key=lambda twin: twin.id)
    states = [await store.twins.state(twin.id) for twin in twins]
    replicas = [await store.replicas.latest(twin.id, side) for twin in twins for side in Side]
    return {
        "twins": shown(states),
        "transactions": [one for twin in twins for one in shown(await store.transactions.of_twin(twin.id))],
        "replicas": shown(replica for replica in replicas if replica),
        "plans": shown([await store.plans.get(1)]),
        "intents": [one for twin in twins for one in shown(await store.journal.of_twin(twin.id))],
        "conflicts": [one for twin in twins for one in shown(await store.conflicts.of_twin(twin.id))],
    }


async def operated(store: Store) -> dict[str, JsonValue]:
    operations = await store.operations.listing(None, None, 9)
    return {
        "operations": shown(operations),
        "operation items": [item for one in operations for item in shown(await store.operation_items.listing(one.id, None, 9))],
        "version records": shown(await store.versions.listing("app-bugs", 9)),
        "usages": shown(await store.capacities.usages()),
        "audit": shown(await store.audit.page(AuditFilter(), 9)),
        "audit chains": shown((await store.audit.verify()).chains),
        "members": shown(await store.members.listed()),
        "tokens": shown(await store.members.tokens()),
    }


async def rest(store: Store) -> dict[str, JsonValue]:
    """What is read piece by piece."""
    twins = sorted(await store.twins.listing(None, None), key=lambda twin: twin.id)
    first, held = twins[0], twins[1]
    writes = await store.twins.recent_writes(first.id, first.updated.replace(year=2020))
    return {
        "held": [twin.id for twin in await store.twins.held("paused", 9)],
        "unlinked": await store.twins.start("app-bugs", Side.LEFT, ItemRef(id="10002", key="", url=""), anew=False) is None,
        "writes": [[side, written] for side, written in writes],
        "ledger": [await store.inbox.ledger_has("acme-github", item, version) for item, version in LEDGER],
        "certain": [await store.inbox.ledger_has("acme-github", item, version, certain=True) for item, version in LEDGER],
        "unsettled": [one.op for twin in twins for side in Side for one in await store.journal.unsettled(twin.id, side)],
        "hooks": shown(await store.hooks.of("acme-github")),
        "awaited": [[twin, item] for twin, _, item in await store.awaited.arrived("app-bugs", 9)],
        "cursor": await store.inbox.cursor("acme-github", "acme/app"),
        "script failures": await store.configurations.count_script_failure("app-bugs", 2, 1),
        "next transaction": await store.transactions.queue(held.id, Side.LEFT),
    }


@pytest.mark.databases
async def test_data_of_every_revision_reads_the_same_at_the_newest(new_url: str, key: MasterKey) -> None:
    await load(new_url)
    store = await Store.open(new_url, key)
    read = {**await configured(store), **await synchronized(store), **await operated(store), **await rest(store)}
    await store.aclose()
    expected = RELEASED / "read.json"
    if os.environ.get("TWINLINE_TEST_REWRITE"):
        expected.write_text(json.dumps(read, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert read == json.loads(expected.read_text(encoding="utf-8"))
