"""What an account lacks in an organization and in a project, and how it gets it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from azure_site import SECRET, SETTINGS, AzureSite, House, a_fake, connected, opened
from pydantic import JsonValue

from connectors.azure_devops.account import SCOPE, name, platform
from connectors.azure_devops.connector import AzureDevOpsConnector
from connectors.azure_devops.payloads import ConnectionData, IdentityPayload
from connectors.kit.interface import Permission, SystemAccess
from model.errors import LoginRejected, Misconfigured

CHECKOUT: dict[str, JsonValue] = {**SETTINGS, "area": "Acme Shop\\Checkout"}
WRITE = "create and edit work items, comments and files"
IN_CHECKOUT = "for area 'Acme Shop\\\\Checkout' (Project settings, Project configuration, Areas, Security)"
VIEWED = f"give the account the permission 'View work items in this node' {IN_CHECKOUT}"
EDITED = f"give the account the permission 'Edit work items in this node' {IN_CHECKOUT}"
TAGGED = "give the account the permission 'Create tag definition' in project 'Acme Shop' (Project settings, Permissions)"


@asynccontextmanager
async def _lacking(house: House, *lacks: str) -> AsyncGenerator[AzureDevOpsConnector]:
    rita = {"name": "rita", "displayName": "Rita Reader", "lacks": lacks}
    async with opened(house, a_fake({"users": [rita], "items": []})) as site, connected(site, "rita-token") as azure:
        yield azure


def _missing(permissions: tuple[Permission, ...]) -> dict[str, tuple[bool | None, str]]:
    return {one.name: (one.given, one.remedy) for one in permissions if not one.given}


async def test_an_account_with_all_rights_lacks_nothing_but_proof_of_its_scope(azure: AzureDevOpsConnector) -> None:
    me = await azure.account(None)
    assert (me.name, me.platform) == ("Twinline (bot@acme.test)", "Azure DevOps Services")
    assert [(one.name, one.given) for one in me.permissions] == [("find people by e-mail address", True)]
    given = (await azure.account(SETTINGS)).permissions
    assert [one.given for one in given] == [True, None, True]
    assert _missing(given) == {WRITE: (None, SCOPE)}


async def test_an_application_of_entra_has_no_scopes(site: AzureSite) -> None:
    credentials = {"tenant": "acme", "client": "bot", "secret": SECRET, "authority": site.root}
    application = AzureDevOpsConnector(SystemAccess(name="acme-azure", url=site.url, credentials=credentials, calls_per_second=1000))
    assert _missing((await application.account(SETTINGS)).permissions) == {}
    await application.aclose()


@pytest.mark.parametrize(
    ("lacks", "missing"),
    [
        (("WORK_ITEM_READ",), {"see work items": (False, VIEWED), WRITE: (None, SCOPE)}),
        (("WORK_ITEM_WRITE",), {WRITE: (False, EDITED)}),
        (("Create",), {WRITE: (None, SCOPE), "make new tags": (False, TAGGED)}),
        (("vso.security",), {"see work items": (None, VIEWED), WRITE: (None, EDITED), "make new tags": (None, TAGGED)}),
    ],
)
async def test_what_is_lacking_is_named_with_its_permission(
    house: House, lacks: tuple[str, ...], missing: dict[str, tuple[bool | None, str]]
) -> None:
    async with _lacking(house, *lacks) as azure:
        given = (await azure.account(CHECKOUT)).permissions
    assert _missing(given) == missing
    assert [one.name for one in given if one.optional] == ["make new tags"]


async def test_a_token_that_looks_nobody_up_is_told_its_scope(house: House) -> None:
    async with _lacking(house, "vso.identity") as azure:
        [found] = (await azure.account(None)).permissions
    assert found.given is False
    assert "give it the scope 'Identity (Read)'" in found.remedy


@pytest.mark.parametrize(("told", "shown"), [("hosted", "Azure DevOps Services"), ("onPremises", "Azure DevOps Server")])
def test_a_server_is_told_from_the_services(told: str, shown: str) -> None:
    assert platform(ConnectionData(authenticated_user=IdentityPayload(id="1"), deployment_type=told)) == shown


async def test_it_fails_as_a_check_does(site: AzureSite, azure: AzureDevOpsConnector) -> None:
    with pytest.raises(Misconfigured, match="'Nowhere'"):
        await azure.account({"project": "Nowhere"})
    async with connected(site, "stale") as stranger:
        with pytest.raises(LoginRejected):
            await stranger.account(None)


async def test_permissions_are_those_of_what_exists(site: AzureSite) -> None:
    path = "/_apis/permissions/83e28ad4-2d72-4ceb-97b0-c7726d5502c3/32"
    answer = await site.call("ann", "GET", path, api="7.1-preview.2", tokens="vstfs:///Classification/Node/none,/none")
    assert answer.json() == {"count": 2, "value": [False, False]}
    refused = [
        await site.call("ann", "GET", path),
        await site.call("ann", "GET", "/_apis/permissions/none/1", api="7.1-preview.2"),
        await site.call("ann", "GET", path.replace("/32", "/all"), api="7.1-preview.2"),
    ]
    assert [one.status_code for one in refused] == [400, 404, 400]


def test_an_account_without_an_address_is_told_by_its_id() -> None:
    assert name(IdentityPayload(id="17", provider_display_name="Rita Reader")) == "Rita Reader (17)"
