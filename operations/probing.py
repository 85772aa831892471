"""What only the systems themselves can say of a deployment: logins, projects, queries."""

import asyncio
from collections.abc import Awaitable, Collection
from dataclasses import dataclass

from connectors import declaration
from connectors.kit.interface import Connector, SystemAccess
from model.deployment import SystemDeclaration
from model.errors import RateLimited, TwinlineError, Unavailable
from model.words import Side
from operations.declared import Wanted, part
from operations.problems import Problem, joined

PATIENCE_SECONDS = 10.0


@dataclass(frozen=True)
class Use:
    """One side of a connection."""

    connection: str
    side: Side


async def refused(wanted: Wanted, unsound: Collection[Problem]) -> tuple[Problem, ...]:
    """What the systems object to, of all that is new or changed and not `unsound` already. All systems are asked at once."""
    uses: dict[str, list[Use]] = {name: [] for name in wanted.changed_systems()}
    for name in wanted.changed_connections():
        for side in Side:
            system = wanted.system_id(wanted.declared.connections[name], side)
            if system is not None:
                uses.setdefault(system, []).append(Use(name, side))
    sound = {name: of_system for name, of_system in uses.items() if not _concerns(unsound, joined("systems", name))}
    answers = await asyncio.gather(*(_ask(wanted, name, of_system, unsound) for name, of_system in sound.items()))
    return tuple(problem for answer in answers for problem in answer)


def _concerns(problems: Collection[Problem], place: str) -> bool:
    return any(problem.place == place or problem.place.startswith(place + ".") for problem in problems)


async def _ask(wanted: Wanted, name: str, uses: list[Use], unsound: Collection[Problem]) -> list[Problem]:
    system = wanted.whole.systems[name]
    try:
        connector = declaration(system.kind).open(_access(name, system))
    except TwinlineError as error:
        return [Problem(place=joined("systems", name), message=error.message)]
    try:
        found = await _objection(joined("systems", name), system, connector.check(None))
        if found:
            return found
        for use in uses:
            if not _concerns(unsound, joined("connections", use.connection, use.side, "settings")):
                found += await _ask_side(wanted, system, connector, use)
        return found
    finally:
        await connector.aclose()


async def _ask_side(wanted: Wanted, system: SystemDeclaration, connector: Connector, use: Use) -> list[Problem]:
    connection = wanted.declared.connections[use.connection]
    settings, place = part(connection, use.side).settings, joined("connections", use.connection)
    found = await _objection(joined(place, use.side, "settings"), system, connector.check(settings))
    if found:
        return found
    for number, trigger in wanted.queries(use.connection):
        if trigger.side is use.side:
            found += await _objection(joined(place, "triggers", number, "query"), system, connector.check_query(settings, trigger.query))
    return found


async def _objection(place: str, system: SystemDeclaration, question: Awaitable[None]) -> list[Problem]:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await question
    except (Unavailable, RateLimited) as error:
        return [Problem(place=place, message=f"{error.message}; check the url {system.url!r} and that the system runs, then apply again")]
    except TwinlineError as error:
        return [Problem(place=place, message=error.message)]
    except TimeoutError:
        message = f"{system.url!r} did not answer within {PATIENCE_SECONDS:.0f} s; check the url and that the system runs, then apply again"
        return [Problem(place=place, message=message)]
    return []


def _access(name: str, system: SystemDeclaration) -> SystemAccess:
    secrets = {key: value.get_secret_value() for key, value in system.credentials.items()}
    pace, share = system.calls_per_second, system.quota_share
    return SystemAccess(name=name, url=system.url, credentials=secrets, calls_per_second=pace, quota_share=share)
