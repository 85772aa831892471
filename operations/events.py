"""What platforms tell us by themselves."""

import hashlib
from collections.abc import Mapping

from activities.signals import Signals
from connectors import declaration
from connectors.kit.interface import Change
from connectors.kit.webhooks import Forged
from model.inbox import InboxChange
from operations.telling import told
from store import Store


async def receive(store: Store, system_id: str, headers: Mapping[str, str], body: bytes) -> int:
    """Record what a webhook call tells; the number of changes that are new.

    Raises Forged if the signature is missing or wrong or no secret is set, BadInput if the system is unknown or the body is not an event.
    """
    system = await store.configurations.system(system_id)
    secret = await store.configurations.webhook_secret(system_id)
    if not secret:
        raise Forged(f"{system_id} has no webhook_secret; set one here and in the platform's webhook")
    delivery = declaration(system.kind).parse_webhook(headers, body, secret)
    if not delivery.changes:
        return 0
    return await store.inbox.add(system_id, delivery.id or hashlib.sha256(body).hexdigest(), [_hint(one) for one in delivery.changes])


async def wake(store: Store, signals: Signals, system_id: str) -> None:
    """Wake the feed that routes what is recorded. One that cannot be woken now finds it at its next poll."""
    await told(signals.wake_feed(await store.configurations.system(system_id)))


def _hint(change: Change) -> InboxChange:
    return InboxChange(item_id=change.id, key=change.key, version=change.version, marker=change.marker, deleted=change.deleted)
