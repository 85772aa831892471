"""A copied database syncs nothing by itself."""

import shutil
from pathlib import Path

import pytest

from model.deployment import Deployment
from model.words import ConnectionStatus, Side
from store import MasterKey, Store

pytestmark = pytest.mark.databases
ACTIVE, DEACTIVATED = ConnectionStatus.ACTIVE, ConnectionStatus.DEACTIVATED


async def test_the_same_database_and_temporal_change_nothing(store: Store) -> None:
    for temporal in ("", "one", "", "one"):
        assert await store.homes.settle(temporal, "copied") == ()
    assert (await store.configurations.connection("support")).status is ACTIVE


async def test_another_temporal_halts_what_ran_until_it_is_adopted(store: Store, acme: Deployment) -> None:
    sleeping = acme.connections["support"].model_copy(update={"active": False})
    await store.configurations.match(acme.model_copy(update={"connections": {"sleeping": sleeping}}))
    await store.homes.settle("one", "copied")
    assert await store.homes.settle("two", "copied") == ("support",)
    halted = await store.configurations.connection("support")
    assert (halted.status, halted.halted, halted.reason) == (DEACTIVATED, True, "copied")
    assert await store.homes.settle("two", "copied") == ()
    await store.configurations.match(acme)
    assert (await store.configurations.connection("support")).status is DEACTIVATED, "a file does not end a halt"
    assert await store.homes.adopt() == ("support",)
    assert [one.status for one in await store.configurations.connections()] == [DEACTIVATED, ACTIVE]
    assert await store.homes.adopt() == ()


async def test_one_end_of_what_was_halted_does_not_activate_the_other(store: Store) -> None:
    await store.homes.settle("one", "copied")
    await store.homes.settle("two", "copied")
    await store.lifecycles.switch("support", [Side.LEFT], active=True)
    one = await store.configurations.connection("support")
    assert (one.status, one.left_active, one.right_active, one.halted) == (DEACTIVATED, True, False, False)


async def test_a_copied_file_is_told_from_the_original(tmp_path: Path, key: MasterKey, acme: Deployment) -> None:
    original = await Store.open(f"sqlite:///{tmp_path}/one/twinline.db", key)
    await original.configurations.match(acme)
    await original.homes.settle("one", "copied")
    await original.aclose()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    copy = await Store.open(f"sqlite:///{tmp_path}/two/twinline.db", key)
    assert await copy.homes.settle("one", "copied") == ("support",)
    await copy.aclose()
    again = await Store.open(f"sqlite:///{tmp_path}/one/twinline.db", key)
    assert await again.homes.settle("one", "copied") == ()
    await again.aclose()
