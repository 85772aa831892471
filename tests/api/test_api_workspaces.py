"""What is of another workspace is neither seen, nor counted, nor changed, nor used."""

from typing import cast

import pytest
from pydantic import JsonValue
from sqlalchemy import text

from model.audit import AuditFilter
from model.errors import BadInput
from model.item import ItemRef
from model.words import ConnectionStatus, Side, TwinStatus
from operations.views import Adopted
from store import Act, Store
from tests.api.api_site import Site
from tests.api.test_api_access import OTHERS, call, detail, owned

OTHER = "other-app-bugs"


@pytest.fixture
async def owner(site: Site) -> str:
    """Ada's token, of the first of two workspaces."""
    found = await owned(site)
    async with site.opened.store.database.writing() as session:
        for statement in (*OTHERS.split(";"), "UPDATE connection SET name = id"):
            await (await session.connection()).execute(text(statement))
    return found


def hers(site: Site) -> Store:
    return site.opened.store.used_by(Act(who="ada@acme.test", address="", workspace="acme"))


async def test_twins_of_another_workspace_are_not_told_to_go_on_nor_recorded(site: Site, owner: str):
    twin = await site.opened.store.twins.start(OTHER, Side.LEFT, ItemRef(id="1", key="X-1", url=""))
    assert twin
    await site.opened.store.twins.set_status(twin.id, TwinStatus.ERROR, "canary")
    answer = await call(site, "POST /errors/retry", owner, {"twins": [twin.id]})
    everything = await call(site, "POST /errors/retry", owner, {"everything": True})
    assert (answer.status, f"there is no twin {twin.id!r}" in detail(answer)) == (400, True)
    assert b'"told":0' in everything.body
    assert all(one.before is None for one in await site.opened.store.audit.page(AuditFilter(operation="retry_errors"), 9))


@pytest.mark.usefixtures("owner")
async def test_counts_are_of_the_own_workspace(site: Site):
    for connection in ("app-bugs", OTHER):
        await site.opened.store.twins.start(connection, Side.LEFT, ItemRef(id="1", key="X-1", url=""))
    assert (await site.opened.store.twins.counts(None))[TwinStatus.SYNCING] == 2
    assert (await hers(site).twins.counts(None))[TwinStatus.SYNCING] == 1
    assert (await hers(site).twins.counts(OTHER))[TwinStatus.SYNCING] == 0


@pytest.mark.usefixtures("owner")
async def test_a_connection_of_another_workspace_is_not_switched_renamed_or_deleted(site: Site):
    store, before = hers(site), await site.opened.store.configurations.connection(OTHER)
    changes = (
        lambda: store.configurations.set_status(OTHER, ConnectionStatus.ERROR),
        lambda: store.lifecycles.switch(OTHER, (Side.LEFT,), active=False),
        lambda: store.lifecycles.rename(OTHER, "mine"),
        lambda: store.lifecycles.accept(OTHER),
        lambda: store.lifecycles.delete(OTHER),
    )
    for change in changes:
        with pytest.raises(BadInput, match=f"no connection '{OTHER}'") as refused:
            await change()
        assert "app-bugs" in refused.value.message.replace(OTHER, "")
        assert refused.value.message.count("other-") == 1
    assert await site.opened.store.configurations.connection(OTHER) == before


async def test_only_own_connections_are_taken_in_where_they_are_halted(site: Site, owner: str):
    async with site.opened.store.database.writing() as session:
        await (await session.connection()).execute(text("UPDATE connection SET halted = true"))
    answer = await call(site, "POST /deployment/adopt", owner)
    assert Adopted.model_validate_json(answer.body).connections == ("app-bugs",)
    assert (await site.opened.store.configurations.connection(OTHER)).halted


@pytest.mark.parametrize(
    ("part", "name"),
    [("systems", "other-acme-jira"), ("integrations", "other-jira-github"), ("connections", OTHER), ("workspace", "other")],
)
async def test_a_deployment_takes_nothing_of_another_workspace(site: Site, owner: str, part: str, name: str):
    content = site.content()
    if part == "workspace":
        content["workspace"] = name
    else:
        named = cast("dict[str, JsonValue]", content[part])
        named[name] = next(iter(named.values()))
    before = await site.opened.store.configurations.systems(), await site.opened.store.configurations.connections()
    answer = await call(site, "POST /deployment", owner, content)
    assert answer.status == 400
    assert (await site.opened.store.configurations.systems(), await site.opened.store.configurations.connections()) == before


async def test_an_integration_does_not_use_a_system_of_another_workspace(site: Site, owner: str):
    content = site.content()
    cast("dict[str, JsonValue]", content["integrations"])["mine"] = {"left": "other-acme-jira", "right": "acme-github"}
    answer = await call(site, "POST /deployment", owner, content)
    assert (answer.status, "other-acme-jira" in detail(answer)) == (400, True)
