"""What lists ask of the database does not grow with what they list."""

from typing import cast

import pytest
from pydantic import JsonValue
from sqlalchemy import event, text

from tests.api.api_site import Site

COPIES = """
INSERT INTO connection (id, workspace, integration, left_system, right_system, status, reason, version, name)
SELECT id || '-copy', workspace, integration, left_system, right_system, status, reason, version, id || '-copy' FROM connection;
INSERT INTO version (connection, number, status, content, created)
SELECT connection || '-copy', number, status, content, created FROM version
"""


@pytest.mark.parametrize("path", ["/api/v1/connections", "/api/v1/errors"])
async def test_the_number_of_queries_is_fixed(site: Site, path: str):
    asked: list[str] = []
    content, database = site.content(), site.opened.store.database
    connections = cast("dict[str, dict[str, JsonValue]]", content["connections"])
    connections["app-bugs"]["triggers"] = [{"side": "left", "query": "project = APP"}]
    assert (await site.post("/api/v1/deployment", content)).status == 200
    event.listen(database._engine.sync_engine, "before_cursor_execute", lambda *values: asked.append(values[2]))  # pyright: ignore[reportPrivateUsage, reportUnknownLambdaType, reportUnknownArgumentType]
    before = await _asked(site, path, asked)
    async with database.writing() as session:
        for statement in COPIES.split(";"):
            await (await session.connection()).execute(text(statement))
    assert await _asked(site, path, asked) == before > 1


async def _asked(site: Site, path: str, asked: list[str]) -> int:
    asked.clear()
    answer = await site.get(path)
    assert answer.status == 200
    return len(asked)
