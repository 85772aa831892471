"""What is wrong now, by what it stops: one pair, a trigger, a connection, or a system."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from activities import routing, trouble
from activities.routing import Evaluated
from activities.trouble import Trouble
from model.configuration import Connection
from model.frozen import Frozen
from model.hooks import HookCheck
from model.item import ItemRef
from model.monitor import TwinSearch
from model.trigger import Trigger
from model.twin import Twin
from model.words import ConnectionStatus, TwinStatus
from operations.twins import PAGE
from store import Store


class Reach(StrEnum):
    """What an error stops, the narrowest first."""

    ITEM = "item"
    TRIGGER = "trigger"
    CONNECTION = "connection"
    SYSTEM = "system"


class Ending(StrEnum):
    """What makes an error go away."""

    RETRY = "retry"
    VERSION = "new version"
    CREDENTIALS = "new credentials"
    ITSELF = "by itself"


class Failure(Frozen):
    """One thing that is wrong. `name` is the twin's id, or the name of the trigger, connection or system.

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
    """Systems, connections and triggers, then pairs, newest first. `after` asks for more pairs; it is empty on the last page."""

    failures: tuple[Failure, ...]
    after: str = ""


async def listed(store: Store, *, connection: str | None = None, text: str = "", limit: int = PAGE, after: str = "") -> FailurePage:
    """`text` and `connection` choose among pairs; a connection also itself, its triggers and systems.

    BadInput if there is no such connection.
    """
    wide = () if after or text else await _wide(store, connection)
    if connection is not None:
        await store.configurations.connection(connection)
    wanted = TwinSearch(connection=connection, statuses=(TwinStatus.ERROR,), text=text)
    parked = await store.searching.twins(wanted, limit, after)
    return FailurePage(failures=(*wide, *map(_parked, parked)), after=parked[-1].id if len(parked) == limit else "")


async def _wide(store: Store, connection: str | None) -> tuple[Failure, ...]:
    found = [one for one in await store.configurations.connections() if one.status is not ConnectionStatus.PENDING]
    connections = [one for one in found if connection in {None, one.id}]
    systems = sorted({system for one in connections for system in (one.left_system, one.right_system)})
    cursors = await store.inbox.cursors(systems)
    troubles = [(system, met) for system in systems if (met := trouble.noted(cursors.get((system, trouble.SCOPE), "")))]
    unreached = [_troubled(system, met, found) for system, met in troubles]
    checks = [check for check in await store.hooks.of_all(systems) if check.note]
    stopped = [one for one in connections if one.status is ConnectionStatus.ERROR]
    told = {one.id for system, met in troubles for one in _stopped_by(system, met, found)}
    refused = [failure for one in connections for failure in _refused(one, cursors)]
    return (*unreached, *map(_unregistered, checks), *(_stopped(one) for one in stopped if one.id not in told), *refused)


def _stopped_by(system: str, met: Trouble, connections: Sequence[Connection]) -> list[Connection]:
    """Those that are in Error for that reason."""
    in_error = [one for one in connections if system in {one.left_system, one.right_system} and one.status is ConnectionStatus.ERROR]
    return [one for one in in_error if met.rejected and one.reason == met.reason]


def _troubled(system: str, met: Trouble, connections: Sequence[Connection]) -> Failure:
    if not met.rejected:
        return Failure(
            impact=Reach.SYSTEM,
            name=system,
            reason=met.reason,
            since=met.since,
            blocks=f"every change from or to {system}; changes are queued, other systems go on",
            ends=(Ending.ITSELF,),
            next_step=f"look whether it runs (`twinline system check {system}`); what waits goes on by itself once it answers",
        )
    stopped = [one.name for one in _stopped_by(system, met, connections)]
    activate = " and ".join(f"`twinline connection activate {one}`" for one in stopped)
    return Failure(
        impact=Reach.SYSTEM,
        name=system,
        reason=met.reason,
        since=met.since,
        blocks=f"every pair of {', '.join(stopped) or 'its connections'}; changes are queued, connections of other systems go on",
        ends=(Ending.CREDENTIALS,),
        next_step=f"correct the credentials and run `twinline apply`, then {activate or 'wait for the next poll'}",
    )


def _refused(connection: Connection, cursors: Mapping[tuple[str, str], str]) -> list[Failure]:
    active = [one for one in connection.configuration.named_triggers if one.active]
    looked = [(one, routing.noted(cursors.get(routing.place(connection, one), ""))) for one in active]
    return [_unanswered(connection, one, last) for one, last in looked if last and last.problem]


def _unanswered(connection: Connection, trigger: Trigger, last: Evaluated) -> Failure:
    side = trigger.side
    return Failure(
        impact=Reach.TRIGGER,
        name=trigger.name,
        connection=connection.name,
        title=trigger.query,
        reason=last.problem,
        since=last.refused,
        blocks=f"new items of the {side} side: none comes under sync by it; pairs go on, and what is missed now is found later",
        ends=(Ending.VERSION, Ending.ITSELF),
        next_step=f"correct the query (`twinline trigger test {connection.name} {side} {trigger.name}`) and run `twinline apply`",
    )


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


def _stopped(connection: Connection) -> Failure:
    name = connection.name
    return Failure(
        impact=Reach.CONNECTION,
        name=name,
        connection=name,
        reason=connection.reason,
        since=connection.since,
        blocks="every pair of the connection; changes are queued, other connections go on",
        ends=(Ending.CREDENTIALS, Ending.VERSION),
        next_step=f"correct the credentials, settings or rules, then run `twinline apply` or `twinline connection activate {name}`",
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
