"""Saying that a database that ran elsewhere before has moved here."""

from activities.signals import Signals
from operations.connections import switched
from operations.views import Adopted
from store import Store


async def adopt(store: Store, signals: Signals) -> Adopted:
    """Connections that were halted go on as they were switched before."""
    store.audit.note("deployment", before={"halted": True}, after={"halted": False})
    done = [await switched(store, signals, one, changed=True) for one in await store.homes.adopt()]
    warnings = dict.fromkeys(warning for one in done for warning in one.warnings)
    return Adopted(connections=tuple(one.connection for one in done), warnings=tuple(warnings))
