"""What a platform's change history tells of our own writes: whether one that is in doubt happened, and what one of them hit unseen."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import JsonValue

from activities.engine import Place
from connectors.kit.interface import FieldChange
from model.item import Fields, Item
from model.plan import Transition, UpdateItem
from sync.canonical import same
from sync.settle import pending_values

CLOCK_SLACK = timedelta(minutes=2)


def after(known: Item | None, planned: datetime) -> datetime:
    """From when on a write was made, by the platform's clock: not before what was `known` of its item; else by ours, when it was planned.

    An earlier write of ours may have set the same value.
    """
    return known.updated if known else planned - CLOCK_SLACK


async def happened(target: Place, item_id: str, step: UpdateItem | Transition, since: datetime) -> bool:
    """Whether the history has every value of the step as a change of ours; False also where the platform keeps none."""
    if not target.declared.capabilities.change_history:
        return False
    changes = await target.connector.history(item_id, since)
    return all(_ours(changes, name, value) is not None for name, value in pending_values((step,)).items())


async def hit_unseen(target: Place, item_id: str, step: UpdateItem | Transition, seen: Fields, since: datetime) -> dict[str, FieldChange]:
    """Our changes, by property, that replaced something else than what is in `seen`, which they were made for.

    Empty where nothing was hit, where the platform would have refused such a write, and where it keeps no history.
    """
    can = target.declared.capabilities
    if (can.compare_and_set and can.exact_versions) or not can.change_history:
        return {}
    changes = await target.connector.history(item_id, since)
    hit: dict[str, FieldChange] = {}
    for name, value in pending_values((step,)).items():
        ours = _ours(changes, name, value)
        if ours is not None and not same(ours.old, seen.get(name)) and not same(ours.old, value):
            hit[name] = ours
    return hit


def _ours(changes: Sequence[FieldChange], name: str, value: JsonValue) -> FieldChange | None:
    """The latest change of ours that set the property to the value."""
    return next((one for one in reversed(changes) if one.ours and one.field == name and same(one.new, value)), None)
