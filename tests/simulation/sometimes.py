"""What a long simulation must have seen: every fault at every kind of operation. One that never struck proves nothing."""

from collections import Counter

from tests.points import WRITES
from tests.simulation import labour
from tests.simulation.faults import is_write
from tests.simulation.generate import LOOKS, OPS

ENOUGH = 100_000
HOOKS = ("lost", "doubled", "late", "after")
OPERATIONS = ("unlink", "force_unlink", "relink", "retry", "sync", "resolve", "restore")
RARE = frozenset(
    {
        "configurations.match",
        "configurations.count_script_failure",
        "configurations.clear_script_failures",
        "journal.settle",
        "transactions.discard",
        "conflicts.end_restoring",
    }
)


def expected() -> set[str]:
    """The names under which `Faults` counts."""
    found = {f"{how} {op}" for op in (*OPS, *LOOKS) for how in ("refused", "limited", "error", "slow", "login")}
    found |= {f"{how} {op}" for op in OPS if is_write(op) for how in ("lost", "late")}
    found |= {f"{how} {op}" for op in set(labour.WRITES) for how in set(labour.STRIKES)} | {f"error {labour.LOOK}"}
    found |= {f"crash {when} {side}.{op}" for when in ("before", "after") for side in ("left", "right") for op in set(labour.WRITES)}
    found |= {f"hook {how}" for how in HOOKS}
    found |= {f"operator {what}" for what in OPERATIONS}
    found |= {f"crash {when} workflow.{what}" for when in ("before", "after") for what in ("task", "continue_as_new", "complete")}
    found |= {f"crash {when} {side}.{op}" for when in ("before", "after") for side in ("left", "right") for op in OPS}
    return found | {"temporal away", "cache lost", "cut download"}


def expected_in_store() -> set[str]:
    """Writes of the store, at each of which a worker must have died and the database failed at some time, before or after."""
    return {
        name for name in WRITES if name not in RARE and not name.startswith(("twins.release", "twins.set_base", "twins.pair", "inbox.add"))
    }


def missing(fired: Counter[str]) -> list[str]:
    """What never happened, of all that should."""
    lacking = sorted(one for one in expected() if not fired[one])
    for name in sorted(expected_in_store()):
        if not any(fired[f"crash {when} {name}"] for when in ("before", "after")):
            lacking.append(f"crash at {name}")
        if not any(fired[f"database fails {when} {name}"] for when in ("before", "after")):
            lacking.append(f"database fails at {name}")
    return lacking
