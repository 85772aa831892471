"""What is wrong now, by what it stops: one pair, a connection, or the webhooks of a system."""

from datetime import datetime
from enum import StrEnum

from model.frozen import Frozen
from model.hooks import HookCheck
from model.item import ItemRef
from model.monitor import TwinSearch
from model.twin import Twin
from model.words import ConnectionStatus, TwinStatus
from operations.twins import PAGE
from store import Store


class Reach(StrEnum):
    """What an error stops, the narrowest first."""

    ITEM = "item"
    CONNECTION = "connection"
    SYSTEM = "system"


class Ending(StrEnum):
    """What makes an error go away."""

    RETRY = "retry"
    VERSION = "new version"
    CREDENTIALS = "new credentials"
    ITSELF = "by itself"


class Failure(Frozen):
    """One thing that is wrong. `name` is the twin's id, or the name of the connection or system.

    `reason` has the words of the platform, or the script's line with a caret. `since` is empty where nobody noted when it began.
    """

    impact: Reach
    name: str
    connection: str = ""
    left: ItemRef | None = None
    right: ItemRef | None = None
    title: str = ""
    reason: str
    since: datetime | None = None
    blocks: str
    ends: tuple[Ending, ...]
    next_step: str


class FailurePage(Frozen):
    """Systems and connections, then pairs, newest first. `after` asks for more pairs; it is empty on the last page."""

    failures: tuple[Failure, ...]
    after: str = ""


async def listed(store: Store, *, connection: str | None = None, text: str = "", limit: int = PAGE, after: str = "") -> FailurePage:
    """`text` and `connection` choose among pairs; a connection also itself and its systems. BadInput if there is no such connection."""
    wide = () if after or text else await _wide(store, connection)
    if connection is not None:
        await store.configurations.connection(connection)
    wanted = TwinSearch(connection=connection, statuses=(TwinStatus.ERROR,), text=text)
    parked = await store.searching.twins(wanted, limit, after)
    return FailurePage(failures=(*wide, *map(_parked, parked)), after=parked[-1].id if len(parked) == limit else "")


async def _wide(store: Store, connection: str | None) -> tuple[Failure, ...]:
    connections = [one for one in await store.configurations.connections() if connection in {None, one.id}]
    systems = sorted({system for one in connections for system in (one.left_system, one.right_system)})
    checks = [check for system in systems for check in await store.hooks.of(system) if check.note]
    stopped = [_stopped(one.id, one.reason) for one in connections if one.status is ConnectionStatus.ERROR]
    return (*map(_unregistered, checks), *stopped)


def _parked(twin: Twin) -> Failure:
    return Failure(
        impact=Reach.ITEM,
        name=twin.id,
        connection=twin.connection,
        left=twin.left,
        right=twin.right,
        title=twin.title,
        reason=twin.reason,
        since=twin.updated,
        blocks="this pair; its later changes wait behind it, all other pairs go on",
        ends=(Ending.RETRY, Ending.VERSION),
        next_step=f"correct the item and run `twinline twin retry {twin.id}`, or the rule and run `twinline apply`, which retries it",
    )


def _stopped(connection: str, reason: str) -> Failure:
    return Failure(
        impact=Reach.CONNECTION,
        name=connection,
        connection=connection,
        reason=reason,
        blocks="every pair of the connection; changes are queued, other connections go on",
        ends=(Ending.CREDENTIALS, Ending.VERSION),
        next_step=f"correct the credentials, settings or rules, then run `twinline apply` or `twinline connection activate {connection}`",
    )


def _unregistered(check: HookCheck) -> Failure:
    return Failure(
        impact=Reach.SYSTEM,
        name=check.system,
        reason=f"{check.scope}: {check.note}" if check.scope else check.note,
        since=check.checked,
        blocks="nothing: changes are found by polling, and later than by webhooks",
        ends=(Ending.ITSELF, Ending.CREDENTIALS),
        next_step=f"give the account what is missing (`twinline system hooks {check.system}`); it is tried again within the hour",
    )
