"""What the account may do, as `mypermissions` tells it.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/ and, for what each permission is about,
https://support.atlassian.com/jira-cloud-administration/docs/permissions-for-company-managed-projects/
"""

from collections.abc import Collection, Mapping

from connectors.jira.config import JiraSettings
from connectors.jira.payloads import PermissionPayload, UserPayload
from connectors.kit.interface import Permission
from model.frozen import Frozen


class Right(Frozen):
    """What Twinline does, and the key and English name of the permission that it takes; `optional` if only some rules need it."""

    what: str
    key: str
    title: str
    optional: bool = False


EVERYWHERE = (Right(what="find people by e-mail address", key="USER_PICKER", title="Browse users and groups"),)
IN_PROJECT = (
    Right(what="see issues", key="BROWSE_PROJECTS", title="Browse Projects"),
    Right(what="create issues", key="CREATE_ISSUES", title="Create Issues"),
    Right(what="edit issues", key="EDIT_ISSUES", title="Edit Issues"),
    Right(what="assign issues", key="ASSIGN_ISSUES", title="Assign Issues"),
    Right(what="set the status", key="TRANSITION_ISSUES", title="Transition Issues"),
    Right(what="add comments", key="ADD_COMMENTS", title="Add Comments"),
    Right(what="edit its own comments", key="EDIT_OWN_COMMENTS", title="Edit Own Comments"),
    Right(what="delete its own comments", key="DELETE_OWN_COMMENTS", title="Delete Own Comments"),
    Right(what="add files", key="CREATE_ATTACHMENTS", title="Create Attachments"),
    Right(what="delete its own files", key="DELETE_OWN_ATTACHMENTS", title="Delete Own Attachments"),
    Right(what="link issues", key="LINK_ISSUES", title="Link Issues", optional=True),
    Right(what="log work", key="WORK_ON_ISSUES", title="Work On Issues", optional=True),
    Right(what="edit its own work logs", key="EDIT_OWN_WORKLOGS", title="Edit Own Worklogs", optional=True),
    Right(what="delete its own work logs", key="DELETE_OWN_WORKLOGS", title="Delete Own Worklogs", optional=True),
    Right(what="set the due date", key="SCHEDULE_ISSUES", title="Schedule Issues", optional=True),
    Right(what="set the reporter", key="MODIFY_REPORTER", title="Modify Reporter", optional=True),
    Right(what="make versions and components", key="ADMINISTER_PROJECTS", title="Administer Projects", optional=True),
)


def keys(rights: Collection[Right]) -> tuple[str, ...]:
    return tuple(one.key for one in rights)


def name(me: UserPayload) -> str:
    """As people know the account: by its e-mail address where that is shown, else by what the site calls it."""
    return f"{me.display_name} ({me.email_address or me.name or me.account_id})"


def everywhere(told: Mapping[str, PermissionPayload]) -> tuple[Permission, ...]:
    remedy = "give a group of the account the global permission {!r} (System, Global permissions)"
    return tuple(_permission(one, told, remedy) for one in EVERYWHERE)


def in_project(told: Mapping[str, PermissionPayload], side: JiraSettings) -> tuple[Permission, ...]:
    """Who sees an internal comment on a project that is no service desk is told to administrators only."""
    remedy = f"give the account the permission {{!r}} in project {side.project!r} (Project settings, Permissions)"
    internal = Permission(
        name="write internal comments",
        given=None,
        remedy=f"add the account to the role {side.internal_role!r} of project {side.project!r} (Project settings, People), "
        "or where that is a service desk make it an agent",
    )
    return (*(_permission(one, told, remedy) for one in IN_PROJECT), internal)


def _permission(right: Right, told: Mapping[str, PermissionPayload], remedy: str) -> Permission:
    """Unknown where the site does not tell of it."""
    found = told.get(right.key, PermissionPayload(name=right.title))
    advice = "" if found.have_permission else remedy.format(found.name)
    return Permission(name=right.what, given=found.have_permission, remedy=advice, optional=right.optional)
