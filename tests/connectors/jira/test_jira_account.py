"""What an account lacks on a site and in a project, and how it gets it."""

from collections.abc import Callable

import pytest
from jira_site import APP, BOT, TOKEN, Site, pat
from pydantic import JsonValue

from connectors.jira.account import IN_PROJECT, in_project, name
from connectors.jira.config import JiraSettings
from connectors.jira.connector import JiraConnector
from connectors.jira.fake import FakeJira
from connectors.jira.payloads import UserPayload
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions, Permission, SystemAccess
from model.errors import LoginRejected, Misconfigured

INTERNAL = (
    "add the account to the role 'Developers' of project 'APP' (Project settings, People), or where that is a service desk make it an agent"
)
RITA: dict[str, JsonValue] = {"name": "rita", "displayName": "Rita Reader", "lacks": ["APP:ADD_COMMENTS", "MODIFY_REPORTER", "USER_PICKER"]}


def _missing(permissions: tuple[Permission, ...]) -> dict[str, tuple[bool | None, str]]:
    return {one.name: (one.given, one.remedy) for one in permissions if not one.given}


async def test_an_account_with_all_rights_lacks_nothing(jira: JiraConnector) -> None:
    me = await jira.account(None)
    assert (me.name, me.platform) == (f"Twinline ({BOT})", "Jira Cloud 1001.0.0-SNAPSHOT")
    assert [one.given for one in me.permissions] == [True]
    given = (await jira.account(APP)).permissions
    assert len(given) == len(IN_PROJECT) + 1
    assert list(_missing(given)) == ["write internal comments"]


@pytest.mark.parametrize(("deployment", "platform"), [("Cloud", "Jira Cloud 1001.0.0-SNAPSHOT"), ("Server", "Jira Data Center 10.3.5")])
async def test_what_is_lacking_is_named_with_its_permission(
    deployment: str, platform: str, opened: Callable[[SystemAccess], JiraConnector]
) -> None:
    seed: dict[str, JsonValue] = {"deployment": deployment, "users": [RITA], "issues": []}
    fake = FakeJira(FakeOptions(user=BOT, secret=TOKEN, seed=seed))
    async with serving(fake) as url:
        access = SystemAccess(name="acme-jira", url=url, credentials={"user": "rita@acme.test", "token": "rita-token"})
        rita = opened(access if deployment == "Cloud" else pat(url, "rita-token"))
        site, project = await rita.account(None), await rita.account({**APP, "internal_role": "Developers"})
        elsewhere = await rita.account({"project": "SYNC"})
    assert (site.name, site.platform) == ("Rita Reader (rita@acme.test)", platform)
    assert _missing(site.permissions) == {
        "find people by e-mail address": (
            False,
            "give a group of the account the global permission 'Browse users and groups' (System, Global permissions)",
        )
    }
    assert _missing(project.permissions) == {
        "add comments": (False, "give the account the permission 'Add Comments' in project 'APP' (Project settings, Permissions)"),
        "set the reporter": (False, "give the account the permission 'Modify Reporter' in project 'APP' (Project settings, Permissions)"),
        "write internal comments": (
            None,
            INTERNAL,
        ),
    }
    assert set(_missing(elsewhere.permissions)) == {"set the reporter", "write internal comments"}
    assert [one.name for one in project.permissions if one.optional] == [
        "link issues",
        "log work",
        "edit its own work logs",
        "delete its own work logs",
        "set the due date",
        "set the reporter",
        "make versions and components",
    ]


def test_what_a_site_does_not_tell_is_unknown() -> None:
    first, *_ = in_project({}, JiraSettings(project="APP"))
    assert first.given is None
    assert "'Browse Projects'" in first.remedy


async def test_it_fails_as_a_check_does(site: Site, jira: JiraConnector, opened: Callable[[SystemAccess], JiraConnector]) -> None:
    with pytest.raises(Misconfigured, match="'NOPE'"):
        await jira.account({"project": "NOPE"})
    with pytest.raises(LoginRejected):
        await opened(site.access("stale")).account(None)


async def test_cloud_wants_to_know_which_permissions(site: Site) -> None:
    for query in ("", "?permissions=", "?permissions=EDIT_ISSUES,FLY"):
        assert (await site.call("GET", f"/mypermissions{query}")).status_code == 400
    assert (await site.call("GET", "/mypermissions?permissions=EDIT_ISSUES&projectKey=NOPE")).status_code == 404


@pytest.mark.parametrize(
    ("me", "shown"),
    [
        ({"emailAddress": "rita@acme.test", "accountId": "7:1"}, "Rita Reader (rita@acme.test)"),
        ({"accountId": "7:1"}, "Rita Reader (7:1)"),
        ({"key": "JIRAUSER1", "name": "rita"}, "Rita Reader (rita)"),
    ],
)
def test_an_account_whose_address_is_hidden_is_told_otherwise(me: dict[str, str], shown: str) -> None:
    assert name(UserPayload.model_validate({"displayName": "Rita Reader", **me})) == shown
