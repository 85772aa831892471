"""Our search attributes on the Temporal server: a workflow that starts with one the server does not know is refused."""

import structlog
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.attributes import ALL
from model.errors import Misconfigured

log = structlog.get_logger("twinline")


async def register_attributes(client: Client) -> None:
    """Add those that are missing. Misconfigured, with the command to run, where we may not add them."""
    namespace = client.namespace
    try:
        known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=namespace))
        missing = {one.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD for one in ALL if one.name not in known.custom_attributes}
        if missing:
            await client.operator_service.add_search_attributes(AddSearchAttributesRequest(namespace=namespace, search_attributes=missing))
            log.info("search attributes added", names=sorted(missing))
    except RPCError as error:
        if error.status is RPCStatusCode.UNIMPLEMENTED:
            return
        names = " ".join(f"--name {one.name} --type Keyword" for one in ALL)
        raise Misconfigured(
            f"the search attributes of namespace {namespace!r} cannot be checked ({error.message}); "
            f"have an administrator run `temporal operator search-attribute create --namespace {namespace} {names}`"
        ) from error
