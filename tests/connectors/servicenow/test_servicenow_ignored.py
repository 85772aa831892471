"""An instance that leaves conditions aside, as ServiceNow does where a column may not be queried: what it finds is no answer then."""

import pytest
from pydantic import JsonValue
from servicenow_site import SETTINGS, Site, an_hour_ago, connected, running

from connectors.servicenow.connector import ServiceNowConnector
from model.errors import NotFound, Refused

IGNORED: dict[str, JsonValue] = {
    "unqueryable": ["email", "number", "sys_id", "name", "correlation_id", "element_id", "table_name", "table_sys_id", "documentkey"]
}


async def test_look_ups_find_nothing_rather_than_something_else() -> None:
    async with running(IGNORED) as site, connected(site) as snow:
        assert await snow.lookup(SETTINGS, "user_by_email", ("eve@acme.test",)) is None
        assert await snow.find_by_marker(SETTINGS, "m-1", an_hour_ago()) is None
        for key in ("INC7654321", "0" * 32):
            with pytest.raises(NotFound):
                await snow.find(SETTINGS, key)
        with pytest.raises(Refused, match="no single active record for 'Acme'"):
            await snow.create(SETTINGS, {"summary": "x", "assignment_group": "Acme"}, "m-1")


async def test_entries_and_files_of_other_records_are_left_out() -> None:
    async with running(IGNORED) as site, connected(site) as snow:
        await site.attach("ann", site.named("Printer on fire"), "a.txt", b"abc")
        item = await snow.read(site.named("Scanner sleeps"))
        assert (item.comments, item.attachments) == ((), ())
        assert len((await snow.read(site.named("Printer on fire"))).comments) == 2


async def test_an_absent_record_is_not_gone_because_another_was_deleted() -> None:
    async with running(IGNORED) as site, connected(site) as snow:
        await site.call("root", "DELETE", f"/api/now/table/{site.named('Scanner sleeps')}")
        with pytest.raises(NotFound):
            await snow.read(f"incident/{'0' * 32}")


@pytest.mark.parametrize("value", ["x^ORuser_name=bob", "javascript:gs.getUserName()", "x\ny"])
async def test_a_value_that_would_be_more_than_a_value_is_not_asked_for(snow: ServiceNowConnector, site: Site, value: str) -> None:
    await snow.check(SETTINGS)
    before = await site.calls()
    assert await snow.lookup(SETTINGS, "user_by_email", (value,)) is None
    assert await site.calls() == before
