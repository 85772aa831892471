"""What a caller may do in the fake organization: everything but what its seed says that it lacks. This is told, and
enforced of service hooks only.

https://learn.microsoft.com/rest/api/azure/devops/security/permissions/has-permissions
"""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.responses import Response

from connectors.azure_devops.fake_call import Call, Problem, Resource, bad_parameter, listed

BITS: Mapping[str, Mapping[int, str]] = MappingProxyType(
    {
        "83e28ad4-2d72-4ceb-97b0-c7726d5502c3": {1: "GENERIC_READ", 16: "WORK_ITEM_READ", 32: "WORK_ITEM_WRITE"},
        "bb50f182-8e5e-40b8-bc21-e8752a1e7ae2": {1: "Enumerate", 2: "Create", 4: "Update", 8: "Delete"},
    }
)
"""The actions of the security namespaces `CSS` and `Tagging` by their bits."""


def resources() -> list[Resource]:
    return [Resource("GET", "permissions/{namespace}/{bits}", has_permissions, preview=True)]


async def has_permissions(call: Call) -> Response:
    """For each of the `tokens` whether the caller has all those bits there."""
    call.require_scope("vso.security")
    actions = BITS.get(call.values["namespace"].casefold())
    if actions is None:
        raise Problem(404, "InvalidSecurityNamespaceException", "The security namespace does not exist.", space="Framework")
    if not call.values["bits"].isdigit():
        raise bad_parameter(f"The value '{call.values['bits']}' is not valid for permissions.")
    wanted = {name for bit, name in actions.items() if bit & int(call.values["bits"])}
    tokens = call.asked("tokens").split(call.asked("delimiter", ","))
    return listed([_known(call, token) and wanted.isdisjoint(call.user.lacks) for token in tokens])


def _known(call: Call, token: str) -> bool:
    """Nobody has a right at what does not exist; an area is told by the identifiers of its path."""
    organization = call.organization
    if token.startswith("/"):
        return any(one.id == token[1:] for one in organization.projects)
    chains = {organization.node_token(path).casefold() for path in organization.nodes}
    return token.casefold() in chains
