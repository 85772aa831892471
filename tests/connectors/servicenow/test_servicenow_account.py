"""What an account lacks on an instance and for a table, and how it gets it."""

from collections.abc import Mapping

import pytest
from pydantic import JsonValue
from servicenow_site import ORDERS, SETTINGS, Site, connected, running

from connectors.kit.interface import Account, Permission
from connectors.servicenow.connector import ServiceNowConnector
from model.errors import LoginRejected, Misconfigured

ROLES = "the account has the roles itil, reader; "
NEEDED = "give it a role, such as 'itil', that access controls (ACL) let create and write"
WRITE = f"{NEEDED} incident, correlation_id, comments, work_notes included"


def _acl(table: str) -> str:
    return f"add an access control (ACL) for the operation 'read' on table {table!r} for a role of the account"


def _missing(permissions: tuple[Permission, ...]) -> dict[str, tuple[bool | None, str]]:
    return {one.name: (one.given, one.remedy) for one in permissions if not one.given}


async def _asked(seed: Mapping[str, JsonValue], settings: Mapping[str, JsonValue] | None = SETTINGS, **credentials: str) -> Account:
    async with running(seed) as site, connected(site, **credentials) as snow:
        return await snow.account(settings)


async def test_who_may_read_all_lacks_nothing_but_proof(site: Site, snow: ServiceNowConnector) -> None:
    me = await snow.account(None)
    assert (me.name, me.platform, me.permissions) == ("Twin Agent (twinline)", "ServiceNow", ())
    item = site.named("Printer on fire")
    await site.attach("ann", item, "a.txt", b"abc")
    await site.call("root", "DELETE", f"/api/now/table/{site.named('Scanner sleeps')}")
    given = (await snow.account(SETTINGS)).permissions
    assert _missing(given) == {"create and edit records": (None, ROLES + WRITE)}
    assert [one.name for one in given if one.optional] == ["notice deletions", "see how priorities are computed"]


async def test_what_access_rules_hide_is_named() -> None:
    given = (await _asked({"unreadable": ["sys_journal_field", "sys_audit_delete", "dl_u_priority"]})).permissions
    assert {name: remedy for name, (known, remedy) in _missing(given).items() if known is False} == {
        "see comments and work notes": _acl("sys_journal_field"),
        "notice deletions": _acl("sys_audit_delete"),
        "see how priorities are computed": _acl("dl_u_priority"),
    }


async def test_a_hidden_column_is_named() -> None:
    given = (await _asked({"unseen": ["close_code", "correlation_id"]})).permissions
    assert {name for name, (known, _) in _missing(given).items() if known is False} == {
        "see the column close_code",
        "see the column correlation_id",
    }
    remedy = _missing(given)["see the column close_code"][1]
    assert remedy == "add an access control (ACL) for the operation 'read' on incident.close_code for a role of the account"


async def test_an_empty_list_proves_nothing() -> None:
    missing = _missing((await _asked({"records": [], "hides_journal": True})).permissions)
    assert missing["see records of incident"] == (None, f"none is shown; if there is one, {_acl('incident')}")
    assert missing["see comments and work notes"] == (None, f"none is shown for incident; if there is one, {_acl('sys_journal_field')}")
    assert missing["see files"] == (None, f"none is shown for incident; if there is one, {_acl('sys_attachment')}")


@pytest.mark.parametrize(
    ("roles", "given", "remedy"),
    [
        (["itil", "reader", "snc_read_only"], False, "take the role 'snc_read_only' from the account: with it nothing can be written"),
        (["admin"], True, ""),
    ],
)
async def test_a_role_that_settles_it_is_told(roles: list[JsonValue], given: bool, remedy: str) -> None:
    found = (await _asked({"roles": roles})).permissions[-1]
    assert (found.name, found.given, found.remedy) == ("create and edit records", given, remedy)


async def test_who_may_not_see_its_roles_is_told_what_they_have_to_do() -> None:
    assert (await _asked({"unreadable": ["sys_user_has_role"]})).permissions[-1].remedy == WRITE


async def test_an_api_key_belongs_to_somebody() -> None:
    assert (await _asked({}, None, api_key="acme-api-key")).name == "Twin Agent (twinline)"
    hidden = await _asked({"unqueryable": ["sys_id"]}, api_key="acme-api-key")
    assert hidden.name == "an account that may not see itself in sys_user"
    assert hidden.permissions[-1].remedy == WRITE


async def test_priorities_of_other_tables_are_not_computed(snow: ServiceNowConnector) -> None:
    given = (await snow.account(ORDERS)).permissions
    assert "see how priorities are computed" not in {one.name for one in given}
    assert given[-1].remedy.endswith("let create and write u_order, u_twinline_id included")


async def test_it_fails_as_a_check_does(site: Site, snow: ServiceNowConnector) -> None:
    with pytest.raises(Misconfigured, match="u_nothing"):
        await snow.account({"table": "u_nothing"})
    async with connected(site, user="twinline", password="stale") as stranger:
        with pytest.raises(LoginRejected):
            await stranger.account(None)
