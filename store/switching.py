"""Whether a connection runs, by what people switched; pure."""

from typing import TypedDict

from model.words import ConnectionStatus


class Switches(TypedDict, total=False):
    """Columns of a connection."""

    left_active: bool
    right_active: bool
    halted: bool


def derived(*, left: bool, right: bool, halted: bool) -> ConnectionStatus:
    """The status of a connection that is accepted and has no error: both ends have to be active."""
    return ConnectionStatus.ACTIVE if left and right and not halted else ConnectionStatus.DEACTIVATED


def switches(status: ConnectionStatus) -> Switches:
    """How a connection is switched that is given that status as a whole. An error leaves the switches as they are."""
    if status is ConnectionStatus.ERROR:
        return Switches()
    active = status is ConnectionStatus.ACTIVE
    return Switches(left_active=active, right_active=active, halted=False)
