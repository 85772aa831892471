"""Why a connection does not sync, what that holds up, and what to do; pure."""

from model.words import ConnectionStatus, TwinStatus
from operations.views import ConnectionView, Standstill


def standstill(view: ConnectionView) -> Standstill | None:
    """None for a connection that is Active."""
    told = _told(view)
    if told is None:
        return None
    cause, remedy = told
    impact = f"{view.twins[TwinStatus.HELD]} twins are held, {view.queue} changes queued; nothing is written, nothing is lost"
    return Standstill(cause=cause, impact=impact, remedy=remedy)


def _told(view: ConnectionView) -> tuple[str, str] | None:
    """Cause and remedy."""
    activate = f"twinline connection activate {view.name}"
    match view.status:
        case ConnectionStatus.ACTIVE:
            return None
        case ConnectionStatus.PENDING:
            return "nobody accepted it yet", f"run `twinline connection accept {view.name}`"
        case ConnectionStatus.ERROR:
            return view.reason, f"correct the cause, then run `{activate}`"
        case ConnectionStatus.DEACTIVATED if view.halted:
            return view.reason, f"run `{activate}` if this copy shall sync, or `twinline deployment adopt` if the deployment moved here"
        case ConnectionStatus.DEACTIVATED:
            return _switched_off(view), f"run `{activate}`"


def _switched_off(view: ConnectionView) -> str:
    match view.left_active, view.right_active:
        case False, True:
            return f"its left end ({view.left_system}) is deactivated"
        case True, False:
            return f"its right end ({view.right_system}) is deactivated"
        case _:
            return "it is deactivated"
