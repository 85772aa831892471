"""What an account lacks in Zendesk, and how it gets it."""

from typing import Any

import pytest
from pydantic import JsonValue
from zendesk_site import BOT, SETTINGS, ZendeskSite, connected, running

from connectors.kit.interface import Account, Permission
from connectors.zendesk.account import ADMINISTRATOR, CUSTOM_ROLE, DELETED, NO_TOKENS, PUBLIC, SCOPE, name
from connectors.zendesk.connector import ZendeskConnector
from connectors.zendesk.payloads import UserPayload
from model.errors import LoginRejected, Misconfigured

WRITE = "create and edit tickets"
TOKENS_END = "log in after 30 April 2027"
NO_EXPORT = {"notice changes": (False, ADMINISTRATOR)}
LIGHT = "give the account a role that edits tickets, such as 'Administrator' (Admin Center, People, Team members): it is a light agent"


def _missing(permissions: tuple[Permission, ...]) -> dict[str, tuple[bool | None, str]]:
    return {one.name: (one.given, one.remedy) for one in permissions if not one.given}


async def _asked(credentials: dict[str, str] | None = None, *, seed: dict[str, Any] | None = None, **rita: Any) -> Account:
    """Of Rita, by an OAuth client of hers unless credentials are given."""
    users: list[JsonValue] = [{"name": "Rita Reader", "email": "rita@acme.test", "token": "rita-token", "role": "admin", **rita}]
    clients: list[JsonValue] = [{"id": "rita-client", "secret": "rita-secret", "email": "rita@acme.test"}]
    own = credentials or {"client_id": "rita-client", "client_secret": "rita-secret"}
    async with (
        running({"users": users, "oauth_clients": clients, "tickets": [], **(seed or {})}) as site,
        connected(site, **own) as zendesk,
    ):
        return await zendesk.account(None)


async def test_an_administrator_by_an_oauth_client_lacks_nothing() -> None:
    me = await _asked()
    assert (me.name, me.platform) == ("Rita Reader (rita@acme.test)", "Zendesk Support")
    assert len(me.permissions) == 5
    assert _missing(me.permissions) == {}


async def test_an_api_token_has_an_end(zendesk: ZendeskConnector) -> None:
    me = await zendesk.account(None)
    assert me.name.endswith(f"({BOT})")
    assert _missing(me.permissions) == {TOKENS_END: (False, NO_TOKENS)}
    assert [one.name for one in me.permissions if one.optional] == ["tell a deleted ticket from a hidden one", TOKENS_END]
    assert (await zendesk.account(SETTINGS)).permissions == ()


@pytest.mark.parametrize(
    ("rita", "missing"),
    [
        ({}, NO_EXPORT),
        ({"ticket_restriction": "groups"}, {**NO_EXPORT, "see all tickets": (False, "'groups'")}),
        ({"only_private_comments": True}, {**NO_EXPORT, "make public comments": (False, PUBLIC)}),
        ({"role_type": 0, "custom_role_id": 17}, {**NO_EXPORT, WRITE: (None, CUSTOM_ROLE)}),
        ({"role_type": 1}, {**NO_EXPORT, WRITE: (False, LIGHT)}),
    ],
)
async def test_what_the_role_of_an_agent_lacks(rita: dict[str, Any], missing: dict[str, tuple[bool | None, str]]) -> None:
    found = _missing((await _asked(role="agent", **rita)).permissions)
    assert found.keys() == missing.keys()
    for what, (given, remedy) in missing.items():
        assert (found[what][0], remedy in found[what][1]) == (given, True)


async def test_an_administrator_may_whatever_the_role_is_called() -> None:
    assert _missing((await _asked(role_type=4, custom_role_id=17)).permissions) == {}


async def test_the_scopes_of_an_access_token_are_not_told() -> None:
    assert _missing((await _asked({"token": "rita-token"})).permissions) == {WRITE: (None, SCOPE)}


async def test_deleted_tickets_may_be_hidden() -> None:
    me = await _asked(role="agent", seed={"agents_see_deleted": False})
    assert _missing(me.permissions)["tell a deleted ticket from a hidden one"] == (False, DELETED)


async def test_it_fails_as_a_check_does(site: ZendeskSite, zendesk: ZendeskConnector) -> None:
    with pytest.raises(Misconfigured, match="'Nowhere'"):
        await zendesk.account({"group": "Nowhere"})
    async with connected(site, email=BOT, token="stale") as stranger:
        with pytest.raises(LoginRejected):
            await stranger.account(None)


def test_an_account_whose_address_is_hidden_is_told_by_its_id() -> None:
    assert name(UserPayload(id=17, name="Rita Reader")) == "Rita Reader (17)"
