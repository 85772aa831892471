"""Messages to workflows about what is recorded already: a Temporal that is down delays them and undoes nothing."""

import asyncio
from collections.abc import Awaitable

from model.configuration import Connection
from model.errors import Unavailable
from model.twin import Twin
from model.words import ConnectionStatus, TwinStatus

LATER = "it is recorded, and takes effect when Temporal runs again and the command is repeated"


async def told(*messages: Awaitable[None]) -> tuple[str, ...]:
    """Send them at once; one warning if some could not be sent."""
    outcomes = await asyncio.gather(*(_sent(message) for message in messages))
    failures = sorted({failure for failure in outcomes if failure})
    return tuple(f"{failure} ({LATER})" for failure in failures[:1])


def while_inactive(connection: Connection) -> tuple[str, ...]:
    """A warning where a change that is queued waits for the connection."""
    if connection.status is ConnectionStatus.ACTIVE:
        return ()
    return (f"{connection.id} is {connection.status}; the change waits until it is activated",)


def while_parked(twin: Twin) -> tuple[str, ...]:
    """A warning where a change that is queued waits behind one that is parked."""
    if twin.status is not TwinStatus.ERROR:
        return ()
    return (f"twin {twin.id} is in error ({twin.reason}); the change waits until the cause is corrected and the twin retried",)


async def _sent(message: Awaitable[None]) -> str:
    try:
        await message
    except Unavailable as error:
        return error.message
    except RuntimeError:  # what a lazy client raises at its first use
        return "Temporal cannot be reached; start its server or set TEMPORAL_ADDRESS"
    return ""
