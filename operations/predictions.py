"""What a Test Run answers: values, and how they are read off a plan."""

from pydantic import JsonValue

from activities.rehearsal import Rehearsal
from model.frozen import Frozen
from model.item import Fields, Item
from model.plan import Conflict, CreateItem, Plan, RuleCall, Step, Transition, UpdateItem
from model.words import Side, VersionStatus


class PropertyChange(Frozen):
    """`old` is null where the item is still to be made."""

    name: str
    old: JsonValue
    new: JsonValue


class Failure(Frozen):
    """Why a sync would be parked. `line` and `column` are of the script, 0 where it is not to blame."""

    kind: str
    message: str
    line: int = 0
    column: int = 0


class Prediction(Frozen):
    """What a sync of one item from `source` would do.

    `news` tells whether the replica differs from the last one that was sent. `steps` are the calls of the target's platform in their order,
    and `rule_calls` those that the incoming rule makes itself; `calls` has all of them in a line each.
    `waits` says why nothing is sent yet.
    """

    source: Side
    replica: Fields = {}
    news: bool = False
    target: str = ""
    changes: tuple[PropertyChange, ...] = ()
    steps: tuple[Step, ...] = ()
    rule_calls: tuple[RuleCall, ...] = ()
    calls: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    brings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unlink: bool = False
    waits: str = ""
    error: Failure | None = None


class ItemPrediction(Frozen):
    """`twin` is empty where the item is not under sync yet: then it would come under sync."""

    item: str
    side: Side
    twin: str = ""
    directions: tuple[Prediction, ...] = ()
    error: Failure | None = None


class Predictions(Frozen):
    """`more` counts the items that the query found and that were not looked at."""

    connection: str
    version: int
    status: VersionStatus
    items: tuple[ItemPrediction, ...]
    more: int = 0


def prediction(source: Side, found: Rehearsal, error: Failure | None) -> Prediction:
    plan = found.plan or Plan(source=source, target=None)
    notes = (f"pairs with {found.paired_with}, which is there",) if found.paired_with else ()
    if plan.goes_on:
        notes += ("the incoming rule goes on once the item is there; what it does then is not shown",)
    if plan.send_back:
        notes += ("a sync the other way follows",)
    if found.calls:
        notes += ("the answers to the rule's own calls were made up",)
    return Prediction(
        source=source,
        replica=found.replica,
        news=found.news,
        target=plan.target.ref.key if plan.target else "",
        changes=changes(plan),
        steps=plan.steps,
        rule_calls=tuple(found.calls),
        calls=(*(f"call {one.subject}" for one in found.calls), *(line for step in plan.steps for line in _lines(step, found))),
        conflicts=plan.conflicts,
        brings=found.brings,
        notes=(*notes, *plan.notes),
        unlink=plan.unlink,
        error=error,
    )


def changes(plan: Plan) -> tuple[PropertyChange, ...]:
    """The properties that the plan writes, each once with its last value."""
    last: Fields = {}
    for step in plan.steps:
        match step:
            case CreateItem() | UpdateItem():
                last.update(step.fields)
            case Transition():
                last["status"] = {"name": step.status}
            case _:
                pass
    return tuple(PropertyChange(name=name, old=_old(plan.target, name), new=value) for name, value in last.items())


def _old(target: Item | None, name: str) -> JsonValue:
    return target.fields.get(name) if target else None


def _lines(step: Step, found: Rehearsal) -> tuple[str, ...]:
    match step:
        case CreateItem():
            return (f"create item ({', '.join(sorted(step.fields))})",)
        case Transition():
            return tuple(f"transition to {status!r}" for status in found.ways.get(step.status, (step.status,)))
        case _:
            return (f"{step.kind.replace('_', ' ')} {step.subject.removeprefix(step.kind.partition('_')[2] + ' ')}",)
