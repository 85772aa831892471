"""What an account lacks in an org and with an object, and how it gets it."""

from collections.abc import Mapping

import pytest
from pydantic import JsonValue
from salesforce_site import SETTINGS, Site, connected, running

from connectors.kit.interface import Permission
from connectors.salesforce.account import NO_CHATTER, TRANSFER, name, platform
from connectors.salesforce.connector import SalesforceConnector
from model.errors import LoginRejected, Misconfigured

TRANSFERRED = "set the assignee to somebody else"
MARKED = "mark records by a field that people do not see"
INCIDENTS: Mapping[str, JsonValue] = {"object": "Incident_Report__c"}


def _on(permission: str, label: str = "Case") -> str:
    return f"give the account the object permission {permission!r} on {label} (its permission set, Object Settings)"


def _field(access: str, field: str) -> str:
    return f"give the account {access} to Case.{field} (its permission set, Object Settings, Case, Field Permissions)"


def _missing(permissions: tuple[Permission, ...]) -> dict[str, tuple[bool | None, str]]:
    return {one.name: (one.given, one.remedy) for one in permissions if not one.given and one.name != TRANSFERRED}


async def _lacks(seed: Mapping[str, JsonValue], settings: Mapping[str, JsonValue] | None = SETTINGS) -> dict[str, tuple[bool | None, str]]:
    async with running(seed) as site, connected(site) as salesforce:
        return _missing((await salesforce.account(settings)).permissions)


@pytest.mark.parametrize("settings", [SETTINGS, INCIDENTS])
async def test_an_account_with_all_rights_lacks_nothing(salesforce: SalesforceConnector, settings: Mapping[str, JsonValue]) -> None:
    me = await salesforce.account(None)
    assert (me.name, me.platform) == ("Twin Agent (twinline)", "Salesforce Winter '27 (API 68.0)")
    assert [(one.name, one.given) for one in me.permissions] == [("find people by e-mail address", True)]
    given = (await salesforce.account(settings)).permissions
    assert _missing(given) == {}
    assert [(one.given, one.remedy, one.optional) for one in given if one.name == TRANSFERRED] == [(None, TRANSFER, True)]


async def test_a_permission_on_the_object_is_named() -> None:
    assert await _lacks({"permissions": {"Case": ["Read"]}}) == {
        "create records": (False, _on("Create")),
        "edit records": (False, _on("Edit")),
    }


async def test_fields_that_are_hidden_or_read_only_are_named() -> None:
    seed: Mapping[str, JsonValue] = {"unseen": ["Case.Type"], "unwritable": ["Case.Subject", "Case.Priority"]}
    async with running(seed) as site, connected(site) as salesforce:
        given = (await salesforce.account(SETTINGS)).permissions
    assert _missing(given) == {
        "set the summary": (False, _field("Edit Access", "Subject")),
        "set the priority": (False, _field("Edit Access", "Priority")),
        "set the type": (False, _field("Read Access and Edit Access", "Type")),
    }
    assert not next(one for one in given if one.name == "set the summary").optional
    assert next(one for one in given if one.name == "set the priority").optional


async def test_a_field_for_the_marker_is_recommended() -> None:
    missing = await _lacks({"without_marker": ["Case"]})
    assert list(missing) == [MARKED]
    assert "make the field Twinline_Id__c on Case (Setup, Object Manager): Text(80), External ID, Unique" in missing[MARKED][1]


async def test_comments_and_files_have_permissions_of_their_own() -> None:
    assert await _lacks({"permissions": {"CaseComment": ["Read"], "ContentVersion": []}}) == {
        "add comments": (False, _on("Edit")),
        "edit its own comments": (False, _on("Edit")),
        "add files": (False, "let the account use Salesforce Files (Setup, Salesforce Files, General Settings)"),
    }


async def test_without_chatter_other_objects_have_no_comments() -> None:
    assert await _lacks({"chatter": False}) == {}
    assert await _lacks({"chatter": False}, INCIDENTS) == {
        "add comments": (False, NO_CHATTER),
        "edit its own comments": (False, NO_CHATTER),
    }


async def test_who_sees_nobody_else_may_not_see_all() -> None:
    remedy = "give the account the permission 'View All Users': it is shown nobody but itself"
    assert await _lacks({"users": []}, None) == {"find people by e-mail address": (None, remedy)}


def test_an_account_that_is_hidden_is_told_all_the_same() -> None:
    assert name(None) == "an account that may not see itself"
    assert platform(()) == "Salesforce"


async def test_it_fails_as_a_check_does(site: Site, salesforce: SalesforceConnector) -> None:
    with pytest.raises(Misconfigured, match="'Nothing'"):
        await salesforce.account({"object": "Nothing"})
    async with connected(site, client_id="twinline", client_secret="stale") as stranger:
        with pytest.raises(LoginRejected):
            await stranger.account(None)
