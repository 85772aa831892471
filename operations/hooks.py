"""What is known of the webhooks that Twinline keeps registered."""

from connectors import declaration
from operations.views import SystemHooks
from store import Store


async def registered(store: Store, name: str) -> SystemHooks:
    """As they were at the last look of the system's feed; nobody is asked. BadInput if there is no such system."""
    system = await store.configurations.system(name)
    registrable = declaration(system.kind).hooks is not None
    return SystemHooks(system=name, kind=system.kind, registrable=registrable, checks=await store.hooks.of(name))
