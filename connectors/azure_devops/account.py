"""What the account may do in a project, as Azure DevOps evaluates it for the caller; of a personal access token's scopes it tells nothing.

https://learn.microsoft.com/rest/api/azure/devops/security/permissions/has-permissions and
https://learn.microsoft.com/azure/devops/organizations/security/namespace-reference
"""

from collections.abc import Sequence

from connectors.azure_devops.client import AzureDevOpsClient
from connectors.azure_devops.config import Settings
from connectors.azure_devops.metadata import NO_PEOPLE
from connectors.azure_devops.payloads import ConnectionData, IdentityPayload, ProjectPayload
from connectors.kit.interface import Permission
from model.errors import LoginRejected, NotFound, Refused

AREAS = "83e28ad4-2d72-4ceb-97b0-c7726d5502c3"
"""The security namespace `CSS`, of area paths."""
VIEW, EDIT = 16, 32
"""Its bits `WORK_ITEM_READ` and `WORK_ITEM_WRITE`."""
TAGS = "bb50f182-8e5e-40b8-bc21-e8752a1e7ae2"
"""The security namespace `Tagging`."""
CREATE_TAG = 2
NODE = "vstfs:///Classification/Node/"
IN_AREA = "(Project settings, Project configuration, Areas, Security)"
SCOPE = "the personal access token needs the scope 'Work Items (Read & write)'; Azure DevOps does not tell whether it has it"


def name(me: IdentityPayload) -> str:
    return f"{me.ref.display_name} ({me.ref.unique_name or me.id})"


def platform(told: ConnectionData) -> str:
    return "Azure DevOps Services" if told.deployment_type == "hosted" else "Azure DevOps Server"


async def everywhere(client: AzureDevOpsClient, me: IdentityPayload) -> tuple[Permission, ...]:
    what = "find people by e-mail address"
    try:
        await client.identities({"identityIds": me.id, "queryMembership": "None"})
    except (LoginRejected, NotFound, Refused):
        return (Permission(name=what, given=False, remedy=NO_PEOPLE),)
    return (Permission(name=what, given=True),)


async def in_project(client: AzureDevOpsClient, project: ProjectPayload, side: Settings, *, by_token: bool) -> tuple[Permission, ...]:
    """`by_token` says that we log in by a personal access token, which may be good for less than the account."""
    area = side.area or project.name
    token = await _area_token(client, project.name, area.split("\\")[1:])
    seen = await client.may(AREAS, VIEW, token)
    edited = await client.may(AREAS, EDIT, token)
    tagged = await client.may(TAGS, CREATE_TAG, f"/{project.id}")
    tags = f"give the account the permission 'Create tag definition' in project {project.name!r} (Project settings, Permissions)"
    return (
        Permission.found("see work items", seen, _in_area("View work items in this node", area)),
        _written(
            "create and edit work items, comments and files", edited, _in_area("Edit work items in this node", area), by_token=by_token
        ),
        Permission.found("make new tags", tagged, tags, optional=True),
    )


async def _area_token(client: AzureDevOpsClient, project: str, names: Sequence[str]) -> str:
    """The identifiers of the node and of all above it."""
    nodes = [await client.node(project, "Areas", names[:depth]) for depth in range(len(names) + 1)]
    return ":".join(f"{NODE}{one.identifier}" for one in nodes if one is not None)


def _in_area(permission: str, area: str) -> str:
    return f"give the account the permission {permission!r} for area {area!r} {IN_AREA}"


def _written(what: str, given: bool | None, remedy: str, *, by_token: bool) -> Permission:
    return Permission(name=what, given=None, remedy=SCOPE) if given and by_token else Permission.found(what, given, remedy)
