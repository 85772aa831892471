"""A look, before anything runs, whether the database was copied from another deployment."""

import structlog
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from model.errors import Unavailable
from store import Store

COPIED = "this database was copied from, or moved away from, where it ran before"

log = structlog.get_logger("twinline")


async def settle_home(store: Store, client: Client | None) -> None:
    """Halts what ran where the database ran elsewhere before. Without a client only the database itself is looked at.

    Unavailable if Temporal does not tell its namespace.
    """
    halted = await store.homes.settle(await _namespace(client) if client else "", COPIED)
    if halted:
        todo = "activate what should run here, or run `twinline deployment adopt` if the deployment moved here"
        log.warning("database was copied: connections are deactivated", connections=halted, todo=todo)


async def _namespace(client: Client) -> str:
    """Its id, which stays when the server gets another address."""
    try:
        found = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    except RPCError as error:
        raise Unavailable(f"Temporal cannot tell of namespace {client.namespace!r}: {error.message}; set TEMPORAL_NAMESPACE") from error
    return found.namespace_info.id
