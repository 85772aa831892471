"""What the store answers where it cannot do what it is asked."""

from collections.abc import Iterable

from model.errors import BadInput, OverCapacity


def unknown_system(id: str, known: Iterable[str]) -> BadInput:  # noqa: A002
    return BadInput(f"there is no system {id!r} (systems: {_listed(known)}); declare it and apply the file")


def unknown_connection(id: str, known: Iterable[str]) -> BadInput:  # noqa: A002
    return BadInput(f"there is no connection {id!r} (connections: {_listed(known)}); declare it and apply the file")


def unknown_version(connection: str, version: int) -> BadInput:
    return BadInput(f"connection {connection!r} has no version {version}; list its versions to see their numbers")


def not_a_draft(connection: str, number: int, status: str) -> BadInput:
    return BadInput(f"version {number} of connection {connection!r} is {status} and no longer changes; make a draft from it")


def not_archived(connection: str, number: int, status: str) -> BadInput:
    return BadInput(f"version {number} of connection {connection!r} is {status}; only an archived one is published again")


def edited_meanwhile(connection: str, number: int) -> BadInput:
    return BadInput(f"version {number} of connection {connection!r} was edited meanwhile; look at it and edit it again")


def outdated(connection: str, number: int, made_from: int, active: int) -> BadInput:
    return BadInput(
        f"version {number} of connection {connection!r} was made from version {made_from}, and version {active} is active by now:"
        " publishing it would take back what came with that one; compare the two, then publish it anyway or make a draft anew"
    )


def unknown_twin(id: str) -> BadInput:  # noqa: A002
    return BadInput(f"there is no twin {id!r}; search for the item to find its twin")


def unknown_transaction(id: int) -> BadInput:  # noqa: A002
    return BadInput(f"there is no transaction {id!r}; list those of the twin to see their numbers")


def unknown_replica(id: int) -> BadInput:  # noqa: A002
    return BadInput(f"there is no replica {id!r}; sync the twin again to make one")


def unknown_plan(id: int) -> BadInput:  # noqa: A002
    return BadInput(f"there is no plan {id!r}; sync the twin again to make one")


def unknown_intent(op: str) -> BadInput:
    return BadInput(f"no intent {op!r} is in the journal; open it before sending")


def unknown_conflict(id: int) -> BadInput:  # noqa: A002
    return BadInput(f"there is no conflict {id!r}; list the conflicts of the twin to see their numbers")


def unknown_operation(id: str) -> BadInput:  # noqa: A002
    return BadInput(f"there is no operation {id!r}; list the operations to see their ids")


def ended_operation(id: str, status: str) -> BadInput:  # noqa: A002
    return BadInput(f"operation {id!r} is {status}; start another one")


def item_taken(connection: str, twin: str, left_key: str, right_key: str) -> BadInput:
    return BadInput(
        f"another twin of connection {connection!r} has an item of twin {twin!r} ({left_key!r} and {right_key!r}); unlink that one first"
    )


def other_workspace(stored: str, wanted: str) -> BadInput:
    return BadInput(f"this deployment holds workspace {stored!r}, not {wanted!r}; write workspace: {stored} in the file")


def of_other_workspace(kind: str, name: str) -> BadInput:
    return BadInput(f"the name {name!r} is taken and cannot be used for a {kind} here; choose another name")


def undeclared_system(integration: str, system: str) -> BadInput:
    return BadInput(f"integration {integration!r} names system {system!r}, which is not declared; add it under systems")


def undeclared_integration(connection: str, integration: str) -> BadInput:
    return BadInput(f"connection {connection!r} names integration {integration!r}, which is not declared; add it under integrations")


def live_twins(connection: str, count: int, now: tuple[str, str], wanted: tuple[str, str]) -> BadInput:
    """`now` and `wanted` are the left and the right system."""
    return BadInput(
        f"connection {connection!r} has {count} twins between {now[0]!r} and {now[1]!r};"
        f" unlink them before it moves to {wanted[0]!r} and {wanted[1]!r}, or declare a new connection"
    )


def not_accepted(name: str) -> BadInput:
    return BadInput(f"connection {name!r} is Pending: nobody accepted it yet; run `twinline connection accept {name}` first")


def nothing_to_accept(name: str, status: str) -> BadInput:
    return BadInput(f"connection {name!r} is {status} and was accepted before; activate or deactivate it instead")


def name_taken(name: str) -> BadInput:
    return BadInput(f"there is a connection {name!r} already, or one that was called so when it was made; choose another name")


def has_live_twins(name: str, count: int) -> BadInput:
    return BadInput(f"connection {name!r} has {count} twins under sync; unlink them first, then delete it (their items stay as they are)")


def unknown_integration(id: str, known: Iterable[str]) -> BadInput:  # noqa: A002
    return BadInput(f"there is no integration {id!r} (integrations: {_listed(known)}); declare it and apply the file")


def undeclared_plan(integration: str, plan: str) -> BadInput:
    return BadInput(f"integration {integration!r} names plan {plan!r}, which is not declared; add it under plans")


def over_capacity(integration: str, capacity: int) -> OverCapacity:
    return OverCapacity(
        f"all {capacity} items that integration {integration!r} may have are under sync;"
        " raise its capacity, or unlink what is no longer needed"
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names) or "none"
